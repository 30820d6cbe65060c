//! Security headers on every answer of every route, whatever its status, and on what is no route at all.

use crate::ground::{Answer, Client, Ground, MARKET, agreed, ground};
use actix_web::http::Method;
use entrepot::platform::web::{FILE_MAX, JSON_MAX};
use entrepot_domain::kernel::Role;
use std::collections::BTreeMap;

/// Header lines by small name; repeated ones joined.
fn lines(head: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
        let all = found.entry(name.to_ascii_lowercase()).or_default();
        *all = if all.is_empty() { value.to_owned() } else { format!("{all}, {value}") };
    }
    found
}

/// What is missing or wrong on an answer.
fn faults(path: &str, head: &str) -> Vec<String> {
    let found = lines(head);
    let value = |name: &str| found.get(name).map_or("", String::as_str);
    let mut faults = Vec::new();
    let mut demand = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{what} on {path}: {}", head.lines().next().unwrap_or("")));
        }
    };
    for (name, wanted) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        demand(value(name) == wanted, name);
    }
    demand(value("permissions-policy").contains("camera=()"), "permissions-policy");
    let policy = value("content-security-policy");
    demand(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "content-security-policy",
    );
    if !path.starts_with("/api/docs") {
        let scripts = policy.split("script-src").nth(1).unwrap_or("").split(';').next().unwrap_or("");
        demand(!scripts.contains("unsafe"), "a policy that lets scripts be written into a page");
    }
    if path.starts_with("/api/v1") {
        demand(value("cache-control").contains("no-store"), "cache-control: no-store");
    }
    demand(!found.contains_key("server") && !found.contains_key("x-powered-by"), "a header that names the software");
    demand(!found.contains_key("access-control-allow-origin"), "a header that lets other sites read");
    faults
}

/// Every operation of the document as a method and a path whose parameters name nothing.
fn operations() -> Vec<(Method, String)> {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let filled: Vec<&str> =
            path.split('/').map(|p| if p.starts_with('{') { "0123456789abcdef0123456789abcdef" } else { p }).collect();
        for method in methods.as_object().unwrap().keys().filter_map(|m| m.to_uppercase().parse::<Method>().ok()) {
            found.push((method, filled.join("/")));
        }
    }
    assert!(found.len() > 60, "the document names {} operations", found.len());
    found
}

async fn send(ground: &Ground, who: &Client, method: &Method, path: &str, body: &[u8]) -> Answer {
    let key = uuid::Uuid::new_v4().to_string();
    ground.send(who, method.clone(), path, body, &[("Idempotency-Key", &key), ("If-Match", "\"1\"")]).await
}

