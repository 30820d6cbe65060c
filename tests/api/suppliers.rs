//! Suppliers over HTTP: found by name and by what they list, counted, judged by how punctual they were, and closed ones never shown.

use crate::ground::{Client, Ground, MARKET, OTHER_MARKET, agreed, ground, pay_in};
use entrepot::market::SwitchEra;
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot::search::Search;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Era;
use serde_json::{Value, json};

fn good(sku: &str, title: &str, title_zh: &str, category: &str) -> Value {
    json!({
        "sku": sku, "title": title, "title_zh": title_zh, "category": category, "description": "", "hs_code": "731815",
        "unit": "pcs", "origin": "DE", "currency": "USD", "moq": "100", "lead_days": 10,
        "incoterm": { "code": "FOB", "place": "Hamburg" },
        "ladder": [{ "from_quantity": "100", "unit_price": "1" }], "pictures": [], "attributes": {},
    })
}

async fn list(ground: &Ground, seller: &Client, body: Value) {
    let answer = ground.post(seller, "/api/v1/products", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
}

/// Lets the index follow, and looks at the suppliers again.
async fn followed(ground: &Ground) {
    ground.sealed().await;
    let search = Search::of(&ground.state).unwrap();
    search.catch_up(ground.state.engine.db()).await.unwrap();
    search.look_again(&ground.state, true).await.unwrap();
}

async fn suppliers(ground: &Ground, who: &Client, query: &str) -> Value {
    let answer = ground.get(who, &format!("/api/v1/search/suppliers?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|card| card["name"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn suppliers_are_found_by_name_and_goods_filtered_counted_and_paged() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let (iron, cloth) =
        (ground.company("Iron Works", false, true).await, ground.company("Cloth Mill", true, true).await);
    ground.company("Empty Shelf", false, true).await;
    let page = suppliers(&ground, &buyer, "q=").await;
    assert_eq!((&page["complete"], &page["total"]), (&json!(false), &json!(0)), "an index not built yet says so");
    list(&ground, &iron, good("I-1", "Hex bolt M8", "不锈钢螺栓", "fasteners")).await;
    list(&ground, &iron, good("I-2", "Hammer", "锤子", "hardware")).await;
    list(&ground, &iron, good("I-3", "Wrench", "扳手", "hardware")).await;
    list(&ground, &cloth, good("C-1", "Cotton corduroy", "灯芯绒", "textiles")).await;
    followed(&ground).await;

    let all = suppliers(&ground, &buyer, "q=").await;
    assert_eq!(names(&all), ["Iron Works", "Cloth Mill", "Empty Shelf"], "the most listings first");
    assert_eq!((&all["total"], &all["complete"], &all["width"]), (&json!(3), &json!(true), &json!("exact")));
    let facet = |value: &str, count: u64| json!({ "value": value, "count": count });
    assert_eq!(all["facets"]["category"], json!([facet("fasteners", 1), facet("hardware", 1), facet("textiles", 1)]));
    assert_eq!(all["facets"]["country"], json!([facet("DE", 3)]));
    assert_eq!(all["facets"]["verified"], json!([facet("0", 3)]));
    let card = &all["items"][0];
    let categories = json!([{ "category": "hardware", "count": 2 }, { "category": "fasteners", "count": 1 }]);
    assert_eq!((&card["categories"], &card["listings"]), (&categories, &json!(3)));
    assert_eq!((&card["id"], &card["proofs"], &card["response"]), (&json!(iron.company), &json!([]), &Value::Null));
    assert_eq!(card["record"], json!({ "shipments": 0, "on_time_bps": null }));

    for (query, wanted, width) in [
        ("q=iron%20works", vec!["Iron Works"], "exact"),
        ("q=iorn%20works%20", vec!["Iron Works"], "near"),
        ("q=bolts", vec!["Iron Works"], "exact"),
        ("q=%E8%9E%BA%E6%A0%93", vec!["Iron Works"], "exact"),
        ("q=textiles", vec!["Cloth Mill"], "exact"),
        ("q=%E7%BA%BA%E7%BB%87%E9%9D%A2%E6%96%99", vec!["Cloth Mill"], "exact"),
        ("q=&category=hardware,textiles", vec!["Iron Works", "Cloth Mill"], "exact"),
        ("q=cotton&category=hardware", vec![], "exact"),
        ("q=&verified=3", vec![], "exact"),
        ("q=&country=FR", vec![], "exact"),
    ] {
        let page = suppliers(&ground, &buyer, query).await;
        assert_eq!((names(&page), &page["width"]), (wanted.clone(), &json!(width)), "{query}");
        assert_eq!(page["total"], json!(wanted.len()), "{query}");
    }
    let first = suppliers(&ground, &buyer, "q=&limit=2").await;
    let next = first["next_cursor"].as_str().unwrap();
    let rest = suppliers(&ground, &buyer, &format!("q=&limit=2&cursor={next}")).await;
    assert_eq!((names(&rest), &rest["next_cursor"], &rest["total"]), (vec!["Empty Shelf"], &Value::Null, &json!(3)));

    for (query, code, pointer) in [
        (format!("q={}", "a".repeat(201)), "search.too_long", "/q"),
        (format!("category={}", vec!["a"; 41].join(",")), "search.too_many_filters", ""),
        ("sort=price".to_owned(), "search.filter", "/sort"),
        ("on_time=99".to_owned(), "search.filter", "/on_time"),
        ("cursor=x".to_owned(), "search.cursor", "/cursor"),
    ] {
        let answer = ground.get(&buyer, &format!("/api/v1/search/suppliers?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (422, Some(code)), "{answer:?}");
        assert_eq!(answer.json.pointer("/errors/0/pointer").and_then(Value::as_str).unwrap_or(""), pointer, "{query}");
    }
    let away = ground.reseat(&iron, OTHER_MARKET, None, Role::Admin).await;
    let found = suppliers(&ground, &away, "q=iron").await;
    assert_eq!(
        (&found["total"], &found["facets"]["country"]),
        (&json!(0), &json!([])),
        "another market is not searched"
    );
}

/// Three orders of two shipments: all dispatched well before their dates, or none.
async fn trade(ground: &Ground, buyer: &Client, seller: &Client, dispatched: bool) {
    for n in 0..3 {
        let order = agreed(ground, buyer, seller).await;
        for stage in [1, 2, 3] {
            let paid = ground.step(buyer, &order, "stage.fund", json!({ "stage": stage, "method": "tt" })).await;
            assert_eq!(paid.status, 200, "{paid:?}");
        }
        for shipment in if dispatched { 1..3 } else { 0..0 } {
            let papers = json!({ "shipment": shipment, "carrier": "Line", "tracking_no": format!("T{n}{shipment}"),
                "documents": ["bl.pdf"], "eta_days": 12 });
            assert_eq!(ground.step(seller, &order, "shipment.dispatch", papers).await.status, 200);
        }
    }
}

#[actix_web::test]
async fn who_ships_in_time_is_found_by_it_as_the_suppliers_page_says_and_only_while_it_counts() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    pay_in(&ground, &buyer, "9000000").await;
    let mut sellers = Vec::new();
    for name in ["Punctual", "Tardy", "Fresh"] {
        let seller = ground.company(name, false, true).await;
        list(&ground, &seller, good("S-1", &format!("Hex bolt by {name}"), "螺栓", "fasteners")).await;
        sellers.push(seller);
    }
    followed(&ground).await;
    let products = async |query: &str| ground.get(&buyer, &format!("/api/v1/search?{query}")).await.json;
    let left = |n90: u64, n95: u64, none: u64| {
        let at_least = json!([{ "value": "90", "count": n90 }, { "value": "95", "count": n95 }]);
        json!({ "at_least": at_least, "no_record": none })
    };
    assert_eq!(products("q=bolt").await["punctuality"], left(0, 0, 3));
    assert_eq!(products("q=bolt&on_time=90").await["total"], 0, "no record falls out");

    trade(&ground, &buyer, &sellers[0], true).await;
    trade(&ground, &buyer, &sellers[1], false).await;
    ground.days(80).await;
    followed(&ground).await;
    for least in ["90", "95"] {
        let found = products(&format!("q=bolt&on_time={least}")).await;
        assert_eq!((&found["total"], &found["items"][0]["supplier"]["name"]), (&json!(1), &json!("Punctual")));
        assert_eq!(found["punctuality"], left(1, 1, 1), "counted as without the filter");
        assert_eq!(found["facets"]["country"], json!([{ "value": "DE", "count": 1 }]));
        let page = suppliers(&ground, &buyer, &format!("on_time={least}")).await;
        assert_eq!((names(&page), &page["punctuality"]), (vec!["Punctual"], &left(1, 1, 1)));
    }
    let page = suppliers(&ground, &buyer, "q=bolt&sort=relevance").await;
    for card in page["items"].as_array().unwrap() {
        let path = format!("/api/v1/companies/{}/record", card["id"].as_str().unwrap());
        let record = ground.get(&buyer, &path).await.json["record"].clone();
        assert_eq!(card["record"], json!({ "shipments": record["shipments"], "on_time_bps": record["on_time_bps"] }));
    }
    let tardy = page["items"].as_array().unwrap().iter().find(|card| card["name"] == "Tardy").unwrap();
    assert_eq!(tardy["record"], json!({ "shipments": 6, "on_time_bps": 0 }));

    let terms = json!({ "q": "washer", "on_time": "90" });
    for (name, search) in [("in time", terms), ("any", json!({ "q": "washer" }))] {
        let body = json!({ "name": name, "alerts": true, "search": search });
        assert_eq!(ground.post(&buyer, "/api/v1/saved-searches", body).await.status, 201);
    }
    ground.told().await;
    for seller in &sellers {
        list(&ground, seller, good("S-2", "Washer", "垫圈", "fasteners")).await;
    }
    ground.told().await;
    let told = ground.get(&buyer, "/api/v1/notices?limit=100").await.json;
    let told = told["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == "search_matched");
    let mut counts: Vec<u64> = told.map(|notice| notice["count"].as_u64().unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 3], "a saved search is told of the goods of punctual suppliers alone");

    ground.days(200).await;
    followed(&ground).await;
    let later = products("q=bolt&on_time=90").await;
    assert_eq!(
        (&later["total"], &later["punctuality"]["no_record"]),
        (&json!(0), &json!(3)),
        "what is old is forgotten"
    );

    let switch = SwitchEra { market: MARKET, era: Era::Information };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), switch)).await.unwrap();
    let page = suppliers(&ground, &buyer, "q=").await;
    assert_eq!((&page["punctuality"], &page["items"][0]["record"]), (&Value::Null, &Value::Null));
    assert_eq!(products("q=bolt").await["punctuality"], Value::Null);
    for path in ["/api/v1/search?on_time=90", "/api/v1/search/suppliers?on_time=90"] {
        let refused = ground.get(&buyer, path).await;
        assert_eq!((refused.status.as_u16(), refused.json["code"].as_str()), (409, Some("market.not_in_this_era")));
        assert_eq!(refused.json["params"]["era"], "2.0");
    }
}

#[actix_web::test]
async fn a_company_that_nobody_acts_for_any_more_is_not_shown() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Iron Works", false, true).await);
    let admin = ground.reseat(&ground.company("School", true, false).await, MARKET, None, Role::Admin).await;
    followed(&ground).await;
    assert_eq!(names(&suppliers(&ground, &buyer, "q=iron").await), ["Iron Works"]);
    for (act, total) in [("disable", 0), ("enable", 1)] {
        let path = format!("/api/v1/admin/users/{}/{act}", seller.user);
        assert_eq!(ground.post(&admin, &path, json!({})).await.status, 204);
        followed(&ground).await;
        let page = suppliers(&ground, &buyer, "q=iron").await;
        assert_eq!(
            (&page["total"], page["facets"]["country"].as_array().unwrap().len()),
            (&json!(total), total),
            "{act}"
        );
    }
}
