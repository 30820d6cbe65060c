//! Two nodes at one order in a turn that is forced, for what a barrier meets only now and then.

use crate::ground::{DAY, House, Kind, Scene, Verdict, Who, verdict};
use entrepot::platform::database::Database;
use entrepot::platform::rows;
use serde_json::json;
use std::time::Duration;

/// Waits until this many statements of the house's database wait for a lock. Only `owner` sees what the nodes wait for.
async fn until_waiting(owner: &Database, count: i64) {
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for _ in 0..500 {
        let row = rows::query_one(owner.read(), sql, Vec::new()).await.unwrap().unwrap();
        if row.try_get_by_index::<i64>(0).unwrap() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{count} statements should wait for the row");
}

/// The clock reads that the inspection is over, and waits for the order; the extension that holds it moves the deadline.
/// What the clock then finds too early must not be taken out.
#[tokio::test]
async fn a_deadline_moved_while_the_clock_waits_for_its_order_stays() {
    let house = House::open(Kind::Postgres).await;
    let lane = house.lane().await;
    let order = lane.scene(Scene::Delivered).await;
    lane.wait_until(lane.now().await + 16 * DAY).await;
    let owner = Database::attach(house.nodes[0].db().url()).await.unwrap();
    let held = house.nodes[0].db().write_tx().await.unwrap();
    rows::query(&held, "SELECT id FROM trade_order WHERE id = $1 FOR UPDATE", vec![rows::id(order)]).await.unwrap();

    let extension = lane.step(order, "shipment.extend_acceptance", json!({ "shipment": 1 }));
    let extension = lane.send(0, Who::Seller, extension, lane.key());
    let clock = async {
        until_waiting(&owner, 1).await;
        lane.due(1).await
    };
    let release = async {
        until_waiting(&owner, 2).await;
        held.commit().await.unwrap();
    };
    let (extended, _, ()) = tokio::join!(extension, clock, release);

    assert_eq!(verdict(extended), Verdict::Done);
    let left = "SELECT COUNT(*) FROM deadline WHERE step = 'shipment.auto_accept'";
    assert_eq!(house.number(left).await, 1, "the extended inspection has an end");
    assert_eq!(house.findings().await, Vec::<String>::new());
}
