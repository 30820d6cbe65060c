//! G6: two tabs with the same draft become two paid orders (nopCommerce 5131, Shopware 19943, WooCommerce 62659). Rules
//! MON-12, CON-2.

use crate::races::ground::{House, Kind};
use crate::races::pairings::{PAIRINGS, races};

const PAIRINGS_HERE: &[&str] = &["two tabs, two keys: offer", "two tabs, two keys: pay", "fund‖fund"];

async fn run(kind: Kind, count: usize) {
    let house = House::open(kind).await;
    for name in PAIRINGS_HERE {
        let pairing = PAIRINGS.iter().find(|p| p.name == *name).unwrap();
        assert_eq!(races(&house, pairing, count).await, Vec::<String>::new(), "{kind:?}");
    }
    assert_eq!(house.findings().await, Vec::<String>::new(), "{kind:?}");
}

#[tokio::test]
async fn two_tabs_with_two_keys_make_one_offer_and_one_payment() {
    run(Kind::Sqlite, 40).await;
    run(Kind::Postgres, 16).await;
}
