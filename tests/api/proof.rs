//! Proofs over HTTP: from a company's claim to a badge that everybody reads, and to its end on the day it runs out.

use crate::access::cast::product;
use crate::ground::{Answer, Client, Ground, MARKET, PASSWORD, agreed, email_of, ground};
use crate::pdf_text;
use actix_web::http::Method;
use entrepot::market::SwitchEra;
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot::platform::rows;
use entrepot::search::Search;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Era;
use serde_json::{Value, json};

const PROOFS: &str = "/api/v1/proofs";
const QUEUE: &str = "/api/v1/admin/proofs";

struct Stage {
    ground: Ground,
    seller: Client,
    buyer: Client,
    admin: Client,
}

async fn stage() -> Stage {
    let ground = ground().await;
    let (seller, buyer) = (ground.company("Seller", false, true).await, ground.company("Buyer", true, false).await);
    let admin = overseer(&ground, "Ada", Role::Admin).await;
    Stage { ground, seller, buyer, admin }
}

async fn overseer(ground: &Ground, name: &str, role: Role) -> Client {
    let someone = ground.company(name, true, false).await;
    ground.reseat(&someone, MARKET, None, role).await
}

fn told(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status.as_u16(), answer.json["code"].as_str())
}

impl Stage {
    async fn upload(&self, who: &Client, name: &str) -> Answer {
        let path = format!("/api/v1/proof-files?name={name}");
        self.ground.send(who, Method::POST, &path, b"a licence", &[]).await
    }

    async fn paper(&self, who: &Client, number: &str) -> Value {
        let file = self.upload(who, "licence.txt").await.json["id"].clone();
        json!({ "statement": "Entered in the register", "number": number, "issuer": "Court", "file_ids": [file] })
    }

    async fn submit(&self, kind: &str, number: &str) -> Answer {
        let paper = self.paper(&self.seller, number).await;
        self.ground.post(&self.seller, PROOFS, json!({ "kind": kind, "paper": paper })).await
    }

    async fn submitted(&self, kind: &str, number: &str) -> String {
        let answer = self.submit(kind, number).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json["id"].as_str().unwrap().to_owned()
    }

    async fn decide(&self, who: &Client, proof: &str, body: Value) -> Answer {
        self.ground.post(who, &format!("{QUEUE}/{proof}/decision"), body).await
    }

