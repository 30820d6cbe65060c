//! Ready stock over HTTP: what a listing says, what orders keep, what the seller sees and changes.

use crate::ground::{Answer, Client, Ground, ground, pay_in, terms};
use actix_web::http::Method;
use serde_json::{Value, json};

fn draft(sku: &str, on_hand: &str) -> Value {
    json!({
        "sku": sku, "title": format!("Corduroy {sku} 300 g"), "category": "textiles", "description": "Rolls of 60 m.",
        "hs_code": "58012200", "unit": "m", "origin": "CN", "currency": "USD", "moq": "10", "moq_step": "0.5",
        "ladder": [{ "from_quantity": "10", "unit_price": "3.42" }], "lead_days": 3,
        "incoterm": { "code": "FOB", "place": "Ningbo" }, "attributes": { "composition": "cotton" },
        "supply": "ready_stock", "on_hand": on_hand,
    })
}

fn with(mut value: Value, name: &str, other: Value) -> Value {
    value[name] = other;
    value
}

fn is(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str().unwrap_or("")), (status, code), "{answer:?}");
}

async fn list(ground: &Ground, who: &Client, draft: Value) -> String {
    let made = ground.post(who, "/api/v1/products", draft).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json["id"].as_str().unwrap().to_owned()
}

async fn put(ground: &Ground, who: &Client, product: &str, version: i64, body: Value) -> Answer {
    let (path, tag) = (format!("/api/v1/products/{product}"), format!("\"{version}\""));
    ground.send(who, Method::PUT, &path, body.to_string().as_bytes(), &[("If-Match", &tag)]).await
}

/// What the seller's page says: on hand, reserved, free.
async fn counts(ground: &Ground, seller: &Client, product: &str) -> [String; 3] {
    let page = ground.get(seller, &format!("/api/v1/own-stock/{product}")).await;
    assert_eq!(page.status, 200, "{page:?}");
    ["on_hand", "reserved", "free"].map(|field| page.json[field].as_str().unwrap().to_owned())
}

async fn available(ground: &Ground, who: &Client, product: &str) -> Value {
    ground.get(who, &format!("/api/v1/products/{product}")).await.json["available"].clone()
}

/// What the card of a list says: whether the goods lie ready, and whether all of them are reserved.
async fn card(ground: &Ground, who: &Client, product: &str) -> [Value; 2] {
    let page = ground.get(who, "/api/v1/products").await;
    let found = page.json["items"].as_array().unwrap().iter().find(|card| card["id"] == product).unwrap().clone();
    [found["ready_stock"].clone(), found["sold_out"].clone()]
}

async fn adjust(ground: &Ground, who: &Client, product: &str, reason: &str, quantity: &str, version: i64) -> Answer {
    let body = json!({ "reason": reason, "quantity": quantity, "expected_version": version });
    ground.post(who, &format!("/api/v1/own-stock/{product}/adjustments"), body).await
}

/// Terms of one line of a product in metres, in two shipments of 6/10 and 4/10.
fn stocked(buyer: &Client, seller: &Client, product: &str, metres: i64) -> Value {
    let mut terms = terms(&buyer.company, &seller.company);
    terms["lines"][0]["product"] = json!(product);
    terms["lines"][0]["unit"] = json!("m");
    terms["lines"][0]["quantity"] = json!(metres.to_string());
    terms["shipments"][0]["quantities"] = json!([(metres * 6 / 10).to_string()]);
    terms["shipments"][1]["quantities"] = json!([(metres * 4 / 10).to_string()]);
    terms
}

async fn agree(ground: &Ground, buyer: &Client, seller: &Client, terms: Value) -> String {
    let draft = ground.post(buyer, "/api/v1/orders", json!({ "terms": terms })).await;
    assert_eq!(draft.status, 201, "{draft:?}");
    let order = draft.json["id"].as_str().unwrap().to_owned();
    assert_eq!(ground.step(buyer, &order, "order.offer", json!({})).await.status, 200);
    let hash = show(ground, seller, &order).await["offer"]["contract_hash"].clone();
    let accept = ground.step(seller, &order, "order.accept", json!({ "offer_no": 1, "contract_hash": hash })).await;
    assert_eq!(accept.status, 200, "{accept:?}");
    order
}

