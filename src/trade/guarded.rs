//! A step on its way through the door with what its session has shown: a large release of escrow by a person needs a
//! secret shown a short while ago (AUTH, step-up).
//!
//! The step itself is decided first, so that what counts as large is the money the books would move and nothing else.
//! Refunds to the buyer, deadlines and robots are never asked.

use super::commands::Take;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::ledger::{Account, AccountKind, Posting};

/// A step together with the refusal it gets if it releases too much.
pub struct Guarded {
    /// The step.
    pub take: Take,
    /// Whole units of the order's currency from which a release is large.
    pub threshold: i64,
    /// What the session lacks; `None` when it has shown a secret.
    pub unproved: Option<Refusal>,
}

/// True when sellers get at least `threshold` whole units out of escrow.
fn releases(postings: &[Posting], threshold: i64) -> bool {
    let to_seller = postings.iter().any(|p| p.account.kind == AccountKind::Seller && p.amount < 0);
    let out_of_escrow = postings.iter().filter(|p| p.account.kind == AccountKind::Escrow && p.amount > 0);
    let (mut sum, mut exponent) = (0i64, 0);
    for posting in out_of_escrow {
        sum = sum.saturating_add(posting.amount);
        exponent = posting.account.currency.exponent();
    }
    to_seller && sum > 0 && sum >= threshold.saturating_mul(10i64.saturating_pow(exponent))
}

impl Command for Guarded {
    fn step(&self) -> &'static str {
        self.take.step()
    }

    fn subject(&self) -> Key {
        self.take.subject()
    }

    fn loads(&self) -> Vec<Key> {
        self.take.loads()
    }

    fn accounts(&self, view: &View<'_>) -> Vec<Account> {
        self.take.accounts(view)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        self.take.relation(view, actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let decision = self.take.decide(cx, view, out)?;
        match &self.unproved {
            Some(refusal) if releases(&out.postings, self.threshold) => Err(refusal.clone()),
            Some(_) | None => Ok(decision),
        }
    }

    fn conflict(&self, constraint: &str) -> Refusal {
        self.take.conflict(constraint)
    }
}
