//! The catalogue in full: states and history, bulk changes, samples and certificates, variants, pictures, quick order, shortlist.

use crate::ground::{Answer, Client, Ground, START, ground, terms};
use actix_web::http::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn draft(sku: &str) -> Value {
    json!({
        "sku": sku, "title": format!("Corduroy {sku} 300 g"), "category": "textiles", "description": "Rolls of 60 m.",
        "hs_code": "58012200", "unit": "m", "origin": "CN", "currency": "USD", "moq": "300", "moq_step": "50",
        "ladder": [{ "from_quantity": "300", "unit_price": "3.42" }, { "from_quantity": "1000", "unit_price": "3.15" }],
        "lead_days": 18, "incoterm": { "code": "FOB", "place": "Ningbo" }, "attributes": { "composition": "cotton" },
    })
}

fn with(mut value: Value, name: &str, other: Value) -> Value {
    value[name] = other;
    value
}

async fn list(ground: &Ground, who: &Client, draft: Value) -> String {
    let made = ground.post(who, "/api/v1/products", draft).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json["id"].as_str().unwrap().to_owned()
}

async fn put(ground: &Ground, who: &Client, path: &str, version: i64, body: Value) -> Answer {
    let tag = format!("\"{version}\"");
    ground.send(who, Method::PUT, path, body.to_string().as_bytes(), &[("If-Match", &tag)]).await
}

async fn bulk(ground: &Ground, who: &Client, ids: &[&str], change: Value, key: &str) -> Answer {
    let mut body = change;
    body["product_ids"] = json!(ids);
    ground.post_with_key(who, "/api/v1/own-products/bulk", body, key).await
}

fn is(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str().unwrap_or("")), (status, code), "{answer:?}");
}

fn skus(page: &Answer) -> Vec<&str> {
    page.json["items"].as_array().unwrap().iter().map(|item| item["sku"].as_str().unwrap()).collect()
}

/// Terms whose only line names a product.
fn order_of(buyer: &Client, seller: &Client, product: &str) -> Value {
    let mut terms = terms(&buyer.company, &seller.company);
    terms["lines"][0]["product"] = json!(product);
    json!({ "terms": terms })
}