async fn show(ground: &Ground, who: &Client, order: &str) -> Value {
    ground.get(who, &format!("/api/v1/orders/{order}")).await.json
}

async fn fund(ground: &Ground, buyer: &Client, order: &str) -> Answer {
    ground.step(buyer, order, "stage.fund", json!({ "stage": 1, "method": "tt" })).await
}

async fn market() -> (Ground, Client, Client) {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    pay_in(&ground, &buyer, "100000000").await;
    (ground, buyer, seller)
}

#[actix_web::test]
async fn a_listing_says_what_lies_ready_and_the_page_what_is_free_now() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "420.5")).await;

    let page = ground.get(&buyer, &format!("/api/v1/products/{product}")).await.json;
    assert_eq!((&page["supply"], &page["available"], &page["ready_stock"]), (&json!("ready_stock"), &json!("420.5"), &json!(true)));
    assert_eq!((&page["lead_days"], &page["capacity"]), (&json!(3), &Value::Null));
    let card = ground.get(&buyer, "/api/v1/products").await.json["items"][0].clone();
    assert_eq!(card["ready_stock"], true);

    let made = with(with(draft("M-1", "1"), "supply", json!("made_to_order")), "on_hand", Value::Null);
    let made = list(&ground, &seller, with(made, "capacity", json!("60000"))).await;
    let page = ground.get(&buyer, &format!("/api/v1/products/{made}")).await.json;
    assert_eq!((&page["supply"], &page["available"], &page["capacity"]), (&json!("made_to_order"), &Value::Null, &json!("60000")));
    assert!(page.get("ready_stock").is_none());
    is(&ground.get(&seller, &format!("/api/v1/own-stock/{made}")).await, 404, "not_found");
}

#[actix_web::test]
async fn a_listing_without_its_quantity_or_with_a_wrong_one_is_refused_by_field() {
    let (ground, _, seller) = market().await;
    let base = draft("R-1", "1");
    for (name, value, at, code) in [
        ("on_hand", Value::Null, "/on_hand", "catalog.on_hand"),
        ("on_hand", json!("-1"), "/on_hand", "catalog.on_hand"),
        ("on_hand", json!("many"), "/on_hand", "catalog.number"),
        ("supply", json!("made_to_order"), "/on_hand", "catalog.on_hand"),
        ("supply", json!("sometimes"), "/supply", "catalog.supply"),
        ("capacity", json!("5"), "/capacity", "product.capacity"),
    ] {
        let refused = ground.post(&seller, "/api/v1/products", with(base.clone(), name, value)).await;
        is(&refused, 422, "catalog.invalid");
        let faults = refused.json["errors"].as_array().unwrap();
        let found = faults.iter().any(|f| (f["pointer"].as_str(), f["code"].as_str()) == (Some(at), Some(code)));
        assert!(found, "{name}: {faults:?}");
    }
    let refused = ground.post(&seller, "/api/v1/products", with(base, "on_hand", json!("9999999999999"))).await;
    is(&refused, 422, "stock.too_large");
    assert_eq!(refused.json["errors"][0]["pointer"], "/on_hand");
}

