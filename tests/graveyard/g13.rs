//! G13: parallel edits of one order silently lose each other's fields (Vendure 3398). Rule CON-7.

use crate::ground::ground;
use crate::races::ground::Verdict;
use crate::races::ground::{House, Kind, Scene, Who, verdict};
use entrepot::platform::engine::Request;
use futures_util::future::join_all;
use serde_json::json;

/// Six people who saw the same version each change another thing: one is heard, five learn that they must look again.
#[tokio::test]
async fn of_six_edits_of_one_version_one_is_taken_and_five_are_refused() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let order = lane.scene(Scene::Drafted).await;
        for version in 1..=5 {
            let edits = (0..6_usize).map(|n| {
                let lane = lane.clone();
                async move {
                    let mut terms = lane.terms().await;
                    terms.notes = format!("edit {n} of {version}");
                    let revise = lane.step(order, "order.revise", json!({ "terms": terms }));
                    let request = Request::new(lane.actor(Who::Buyer), revise)
                        .idempotent(Some(lane.key()))
                        .expecting(Some(version));
                    verdict(lane.house.nodes[n % lane.house.nodes.len()].execute(request).await)
                }
            });
            let verdicts = join_all(edits).await;

            let won: Vec<usize> = (0..6).filter(|n| verdicts[*n] == Verdict::Done).collect();
            assert_eq!(won.len(), 1, "{kind:?}: {verdicts:?}");
            let stale = Verdict::Refused(409, "stale_version".into());
            assert_eq!(verdicts.iter().filter(|v| **v == stale).count(), 5, "{kind:?}: {verdicts:?}");
            let notes = lane.order(order).await.terms.unwrap().notes.clone();
            assert_eq!(notes, format!("edit {} of {version}", won[0]));
        }
    }
}

/// A product is changed against the version its `ETag` told.
#[actix_web::test]
async fn of_six_edits_of_one_product_one_is_taken() {
    let ground = ground().await;
    let seller = ground.company("Seller", false, true).await;
    let product = |title: &str| {
        json!({
            "sku": "A-1", "title": title, "title_zh": null, "category": "hardware", "description": "Steel.",
            "hs_code": "731815", "unit": "pcs", "origin": "CN", "currency": "USD", "moq": "1000", "moq_step": "1",
            "lead_days": 14, "ladder": [{ "from_quantity": "1000", "unit_price": "0.0035" }],
            "incoterm": { "code": "FOB", "place": "Ningbo" }, "pictures": [],
        })
    };
    let made = ground.post(&seller, "/api/v1/products", product("Bolt")).await;
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("/api/v1/products/{}", made.json["id"].as_str().unwrap());
    let shown = ground.get(&seller, &path).await;
    let tag =
        shown.head.lines().find_map(|l| l.strip_prefix("etag: ").or(l.strip_prefix("ETag: "))).unwrap().to_owned();

    let answers = join_all((0..6).map(|n| {
        let (body, seller, path, tag) = (product(&format!("Bolt {n}")).to_string(), &seller, &path, &tag);
        let ground = &ground;
        async move {
            let extra = [
                ("If-Match", tag.as_str()),
                ("Content-Type", "application/json"),
                ("Idempotency-Key", &format!("edit-{n}")),
            ];
            ground.send(seller, actix_web::http::Method::PUT, path, body.as_bytes(), &extra).await
        }
    }))
    .await;

    let taken = answers.iter().filter(|a| a.status.is_success()).count();
    let refused = answers.iter().filter(|a| matches!(a.status.as_u16(), 409 | 412)).count();
    assert_eq!((taken, refused), (1, 5), "{answers:?}");
}
