//! G17: the idempotency header is accepted and ignored: two transfers under one key (Solana platform 673). Rule MON-11.
//! Every money operation with everything that can happen to it: `tests/api/idempotency.rs`.

use crate::ground::{ground, pay_in};
use actix_web::http::Method;
use serde_json::{Value, json};

/// Writing operations that demand a key, from the document.
fn keyed() -> Vec<(String, bool)> {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["post"]["parameters"].as_array().cloned().unwrap_or_default();
        if parameters.iter().any(|p| p["name"] == "Idempotency-Key" && p["required"] == true) {
            found.push((path.clone(), item["post"]["x-money"] == true));
        }
    }
    found
}

#[actix_web::test]
async fn every_operation_that_names_the_header_demands_it() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, true).await;
    let seller = ground.company("Seller", false, true).await;
    let rfq =
        ground.post(&buyer, "/api/v1/rfqs", crate::asked::rfq_body()).await.json["id"].as_str().unwrap().to_owned();
    let quoted = ground.post(&seller, &format!("/api/v1/rfqs/{rfq}/quotes"), crate::asked::quote_body()).await;
    let quote = quoted.json["id"].as_str().unwrap();
    let stocked = json!({
        "sku": "S-1", "title": "Bolts", "category": "hardware", "hs_code": "731815", "unit": "pcs", "origin": "CN",
        "currency": "USD", "moq": "1", "ladder": [{ "from_quantity": "1", "unit_price": "1" }], "lead_days": 1,
        "incoterm": { "code": "FOB", "place": "Ningbo" }, "supply": "ready_stock", "on_hand": "1",
    });
    let product = ground.post(&buyer, "/api/v1/products", stocked).await.json["id"].as_str().unwrap().to_owned();
    let operations = keyed();
    assert!(operations.iter().filter(|(_, money)| *money).count() >= 3, "{operations:?}");

    for (path, _) in operations {
        // Whose request or quote it is, is known before the key is asked for.
        let who = if path.contains("/quotes") && !path.contains("/counter") { &seller } else { &buyer };
        let path = path
            .replace("{order}", "00000000000000000000000000000001")
            .replace("{rfq}", &rfq)
            .replace("{id}", &product)
            .replace("{quote}", quote)
            .replace("{no}", "1");
        let long = "k".repeat(256);
        for key in [None, Some(""), Some(long.as_str())] {
            let mut extra = vec![("Content-Type", "application/json")];
            extra.extend(key.map(|key| ("Idempotency-Key", key)));
            // A body that can be read, so that nothing but the key is wrong with the request.
            let body = match path.as_str() {
                p if p.ends_with("pay-ins") => {
                    json!({ "amount": { "minor": "1", "currency": "USD" }, "reference": "" })
                }
                p if p.ends_with("withdrawals") => json!({ "amount": { "minor": "1", "currency": "USD" } }),
                _ => json!({}),
            };
            let answer = ground.send(who, Method::POST, &path, body.to_string().as_bytes(), &extra).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.json["code"]),
                (400, &json!("idempotency.key_missing")),
                "{path}"
            );
        }
    }
}

#[actix_web::test]
async fn one_key_is_one_payment_and_the_replay_says_so() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    pay_in(&ground, &buyer, "1").await;
    let body = json!({ "amount": { "minor": "500", "currency": "USD" }, "reference": "r" });

    let first = ground.post_with_key(&buyer, "/api/v1/wallet/pay-ins", body.clone(), "one").await;
    let second = ground.post_with_key(&buyer, "/api/v1/wallet/pay-ins", body, "one").await;

    assert_eq!((first.status.as_u16(), &first.json), (201, &second.json));
    let replayed = |head: &str| head.to_lowercase().contains("idempotency-replayed: true");
    assert!(!replayed(&first.head) && replayed(&second.head), "{}", second.head);
    let wallet: Value = ground.get(&buyer, "/api/v1/wallet").await.json;
    assert!(wallet.to_string().contains("\"501\""), "{wallet}");
}
