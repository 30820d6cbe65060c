//! The routes from outside.

use super::complete_cards;
use super::tests::{BUYER, OTHER_MARKET, RIVAL, SELLER, World, seat};
use crate::platform::access::Actor;
use crate::platform::rows;
use actix_web::test;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

fn draft(sku: &str) -> Value {
    json!({ "sku": sku, "title": "Cotton corduroy ×16", "title_zh": "灯芯绒", "category": "textiles", "description": "Rolls of 60 m.",
        "hs_code": "5801220000", "unit": "m", "origin": "CN", "currency": "USD", "moq": "300", "moq_step": "50",
        "ladder": [{ "from_quantity": "300", "unit_price": "3.42" }, { "from_quantity": "1000", "unit_price": "0.0035" }],
        "lead_days": 18, "incoterm": { "code": "FOB", "place": "Ningbo" }, "pictures": ["fabric-roll.svg"] })
}

fn get(path: &str) -> test::TestRequest {
    test::TestRequest::get().uri(&format!("/api/v1{path}"))
}

fn post(path: &str, body: &Value) -> test::TestRequest {
    test::TestRequest::post().uri(&format!("/api/v1{path}")).set_json(body)
}

fn put(path: &str, version: &str, body: &Value) -> test::TestRequest {
    test::TestRequest::put().uri(&format!("/api/v1{path}")).insert_header(("If-Match", version)).set_json(body)
}

async fn listed(world: &World, sku: &str) -> String {
    let (status, _, body) = world.call(&seat(SELLER, Role::Trader), post("/products", &draft(sku))).await;
    assert_eq!(status, 201, "{body}");
    format!("/products/{}", body["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_listed_product_is_read_changed_and_priced() {
    let world = World::new().await;
    let (seller, buyer) = (seat(SELLER, Role::Owner), seat(BUYER, Role::Viewer));
    let path = listed(&world, "C-16").await;

    let (_, tag, page) = world.call(&buyer, get(&path)).await;
    assert_eq!((tag.as_deref(), &page["version"]), (Some("\"1\""), &json!(1)));
    assert_eq!((&page["price_from"], &page["price_to"]), (&json!("0.0035"), &json!("3.42")));
    assert_eq!(page["picture"], "/api/v1/pictures/fabric-roll.svg");
    assert_eq!(page["supplier"]["name"], "Lanqiao Weaving");

    let (_, _, price) = world.call(&buyer, post(&format!("{path}/price"), &json!({ "quantity": "1000" }))).await;
    assert_eq!(
        price,
        json!({ "unit_price": { "price": "0.0035", "currency": "USD" }, "total": { "minor": "350", "currency": "USD" } })
    );
    for (quantity, nearest, code) in [("1", "300", "catalog.below_moq"), ("301", "350", "catalog.off_lot_step")] {
        let (status, _, problem) =
            world.call(&buyer, post(&format!("{path}/price"), &json!({ "quantity": quantity }))).await;
        assert_eq!(
            (status.as_u16(), &problem["code"], &problem["params"]["nearest_quantity"]),
            (422, &json!(code), &json!(nearest))
        );
    }

    let mut changed = draft("C-16");
    changed["ladder"][0]["unit_price"] = json!("3.40");
    let (status, tag, _) = world.call(&seller, put(&path, "\"1\"", &changed)).await;
    assert_eq!((status.as_u16(), tag.as_deref()), (200, Some("\"2\"")));
    assert_eq!(world.call(&seller, put(&path, "\"1\"", &changed)).await.2["code"], "stale_version");
    let (status, _, problem) =
        world.call(&seller, test::TestRequest::put().uri(&format!("/api/v1{path}")).set_json(&changed)).await;
    assert_eq!((status.as_u16(), &problem["code"]), (428, &json!("catalog.version_needed")));
    assert_eq!(
        world.call(&seller, put(&path, "\"2\"", &changed)).await.1.as_deref(),
        Some("\"2\""),
        "nothing to change"
    );
    assert_eq!(world.events().await, 2);
}

#[actix_web::test]
async fn every_wrong_field_is_named() {
    let world = World::new().await;
    let mut wrong = draft("X");
    wrong["moq"] = json!("many");
    wrong["currency"] = json!("XXX");
    wrong["category"] = json!("Not a slug");
    wrong["pictures"] = json!(["../../etc/passwd"]);
    wrong["ladder"][1]["unit_price"] = json!("4.00");

    let (status, _, problem) = world.call(&seat(SELLER, Role::Owner), post("/products", &wrong)).await;

    let mut pointers: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("catalog.invalid")));
    assert_eq!(pointers, ["/category", "/currency", "/ladder/1/unit_price", "/moq", "/pictures/0"]);
}