#[actix_web::test]
async fn only_published_listings_are_found_ordered_asked_about_and_priced() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, true).await, ground.company("Seller", false, true).await);
    let product = list(&ground, &seller, with(draft("C-1"), "state", json!("draft"))).await;
    let path = format!("/api/v1/products/{product}");

    is(&ground.get(&buyer, &path).await, 404, "not_found");
    is(&ground.post(&buyer, &format!("{path}/price"), json!({ "quantity": "300" })).await, 404, "not_found");
    assert_eq!(ground.get(&seller, &path).await.json["state"], "draft");
    assert_eq!(skus(&ground.get(&seller, "/api/v1/products").await), Vec::<&str>::new());
    assert_eq!(skus(&ground.get(&seller, "/api/v1/own-products?state=draft").await), ["C-1"]);
    assert_eq!(skus(&ground.get(&buyer, "/api/v1/own-products").await), Vec::<&str>::new());
    let refused = bulk(&ground, &buyer, &[&product], json!({ "state": "published" }), "a").await;
    assert_eq!((&refused.json["refused"], &refused.json["rows"][0]["code"]), (&json!(1), &json!("not_found")));

    let told = bulk(&ground, &seller, &[&product], json!({ "state": "published" }), "b").await;
    assert_eq!(told.json["changed"], 1, "{told:?}");
    assert_eq!(skus(&ground.get(&buyer, "/api/v1/products?category=textiles").await), ["C-1"]);
    assert_eq!(ground.post(&buyer, &format!("{path}/price"), json!({ "quantity": "300" })).await.status, 200);
    let running = ground.post(&buyer, "/api/v1/orders", order_of(&buyer, &seller, &product)).await;
    assert_eq!(running.status, 201, "{running:?}");
    let back = bulk(&ground, &seller, &[&product], json!({ "state": "draft" }), "c").await;
    assert_eq!(back.json["rows"][0]["code"], "catalog.state", "what somebody may have seen never becomes a draft");

    bulk(&ground, &seller, &[&product], json!({ "state": "withdrawn" }), "d").await;
    assert_eq!(ground.get(&buyer, &path).await.json["state"], "withdrawn", "who has a link is told");
    assert_eq!(skus(&ground.get(&buyer, "/api/v1/products").await), Vec::<&str>::new());
    is(&ground.post(&buyer, &format!("{path}/price"), json!({ "quantity": "300" })).await, 409, "catalog.not_listed");
    is(&ground.post(&buyer, "/api/v1/orders", order_of(&buyer, &seller, &product)).await, 409, "catalog.not_listed");
    let asked = json!({ "product": product, "text": "How long?" });
    is(&ground.post(&buyer, "/api/v1/inquiries", asked).await, 409, "catalog.not_listed");
    let order = running.json["id"].as_str().unwrap();
    assert_eq!(ground.step(&buyer, order, "order.offer", json!({})).await.status, 200, "running business goes on");

    let version = ground.get(&seller, &path).await.json["version"].as_i64().unwrap();
    let changed = with(with(draft("C-1"), "lead_days", json!(20)), "attributes", json!({ "composition": "linen" }));
    assert_eq!(put(&ground, &seller, &path, version, changed).await.status, 200);
    assert_eq!(ground.get(&seller, &path).await.json["state"], "withdrawn", "a change that is silent on it leaves it");
    is(&ground.get(&buyer, &format!("{path}/history")).await, 403, "forbidden");
    let history = ground.get(&seller, &format!("{path}/history")).await;
    let last = &history.json["items"][0];
    let fields: Vec<&str> =
        last["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["attributes.composition", "product.lead_days"]);
    assert_eq!((&last["changes"][1]["before"], &last["changes"][1]["after"]), (&json!("18"), &json!("20")));
    assert_eq!(last["actor"]["name"], "Owner of Seller");
    assert_eq!(history.json["items"].as_array().unwrap().len(), 4);
}

#[actix_web::test]
async fn a_change_of_many_is_made_once_and_told_row_by_row() {
    let ground = ground().await;
    let (seller, rival) = (ground.company("Seller", false, true).await, ground.company("Rival", false, true).await);
    let one = list(&ground, &seller, draft("A-1")).await;
    let dear = with(draft("A-2"), "ladder", json!([{ "from_quantity": "1", "unit_price": "0.0001" }]));
    let two = list(&ground, &seller, dear).await;
    let foreign = list(&ground, &rival, draft("A-3")).await;
    let picked = [one.as_str(), two.as_str(), foreign.as_str(), one.as_str(), "nothing"];
    let price = async |id: &str| ground.get(&seller, &format!("/api/v1/products/{id}")).await.json["price_to"].clone();

    let told = bulk(&ground, &seller, &picked, json!({ "price_percent": "-50" }), "half").await;
    let again = bulk(&ground, &seller, &picked, json!({ "price_percent": "-50" }), "half").await;

    assert_eq!(told.json, again.json, "a repeated request tells the same");
    let outcomes: Vec<&str> =
        told.json["rows"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["changed", "unchanged", "refused", "refused"]);
    assert_eq!(told.json["rows"][2]["code"], "forbidden");
    assert_eq!((price(&one).await, price(&two).await), (json!("1.71"), json!("0.0001")), "once, and rounded half up");
    let gone = bulk(&ground, &seller, &[&two], json!({ "price_percent": "-90" }), "none").await;
    assert_eq!(gone.json["rows"][0]["code"], "product.price", "{gone:?}");
    assert_eq!(bulk(&ground, &seller, &[&one], json!({ "lead_days": 18 }), "same").await.json["unchanged"], 1);
    let moved = bulk(&ground, &seller, &[&one, &two], json!({ "category": "garments", "lead_days": 9 }), "moved").await;
    assert_eq!(moved.json["changed"], 2, "{moved:?}");
    assert_eq!(skus(&ground.get(&seller, "/api/v1/own-products?category=garments&limit=1").await), ["A-1"]);
    for (change, at) in [
        (json!({}), ""),
        (json!({ "price_percent": "1.234" }), "/price_percent"),
        (json!({ "state": "gone" }), "/state"),
    ] {
        let answer = bulk(&ground, &seller, &[&one], change, "wrong").await;
        is(&answer, 422, "catalog.bulk");
        assert_eq!(answer.json["errors"][0]["pointer"], at);
    }
    let many: Vec<&str> = std::iter::repeat_n(one.as_str(), 501).collect();
    is(&bulk(&ground, &seller, &many, json!({ "lead_days": 9 }), "many").await, 422, "catalog.bulk");

    let page = ground.get(&seller, "/api/v1/own-products?limit=1").await;
    let next = page.json["next_cursor"].as_str().unwrap();
    assert_eq!(skus(&ground.get(&seller, &format!("/api/v1/own-products?limit=1&cursor={next}")).await), ["A-2"]);
    assert_eq!((&page.json["items"][0]["full"], &page.json["items"][0]["state"]), (&json!(false), &json!("published")));
    let file = ground.get(&seller, "/api/v1/exports/products.csv").await;
    assert!(file.head.contains("text/csv") && file.head.contains("attachment"), "{}", file.head);
}

