//! Five walls stand before a second payment: the row lock under the decision, the version in the write, one event per
//! version of an order, one journal per natural key, and the floor of the escrow account. Each must hold alone; without
//! any of them the race must be lost.

use crate::ground::{House, Kind, Lane, Scene, Verdict, Who, verdict};
use crate::pairings::{PAIRINGS, race};
use crate::shelf::Shelf;
use entrepot::platform::engine::Receipt;
use entrepot::platform::problem::Failure;
use entrepot::platform::sabotage::{Guard, restore, take_away};
use futures_util::future::join_all;
use tokio::sync::{Mutex, MutexGuard};

/// Guards are the process's: one test at a time.
async fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    restore();
    turn
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wall {
    Lock,
    Version,
    OneEvent,
    OneJournal,
    Floor,
}

const WALLS: [Wall; 5] = [Wall::Lock, Wall::Version, Wall::OneEvent, Wall::OneJournal, Wall::Floor];

impl Wall {
    /// How it is taken away: in the product, or in the database.
    fn down(self) -> Result<Guard, &'static str> {
        match self {
            Self::Lock => Ok(Guard::RowLocks),
            Self::Version => Ok(Guard::VersionCheck),
            Self::OneEvent => Err("ALTER TABLE event DROP CONSTRAINT event__subject_version"),
            Self::OneJournal => Err("ALTER TABLE journal DROP CONSTRAINT journal__once"),
            Self::Floor => Err("ALTER TABLE account DROP CONSTRAINT account__floor"),
        }
    }
}

/// Two nodes over a database with these walls only.
async fn with(standing: &[Wall]) -> House {
    let gone = WALLS.iter().filter(|wall| !standing.contains(wall)).map(|wall| wall.down());
    let (guards, statements): (Vec<_>, Vec<_>) = gone.partition(Result::is_ok);
    restore();
    guards.into_iter().filter_map(Result::ok).for_each(take_away);
    House::prepared(Kind::Postgres, &statements.into_iter().filter_map(Result::err).collect::<Vec<_>>()).await
}

/// Runs a race again and again until something was paid twice; whether it was.
async fn lost(house: &House, pairing: &str, rounds: usize) -> bool {
    let pairing = PAIRINGS.iter().find(|p| p.name == pairing).unwrap();
    let lane = house.lane().await;
    for _ in 0..rounds {
        // Broken walls break the outcome too, and a rule further on may say so in its own words: what counts is the money.
        let _ = race(&lane, pairing, 8).await;
        if paid_twice(house).await > 0 {
            return true;
        }
    }
    false
}

async fn paid_twice(house: &House) -> i64 {
    let twice = "SELECT COUNT(*) FROM (SELECT natural_key FROM journal WHERE natural_key NOT LIKE 'P1:%' \
                 GROUP BY market_id, natural_key HAVING COUNT(*) > 1) t";
    house.number(twice).await
}

#[tokio::test]
async fn each_wall_alone_keeps_a_release_from_being_paid_twice() {
    let _alone = alone().await;
    for wall in WALLS {
        let house = with(&[wall]).await;
        assert!(!lost(&house, "release‖release", 12).await, "{wall:?} alone");
    }
    restore();
}

#[tokio::test]
async fn without_any_wall_a_release_is_paid_twice_and_the_checker_finds_it() {
    let _alone = alone().await;

    let house = with(&[]).await;

    assert!(lost(&house, "release‖release", 60).await, "the race must be able to lose");
    assert!(!house.findings().await.is_empty(), "the checker must see it");
    restore();
}

/// Three walls keep the last piece from being sold twice: the lock under the decision, the version in the write, and one row of
/// the log for each version of a stock.
#[tokio::test]
async fn each_wall_alone_keeps_the_last_piece_from_being_sold_twice_and_without_any_it_is() {
    let _alone = alone().await;
    let down =
        [Ok(Guard::RowLocks), Ok(Guard::VersionCheck), Err("ALTER TABLE stock_move DROP CONSTRAINT stock_move_pkey")];
    for standing in [Some(0), Some(1), Some(2), None] {
        restore();
        let gone = down.iter().enumerate().filter(|(place, _)| Some(*place) != standing).map(|(_, wall)| *wall);
        let (guards, statements): (Vec<_>, Vec<_>) = gone.partition(Result::is_ok);
        guards.into_iter().filter_map(Result::ok).for_each(take_away);
        let statements: Vec<&str> = statements.into_iter().filter_map(Result::err).collect();
        let house = House::prepared(Kind::Postgres, &statements).await;
        let lane = house.lane().await;
        let mut most = 0;
        for _ in 0..if standing.is_some() { 8 } else { 80 } {
            let shelf = Shelf::of(&lane, 1).await;
            let mut orders = Vec::new();
            for _ in 0..4 {
                orders.push(shelf.agreed(1).await);
            }
            let verdicts = join_all(orders.iter().enumerate().map(|(n, order)| shelf.pay(n, *order))).await;
            most = most.max(verdicts.iter().filter(|v| **v == Verdict::Done).count());
            if most > 1 {
                break;
            }
        }
        assert_eq!(most == 1, standing.is_some(), "{standing:?}: sold {most} times");
        restore();
        assert_eq!(house.findings().await.is_empty(), standing.is_some(), "{standing:?}: the checker must see it");
    }
    restore();
}

