//! Goods from CSV over HTTP: what a file may look like, what it says about wrong lines, and that it may be sent again.

use crate::ground::{Answer, Client, Ground, MARKET, ground};
use actix_web::http::Method;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};
use std::time::Duration;

const HEADER: &str =
    "sku,title,title_zh,category,description,hs_code,unit,origin,currency,moq,ladder,lead_days,incoterm,place,picture";

fn line(sku: &str, title: &str, price: &str) -> String {
    format!("{sku},{title},螺丝,hardware,Steel.,731815,pcs,CN,USD,1000,1000:{price};5000:0.003,14,FOB,Ningbo,screw")
}

fn file(lines: &[String]) -> String {
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

async fn send(ground: &Ground, who: &Client, body: &[u8], dry_run: bool) -> Answer {
    let path = format!("/api/v1/imports/products?dry_run={dry_run}");
    ground.send(who, Method::POST, &path, body, &[("Content-Type", "text/csv")]).await
}

/// Sends a file that is taken and waits until it was worked off.
async fn import(ground: &Ground, who: &Client, body: impl AsRef<[u8]>, dry_run: bool) -> Value {
    let started = send(ground, who, body.as_ref(), dry_run).await;
    assert_eq!(started.status, 202, "{started:?}");
    let path = format!("/api/v1/imports/{}", started.json["id"].as_str().unwrap());
    for _ in 0..600 {
        let job = ground.get(who, &path).await;
        assert_eq!(job.status, 200, "{job:?}");
        if job.json["state"] != "running" {
            assert_eq!((&job.json["state"], &job.json["dry_run"]), (&json!("done"), &json!(dry_run)), "{job:?}");
            return job.json;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import did not end");
}

fn counts(job: &Value) -> [i64; 5] {
    ["rows", "created", "updated", "unchanged", "failed"].map(|name| job[name].as_i64().unwrap())
}

/// Line, column and code of each complaint.
fn complaints(job: &Value) -> Vec<(i64, String, String)> {
    let told = |error: &Value| {
        assert!(!error["detail"].as_str().unwrap().is_empty(), "{error}");
        let column = error["column"].as_str().unwrap_or("-").to_owned();
        (error["line"].as_i64().unwrap(), column, error["code"].as_str().unwrap().to_owned())
    };
    job["errors"].as_array().unwrap().iter().map(told).collect()
}

async fn products(ground: &Ground, seller: &Client) -> Vec<Value> {
    let page = ground.get(seller, &format!("/api/v1/products?limit=100&supplier={}", seller.company)).await;
    page.json["items"].as_array().unwrap().clone()
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (status, Some(code)), "{answer:?}");
    assert!(answer.head.to_lowercase().contains("application/problem+json"));
}

#[actix_web::test]
async fn a_file_goes_in_once_however_often_it_is_sent() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;
    let mut lines: Vec<String> = (0..70).map(|n| line(&format!("S-{n}"), "Screw", "0.0035")).collect();

    assert_eq!(counts(&import(&ground, &seller, file(&lines), true).await), [70, 70, 0, 0, 0]);
    assert_eq!(products(&ground, &seller).await.len(), 0, "a dry run writes nothing");
    assert_eq!(counts(&import(&ground, &seller, file(&lines), false).await), [70, 70, 0, 0, 0]);
    let listed = products(&ground, &seller).await;
    assert_eq!(counts(&import(&ground, &seller, file(&lines), false).await), [70, 0, 0, 70, 0]);
    assert_eq!(products(&ground, &seller).await, listed, "the same file again changes nothing");

    lines[7] = line("S-7", "Screw", "0.0034");
    lines.push(line("S-new", "Screw", "0.0035"));
    assert_eq!(counts(&import(&ground, &seller, file(&lines), true).await), [71, 1, 1, 69, 0]);
    assert_eq!(products(&ground, &seller).await, listed, "nor does a dry run of another one");
    assert_eq!(counts(&import(&ground, &seller, file(&lines), false).await), [71, 1, 1, 69, 0]);
    let changed = products(&ground, &seller).await;
    assert_eq!(changed.len(), 71);
    let of = |sku: &str| changed.iter().find(|p| p["sku"] == sku).unwrap();
    assert_ne!(of("S-7")["price_to"], of("S-8")["price_to"]);
}

#[actix_web::test]
async fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;
    let text = format!("\u{feff}{}", file(&[line("S-1", "\"Screw, \"\"zinc\"\"\"", "0.0035")])).replace('\n', "\r\n");

    assert_eq!(counts(&import(&ground, &seller, text, false).await), [1, 1, 0, 0, 0]);

    let product = products(&ground, &seller).await.remove(0);
    assert_eq!((&product["sku"], &product["title"]), (&json!("S-1"), &json!("Screw, \"zinc\"")));
    assert_eq!(product["title_zh"], "螺丝");
}