#[actix_web::test]
async fn every_route_carries_the_headers_whatever_it_answers() {
    let ground = ground().await;
    let someone = ground.company("Someone", true, true).await;
    let admin = ground.reseat(&ground.company("Office", true, false).await, MARKET, None, Role::Admin).await;
    let nobody = Client::default();
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
    let reads = |method: &Method| *method == Method::GET || *method == Method::DELETE;
    let mut large = Vec::new();
    for (method, path) in operations() {
        // A stream that is let in does not end by itself; it is looked at below. Signing out would end the test's own seat.
        let ends = path.ends_with("/live") || path.contains("sign-out");
        for (who, body) in [(&nobody, &b""[..]), (&someone, b""), (&someone, b"{"), (&admin, b"{}")] {
            if (ends && !who.cookies.is_empty()) || (reads(&method) && !body.is_empty()) {
                continue;
            }
            let answer = send(&ground, who, &method, &path, body).await;
            *seen.entry(answer.status.as_u16()).or_default() += 1;
            wrong.extend(faults(&path, &answer.head));
        }
        if !ends && !reads(&method) {
            large.push((method, path));
        }
    }
    // The server waits for a second with an answer to what it did not read to its end: together, not one after the other.
    for some in large.chunks(8) {
        let sent = some.iter().map(|(method, path)| {
            let room = if path.ends_with("/files") || path.contains("/imports/") { FILE_MAX } else { JSON_MAX };
            let (ground, someone) = (&ground, &someone);
            async move { (path, send(ground, someone, method, path, &vec![b' '; room + 1]).await) }
        });
        for (path, answer) in futures_util::future::join_all(sent).await {
            *seen.entry(answer.status.as_u16()).or_default() += 1;
            wrong.extend(faults(path, &answer.head));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    for status in [200, 400, 401, 403, 404, 413, 422] {
        assert!(seen.contains_key(&status), "no answer was {status}: {seen:?}");
    }
}

#[actix_web::test]
async fn a_fault_of_the_database_carries_them_too() {
    let ground = ground().await;
    let someone = ground.company("Someone", true, true).await;
    let broken = "DROP TABLE product_card";
    entrepot::platform::rows::execute(ground.state.engine.db().write(), "PRAGMA foreign_keys=OFF", Vec::new())
        .await
        .unwrap();
    entrepot::platform::rows::execute(ground.state.engine.db().write(), broken, Vec::new()).await.unwrap();

    let answer = ground.get(&someone, "/api/v1/products").await;

    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (500, Some("internal")), "{answer:?}");
    assert_eq!(faults("/api/v1/products", &answer.head), Vec::<String>::new());
    assert!(answer.json["correlation_id"].is_string() && !answer.json.to_string().contains("product"), "{answer:?}");
}

#[actix_web::test]
async fn pages_files_refusals_downloads_and_streams_carry_them() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let order = agreed(&ground, &buyer, &seller).await;
    let upload = format!("/api/v1/orders/{order}/files?name=a.txt");
    let file = ground.send(&buyer, Method::POST, &upload, b"as agreed", &[]).await;
    let file = format!("/api/v1/files/{}", file.json["id"].as_str().unwrap());
    let long = format!("/api/v1/products?q={}", "x".repeat(3_000));
    let statement = "/api/v1/wallet/statement.csv?currency=USD&account=buyer";
    for (path, status) in [
        ("/", 200),
        ("/orders/x", 200),
        ("/mark.svg", 200),
        ("/assets/absent.js", 404),
        ("/health", 200),
        ("/ready", 200),
        ("/api/docs/", 200),
        ("/api/v1/openapi.json", 200),
        ("/api/v1/nowhere", 404),
        ("/api/nowhere", 404),
        (&file, 200),
        (statement, 200),
        (&long, 414),
    ] {
        let answer = ground.get(&buyer, path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {answer:?}");
        assert_eq!(faults(path, &answer.head), Vec::<String>::new());
    }
    let download = lines(&ground.get(&buyer, &file).await.head);
    assert!(download["content-security-policy"].starts_with("sandbox"), "{download:?}");
    assert!(download["content-disposition"].starts_with("attachment; filename=\"a.txt\""), "{download:?}");
    let foreign = ground.send(&buyer, Method::POST, "/api/v1/orders", b"{}", &[("Sec-Fetch-Site", "cross-site")]).await;
    assert_eq!(foreign.status, 403);
    assert_eq!(faults("/api/v1/orders", &foreign.head), Vec::<String>::new());
    let unchanged = lines(&ground.get(&Client::default(), "/mark.svg").await.head)["etag"].clone();
    let same = ground.send(&Client::default(), Method::GET, "/mark.svg", b"", &[("If-None-Match", &unchanged)]).await;
    assert_eq!((same.status.as_u16(), faults("/mark.svg", &same.head)), (304, Vec::new()));
    let stream = crate::sockets::head_of(&ground, &buyer, "/api/v1/live").await;
    assert!(stream.contains("text/event-stream"), "{stream}");
    assert_eq!(faults("/api/v1/live", &stream), Vec::<String>::new());
}

#[actix_web::test]
async fn signing_out_makes_the_browser_forget() {
    let ground = ground().await;
    for path in ["/api/v1/auth/sign-out", "/api/v1/auth/sign-out-everywhere"] {
        let someone = ground.company(path.rsplit('/').next().unwrap(), true, true).await;
        let answer = ground.send(&someone, Method::POST, path, b"", &[]).await;

        assert_eq!(answer.status, 204, "{answer:?}");
        assert_eq!(
            lines(&answer.head).get("clear-site-data").map(String::as_str),
            Some("\"cache\""),
            "{}",
            answer.head
        );
        assert_eq!(answer.head.to_lowercase().matches("max-age=0").count(), 2, "both cookies go: {}", answer.head);
    }
}

#[actix_web::test]
async fn reports_of_browsers_are_counted_and_told_to_those_who_run_the_market_alone() {
    let ground = ground().await;
    let someone = ground.company("Someone", true, true).await;
    let admin = ground.reseat(&ground.company("Office", true, false).await, MARKET, None, Role::Admin).await;
    let before = ground.get(&admin, "/reports/csp").await.json["reports"].as_u64().unwrap();
    let report = br#"{"csp-report":{"blocked-uri":"inline","x":"\u001b[31m"}}"#;
    let kind = [("Content-Type", "application/csp-report"), ("Sec-Fetch-Site", "cross-site")];

    let taken = ground.send(&Client::default(), Method::POST, "/reports/csp", report, &kind).await;
    let huge = ground.send(&Client::default(), Method::POST, "/reports/csp", &vec![b'x'; 20_000], &kind).await;

    assert_eq!((taken.status.as_u16(), huge.status.as_u16()), (204, 413));
    let after = ground.get(&admin, "/reports/csp").await.json["reports"].as_u64().unwrap();
    assert!(after > before, "{before} {after}");
    assert_eq!(ground.get(&someone, "/reports/csp").await.status, 404);
    assert_eq!(ground.get(&Client::default(), "/reports/csp").await.status, 401);
}

#[test]
fn a_missing_or_weak_header_is_found() {
    let whole = "HTTP/1.1 200 OK\r\nx-content-type-options: nosniff\r\nreferrer-policy: same-origin\r\ncross-origin-opener-policy: same-origin\r\n\
        cross-origin-resource-policy: same-origin\r\npermissions-policy: camera=()\r\ncache-control: no-store\r\n\
        content-security-policy: default-src 'none'; script-src 'self'; frame-ancestors 'none'";
    assert_eq!(faults("/api/v1/x", whole), Vec::<String>::new());
    for (from, to) in [
        ("nosniff", ""),
        ("referrer-policy: same-origin", "referrer-policy: unsafe-url"),
        ("camera=()", "camera=*"),
        ("no-store", "public"),
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        ("frame-ancestors 'none'", ""),
        ("HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nserver: x/1.0"),
    ] {
        assert_eq!(faults("/api/v1/x", &whole.replace(from, to)).len(), 1, "{from}");
    }
}