async fn withdrawn(lane: &Lane, purse: i64) -> Vec<Result<Receipt, Failure>> {
    let runs = (0..8).map(|n| lane.send(n, Who::Seller, lane.withdrawing(purse), lane.key()));
    join_all(runs).await
}

/// Withdrawals have no order and no natural key: lock and floor are their walls.
#[tokio::test]
async fn lock_or_floor_keeps_a_wallet_from_being_emptied_twice_and_without_both_it_is() {
    let _alone = alone().await;
    for (standing, safe) in [(&[Wall::Lock][..], true), (&[Wall::Floor][..], true), (&[][..], false)] {
        let house = with(standing).await;
        let mut most = 0;
        for _ in 0..if safe { 6 } else { 60 } {
            let lane = house.lane().await;
            let order = lane.scene(Scene::Delivered).await;
            lane.take(Who::Buyer, order, "shipment.accept", serde_json::json!({ "shipment": 1 })).await;
            let paid = withdrawn(&lane, lane.seller_has().await).await;
            most = most.max(paid.iter().filter(|a| a.is_ok()).count());
            if most > 1 {
                break;
            }
        }
        assert_eq!(most == 1, safe, "{standing:?}: {most} paid");
    }
    restore();
}

/// On one node the decision in memory is the first wall; the version in the write is the second.
#[tokio::test]
async fn a_decision_on_an_old_state_is_stopped_by_the_version_and_then_by_the_database() {
    let _alone = alone().await;
    for gone in [&[Guard::Overlay][..], &[Guard::Overlay, Guard::VersionCheck][..]] {
        restore();
        let house = House::open(Kind::Sqlite).await;
        let lane = house.lane().await;
        gone.iter().copied().for_each(take_away);
        let accept = PAIRINGS.iter().find(|p| p.name == "release‖release").unwrap();
        for _ in 0..12 {
            race(&lane, accept, 8).await.unwrap();
        }
        restore();
        assert_eq!((paid_twice(&house).await, house.findings().await), (0, Vec::new()), "{gone:?}");
    }
}

#[tokio::test]
async fn sealing_by_the_nodes_clocks_or_time_that_runs_backwards_is_found() {
    let _alone = alone().await;
    take_away(Guard::SealingOrder);
    take_away(Guard::OneWayTime);

    let apart = crate::clocks::apart(&House::open(Kind::Postgres).await).await;
    let set_back = crate::clocks::set_back(&House::open(Kind::Sqlite).await).await;

    restore();
    assert!(apart.is_err() && set_back.is_err(), "{apart:?} {set_back:?}");
}

/// Without replies the same request acts again; without claims another node answers something else.
#[tokio::test]
async fn without_stored_replies_a_repeated_payment_is_made_again() {
    let _alone = alone().await;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let house = House::open(kind).await;
        let lane = house.lane().await;
        let key = lane.key();
        take_away(Guard::Replies);

        let first = lane.send(0, Who::Buyer, lane.paying_in(100), key.clone()).await.unwrap();
        let second = lane.send(1, Who::Buyer, lane.paying_in(100), key).await.unwrap();

        assert!(!second.replayed && first.body != second.body, "{kind:?}");
        restore();
    }
}

#[tokio::test]
async fn without_claims_two_nodes_answer_one_key_differently() {
    let _alone = alone().await;
    let house = House::open(Kind::Postgres).await;
    let lane = house.lane().await;
    take_away(Guard::Claims);

    let mut differ = false;
    for _ in 0..40 {
        let order = lane.scene(Scene::Delivered).await;
        let key = lane.key();
        let accept = || lane.step(order, "shipment.accept", serde_json::json!({ "shipment": 1 }));
        let sent = (0..4).map(|n| lane.send(n, Who::Buyer, accept(), key.clone()));
        let answers = join_all(sent).await;
        differ = answers.into_iter().any(|a| verdict(a) == crate::ground::Verdict::Already);
        if differ {
            break;
        }
    }

    restore();
    assert!(differ, "the claim is what makes the replies one");
}
