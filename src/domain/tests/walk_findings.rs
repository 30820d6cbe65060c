//! What random walks against the reference model found, each as a test of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use entrepot_domain::kernel::{Actor, CompanyId};
use entrepot_domain::trade::{OrderTerms, PayMethod, TradeCommand};
use std::sync::Arc;
use support::{Bench, at, terms};

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