#[actix_web::test]
async fn the_first_payment_keeps_the_goods_dispatch_takes_them_and_both_pages_say_so() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "420")).await;
    let order = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    let before = show(&ground, &buyer, &order).await;
    assert_eq!((&before["terms"]["lines"][0]["from_stock"], &before["reservation"]), (&json!(true), &Value::Null));
    assert_eq!(counts(&ground, &seller, &product).await, ["420", "0", "420"], "an agreement takes nothing");

    assert_eq!(fund(&ground, &buyer, &order).await.status, 200);

    for who in [&buyer, &seller] {
        let kept = show(&ground, who, &order).await["reservation"].clone();
        assert_eq!(kept["goods"], json!([{ "product_id": product, "sku": "S-1", "quantity": "100", "unit": "m" }]));
        assert_eq!(kept["until"], "2026-03-31T16:00:00Z", "30 days behind the first ship-by date");
    }
    assert_eq!(counts(&ground, &seller, &product).await, ["420", "100", "320"]);
    assert_eq!(available(&ground, &buyer, &product).await, "320");
    let page = ground.get(&seller, &format!("/api/v1/own-stock/{product}")).await.json;
    let kept = &page["reservations"][0];
    assert_eq!((&kept["order_id"], &kept["buyer"], &kept["quantity"]), (&json!(order), &json!("Buyer"), &json!("100")));
    assert_eq!(kept["until"], "2026-03-31T16:00:00Z");

    let paid = ground.step(&buyer, &order, "stage.fund", json!({ "stage": 2, "method": "tt" })).await;
    assert_eq!(paid.status, 200, "{paid:?}");
    let papers = json!({ "shipment": 1, "carrier": "Line", "tracking_no": "T", "documents": ["bl.pdf"], "eta_days": 9 });
    assert_eq!(ground.step(&seller, &order, "shipment.dispatch", papers).await.status, 200);
    assert_eq!(counts(&ground, &seller, &product).await, ["360", "40", "320"]);

    let changes = ground.get(&seller, &format!("/api/v1/own-stock/{product}/changes")).await.json;
    let told: Vec<_> = changes["items"].as_array().unwrap().iter().map(|c| {
        (c["no"].as_i64().unwrap(), c["reason"].as_str().unwrap(), c["on_hand_change"].as_str().unwrap(), c["reserved_change"].as_str().unwrap())
    }).collect();
    assert_eq!(told, [(3, "dispatched", "-60", "-60"), (2, "reserved", "0", "100"), (1, "listed", "420", "0")]);
    assert_eq!(changes["items"][0]["order_id"], json!(order));
    assert_eq!(changes["items"][2]["order_id"], Value::Null);
    let next = ground.get(&seller, &format!("/api/v1/own-stock/{product}/changes?limit=2&cursor=3")).await.json;
    assert_eq!((next["items"].as_array().unwrap().len(), &next["next_cursor"]), (2, &Value::Null));
}

#[actix_web::test]
async fn who_comes_too_late_is_told_what_is_there_and_pays_nothing() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "150")).await;
    let first = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    let second = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    assert_eq!(fund(&ground, &buyer, &first).await.status, 200);
    let wallet = ground.get(&buyer, "/api/v1/wallet").await.json;

    let refused = fund(&ground, &buyer, &second).await;

    is(&refused, 409, "trade.out_of_stock");
    let params = &refused.json["params"];
    assert_eq!((&params["wanted"], &params["available"], &params["unit"]), (&json!("100"), &json!("50"), &json!("m")));
    assert_eq!(refused.json["errors"][0]["pointer"], "/terms/lines/0/quantity");
    assert!(refused.json["detail"].as_str().unwrap().contains("Nothing was charged."), "{refused:?}");
    assert_eq!(ground.get(&buyer, "/api/v1/wallet").await.json, wallet);
    assert_eq!(show(&ground, &buyer, &second).await["status"], "agreed");
    let actions = ground.get(&buyer, &format!("/api/v1/orders/{second}/actions")).await.json;
    let pay = actions["actions"].as_array().unwrap().iter().find(|a| a["step"] == "stage.fund" && a["part"] == 1).unwrap();
    assert_eq!(pay["refusal"]["code"], "trade.out_of_stock", "the button knows it before it is pressed: {pay}");

    // The next step that the answer names: fewer goods.
    let fewer = json!({ "lines": [{ "line": 1, "quantity": "50" }],
        "shipments": [{ "shipment": 1, "quantities": ["30"] }, { "shipment": 2, "quantities": ["20"] }] });
    assert_eq!(ground.step(&buyer, &second, "amendment.propose", fewer).await.status, 200);
    assert_eq!(ground.step(&seller, &second, "proposal.accept", json!({})).await.status, 200);
    assert_eq!(fund(&ground, &buyer, &second).await.status, 200);
    assert_eq!(counts(&ground, &seller, &product).await, ["150", "150", "0"]);
}