#[actix_web::test]
async fn only_the_sellers_traders_write_and_a_sku_is_taken_once() {
    let world = World::new().await;
    let path = listed(&world, "C-16").await;

    let cases = [
        (seat(SELLER, Role::Owner), "POST", 409, "catalog.sku_taken"),
        (seat(RIVAL, Role::Owner), "POST", 201, ""),
        (seat(BUYER, Role::Owner), "POST", 403, "catalog.not_a_seller"),
        (seat(SELLER, Role::Viewer), "POST", 403, "forbidden"),
        (seat(RIVAL, Role::Owner), "PUT", 403, "forbidden"),
        (seat(SELLER, Role::Finance), "PUT", 403, "forbidden"),
        (Actor { market: OTHER_MARKET, ..seat(SELLER, Role::Owner) }, "PUT", 404, "not_found"),
        (Actor { market: OTHER_MARKET, ..seat(SELLER, Role::Owner) }, "GET", 404, "not_found"),
        (Actor { company: None, ..seat(SELLER, Role::Teacher) }, "GET", 200, ""),
    ];
    for (actor, method, expected, code) in cases {
        let request = match method {
            "POST" => post("/products", &draft("C-16")),
            "PUT" => put(&path, "\"1\"", &draft("C-17")),
            _ => get(&path),
        };
        let (status, _, body) = world.call(&actor, request).await;
        assert_eq!((status.as_u16(), body["code"].as_str().unwrap_or("")), (expected, code), "{method} by {actor:?}");
    }
}

#[actix_web::test]
async fn cards_of_products_from_before_are_written_at_the_start() {
    let world = World::new().await;
    for n in 0..3 {
        listed(&world, &format!("A-{n}")).await;
    }
    let buyer = seat(BUYER, Role::Viewer);
    let (_, _, before) = world.call(&buyer, get("/products")).await;
    let sql = "DELETE FROM product_card WHERE id IN (SELECT id FROM product WHERE sku <> 'A-1')";
    assert_eq!(rows::execute(world.state.engine.db().write(), sql, vec![]).await.unwrap(), 2);
    assert_ne!(world.call(&buyer, get("/products")).await.2, before, "the control is missing cards");

    assert_eq!(complete_cards(world.state.engine.db()).await.unwrap(), 2);
    assert_eq!(complete_cards(world.state.engine.db()).await.unwrap(), 0);

    assert_eq!(world.call(&buyer, get("/products")).await.2, before);
}

