//! Seats, rights to quote, deadlines, versions: what a quote and an award meet on the way, and what races them.

use super::*;
use crate::ground::ground;

async fn pair(ground: &Ground) -> (Client, Client) {
    (ground.company("Buyer", true, false).await, ground.company("North", false, true).await)
}

#[actix_web::test]
async fn two_suppliers_race_for_the_last_seat_and_one_gets_it() {
    let ground = ground().await;
    let (buyer, north) = pair(&ground).await;
    let south = ground.company("South", false, true).await;
    let rfq = publish(&ground, &buyer, with(rfq_body(), "/seats", json!(1))).await;

    let (one, two) =
        futures_util::future::join(submit(&ground, &north, &rfq, quote_body()), submit(&ground, &south, &rfq, quote_body())).await;

    let mut found = [refusal(&one), refusal(&two)];
    found.sort_unstable();
    assert_eq!(found, [(201, "no code"), (409, "sourcing.seats_full")]);
    let refused = if one.status == 409 { &one } else { &two };
    assert_eq!(refused.json["params"]["seats"], "1");
    assert_eq!(page(&ground, &buyer, &rfq).await["seats_left"], 0);
}

#[actix_web::test]
async fn the_twenty_first_quote_of_a_month_waits_and_an_accepted_one_brings_a_right() {
    let ground = ground().await;
    let (buyer, north) = pair(&ground).await;
    let mut rfqs = Vec::new();
    for _ in 0..23 {
        rfqs.push(publish(&ground, &buyer, rfq_body()).await);
    }
    let mut quotes = Vec::new();
    for rfq in &rfqs[..19] {
        quotes.push(quoted(&ground, &north, rfq).await);
    }
    // The last right of the month, wanted twice at once.
    let (one, two) = futures_util::future::join(
        submit(&ground, &north, &rfqs[19], quote_body()),
        submit(&ground, &north, &rfqs[20], quote_body())
    ).await;
    let mut found = [refusal(&one), refusal(&two)];
    found.sort_unstable();
    assert_eq!(found, [(201, "no code"), (409, "sourcing.quota_used")]);
    let refused = if one.status == 409 { one } else { two };
    assert_eq!(refused.json["params"]["resets"], "2026-01-31T16:00:00Z", "the month ends in Shanghai");

    let quota = || async { ground.get(&north, "/api/v1/quotes/quota").await.json };
    assert_eq!((&quota().await["used"], &quota().await["left"]), (&json!(20), &json!(0)));
    assert_eq!(award(&ground, &buyer, &rfqs[0], &[(&quotes[0], 1, &[(1, "5000")])]).await.status, 200);
    assert_eq!((&quota().await["earned"], &quota().await["left"]), (&json!(1), &json!(1)));
    quoted(&ground, &north, &rfqs[21]).await;
    assert_eq!(refusal(&submit(&ground, &north, &rfqs[22], quote_body()).await), (409, "sourcing.quota_used"));

    let withdrawn = ground.post(&buyer, &format!("/api/v1/rfqs/{}/withdraw", rfqs[1]), json!({})).await;
    assert_eq!(withdrawn.status, 200, "{withdrawn:?}");
    assert_eq!(quota().await["left"], 1, "a withdrawn request gives the right back");
    let again = ground.post(&buyer, &format!("/api/v1/rfqs/{}/withdraw", rfqs[1]), json!({})).await;
    assert_eq!((again.status.as_u16(), &again.json["already"]), (200, &json!(true)));
    assert_eq!(quota().await["left"], 1, "and not twice");
}

#[actix_web::test]
async fn the_second_click_is_the_first_quote_and_another_quote_is_refused() {
    let ground = ground().await;
    let (buyer, north) = pair(&ground).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let first = quoted(&ground, &north, &rfq).await;

    let again = submit(&ground, &north, &rfq, quote_body()).await;
    assert_eq!((again.status.as_u16(), &again.json["id"], &again.json["already"]), (200, &json!(first), &json!(true)));
    let other = submit(&ground, &north, &rfq, with(quote_body(), "/lead_days", json!(9))).await;
    assert_eq!(refusal(&other), (409, "sourcing.already_quoted"));
    assert_eq!(other.json["params"]["quote"], first);
    assert_eq!(ground.get(&north, "/api/v1/quotes/quota").await.json["used"], 1, "one right was spent");

    let withdrawn = ground.post(&north, &format!("/api/v1/quotes/{first}/withdraw"), json!({})).await;
    assert_eq!(withdrawn.json["state"], "withdrawn");
    assert_eq!(page(&ground, &buyer, &rfq).await["seats_left"], 10);
    let second = quoted(&ground, &north, &rfq).await;
    assert_ne!(second, first);
    assert_eq!(ground.get(&north, "/api/v1/quotes/quota").await.json["used"], 2, "an own withdrawal returns nothing");
}

