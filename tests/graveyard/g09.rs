//! G9: more is sold than there is, or a stock falls below nothing (Magento 6363: −14; Vendure 3508, 4930; django-shop 888;
//! Saleor 5334, 6897). Rules CON-3, CON-5, the table's CHECK, and the order of locks.

use crate::races::ground::{DAY, House, Kind, Verdict, Who, papers, verdict};
use crate::races::shelf::{Shelf, sold_out};
use entrepot::platform::database::Database;
use entrepot::platform::rows;
use entrepot_domain::catalog::StockReason;
use futures_util::future::join_all;
use serde_json::json;

/// Buyers pay for 2 pieces each while the supplier counts, receives and writes off as fast as he can.
#[tokio::test]
async fn a_stock_that_is_edited_meanwhile_never_sells_what_is_not_there() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        for round in 0..4_i64 {
            let shelf = Shelf::of(&lane, 12).await;
            let mut orders = Vec::new();
            for _ in 0..12 {
                orders.push(shelf.agreed(2).await);
            }
            let paying = join_all(orders.iter().enumerate().map(|(n, order)| shelf.pay(n, *order)));
            let editing = async {
                let mut done = 0_usize;
                for turn in 0..16_usize {
                    let (reason, pieces) = match turn % 4 {
                        0 => (StockReason::Counted, 9 + round),
                        1 => (StockReason::Received, 1),
                        2 => (StockReason::Damaged, 1),
                        _ => (StockReason::SoldElsewhere, 4),
                    };
                    match shelf.adjust(turn, reason, pieces).await {
                        Verdict::Done => done += 1,
                        Verdict::Already => {}
                        Verdict::Refused(409, code) if ["stock.kept", "stale_version"].contains(&code.as_str()) => {}
                        other => panic!("{kind:?}: {other:?}"),
                    }
                }
                done
            };

            let (verdicts, edits) = tokio::join!(paying, editing);

            let won = i64::try_from(verdicts.iter().filter(|v| **v == Verdict::Done).count()).unwrap();
            assert!(verdicts.iter().all(|v| *v == Verdict::Done || *v == sold_out()), "{kind:?}: {verdicts:?}");
            let (on_hand, reserved) = shelf.counts().await;
            assert_eq!(reserved, won * 2, "{kind:?}: {on_hand} on hand after {edits} edits");
            assert!(on_hand >= reserved && won > 0, "{kind:?}: {on_hand} {reserved}");
        }
        assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
    }
}

/// Orders name two products in opposite orders, on two nodes: locks are taken in one order, so nobody waits for ever.
#[tokio::test]
async fn orders_that_take_two_products_crosswise_never_hang_or_oversell() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let (left, right) = (Shelf::of(&lane, 20).await, Shelf::of(&lane, 20).await);
        let mut orders = Vec::new();
        for n in 0..16 {
            let (one, two) = if n % 2 == 0 { (&left, &right) } else { (&right, &left) };
            orders.push(lane.agree(left.terms(&[(one, 2), (two, 2)]).await).await.unwrap());
        }

        let began = std::time::Instant::now();
        let verdicts = join_all(orders.iter().enumerate().map(|(n, order)| left.pay(n, *order))).await;

        assert_eq!(verdicts.iter().filter(|v| **v == Verdict::Done).count(), 10, "{kind:?}: {verdicts:?}");
        assert_eq!(verdicts.iter().filter(|v| **v == sold_out()).count(), 6, "{kind:?}: {verdicts:?}");
        assert_eq!((left.counts().await, right.counts().await), ((20, 20), (20, 20)), "{kind:?}");
        assert!(began.elapsed().as_secs() < 20, "{kind:?}: {:?}", began.elapsed());
        assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
    }
}