    async fn confirmed(&self, kind: &str, number: &str, until: &str) -> String {
        let proof = self.submitted(kind, number).await;
        let answer = self.decide(&self.admin, &proof, json!({ "decision": "confirm", "valid_until": until })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        proof
    }

    /// What another company reads: the level, and kind with state of each badge.
    async fn seen(&self) -> (i64, Vec<(String, String)>) {
        let path = format!("/api/v1/companies/{}/proofs", self.seller.company);
        let page = self.ground.get(&self.buyer, &path).await.json;
        let text = |badge: &Value, name: &str| badge[name].as_str().unwrap().to_owned();
        let badges = page["proofs"].as_array().unwrap().iter().map(|b| (text(b, "kind"), text(b, "state"))).collect();
        (page["level"].as_i64().unwrap(), badges)
    }

    /// The levels by which the search counts the seller's goods.
    async fn counted(&self) -> Value {
        self.ground.sealed().await;
        Search::of(&self.ground.state).unwrap().catch_up(self.ground.state.engine.db()).await.unwrap();
        let found = self.ground.get(&self.buyer, "/api/v1/search?q=&limit=1").await.json;
        let card = found["items"][0]["supplier"]["verified_level"].clone();
        let values = found["facets"]["verified"].as_array().unwrap().iter().map(|v| v["value"].clone()).collect();
        json!([Value::Array(values), card])
    }

    async fn sound(&self) {
        self.ground.sealed().await;
        let report = entrepot::audit::verify(self.ground.state.engine.db(), None).await.unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }
}

fn badge(kind: &str, state: &str) -> (String, String) {
    (kind.to_owned(), state.to_owned())
}

#[actix_web::test]
async fn a_claim_becomes_a_badge_and_the_badge_ends_on_its_day() {
    let stage = stage().await;
    let ground = &stage.ground;
    assert_eq!(ground.post(&stage.seller, "/api/v1/products", product("W-1")).await.status, 201);
    let licence = stage.submitted("business_licence", "HRB-Seller").await;
    stage.confirmed("legal_representative", "P1234567890", "2026-06-30").await;
    assert_eq!(stage.seen().await, (0, vec![badge("legal_representative", "confirmed")]), "half a level is none");
    assert_eq!(stage.counted().await, json!([["0"], 0]));

    let ask = json!({ "decision": "ask", "reason": "page_missing", "note": "Page two, please." });
    assert_eq!(stage.decide(&stage.admin, &licence, ask.clone()).await.json["state"], "more_asked");
    assert_eq!(stage.decide(&stage.admin, &licence, ask).await.status, 200, "the same again changes nothing");
    let own = ground.get(&stage.seller, PROOFS).await.json;
    let asked = own["proofs"].as_array().unwrap().iter().find(|proof| proof["id"] == licence.as_str()).unwrap();
    assert_eq!(
        (&asked["verdict"]["reason"], &asked["verdict"]["by"]),
        (&json!("page_missing"), &json!("Owner of Ada"))
    );
    assert_eq!(own["missing"], json!(["business_licence"]));
    let answer = stage.paper(&stage.seller, "HRB-Seller 2").await;
    let answered = ground.post(&stage.seller, &format!("{PROOFS}/{licence}/answer"), answer).await;
    assert_eq!(answered.json["state"], "submitted", "{answered:?}");
    let queue = ground.get(&stage.admin, QUEUE).await.json;
    assert_eq!((&queue["waiting"], &queue["items"][0]["id"]), (&json!(1), &json!(licence)));
    assert_eq!(queue["items"][0]["registration_number"], "HRB-Seller");

    let confirm = json!({ "decision": "confirm", "valid_until": "2026-01-31", "recheck_on": "2026-01-20" });
    let path = format!("{QUEUE}/{licence}/decision");
    for _ in 0..2 {
        let answer = ground.post_with_key(&stage.admin, &path, confirm.clone(), "one").await;
        assert_eq!((answer.status.as_u16(), &answer.json["level"]), (200, &json!(1)), "{answer:?}");
    }
    let other = overseer(ground, "Bob", Role::Admin).await;
    let second = stage.decide(&other, &licence, json!({ "decision": "refuse", "reason": "unreadable" })).await;
    assert_eq!(told(&second), (409, Some("proof.decided")));
    assert_eq!(second.json["params"]["proof_state"], "confirmed");
    let proofs = vec![badge("business_licence", "confirmed"), badge("legal_representative", "confirmed")];
    assert_eq!(stage.seen().await, (1, proofs));
    assert_eq!(stage.counted().await, json!([["1"], 1]));
    let path = format!("/api/v1/companies/{}/proofs", stage.seller.company);
    let shown = ground.get(&stage.buyer, &path).await.json;
    assert_eq!(shown["proofs"][0]["checked_by"], "Owner of Ada");
    assert_eq!(shown["proofs"][0]["valid_until"], "2026-01-31");
    assert_eq!(shown["proofs"][1]["number"], "…7890", "others read the end of a private number");

    ground.days(16).await;
    let again = ground.get(&stage.admin, &format!("{QUEUE}?view=recheck")).await.json;
    assert_eq!((&again["recheck"], &again["items"][0]["id"]), (&json!(1), &json!(licence)));
    ground.days(10).await;
    assert_eq!(stage.seen().await.0, 1, "31 January, 09:00");
    ground.days(1).await;
    let after = vec![badge("legal_representative", "confirmed"), badge("business_licence", "expired")];
    assert_eq!(stage.seen().await, (0, after));
    assert_eq!(stage.counted().await, json!([["0"], 0]));
    stage.sound().await;
    // Control: a proof that nothing ends is found.
    let db = ground.state.engine.db();
    rows::execute(db.write(), "DELETE FROM deadline WHERE step = 'proof.expire'", vec![]).await.unwrap();
    let report = entrepot::audit::verify(db, None).await.unwrap();
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
}

#[actix_web::test]
async fn only_the_company_claims_and_only_outsiders_decide() {
    let stage = stage().await;
    let ground = &stage.ground;
    let proof = stage.submitted("bank_account", "DE89370400440532013000").await;
    let twice = stage.submit("bank_account", "DE89370400440532013000").await;
    assert_eq!(
        (twice.status.as_u16(), twice.json["id"].as_str()),
        (200, Some(proof.as_str())),
        "a double click is one"
    );
    assert_eq!(told(&stage.submit("bank_account", "DE00").await), (409, Some("proof.open")));

    let confirm = json!({ "decision": "confirm", "valid_until": "2026-12-31" });
    assert_eq!(told(&stage.decide(&stage.seller, &proof, confirm.clone()).await).0, 403);
    let signed_in = ground.sign_in(&email_of("Seller"), PASSWORD).await;
    let elsewhere = ground.moved(&Client::default(), &signed_in).await;
    let insider = ground.reseat(&elsewhere, MARKET, None, Role::Admin).await;
    assert_eq!(told(&stage.decide(&insider, &proof, confirm.clone()).await), (403, Some("proof.own_claim")));
    let hired = ground.company("Hired", true, false).await;
    let seat = ground.reseat(&hired, MARKET, Some(&stage.seller.company), Role::Viewer).await;
    let clerk = ground.reseat(&seat, MARKET, None, Role::Admin).await;
    assert_eq!(told(&stage.decide(&clerk, &proof, confirm).await), (403, Some("proof.own_claim")));
    let listed = ground.get(&clerk, QUEUE).await.json;
    assert_eq!(listed["items"][0]["own_company"], true, "the queue says so before the click");

    let file = stage.upload(&stage.seller, "unnamed.txt").await.json["id"].as_str().unwrap().to_owned();
    let unnamed = format!("/api/v1/proof-files/{file}");
    assert_eq!(ground.get(&stage.seller, &unnamed).await.status, 200);
    assert_eq!(told(&ground.get(&stage.admin, &unnamed).await), (404, Some("not_found")), "no claim names it");
    let view = ground.get(&stage.admin, &format!("{PROOFS}/{proof}")).await.json;
    let evidence = format!("/api/v1/proof-files/{}", view["files"][0]["id"].as_str().unwrap());
    let read = ground.get(&stage.admin, &evidence).await;
    assert!(read.status == 200 && read.head.to_lowercase().contains("content-disposition: attachment"), "{read:?}");
    for path in [&evidence, &format!("{PROOFS}/{proof}")] {
        assert_eq!(told(&ground.get(&stage.buyer, path).await), (404, Some("not_found")), "{path}");
    }
    let paper = json!({ "statement": "s", "number": "n", "file_ids": [view["files"][0]["id"]] });
    let stolen = ground.post(&stage.buyer, PROOFS, json!({ "kind": "bank_account", "paper": paper })).await;
    assert_eq!(stolen.json["errors"][0]["pointer"], "/file_ids/0", "another company's file proves nothing: {stolen:?}");
}

#[actix_web::test]
async fn hostile_words_stay_words_and_nothing_private_stands_in_the_log() {
    let stage = stage().await;
    let ground = &stage.ground;
    let mut paper = stage.paper(&stage.seller, "SECRET-PANGOLIN-77").await;
    paper["statement"] = json!("<script>alert(1)</script>\u{202e}gnp\u{0000} {{x}}");
    let body = json!({ "kind": "legal_representative", "paper": paper });
    let made = ground.post(&stage.seller, PROOFS, body).await;
    let proof = made.json["id"].as_str().unwrap();
    let view = ground.get(&stage.seller, &format!("{PROOFS}/{proof}")).await.json;
    assert_eq!(view["statement"], "<script>alert(1)</script>gnp {{x}}");
    let db = ground.state.engine.db();
    for row in rows::query(db.read(), "SELECT bytes FROM event", vec![]).await.unwrap() {
        let bytes: Vec<u8> = row.try_get("", "bytes").unwrap();
        let text = String::from_utf8_lossy(&bytes).to_string();
        assert!(!text.contains("PANGOLIN") && !text.contains("alert(1)"), "{text}");
    }
    let changed = rows::execute(db.write(), "UPDATE proof_file SET name = 'other'", vec![]).await;
    assert!(changed.is_err(), "evidence is never changed");

    for (body, pointer) in [
        (json!({ "decision": "confirm" }), "/valid_until"),
        (json!({ "decision": "confirm", "valid_until": "2025-01-01" }), "/valid_until"),
        (json!({ "decision": "confirm", "valid_until": "2026-12-31", "recheck_on": "2027-01-01" }), "/recheck_on"),
        (json!({ "decision": "refuse" }), "/reason"),
        (json!({ "decision": "refuse", "reason": "other" }), "/note"),
        (json!({ "decision": "refuse", "reason": "other", "note": "x".repeat(1_001) }), "/note"),
        (json!({ "decision": "bless" }), "/decision"),
    ] {
        let answer = stage.decide(&stage.admin, proof, body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json["errors"][0]["pointer"].as_str()),
            (422, Some(pointer)),
            "{body}"
        );
    }
    for (kind, paper, pointer) in [
        ("medal", json!({ "statement": "s" }), "/kind"),
        ("bank_account", json!({ "statement": "", "number": "1", "file_ids": [] }), "/statement"),
        ("bank_account", json!({ "statement": "s", "number": "1", "file_ids": ["zz"] }), "/file_ids/0"),
    ] {
        let answer = ground.post(&stage.seller, PROOFS, json!({ "kind": kind, "paper": paper })).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json["errors"][0]["pointer"].as_str()),
            (422, Some(pointer)),
            "{kind}"
        );
    }
}