#[actix_web::test]
async fn an_award_takes_the_newest_version_that_stands_and_no_other() {
    let ground = ground().await;
    let (buyer, north) = pair(&ground).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    let quote = quoted(&ground, &north, &rfq).await;
    let better = with(quote_body(), "/lines/0/ladder/1/unit_price", json!("0.0029"));
    let revised = ground.post(&north, &format!("/api/v1/quotes/{quote}/revise"), better.clone()).await;
    assert_eq!((revised.status.as_u16(), &revised.json["newest"]), (200, &json!(2)), "{revised:?}");
    let again = ground.post(&north, &format!("/api/v1/quotes/{quote}/revise"), better).await;
    assert_eq!((again.status.as_u16(), &again.json["already"]), (200, &json!(true)));

    let old = award(&ground, &buyer, &rfq, &[(&quote, 1, &[(1, "10000")])]).await;
    assert_eq!(refusal(&old), (409, "sourcing.quote_outdated"));
    assert_eq!(old.json["params"]["newest"], "2");
    let seen = ground.get(&buyer, &format!("/api/v1/quotes/{quote}")).await.json;
    assert_eq!(seen["versions"][1]["lines"][0]["ladder"][1]["unit_price"], "0.003", "the old version stays as it was");
    let change = &seen["versions"][0]["changes"];
    let expected = json!([{ "field": "/lines/1/ladder/1/unit_price", "before": "0.003", "after": "0.0029" }]);
    assert_eq!(change, &expected);

    ground.days(21).await;
    let late = award(&ground, &buyer, &rfq, &[(&quote, 2, &[(1, "10000")])]).await;
    assert_eq!(refusal(&late), (409, "sourcing.quote_expired"));
    assert_eq!(ground.get(&buyer, &format!("/api/v1/quotes/{quote}")).await.json["state"], "lapsed");
    let too_late = ground.post(&north, &format!("/api/v1/quotes/{quote}/revise"), quote_body()).await;
    assert_eq!(refusal(&too_late), (409, "sourcing.deadline_over"));
}