#[actix_web::test]
async fn a_cancelled_order_gives_its_goods_back() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "100")).await;
    let order = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    assert_eq!(fund(&ground, &buyer, &order).await.status, 200);
    assert_eq!(available(&ground, &buyer, &product).await, "0");
    assert_eq!(card(&ground, &buyer, &product).await, [json!(true), json!(true)], "no list calls reserved goods ready");
    let all = show(&ground, &buyer, &order).await["money"]["held"]["minor"].clone();
    assert_eq!(ground.step(&buyer, &order, "cancellation.propose", json!({ "refund_minor": all })).await.status, 200);
    assert_eq!(ground.step(&seller, &order, "proposal.accept", json!({})).await.status, 200);
    assert_eq!(counts(&ground, &seller, &product).await, ["100", "0", "100"]);
    assert_eq!(show(&ground, &buyer, &order).await["reservation"], Value::Null);
    assert_eq!(card(&ground, &buyer, &product).await, [json!(true), Value::Null]);

    let late = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    assert_eq!(fund(&ground, &buyer, &late).await.status, 200);
    ground.days(120).await;
    assert_eq!(counts(&ground, &seller, &product).await, ["100", "0", "100"], "the clock ends what nobody ships");
}

#[actix_web::test]
async fn a_stock_is_changed_by_hand_with_a_reason_once_and_never_below_what_is_kept() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "100")).await;
    let path = format!("/api/v1/own-stock/{product}/adjustments");
    let body = json!({ "reason": "received", "quantity": "20.5", "note": "Container 7", "expected_version": 1 });

    let first = ground.post_with_key(&seller, &path, body.clone(), "same").await;
    let again = ground.post_with_key(&seller, &path, body, "same").await;
    assert_eq!((first.status.as_u16(), &first.json), (200, &again.json), "a double click counts once");
    assert_eq!((&first.json["on_hand"], &first.json["version"]), (&json!("120.5"), &json!(2)));
    let stale = adjust(&ground, &seller, &product, "damaged", "1", 1).await;
    is(&stale, 409, "stale_version");
    assert_eq!(stale.json["params"]["current"], "2");

    let order = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    assert_eq!(fund(&ground, &buyer, &order).await.status, 200);
    for (reason, quantity) in [("damaged", "20.501"), ("sold_elsewhere", "120.5"), ("counted", "99.999")] {
        let refused = adjust(&ground, &seller, &product, reason, quantity, 3).await;
        is(&refused, 409, "stock.kept");
        let params = &refused.json["params"];
        assert_eq!((&params["reserved"], &params["free"]), (&json!("100"), &json!("20.5")));
        assert_eq!(refused.json["errors"][0]["pointer"], "/quantity");
    }
    assert_eq!(adjust(&ground, &seller, &product, "counted", "100", 3).await.status, 200);
    assert_eq!(counts(&ground, &seller, &product).await, ["100", "100", "0"]);
    // A count that finds what is there changes nothing and takes no version.
    assert_eq!(adjust(&ground, &seller, &product, "counted", "100", 4).await.json["version"], 4);
    let note = ground.get(&seller, &format!("/api/v1/own-stock/{product}/changes")).await.json["items"][2].clone();
    assert_eq!((&note["note"], &note["actor"]["name"]), (&json!("Container 7"), &json!("Owner of Seller")));
}

