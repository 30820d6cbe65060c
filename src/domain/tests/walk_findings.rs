//! What random walks against the reference model found, each as a test of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use entrepot_domain::kernel::{Actor, CompanyId};
use entrepot_domain::trade::{OrderTerms, TradeCommand};
use std::sync::Arc;
use support::{Bench, terms};

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