#[actix_web::test]
async fn what_was_confirmed_can_be_revoked_withdrawn_and_renewed_and_a_number_used_twice_is_told() {
    let stage = stage().await;
    let ground = &stage.ground;
    let first = stage.confirmed("quality_certificate", "ISO 9001-7", "2026-12-31").await;
    let second = stage.confirmed("quality_certificate", "CE 12", "2026-12-31").await;
    let renewed = stage.confirmed("quality_certificate", "iso-9001 7", "2027-12-31").await;
    let state = async |proof: &str| ground.get(&stage.seller, &format!("{PROOFS}/{proof}")).await.json["state"].clone();
    assert_eq!((state(&first).await, state(&renewed).await), (json!("replaced"), json!("confirmed")));
    let revoke = json!({ "decision": "revoke", "reason": "issuer_denies" });
    assert_eq!(stage.decide(&stage.admin, &renewed, revoke).await.json["state"], "refused");
    assert_eq!(stage.seen().await.1, [badge("quality_certificate", "confirmed")]);
    for _ in 0..2 {
        let gone = ground.post(&stage.seller, &format!("{PROOFS}/{second}/withdraw"), Value::Null).await;
        assert_eq!((gone.status.as_u16(), &gone.json["state"]), (200, &json!("withdrawn")), "{gone:?}");
    }
    assert_eq!(stage.seen().await.1, []);
    let waits = stage.submitted("bank_account", "DE89 3704").await;
    let paper = stage.paper(&stage.buyer, "de-893704").await;
    let twin = ground.post(&stage.buyer, PROOFS, json!({ "kind": "bank_account", "paper": paper })).await;
    assert_eq!(twin.status, 201, "{twin:?}");
    let page = ground.get(&stage.admin, &format!("{QUEUE}?limit=1")).await.json;
    assert_eq!((&page["items"][0]["id"], &page["items"][0]["same_number"]), (&json!(waits), &json!(1)));
    let next = page["next_cursor"].as_str().unwrap();
    let rest = ground.get(&stage.admin, &format!("{QUEUE}?limit=1&cursor={next}")).await.json;
    assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&twin.json["id"], &Value::Null));
    let bad = ground.get(&stage.admin, &format!("{QUEUE}?cursor=zz")).await;
    assert_eq!(bad.status, 422, "{bad:?}");
    stage.sound().await;
}

