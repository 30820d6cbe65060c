//! The ledger: the only place where value moves.
//!
//! Shape: posting templates (P1 … P12) append one atomic journal each to the flat buffers of [`crate::kernel::Effects`];
//! [`Balances`] applies journals in memory. Promises for every journal: it balances per currency (MON-2), and the change
//! of `A.BANK.CLIENT` equals the change of all `L.*` accounts, so client money stays segregated. Refuses amounts that
//! are not positive (MON-9), overflow (MON-1) and a guarded account below zero (MON-4).

mod balances;
mod templates;

pub use crate::kernel::{Account, AccountKind, JournalHead, NaturalKey, Posting, Rule};
pub use balances::Balances;
pub use templates::{
    Fund, Release, check_journal, p1_pay_in, p2_fund, p3_release, p5_refund, p6_withdraw, p12_reserve,
};

use crate::kernel::{Currency, Money, MoneyError};
use std::fmt;

/// Says why a journal cannot be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerError {
    /// An amount is zero or negative where it must be positive, or negative where it must not be (MON-9).
    NotPositive,
    /// A number left the 64-bit range (MON-1).
    Overflow,
    /// Debits and credits differ in this currency (MON-2).
    Unbalanced(Currency),
    /// Client bank and client liabilities would drift apart in this currency.
    ClientMoney(Currency),
    /// A guarded account would go below zero (MON-4).
    Insufficient {
        /// Account that lacks the money.
        account: Account,
        /// Balance before the journal, in minor units.
        have: i64,
        /// What the journal takes from it, in minor units.
        need: i64,
    },
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPositive => f.write_str("an amount must be positive"),
            Self::Overflow => f.write_str("an amount is too large"),
            Self::Unbalanced(currency) => write!(f, "the journal does not balance in {currency}"),
            Self::ClientMoney(currency) => write!(f, "the journal would mix client money in {currency}"),
            Self::Insufficient { account, have, need } => {
                let money = |minor: i64| Money::new(minor, account.currency);
                write!(f, "account {} holds {} and {} are needed", account.kind.code(), money(*have), money(*need))
            }
        }
    }
}

impl std::error::Error for LedgerError {}

impl From<MoneyError> for LedgerError {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::Negative | MoneyError::Malformed | MoneyError::NothingToSplitOver => Self::NotPositive,
            MoneyError::Overflow | MoneyError::CurrencyMismatch => Self::Overflow,
        }
    }
}