#[actix_web::test]
async fn bad_changes_are_named_and_strangers_see_no_stock() {
    let (ground, buyer, seller) = market().await;
    let rival = ground.company("Rival", true, true).await;
    let product = list(&ground, &seller, draft("R-1", "100")).await;
    for (body, code) in [
        (json!({ "reason": "reserved", "quantity": "1", "expected_version": 1 }), "stock.reason"),
        (json!({ "reason": "magic", "quantity": "1", "expected_version": 1 }), "stock.reason"),
        (json!({ "reason": "received", "quantity": "0", "expected_version": 1 }), "stock.quantity"),
        (json!({ "reason": "received", "quantity": "-4", "expected_version": 1 }), "stock.quantity"),
        (json!({ "reason": "received", "quantity": "0.0001", "expected_version": 1 }), "stock.quantity"),
        (json!({ "reason": "received", "quantity": "999999999999.999", "expected_version": 1 }), "stock.too_large"),
        (json!({ "reason": "received", "quantity": "1", "note": "x".repeat(201), "expected_version": 1 }), "stock.note"),
    ] {
        let refused = ground.post(&seller, &format!("/api/v1/own-stock/{product}/adjustments"), body).await;
        is(&refused, 422, code);
    }
    for who in [&buyer, &rival] {
        is(&adjust(&ground, who, &product, "received", "1", 1).await, 404, "not_found");
        is(&ground.get(who, &format!("/api/v1/own-stock/{product}")).await, 404, "not_found");
        is(&ground.get(who, &format!("/api/v1/own-stock/{product}/changes")).await, 404, "not_found");
        assert_eq!(ground.get(who, "/api/v1/own-stock").await.json["items"], json!([]));
    }
    assert_eq!(counts(&ground, &seller, &product).await, ["100", "0", "100"]);
    is(&ground.get(&seller, "/api/v1/own-stock?cursor=zz").await, 422, "stock.cursor");
    is(&ground.get(&seller, &format!("/api/v1/own-stock/{product}/changes?cursor=zz")).await, 422, "stock.cursor");
}

#[actix_web::test]
async fn terms_say_which_lines_come_out_of_stock_and_only_those_that_can() {
    let (ground, buyer, seller) = market().await;
    let rival = ground.company("Rival", true, true).await;
    let ready = list(&ground, &seller, draft("R-1", "1000")).await;
    let foreign = list(&ground, &rival, draft("R-1", "1000")).await;
    let made = with(with(draft("M-1", "1"), "supply", json!("made_to_order")), "on_hand", Value::Null);
    let made = list(&ground, &seller, made).await;
    let ask = |product: &str, says: Value, unit: &str| {
        let mut terms = stocked(&buyer, &seller, product, 100);
        terms["lines"][0]["unit"] = json!(unit);
        terms["lines"][0]["from_stock"] = says;
        json!({ "terms": terms })
    };
    for (product, says, unit, from_stock) in [
        (&ready, Value::Null, "m", json!(true)),
        (&ready, json!(true), "m", json!(true)),
        (&ready, json!(false), "m", json!(false)),
        (&ready, Value::Null, "rolls", Value::Null),
        (&made, Value::Null, "m", Value::Null),
        (&foreign, Value::Null, "m", Value::Null),
    ] {
        let drafted = ground.post(&buyer, "/api/v1/orders", ask(product, says, unit)).await;
        assert_eq!(drafted.status, 201, "{drafted:?}");
        let order = show(&ground, &buyer, drafted.json["id"].as_str().unwrap()).await;
        assert_eq!(order["terms"]["lines"][0]["from_stock"], from_stock);
    }
    for (product, unit) in [(&ready, "rolls"), (&made, "m"), (&foreign, "m")] {
        let refused = ground.post(&buyer, "/api/v1/orders", ask(product, json!(true), unit)).await;
        is(&refused, 422, "stock.not_ready");
        assert_eq!(refused.json["errors"][0]["pointer"], "/terms/lines/0/from_stock");
    }
    let mut nothing = ask(&ready, json!(true), "m");
    nothing["terms"]["lines"][0]["product"] = Value::Null;
    is(&ground.post(&buyer, "/api/v1/orders", nothing).await, 422, "stock.not_ready");
}

