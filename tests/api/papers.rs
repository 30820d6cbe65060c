//! Versions of the terms and the papers made from them: who reads them, in which language, with which hash, and that every
//! price on the way from the quote to the money paid is one price.

use crate::asked::{quote_body, rfq_body, with};
use crate::ground::{Answer, Client, Ground, MARKET, agreed, ground, pay_in, terms};
use crate::pdf_text;
use actix_web::http::Method;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

async fn paper(ground: &Ground, who: &Client, order: &str, kind: &str, query: &str) -> Answer {
    ground.get(who, &format!("/api/v1/orders/{order}/papers/{kind}{query}")).await
}

async fn versions(ground: &Ground, who: &Client, order: &str) -> Vec<Value> {
    let answer = ground.get(who, &format!("/api/v1/orders/{order}/versions")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["items"].as_array().unwrap().clone()
}

async fn view(ground: &Ground, who: &Client, order: &str) -> Value {
    ground.get(who, &format!("/api/v1/orders/{order}")).await.json
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let line = answer.head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")));
    line.map_or("", |line| &line[name.len() + 2..])
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or(""))
}

#[actix_web::test]
async fn a_contract_is_read_by_its_parties_alone_and_names_the_hash_both_accepted() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let stranger = ground.company("Stranger", true, true).await;
    let order = agreed(&ground, &buyer, &seller).await;
    let hash = view(&ground, &buyer, &order).await["offer"]["contract_hash"].as_str().unwrap().to_owned();

    let contract = paper(&ground, &seller, &order, "contract", "?lang=en").await;
    assert_eq!((contract.status.as_u16(), header(&contract, "content-type")), (200, "application/pdf"));
    assert!(header(&contract, "content-disposition").starts_with("attachment; filename=\"E-"), "{}", contract.head);
    let read = pdf_text::read(&contract.bytes);
    assert!(read.pages.iter().all(|page| page.contains(&hash)), "the hash stands on each page");
    let text = read.text();
    for needed in ["Sales contract", "Hex bolts", "10,000 pcs", "USD 10,000.00", "Owner of Buyer", "Owner of Seller", "8 ± 0.05 mm", "gauge 6g"] {
        assert!(text.contains(needed), "{needed} in\n{text}");
    }
    assert!(!text.contains("NOT AGREED"));

    let etag = header(&contract, "etag").to_owned();
    let path = format!("/api/v1/orders/{order}/papers/contract?lang=en");
    let again = ground.send(&buyer, Method::GET, &path, b"", &[("If-None-Match", &etag)]).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    assert_eq!(paper(&ground, &buyer, &order, "contract", "?lang=en").await.bytes, contract.bytes, "equal bytes each time");
    let chinese = paper(&ground, &buyer, &order, "contract", "?lang=zh").await;
    assert_ne!(header(&chinese, "etag"), etag);
    let said = pdf_text::read(&chinese.bytes).text();
    assert!(said.contains("销售合同") && !said.contains("Sales contract"), "{said}");
    let both = pdf_text::read(&paper(&ground, &buyer, &order, "proforma", "").await.bytes).text();
    assert!(both.contains("Proforma invoice") && both.contains("形式发票"), "{both}");

    assert_eq!(code(&paper(&ground, &stranger, &order, "contract", "").await), (404, "not_found"));
    assert_eq!(ground.get(&stranger, &format!("/api/v1/orders/{order}/versions")).await.status, 404);
    assert_eq!(paper(&ground, &Client::default(), &order, "contract", "").await.status, 401);
    assert_eq!(code(&paper(&ground, &buyer, &order, "packing-list", "").await), (404, "not_found"));
    assert_eq!(code(&paper(&ground, &buyer, &order, "contract", "?version=9").await), (404, "not_found"));
    let odd = paper(&ground, &buyer, &order, "contract", "?lang=fr").await;
    assert_eq!((odd.status.as_u16(), &odd.json["errors"][0]["pointer"]), (422, &json!("/lang")));
}

