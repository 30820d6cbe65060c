//! G4: the refund of exactly what remains is refused (hyperswitch-control-center 3799). Rule MON-10.

use crate::races::ground::{House, Kind, Scene, Verdict, Who, verdict};
use serde_json::json;

#[tokio::test]
async fn everything_that_is_held_can_be_refunded_to_the_last_cent_and_not_one_more() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        for (refund, allowed) in [("1000001", false), ("1000000", true), ("999999", true)] {
            let order = lane.scene(Scene::Paid).await;
            let propose = lane.step(order, "cancellation.propose", json!({ "refund_minor": refund }));
            let proposed = verdict(lane.send(0, Who::Buyer, propose, lane.key()).await);
            assert_eq!(proposed == Verdict::Done, allowed, "{refund}: {proposed:?}");
            if allowed {
                lane.take(Who::Seller, order, "proposal.accept", json!({})).await;
                let money = lane.order(order).await.money;
                assert_eq!((money.refunded.to_string().as_str(), money.held), (refund, 0));
            }
        }
        // What is left after a part has gone its way: exactly that.
        let order = lane.scene(Scene::Delivered).await;
        lane.take(Who::Buyer, order, "shipment.accept", json!({ "shipment": 1 })).await;
        lane.take(Who::Seller, order, "cancellation.propose", json!({ "refund_minor": "400000" })).await;
        lane.take(Who::Buyer, order, "proposal.accept", json!({})).await;
        let money = lane.order(order).await.money;
        assert_eq!((money.released, money.refunded, money.held), (600_000, 400_000, 0));
        assert_eq!(house.findings().await, Vec::<String>::new());
    }
}
