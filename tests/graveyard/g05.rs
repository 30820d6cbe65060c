//! G5: the browser's confirmation and the carrier's or bank's callback both complete the same thing; one in twenty orders was
//! lost or refunded (Medusa 13301). Rules MON-11, MON-12, CON-1. Ten thousand of each: `tests/races/runs.rs`.

use crate::races::ground::{House, Kind};
use crate::races::pairings::{PAIRINGS, races};

const PAIRINGS_HERE: &[&str] = &["callback‖click", "auto-accept‖accept"];

async fn run(kind: Kind, count: usize) {
    let house = House::open(kind).await;
    for name in PAIRINGS_HERE {
        let pairing = PAIRINGS.iter().find(|p| p.name == *name).unwrap();
        assert_eq!(races(&house, pairing, count).await, Vec::<String>::new(), "{kind:?}");
    }
    assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
}

#[tokio::test]
async fn a_callback_and_a_click_complete_a_delivery_once() {
    run(Kind::Sqlite, 40).await;
    run(Kind::Postgres, 16).await;
}
