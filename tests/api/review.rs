//! Listings that the market looks at before everybody sees them: what waits, what does not, who decides.

use crate::access::cast::product;
use crate::asked::with;
use crate::ground::{Answer, Client, Ground, MARKET, ground};
use actix_web::http::Method;
use entrepot_domain::kernel::Role;
use serde_json::{Value, json};

const QUEUE: &str = "/api/v1/admin/listings";

struct Stage {
    ground: Ground,
    seller: Client,
    buyer: Client,
    admin: Client,
}

fn told(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status.as_u16(), answer.json["code"].as_str())
}

/// A market that looks at listings.
async fn stage() -> Stage {
    let ground = ground().await;
    let (seller, buyer) = (ground.company("Seller", false, true).await, ground.company("Buyer", true, false).await);
    let school = ground.company("School", true, false).await;
    let admin = ground.reseat(&school, MARKET, None, Role::Admin).await;
    let stage = Stage { ground, seller, buyer, admin };
    stage.switch(true).await;
    stage
}

impl Stage {
    async fn switch(&self, on: bool) {
        let body = json!({ "name": "listing_review", "on": on });
        let switched = self.ground.post(&self.admin, "/api/v1/market/capabilities", body).await;
        assert_eq!(switched.status, 200, "{switched:?}");
    }