#[actix_web::test]
async fn what_was_agreed_to_come_out_of_stock_does_though_the_listing_says_otherwise_since() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "100")).await;
    let order = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    let made = with(with(draft("R-1", "1"), "supply", json!("made_to_order")), "on_hand", Value::Null);
    assert_eq!(put(&ground, &seller, &product, 1, made).await.status, 200);
    assert_eq!(available(&ground, &buyer, &product).await, Value::Null);

    assert_eq!(fund(&ground, &buyer, &order).await.status, 200);
    assert_eq!(counts(&ground, &seller, &product).await, ["100", "100", "0"]);
    let later = ground.post(&buyer, "/api/v1/orders", json!({ "terms": stocked(&buyer, &seller, &product, 10) })).await;
    let later = show(&ground, &buyer, later.json["id"].as_str().unwrap()).await;
    assert_eq!(later["terms"]["lines"][0].get("from_stock"), None);
    let back = json!({ "supply": "ready_stock", "on_hand": "60" });
    let back = with(with(draft("R-1", "60"), "supply", back["supply"].clone()), "on_hand", back["on_hand"].clone());
    let refused = put(&ground, &seller, &product, 2, back).await;
    is(&refused, 409, "stock.kept");
    assert_eq!(refused.json["errors"][0]["pointer"], "/on_hand");
}

#[actix_web::test]
async fn a_counter_offer_keeps_what_comes_out_of_stock_and_says_it_of_new_lines() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "500")).await;
    let draft = ground.post(&buyer, "/api/v1/orders", json!({ "terms": terms(&buyer.company, &seller.company) })).await;
    let order = draft.json["id"].as_str().unwrap().to_owned();
    assert_eq!(ground.step(&buyer, &order, "order.offer", json!({})).await.status, 200);
    let counter = json!({ "terms": stocked(&buyer, &seller, &product, 200) });
    assert_eq!(ground.step(&seller, &order, "order.counter", counter).await.status, 200);
    let shown = show(&ground, &buyer, &order).await;
    assert_eq!(shown["terms"]["lines"][0]["from_stock"], true);
    let accept = json!({ "offer_no": 2, "contract_hash": shown["offer"]["contract_hash"] });
    assert_eq!(ground.step(&buyer, &order, "order.accept", accept).await.status, 200);
    assert_eq!(fund(&ground, &buyer, &order).await.status, 200);
    assert_eq!(counts(&ground, &seller, &product).await, ["500", "200", "300"]);
    let paper = ground.get(&buyer, &format!("/api/v1/orders/{order}/papers/contract?language=en")).await;
    assert_eq!(paper.status, 200);
}