#[actix_web::test]
async fn offers_and_counter_offers_are_versions_and_only_the_newest_is_accepted() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let teacher = ground.company("School", true, false).await;
    let teacher = ground.reseat(&teacher, MARKET, None, Role::Teacher).await;
    let first = terms(&buyer.company, &seller.company);
    let vague = with(first.clone(), "/quality_points", json!([]));
    let draft = ground.post(&buyer, "/api/v1/orders", json!({ "terms": vague })).await;
    let order = draft.json["id"].as_str().expect("a draft may lack quality points").to_owned();

    let refused = ground.step(&buyer, &order, "order.offer", json!({})).await;
    assert_eq!(code(&refused), (422, "trade.quality_missing"), "{refused:?}");
    assert_eq!(refused.json["errors"][0]["code"], "terms.quality_missing");
    for (points, refusal) in [
        (json!(["AQL 2.5"]), "terms.quality_not_measured"),
        (json!([{ "point": "Thread", "bound": "at_most", "value": "8", "tolerance": "1", "unit": "mm", "method": "gauge" }]), "terms.point_tolerance"),
    ] {
        let revised = with(first.clone(), "/quality_points", points);
        let answer = ground.step(&buyer, &order, "order.revise", json!({ "terms": revised })).await;
        let answer = if answer.status == 200 { ground.step(&buyer, &order, "order.offer", json!({})).await } else { answer };
        assert_eq!((answer.status.as_u16(), &answer.json["errors"][0]["code"]), (422, &json!(refusal)), "{answer:?}");
    }
    let unread = with(first.clone(), "/quality_points/0/color", json!("red"));
    assert_eq!(ground.step(&buyer, &order, "order.revise", json!({ "terms": unread })).await.status, 422);

    // A draft is its drafter's alone, and printed as one.
    assert_eq!(ground.step(&buyer, &order, "order.revise", json!({ "terms": first })).await.status, 200);
    assert!(versions(&ground, &buyer, &order).await.is_empty());
    let drafted = pdf_text::read(&paper(&ground, &buyer, &order, "contract", "?lang=en").await.bytes);
    assert!(drafted.pages.iter().all(|page| page.contains("DRAFT, NOT AGREED")), "{}", drafted.text());
    assert_eq!(paper(&ground, &seller, &order, "contract", "").await.status, 404);
    assert_eq!(paper(&ground, &teacher, &order, "contract", "").await.status, 404);

    // Offer, counter-offer, counter-offer: three versions, each side's turn.
    assert_eq!(ground.step(&buyer, &order, "order.offer", json!({ "valid_days": 15 })).await.status, 200);
    let one = view(&ground, &seller, &order).await["offer"].clone();
    let cheaper = |price: &str| with(first.clone(), "/lines/0/unit_price", json!(price));
    let vague = json!({ "terms": with(cheaper("0.97"), "/quality_points", json!([])) });
    assert_eq!(code(&ground.step(&seller, &order, "order.counter", vague).await), (422, "trade.quality_missing"));
    let two = json!({ "terms": cheaper("0.9725"), "valid_days": 5 });
    assert_eq!(ground.step(&seller, &order, "order.counter", two).await.status, 200);
    assert_eq!(ground.step(&buyer, &order, "order.counter", json!({ "terms": cheaper("0.96") })).await.status, 200);

    let old = json!({ "offer_no": 1, "contract_hash": one["contract_hash"] });
    let outdated = ground.step(&seller, &order, "order.accept", old).await;
    assert_eq!(code(&outdated), (409, "trade.offer_outdated"), "{outdated:?}");
    assert_eq!(outdated.json["params"]["current"], "3", "the refusal names the newest");
    let found = versions(&ground, &seller, &order).await;
    let told: Vec<_> = found.iter().map(|v| (v["no"].as_i64().unwrap(), v["by"].as_str().unwrap(), v["fate"].as_str().unwrap())).collect();
    assert_eq!(told, [(1, "buyer", "superseded"), (2, "seller", "superseded"), (3, "buyer", "standing")]);
    assert_eq!((&found[0]["contract_hash"], &found[1]["total"]["minor"]), (&one["contract_hash"], &json!("972500")));
    assert_eq!(found[1]["terms"]["lines"][0]["unit_price"], "0.9725", "a version never changes");
    let mark = |query: &str| {
        let (ground, seller, path) = (&ground, &seller, format!("/api/v1/orders/{order}/papers/proforma{query}"));
        async move { pdf_text::read(&ground.get(seller, &path).await.bytes).text() }
    };
    assert!(mark("?lang=en&version=1").await.contains("SUPERSEDED, NOT AGREED"));
    assert!(mark("?lang=en").await.contains("OFFER, NOT AGREED"));

    // Accepted, and later changed by both: the change is a version with its own hash.
    let newest = json!({ "offer_no": 3, "contract_hash": found[2]["contract_hash"] });
    assert_eq!(ground.step(&seller, &order, "order.accept", newest).await.status, 200);
    assert!(!mark("?lang=en").await.contains("NOT AGREED"));
    assert_eq!(ground.step(&buyer, &order, "amendment.propose", json!({ "notes": "By sea" })).await.status, 200);
    assert_eq!(ground.step(&seller, &order, "proposal.accept", json!({})).await.status, 200);
    let found = versions(&ground, &teacher, &order).await;
    let last = found.last().unwrap();
    assert_eq!((&last["kind"], &last["fate"], &last["terms"]["notes"]), (&json!("amendment"), &json!("agreed"), &json!("By sea")));
    assert_eq!((&found[2]["fate"], &last["agreed_by"]["name"]), (&json!("amended"), &json!("Owner of Seller")));
    assert_ne!(last["contract_hash"], found[2]["contract_hash"]);
    assert!(mark("?lang=en").await.contains(last["contract_hash"].as_str().unwrap()));
    assert!(mark("?lang=en&version=3").await.contains("AMENDED, NO LONGER IN FORCE"));
}