#[actix_web::test]
async fn the_report_as_a_file_says_what_the_page_says_and_what_no_proof_proves() {
    let stage = stage().await;
    let ground = &stage.ground;
    let page = format!("/api/v1/companies/{}/proofs", stage.seller.company);
    let report = |who: &Client, query: &str| {
        let (who, path) = (who.clone(), format!("{page}/report{query}"));
        async move { ground.get(&who, &path).await }
    };
    let empty = report(&stage.buyer, "?lang=en").await;
    assert!(pdf_text::read(&empty.bytes).text().contains("That is no verdict"), "{empty:?}");
    stage.confirmed("bank_account", "DE89370400440532013000", "2026-03-01").await;
    stage.confirmed("business_licence", "HRB-7", "2026-01-20").await;

    let seen = ground.get(&stage.buyer, &page).await.json;
    let hash = seen["sha256"].as_str().unwrap().to_owned();
    assert_eq!(hash.len(), 64);
    let english = report(&stage.buyer, "?lang=en").await;
    assert_eq!(english.status, 200, "{english:?}");
    let read = pdf_text::read(&english.bytes);
    assert!(read.pages.iter().all(|page| page.contains(&hash)), "the hash stands on each page");
    let text = read.text();
    for needed in ["Verification report", "Seller", "HRB-Seller", "Court", "Owner of Ada", "2026-03-01", "…3000", "HRB-7"] {
        assert!(text.contains(needed), "{needed} in\n{text}");
    }
    assert_eq!(text.matches("Does not prove").count(), 2, "{text}");
    assert!(!text.contains("DE8937"), "an account is named by its end alone: {text}");
    assert!(!text.contains("licence.txt"), "evidence is not for everybody");
    let chinese = pdf_text::read(&report(&stage.buyer, "?lang=zh").await.bytes).text();
    assert!(chinese.contains("认证报告") && chinese.contains("不能证明") && !chinese.contains("Verification"), "{chinese}");

    // Past the last day of the licence the paper says so, and its hash is another.
    ground.days(20).await;
    let later = ground.get(&stage.buyer, &page).await.json;
    assert_ne!(later["sha256"], json!(hash));
    let text = pdf_text::read(&report(&stage.buyer, "?lang=en").await.bytes).text();
    assert!(text.contains("EXPIRED") && text.contains("Was valid until"), "{text}");
    let odd = report(&stage.buyer, "?lang=fr").await;
    assert_eq!((odd.status.as_u16(), &odd.json["errors"][0]["pointer"]), (422, &json!("/lang")));
}

#[actix_web::test]
async fn the_trade_record_says_nothing_before_it_can_and_names_the_era_that_brings_it() {
    let stage = stage().await;
    let ground = &stage.ground;
    let path = format!("/api/v1/companies/{}/record", stage.seller.company);
    agreed(ground, &stage.buyer, &stage.seller).await;
    let record = ground.get(&stage.buyer, &path).await.json;
    assert_eq!((&record["record"]["shipments"], &record["record"]["on_time_bps"]), (&json!(0), &Value::Null));
    let switch = SwitchEra { market: MARKET, era: Era::Information };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), switch)).await.unwrap();
    assert_eq!(ground.get(&stage.buyer, &path).await.json, json!({ "record": null, "era": "2.0" }));
    let off = ground
        .post(
            &overseer(ground, "School", Role::Teacher).await,
            "/api/v1/market/capabilities",
            json!({ "name": "company_proofs", "on": false }),
        )
        .await;
    assert_eq!(off.status, 200, "{off:?}");
    assert_eq!(told(&stage.submit("bank_account", "DE89").await), (409, Some("market.not_in_this_era")));
}
