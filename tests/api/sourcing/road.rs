//! The whole road: ask, match, quote, compare, award, and the orders or contacts that follow.

use super::*;
use crate::ground::{MARKET, ground, hex};
use entrepot::market::SwitchEra;
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Era;

async fn switch(ground: &Ground, era: Era) {
    let switch = SwitchEra { market: MARKET, era };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), switch)).await.unwrap();
}

async fn cast(ground: &Ground) -> [Client; 3] {
    [
        ground.company("Buyer", true, false).await,
        ground.company("North", false, true).await,
        ground.company("South", false, true).await,
    ]
}

async fn orders(ground: &Ground, who: &Client) -> Vec<Value> {
    ground.get(who, "/api/v1/orders").await.json["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_split_award_becomes_one_order_per_supplier_with_the_quotes_own_prices() {
    let ground = ground().await;
    let [buyer, north, south] = cast(&ground).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let first = quoted(&ground, &north, &rfq).await;
    let cheap = with(quote_body(), "/lines/1/ladder/0/unit_price", json!("0.0017"));
    let second = id_of(&submit(&ground, &south, &rfq, cheap).await);

    let parts: [Part<'_>; 2] = [(&first, 1, &[(1, "10000")]), (&second, 1, &[(2, "20000")])];
    let awarded = award(&ground, &buyer, &rfq, &parts).await;

    assert_eq!((awarded.status.as_u16(), &awarded.json["state"]), (200, &json!("awarded")), "{awarded:?}");
    for (part, sku, price, minor) in [(0, "B-8", "0.003", "7286"), (1, "N-8", "0.0017", "8712")] {
        let view = &awarded.json["awards"][part];
        assert_eq!(view["lines"][0]["unit_price"], price);
        assert_eq!(view["total"]["minor"], minor);
        let id = view["order"]["id"].as_str().expect("an order");
        let order = ground.get(&buyer, &format!("/api/v1/orders/{id}")).await.json;
        let line = &order["terms"]["lines"][0];
        assert_eq!((&line["unit_price"], &line["sku"]), (&json!(price), &json!(sku)), "accepted price is contract price");
        assert_eq!(order["terms"]["quality_points"], json!([{ "point": "Strength", "bound": "at_least", "value": "400", "unit": "MPa", "method": "ISO 6892-1" }]));
        let listed = orders(&ground, &buyer).await;
        let card = listed.iter().find(|card| card["id"] == id).unwrap();
        assert_eq!((&card["total"]["minor"], &card["status"]), (&json!(minor), &json!("draft")));
    }

    let again = award(&ground, &buyer, &rfq, &parts).await;
    assert_eq!((again.status.as_u16(), &again.json["already"]), (200, &json!(true)));
    assert_eq!(again.json["awards"], awarded.json["awards"]);
    assert_eq!(orders(&ground, &buyer).await.len(), 2, "the second click makes no third order");
    let other = award(&ground, &buyer, &rfq, &[(&first, 1, &[(1, "9000")])]).await;
    assert_eq!(refusal(&other), (409, "sourcing.rfq_state"));

    let own = page(&ground, &north, &rfq).await;
    assert_eq!(own["awards"].as_array().map(Vec::len), Some(1), "a supplier sees its own part only");
    assert_eq!(own["awards"][0]["quote_id"], first);
    assert_eq!(own["awards"][0]["order"], Value::Null, "and no order before the buyer offers it");
}

#[actix_web::test]
async fn era_one_ends_with_contacts_and_the_same_award_later_completes_the_orders() {
    let ground = ground().await;
    let [buyer, north, south] = cast(&ground).await;
    switch(&ground, Era::Information).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let quote = quoted(&ground, &north, &rfq).await;
    let lost = quoted(&ground, &south, &rfq).await;
    let parts: [Part<'_>; 1] = [(&quote, 1, &[(1, "5000")])];

    let awarded = award(&ground, &buyer, &rfq, &parts).await;
    let view = &awarded.json["awards"][0];
    assert_eq!((&view["order"], &view["order_refused"]), (&Value::Null, &Value::Null), "{awarded:?}");
    assert_eq!(view["contact"]["email"], "north@example.com");
    assert_eq!(page(&ground, &north, &rfq).await["awards"][0]["contact"]["email"], "buyer@example.com");
    assert_eq!(page(&ground, &south, &rfq).await["awards"], json!([]));

    let path = format!("/api/v1/rfqs/{rfq}/outcome");
    let told = |quote: &str, dealt: bool| json!({ "quote_id": quote, "dealt": dealt, "note": "by telephone" });
    assert_eq!(ground.post(&buyer, &path, told(&quote, true)).await.status, 200);
    let again = ground.post(&buyer, &path, told(&quote, true)).await;
    assert_eq!((again.status.as_u16(), &again.json["already"]), (200, &json!(true)));
    assert_eq!(ground.post(&north, &path, told(&quote, false)).await.status, 200);
    assert_eq!(refusal(&ground.post(&south, &path, told(&quote, true)).await), (403, "forbidden"));
    assert_eq!(refusal(&ground.post(&buyer, &path, told(&lost, true)).await), (409, "sourcing.not_awarded"));
    let said = &page(&ground, &buyer, &rfq).await["awards"][0]["outcomes"];
    assert_eq!((&said[0]["by"], &said[1]["dealt"]), (&json!("buyer"), &json!(false)), "{said}");

    // As after a crash between the award and its orders: the award stands, the order is missing.
    switch(&ground, Era::Transaction).await;
    assert_eq!(orders(&ground, &buyer).await.len(), 0);
    let later = award(&ground, &buyer, &rfq, &parts).await;
    assert_eq!(later.json["already"], true);
    let order = later.json["awards"][0]["order"]["id"].as_str().expect("the missing order").to_owned();
    let (one, two) = futures_util::future::join(award(&ground, &buyer, &rfq, &parts), award(&ground, &buyer, &rfq, &parts)).await;
    assert_eq!((&one.json["awards"], &two.json["awards"]), (&later.json["awards"], &later.json["awards"]));
    assert_eq!(orders(&ground, &buyer).await.len(), 1);
    assert_eq!(page(&ground, &buyer, &rfq).await["awards"][0]["order"]["id"], order);
}

#[actix_web::test]
async fn the_comparison_marks_the_cheapest_and_goes_out_as_csv() {
    let ground = ground().await;
    let [buyer, north, south] = cast(&ground).await;
    switch(&ground, Era::Information).await;
    let rfq = publish(&ground, &buyer, with(rfq_body(), "/lines/0/title", json!("=Bolt"))).await;
    quoted(&ground, &north, &rfq).await;
    let only_bolts = with(quote_body(), "/lines", json!([quote_body()["lines"][0]]));
    let only_bolts = with(only_bolts, "/freight_minor", json!("0"));
    submit(&ground, &south, &rfq, only_bolts).await;

    let table = ground.get(&buyer, &format!("/api/v1/rfqs/{rfq}/comparison")).await;
    assert_eq!(table.status, 200, "{table:?}");
    let column = |name: &str| {
        let columns = table.json["columns"].as_array().unwrap();
        columns.iter().position(|c| c["supplier"]["name"] == name).unwrap()
    };
    let (north_at, south_at) = (column("North"), column("South"));
    let cell = |row: usize, column: usize| &table.json["rows"][row]["cells"][column];
    // 30.00 and 42.86 freight: CIF 72.86, duty 3.5 % 2.55, VAT 19 % 14.33.
    let dear = cell(0, north_at);
    let parts = ["goods", "freight", "duty", "vat", "fee", "landed"].map(|part| dear[part]["minor"].as_str().unwrap());
    assert_eq!(parts, ["3000", "4286", "255", "1433", "0", "8974"], "no fees in era 1.0");
    assert_eq!(dear["landed_unit"], "0.008974");
    assert_eq!((&dear["best"], &cell(0, south_at)["best"]), (&json!(false), &json!(true)));
    assert_eq!((&cell(1, south_at)["state"], &cell(1, north_at)["best"]), (&json!("declined"), &json!(true)));
    assert_eq!(table.json["columns"][south_at]["freight_missing"], true);
    assert_eq!((&table.json["basis"], &table.json["illustrative_on"]), (&json!("cif"), &json!("2026-01-01")));

    switch(&ground, Era::Transaction).await;
    let fees = ground.get(&buyer, &format!("/api/v1/rfqs/{rfq}/comparison")).await;
    assert_eq!(fees.json["rows"][0]["cells"][south_at]["fee"]["minor"], "3000", "two transfers at 15.00");

    let csv = ground.get(&buyer, &format!("/api/v1/rfqs/{rfq}/comparison.csv")).await;
    assert!(csv.head.contains("text/csv"), "{}", csv.head);
    let far = publish(&ground, &buyer, with(rfq_body(), "/destination", json!("AQ"))).await;
    quoted(&ground, &north, &far).await;
    let unknown = ground.get(&buyer, &format!("/api/v1/rfqs/{far}/comparison")).await.json;
    assert_eq!((&unknown["rates_known"], &unknown["basis"]), (&json!(false), &Value::Null));
}

#[actix_web::test]
async fn a_request_comes_to_who_sells_such_goods_with_the_reasons() {
    let ground = ground().await;
    let [buyer, north, south] = cast(&ground).await;
    for (who, sku, category, hs) in
        [(&north, "B-1", "fasteners", "731815"), (&north, "N-1", "hardware", "731816"), (&south, "T-1", "textiles", "520100")]
    {
        assert_eq!(ground.post(who, "/api/v1/products", goods(sku, category, hs, "1000")).await.status, 201);
    }
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let hidden = publish(&ground, &buyer, with(rfq_body(), "/visibility", json!("invited"))).await;
    followed(&ground).await;

    let inbox = |who: &Client| {
        let (ground, who) = (&ground, who.clone());
        async move { ground.get(&who, "/api/v1/rfqs?view=inbox").await.json["items"].as_array().unwrap().clone() }
    };
    let [card] = inbox(&north).await.try_into().unwrap();
    assert_eq!((&card["id"], &card["fit"]["score"]), (&json!(rfq), &json!(100)), "{card}");
    let kinds: Vec<_> = card["fit"]["reasons"].as_array().unwrap().iter().map(|r| r["kind"].clone()).collect();
    assert!(["category", "same_hs6", "small_enough"].iter().all(|k| kinds.contains(&json!(k))), "{kinds:?}");
    assert!(inbox(&south).await.is_empty(), "other goods are no match");

    let matches = ground.get(&buyer, &format!("/api/v1/rfqs/{hidden}/matches")).await.json;
    assert_eq!(matches["items"][0]["supplier"]["id"], north.company, "the buyer sees who fits a hidden request");
    assert_eq!(ground.get(&north, &format!("/api/v1/rfqs/{hidden}")).await.status, 404, "and they do not see it");
    let asked = json!({ "invited": [south.company] });
    assert_eq!(ground.post(&buyer, &format!("/api/v1/rfqs/{hidden}/invite"), asked).await.status, 200);
    let [card] = inbox(&south).await.try_into().unwrap();
    assert_eq!((&card["id"], &card["invited"]), (&json!(hidden), &json!(true)));
    assert_eq!(inbox(&north).await.len(), 1);
    let stranger = json!({ "invited": ["0".repeat(32)] });
    let refused = ground.post(&buyer, &format!("/api/v1/rfqs/{hidden}/invite"), stranger).await;
    assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["pointer"]), (422, &json!("/invited/0")));
}

#[actix_web::test]
async fn lists_turn_their_pages_and_know_their_filters() {
    let ground = ground().await;
    let [buyer, north, _] = cast(&ground).await;
    let mut published = Vec::new();
    for _ in 0..5 {
        published.insert(0, publish(&ground, &buyer, rfq_body()).await);
    }
    for view in ["mine", "board"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ground.get(&buyer, &format!("/api/v1/rfqs?view={view}&limit=2{cursor}")).await.json;
            seen.extend(page["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        seen.sort();
        published.sort();
        assert_eq!(seen, published, "{view}");
    }
    ground.post(&buyer, &format!("/api/v1/rfqs/{}/withdraw", published[0]), json!({})).await;
    let open = ground.get(&north, "/api/v1/rfqs?state=open").await.json;
    assert_eq!(open["items"].as_array().map(Vec::len), Some(4));
    for (query, at) in [("view=all", "/view"), ("state=gone", "/state"), ("cursor=x", "/cursor")] {
        let refused = ground.get(&buyer, &format!("/api/v1/rfqs?{query}")).await;
        assert_eq!((refused.status.as_u16(), &refused.json["errors"][0]["pointer"]), (422, &json!(at)), "{query}");
    }
    quoted(&ground, &north, &published[1]).await;
    let mine = ground.get(&north, "/api/v1/quotes").await.json;
    assert_eq!((&mine["items"][0]["rfq"]["id"], &mine["items"][0]["newest"]), (&json!(published[1]), &json!(1)));
}

#[actix_web::test]
async fn what_happened_in_sourcing_proves() {
    let ground = ground().await;
    let [buyer, north, south] = cast(&ground).await;
    let someone = ground.company("School", true, false).await;
    let admin = ground.reseat(&someone, MARKET, None, Role::Admin).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let (first, second) = (quoted(&ground, &north, &rfq).await, quoted(&ground, &south, &rfq).await);
    let dearer = with(quote_body(), "/freight_minor", json!("11000"));
    assert_eq!(ground.post(&north, &format!("/api/v1/quotes/{first}/revise"), dearer).await.status, 200);
    assert_eq!(ground.post(&south, &format!("/api/v1/quotes/{second}/withdraw"), json!({})).await.status, 200);
    assert_eq!(award(&ground, &buyer, &rfq, &[(&first, 2, &[(1, "10000")])]).await.status, 200);
    ground.days(120).await;
    ground.sealed().await;

    let proof = ground.post(&admin, "/api/v1/admin/prove", json!({})).await.json;
    assert_eq!((&proof["ok"], proof["findings"].as_array().map(Vec::len)), (&json!(true), Some(0)), "{proof}");
    assert!(hex(&rfq) > 0);
}
