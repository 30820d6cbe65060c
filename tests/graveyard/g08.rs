//! G8: a buyer is charged, then told that the goods are gone (Open Food Network 3925, Vendure 3065). Rule CON-5.

use crate::races::ground::{House, Kind, Verdict};
use crate::races::shelf::{Shelf, paid, sold_out};
use futures_util::future::join_all;

/// N buyers, one piece: one gets it, the others are told so and pay nothing.
#[tokio::test]
async fn of_many_buyers_of_the_last_piece_one_is_charged() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let mut charged = 0;
        for buyers in [2_usize, 4, 8, 16, 32, 64] {
            let shelf = Shelf::of(&lane, 1).await;
            let mut orders = Vec::new();
            for _ in 0..buyers {
                orders.push(shelf.agreed(1).await);
            }

            let verdicts = join_all(orders.iter().enumerate().map(|(n, order)| shelf.pay(n, *order))).await;

            charged += 1;
            let won = verdicts.iter().filter(|v| **v == Verdict::Done).count();
            let late = verdicts.iter().filter(|v| **v == sold_out()).count();
            assert_eq!((won, late), (1, buyers - 1), "{kind:?} {buyers}: {verdicts:?}");
            assert_eq!(shelf.counts().await, (1, 1), "{kind:?} {buyers}");
            for (order, verdict) in orders.iter().zip(&verdicts) {
                let money = lane.order(*order).await.money;
                assert_eq!(money.paid > 0, *verdict == Verdict::Done, "{kind:?} {buyers}: charged without goods");
            }
            assert_eq!(paid(&house).await.0, charged, "{kind:?} {buyers}");
        }
        assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
    }
}

/// The same buyer in two tabs, with two keys, pays and keeps once.
#[tokio::test]
async fn two_tabs_keep_the_goods_once() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let shelf = Shelf::of(&house.lane().await, 10).await;
        for n in 1..=4_i64 {
            let order = shelf.agreed(2).await;
            let (one, two) = tokio::join!(shelf.pay(0, order), shelf.pay(1, order));
            assert!([&one, &two].contains(&&Verdict::Done), "{kind:?}: {one:?} {two:?}");
            assert!([&one, &two].iter().all(|v| **v == Verdict::Done || **v == Verdict::Already), "{one:?} {two:?}");
            assert_eq!(shelf.counts().await, (10, 2 * n), "{kind:?}");
        }
        assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
    }
}
