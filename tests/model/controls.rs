//! Controls that must fail: a product that releases a cent too much, forgets a deadline or pays twice is found, and the
//! path that shows it is short. A rig that stays green here proves nothing elsewhere.

use crate::door::{Door, Service};
use crate::generate::STEPS;
use crate::memory::Memory;
use crate::product::Seen;
use crate::reference::may;
use crate::walk::{ACTIONS, Ground, Path, START, retrace, shrink, walk};
use crate::words::{Verdict, What, Who};
use entrepot::platform::rows;
use entrepot_domain::market::RuleParams;
use std::collections::BTreeSet;

/// Walks within which a sabotage must be found.
const WALKS: u64 = 50;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sabotage {
    CentTooMuch,
    ForgottenDeadline,
    SecondRelease,
}

/// A ground that lies in one way.
struct Spoiled<G> {
    ground: G,
    how: Sabotage,
    stolen: i64,
}

fn accepts(what: &What) -> bool {
    matches!(what, What::Step(_, "shipment.accept", ..))
}

impl<G: Ground> Ground for Spoiled<G> {
    const DOOR: bool = G::DOOR;

    async fn apply(&mut self, who: Who, what: &What) -> Verdict {
        let next = self.ground.look().await.orders.iter().flat_map(|o| o.deadlines.values().copied()).min();
        match (self.how, what) {
            (Sabotage::ForgottenDeadline, What::Clock(to)) if next.is_some_and(|due| due <= *to) => {
                self.ground.apply(who, &What::Clock(next.unwrap() - 1)).await
            }
            (Sabotage::CentTooMuch, _) if accepts(what) => {
                let verdict = self.ground.apply(who, what).await;
                self.stolen += i64::from(verdict == Verdict::Done);
                verdict
            }
            (Sabotage::SecondRelease, _) if accepts(what) => match self.ground.apply(who, what).await {
                Verdict::Already => Verdict::Done,
                verdict => verdict,
            },
            _ => self.ground.apply(who, what).await,
        }
    }

    async fn look(&mut self) -> Seen {
        let mut seen = self.ground.look().await;
        if self.stolen > 0 {
            *seen.purses.entry((2, "seller", "USD")).or_default() += self.stolen;
        }
        seen
    }
}

async fn first_failure<G: Ground>(mut fresh: impl AsyncFnMut() -> G) -> Option<(Path, String)> {
    for seed in 1..=WALKS {
        if let Err(failed) = walk(seed, &mut fresh().await).await {
            return Some(failed);
        }
    }
    None
}

fn memory() -> Memory {
    Memory::new(START, RuleParams::default())
}

#[tokio::test]
async fn a_lying_product_is_found_and_shown_on_a_short_path() {
    for how in [Sabotage::CentTooMuch, Sabotage::ForgottenDeadline, Sabotage::SecondRelease] {
        let fresh = async || Spoiled { ground: memory(), how, stolen: 0 };
        let (path, _) = first_failure(fresh).await.unwrap_or_else(|| panic!("{how:?} stayed unseen"));
        let (short, why) = shrink(path, fresh).await;
        assert!(short.len() < ACTIONS / 3, "{how:?}: {} actions left: {short:?}", short.len());
        let expected =
            if how == Sabotage::SecondRelease { "the model says Already, the product Done" } else { "differ" };
        assert!(why.contains(expected), "{how:?}: {why}");
        assert_eq!(retrace(&short, &mut memory()).await, Ok(()), "the honest product passes where {how:?} fails");
    }
}

/// The product's own rules, one of them off by a little.
#[tokio::test]
async fn a_rule_that_is_off_by_one_is_found() {
    for (name, value) in [("fee_bps", 199), ("proposal_days", 6), ("penalty_max_bps", 2_001), ("balance_days", 11)] {
        let mut params = RuleParams::default();
        assert!(params.set(name, value), "{name}");
        let mut found = false;
        for seed in 1..=40 * WALKS {
            found = found || walk(seed, &mut Memory::new(START, params)).await.is_err();
        }
        assert!(found, "{name} = {value} stayed unseen");
    }
}

/// A deadline row that is lost in the database: the whole service runs, and nothing fires.
#[tokio::test]
async fn a_lost_deadline_is_found_behind_the_door() {
    let service = Service::start(false).await;
    let lose = "CREATE TRIGGER lose AFTER INSERT ON deadline WHEN NEW.step = 'stage.lapse' BEGIN DELETE FROM deadline \
                WHERE market_id = NEW.market_id AND subject_id = NEW.subject_id AND step = NEW.step; END";
    rows::execute(service.engine.db().write(), lose, Vec::new()).await.unwrap();
    let (_, why) = first_failure(async || Door::open(&service).await).await.expect("the lost deadline stayed unseen");
    assert!(why.contains("stage.lapse"), "{why}");
}

/// Walks that never get anywhere would agree about nothing: every step is taken, by people and by the clock.
#[tokio::test]
async fn the_walks_reach_every_step() {
    let mut taken: BTreeSet<(bool, &str)> = BTreeSet::new();
    for seed in 1..=20 * WALKS {
        let model = walk(seed, &mut Memory::of(seed)).await.unwrap_or_else(|(_, why)| panic!("{why}"));
        taken.extend(model.orders.iter().flat_map(|o| o.done.iter().map(|d| (d.0.role == "system", d.1))));
    }
    let missed: Vec<_> = STEPS
        .iter()
        .flat_map(|step| {
            let may = may(step);
            let roles = [(false, may != "K"), (true, may.contains('K'))];
            roles.into_iter().filter(|(_, can)| *can).map(move |(clock, _)| (clock, *step))
        })
        .filter(|wanted| !taken.contains(wanted))
        .collect();
    assert!(missed.is_empty(), "(by the clock, step): {missed:?}");
}
