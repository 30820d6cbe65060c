//! The search over HTTP: what is found, what is refused, and what stays inside its market.

use crate::ground::{Client, Ground, MARKET, OTHER_MARKET, ground};
use entrepot::search::Search;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

fn product(sku: &str, title: &str, currency: &str, price: &str, days: i64) -> Value {
    json!({
        "sku": sku, "title": title, "title_zh": "不锈钢螺栓", "category": "hardware",
        "description": "Zinc plated <script>alert(1)</script>", "hs_code": "731815", "unit": "pcs", "origin": "DE",
        "currency": currency, "moq": "100", "lead_days": days, "incoterm": { "code": "FOB", "place": "Hamburg" },
        "ladder": [{ "from_quantity": "100", "unit_price": price }, { "from_quantity": "1000", "unit_price": "0.5" }],
        "pictures": [], "attributes": { "thread": "M8" },
    })
}

async fn followed(ground: &Ground) {
    ground.sealed().await;
    let search = Search::of(&ground.state).unwrap();
    search.catch_up(ground.state.engine.db()).await.unwrap();
}

async fn list(ground: &Ground, seller: &Client, body: Value) -> String {
    let answer = ground.post(seller, "/api/v1/products", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json["id"].as_str().unwrap().to_owned()
}

fn skus(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|card| card["sku"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn what_is_listed_is_found_filtered_counted_and_paged() {
    let ground = ground().await;
    let (seller, buyer) = (ground.company("Iron Works", false, true).await, ground.company("Buyer", true, false).await);
    let empty = ground.get(&buyer, "/api/v1/search?q=bolt").await;
    assert_eq!(
        (empty.status.as_u16(), &empty.json["complete"]),
        (200, &json!(false)),
        "an index not built yet says so"
    );
    for (sku, title, currency, price, days) in [
        ("A-1", "Hex bolt M8 x 40", "USD", "2", 10),
        ("A-2", "Carriage bolt", "USD", "3", 20),
        ("A-3", "Eye bolt", "EUR", "1", 20),
        ("A-4", "Wood screw", "USD", "1", 70),
    ] {
        list(&ground, &seller, product(sku, title, currency, price, days)).await;
    }
    followed(&ground).await;

    let page = ground.get(&buyer, "/api/v1/search?q=bolts&limit=2").await;
    assert_eq!(page.json["total"], 3, "{page:?}");
    assert_eq!((&page.json["width"], &page.json["complete"]), (&json!("exact"), &json!(true)));
    assert_eq!(
        page.json["facets"]["currency"],
        json!([{ "value": "USD", "count": 2 }, { "value": "EUR", "count": 1 }])
    );
    assert_eq!(page.json["facets"]["lead"], json!([{ "value": "15", "count": 1 }, { "value": "30", "count": 2 }]));
    let card = &page.json["items"][0];
    assert_eq!(
        card,
        &ground.get(&buyer, "/api/v1/products?limit=100").await.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|known| known["id"] == card["id"])
            .unwrap()
            .clone(),
        "a hit is the list's own card"
    );
    let next = page.json["next_cursor"].as_str().unwrap();
    let rest = ground.get(&buyer, &format!("/api/v1/search?q=bolts&limit=2&cursor={next}")).await;
    assert_eq!((rest.json["items"].as_array().unwrap().len(), &rest.json["next_cursor"]), (1, &Value::Null));

    for (query, wanted) in [
        ("q=&price_min=1.5&price_max=2.5", vec!["A-1"]),
        ("q=&quantity=1000&price_max=0.5", vec!["A-1", "A-2", "A-4"]),
        ("q=&quantity=50&price_max=9", vec![]),
        ("q=bolt&currency=EUR&sort=price", vec!["A-3"]),
        ("q=bolt&sort=price_down", vec!["A-2", "A-1"]),
        ("q=&lead=more,15&sort=lead", vec!["A-1", "A-4"]),
        (
            "q=%E8%9E%BA%E6%A0%93&country=DE&incoterm=FOB&verified=0&category=hardware&sort=lead",
            vec!["A-1", "A-2", "A-3", "A-4"],
        ),
        ("q=thread%20M8%20screw&country=CN", vec![]),
        ("q=bolt&supplier=0123", vec![]),
    ] {
        let mut found = ground.get(&buyer, &format!("/api/v1/search?{query}")).await.json;
        let mut found_skus = skus(&found);
        if !query.contains("sort=price") {
            found_skus.sort_unstable();
        }
        assert_eq!(found_skus, wanted, "{query}");
        assert_eq!(found["total"].take(), json!(wanted.len()), "{query}");
    }

    let typo = ground.get(&buyer, "/api/v1/search?q=carrige").await.json;
    assert_eq!((skus(&typo), &typo["width"], &typo["meant"]), (vec!["A-2"], &json!("near"), &json!("carriage")));
    let offered = ground.get(&buyer, "/api/v1/search/suggestions?q=hex%20bo").await.json;
    assert_eq!(offered["queries"], json!(["hex bolt"]));
    assert_eq!(skus(&json!({ "items": offered["products"] })), ["A-1"]);
}

#[actix_web::test]
async fn a_search_that_cannot_be_read_says_what_is_wrong() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    followed(&ground).await;
    let many = (0..50).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    for (query, code, pointer) in [
        (format!("q={}", "a".repeat(201)), "search.too_long", "/q"),
        (format!("q={}", "a+".repeat(60)), "search.too_long", "/q"),
        (format!("category={many}"), "search.too_many_filters", ""),
        ("quantity=many".to_owned(), "search.filter", "/quantity"),
        ("price_min=1e3".to_owned(), "search.filter", "/price_min"),
        ("moq_max=-".to_owned(), "search.filter", "/moq_max"),
        ("sort=best".to_owned(), "search.filter", "/sort"),
        ("sort=price&currency=USD,EUR".to_owned(), "search.filter", "/currency"),
        ("cursor=abc".to_owned(), "search.cursor", "/cursor"),
        (format!("cursor={}", "g".repeat(48)), "search.cursor", "/cursor"),
        (format!("cursor={}", "%E8%9E%BA".repeat(16)), "search.cursor", "/cursor"),
    ] {
        let answer = ground.get(&buyer, &format!("/api/v1/search?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some(code)), "{query}: {answer:?}");
        assert_eq!(answer.json.pointer("/errors/0/pointer").and_then(Value::as_str).unwrap_or(""), pointer, "{query}");
    }
    for hostile in ["%22%20OR%20*", "%00", "(((((", "*:*", "text:bolt", "%F0%9F%94%A9", "a%27%3B--"] {
        let answer = ground.get(&buyer, &format!("/api/v1/search?q={hostile}")).await;
        assert_eq!(answer.status, 200, "{hostile}: {answer:?}");
        let answer = ground.get(&buyer, &format!("/api/v1/search/suggestions?q={hostile}")).await;
        assert_eq!(answer.status, 200, "{hostile}: {answer:?}");
    }
}

#[actix_web::test]
async fn properties_of_the_one_chosen_category_are_counted_and_narrow() {
    let ground = ground().await;
    let (seller, buyer) = (ground.company("Mill", false, true).await, ground.company("Buyer", true, false).await);
    for (sku, category, attributes) in [
        ("T-1", "textiles", json!({ "weave": "woven", "width_cm": "150", "weight_gsm": "300.0" })),
        ("T-2", "textiles", json!({ "weave": "woven", "width_cm": "160.5" })),
        ("T-3", "textiles", json!({ "weave": "knitted", "composition": "cotton" })),
        ("T-4", "textiles", json!({})),
        ("G-1", "garments", json!({ "gender": "women", "weight_gsm": "180" })),
    ] {
        let mut body = product(sku, "Cotton cloth", "USD", "2", 10);
        (body["category"], body["attributes"]) = (json!(category), attributes);
        list(&ground, &seller, body).await;
    }
    followed(&ground).await;
    let find = async |query: &str| ground.get(&buyer, &format!("/api/v1/search?q=cloth&{query}")).await.json;
    let facet = |value: &str, count: u64| json!({ "value": value, "count": count });
    assert_eq!(find("").await["properties"], json!([]), "no category, no properties");
    assert_eq!(find("category=textiles,garments").await["properties"], json!([]));

    let all = find("category=textiles").await;
    let number = |key: &str, count: u64, least: &str, most: &str| json!({ "key": key, "count": count, "values": [], "least": least, "most": most });
    let weave = |woven: u64, knitted: u64| {
        let values: Vec<Value> =
            [("woven", woven), ("knitted", knitted)].iter().filter(|v| v.1 > 0).map(|v| facet(v.0, v.1)).collect();
        json!({ "key": "weave", "count": woven + knitted, "values": values, "least": null, "most": null })
    };
    let wanted = json!([number("weight_gsm", 1, "300", "300"), number("width_cm", 2, "150", "160.5"), weave(2, 1)]);
    assert_eq!((&all["total"], &all["properties"]), (&json!(4), &wanted), "what nobody states is not shown");

    for (query, skus_found, properties) in [
        ("property=weave:woven", vec!["T-1", "T-2"], json!([wanted[0], wanted[1], weave(2, 1)])),
        ("property=weave:woven,weave:knitted", vec!["T-1", "T-2", "T-3"], wanted.clone()),
        ("property=width_cm:155..", vec!["T-2"], json!([wanted[1], weave(1, 0)])),
        ("property=width_cm:..150,weave:woven", vec!["T-1"], json!([wanted[0], wanted[1], weave(1, 0)])),
    ] {
        let found = find(&format!("category=textiles&{query}")).await;
        let mut named = skus(&found);
        named.sort_unstable();
        assert_eq!((named, &found["total"]), (skus_found.clone(), &json!(skus_found.len())), "{query}");
        assert_eq!(found["properties"], properties, "{query}");
        assert_eq!(found["facets"]["category"], json!([facet("textiles", 4), facet("garments", 1)]), "{query}");
    }
    for query in [
        "property=weave:woven",
        "category=textiles,garments&property=weave:woven",
        "category=textiles&property=plug:eu",
        "category=textiles&property=weave:plaited",
        "category=textiles&property=width_cm:wide",
    ] {
        let answer = ground.get(&buyer, &format!("/api/v1/search?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some("search.filter")), "{query}");
        assert_eq!(answer.json["errors"][0]["pointer"], "/property", "{query}");
    }
    let many = vec!["weave:woven"; 40].join(",");
    let answer = ground.get(&buyer, &format!("/api/v1/search?category=textiles&property={many}")).await;
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some("search.too_many_filters")));
}

#[actix_web::test]
async fn another_market_is_never_searched() {
    let ground = ground().await;
    let seller = ground.company("Seller", true, true).await;
    list(&ground, &seller, product("A-1", "Secret widget", "USD", "2", 10)).await;
    followed(&ground).await;
    let away = ground.reseat(&seller, OTHER_MARKET, None, Role::Admin).await;
    let found = ground.get(&away, "/api/v1/search?q=widget").await.json;
    assert_eq!((&found["total"], &found["facets"]["country"]), (&json!(0), &json!([])));
    assert_eq!(ground.get(&away, "/api/v1/search/suggestions?q=wid").await.json["queries"], json!([]));
}

#[actix_web::test]
async fn a_market_without_a_search_says_which_era_brings_it() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let teacher = ground.reseat(&ground.company("School", true, false).await, MARKET, None, Role::Teacher).await;
    let off = ground.post(&teacher, "/api/v1/market/capabilities", json!({ "name": "search", "on": false })).await;
    assert_eq!(off.status, 200, "{off:?}");
    for path in ["/api/v1/search?q=bolt", "/api/v1/search/suppliers?q=bolt", "/api/v1/search/suggestions?q=bolt"] {
        let answer = ground.get(&buyer, path).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (409, Some("market.not_in_this_era")));
        assert_eq!(answer.json["params"]["era"], "1.0");
    }
}

#[actix_web::test]
async fn a_draft_is_judged_without_being_kept() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;
    let body = product("A-1", "Hex bolt M8", "USD", "2", 10);
    let judged = ground.post(&seller, "/api/v1/products/check", body.clone()).await;
    assert_eq!((judged.status.as_u16(), judged.json["score"].as_u64()), (200, Some(26)), "{judged:?}");
    assert_eq!(
        judged.json["advice"][0],
        json!({ "kind": "more_pictures", "pointer": "/pictures", "gain": 20, "attribute": null })
    );
    let mut wrong = body;
    wrong["hs_code"] = json!("94");
    let refused = ground.post(&seller, "/api/v1/products/check", wrong).await;
    assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["pointer"]), (422, &json!("/hs_code")));
    assert_eq!(ground.get(&seller, "/api/v1/products").await.json["items"], json!([]));
}
