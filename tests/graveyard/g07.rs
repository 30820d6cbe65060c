//! G7: the service fails after it committed, the user starts anew, and a second order is paid (ps_checkout PR 1546). Rule
//! MON-11.

use crate::ground::{Answer, Client, Ground, agreed, ground, pay_in};
use entrepot::platform::rows;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

/// Sends the request and hangs up without reading a byte of the answer.
async fn lose_the_answer(ground: &Ground, who: &Client, path: &str, body: &Value) {
    let body = body.to_string();
    let cookies: Vec<String> = who.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nIdempotency-Key: lost\r\n\r\n{body}",
        cookies.join("; "),
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", ground.port)).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
}

async fn journals(ground: &Ground, rule: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM journal WHERE rule = '{rule}'");
    let row = rows::query_one(ground.state.engine.db().read(), sql, vec![]).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[actix_web::test]
async fn a_user_who_never_saw_the_answer_and_starts_anew_pays_once() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    pay_in(&ground, &buyer, "10000000").await;
    for round in 1..=10 {
        let order = agreed(&ground, &buyer, &seller).await;
        let path = format!("/api/v1/orders/{order}/transitions");
        let body = json!({ "name": "stage.fund", "params": { "stage": 1, "method": "tt" } });

        lose_the_answer(&ground, &buyer, &path, &body).await;
        // A new page, a new key, the same wish; then once more by card.
        let again: Answer = ground.post(&buyer, &path, body.clone()).await;
        let card = json!({ "stage": 1, "method": "card" });
        let by_card = ground.step(&buyer, &order, "stage.fund", card).await;

        assert_eq!(again.status, 200, "{again:?}");
        assert_eq!(by_card.status, 409, "{by_card:?}");
        assert_eq!(journals(&ground, "P2").await, round);
    }
}
