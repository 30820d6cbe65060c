//! One order all the way: draft, offer, accept, pay, ship in two parts, accept one, let the clock accept the other, close.

use crate::ground::{agreed, ground, pay_in, terms};
use serde_json::{Value, json};

fn minor(value: &Value) -> i64 {
    value["minor"].as_str().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn an_order_travels_from_draft_to_closed_and_the_books_hold() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    assert_eq!(pay_in(&ground, &buyer, "1100000").await.status.as_u16() / 100, 2);
    let order = agreed(&ground, &buyer, &seller).await;
    let page = |who| {
        let (g, p) = (&ground, format!("/api/v1/orders/{order}"));
        async move { g.get(who, &p).await.json }
    };

    let deposit = ground.step(&buyer, &order, "stage.fund", json!({ "stage": 1, "method": "card" })).await;
    assert_eq!(deposit.status, 200, "{deposit:?}");
    for stage in [2, 3] {
        let paid = ground.step(&buyer, &order, "stage.fund", json!({ "stage": stage, "method": "tt" })).await;
        assert_eq!(paid.status, 200, "{paid:?}");
    }
    let funded = page(&buyer).await;
    assert_eq!(minor(&funded["money"]["held"]), 1_000_000);
    assert_eq!(minor(&funded["money"]["fees"]), 11_970, "2.99 % of 3,000.00 plus two transfers of 15.00");

    for shipment in [1, 2] {
        let papers = json!({ "shipment": shipment, "carrier": "Line", "tracking_no": "T1", "documents": ["bl.pdf"], "eta_days": 12 });
        assert_eq!(ground.step(&seller, &order, "shipment.dispatch", papers).await.status, 200);
    }
    ground.days(13).await;
    let delivered = page(&buyer).await;
    assert_eq!(delivered["shipments"][0]["state"], "delivered", "{}", delivered["shipments"]);
    let accepted = ground.step(&buyer, &order, "shipment.accept", json!({ "shipment": 1 })).await;
    assert_eq!(accepted.status, 200, "{accepted:?}");
    let again = ground.step(&buyer, &order, "shipment.accept", json!({ "shipment": 1 })).await;
    assert_eq!((again.status.as_u16(), again.json["already"].as_bool()), (200, Some(true)));
    assert_eq!(minor(&page(&seller).await["money"]["released"]), 600_000);

    ground.days(17).await;
    let done = page(&seller).await;
    assert_eq!(
        (done["shipments"][1]["state"].as_str(), done["status"].as_str()),
        (Some("auto_accepted"), Some("completed"))
    );
    let wallet = ground.get(&seller, "/api/v1/wallet").await.json;
    let usd = wallet["accounts"].as_array().unwrap().iter().find(|a| a["currency"] == "USD").unwrap().clone();
    assert_eq!(minor(&usd["seller"]), 927_000, "{usd}");
    assert_eq!(minor(&usd["reserve"]), 50_000);

    ground.days(32).await;
    assert_eq!(page(&seller).await["status"], "closed");
    let history = ground.get(&buyer, &format!("/api/v1/orders/{order}/events")).await.json;
    let who = |step: &str| {
        let items = history["items"].as_array().unwrap();
        items.iter().find(|e| e["step"] == step).unwrap()["actor"]["name"].as_str().map(str::to_owned)
    };
    assert_eq!(who("order.offer").as_deref(), Some("Owner of Buyer"));
    assert_eq!(who("shipment.track").as_deref(), Some("Carrier robot"));
    assert_eq!(who("order.close").as_deref(), Some("Clock"));
    let withdrawn = ground
        .post(&seller, "/api/v1/wallet/withdrawals", json!({ "amount": { "minor": "977000", "currency": "USD" } }))
        .await;
    assert!(withdrawn.status.is_success(), "{withdrawn:?}");
    let report = entrepot::audit::verify(ground.state.engine.db(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[actix_web::test]
async fn the_same_key_pays_once_and_two_keys_pay_once() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    pay_in(&ground, &buyer, "1100000").await;
    let order = agreed(&ground, &buyer, &seller).await;
    let path = format!("/api/v1/orders/{order}/transitions");
    let body = json!({ "name": "stage.fund", "params": { "stage": 1, "method": "tt" } });

    let first = ground.post_with_key(&buyer, &path, body.clone(), "double-click").await;
    let second = ground.post_with_key(&buyer, &path, body.clone(), "double-click").await;
    let third = ground.post_with_key(&buyer, &path, body, "second-tab").await;

    assert_eq!(first.json, second.json);
    assert!(second.head.to_lowercase().contains("idempotency-replayed: true"));
    assert_eq!((third.status.as_u16(), third.json["already"].as_bool()), (200, Some(true)));
    let journals = ground.get(&buyer, &format!("/api/v1/orders/{order}/journals")).await.json;
    assert_eq!(journals["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn actions_preview_the_journal_that_is_then_posted() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    pay_in(&ground, &buyer, "1100000").await;
    let order = agreed(&ground, &buyer, &seller).await;

    let actions = ground.get(&buyer, &format!("/api/v1/orders/{order}/actions")).await.json;
    let fund = actions["actions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["step"] == "stage.fund" && a["allowed"] == true)
        .unwrap()
        .clone();
    ground.step(&buyer, &order, "stage.fund", json!({ "stage": fund["part"], "method": "tt" })).await;

    let posted = ground.get(&buyer, &format!("/api/v1/orders/{order}/journals")).await.json;
    assert_eq!(posted["items"][0]["lines"], fund["journal"][0]["lines"]);
    let lines = posted["items"][0]["lines"].as_array().unwrap();
    let escrow = lines.iter().find(|line| line["account"] == "L.ESCROW").unwrap();
    assert_eq!(escrow["part"], fund["part"], "the line names its stage, so that every language can");
    let refused = ground.get(&seller, &format!("/api/v1/orders/{order}/actions")).await.json;
    let dispatch =
        refused["actions"].as_array().unwrap().iter().find(|a| a["step"] == "shipment.dispatch").unwrap().clone();
    assert_eq!(dispatch["allowed"], false, "the balance is not paid");
    assert!(dispatch["refusal"]["code"].is_string());
}

#[actix_web::test]
async fn a_draft_is_seen_by_its_drafter_only() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let draft = ground.post(&buyer, "/api/v1/orders", json!({ "terms": terms(&buyer.company, &seller.company) })).await;
    let path = format!("/api/v1/orders/{}", draft.json["id"].as_str().unwrap());

    assert_eq!(ground.get(&buyer, &path).await.status, 200);
    let drafted = ground.get(&buyer, &path).await.json;
    assert_eq!(drafted["stages"].as_array().map(Vec::len), Some(3), "the plan shows before agreement");
    assert_eq!(drafted["shipments"][1]["value"]["minor"], "400000");
    assert_eq!(ground.get(&seller, &path).await.status, 404);
    assert_eq!(ground.get(&seller, "/api/v1/orders").await.json["items"].as_array().unwrap().len(), 0);
    assert_eq!(ground.get(&buyer, "/api/v1/orders").await.json["items"].as_array().unwrap().len(), 1);
    let order = draft.json["id"].as_str().unwrap();
    assert_eq!(ground.step(&buyer, order, "order.offer", json!({})).await.status, 200);
    let offered = ground.get(&seller, &path).await.json;
    assert_eq!(
        offered["deadlines"][0]["owner"], "seller",
        "an offer waits for the other side: {}",
        offered["deadlines"]
    );
}

#[actix_web::test]
async fn messages_and_files_reach_the_other_side_and_no_one_else() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let stranger = ground.company("Stranger", true, true).await;
    let order = agreed(&ground, &buyer, &seller).await;
    let upload = format!("/api/v1/orders/{order}/files?name=drawing.pdf");

    let file = ground.send(&buyer, actix_web::http::Method::POST, &upload, b"%PDF-1.7 drawing %%EOF", &[]).await;
    assert_eq!(file.status, 201, "{file:?}");
    let html = ground.send(&buyer, actix_web::http::Method::POST, &upload, b"<script>", &[]).await;
    assert_eq!(html.status, 422);
    let text = json!({ "text": "Drawing attached", "file_ids": [file.json["id"]] });
    assert_eq!(ground.post(&buyer, &format!("/api/v1/orders/{order}/messages"), text).await.status, 201);

    let seen = ground.get(&seller, &format!("/api/v1/orders/{order}/messages")).await;
    assert_eq!(seen.json["items"][0]["files"][0]["name"], "drawing.pdf", "{seen:?}");
    let path = format!("/api/v1/files/{}", file.json["id"].as_str().unwrap());
    assert_eq!(ground.get(&seller, &path).await.status, 200);
    assert_eq!(ground.get(&stranger, &path).await.status, 404);
    assert_eq!(ground.get(&stranger, &format!("/api/v1/orders/{order}/messages")).await.status, 404);
}