#[actix_web::test]
async fn templates_samples_certificates_and_variants_are_kept_and_judged() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let wrong = with(draft("V-0"), "category", json!("textile"));
    let unknown = ground.post(&seller, "/api/v1/products", wrong).await;
    is(&unknown, 422, "catalog.invalid");
    assert!(unknown.json["errors"][0]["detail"].as_str().unwrap().contains("near it: textiles"), "{unknown:?}");
    let crooked = json!({ "composition": "cotton", "weight_gsm": "heavy", "weave": "plaited" });
    let crooked = ground.post(&seller, "/api/v1/products", with(draft("V-0"), "attributes", crooked)).await;
    let at: Vec<&str> =
        crooked.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(at, ["/attributes/weight_gsm", "/attributes/weave"]);
    let check = ground.post(&seller, "/api/v1/products/check", draft("V-0")).await.json;
    let missing: Vec<&str> = check["advice"].as_array().unwrap().iter().filter_map(|a| a["attribute"].as_str()).collect();
    assert!(missing.contains(&"width_cm") && !missing.contains(&"composition"), "{check}");
    assert_eq!(check["full"], false);

    let today = START.to_string();
    let laden = |sku: &str, colour: &str| {
        let mut draft = draft(sku);
        draft["sample"] = json!({ "unit_price": "2.50", "max_quantity": 3, "lead_days": 5 });
        draft["certificates"] = json!([
            { "kind": "OEKO-TEX 100", "number": "1", "issuer": "Hohenstein", "valid_until": &today[..10] },
            { "kind": "GOTS", "number": "2", "issuer": "CU", "valid_until": "2025-12-31" },
            { "kind": "CE", "number": "3", "issuer": "TÜV" },
        ]);
        draft["family"] = json!({ "key": "corduroy", "options": { "colour": colour } });
        draft
    };
    let blue = list(&ground, &seller, laden("V-1", "blue")).await;
    list(&ground, &seller, laden("V-2", "red")).await;
    list(&ground, &seller, with(laden("V-3", "green"), "state", json!("draft"))).await;
    let page = ground.get(&buyer, &format!("/api/v1/products/{blue}")).await.json;
    assert_eq!(page["sample"], json!({ "unit_price": "2.5", "max_quantity": 3, "lead_days": 5 }));
    let valid: Vec<bool> =
        page["certificates"].as_array().unwrap().iter().map(|c| c["valid"].as_bool().unwrap()).collect();
    assert_eq!(valid, [true, false, true]);
    let colours: Vec<&str> = page["family"]["variants"].as_array().unwrap().iter().map(|v| v["options"]["colour"].as_str().unwrap()).collect();
    assert_eq!(colours, ["blue", "red"], "drafts are no choice");
    ground.days(1).await;
    let later = ground.get(&buyer, &format!("/api/v1/products/{blue}")).await.json;
    assert_eq!(later["certificates"][0]["valid"], false, "the day after its last it holds no more");

    let mut bad = laden("V-4", "x");
    bad["sample"]["max_quantity"] = json!(0);
    bad["certificates"][1]["valid_until"] = json!("soon");
    bad["family"]["options"] = json!({});
    let refused = ground.post(&seller, "/api/v1/products", bad).await;
    let at: Vec<&str> =
        refused.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(at, ["/certificates/1/valid_until", "/sample/max_quantity", "/family/options"]);
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(ground: &Ground, who: &Client, name: &str, bytes: &[u8]) -> Answer {
    ground.send(who, Method::POST, &format!("/api/v1/pictures?name={name}"), bytes, &[]).await
}

