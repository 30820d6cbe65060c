//! G14: escrow is released twice by two confirmations (Truxify 6177), released and refunded (elizaOS 11167), or funded twice
//! (Truxify 11225). Rules MON-8, MON-13. With the walls taken away: `tests/races/controls.rs`.

use crate::races::ground::{House, Kind};
use crate::races::pairings::{PAIRINGS, races};

const PAIRINGS_HERE: &[&str] =
    &["release‖release", "release‖refund", "fund‖fund", "fund‖cancel", "late cancel‖dispatch"];

async fn run(kind: Kind, count: usize) {
    let house = House::open(kind).await;
    for name in PAIRINGS_HERE {
        let pairing = PAIRINGS.iter().find(|p| p.name == *name).unwrap();
        assert_eq!(races(&house, pairing, count).await, Vec::<String>::new(), "{kind:?}");
    }
    assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
}

#[tokio::test]
async fn money_goes_one_way_once() {
    run(Kind::Sqlite, 40).await;
    run(Kind::Postgres, 16).await;
}