/// Imports a file and answers how it ended.
async fn import(ground: &Ground, seller: &Client, csv: &[u8]) -> Value {
    let started = ground.send(seller, Method::POST, "/api/v1/imports/products", csv, &[("Content-Type", "text/csv")]).await;
    assert_eq!(started.status, 202, "{started:?}");
    let path = format!("/api/v1/imports/{}", started.json["id"].as_str().unwrap());
    for _ in 0..200 {
        let job = ground.get(seller, &path).await.json;
        if job["state"] != "running" {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the import never ended");
}

fn ended(job: &Value) -> [i64; 4] {
    ["created", "updated", "unchanged", "failed"].map(|field| job[field].as_i64().unwrap())
}

#[actix_web::test]
async fn the_exported_file_changes_nothing_and_a_changed_one_states_the_stock_anew() {
    let (ground, buyer, seller) = market().await;
    let product = list(&ground, &seller, draft("R-1", "420.5")).await;
    let made = with(with(draft("M-1", "1"), "supply", json!("made_to_order")), "on_hand", Value::Null);
    list(&ground, &seller, with(made, "capacity", json!("60000"))).await;
    let order = agree(&ground, &buyer, &seller, stocked(&buyer, &seller, &product, 100)).await;
    assert_eq!(fund(&ground, &buyer, &order).await.status, 200);

    let file = ground.get(&seller, "/api/v1/exports/products.csv").await.bytes;
    let text = String::from_utf8(file.clone()).unwrap();
    assert!(text.lines().next().unwrap().trim_end().ends_with("supply,capacity,on_hand"), "{text}");
    assert!(text.contains("ready_stock,,420.5") && text.contains("made_to_order,60000,"), "{text}");
    assert_eq!(ended(&import(&ground, &seller, &file).await), [0, 0, 2, 0], "the file as it is changes nothing");
    assert_eq!(counts(&ground, &seller, &product).await, ["420.5", "100", "320.5"]);

    let more = text.replace("ready_stock,,420.5", "ready_stock,,500");
    assert_eq!(ended(&import(&ground, &seller, more.as_bytes()).await), [0, 1, 1, 0]);
    assert_eq!(counts(&ground, &seller, &product).await, ["500", "100", "400"]);
    let changes = ground.get(&seller, &format!("/api/v1/own-stock/{product}/changes")).await.json;
    assert_eq!((&changes["items"][0]["reason"], &changes["items"][0]["on_hand_change"]), (&json!("listed"), &json!("79.5")));
    let history = ground.get(&seller, &format!("/api/v1/products/{product}/history")).await.json;
    let told = &history["items"][0]["changes"][0];
    assert_eq!((&told["field"], &told["before"], &told["after"]), (&json!("on_hand"), &json!("420.5"), &json!("500")));

    let less = text.replace("ready_stock,,420.5", "ready_stock,,99");
    let job = import(&ground, &seller, less.as_bytes()).await;
    assert_eq!(ended(&job), [0, 0, 1, 1]);
    let error = &job["errors"][0];
    assert_eq!((&error["column"], &error["code"], &error["value"]), (&json!("on_hand"), &json!("stock.kept"), &json!("99")));
    assert_eq!(counts(&ground, &seller, &product).await, ["500", "100", "400"]);
}

#[actix_web::test]
async fn history_tells_when_a_listing_went_to_ready_stock() {
    let (ground, _, seller) = market().await;
    let made = with(with(draft("M-1", "1"), "supply", json!("made_to_order")), "on_hand", Value::Null);
    let product = list(&ground, &seller, with(made.clone(), "capacity", json!("60000"))).await;
    let missing = put(&ground, &seller, &product, 1, with(made.clone(), "supply", json!("ready_stock"))).await;
    is(&missing, 422, "catalog.invalid");
    assert_eq!(put(&ground, &seller, &product, 1, draft("M-1", "7")).await.status, 200);
    let history = ground.get(&seller, &format!("/api/v1/products/{product}/history")).await.json;
    let told: Vec<_> = history["items"][0]["changes"].as_array().unwrap().iter()
        .map(|c| (c["field"].as_str().unwrap().to_owned(), c["before"].clone(), c["after"].clone())).collect();
    assert!(told.contains(&("product.supply".into(), Value::Null, json!("ready_stock"))), "{told:?}");
    assert!(told.contains(&("product.capacity".into(), json!("60000"), Value::Null)), "{told:?}");
    assert!(told.contains(&("on_hand".into(), Value::Null, json!("7"))), "{told:?}");
    // A later change that says nothing of supply leaves it, and the stock, as they are.
    let mut quiet = draft("M-1", "7");
    quiet.as_object_mut().unwrap().retain(|name, _| name != "supply" && name != "on_hand");
    assert_eq!(put(&ground, &seller, &product, 2, with(quiet, "lead_days", json!(5))).await.status, 200);
    assert_eq!(counts(&ground, &seller, &product).await, ["7", "0", "7"]);
}

/// Orders that take nothing from stock neither load nor write one.
#[actix_web::test]
async fn an_order_made_to_order_leaves_no_trace_in_any_stock() {
    let (ground, buyer, seller) = market().await;
    list(&ground, &seller, draft("R-1", "100")).await;
    let order = crate::ground::agreed(&ground, &buyer, &seller).await;
    assert_eq!(fund(&ground, &buyer, &order).await.status, 200);
    let events = ground.get(&buyer, &format!("/api/v1/orders/{order}/events")).await.json;
    assert!(!events.to_string().contains("\"stock\""), "{events}");
    let listed = ground.get(&seller, "/api/v1/own-stock").await.json;
    assert_eq!((&listed["items"][0]["version"], &listed["items"][0]["sku"]), (&json!(1), &json!("R-1")));
    let found = ground.get(&seller, "/api/v1/own-stock?q=corduroy%20r-1&limit=1").await.json;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}