    async fn list(&self, sku: &str) -> String {
        let answer = self.ground.post(&self.seller, "/api/v1/products", product(sku)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json["id"].as_str().unwrap().to_owned()
    }

    async fn change(&self, id: &str, body: Value) -> Answer {
        let page = self.ground.get(&self.seller, &format!("/api/v1/products/{id}")).await.json;
        let seen = format!("\"{}\"", page["version"]);
        let extra = [("Content-Type", "application/json"), ("If-Match", seen.as_str())];
        let path = format!("/api/v1/products/{id}");
        self.ground.send(&self.seller, Method::PUT, &path, body.to_string().as_bytes(), &extra).await
    }

    async fn decide(&self, who: &Client, id: &str, version: i64, body: Value) -> Answer {
        let seen = format!("\"{version}\"");
        let extra = [("Content-Type", "application/json"), ("If-Match", seen.as_str())];
        let path = format!("{QUEUE}/{id}/decision");
        self.ground.send(who, Method::POST, &path, body.to_string().as_bytes(), &extra).await
    }

    async fn state(&self, id: &str) -> String {
        let page = self.ground.get(&self.seller, &format!("/api/v1/products/{id}")).await.json;
        page["state"].as_str().unwrap().to_owned()
    }

    /// Identifiers and versions of what waits.
    async fn waiting(&self) -> Vec<(String, i64)> {
        let items = self.ground.get(&self.admin, QUEUE).await.json["items"].clone();
        let of = |item: &Value| (item["id"].as_str().unwrap().to_owned(), item["version"].as_i64().unwrap());
        items.as_array().unwrap().iter().map(of).collect()
    }

    async fn offered(&self) -> usize {
        let page = self.ground.get(&self.buyer, "/api/v1/products").await.json;
        page["items"].as_array().unwrap().len()
    }
}

#[actix_web::test]
async fn a_listing_waits_until_the_market_has_looked_at_it() {
    let stage = stage().await;
    let id = stage.list("W-1").await;
    assert_eq!(stage.state(&id).await, "in_review");
    assert_eq!(stage.ground.get(&stage.buyer, &format!("/api/v1/products/{id}")).await.status, 404);
    assert_eq!(stage.offered().await, 0);
    assert_eq!(stage.waiting().await, [(id.clone(), 1)]);
    let own = stage.ground.get(&stage.seller, "/api/v1/own-products?state=in_review").await.json;
    assert_eq!(own["items"].as_array().map(Vec::len), Some(1));
    let drafts = stage.ground.get(&stage.seller, "/api/v1/own-products?state=draft").await.json;
    assert_eq!(drafts["items"], json!([]));

    // Who only reads or trades decides nothing; a version that was not read is not decided.
    let publish = json!({ "decision": "publish" });
    assert_eq!(told(&stage.decide(&stage.seller, &id, 1, publish.clone()).await), (403, Some("forbidden")));
    assert_eq!(stage.decide(&stage.admin, &id, 7, publish.clone()).await.status, 409);
    let path = format!("{QUEUE}/{id}/decision");
    let blind = stage.ground.post(&stage.admin, &path, publish.clone()).await;
    assert_eq!(told(&blind), (428, Some("catalog.version_needed")));
    assert_eq!(stage.decide(&stage.admin, &id, 1, publish.clone()).await.status, 200);
    assert_eq!((stage.state(&id).await.as_str(), stage.offered().await), ("published", 1));
    assert_eq!(stage.waiting().await, []);
    assert_eq!(stage.decide(&stage.admin, &id, 2, publish).await.status, 200, "the same again changes nothing");
    let back = json!({ "decision": "return", "reasons": ["picture"] });
    assert_eq!(told(&stage.decide(&stage.admin, &id, 2, back).await), (409, Some("catalog.not_in_review")));

    stage.ground.told().await;
    let notices = stage.ground.get(&stage.seller, "/api/v1/notices").await.json;
    assert_eq!(
        (&notices["items"][0]["kind"], &notices["items"][0]["open"]["id"]),
        (&json!("listing_approved"), &json!(id))
    );
    let report = entrepot::audit::verify(stage.ground.state.engine.db(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[actix_web::test]
async fn a_price_needs_no_look_and_a_title_does() {
    let stage = stage().await;
    let id = stage.list("W-1").await;
    assert_eq!(stage.decide(&stage.admin, &id, 1, json!({ "decision": "publish" })).await.status, 200);
    let cheaper = with(product("W-1"), "/ladder/0/unit_price", json!("0.003"));
    let cheaper = with(with(cheaper, "/lead_days", json!(9)), "/moq", json!("1000"));
    assert_eq!(stage.change(&id, cheaper.clone()).await.status, 200);
    assert_eq!(stage.state(&id).await, "published", "price and lead time change without a look");
    assert_eq!(stage.change(&id, with(cheaper.clone(), "/title", json!("Golden screw"))).await.status, 200);
    assert_eq!((stage.state(&id).await.as_str(), stage.offered().await), ("in_review", 0));
    // What the market agreed to before comes back without another look.
    assert_eq!(stage.change(&id, with(cheaper, "/state", json!("published"))).await.status, 200);
    assert_eq!((stage.state(&id).await.as_str(), stage.waiting().await.len()), ("published", 0));
    let bulk = |state: &str| json!({ "product_ids": [id], "state": state });
    for (word, expected) in [("withdrawn", "withdrawn"), ("published", "published")] {
        let answer = stage.ground.post(&stage.seller, "/api/v1/own-products/bulk", bulk(word)).await;
        assert_eq!((&answer.json["changed"], stage.state(&id).await.as_str()), (&json!(1), expected), "{answer:?}");
    }
}

#[actix_web::test]
async fn a_returned_listing_tells_its_company_why_and_keeps_everything() {
    let stage = stage().await;
    let id = stage.list("W-1").await;
    let none = stage.decide(&stage.admin, &id, 1, json!({ "decision": "return" })).await;
    assert_eq!((told(&none), &none.json["errors"][0]["pointer"]), ((422, Some("catalog.invalid")), &json!("/reasons")));
    let other = stage.decide(&stage.admin, &id, 1, json!({ "decision": "return", "reasons": ["other"] })).await;
    assert_eq!(other.json["errors"][0]["pointer"], json!("/note"));
    assert_eq!(stage.decide(&stage.admin, &id, 1, json!({ "decision": "burn" })).await.status, 422);
    let back = json!({ "decision": "return", "reasons": ["picture", "unclear_text"], "note": "Show the head." });
    assert_eq!(stage.decide(&stage.admin, &id, 1, back).await.status, 200);
    assert_eq!((stage.state(&id).await.as_str(), stage.waiting().await.len()), ("draft", 0));
    let own = stage.ground.get(&stage.seller, "/api/v1/own-products").await.json["items"][0].clone();
    assert_eq!(own["returned"]["reasons"], json!(["picture", "unclear_text"]));
    assert_eq!((&own["returned"]["note"], &own["title"]), (&json!("Show the head."), &json!("Wombat screw")));
    stage.ground.told().await;
    let notices = stage.ground.get(&stage.seller, "/api/v1/notices").await.json;
    assert_eq!(
        (&notices["items"][0]["kind"], &notices["items"][0]["weight"]),
        (&json!("listing_returned"), &json!("act"))
    );

    // Mended and sent again it waits again, and the queue says why it came back before.
    let again = with(with(product("W-1"), "/description", json!("With its head.")), "/state", json!("published"));
    assert_eq!(stage.change(&id, again).await.status, 200);
    let queued = stage.ground.get(&stage.admin, QUEUE).await.json["items"][0].clone();
    assert_eq!((&queued["id"], &queued["returned"]["note"]), (&json!(id), &json!("Show the head.")));
    // Nobody who sat in the company decides.
    let colleague = stage.ground.company("Colleague", true, false).await;
    let colleague = stage.ground.reseat(&colleague, MARKET, Some(&stage.seller.company), Role::Viewer).await;
    let insider = stage.ground.reseat(&colleague, MARKET, None, Role::Teacher).await;
    let version = queued["version"].as_i64().unwrap();
    let publish = json!({ "decision": "publish" });
    assert_eq!(told(&stage.decide(&insider, &id, version, publish.clone()).await), (403, Some("catalog.own_listing")));
    // Switched off, what waits can still be decided, and nothing new waits.
    stage.switch(false).await;
    assert_eq!(stage.decide(&stage.admin, &id, version, publish).await.status, 200);
    let next = stage.list("W-2").await;
    assert_eq!(stage.state(&next).await, "published");
}
