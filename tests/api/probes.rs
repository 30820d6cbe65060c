//! What a curious stranger tries at the border: foreign paths and methods, forged headers, odd files, faults.

use crate::ground::{Answer, Client, Ground, PASSWORD, agreed, email_of, ground, strict};
use actix_web::body::MessageBody;
use actix_web::http::Method;
use entrepot::platform::problem::{Failure, Fault};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.head.lines().find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })
}

#[actix_web::test]
async fn every_answer_carries_the_headers_that_guard_a_browser() {
    let ground = ground().await;
    let (owner, nobody) = (ground.company("Owner", true, true).await, Client::default());
    let answers = [
        (200, ground.get(&owner, "/api/v1/market").await),
        (401, ground.get(&nobody, "/api/v1/market").await),
        (404, ground.get(&owner, "/api/v1/nowhere").await),
        (400, ground.send(&owner, Method::POST, "/api/v1/orders", b"{", &[("Idempotency-Key", "a")]).await),
        (403, ground.get(&owner, "/api/v1/admin/users").await),
    ];
    for (status, answer) in &answers {
        assert_eq!(answer.status.as_u16(), *status, "{answer:?}");
        let policy = header(answer, "content-security-policy").unwrap_or_default();
        for part in ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("script-src 'self' 'unsafe"), "{policy}");
        assert_eq!(header(answer, "x-content-type-options"), Some("nosniff"));
        assert!(matches!(header(answer, "referrer-policy"), Some("same-origin" | "no-referrer")));
        assert_eq!(header(answer, "cache-control"), Some("no-store"));
        assert_eq!(header(answer, "access-control-allow-origin"), None);
        assert!(header(answer, "content-type").is_some_and(|kind| kind.contains("json")), "{}", answer.head);
    }
}

#[actix_web::test]
async fn nothing_but_the_application_is_served() {
    let ground = ground().await;
    let nobody = Client::default();
    for path in [
        "/.git/config",
        "/.env",
        "/Cargo.toml",
        "/api/v1/../../Cargo.toml",
        "/assets/",
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/api/",
        "/metrics",
        "/debug",
        "/server-status",
    ] {
        let answer = ground.get(&nobody, path).await;
        let page = answer.status == 200 && header(&answer, "content-type").is_some_and(|k| k.starts_with("text/html"));
        assert!(page || answer.status == 404 || answer.status == 400, "{path}: {answer:?} {}", answer.head);
    }
    for method in ["TRACE", "TRACK", "CONNECT", "DEBUG"] {
        let answer = ground.send(&nobody, method.parse().unwrap(), "/api/v1/market", b"", &[("X-Probe", "echo")]).await;
        assert!(answer.status.is_client_error(), "{method}: {answer:?}");
    }
}

async fn order(ground: &Ground) -> (Client, String) {
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let order = agreed(ground, &buyer, &seller).await;
    (buyer, order)
}

#[actix_web::test]
async fn an_upload_that_could_run_is_refused() {
    let ground = ground().await;
    let (buyer, order) = order(&ground).await;
    let files: [(&str, &[u8]); 7] = [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.html", b"<html><script>alert(1)</script></html>"),
        ("a.xml", b"<?xml version='1.0'?><a/>"),
        ("a.zip", b"PK\x03\x04\x14\x00\x00\x00"),
        ("a.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"),
        ("a.exe", b"MZ\x90\x00\x03\x00"),
        ("a.png", b"\x7fELF\x02\x01\x01\x00"),
    ];
    for (name, bytes) in files {
        let path = format!("/api/v1/orders/{order}/files?name={name}");
        let kind = [("Content-Type", "image/png")];
        let answer = ground.send(&buyer, Method::POST, &path, bytes, &kind).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some("file.type_refused")), "{name}");
    }
}

#[actix_web::test]
async fn a_file_comes_back_as_an_attachment_with_a_tame_name() {
    let ground = ground().await;
    let (buyer, order) = order(&ground).await;
    let path = format!("/api/v1/orders/{order}/files?name=..%2F..%2Fa%22b%0D%0AX-Evil:%201%E8%9E%BA.txt");
    let kept = ground.send(&buyer, Method::POST, &path, b"plain words", &[("Content-Type", "text/plain")]).await;
    assert_eq!(kept.status, 201, "{kept:?}");

    let file = ground.get(&buyer, &format!("/api/v1/files/{}", kept.json["id"].as_str().unwrap())).await;

    let name = header(&file, "content-disposition").unwrap_or_default();
    assert!(name.starts_with("attachment; filename=\""), "{name}");
    assert!(!name.contains('/') && name.matches('"').count() == 2 && name.is_ascii(), "{name}");
    assert_eq!(header(&file, "x-evil"), None);
    assert!(header(&file, "content-security-policy").is_some_and(|p| p.contains("sandbox")));
    assert_eq!(header(&file, "x-content-type-options"), Some("nosniff"));
}

#[actix_web::test]
async fn a_forwarded_address_is_not_believed() {
    let ground = strict().await;
    ground.company("Anna", true, true).await;
    let mut last = 0;
    for n in 0..7 {
        let from = format!("203.0.{n}.1");
        let body = json!({ "email": email_of("Anna"), "password": "not-the-password-at-all" }).to_string();
        let told = [("X-Forwarded-For", from.as_str()), ("Forwarded", "for=198.51.100.9"), ("X-Real-IP", from.as_str())];
        let answer = ground.send(&Client::default(), Method::POST, "/api/v1/auth/sign-in", body.as_bytes(), &told).await;
        last = answer.status.as_u16();
    }
    assert_eq!(last, 429, "each address had its own counter");
    assert_eq!(ground.sign_in(&email_of("Anna"), PASSWORD).await.status, 429);
}

/// What comes back for bytes sent as they are.
async fn raw(ground: &Ground, bytes: &[u8]) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", ground.port)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[actix_web::test]
async fn a_request_of_two_lengths_is_refused() {
    let ground = ground().await;
    let head = "POST /api/v1/auth/sign-out HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    let hidden = "GET /api/v1/auth/options HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let two = format!("{head}Content-Length: 0\r\nContent-Length: {}\r\n\r\n{hidden}", hidden.len());
    let both = format!("{head}Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}", hidden.len() + 5);
    for request in [two, both] {
        let answer = raw(&ground, request.as_bytes()).await;
        assert!(answer.matches("HTTP/1.1").count() <= 1, "a hidden request was answered: {answer}");
        assert!(!answer.contains("\"demo\""), "{answer}");
    }
}

#[actix_web::test]
async fn a_parameter_named_twice_is_refused() {
    let ground = ground().await;
    let owner = ground.company("Owner", true, true).await;
    for path in ["/api/v1/orders?limit=1&limit=100", "/api/v1/search?q=a&q=b", "/api/v1/companies?sells=true&sells=false"] {
        assert_eq!(ground.get(&owner, path).await.status, 422, "{path}");
    }
}

#[test]
fn a_fault_says_nothing_of_its_cause() {
    use actix_web::ResponseError;
    let failure = Failure::from(Fault::new("postgres://user:hunter2@host: SELECT secret FROM app_user"));

    let response = failure.error_response();

    assert_eq!(response.status(), 500);
    let body = response.into_body().try_into_bytes().unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(!["hunter2", "SELECT", "postgres"].iter().any(|word| text.contains(word)), "{text}");
    assert!(text.contains("correlation_id"), "{text}");
}
