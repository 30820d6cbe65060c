//! Reports of inquiries and how they are settled: the list empties, both sides are told, and a block holds.

use crate::ground::{Answer, Client, Ground, MARKET, ground};
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

const INQUIRIES: &str = "/api/v1/inquiries";

struct Stage {
    ground: Ground,
    buyer: Client,
    seller: Client,
    admin: Client,
    inquiry: String,
}

fn told(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status.as_u16(), answer.json["code"].as_str())
}

/// An inquiry that the seller reported.
async fn reported() -> Stage {
    let ground = ground().await;
    let (buyer, seller) = (ground.company("Buyer", true, false).await, ground.company("Seller", false, true).await);
    let school = ground.company("School", true, false).await;
    let admin = ground.reseat(&school, MARKET, None, Role::Admin).await;
    let body = json!({ "seller": seller.company, "subject": "Bolts", "text": "Pay me in cash." });
    let opened = ground.post(&buyer, INQUIRIES, body).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    let inquiry = format!("{INQUIRIES}/{}", opened.json["id"].as_str().unwrap());
    let stage = Stage { ground, buyer, seller, admin, inquiry };
    stage.report().await;
    stage
}

impl Stage {
    async fn report(&self) {
        let report = json!({ "reason": "fraud", "note": "Asks for cash." });
        let sent = self.ground.post(&self.seller, &format!("{}/report", self.inquiry), report).await;
        assert_eq!(sent.status, 200, "{sent:?}");
    }

    async fn settle(&self, who: &Client, body: Value) -> Answer {
        self.ground.post(who, &format!("{}/settle", self.inquiry), body).await
    }

    async fn write(&self, who: &Client, text: &str) -> Answer {
        self.ground.post(who, &format!("{}/messages", self.inquiry), json!({ "text": text })).await
    }

    async fn seen(&self, who: &Client) -> Value {
        let answer = self.ground.get(who, &self.inquiry).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }

    /// How many inquiries the list of reported ones holds.
    async fn waiting(&self) -> usize {
        self.ground.get(&self.admin, INQUIRIES).await.json["items"].as_array().unwrap().len()
    }

    async fn settled_notices(&self, who: &Client) -> usize {
        let items = self.ground.get(who, "/api/v1/notices").await.json["items"].clone();
        items.as_array().unwrap().iter().filter(|one| one["kind"] == "inquiry_settled").count()
    }
}

