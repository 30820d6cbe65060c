//! How often each race is run.

use crate::ground::{House, Kind};
use crate::pairings::{PAIRINGS, WAITING, races};

async fn all(kind: Kind, count: usize) {
    every(kind, count, |_| true).await;
}

/// The pairings whose place in the list `wanted` takes, in a house of their own.
async fn every(kind: Kind, count: usize, wanted: impl Fn(usize) -> bool) {
    let house = House::open(kind).await;
    let mut wrong = Vec::new();
    for (_, pairing) in PAIRINGS.iter().enumerate().filter(|(place, _)| wanted(*place)) {
        wrong.extend(races(&house, pairing, count).await);
        println!("{kind:?}: {count} × {}", pairing.name);
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(house.findings().await, Vec::<String>::new());
    let twice = "SELECT COUNT(*) FROM (SELECT market_id, natural_key FROM journal GROUP BY market_id, natural_key HAVING COUNT(*) > 1) t";
    assert_eq!(house.number(twice).await, 0, "journals under one natural key");
}

#[tokio::test]
async fn every_race_has_one_outcome_on_one_node() {
    every(Kind::Sqlite, 200, |place| place % 2 == 0).await;
}

/// The other half, beside it: one after the other they are the longest of all tests.
#[tokio::test]
async fn every_other_race_has_one_outcome_on_one_node() {
    every(Kind::Sqlite, 200, |place| place % 2 == 1).await;
}

#[tokio::test]
async fn every_race_has_one_outcome_on_two_nodes() {
    all(Kind::Postgres, 50).await;
}

#[tokio::test]
#[ignore = "torture: each race ten thousand times on both engines"]
async fn ten_thousand_races_of_each_kind_have_one_outcome() {
    let count = std::env::var("ENTREPOT_RACES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    all(Kind::Sqlite, count).await;
    all(Kind::Postgres, count).await;
}

/// Ruling 24 lists fourteen pairings: each is run here or named with what it waits for.
#[test]
fn every_pairing_of_the_list_is_run_or_waits_for_a_named_issue() {
    let run = ["release‖release", "release‖refund", "fund‖fund", "fund‖cancel", "callback‖click", "withdraw‖payout"];
    let known = |name: &str| PAIRINGS.iter().filter(|p| p.name.starts_with(name)).count();

    assert!(run.iter().all(|name| known(name) == 1) && known("two tabs, two keys") == 2);
    assert_eq!((run.len() + 1 + WAITING.len(), known("late cancel")), (14, 2));
    assert!(WAITING.iter().all(|(name, why)| known(name) == 0 && why.contains("guarantee")));
}