#[actix_web::test]
async fn lists_are_paged_filtered_and_counted() {
    let world = World::new().await;
    for sku in ["A-1", "A-2", "A_3", "B%4", "B-5"] {
        listed(&world, sku).await;
    }
    let buyer = seat(BUYER, Role::Viewer);
    let mut rival = draft("R-1");
    rival["category"] = json!("tools");
    world.call(&seat(RIVAL, Role::Owner), post("/products", &rival)).await;

    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, _, page) = world.call(&buyer, get(&format!("/products?limit=2&cursor={cursor}"))).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|i| i["sku"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        cursor = next.to_owned();
    }
    seen.sort();
    assert_eq!(seen, ["A-1", "A-2", "A_3", "B%4", "B-5", "R-1"]);

    let seller = seat(SELLER, Role::Trader);
    for (actor, query, hits) in [
        (&seller, "own-products?q=a-", 2),
        (&seller, "own-products?q=A_3", 1),
        (&seller, "own-products?q=b%25", 1),
        (&seller, "own-products?q=%E7%81%AF%E8%8A%AF", 5),
        (&seller, "own-products?q=CORDUROY+b-5", 1),
        (&seller, "own-products?q=zzz", 0),
        (&buyer, "products?category=tools", 1),
        (&buyer, &format!("products?supplier={SELLER:032x}"), 5),
        (&buyer, "products?supplier=nobody", 0),
    ] {
        let (_, _, page) = world.call(actor, get(&format!("/{query}"))).await;
        assert_eq!(page["items"].as_array().unwrap().len(), hits, "{query}");
    }
    assert_eq!(world.call(&buyer, get("/products?cursor=x")).await.0, 422);
    let (_, _, categories) = world.call(&buyer, get("/categories")).await;
    let counted = |slug: &str| {
        let node = categories["items"].as_array().unwrap().iter().find(|node| node["slug"] == slug).unwrap();
        (node["count"].as_i64().unwrap(), node["leaf"].as_bool().unwrap(), node["attributes"].as_array().unwrap().len())
    };
    assert_eq!((counted("textiles").0, counted("tools").0, counted("lighting").0), (5, 1, 0));
    // A group has what is below it, two levels down too, and no template.
    assert_eq!((counted("apparel-textiles"), counted("industry")), ((5, false, 0), (1, false, 0)));

    let (_, _, first) = world.call(&buyer, get("/companies?sells=true&limit=1")).await;
    assert_eq!((&first["items"][0]["name"], &first["items"][0]["products_count"]), (&json!("Café Ünlü"), &json!(1)));
    let next = first["next_cursor"].as_str().unwrap();
    let (_, _, second) = world.call(&buyer, get(&format!("/companies?sells=true&limit=1&cursor={next}"))).await;
    assert_eq!((&second["items"][0]["products_count"], &second["next_cursor"]), (&json!(5), &Value::Null));
    let (_, _, one) = world.call(&buyer, get(&format!("/companies/{SELLER:032x}"))).await;
    assert_eq!((&one["registration_number"], &one["founded"]), (&json!("330603"), &json!(1999)));
    assert_eq!(world.call(&buyer, get("/companies/nobody")).await.0, 404);
}

#[actix_web::test]
async fn pictures_are_served_by_safe_names_only() {
    let world = World::new().await;
    std::fs::create_dir(world.folder.path().join("pictures")).unwrap();
    std::fs::write(world.folder.path().join("pictures/lace.svg"), "<svg/>").unwrap();
    let buyer = seat(BUYER, Role::Viewer);

    for (name, status) in [
        ("lace.svg", 200),
        ("lace.png", 404),
        ("..%2Ftest.db", 404),
        ("LACE.svg", 404),
        ("none.svg", 404),
        (".svg", 404),
    ] {
        assert_eq!(world.call(&buyer, get(&format!("/pictures/{name}"))).await.0.as_u16(), status, "{name}");
    }
}

#[actix_web::test]
async fn a_shortlist_takes_five_hundred_products() {
    let world = World::new().await;
    let first = listed(&world, "A-1").await;
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) \
        INSERT INTO product (market_id, id, version, supplier_id, sku, title, category, state) \
        SELECT p.market_id, randomblob(16), 1, p.supplier_id, 'B-' || i, p.title, p.category, p.state FROM product p, n";
    let db = world.state.engine.db().write();
    assert_eq!(rows::execute(db, sql, vec![]).await.unwrap(), 500);
    let fill = format!(
        "INSERT INTO shortlist (market_id, company_id, product_id, note, user_id, at) \
         SELECT market_id, X'{BUYER:032x}', id, '', id, 1 FROM product WHERE sku LIKE 'B-%'"
    );
    assert_eq!(rows::execute(db, fill, vec![]).await.unwrap(), 500);
    let buyer = seat(BUYER, Role::Trader);
    let keep =
        |path: &str| test::TestRequest::put().uri(&format!("/api/v1/shortlist{path}")).set_json(json!({ "note": "x" }));

    let (status, _, full) = world.call(&buyer, keep(first.trim_start_matches("/products"))).await;
    assert_eq!((status.as_u16(), &full["code"]), (409, &json!("shortlist.full")));
    let (_, _, page) = world.call(&buyer, get("/shortlist?limit=100")).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let (_, _, next) = world.call(&buyer, get(&format!("/shortlist?limit=100&cursor={cursor}"))).await;
    assert_eq!((page["items"].as_array().unwrap().len(), next["items"].as_array().unwrap().len()), (100, 100));
    let some =
        rows::query_one(db, "SELECT hex(product_id) AS id FROM shortlist LIMIT 1", vec![]).await.unwrap().unwrap();
    let some: String = some.try_get("", "id").unwrap();
    assert_eq!(world.call(&buyer, keep(&format!("/{}", some.to_lowercase()))).await.0, 204, "a note may still change");
}
