//! Dense balances: every account of the world is one slot of a vector.
//!
//! Promises that a refused batch of journals leaves no trace. Journals come from the posting templates, which have
//! balanced them already.

use crate::kernel::{Account, AccountKind, Currency, Effects, Posting};
use crate::ledger::LedgerError;

/// Slots of one company: wallet as buyer, wallet as seller, reserve.
const PER_COMPANY: usize = 3;
/// Slots of the platform, one per line of the chart.
const PLATFORM: usize = AccountKind::ALL.len();

/// Holds all balances of a world in one currency.
#[derive(Debug, Clone)]
pub(super) struct Books {
    currency: Currency,
    companies: u128,
    /// Natural balances: the platform first, then companies, then the escrow of each order as it is agreed.
    slots: Vec<i64>,
    /// Slot of each account's kind for the client-money check.
    kinds: Vec<AccountKind>,
    /// Where the escrow of each order begins, and its number of stages.
    escrow: Vec<(usize, usize)>,
}

impl Books {
    pub(super) fn new(currency: Currency, companies: u32) -> Self {
        let mut kinds: Vec<AccountKind> = AccountKind::ALL.to_vec();
        for _ in 0..=companies {
            kinds.extend([AccountKind::Buyer, AccountKind::Seller, AccountKind::Reserve]);
        }
        Self { currency, companies: u128::from(companies), slots: vec![0; kinds.len()], kinds, escrow: Vec::new() }
    }

    /// Makes room for the escrow of an order's stages, once.
    pub(super) fn open_escrow(&mut self, order: usize, stages: usize) {
        if self.escrow.len() <= order {
            self.escrow.resize(order.saturating_add(1), (0, 0));
        }
        if let Some(room) = self.escrow.get_mut(order).filter(|room| room.1 < stages) {
            *room = (self.slots.len(), stages);
            let end = self.slots.len().saturating_add(stages);
            self.slots.resize(end, 0);
            self.kinds.resize(end, AccountKind::Escrow);
        }
    }

    fn slot(&self, account: &Account) -> Option<usize> {
        if account.currency != self.currency {
            return None;
        }
        let of_company = |place: usize| {
            let company = usize::try_from(account.owner).ok().filter(|_| account.owner <= self.companies)?;
            PLATFORM.checked_add(company.checked_mul(PER_COMPANY)?)?.checked_add(place)
        };
        match account.kind {
            AccountKind::Buyer => of_company(0),
            AccountKind::Seller => of_company(1),
            AccountKind::Reserve => of_company(2),
            AccountKind::Escrow => {
                let (first, stages) = *self.escrow.get(usize::try_from(account.owner).ok()?)?;
                let stage = usize::try_from(account.part).ok()?.checked_sub(1)?;
                (stage < stages).then(|| first.saturating_add(stage))
            }
            AccountKind::BankClient | AccountKind::BankOps | AccountKind::BankFund | AccountKind::BankFin => {
                Some(platform(account))
            }
            AccountKind::Recourse | AccountKind::BuyerCredit | AccountKind::TaxRefund => Some(platform(account)),
            AccountKind::PaymentFee | AccountKind::TxnFee | AccountKind::Premium => Some(platform(account)),
            AccountKind::Interest | AccountKind::ExportFee | AccountKind::FxSpread => Some(platform(account)),
            AccountKind::GuaranteeLoss | AccountKind::Goodwill => Some(platform(account)),
            AccountKind::Capital | AccountKind::GuaranteeFund | AccountKind::FinCapital => Some(platform(account)),
        }
    }

    pub(super) fn get(&self, account: &Account) -> i64 {
        self.slot(account).and_then(|slot| self.slots.get(slot)).copied().unwrap_or(0)
    }

    /// Gives client bank minus client liabilities.
    pub(super) fn client_money_gap(&self) -> i128 {
        self.kinds.iter().zip(&self.slots).fold(0, |gap, (kind, balance)| {
            if *kind == AccountKind::BankClient {
                gap + i128::from(*balance)
            } else if kind.is_client_liability() {
                gap - i128::from(*balance)
            } else {
                gap
            }
        })
    }

    /// Books all journals of the effects, or none.
    pub(super) fn post_all<E>(&mut self, effects: &Effects<E>) -> Result<(), LedgerError> {
        for (index, posting) in effects.postings.iter().enumerate() {
            if let Err(refusal) = self.post(posting) {
                for done in effects.postings.iter().take(index) {
                    self.undo(done);
                }
                return Err(refusal);
            }
        }
        Ok(())
    }

    fn post(&mut self, posting: &Posting) -> Result<(), LedgerError> {
        let delta = posting.balance_delta();
        let account = posting.account;
        let missing = LedgerError::Insufficient { account, have: 0, need: delta.saturating_abs() };
        let Some(balance) = self.slot(&account).and_then(|slot| self.slots.get_mut(slot)) else {
            return Err(missing);
        };
        let next = balance.checked_add(delta).ok_or(LedgerError::Overflow)?;
        if next < 0 && account.kind.is_guarded() {
            return Err(LedgerError::Insufficient { account, have: *balance, need: delta.saturating_neg() });
        }
        *balance = next;
        Ok(())
    }

    fn undo(&mut self, posting: &Posting) {
        if let Some(balance) = self.slot(&posting.account).and_then(|slot| self.slots.get_mut(slot)) {
            *balance = balance.wrapping_sub(posting.balance_delta());
        }
    }
}

/// Gives the slot of a platform account: its line in the chart.
fn platform(account: &Account) -> usize {
    // Discriminants count the chart's lines from 0 in the order of `AccountKind::ALL`.
    account.kind as usize
}
