//! A handler that panics: the caller gets a generic answer with a correlation id, the log a line with the place, and
//! neither what the panic said. A panic of a guard is caught by the outermost one.

use crate::book;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{App, HttpResponse, HttpServer, web};
use entrepot::platform::web::headers::headers;
use entrepot::platform::web::limits::bounded;
use entrepot::platform::web_watch::watch;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn bad(secret: web::Path<String>) -> HttpResponse {
    panic!("could not read {secret}")
}

/// A guard that panics itself.
async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    assert!(request.path() != "/guard", "this guard is broken");
    next.call(request).await
}

async fn ask(port: u16, path: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[actix_web::test]
async fn a_panic_is_answered_with_a_correlation_id_and_says_nothing() {
    book::open();
    let server = HttpServer::new(|| {
        App::new()
            .wrap(actix_web::middleware::from_fn(bounded))
            .wrap(actix_web::middleware::from_fn(headers))
            .wrap(actix_web::middleware::from_fn(guard))
            .wrap(actix_web::middleware::from_fn(watch))
            .route("/bad/{secret}", web::get().to(bad))
            .route("/good", web::get().to(HttpResponse::Ok))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let port = server.addrs()[0].port();
    actix_web::rt::spawn(server.run());

    let answer = ask(port, "/bad/canary-of-a-panic").await;

    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    assert!(answer.contains("content-security-policy: default-src 'none'"), "{answer}");
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body["code"], "internal");
    let id = body["correlation_id"].as_str().unwrap().to_owned();
    assert!(!answer.contains("canary-of-a-panic"), "{answer}");
    assert!(!book::text().contains("canary-of-a-panic"));
    let placed = book::lines(|line| line["fields"]["panic.place"].as_str().is_some_and(|p| p.contains("panics.rs")));
    assert_eq!(placed.len(), 1, "{placed:?}");
    let told = book::lines(|line| line["fields"]["correlation.id"] == id.as_str());
    assert_eq!(told.len(), 2, "the fault and the request: {told:?}");
    let request = told.iter().find(|line| line["target"] == "request").unwrap();
    assert_eq!(request["fields"]["http.route"], "border");
    let outer = ask(port, "/guard").await;
    assert!(outer.starts_with("HTTP/1.1 500") && outer.contains("correlation_id"), "{outer}");
    assert!(ask(port, "/good").await.starts_with("HTTP/1.1 200"), "the server goes on");
}
