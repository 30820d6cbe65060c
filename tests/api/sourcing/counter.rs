//! Counter-offers to a quote: asked by the buyer, answered by the supplier, seen by nobody else.

use super::*;
use crate::ground::ground;

fn counter(version: i32, price: &str) -> Value {
    json!({ "version": version, "lines": [{ "line": 1, "unit_price": price }], "note": "quoll note" })
}

async fn take(ground: &Ground, who: &Client, quote: &str, step: &str, body: Value) -> Answer {
    ground.post(who, &format!("/api/v1/quotes/{quote}/{step}"), body).await
}

#[actix_web::test]
async fn the_price_agreed_to_is_the_price_of_the_order() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (north, south) = (ground.company("North", false, true).await, ground.company("South", false, true).await);
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let quote = quoted(&ground, &north, &rfq).await;
    let rival = quoted(&ground, &south, &rfq).await;

    let asked = take(&ground, &buyer, &quote, "counter", counter(1, "0.0027")).await;
    assert_eq!((asked.status.as_u16(), &asked.json["newest"]), (200, &json!(1)), "{asked:?}");
    let again = take(&ground, &buyer, &quote, "counter", counter(1, "0.0027")).await;
    assert_eq!((again.status.as_u16(), &again.json["already"]), (200, &json!(true)));
    let seen = ground.get(&north, &format!("/api/v1/quotes/{quote}")).await.json;
    assert_eq!(seen["counters"].as_array().map(Vec::len), Some(1));
    let standing = &seen["counters"][0];
    assert_eq!((&standing["state"], &standing["note"]), (&json!("standing"), &json!("quoll note")));
    let change = json!([{ "field": "/lines/1/ladder/1/unit_price", "before": "0.003", "after": "0.0027" }]);
    assert_eq!(standing["changes"], change);

    // A rival learns nothing and can do nothing; the supplier cannot counter itself, nor the buyer agree to its own counter.
    let page = page(&ground, &south, &rfq).await.to_string() + &ground.get(&south, "/api/v1/quotes").await.json.to_string();
    assert!(!page.contains("quoll"), "{page}");
    for (who, step, body, status) in [
        (&south, "counter", counter(1, "0.001"), 404),
        (&south, "agree", json!({ "counter": 1 }), 404),
        (&north, "counter", counter(1, "0.001"), 403),
        (&buyer, "agree", json!({ "counter": 1 }), 403),
    ] {
        assert_eq!(take(&ground, who, &quote, step, body).await.status, status, "{step}");
    }
    let foreign = take(&ground, &south, &rival, "agree", json!({ "counter": 1 })).await;
    assert_eq!(refusal(&foreign), (409, "sourcing.no_counter"), "a counter belongs to its quote");

    let agreed = take(&ground, &north, &quote, "agree", json!({ "counter": 1 })).await;
    assert_eq!((agreed.status.as_u16(), &agreed.json["newest"]), (200, &json!(2)), "{agreed:?}");
    let twice = take(&ground, &north, &quote, "agree", json!({ "counter": 1 })).await;
    assert_eq!((twice.status.as_u16(), &twice.json["already"]), (200, &json!(true)));
    let stale = take(&ground, &buyer, &quote, "counter", counter(1, "0.0026")).await;
    assert_eq!(refusal(&stale), (409, "sourcing.quote_outdated"));
    assert_eq!(stale.json["params"]["newest"], "2");

    let old: [Part<'_>; 1] = [(&quote, 1, &[(1, "10000")])];
    assert_eq!(refusal(&award(&ground, &buyer, &rfq, &old).await), (409, "sourcing.quote_outdated"));
    let awarded = award(&ground, &buyer, &rfq, &[(&quote, 2, &[(1, "10000")])]).await;
    let id = awarded.json["awards"][0]["order"]["id"].as_str().unwrap_or_else(|| panic!("{awarded:?}"));
    let order = ground.get(&buyer, &format!("/api/v1/orders/{id}")).await.json;
    assert_eq!(order["terms"]["lines"][0]["unit_price"], "0.0027");
}

#[actix_web::test]
async fn who_was_asked_may_answer_after_the_last_day_and_faults_are_named() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let north = ground.company("North", false, true).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    // It stands longer than the request is open.
    let long = |days: i64| with(with(quote_body(), "/validity_days", json!(60)), "/lead_days", json!(days));
    let quote = id_of(&submit(&ground, &north, &rfq, long(20)).await);
    for (body, pointer, code) in [
        (counter(1, "a lot"), "/lines/0/unit_price", "catalog.number"),
        (counter(1, "0.0030"), "/lines/0/unit_price", "counter.price"),
        (json!({ "version": 1, "lines": [{ "line": 7, "unit_price": "1" }] }), "/lines/0/line", "counter.line"),
        (json!({ "version": 1 }), "/lines", "counter.nothing"),
    ] {
        let refused = take(&ground, &buyer, &quote, "counter", body).await;
        assert_eq!(refusal(&refused), (422, "sourcing.counter_invalid"));
        let field = &refused.json["errors"][0];
        assert_eq!((&field["pointer"], &field["code"]), (&json!(pointer), &json!(code)));
    }

    ground.days(21).await;
    let late = take(&ground, &north, &quote, "revise", long(9)).await;
    assert_eq!(refusal(&late), (409, "sourcing.deadline_over"), "nobody asked for it");
    assert_eq!(take(&ground, &buyer, &quote, "counter", counter(1, "0.0029")).await.status, 200);
    let answered = take(&ground, &north, &quote, "revise", long(9)).await;
    assert_eq!((answered.status.as_u16(), &answered.json["newest"]), (200, &json!(2)), "{answered:?}");
    let seen = ground.get(&buyer, &format!("/api/v1/quotes/{quote}")).await.json;
    assert_eq!(seen["counters"][0]["state"], "passed");
}
