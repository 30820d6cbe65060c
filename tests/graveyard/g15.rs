//! G15: escrow is stuck for ever after a time-out or a claim (OpenBazaar 1039, MostroP2P PR 963): from every state an order
//! can be in, time alone must bring it to an end and its money to somebody. Rules MON-13, TIME-4; random walks do the same
//! in `tests/model`.

use crate::races::ground::{DAY, House, Kind, Scene, Who};
use entrepot::market::{ClockMove, MoveClock};
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use entrepot::platform::rows;
use entrepot_domain::trade::OrderStatus;
use serde_json::{Value, json};

/// Moves every market's clock ahead twice and fires what falls due.
pub async fn let_time_pass(house: &House, span: i64) {
    let node = &house.nodes[0];
    for row in rows::query(node.db().read(), "SELECT market_id FROM market", Vec::new()).await.unwrap() {
        let market = rows::get_id(&row, "market_id").unwrap();
        for _ in 0..2 {
            let ahead = MoveClock { market, change: ClockMove::By(span) };
            node.execute(Request::new(Actor::system(market), ahead)).await.unwrap();
            node.run_due(market).await.unwrap();
        }
    }
}

/// What may happen on top of a scene: somebody asks for something and nobody answers.
const THEN: &[(&str, Who, &str)] = &[
    ("", Who::Buyer, "{}"),
    ("order.counter", Who::Seller, "counter"),
    ("cancellation.propose", Who::Seller, r#"{"refund_minor":"0"}"#),
    ("extension.propose", Who::Seller, r#"{"shipment":2,"days":90}"#),
    ("amendment.propose", Who::Buyer, r#"{"notes":"by air"}"#),
    ("shipment.extend_acceptance", Who::Buyer, r#"{"shipment":1}"#),
    ("shipment.track", Who::Carrier, r#"{"shipment":1,"milestone":"booked"}"#),
    ("shipment.accept", Who::Buyer, r#"{"shipment":1}"#),
];

#[tokio::test]
async fn from_every_state_time_alone_ends_the_order_and_gives_its_money_to_somebody() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let mut orders = Vec::new();
        for scene in Scene::ALL {
            for (step, who, params) in THEN {
                let order = lane.scene(scene).await;
                let params: Value = match *params {
                    "counter" => json!({ "terms": lane.terms().await }),
                    text => serde_json::from_str(text).unwrap(),
                };
                // Not every step can be taken in every scene; that is not what is asked here.
                if !step.is_empty() {
                    let _ = lane.send(0, *who, lane.step(order, step, params), lane.key()).await;
                }
                orders.push((scene, *step, order));
            }
        }

        let_time_pass(&house, 400 * DAY).await;

        for (scene, step, order) in orders {
            let order = lane.order(order).await;
            let ended = matches!(order.status, OrderStatus::Closed | OrderStatus::Cancelled | OrderStatus::Expired);
            assert!(ended && order.money.held == 0, "{kind:?} {scene:?} {step}: {:?} {:?}", order.status, order.money);
        }
        assert_eq!(house.number("SELECT COUNT(*) FROM deadline").await, 0, "nothing waits");
        assert_eq!(house.findings().await, Vec::<String>::new());
    }
}
