//! The level of verification: what it demands, and how much is at stake with a company of each level.
//!
//! | level | demands, beside what the levels below demand | cap of the guarantee limit |
//! |---|---|---|
//! | 0 | nothing | 0 USD |
//! | 1 | business licence, legal representative | 5,000 USD |
//! | 2 | bank account | 100,000 USD |
//! | 3 | visit on site | 2,000,000 USD |
//!
//! Export registrations and certificates say something of their own and raise no level. The caps are those of ruling 1.

use serde::{Deserialize, Serialize};

use super::words::ProofKind;
use crate::kernel::{Currency, Money};

/// Is a level of verification, 0 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Level(u8);

/// What each level demands beside what the levels below it demand; the first row is level 1.
pub const DEMANDS: [&[ProofKind]; 3] =
    [&[ProofKind::BusinessLicence, ProofKind::LegalRepresentative], &[ProofKind::BankAccount], &[ProofKind::SiteVisit]];

/// Caps by level, whole US dollars (ruling 1).
const CAPS: [i64; 4] = [0, 5_000, 100_000, 2_000_000];
/// The limit of a company without a score, whole US dollars (ruling 1).
const NOT_RATED: i64 = 2_500;
/// Cents of a dollar.
const CENTS: i64 = 100;

impl Level {
    /// Is the level without any proof.
    pub const NONE: Self = Self(0);

    /// Gives the level that the valid proofs reach: a level counts only with all below it.
    #[must_use]
    pub fn of(is_valid: impl Fn(ProofKind) -> bool) -> Self {
        let reached = DEMANDS.iter().take_while(|demanded| demanded.iter().all(|kind| is_valid(*kind))).count();
        Self(u8::try_from(reached).unwrap_or(0))
    }

    /// Gives the level's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Lists what the next level demands beside this one; nothing at the highest.
    #[must_use]
    pub fn demands_of_next(self) -> &'static [ProofKind] {
        DEMANDS.get(usize::from(self.0)).copied().unwrap_or(&[])
    }

    /// Gives the most that the platform stands up for with a company of this level, in US cents (ruling 1).
    #[must_use]
    pub fn cap(self) -> Money {
        let dollars = CAPS.get(usize::from(self.0)).copied().unwrap_or(0);
        Money::new(dollars.saturating_mul(CENTS), Currency::USD)
    }
}

/// Gives a company's guarantee limit from its level; scores bring a better answer and stand in for [`NotRated`].
pub trait GuaranteeLimit {
    /// Gives the limit in US cents.
    fn limit(&self, level: Level) -> Money;
}

/// Is the limit of companies without a score: the lesser of 2,500 USD and the level's cap (ruling 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NotRated;

impl GuaranteeLimit for NotRated {
    fn limit(&self, level: Level) -> Money {
        let cap = level.cap();
        Money::new(cap.minor.min(NOT_RATED.saturating_mul(CENTS)), cap.currency)
    }
}