#[actix_web::test]
async fn award_and_revision_at_once_leave_one_story() {
    let ground = ground().await;
    let (buyer, north) = pair(&ground).await;
    for n in 0..6 {
        let rfq = publish(&ground, &buyer, rfq_body()).await;
        let quote = quoted(&ground, &north, &rfq).await;
        let dearer = with(quote_body(), "/lead_days", json!(30 + n));
        let parts: [Part<'_>; 1] = [(&quote, 1, &[(1, "10000")])];
        let path = format!("/api/v1/quotes/{quote}/revise");
        let (awarded, revised) =
            futures_util::future::join(award(&ground, &buyer, &rfq, &parts), ground.post(&north, &path, dearer)).await;
        match (awarded.status.as_u16(), revised.status.as_u16()) {
            (200, 409) => assert_eq!(refusal(&revised).1, "sourcing.rfq_state"),
            (409, 200) => assert_eq!(refusal(&awarded).1, "sourcing.quote_outdated"),
            both => panic!("{both:?}: an old version was accepted or a new one lost"),
        }
    }
}

#[actix_web::test]
async fn time_closes_a_request_with_quotes_and_ends_one_without() {
    let ground = ground().await;
    let (buyer, north) = pair(&ground).await;
    let south = ground.company("South", false, true).await;
    let (asked, alone, longer) = (
        publish(&ground, &buyer, rfq_body()).await,
        publish(&ground, &buyer, rfq_body()).await,
        publish(&ground, &buyer, rfq_body()).await,
    );
    quoted(&ground, &north, &asked).await;
    let later = json!({ "deadline": "2026-02-20" });
    assert_eq!(ground.post(&buyer, &format!("/api/v1/rfqs/{longer}/extend"), later).await.status, 200);
    let earlier = ground.post(&buyer, &format!("/api/v1/rfqs/{longer}/extend"), json!({ "deadline": "2026-02-01" })).await;
    assert_eq!((refusal(&earlier), &earlier.json["errors"][0]["pointer"]), ((422, "sourcing.deadline_not_later"), &json!("/deadline")));

    ground.days(22).await;
    let state = |rfq: &str| {
        let (ground, buyer, rfq) = (&ground, &buyer, rfq.to_owned());
        async move { page(ground, buyer, &rfq).await["state"].clone() }
    };
    assert_eq!([state(&asked).await, state(&alone).await, state(&longer).await], ["closed", "lapsed", "open"]);
    let late = submit(&ground, &south, &asked, quote_body()).await;
    assert_eq!(refusal(&late), (409, "sourcing.deadline_over"));
    ground.days(91).await;
    assert_eq!([state(&asked).await, state(&longer).await], ["lapsed", "lapsed"]);
}

#[actix_web::test]
async fn each_wrong_field_is_named_with_its_pointer() {
    let ground = ground().await;
    let (buyer, north) = pair(&ground).await;
    let rfq = publish(&ground, &buyer, rfq_body()).await;
    for (at, value, code) in [
        ("/lines/0/quantity", json!("many"), "catalog.number"),
        ("/lines/1/target_price", json!("0.0000001"), "catalog.number"),
        ("/deadline", json!("2026-02-30"), "sourcing.day"),
        ("/deadline", json!("2026-06-01"), "rfq.deadline"),
        ("/visibility", json!("secret"), "sourcing.word"),
        ("/seats", json!(31), "rfq.seats"),
        ("/currency", json!("XXX"), "catalog.currency"),
        ("/invited", json!(["x"]), "sourcing.id"),
        ("/quality_points/0/value", json!("good"), "catalog.number"),
        ("/quality_points/0/bound", json!("about"), "sourcing.word"),
        ("/quality_points/0/tolerance", json!("1"), "terms.point_tolerance"),
        ("/quality_points/0/method", json!(" "), "terms.point_text"),
    ] {
        let refused = ground.post(&buyer, "/api/v1/rfqs", with(rfq_body(), at, value)).await;
        assert_eq!(refusal(&refused), (422, "sourcing.rfq_invalid"), "{at}");
        let error = &refused.json["errors"][0];
        assert!(error["pointer"].as_str().unwrap().starts_with(at) && error["code"] == code, "{at}: {error}");
    }
    for (at, value, code) in [
        ("/lines/0/ladder/0/unit_price", json!("-1"), "quote.price"),
        ("/freight_minor", json!("1.5"), "catalog.number"),
        ("/stages/0/kind", json!("gift"), "sourcing.word"),
        ("/incoterm/code", json!("DAT"), "catalog.incoterm"),
        ("/validity_days", json!(91), "quote.validity"),
        ("/lines/1/line", json!(1), "quote.line"),
    ] {
        let refused = submit(&ground, &north, &rfq, with(quote_body(), at, value)).await;
        assert_eq!(refusal(&refused), (422, "sourcing.quote_invalid"), "{at}");
        let error = &refused.json["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(at), &json!(code)));
    }
    let south = ground.company("South", false, true).await;
    let listed = id_of(&ground.post(&south, "/api/v1/products", goods("S-1", "fasteners", "731815", "1000")).await);
    let theirs = submit(&ground, &north, &rfq, with(quote_body(), "/lines/0/product_id", json!(listed))).await;
    assert_eq!(theirs.json["errors"][0]["code"], "quote.foreign_product", "{theirs:?}");
    let own_one = submit(&ground, &south, &rfq, with(quote_body(), "/lines/0/product_id", json!(listed))).await;
    assert_eq!(own_one.status, 201, "control: {own_one:?}");
    let none = with(rfq_body(), "/lines/1/product_id", json!("0".repeat(32)));
    let unknown = ground.post(&buyer, "/api/v1/rfqs", none).await;
    assert_eq!(unknown.json["errors"][0]["pointer"], "/lines/1/product_id", "{unknown:?}");
    let own = ground.company("Both", true, true).await;
    let mine = publish(&ground, &own, rfq_body()).await;
    assert_eq!(refusal(&submit(&ground, &own, &mine, quote_body()).await), (409, "sourcing.own_rfq"));
    assert_eq!(refusal(&ground.post(&north, "/api/v1/rfqs", rfq_body()).await), (403, "sourcing.not_a_buyer"));
    assert_eq!(refusal(&submit(&ground, &buyer, &mine, quote_body()).await), (403, "sourcing.not_a_seller"));
}
