//! What the wallet's routes read and write.

use super::read::{Balances, Book, Line, Place};
use crate::platform::problem::Refusal;
use crate::platform::schema::{MoneyView, PostingRule, words};
use entrepot_domain::kernel::{Currency, Money};
use entrepot_domain::ledger::{AccountKind, Rule};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Reads an amount from a body's `/amount`.
///
/// Errors: 422 that points to the field at fault.
pub(super) fn amount(asked: &MoneyView) -> Result<Money, Refusal> {
    let unknown = "There is no such currency here.";
    let currency = Currency::parse(&asked.currency).ok_or_else(|| {
        Refusal::new(422, "wallet.currency", unknown).field("/amount/currency", "wallet.currency", unknown)
    })?;
    let malformed = "The amount must be a whole number of minor units, written as a string.";
    let digits = asked.minor.strip_prefix('-').unwrap_or(&asked.minor);
    let minor = if digits.bytes().all(|b| b.is_ascii_digit()) { asked.minor.parse().ok() } else { None };
    let minor = minor.ok_or_else(|| {
        Refusal::new(422, "wallet.amount", malformed).field("/amount/minor", "wallet.amount", malformed)
    })?;
    Ok(Money::new(minor, currency))
}

/// What a company has in one currency.
#[derive(Serialize, ToSchema)]
pub(super) struct WalletAccount {
    pub(super) currency: String,
    /// Money to pay orders with.
    pub(super) buyer: MoneyView,
    /// Money from sales, free to withdraw.
    pub(super) seller: MoneyView,
    /// Money from sales that stays until the orders are closed.
    pub(super) reserve: MoneyView,
    /// Money that the company's purchases hold in escrow.
    pub(super) held_in_escrow: MoneyView,
}

impl WalletAccount {
    pub(super) fn of(currency: Currency, balances: &Balances) -> Self {
        Self {
            currency: currency.to_string(),
            buyer: MoneyView::of(balances.buyer, currency),
            seller: MoneyView::of(balances.seller, currency),
            reserve: MoneyView::of(balances.reserve, currency),
            held_in_escrow: MoneyView::of(balances.held, currency),
        }
    }
}

/// What a company has in every currency it ever used.
#[derive(Serialize, ToSchema)]
pub(super) struct WalletView {
    pub(super) accounts: Vec<WalletAccount>,
}

words! {
    /// An account of a wallet.
    WalletPart = ["buyer", "seller", "reserve"];
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StatementQuery {
    /// ISO 4217 code; USD when absent.
    pub(super) currency: Option<String>,
    /// `buyer` when absent.
    #[param(inline, value_type = Option<WalletPart>)]
    pub(super) account: Option<String>,
    /// `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// Lines per page, at most 100.
    pub(super) limit: Option<u32>,
}

impl StatementQuery {
    pub(super) fn book(&self, market: u128, company: u128) -> Result<Book, Refusal> {
        let code = self.currency.as_deref().unwrap_or("USD");
        let currency = Currency::parse(code)
            .ok_or_else(|| Refusal::new(422, "wallet.currency", "There is no such currency here."))?;
        let kind = match self.account.as_deref().unwrap_or("buyer") {
            "buyer" => AccountKind::Buyer,
            "seller" => AccountKind::Seller,
            "reserve" => AccountKind::Reserve,
            _ => {
                return Err(Refusal::new(
                    422,
                    "wallet.account",
                    "A wallet has a buyer, a seller and a reserve account.",
                ));
            }
        };
        Ok(Book { market, company, kind, currency })
    }

    pub(super) fn place(&self) -> Result<Place, Refusal> {
        let Some(cursor) = &self.cursor else {
            return Ok(Place::END);
        };
        let numbers: Vec<i64> = cursor.split('.').filter_map(|n| n.parse().ok()).collect();
        match numbers.as_slice() {
            [seq, journal, line] => Ok(Place { seq: *seq, journal: *journal, line: *line }),
            _ => Err(Refusal::invalid("The cursor is not one of ours.")),
        }
    }
}

/// What a line is about, in English.
pub(super) fn text(line: &Line) -> String {
    let words = match line.rule {
        Some(Rule::P1) => "Pay-in",
        Some(Rule::P2) => "Stage funded",
        Some(Rule::P3) => "Released to the seller",
        Some(Rule::P5) => "Refunded to the buyer",
        Some(Rule::P6) => "Withdrawal",
        Some(Rule::P12) => "Reserve released",
        None => "Posting",
    };
    if line.reference.is_empty() { words.to_owned() } else { format!("{words}: {}", line.reference) }
}

/// A line of one account.
#[derive(Serialize, ToSchema)]
pub(super) struct StatementLine {
    /// Sequence of the event in the market's log.
    pub(super) seq: i64,
    /// Market time.
    #[schema(format = DateTime)]
    pub(super) at: String,
    #[schema(value_type = Option<PostingRule>, required = true)]
    pub(super) rule: Option<String>,
    /// The order, when the journal belongs to one.
    #[schema(required = true)]
    pub(super) order_id: Option<String>,
    #[schema(required = true)]
    pub(super) order_number: Option<String>,
    /// Money out.
    #[schema(required = true)]
    pub(super) debit: Option<MoneyView>,
    /// Money in.
    #[schema(required = true)]
    pub(super) credit: Option<MoneyView>,
    /// The balance after this line.
    pub(super) balance: MoneyView,
    /// What the payer wrote; empty when nothing.
    pub(super) reference: String,
    /// Rule and reference in English, for clients without words of their own.
    pub(super) text: String,
}

impl StatementLine {
    pub(super) fn of(line: &Line, currency: Currency) -> Self {
        let amount = MoneyView::of(line.change.saturating_abs(), currency);
        let (debit, credit) = if line.change < 0 { (Some(amount), None) } else { (None, Some(amount)) };
        Self {
            seq: line.place.seq,
            at: line.at.to_string(),
            rule: line.rule.map(|r| r.to_string()),
            order_id: line.order.as_ref().map(|(id, _)| format!("{id:032x}")),
            order_number: line.order.as_ref().map(|(_, number)| number.clone()),
            debit,
            credit,
            balance: MoneyView::of(line.balance, currency),
            reference: line.reference.clone(),
            text: text(line),
        }
    }
}

/// What a pay-in or a withdrawal answers.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentReceipt {
    pub(super) payment_id: String,
    pub(super) event_id: String,
    /// The wallet after the payment.
    pub(super) balance: MoneyView,
}

/// Puts money into the buyer wallet.
#[derive(Deserialize, ToSchema)]
#[schema(as = PayIn)]
#[serde(deny_unknown_fields)]
pub(super) struct PayInBody {
    pub(super) amount: MoneyView,
    /// What the payer writes on the transfer.
    #[serde(default)]
    pub(super) reference: String,
}

/// Takes money out of the seller wallet.
#[derive(Deserialize, ToSchema)]
#[schema(as = Withdrawal)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawalBody {
    pub(super) amount: MoneyView,
}
