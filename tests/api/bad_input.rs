//! What bad input gets: a code, a sentence, a next step, and nothing lost.

use crate::ground::{Answer, Client, Ground, agreed, ground, pay_in, terms};
use actix_web::http::Method;
use entrepot::platform::web::{FILE_MAX, JSON_MAX};
use serde_json::json;

const PAY_IN: &[u8] = br#"{"amount":{"minor":"100","currency":"USD"},"reference":"x"}"#;

#[actix_web::test]
async fn every_problem_names_code_sentence_and_next_step() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;

    let missing_key = ground.send(&buyer, Method::POST, "/api/v1/wallet/pay-ins", PAY_IN, &[]).await;
    let not_json = ground.send(&buyer, Method::POST, "/api/v1/orders", b"{", &[("Idempotency-Key", "a")]).await;
    let unknown_field = ground.post(&buyer, "/api/v1/orders", json!({ "terms": {}, "role": "admin" })).await;
    let nowhere = ground.get(&buyer, "/api/v1/nowhere").await;

    for (answer, status) in [(&missing_key, 400), (&not_json, 400), (&unknown_field, 422), (&nowhere, 404)] {
        assert_eq!(answer.status.as_u16(), status, "{answer:?}");
        assert!(answer.head.to_lowercase().contains("application/problem+json"));
        for field in ["code", "title", "detail", "next"] {
            assert!(answer.json[field].as_str().is_some_and(|t| !t.is_empty()), "{field} in {answer:?}");
        }
    }
}

fn is_problem(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (status, Some(code)), "{what}: {answer:?}");
    assert!(answer.head.to_lowercase().contains("application/problem+json"), "{what}: {}", answer.head);
    for field in ["title", "detail", "next"] {
        let text = answer.json[field].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{what} has no {field}");
    }
}

/// Where a body is sent, and whether it is a file there.
async fn doors(ground: &Ground) -> (Client, Vec<(String, bool)>) {
    let (buyer, seller) = (ground.company("Buyer", true, true).await, ground.company("Seller", false, true).await);
    let order = agreed(ground, &buyer, &seller).await;
    let doors = vec![
        ("/api/v1/orders".to_owned(), false),
        (format!("/api/v1/orders/{order}/transitions"), false),
        ("/api/v1/wallet/pay-ins".to_owned(), false),
        ("/api/v1/auth/sign-in".to_owned(), false),
        (format!("/api/v1/orders/{order}/files?name=a.pdf"), true),
        ("/api/v1/imports/products".to_owned(), true),
    ];
    (buyer, doors)
}

#[actix_web::test]
async fn a_body_that_is_too_large_gets_a_problem_document() {
    let ground = ground().await;
    let (buyer, doors) = doors(&ground).await;
    let sizes = |file: &bool| if *file { FILE_MAX + 1 } else { JSON_MAX + 1 };
    let mut sent: Vec<(&str, usize)> = doors.iter().map(|(path, file)| (path.as_str(), sizes(file))).collect();
    sent.push(("/api/v1/orders", FILE_MAX + 1));
    for (path, size) in sent {
        let answer = ground.send(&buyer, Method::POST, path, &vec![b' '; size], &[("Idempotency-Key", path)]).await;
        is_problem(&answer, 413, "too_large", &format!("{size} bytes to {path}"));
    }
    let pdf = [b"%PDF-1.7 ".to_vec(), vec![b'x'; FILE_MAX - 14], b"%%EOF".to_vec()].concat();
    let (upload, _) = doors.iter().find(|(path, _)| path.contains("/files")).unwrap();
    let whole = ground.send(&buyer, Method::POST, upload, &pdf, &[]).await;
    assert_eq!(whole.status, 201, "a file of exactly the limit is kept: {whole:?}");
}

#[actix_web::test]
async fn a_body_that_cannot_be_read_gets_a_problem_document() {
    let ground = ground().await;
    let (buyer, doors) = doors(&ground).await;
    let cut = br#"{"terms":{"buyer":"#.to_vec();
    let latin = [br#"{"text":"caf"#.as_slice(), &[0xe9], br#""}"#].concat();
    let bodies = [("cut off", cut), ("not UTF-8", latin), ("empty", Vec::new()), ("two", b"{}{}".to_vec())];
    for (path, _) in doors.iter().filter(|(_, file)| !file) {
        for (what, body) in &bodies {
            let key = [("Idempotency-Key", *what)];
            let answer = ground.send(&buyer, Method::POST, path, body, &key).await;
            is_problem(&answer, 400, "malformed", &format!("{what} to {path}"));
        }
    }
    let deep = format!(r#"{{"name":"stage.fund","params":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let steps = &doors.iter().find(|(path, _)| path.ends_with("/transitions")).unwrap().0;
    let answer = ground.send(&buyer, Method::POST, steps, deep.as_bytes(), &[("Idempotency-Key", "deep")]).await;
    is_problem(&answer, 400, "malformed", "a body nested 100,000 deep");
    let broken = [("Content-Encoding", "gzip"), ("Idempotency-Key", "broken")];
    let answer = ground.send(&buyer, Method::POST, "/api/v1/orders", b"this is no gzip", &broken).await;
    is_problem(&answer, 400, "malformed", "a body that cannot be unpacked");
}

#[actix_web::test]
async fn amounts_at_and_beyond_the_border_are_refused() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    for minor in ["-1", "0", "9223372036854775807", "9223372036854775808", "1.5", "", "1e3"] {
        let answer = pay_in(&ground, &buyer, minor).await;
        assert_eq!(answer.status, 422, "{minor}: {answer:?}");
    }
    let wallet = ground.get(&buyer, "/api/v1/wallet").await.json;
    assert!(wallet["accounts"].as_array().unwrap().iter().all(|a| a["buyer"]["minor"] == "0"), "{wallet}");
}

#[actix_web::test]
async fn terms_that_do_not_add_up_are_refused_field_by_field() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let mut wrong = terms(&buyer.company, &seller.company);
    wrong["stages"][0]["share_bps"] = json!(2_999);
    wrong["shipments"][0]["quantities"][0] = json!("5999");

    let answer = ground.post(&buyer, "/api/v1/orders", json!({ "terms": wrong })).await;

    assert_eq!(answer.status, 422, "{answer:?}");
    let pointers: Vec<&str> =
        answer.json["errors"].as_array().unwrap().iter().filter_map(|e| e["pointer"].as_str()).collect();
    assert!(pointers.len() >= 2, "{pointers:?}");
}