#[actix_web::test]
async fn a_warning_empties_the_list_and_both_sides_read_why() {
    let stage = reported().await;
    assert_eq!((stage.waiting().await, &stage.seen(&stage.admin).await["can"]["settle"]), (1, &json!(true)));
    let warn = json!({ "outcome": "warn", "against": "buyer", "note": "No cash beside the platform." });
    for who in [&stage.buyer, &stage.seller] {
        assert_eq!(told(&stage.settle(who, warn.clone()).await), (403, Some("forbidden")));
    }
    let first = stage.settle(&stage.admin, warn.clone()).await;
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(stage.waiting().await, 0);
    // A second click says the same; another word comes too late.
    assert_eq!(stage.settle(&stage.admin, warn.clone()).await.status, 200);
    let other = json!({ "outcome": "no_action", "note": "Nothing wrong." });
    assert_eq!(told(&stage.settle(&stage.admin, other).await), (409, Some("inquiry.nothing_reported")));
    for who in [&stage.buyer, &stage.seller] {
        let seen = stage.seen(who).await;
        let settled = &seen["settlements"];
        assert_eq!(settled.as_array().map(Vec::len), Some(1), "{seen}");
        assert_eq!((&settled[0]["outcome"], &settled[0]["against"]), (&json!("warn"), &json!("buyer")));
        assert_eq!(settled[0]["note"], "No cash beside the platform.");
        assert_eq!(stage.write(who, "Understood.").await.status, 201, "a warning keeps nobody from writing");
    }
    assert_eq!(stage.seen(&stage.buyer).await["reports"], json!([]), "who reported is not said in so many words");
    stage.ground.told().await;
    assert_eq!((stage.settled_notices(&stage.buyer).await, stage.settled_notices(&stage.seller).await), (1, 1));

    // The same again may be reported again, and waits again.
    assert_eq!(stage.seen(&stage.seller).await["can"]["report"], true);
    stage.report().await;
    assert_eq!(stage.waiting().await, 1);
    let report = entrepot::audit::verify(stage.ground.state.engine.db(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[actix_web::test]
async fn a_block_keeps_the_reported_side_from_writing_until_the_other_lifts_it() {
    let stage = reported().await;
    let block = json!({ "outcome": "block", "against": "buyer", "note": "Third time." });
    for _ in 0..2 {
        assert_eq!(stage.settle(&stage.admin, block.clone()).await.status, 200);
    }
    assert_eq!(told(&stage.write(&stage.buyer, "Hello?").await), (409, Some("inquiry.not_taken")));
    let again = json!({ "seller": stage.seller.company, "subject": "Nuts", "text": "And nuts?" });
    assert_eq!(told(&stage.ground.post(&stage.buyer, INQUIRIES, again).await), (409, Some("inquiry.not_taken")));
    let lift = format!("/api/v1/companies/{}/block", stage.buyer.company);
    let lifted = stage.ground.send(&stage.seller, actix_web::http::Method::DELETE, &lift, b"", &[]).await;
    assert!(lifted.status.is_success(), "{lifted:?}");
    assert_eq!(stage.write(&stage.buyer, "Thank you.").await.status, 201);
}

#[actix_web::test]
async fn a_settlement_has_a_reason_and_a_side_and_nobody_judges_their_own_company() {
    let stage = reported().await;
    let at = |answer: &Answer| {
        assert_eq!(told(answer), (422, Some("inquiry.invalid")), "{answer:?}");
        answer.json["errors"][0]["pointer"].as_str().unwrap().to_owned()
    };
    assert_eq!(at(&stage.settle(&stage.admin, json!({ "outcome": "warn", "note": "Why." })).await), "/against");
    assert_eq!(at(&stage.settle(&stage.admin, json!({ "outcome": "no_action", "note": "  " })).await), "/note");
    let odd = stage.settle(&stage.admin, json!({ "outcome": "prison", "note": "Why." })).await;
    assert_eq!(odd.status, 422, "{odd:?}");
    assert_eq!(stage.waiting().await, 1, "nothing of it was lost or taken");

    // Who sat in one of the two companies does not judge it, whatever seat they have now.
    let colleague = stage.ground.company("Colleague", true, false).await;
    let colleague = stage.ground.reseat(&colleague, MARKET, Some(&stage.seller.company), Role::Trader).await;
    let insider = stage.ground.reseat(&colleague, MARKET, None, Role::Admin).await;
    let body = json!({ "outcome": "no_action", "note": "All fine." });
    assert_eq!(told(&stage.settle(&insider, body.clone()).await), (403, Some("inquiry.insider")));
    for role in [Role::Support, Role::CreditAdmin] {
        let someone = stage.ground.company(&format!("Looks on as {role}"), true, false).await;
        let someone = stage.ground.reseat(&someone, MARKET, None, role).await;
        let expected = if role == Role::Support { 403 } else { 404 };
        assert_eq!(stage.settle(&someone, body.clone()).await.status, expected, "{role}");
    }
    assert_eq!(stage.settle(&stage.admin, body).await.status, 200);
}

#[actix_web::test]
async fn a_side_writes_sixty_messages_a_day_in_one_inquiry() {
    let stage = reported().await;
    let key = |n: usize| format!("flood-{n}");
    let path = format!("{}/messages", stage.inquiry);
    // The question was the first.
    for n in 1..60 {
        let body = json!({ "text": format!("Message {n}") });
        let sent = stage.ground.post_with_key(&stage.buyer, &path, body, &key(n)).await;
        assert_eq!(sent.status, 201, "{n}: {sent:?}");
    }
    let more = stage.write(&stage.buyer, "One more").await;
    assert_eq!((told(&more), &more.json["params"]["max"]), ((409, Some("inquiry.too_many_messages")), &json!("60")));
    assert!(!more.json["next"].as_str().unwrap().is_empty());
    assert_eq!(stage.write(&stage.seller, "Enough!").await.status, 201);
    stage.ground.days(1).await;
    assert_eq!(stage.write(&stage.buyer, "Good morning.").await.status, 201);
}
