//! G19: somebody else's order is shown, cancelled or shipped by its number in the address (dotnet eShop 996, mall 994).
//! Rules ACC-1, ACC-3, ACC-4; the whole table: `tests/api/access.rs`.

use crate::ground::{Client, agreed, ground, pay_in};
use actix_web::http::Method;
use entrepot_domain::trade::STEPS;
use serde_json::{Value, json};

fn below_orders() -> Vec<(String, String)> {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if path.starts_with("/api/v1/orders/{order}") && !path.contains("{file}") {
            found.extend(item.as_object().unwrap().keys().map(|m| (m.to_uppercase(), path.clone())));
        }
    }
    found
}

#[actix_web::test]
async fn a_strangers_order_does_not_exist_for_reading_or_for_any_step() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let stranger: Client = ground.company("Stranger", true, true).await;
    pay_in(&ground, &buyer, "1000000").await;
    let order = agreed(&ground, &buyer, &seller).await;
    let before = ground.get(&buyer, &format!("/api/v1/orders/{order}")).await.json;
    let operations = below_orders();
    assert!(operations.len() >= 6, "{operations:?}");

    for real in [true, false] {
        let id = if real { order.clone() } else { "0123456789abcdef0123456789abcdef".to_owned() };
        for (method, path) in &operations {
            let path = path.replace("{order}", &id).replace("{kind}", "contract");
            let path = if path.ends_with("/files") && method == "POST" { format!("{path}?name=a.txt") } else { path };
            let bodies: Vec<Value> = if path.ends_with("transitions") || path.ends_with("previews") {
                let step = |name: &str, params: Value| json!({ "name": name, "params": params });
                vec![
                    step("stage.fund", json!({ "stage": 1, "method": "tt" })),
                    step("shipment.deliver", json!({ "shipment": 1 })),
                    step("order.late_cancel", json!({})),
                    step("proposal.accept", json!({})),
                ]
            } else {
                vec![json!({ "text": "hello" })]
            };
            for body in bodies {
                let extra =
                    [("Idempotency-Key", &*uuid::Uuid::new_v4().to_string()), ("Content-Type", "application/json")];
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let bytes = if method == Method::GET { Vec::new() } else { body.to_string().into_bytes() };
                let answer = ground.send(&stranger, method.clone(), &path, &bytes, &extra).await;
                assert_eq!(answer.status, 404, "{method} {path} {body}: {answer:?}");
                assert_eq!(answer.json["code"], "not_found", "{method} {path}: the same words, real or not");
            }
        }
    }
    assert!(STEPS.len() > 20);
    assert_eq!(ground.get(&buyer, &format!("/api/v1/orders/{order}")).await.json, before);
    let list = ground.get(&stranger, "/api/v1/orders").await;
    assert_eq!(list.json["items"], json!([]));
}
