//! Every list and page over a market in which something has happened: both databases answer the same.

use crate::ground::{Client, Ground, MARKET, agreed, ground, pay_in};
use actix_web::http::Method;
use entrepot::identity::EditCompany;
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot_domain::kernel::{CompanyId, Role};
use serde_json::{Value, json};

/// A market with an order that was paid, shipped and accepted, and who looks at it.
async fn busy() -> (Ground, Client, Client, Client, String) {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let someone = ground.company("School", true, false).await;
    let admin = ground.reseat(&someone, MARKET, None, Role::Admin).await;
    pay_in(&ground, &buyer, "1100000").await;
    for sku in ["A-1", "A-2", "B_3"] {
        let answer = ground.post(&seller, "/api/v1/products", product(sku)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    let order = agreed(&ground, &buyer, &seller).await;
    for stage in [1, 2, 3] {
        ground.step(&buyer, &order, "stage.fund", json!({ "stage": stage, "method": "tt" })).await;
    }
    let papers =
        json!({ "shipment": 1, "carrier": "Line", "tracking_no": "T1", "documents": ["bl.pdf"], "eta_days": 12 });
    assert_eq!(ground.step(&seller, &order, "shipment.dispatch", papers).await.status, 200);
    ground.days(13).await;
    assert_eq!(ground.step(&buyer, &order, "shipment.accept", json!({ "shipment": 1 })).await.status, 200);
    ground.sealed().await;
    (ground, buyer, seller, admin, order)
}

fn product(sku: &str) -> Value {
    json!({
        "sku": sku, "title": format!("Bolt 100% {sku}"), "title_zh": "螺栓", "category": "hardware", "description": "Steel.",
        "hs_code": "731815", "unit": "pcs", "origin": "CN", "currency": "USD", "moq": "1000", "lead_days": 14,
        "ladder": [{ "from_quantity": "1000", "unit_price": "0.0035" }],
        "incoterm": { "code": "FOB", "place": "Ningbo" }, "pictures": [],
    })
}

async fn rename(ground: &Ground, client: &Client, name: &str) {
    let name = Some(name.to_owned());
    let id = CompanyId(crate::ground::hex(&client.company));
    let (name_zh, city, founded, about) = (None, None, None, None);
    let edit = EditCompany { id, name, name_zh, city, founded, about, buys: None, sells: None };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), edit)).await.unwrap();
}

