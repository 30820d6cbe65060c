//! Requests for quotation, sealed quotes, comparison and award over HTTP.

mod counter;
mod files;
mod limits;
mod proforma;
mod road;
mod sealed;
mod talk;

pub use crate::asked::{quote_body, rfq_body, with};
use crate::ground::{Answer, Client, Ground};
use serde_json::{Value, json};

/// The identifier in an answer that must be a success.
pub fn id_of(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.json["id"].as_str().unwrap().to_owned()
}

pub async fn publish(ground: &Ground, buyer: &Client, body: Value) -> String {
    let answer = ground.post(buyer, "/api/v1/rfqs", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    id_of(&answer)
}

pub async fn submit(ground: &Ground, who: &Client, rfq: &str, body: Value) -> Answer {
    ground.post(who, &format!("/api/v1/rfqs/{rfq}/quotes"), body).await
}

pub async fn quoted(ground: &Ground, who: &Client, rfq: &str) -> String {
    let answer = submit(ground, who, rfq, quote_body()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    id_of(&answer)
}

/// A part of an award: quote, version, lines with quantities.
pub type Part<'a> = (&'a str, i32, &'a [(i32, &'a str)]);

/// Awards parts.
pub async fn award(ground: &Ground, buyer: &Client, rfq: &str, parts: &[Part<'_>]) -> Answer {
    let line = |(line, quantity): &(i32, &str)| json!({ "line": line, "quantity": quantity });
    let part = |(quote, version, lines): &Part<'_>| {
        json!({ "quote_id": quote, "version": version, "lines": lines.iter().map(line).collect::<Vec<_>>() })
    };
    let awards: Vec<Value> = parts.iter().map(part).collect();
    ground.post(buyer, &format!("/api/v1/rfqs/{rfq}/award"), json!({ "awards": awards })).await
}

pub async fn page(ground: &Ground, who: &Client, rfq: &str) -> Value {
    let answer = ground.get(who, &format!("/api/v1/rfqs/{rfq}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

/// Status and code of a refusal.
pub fn refusal(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or("no code"))
}

/// A product of the category, as its supplier lists it.
pub fn goods(sku: &str, category: &str, hs: &str, moq: &str) -> Value {
    json!({
        "sku": sku, "title": format!("Goods {sku}"), "category": category, "hs_code": hs, "unit": "pcs", "origin": "CN",
        "currency": "USD", "moq": moq, "ladder": [{ "from_quantity": moq, "unit_price": "0.004" }], "lead_days": 20,
        "incoterm": { "code": "FOB", "place": "Ningbo" }, "attributes": { "Material": "Steel" },
    })
}

/// Lets the jobs take all that happened.
pub async fn followed(ground: &Ground) {
    ground.sealed().await;
    while ground.state.engine.follow(crate::ground::MARKET).await.unwrap() > 0 {}
}
