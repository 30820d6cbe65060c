//! What random walks against the reference model found, each as a test of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use entrepot_domain::kernel::{Actor, CompanyId};
use entrepot_domain::trade::{OrderTerms, PayMethod, StageKind, StageTerms, TradeCommand, Trigger, already_done};
use std::sync::Arc;
use support::{Bench, HASH, at, papers, stage, terms};

fn already(bench: &Bench, actor: Actor, command: &TradeCommand) -> bool {
    already_done(&bench.order, command, actor)
}

#[test]
fn a_repeat_with_other_days_is_not_the_same_step() {
    let mut bench = Bench::new();
    bench.pay_in(2_000_000);
    bench.draft(terms());
    let offer = |valid_days| TradeCommand::Offer { valid_days, contract_hash: HASH };
    bench.ok(Actor::Seller, offer(None));
    assert!(already(&bench, Actor::Seller, &offer(None)));
    assert!(!already(&bench, Actor::Seller, &offer(Some(-1))), "an offer of other days was never made");

    let mut other = terms();
    other.notes = "Other".into();
    let counter =
        |valid_days| TradeCommand::Counter { terms: Arc::new(other.clone()), valid_days, contract_hash: HASH };
    bench.ok(Actor::Buyer, counter(Some(20)));
    assert!(already(&bench, Actor::Buyer, &counter(Some(20))));
    assert!(!already(&bench, Actor::Buyer, &counter(Some(21))));

    bench.ok(Actor::Seller, TradeCommand::Accept { offer_no: 2, contract_hash: HASH });
    bench.fund(1);
    bench.fund(2);
    let dispatch = |eta_days| TradeCommand::Dispatch { shipment: 1, papers: papers(), eta_days };
    bench.ok(Actor::Seller, dispatch(20));
    assert!(already(&bench, Actor::Seller, &dispatch(20)));
    assert!(!already(&bench, Actor::Seller, &dispatch(21)), "another arrival was announced");
}

#[test]
fn an_extension_never_brings_the_late_cancellation_nearer() {
    let mut bench = Bench::new();
    bench.pay_in(2_000_000);
    let mut slow = terms();
    slow.deposit_days = 90;
    slow.shipments.truncate(1);
    slow.shipments[0].quantities = vec![slow.lines[0].quantity];
    bench.agree(slow);
    // The deposit comes 20 days after the goods were to leave: lateness counts from the payment.
    bench.now = at("2026-03-21T03:00:00Z");
    bench.ok(Actor::Buyer, TradeCommand::Fund { stage: 1, method: PayMethod::Tt });
    bench.fund(2);
    let late = |bench: &Bench| bench.due[&("order.late_cancel".to_owned(), 1)];
    let before = late(&bench);

    bench.ok(Actor::Seller, TradeCommand::ProposeExtension { shipment: 1, days: 3 });
    bench.ok(Actor::Buyer, TradeCommand::AcceptProposal {});

    assert!(late(&bench) >= before, "{} is before {before}", late(&bench));
    assert!(bench.run(Actor::Buyer, &TradeCommand::LateCancel {}).is_err(), "paid today, so not late today");
}

fn until(bench: &mut Bench, step: &str) {
    while bench.due.keys().any(|key| key.0 == step) && bench.fire_next() {}
}

/// The balance of the first shipment has lapsed, the papers of the second are on their way and will not be paid for.
fn in_default_twice() -> Bench {
    let mut bench = Bench::new();
    bench.pay_in(2_000_000);
    let mut two = terms();
    two.stages = vec![
        stage(StageKind::Deposit, Trigger::Agreed, 2_000),
        StageTerms { shipment: Some(1), ..stage(StageKind::Balance, Trigger::BeforeDispatch, 3_000) },
        StageTerms { shipment: Some(2), ..stage(StageKind::Balance, Trigger::BlCopy, 5_000) },
    ];
    two.shipments[0].ship_by = "2026-01-20".parse().unwrap();
    bench.agree(two);
    bench.fund(1);
    until(&mut bench, "stage.fall_due");
    until(&mut bench, "stage.lapse");
    bench.dispatch(2);
    bench
}

#[test]
fn a_second_default_is_not_the_first_one_repeated() {
    let mut bench = in_default_twice();
    let default = TradeCommand::CancelForDefault { penalty_minor: 0 };
    bench.ok(Actor::Seller, default.clone());
    assert!(already(&bench, Actor::Seller, &default), "the same click twice");

    until(&mut bench, "stage.lapse");
    assert!(!already(&bench, Actor::Seller, &default), "a new default");
    bench.ok(Actor::Seller, default);
}

#[test]
fn two_defaults_together_cost_at_most_a_fifth_of_the_deposit() {
    let mut bench = in_default_twice();
    let deposit = bench.order.stages[0].amount;
    let default = |penalty_minor| TradeCommand::CancelForDefault { penalty_minor };
    bench.ok(Actor::Seller, default(deposit / 5 - 1));
    until(&mut bench, "stage.lapse");

    assert!(bench.run(Actor::Seller, &default(2)).is_err(), "the seller kept nearly all it may keep");
    bench.ok(Actor::Seller, default(1));
}

#[test]
fn a_draft_stays_its_drafters() {
    let mut bench = Bench::new();
    bench.draft(terms());
    let revise = |change: fn(&mut OrderTerms)| {
        let mut new = terms();
        change(&mut new);
        TradeCommand::Revise { terms: Arc::new(new) }
    };
    let foisted = revise(|terms| terms.seller = CompanyId(3));
    assert!(bench.run(Actor::Seller, &foisted).is_err(), "the seller cannot draft in another seller's name");
    bench.ok(Actor::Seller, revise(|terms| terms.buyer = CompanyId(3)));
}