/// The items of all pages of a list, at `limit` a page.
async fn all(ground: &Ground, who: &Client, path: &str, limit: usize) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    let joint = if path.contains('?') { '&' } else { '?' };
    for _ in 0..200 {
        let page = ground.get(who, &format!("{path}{joint}limit={limit}{cursor}")).await;
        assert_eq!(page.status, 200, "{path}: {page:?}");
        let items = page.json["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        found.extend(items.iter().cloned());
        match page.json["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
    panic!("{path} never ends");
}

#[actix_web::test]
async fn lists_turn_their_pages_without_gap_or_repeat() {
    let (ground, buyer, seller, admin, _) = busy().await;
    for (who, path, least) in [
        (&buyer, "/api/v1/products", 3),
        (&buyer, "/api/v1/companies", 3),
        (&buyer, "/api/v1/orders", 1),
        (&buyer, "/api/v1/wallet/statement?currency=USD&account=buyer", 4),
        (&seller, "/api/v1/wallet/statement?currency=USD&account=seller", 1),
        (&admin, "/api/v1/admin/events", 20),
    ] {
        let whole = all(&ground, who, path, 100).await;
        assert!(whole.len() >= least, "{path}: {}", whole.len());
        assert_eq!(all(&ground, who, path, 2).await, whole, "{path}");
    }
}

/// A list shows stored cards; a page is written from the listing: both say the same, whatever signs a text has.
#[actix_web::test]
async fn a_card_of_a_list_says_what_the_page_of_its_product_says() {
    let (ground, buyer, seller, _, _) = busy().await;
    rename(&ground, &seller, "Café \"Ünlü\" \\ 螺栓 & Söhne").await;
    let cards = all(&ground, &buyer, "/api/v1/products", 2).await;

    assert!(cards.len() >= 3);
    for card in cards {
        let page = ground.get(&buyer, &format!("/api/v1/products/{}", card["id"].as_str().unwrap())).await.json;
        for (field, value) in card.as_object().unwrap() {
            assert_eq!(&page[field], value, "{field}");
        }
        assert_eq!(card["supplier"]["name"].as_str().unwrap().matches('"').count(), 2);
    }
}

#[actix_web::test]
async fn searches_find_words_of_any_case_and_take_signs_as_signs() {
    let (ground, buyer, seller, _, order) = busy().await;
    let found = |path: String| {
        let (ground, buyer) = (&ground, &buyer);
        async move { all(ground, buyer, &path, 50).await.len() }
    };
    for (words, count) in [
        ("bolt", 3),
        ("BOLT%20a-2", 1),
        ("%E8%9E%BA%E6%A0%93", 3),
        ("100%25", 3),
        ("B_3", 1),
        ("b_%", 0),
        ("Seller", 0),
    ] {
        let path = format!("/api/v1/own-products?q={words}");
        assert_eq!(all(&ground, &seller, &path, 50).await.len(), count, "{words}: signs stand for themselves");
    }
    assert_eq!(found("/api/v1/products?category=hardware".to_owned()).await, 3);
    assert_eq!(found("/api/v1/products?category=textiles".to_owned()).await, 0);
    assert_eq!(found("/api/v1/companies?sells=true".to_owned()).await, 1);
    let number =
        ground.get(&buyer, &format!("/api/v1/orders/{order}")).await.json["number"].as_str().unwrap().to_owned();
    assert_eq!(found(format!("/api/v1/orders?q={}", number.to_lowercase())).await, 1);
    assert_eq!(found("/api/v1/orders?q=hex%20BOLTS".to_owned()).await, 1);
    assert_eq!(found("/api/v1/orders?q=%25".to_owned()).await, 0);
    assert_eq!(found("/api/v1/orders?role=buyer&status=active".to_owned()).await, 1);
    assert_eq!(found("/api/v1/orders?role=seller".to_owned()).await, 0);
}

#[actix_web::test]
async fn the_books_of_a_busy_market_balance_and_prove() {
    let (ground, buyer, seller, admin, order) = busy().await;
    let trial = ground.get(&admin, "/api/v1/admin/trial-balance").await.json;
    let client = ground.get(&admin, "/api/v1/admin/client-money").await.json;
    let proof = ground.post(&admin, "/api/v1/admin/prove", json!({})).await.json;
    let journals = ground.get(&seller, &format!("/api/v1/orders/{order}/journals")).await.json;
    let statement = ground.get(&buyer, "/api/v1/wallet/statement.csv?currency=USD&account=buyer").await;

    let usd = &trial["currencies"][0];
    assert_eq!(usd["total_debit"], usd["total_credit"]);
    assert_ne!(usd["total_debit"], "0");
    assert_eq!(client["currencies"][0]["difference"], "0");
    assert_eq!((&proof["ok"], proof["findings"].as_array().map(Vec::len)), (&json!(true), Some(0)), "{proof}");
    assert!(proof["checked"]["events"].as_u64().unwrap() > 20);
    assert!(journals["items"].as_array().unwrap().len() >= 4, "{journals}");
    assert_eq!(statement.status, 200);
}

#[actix_web::test]
async fn a_filter_that_the_list_does_not_know_is_refused() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    for (query, field) in [("status=AAA", "/status"), ("phase=AAA", "/phase"), ("role=AAA", "/role")] {
        let answer = ground.get(&buyer, &format!("/api/v1/orders?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.json["errors"][0]["pointer"].as_str()), (422, Some(field)), "{query}");
    }
    assert_eq!(ground.get(&buyer, "/api/v1/orders?status=draft&phase=negotiating&role=buyer").await.status, 200);
}

#[actix_web::test]
async fn a_file_sent_twice_is_kept_once_and_a_side_is_one_of_two() {
    let (ground, buyer, seller, _, order) = busy().await;
    let path = format!("/api/v1/orders/{order}/files?name=terms.txt");

    let first = ground.send(&buyer, actix_web::http::Method::POST, &path, b"as agreed", &[]).await;
    let again = ground.send(&buyer, actix_web::http::Method::POST, &path, b"as agreed", &[]).await;
    let other = ground.send(&buyer, actix_web::http::Method::POST, &path, b"as changed", &[]).await;
    let theirs = ground.send(&seller, actix_web::http::Method::POST, &path, b"as agreed", &[]).await;

    assert_eq!((first.status.as_u16(), &first.json), (201, &again.json));
    assert!(other.json["id"] != first.json["id"] && theirs.json["id"] != first.json["id"]);
    let kept = ground.get(&buyer, &format!("/api/v1/orders/{order}/files")).await;
    assert_eq!(kept.json["items"].as_array().map(Vec::len), Some(3), "{kept:?}");
    assert_eq!(ground.get(&buyer, "/api/v1/orders?role=carrier").await.status, 422);
    assert_eq!(ground.get(&buyer, "/api/v1/orders?role=buyer").await.status, 200);
}

#[actix_web::test]
async fn a_list_shows_what_product_and_company_are_called_now() {
    let (ground, buyer, seller, _, _) = busy().await;
    let list = || async { ground.get(&buyer, "/api/v1/products").await.json["items"][0].clone() };
    let first = list().await;
    assert_eq!(list().await, first, "twice the same");
    let path = format!("/api/v1/products/{}", first["id"].as_str().unwrap());

    let mut changed = product(first["sku"].as_str().unwrap());
    changed["title"] = json!("Another bolt");
    let body = changed.to_string();
    let answer = ground.send(&seller, Method::PUT, &path, body.as_bytes(), &[("If-Match", "\"1\"")]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(list().await["title"], "Another bolt");

    rename(&ground, &seller, "Renamed Ltd").await;
    assert_eq!(list().await["supplier"]["name"], "Renamed Ltd");
    assert_eq!(ground.get(&buyer, &path).await.json["supplier"]["name"], "Renamed Ltd", "its page says the same");
}