#[actix_web::test]
async fn a_paper_shows_characters_its_fonts_lack_as_boxes() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let odd = with(terms(&buyer.company, &seller.company), "/lines/0/title", json!("Bolt 𠮷 مسمار"));
    let order = ground.post(&buyer, "/api/v1/orders", json!({ "terms": odd })).await.json["id"].as_str().unwrap().to_owned();

    let text = pdf_text::read(&paper(&ground, &buyer, &order, "contract", "?lang=en").await.bytes).text();
    assert!(text.contains("Bolt □ □□□□□") && text.contains("U+20BB7"), "{text}");
}

/// A small counter-based generator: the same prices in every run.
fn dice(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Half up to the cent, computed apart from the product: thousandths times ten-thousandths.
fn cents(thousandths: u64, ten_thousandths: u64) -> u64 {
    (thousandths * ten_thousandths + 50_000) / 100_000
}

fn with_commas(cents: u64) -> String {
    let whole = (cents / 100).to_string();
    let groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
    format!("{}.{:02}", groups.join(","), cents % 100)
}

fn minor(value: &Value) -> u64 {
    value["minor"].as_str().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn quoted_price_is_contract_price_is_proforma_price_is_paid_price() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    assert!(pay_in(&ground, &buyer, "900000000000").await.status.is_success());
    for round in 0..4 {
        let roll = |n: u64, low: u64, high: u64| low + dice(round * 97 + n) % (high - low);
        let prices = [roll(1, 1, 99_999), roll(2, 1, 999_999)];
        let amounts = [roll(3, 1_000_001, 90_000_000), roll(4, 5_000_001, 9_000_000)];
        let (freight, discount) = (roll(5, 0, 99_999), roll(6, 1, 9_999));
        let price = |n: usize| format!("{}.{:04}", prices[n] / 10_000, prices[n] % 10_000);
        let amount = |n: usize| format!("{}.{:03}", amounts[n] / 1_000, amounts[n] % 1_000);
        let expected = cents(amounts[0], prices[0]) + cents(amounts[1], prices[1]) + freight;

        let mut asked = rfq_body();
        let mut quote = with(quote_body(), "/freight_minor", json!(freight.to_string()));
        for n in 0..2 {
            asked = with(asked, &format!("/lines/{n}/quantity"), json!(amount(n)));
            let ladder = json!([{ "from_quantity": "1", "unit_price": price(n) }]);
            quote = with(quote, &format!("/lines/{n}/ladder"), ladder);
        }
        let share = roll(7, 1, 9_999);
        quote = with(quote, "/stages/0/share_bps", json!(share));
        quote = with(quote, "/stages/1/share_bps", json!(10_000 - share));
        let rfq = ground.post(&buyer, "/api/v1/rfqs", asked).await.json["id"].as_str().unwrap().to_owned();
        let quoted = ground.post(&seller, &format!("/api/v1/rfqs/{rfq}/quotes"), quote).await;
        let awards = json!({ "awards": [{ "quote_id": quoted.json["id"], "version": 1,
            "lines": [{ "line": 1, "quantity": amount(0) }, { "line": 2, "quantity": amount(1) }] }] });
        let awarded = ground.post(&buyer, &format!("/api/v1/rfqs/{rfq}/award"), awards).await;
        let award = &awarded.json["awards"][0];
        assert_eq!(minor(&award["total"]), expected, "{awarded:?}");
        let order = award["order"]["id"].as_str().unwrap().to_owned();

        assert_eq!(ground.step(&buyer, &order, "order.offer", json!({})).await.status, 200);
        let offered = view(&ground, &seller, &order).await;
        // The seller grants a discount: the price the buyer accepts is the new one, to the cent.
        let granted = with(offered["terms"].clone(), "/discount_minor", json!(discount.to_string()));
        assert_eq!(ground.step(&seller, &order, "order.counter", json!({ "terms": granted })).await.status, 200);
        let countered = view(&ground, &buyer, &order).await;
        let accept = json!({ "offer_no": 2, "contract_hash": countered["offer"]["contract_hash"] });
        assert_eq!(ground.step(&buyer, &order, "order.accept", accept).await.status, 200);
        let total = expected - discount;

        for kind in ["contract", "proforma"] {
            let text = pdf_text::read(&paper(&ground, &buyer, &order, kind, "?lang=en").await.bytes).text();
            for n in 0..2 {
                let decimal = price(n).trim_end_matches('0').trim_end_matches('.').to_owned();
                let whole = decimal.split_once('.').map_or(decimal.clone(), |(whole, part)| format!("{}.{part}", with_commas(whole.parse::<u64>().unwrap() * 100).trim_end_matches(".00")));
                assert!(text.lines().any(|line| line == whole), "{kind}: unit price {whole} in\n{text}");
                let value = with_commas(cents(amounts[n], prices[n]));
                assert!(text.lines().any(|line| line == value), "{kind}: value {value} in\n{text}");
            }
            let sum = format!("USD {}", with_commas(total));
            assert!(text.lines().filter(|line| **line == *sum).count() >= 2, "{kind}: {sum} in\n{text}");
        }
        let stages = view(&ground, &buyer, &order).await["stages"].as_array().unwrap().clone();
        for stage in &stages {
            let fund = json!({ "stage": stage["no"], "method": "tt" });
            let paid = ground.step(&buyer, &order, "stage.fund", fund).await;
            assert_eq!(paid.status, 200, "{paid:?}");
        }
        let charged = view(&ground, &buyer, &order).await;
        assert_eq!((minor(&charged["money"]["paid"]), minor(&charged["total"])), (total, total), "round {round}");
        let sum: u64 = charged["stages"].as_array().unwrap().iter().map(|stage| minor(&stage["held"])).sum();
        assert_eq!(sum, total, "the stages paid add up to the price agreed");
    }
}
