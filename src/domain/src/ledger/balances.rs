//! Balances in memory: the ledger of tests and of small worlds.
//!
//! Promises that a journal is applied whole or not at all. Refuses a guarded account below zero (MON-4).

use std::collections::BTreeMap;

use super::{Account, AccountKind, LedgerError, Posting, check_journal};
use crate::kernel::{Currency, Effects};

/// Holds the natural balance of every account that was ever posted to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Balances {
    accounts: BTreeMap<Account, i64>,
}

impl Balances {
    /// Makes an empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the natural balance in minor units; an account never posted to has 0.
    #[must_use]
    pub fn get(&self, account: &Account) -> i64 {
        self.accounts.get(account).copied().unwrap_or(0)
    }

    /// Lists all accounts with their balances, in account order.
    pub fn iter(&self) -> impl Iterator<Item = (&Account, i64)> {
        self.accounts.iter().map(|(account, balance)| (account, *balance))
    }

    /// Adds up the natural balances of one line of the chart in one currency.
    #[must_use]
    pub fn total(&self, kind: AccountKind, currency: Currency) -> i128 {
        let of_kind = self.iter().filter(|(account, _)| account.kind == kind && account.currency == currency);
        of_kind.map(|(_, balance)| i128::from(balance)).sum()
    }

    /// Gives client bank minus client liabilities in one currency: always 0.
    #[must_use]
    pub fn client_money_gap(&self, currency: Currency) -> i128 {
        let in_currency = self.iter().filter(|(account, _)| account.currency == currency);
        in_currency.fold(0, |gap, (account, balance)| {
            if account.kind == AccountKind::BankClient {
                gap + i128::from(balance)
            } else if account.kind.is_client_liability() {
                gap - i128::from(balance)
            } else {
                gap
            }
        })
    }

    /// Applies the postings of one journal; on refusal nothing has changed.
    pub fn post(&mut self, postings: &[Posting]) -> Result<(), LedgerError> {
        check_journal(postings)?;
        let mut changed: BTreeMap<Account, i64> = BTreeMap::new();
        for posting in postings {
            let have = changed.get(&posting.account).copied().unwrap_or_else(|| self.get(&posting.account));
            let next = have.checked_add(posting.balance_delta()).ok_or(LedgerError::Overflow)?;
            if next < 0 && posting.account.kind.is_guarded() {
                let need = posting.balance_delta().saturating_neg();
                return Err(LedgerError::Insufficient { account: posting.account, have, need });
            }
            changed.insert(posting.account, next);
        }
        self.accounts.extend(changed);
        Ok(())
    }

    /// Applies every journal of the effects in order; stops at the first refusal.
    pub fn post_all<E>(&mut self, effects: &Effects<E>) -> Result<(), LedgerError> {
        effects.journals.iter().try_for_each(|head| self.post(effects.postings_of(head)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fund, p1_pay_in, p2_fund, p5_refund, p6_withdraw};
    use super::*;
    use crate::kernel::{CompanyId, EventId, Money, OrderId};
    use proptest::prelude::*;

    const USD: Currency = Currency::USD;

    fn usd(minor: i64) -> Money {
        Money::new(minor, USD)
    }

    #[test]
    fn money_paid_in_can_be_spent_once() {
        let wallet = Account::of(AccountKind::Buyer, 1, USD);
        let mut balances = Balances::new();
        let mut fx = Effects::<()>::new();
        p1_pay_in(&mut fx, CompanyId(1), usd(100), EventId(1)).unwrap();
        p2_fund(&mut fx, &Fund { order: OrderId(1), stage: 1, buyer: CompanyId(1), amount: usd(90), fee: 10 }).unwrap();

        balances.post_all(&fx).unwrap();

        assert_eq!(balances.get(&wallet), 0);
        assert_eq!(balances.total(AccountKind::Escrow, USD), 90);
        assert_eq!(balances.client_money_gap(USD), 0);
    }

    #[test]
    fn a_guarded_account_below_zero_is_refused_and_nothing_changes() {
        let mut balances = Balances::new();
        let mut fx = Effects::<()>::new();
        p6_withdraw(&mut fx, CompanyId(2), usd(1), EventId(1)).unwrap();
        let before = balances.clone();

        let refusal = balances.post_all(&fx);

        let account = Account::of(AccountKind::Seller, 2, USD);
        assert_eq!(refusal, Err(LedgerError::Insufficient { account, have: 0, need: 1 }));
        assert_eq!(balances, before);
    }

    proptest! {
        #[test]
        fn no_sequence_of_journals_breaks_client_money_or_goes_negative(steps in prop::collection::vec((0..4_u8, 1..3_u128, 1..1_000_i64), 1..60)) {
            let mut balances = Balances::new();
            for (index, (step, company, minor)) in steps.into_iter().enumerate() {
                let mut fx = Effects::<()>::new();
                let event = EventId(index as u128);
                match step {
                    0 => p1_pay_in(&mut fx, CompanyId(company), usd(minor), event).unwrap(),
                    1 => p2_fund(&mut fx, &Fund { order: OrderId(7), stage: 1, buyer: CompanyId(company), amount: usd(minor), fee: minor / 50 }).unwrap(),
                    2 => p5_refund(&mut fx, OrderId(7), (1, 1), CompanyId(company), usd(minor)).unwrap(),
                    _ => p6_withdraw(&mut fx, CompanyId(company), usd(minor), event).unwrap(),
                }
                let before = balances.clone();
                if balances.post_all(&fx).is_err() {
                    prop_assert_eq!(&balances, &before);
                }
                prop_assert_eq!(balances.client_money_gap(USD), 0);
                prop_assert!(balances.iter().all(|(account, balance)| balance >= 0 || !account.kind.is_guarded()));
            }
        }
    }
}
