//! G10: two lines of one stock item, each judged alone, sell it twice (Medusa 16502). Rule CON-4.

use crate::races::ground::{House, Kind, Verdict};
use crate::races::shelf::{Shelf, sold_out};
use futures_util::future::join_all;

/// Three lines of one product are one sum, for one order and for many at once.
#[tokio::test]
async fn lines_of_one_product_are_one_sum() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let (shelf, other) = (Shelf::of(&lane, 9).await, Shelf::of(&lane, 100).await);
        let bundle = shelf.terms(&[(&shelf, 4), (&other, 1), (&shelf, 4), (&shelf, 2)]).await;
        let too_much = lane.agree(bundle).await.unwrap();

        assert_eq!(shelf.pay(0, too_much).await, sold_out(), "{kind:?}: 4 + 4 + 2 are more than 9");
        assert_eq!((shelf.counts().await, other.counts().await), ((9, 0), (100, 0)), "{kind:?}: all or nothing");

        let mut orders = Vec::new();
        for _ in 0..8 {
            let bundle = shelf.terms(&[(&shelf, 1), (&other, 1), (&shelf, 2)]).await;
            orders.push(lane.agree(bundle).await.unwrap());
        }
        let verdicts = join_all(orders.iter().enumerate().map(|(n, order)| shelf.pay(n, *order))).await;
        let won = verdicts.iter().filter(|v| **v == Verdict::Done).count();
        assert_eq!(won, 3, "{kind:?}: three bundles of three are nine: {verdicts:?}");
        assert_eq!((shelf.counts().await, other.counts().await), ((9, 9), (100, 3)), "{kind:?}");
        assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
    }
}
