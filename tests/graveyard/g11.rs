//! G11: a step that fails beside another leaves an order behind that has no money, or money that has no order (Medusa
//! 16825). Rule MON-7.

use crate::races::ground::{House, Kind, Scene, Who};
use futures_util::future::join_all;
use serde_json::json;

/// Many orders are paid at once from a wallet that covers some of them.
#[tokio::test]
async fn an_order_is_funded_exactly_when_its_money_was_booked() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let mut orders = Vec::new();
        for _ in 0..16 {
            orders.push(lane.scene(Scene::Agreed).await);
        }
        // One large order first leaves 10,000.00, enough for three deposits of 3,000.00 with their fees.
        let have = house.number("SELECT balance FROM account WHERE kind = 'L.BUYER'").await;
        let large = lane.draining(have, 1_000_000).await;
        lane.take(Who::Buyer, large, "stage.fund", json!({ "stage": 1, "method": "tt" })).await;

        let pay = |(n, order): (usize, &u128)| {
            lane.send(n, Who::Buyer, lane.step(*order, "stage.fund", json!({ "stage": 1, "method": "tt" })), lane.key())
        };
        let answers = join_all(orders.iter().enumerate().map(pay)).await;

        let paid = answers.iter().filter(|a| a.is_ok()).count();
        assert_eq!(paid, 3, "{kind:?}: three of sixteen are covered");
        for (order, answer) in orders.iter().zip(&answers) {
            let state = lane.order(*order).await;
            let booked = format!("SELECT COUNT(*) FROM journal WHERE natural_key = 'P2:{order:032x}:1:0'");
            let booked = house.number(&booked).await == 1;
            assert_eq!((answer.is_ok(), state.money.paid > 0), (booked, booked), "{kind:?}");
        }
        assert_eq!(house.findings().await, Vec::<String>::new());
    }
}