#[actix_web::test]
async fn an_uploaded_picture_is_its_companys_and_served_as_nothing_that_runs() {
    let ground = ground().await;
    let (seller, rival) = (ground.company("Seller", false, true).await, ground.company("Rival", false, true).await);
    let kept = upload(&ground, &seller, "roll.png", &picture(900, 600)).await;
    assert_eq!(kept.status, 201, "{kept:?}");
    let name = kept.json["name"].as_str().unwrap().to_owned();
    assert_eq!((&kept.json["width"], &kept.json["height"]), (&json!(900), &json!(600)));
    assert_eq!(upload(&ground, &seller, "again.png", &picture(900, 600)).await.json["name"], name.as_str());
    is(&upload(&ground, &seller, "terms.txt", b"as agreed").await, 422, "file.not_a_picture");
    is(&upload(&ground, &seller, "a.svg", b"<svg/>").await, 422, "file.type_refused");

    let path = format!("/api/v1/pictures/{name}");
    for (path, kind) in [(path.clone(), "content-type: image/png"), (format!("{path}?size=thumb"), "content-type: image/jpeg")] {
        let head = ground.get(&rival, &path).await.head.to_lowercase();
        assert!(head.contains(kind) && head.contains("immutable") && head.contains("nosniff"), "{head}");
        assert!(head.contains("content-security-policy: default-src 'none'") && head.contains("sandbox"), "{head}");
    }
    let shows = |sku: &str| with(draft(sku), "pictures", json!([name, "fabric-roll.svg"]));
    let stolen = ground.post(&rival, "/api/v1/products", shows("P-1")).await;
    is(&stolen, 422, "catalog.invalid");
    assert_eq!(stolen.json["errors"][0]["pointer"], "/pictures/0");
    let product = list(&ground, &seller, shows("P-1")).await;
    let shown = ground.get(&rival, &format!("/api/v1/products/{product}")).await.json;
    assert_eq!((&shown["pictures"][0], &shown["picture"]), (&json!(path), &json!(format!("{path}?size=thumb"))));

    is(&ground.delete(&rival, &path).await, 404, "not_found");
    is(&ground.delete(&seller, &path).await, 409, "catalog.picture_used");
    let version = shown["version"].as_i64().unwrap();
    let without = put(&ground, &seller, &format!("/api/v1/products/{product}"), version, draft("P-1")).await;
    assert_eq!(without.status, 200, "{without:?}");
    assert_eq!(ground.get(&seller, "/api/v1/pictures").await.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(ground.delete(&seller, &path).await.status, 204);
    is(&ground.get(&seller, &path).await, 404, "not_found");
}

#[actix_web::test]
async fn two_hundred_lines_are_priced_at_once_and_kept_in_mind() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let rival = ground.company("Rival", true, true).await;
    let header = "sku,title,title_zh,category,description,hs_code,unit,origin,currency,moq,ladder,lead_days,incoterm,place,picture";
    let row = |n: usize| format!("Q-{n},Screw {n} M8,,fasteners,Steel.,731815,pcs,CN,USD,100,100:0.0035;5000:0.003,14,FOB,Ningbo,screw");
    let file = format!("{header}\n{}\n", (0..200).map(row).collect::<Vec<_>>().join("\n"));
    let csv = [("Content-Type", "text/csv")];
    let job = ground.send(&seller, Method::POST, "/api/v1/imports/products", file.as_bytes(), &csv).await;
    let job = format!("/api/v1/imports/{}", job.json["id"].as_str().unwrap());
    while ground.get(&seller, &job).await.json["state"] == "running" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    list(&ground, &rival, draft("Q-7")).await;

    let lines: Vec<Value> = (0..200).map(|n| json!({ "sku": format!("Q-{n}"), "quantity": "5000" })).collect();
    let began = Instant::now();
    let priced = ground.post(&buyer, "/api/v1/quick-orders/price", json!({ "lines": lines })).await;
    let took = began.elapsed();
    assert!(priced.status == 200 && took < Duration::from_secs(1), "{took:?} {}", priced.status);
    let good = priced.json["lines"].as_array().unwrap().iter().filter(|line| line["verdict"] == "good").count();
    assert_eq!((good, &priced.json["lines"][7]["verdict"]), (199, &json!("ambiguous")));
    assert_eq!(priced.json["groups"].as_array().unwrap().len(), 1);
    assert_eq!(priced.json["groups"][0]["total"], json!({ "minor": (199 * 1_500).to_string(), "currency": "USD" }));
    for lines in [json!([]), json!(vec![&lines[0]; 201])] {
        let answer = ground.post(&buyer, "/api/v1/quick-orders/price", json!({ "lines": lines })).await;
        is(&answer, 422, "catalog.too_many_lines");
    }

    let product = priced.json["lines"][0]["product"]["id"].as_str().unwrap();
    let path = format!("/api/v1/shortlist/{product}");
    let keep = async |note: &str| ground.send(&buyer, Method::PUT, &path, json!({ "note": note }).to_string().as_bytes(), &[]).await;
    assert_eq!(keep("for spring").await.status, 204);
    assert_eq!(keep("for autumn").await.status, 204);
    is(&keep(&"x".repeat(501)).await, 422, "shortlist.note");
    let kept = ground.get(&buyer, "/api/v1/shortlist").await.json;
    assert_eq!((kept["items"].as_array().unwrap().len(), &kept["items"][0]["note"]), (1, &json!("for autumn")));
    assert_eq!(ground.get(&buyer, "/api/v1/shortlist/products").await.json, json!({ "products": [product], "max": 500 }));
    assert_eq!(ground.get(&rival, "/api/v1/shortlist").await.json["items"], json!([]), "nobody else sees it");
    bulk(&ground, &seller, &[product], json!({ "state": "withdrawn" }), "w").await;
    assert_eq!(ground.get(&buyer, "/api/v1/shortlist").await.json["items"][0]["state"], "withdrawn");
    let gone = ground.post(&buyer, "/api/v1/quick-orders/price", json!({ "lines": [lines[0]] })).await;
    assert_eq!(gone.json["lines"][0]["verdict"], "unknown");
    assert_eq!(ground.delete(&buyer, &path).await.status, 204);
    assert_eq!(ground.delete(&buyer, &path).await.status, 204);
    assert_eq!(ground.get(&buyer, "/api/v1/shortlist").await.json["items"], json!([]));
}