/// Dispatch, cancellation and payment at once: what is consumed, given back and kept adds up.
#[tokio::test]
async fn what_is_sent_given_back_and_kept_at_once_adds_up() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let shelf = Shelf::of(&lane, 40).await;
        let (mut sending, mut leaving, mut paying) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..5 {
            for list in [&mut sending, &mut leaving, &mut paying] {
                list.push(shelf.agreed(4).await);
            }
        }
        for order in sending.iter().chain(&leaving) {
            assert_eq!(shelf.pay(0, *order).await, Verdict::Done);
        }
        for order in &sending {
            lane.take(Who::Buyer, *order, "stage.fund", json!({ "stage": 2, "method": "tt" })).await;
        }
        for order in &leaving {
            let held = lane.order(*order).await.money.held.to_string();
            lane.take(Who::Buyer, *order, "cancellation.propose", json!({ "refund_minor": held })).await;
        }
        assert_eq!(shelf.counts().await, (40, 40));

        let step = |n: usize, who: Who, order: u128, name: &'static str, params: serde_json::Value| {
            let (lane, name) = (lane.clone(), name);
            async move { verdict(lane.send(n, who, lane.step(order, name, params), lane.key()).await) }
        };
        let sent = sending.iter().enumerate().map(|(n, o)| step(n, Who::Seller, *o, "shipment.dispatch", papers(1)));
        let left = leaving.iter().enumerate().map(|(n, o)| step(n + 1, Who::Seller, *o, "proposal.accept", json!({})));
        let paid = paying.iter().enumerate().map(|(n, o)| shelf.pay(n, *o));
        let (sent, left, paid) = tokio::join!(join_all(sent), join_all(left), join_all(paid));

        assert!(sent.iter().chain(&left).all(|v| *v == Verdict::Done), "{kind:?}: {sent:?} {left:?}");
        let new = i64::try_from(paid.iter().filter(|v| **v == Verdict::Done).count()).unwrap();
        // Half of each sent order has left: 10 pieces; 10 more are still kept for them.
        assert_eq!(shelf.counts().await, (30, 10 + 4 * new), "{kind:?}: {paid:?}");
        assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
    }
}

/// A reservation ends by the clock: the order is late, the system cancels it, the goods are free again, once.
#[tokio::test]
async fn what_nobody_ships_is_given_back_by_the_clock() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let shelf = Shelf::of(&lane, 4).await;
        let order = shelf.agreed(4).await;
        assert_eq!(shelf.pay(0, order).await, Verdict::Done);
        let until = entrepot_domain::trade::reserved_until(&lane.order(order).await).unwrap();

        lane.wait_until(until.0 - 1).await;
        lane.due(0).await;
        assert_eq!(shelf.counts().await, (4, 4), "{kind:?}");
        lane.wait_until(until.0).await;
        let (one, two) = tokio::join!(lane.due(0), lane.due(1));
        assert!(one + two > 0);
        lane.wait_until(until.0 + 400 * DAY).await;
        lane.due(1).await;

        assert_eq!(shelf.counts().await, (4, 0), "{kind:?}");
        assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
    }
}

/// The wall behind the rules: no statement of any kind puts a stock below what is kept, or its log anywhere else.
#[tokio::test]
async fn the_table_itself_refuses() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let shelf = Shelf::of(&house.lane().await, 5).await;
        let order = shelf.agreed(4).await;
        assert_eq!(shelf.pay(0, order).await, Verdict::Done);
        let owner = Database::attach(house.nodes[0].db().url()).await.unwrap();
        for (statement, wall) in [
            ("UPDATE stock SET on_hand = 3999", "stock__available"),
            ("UPDATE stock SET reserved = 5001", "stock__available"),
            ("UPDATE stock SET reserved = -1", "stock__reserved"),
            ("UPDATE stock_move SET on_hand = 0", "append-only"),
            ("DELETE FROM stock_move", "append-only"),
        ] {
            let refused = rows::execute(owner.write(), statement, vec![]).await.unwrap_err();
            let told = format!("{refused:?}");
            assert!(told.contains(wall), "{kind:?} {statement}: {told}");
        }
        assert_eq!(shelf.counts().await, (5, 4));
    }
}
