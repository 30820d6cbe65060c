//! Posting templates: each appends one journal to the effects.
//!
//! A template either appends a whole, balanced journal that preserves client money, or returns an error and appends
//! nothing. Zero legs (a fee of 0) are left out.

use super::{Account, AccountKind, JournalHead, LedgerError, NaturalKey, Posting, Rule};
use crate::kernel::{CompanyId, Currency, Effects, EventId, Money, OrderId};

/// Describes the funding of a stage (P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fund {
    /// Order funded.
    pub order: OrderId,
    /// Stage number.
    pub stage: i32,
    /// Paying company.
    pub buyer: CompanyId,
    /// Amount held in escrow.
    pub amount: Money,
    /// Payment fee in minor units of the same currency, on top.
    pub fee: i64,
}

/// Describes the release of one escrow cell to the seller (P3, P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// Order released.
    pub order: OrderId,
    /// Stage number.
    pub stage: i32,
    /// Shipment number.
    pub shipment: i32,
    /// Paid company.
    pub seller: CompanyId,
    /// Gross amount leaving escrow.
    pub amount: Money,
    /// Transaction fee t in minor units.
    pub fee: i64,
    /// Guarantee premium p in minor units.
    pub premium: i64,
    /// Part v kept in the seller's reserve, in minor units.
    pub reserve: i64,
}

/// Books money arriving in a wallet (P1): Dr A.BANK.CLIENT x / Cr L.BUYER x.
pub fn p1_pay_in<E>(fx: &mut Effects<E>, buyer: CompanyId, amount: Money, event: EventId) -> Result<(), LedgerError> {
    positive(amount.minor)?;
    let legs = [
        debit(Account::platform(AccountKind::BankClient, amount.currency), amount.minor),
        credit(Account::of(AccountKind::Buyer, buyer.0, amount.currency), amount.minor),
    ];
    append(fx, Rule::P1, NaturalKey::event(buyer.0, event.0), &legs)
}

/// Books the funding of a stage (P2): Dr L.BUYER x+f, A.BANK.OPS f / Cr L.ESCROW x, I.PAYMENT_FEE f, A.BANK.CLIENT f.
pub fn p2_fund<E>(fx: &mut Effects<E>, fund: &Fund) -> Result<(), LedgerError> {
    let Money { minor: x, currency } = fund.amount;
    positive(x)?;
    not_negative(fund.fee)?;
    let gross = x.checked_add(fund.fee).ok_or(LedgerError::Overflow)?;
    let legs = [
        debit(Account::of(AccountKind::Buyer, fund.buyer.0, currency), gross),
        credit(Account::escrow(fund.order.0, fund.stage, currency), x),
        debit(Account::platform(AccountKind::BankOps, currency), fund.fee),
        credit(Account::platform(AccountKind::PaymentFee, currency), fund.fee),
        credit(Account::platform(AccountKind::BankClient, currency), fund.fee),
    ];
    append(fx, Rule::P2, NaturalKey::cell(fund.order.0, fund.stage, 0), &legs)
}

/// Books a release (P3): Dr L.ESCROW x, A.BANK.OPS t, A.BANK.FUND p / Cr L.SELLER x-t-p-v, I.TXN_FEE t, I.PREMIUM p,
/// L.RESERVE v, A.BANK.CLIENT t+p.
pub fn p3_release<E>(fx: &mut Effects<E>, release: &Release) -> Result<(), LedgerError> {
    let Money { minor: x, currency } = release.amount;
    let (t, p, v) = (release.fee, release.premium, release.reserve);
    positive(x)?;
    for part in [t, p, v] {
        not_negative(part)?;
    }
    let taken = t.checked_add(p).ok_or(LedgerError::Overflow)?;
    let net = x.checked_sub(taken).and_then(|rest| rest.checked_sub(v)).ok_or(LedgerError::Overflow)?;
    not_negative(net)?;
    let legs = [
        debit(Account::escrow(release.order.0, release.stage, currency), x),
        credit(Account::of(AccountKind::Seller, release.seller.0, currency), net),
        credit(Account::of(AccountKind::Reserve, release.seller.0, currency), v),
        debit(Account::platform(AccountKind::BankOps, currency), t),
        credit(Account::platform(AccountKind::TxnFee, currency), t),
        debit(Account::platform(AccountKind::BankFund, currency), p),
        credit(Account::platform(AccountKind::Premium, currency), p),
        credit(Account::platform(AccountKind::BankClient, currency), taken),
    ];
    append(fx, Rule::P3, NaturalKey::cell(release.order.0, release.stage, release.shipment), &legs)
}

