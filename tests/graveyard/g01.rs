//! G1: two refunds of 60 on a payment of 100 at once, and both succeed (Hyperswitch 13182, eventyay 1405). Rules MON-8,
//! CON-1.

use crate::races::ground::{DAY, House, Kind, Scene, Verdict, Who, verdict};
use futures_util::future::join_all;
use serde_json::json;

/// Refunds of random parts by consent, each asked for many times, against the buyer's own cancellation in full.
#[tokio::test]
async fn parallel_refunds_of_random_parts_never_exceed_what_was_paid() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        for round in 0..15_u64 {
            let order = lane.scene(Scene::Paid).await;
            lane.wait_until(lane.now().await + 53 * DAY).await;
            let part = (round * 366_181 + 1) % 1_000_000;
            let asked = json!({ "refund_minor": part.to_string() });
            lane.take(Who::Buyer, order, "cancellation.propose", asked).await;

            let all = join_all((0..2 + usize::try_from(round).unwrap()).map(|n| {
                let (who, step) =
                    if n % 3 == 2 { (Who::Buyer, "order.late_cancel") } else { (Who::Seller, "proposal.accept") };
                lane.send(n, who, lane.step(order, step, json!({})), lane.key())
            }));
            let done = all.await.into_iter().filter(|a| matches!(a, Ok(r) if r.event_id != 0)).count();

            let money = lane.order(order).await.money;
            assert_eq!((done, money.held, money.released + money.refunded), (1, 0, 1_000_000), "{kind:?} {part}");
            assert!(money.refunded == 1_000_000 || money.refunded == i64::try_from(part).unwrap(), "{money:?}");
        }
        assert_eq!(house.findings().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_second_refund_of_the_same_money_is_refused() {
    let house = House::open(Kind::Sqlite).await;
    let lane = house.lane().await;
    let order = lane.scene(Scene::Paid).await;
    lane.take(Who::Buyer, order, "cancellation.propose", json!({ "refund_minor": "600000" })).await;
    lane.take(Who::Seller, order, "proposal.accept", json!({})).await;

    let again = lane.step(order, "cancellation.propose", json!({ "refund_minor": "600000" }));
    let again = verdict(lane.send(0, Who::Buyer, again, lane.key()).await);

    assert!(matches!(again, Verdict::Refused(409 | 422, _)), "{again:?}");
    assert_eq!(lane.order(order).await.money.refunded, 600_000);
}