#[actix_web::test]
async fn a_stale_version_and_an_impossible_step_answer_409_with_the_state() {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let order = agreed(&ground, &buyer, &seller).await;
    let body = json!({ "name": "stage.fund", "params": { "stage": 1, "method": "tt" }, "expected_version": 1 });

    let stale = ground.post(&buyer, &format!("/api/v1/orders/{order}/transitions"), body).await;
    let impossible = ground.step(&buyer, &order, "shipment.accept", json!({ "shipment": 1 })).await;
    let poor = ground.step(&buyer, &order, "stage.fund", json!({ "stage": 1, "method": "tt" })).await;

    assert_eq!((stale.status.as_u16(), stale.json["code"].as_str()), (409, Some("stale_version")));
    assert_eq!(stale.json["params"]["current"], "3");
    assert_eq!(impossible.status, 409, "{impossible:?}");
    assert_eq!(poor.status, 409, "{poor:?}");
    assert!(poor.json["params"]["need"].is_string(), "{poor:?}");
}

#[actix_web::test]
async fn the_clock_never_goes_back_and_era_one_says_which_era_brings_escrow() {
    use entrepot_domain::kernel::Role;
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let someone = ground.company("School", true, false).await;
    let teacher = ground.reseat(&someone, crate::ground::MARKET, None, Role::Teacher).await;

    let back = ground
        .post(&teacher, "/api/v1/market/clock", json!({ "action": "advance", "to": "2020-01-01T00:00:00Z" }))
        .await;
    // A field that is wrong is told of, even where the action has no use for it.
    for field in [json!({ "action": "pause", "to": "" }), json!({ "action": "resume", "by": "soon" })] {
        assert_eq!(ground.post(&teacher, "/api/v1/market/clock", field).await.status, 422);
    }
    let era = ground.post(&teacher, "/api/v1/market/era", json!({ "era": "1.0" })).await;
    let refused = pay_in(&ground, &buyer, "100").await;
    let not_teacher = ground.post(&buyer, "/api/v1/market/era", json!({ "era": "3.0" })).await;

    assert_eq!((back.status.as_u16(), back.json["code"].as_str()), (409, Some("market.clock_backwards")));
    assert_eq!(era.status, 200, "{era:?}");
    assert_eq!((refused.status.as_u16(), refused.json["code"].as_str()), (409, Some("market.not_in_this_era")));
    assert_eq!(refused.json["params"]["era"], "2.0");
    assert_eq!(not_teacher.status, 403);
}

#[actix_web::test]
async fn another_sites_page_changes_nothing() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let body = json!({ "amount": { "minor": "100", "currency": "USD" }, "reference": "x" }).to_string();
    for header in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")] {
        let extra = [header, ("Idempotency-Key", "k")];
        let answer = ground.send(&buyer, Method::POST, "/api/v1/wallet/pay-ins", body.as_bytes(), &extra).await;
        assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (403, Some("cross_site")));
    }
}

#[actix_web::test]
async fn a_buyer_who_reaches_for_the_market_is_refused_and_remembered() {
    let ground = ground().await;
    let buyer = ground.company("Buyer", true, false).await;
    let tries = [
        ("clock", json!({ "action": "advance", "by": "1d" })),
        ("era", json!({ "era": "1.0" })),
        ("capabilities", json!({ "name": "wallet", "on": false })),
    ];
    for (path, body) in tries {
        assert_eq!(ground.post(&buyer, &format!("/api/v1/market/{path}"), body).await.status, 403, "{path}");
    }

    let sql = "SELECT step FROM denial ORDER BY step";
    let kept = entrepot::platform::rows::query(ground.state.engine.db().read(), sql, Vec::new()).await.unwrap();
    let steps: Vec<String> = kept.iter().map(|row| row.try_get("", "step").unwrap()).collect();
    assert_eq!(steps, ["capability.switch", "clock.advance", "era.switch"]);
}