#[actix_web::test]
async fn another_encoding_or_header_is_refused_as_a_whole() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;
    let good = file(&[line("S-1", "Screw", "0.0035")]);
    let latin: Vec<u8> = good.replace("Steel", "Stéel").chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(good.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let bare: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();

    for bytes in [latin, utf16, bare] {
        refused(&send(&ground, &seller, &bytes, false).await, 422, "import.encoding");
    }
    let renamed = send(&ground, &seller, good.replace("hs_code", "hs").as_bytes(), false).await;
    let semicolons = send(&ground, &seller, good.replace(',', ";").as_bytes(), false).await;
    let empty = send(&ground, &seller, b"", false).await;

    for answer in [&renamed, &semicolons, &empty] {
        refused(answer, 422, "import.header");
    }
    assert_eq!(
        (&renamed.json["params"]["missing"], &renamed.json["params"]["unknown"]),
        (&json!("hs_code"), &json!("hs"))
    );
    assert_eq!(products(&ground, &seller).await.len(), 0);
}

#[actix_web::test]
async fn wrong_lines_are_named_and_good_ones_kept() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;
    let endless = format!("\"{}", "x".repeat(2 * 1024 * 1024));
    let two_lines = line("S-9", "\"Screw\nlong\"", "0.0035");
    let lines = [
        line("S-1", "Screw", "0.0035"),
        line("=1+1", "Screw", "0.0035"),
        line("S-3", "@SUM(A1)", "0.0035"),
        line("S-4", "Screw", "free"),
        "S-5,too,few,cells".to_owned(),
        endless,
        two_lines,
        line("S-1", "Screw again", "0.0035"),
        String::new(),
        line("S-6", "Screw", "0.0035"),
    ];

    let dry = import(&ground, &seller, file(&lines), true).await;
    let job = import(&ground, &seller, file(&lines), false).await;

    assert_eq!(counts(&job), [9, 3, 0, 0, 6], "{}", job["errors"]);
    assert_eq!(dry["errors"], job["errors"], "a dry run says what the run will say");
    let told = complaints(&job);
    let told: Vec<(i64, &str, &str)> = told.iter().map(|(line, column, code)| (*line, &**column, &**code)).collect();
    assert_eq!(
        told,
        [
            (3, "sku", "import.formula"),
            (4, "title", "import.formula"),
            (5, "ladder", "catalog.number"),
            (6, "-", "import.cells"),
            (7, "-", "import.line_too_long"),
            (10, "sku", "import.sku_repeated"),
        ]
    );
    let skus: Vec<Value> = products(&ground, &seller).await.into_iter().map(|p| p["sku"].clone()).collect();
    assert!(["S-1", "S-9", "S-6"].iter().all(|sku| skus.contains(&json!(sku))) && skus.len() == 3, "{skus:?}");
}

#[actix_web::test]
async fn an_import_is_the_sellers_own() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;
    let rival = ground.company("Rival", false, true).await;
    let buyer = ground.company("Buyer", true, false).await;
    let good = file(&[line("S-1", "Screw", "0.0035")]);
    let job = send(&ground, &seller, good.as_bytes(), false).await;
    let path = format!("/api/v1/imports/{}", job.json["id"].as_str().unwrap());

    refused(&send(&ground, &buyer, good.as_bytes(), false).await, 403, "catalog.not_a_seller");
    refused(&send(&ground, &Client::default(), good.as_bytes(), false).await, 401, "unauthenticated");
    refused(&ground.get(&rival, &path).await, 404, "not_found");
    let viewer = ground.reseat(&seller, MARKET, Some(&seller.company), Role::Viewer).await;
    refused(&send(&ground, &viewer, good.as_bytes(), false).await, 403, "forbidden");
    assert_eq!(ground.get(&viewer, &path).await.status, 200);
}