/// Books a refund from escrow (P5): Dr L.ESCROW r / Cr L.BUYER r.
pub fn p5_refund<E>(
    fx: &mut Effects<E>,
    order: OrderId,
    (stage, shipment): (i32, i32),
    buyer: CompanyId,
    amount: Money,
) -> Result<(), LedgerError> {
    positive(amount.minor)?;
    let legs = [
        debit(Account::escrow(order.0, stage, amount.currency), amount.minor),
        credit(Account::of(AccountKind::Buyer, buyer.0, amount.currency), amount.minor),
    ];
    append(fx, Rule::P5, NaturalKey::cell(order.0, stage, shipment), &legs)
}

/// Books a withdrawal (P6): Dr L.SELLER x / Cr A.BANK.CLIENT x.
pub fn p6_withdraw<E>(
    fx: &mut Effects<E>,
    seller: CompanyId,
    amount: Money,
    event: EventId,
) -> Result<(), LedgerError> {
    positive(amount.minor)?;
    let legs = [
        debit(Account::of(AccountKind::Seller, seller.0, amount.currency), amount.minor),
        credit(Account::platform(AccountKind::BankClient, amount.currency), amount.minor),
    ];
    append(fx, Rule::P6, NaturalKey::event(seller.0, event.0), &legs)
}

/// Books the reserve's release at the close of an order (P12): Dr L.RESERVE v / Cr L.SELLER v.
pub fn p12_reserve<E>(
    fx: &mut Effects<E>,
    order: OrderId,
    seller: CompanyId,
    amount: Money,
) -> Result<(), LedgerError> {
    positive(amount.minor)?;
    let legs = [
        debit(Account::of(AccountKind::Reserve, seller.0, amount.currency), amount.minor),
        credit(Account::of(AccountKind::Seller, seller.0, amount.currency), amount.minor),
    ];
    append(fx, Rule::P12, NaturalKey::cell(order.0, 0, 0), &legs)
}

/// Checks that a journal balances per currency (MON-2) and keeps client bank equal to client liabilities.
pub fn check_journal(postings: &[Posting]) -> Result<(), LedgerError> {
    let Some(first) = postings.first() else { return Ok(()) };
    // Nearly all journals are in one currency: one pass over them tells.
    if check_currency(postings, first.account.currency)? == postings.len() {
        return Ok(());
    }
    for (index, posting) in postings.iter().enumerate() {
        let currency = posting.account.currency;
        let seen_before = postings.iter().take(index).any(|earlier| earlier.account.currency == currency);
        if !seen_before {
            check_currency(postings, currency)?;
        }
    }
    Ok(())
}

/// Checks the postings in one currency and counts them.
fn check_currency(postings: &[Posting], currency: Currency) -> Result<usize, LedgerError> {
    let (mut sum, mut client, mut count) = (0_i128, 0_i128, 0_usize);
    for posting in postings.iter().filter(|posting| posting.account.currency == currency) {
        let amount = i128::from(posting.amount);
        sum += amount;
        count += 1;
        // Bank debits and liability credits must match: in debit-positive signs their sum is zero.
        if posting.account.kind == AccountKind::BankClient || posting.account.kind.is_client_liability() {
            client += amount;
        }
    }
    if sum != 0 {
        return Err(LedgerError::Unbalanced(currency));
    }
    if client == 0 { Ok(count) } else { Err(LedgerError::ClientMoney(currency)) }
}

fn debit(account: Account, amount: i64) -> Posting {
    Posting { account, amount }
}

fn credit(account: Account, amount: i64) -> Posting {
    Posting { account, amount: amount.saturating_neg() }
}

fn positive(minor: i64) -> Result<(), LedgerError> {
    if minor > 0 { Ok(()) } else { Err(LedgerError::NotPositive) }
}

fn not_negative(minor: i64) -> Result<(), LedgerError> {
    if minor >= 0 { Ok(()) } else { Err(LedgerError::NotPositive) }
}

fn append<E>(fx: &mut Effects<E>, rule: Rule, natural: NaturalKey, legs: &[Posting]) -> Result<(), LedgerError> {
    check_journal(legs)?;
    let first = u32::try_from(fx.postings.len()).map_err(|_| LedgerError::Overflow)?;
    fx.postings.extend(legs.iter().filter(|leg| leg.amount != 0));
    let end = u32::try_from(fx.postings.len()).map_err(|_| LedgerError::Overflow)?;
    fx.journals.push(JournalHead { rule, natural, first, len: end.saturating_sub(first) });
    Ok(())
}

#[cfg(test)]
#[path = "templates_tests.rs"]
mod tests;
