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
    /// What is known of the session's proof.
    pub proof: Proof,
}

/// What is known of the secret a session showed.
pub enum Proof {
    /// Nobody looked yet: most steps release nothing large, and looking costs reads of the session and its user.
    NotAsked,
    /// It showed one a short while ago.
    Shown,
    /// It lacks one; the refusal says how to show it.
    Lacking(Refusal),
}

/// The code of a step that stopped because nobody has looked at the proof yet; it never leaves the slice.
pub const PROOF_WANTED: &str = "trade.proof_wanted";

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

    fn loads_then(&self, view: &View<'_>) -> Vec<Key> {
        self.take.loads_then(view)
    }

    fn accounts(&self, view: &View<'_>) -> Vec<Account> {
        self.take.accounts(view)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        self.take.relation(view, actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let decision = self.take.decide(cx, view, out)?;
        if !releases(&out.postings, self.threshold) {
            return Ok(decision);
        }
        match &self.proof {
            Proof::Shown => Ok(decision),
            Proof::Lacking(refusal) => Err(refusal.clone()),
            Proof::NotAsked => Err(Refusal::new(409, PROOF_WANTED, "The session's proof was not looked at yet.")),
        }
    }

    fn conflict(&self, constraint: &str) -> Refusal {
        self.take.conflict(constraint)
    }
}
