//! G25: a table that runs when a spreadsheet opens it (CWE-1236), and the cure that was worse: an apostrophe before every
//! minus turned negative amounts into text (Grafana 17363, WooCommerce-admin 7040).

use crate::ground::{Client, Ground, agreed, ground, pay_in};
use actix_web::http::Method;
use entrepot::platform::spreadsheet::{Cell, Sheet, plain};
use serde_json::{Value, json};
use std::time::Duration;

/// Texts that spreadsheets have run, and neighbours that must not be harmed.
const HOSTILE: &[&str] = &[
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "'=1+1",
    "''@x",
    "-12.50",
    "'plain quote",
    "a=1",
    "Grade -A- steel",
];

const COLUMNS: [&str; 15] = [
    "sku",
    "title",
    "title_zh",
    "category",
    "description",
    "hs_code",
    "unit",
    "origin",
    "currency",
    "moq",
    "ladder",
    "lead_days",
    "incoterm",
    "place",
    "picture",
];

fn runs(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'])
}

async fn statement(ground: &Ground, who: &Client, account: &str) -> Vec<Vec<String>> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", ground.port)).await.unwrap();
    let cookies: Vec<String> = who.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let path = format!("/api/v1/wallet/statement.csv?currency=USD&account={account}");
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {}\r\n\r\n",
        cookies.join("; ")
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/csv"), "{head}");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[actix_web::test]
async fn a_statement_runs_nowhere_and_its_amounts_stay_numbers() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    for text in HOSTILE {
        let body = json!({ "amount": { "minor": "125000", "currency": "USD" }, "reference": text });
        let paid = ground.post(&buyer, "/api/v1/wallet/pay-ins", body).await;
        assert_eq!(paid.status, 201, "{text}: {paid:?}");
    }
    let order = agreed(&ground, &buyer, &seller).await;
    pay_in(&ground, &buyer, "2000000").await;
    assert_eq!(ground.step(&buyer, &order, "stage.fund", json!({ "stage": 1, "method": "tt" })).await.status, 200);

    let rows = statement(&ground, &buyer, "buyer").await;

    let (names, lines) = rows.split_first().unwrap();
    let column = |name: &str| names.iter().position(|n| n == name).unwrap();
    let number = |text: &str| text.parse::<f64>().is_ok();
    assert_eq!(lines.len(), HOSTILE.len() + 2);
    for line in lines {
        for name in ["sequence", "balance"] {
            assert!(number(&line[column(name)]), "{name} in {line:?}");
        }
        assert!(number(&line[column("debit")]) != number(&line[column("credit")]), "{line:?}");
        for name in ["at", "rule", "text", "order", "currency"] {
            assert!(!runs(&line[column(name)]), "{name} in {line:?}");
        }
    }
    let texts: Vec<&str> = lines.iter().map(|line| plain(&line[column("text")])).collect();
    for text in HOSTILE {
        assert!(texts.iter().any(|t| t.contains(text)), "{text} is not in {texts:?}");
    }
}

async fn import(ground: &Ground, who: &Client, file: &[u8]) -> Value {
    let path = "/api/v1/imports/products?dry_run=false";
    let started = ground.send(who, Method::POST, path, file, &[("Content-Type", "text/csv")]).await;
    assert_eq!(started.status, 202, "{started:?}");
    let path = format!("/api/v1/imports/{}", started.json["id"].as_str().unwrap());
    for _ in 0..600 {
        let job = ground.get(who, &path).await;
        if job.json["state"] != "running" {
            return job.json;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import did not end");
}

fn goods(write: impl Fn(&str) -> String) -> Vec<u8> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(COLUMNS).unwrap();
    for (n, title) in HOSTILE.iter().enumerate() {
        let sku = format!("S-{n}");
        let rest = [
            "螺丝",
            "hardware",
            "Steel.",
            "731815",
            "pcs",
            "CN",
            "USD",
            "1000",
            "1000:0.0035",
            "14",
            "FOB",
            "Ningbo",
            "screw",
        ];
        let cells: Vec<String> = [sku, write(title)].into_iter().chain(rest.map(str::to_owned)).collect();
        lines.write_record(cells).unwrap();
    }
    lines.into_inner().unwrap()
}

#[actix_web::test]
async fn goods_written_for_a_spreadsheet_read_back_as_they_were() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;

    let file = goods(entrepot::platform::spreadsheet::harmless);
    let job = import(&ground, &seller, &file).await;

    assert_eq!((&job["created"], &job["failed"]), (&json!(HOSTILE.len()), &json!(0)), "{job}");
    let page = ground.get(&seller, &format!("/api/v1/products?limit=100&supplier={}", seller.company)).await;
    let titles: Vec<&str> = page.json["items"].as_array().unwrap().iter().filter_map(|p| p["title"].as_str()).collect();
    for text in HOSTILE {
        assert!(titles.contains(text), "{text} is not in {titles:?}");
    }
    assert_eq!(
        import(&ground, &seller, &file).await["unchanged"],
        json!(HOSTILE.len()),
        "the same file changes nothing"
    );
}

#[actix_web::test]
async fn goods_that_would_run_are_refused_when_nothing_says_they_are_texts() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;

    let job = import(&ground, &seller, &goods(str::to_owned)).await;

    let refused: Vec<u64> = job["errors"].as_array().unwrap().iter().filter_map(|e| e["line"].as_u64()).collect();
    assert_eq!(refused, [2, 3, 4, 5, 9], "{job}");
}

#[test]
fn the_cure_that_turns_negative_amounts_into_text_is_found() {
    let written = |cell: Cell| {
        let mut sheet = Sheet::new(&["amount"]).unwrap();
        sheet.row([cell]).unwrap();
        String::from_utf8(sheet.finish().unwrap()).unwrap()
    };

    assert_eq!(written(Cell::number("-12.50")), "amount\n-12.50\n");
    // Control: the same amount as a text is what the cure made of it.
    assert_eq!(written(Cell::text("-12.50")), "amount\n'-12.50\n");
}
