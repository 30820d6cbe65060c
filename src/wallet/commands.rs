//! Commands that move money over the border between the platform and the simulated bank.

use super::view::PaymentReceipt;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::{CompanyId, Effects, EventId, Money};
use entrepot_domain::ledger::{Account, AccountKind, LedgerError, p1_pay_in, p6_withdraw};
use serde_json::json;

/// The kind of the subject of a payment's event.
pub const PAYMENT: &str = "payment";
/// Largest amount of one payment, in minor units.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000_000;
/// Longest reference of a pay-in, in characters.
const REFERENCE_MAX: usize = 140;

/// Puts money into a company's buyer wallet, as the simulated bank reports its arrival.
pub struct PayIn {
    /// Identifier of the new payment.
    pub payment: u128,
    /// The paying company.
    pub company: u128,
    /// How much.
    pub amount: Money,
    /// What the payer wrote.
    pub reference: String,
}

/// Takes money out of a company's seller wallet to its bank account.
pub struct Withdraw {
    /// Identifier of the new payment.
    pub payment: u128,
    /// The withdrawing company.
    pub company: u128,
    /// How much.
    pub amount: Money,
}

/// A wallet is its company's own: overseers see it, other companies do not learn that it exists.
fn relation(company: u128, actor: &Actor) -> Relation {
    match (actor.company, actor.oversees()) {
        (Some(own), _) if own == company => Relation::Party,
        (_, true) => Relation::Overseer,
        (None, false) => Relation::Market,
        (Some(_), false) => Relation::None,
    }
}

fn check_amount(amount: Money) -> Result<(), Refusal> {
    if (1..=AMOUNT_MAX).contains(&amount.minor) {
        return Ok(());
    }
    let detail = "The amount must be positive and at most 1,000,000,000,000,000 minor units.";
    Err(Refusal::new(422, "wallet.amount", detail).field("/amount/minor", "wallet.amount", detail))
}

fn check_reference(reference: &str) -> Result<(), Refusal> {
    if reference.chars().count() <= REFERENCE_MAX && !reference.chars().any(char::is_control) {
        return Ok(());
    }
    let detail = format!("The reference may have {REFERENCE_MAX} characters and no control characters.");
    Err(Refusal::new(422, "wallet.reference", &detail).field("/reference", "wallet.reference", detail))
}

fn unbooked(error: &LedgerError) -> Refusal {
    Refusal::invalid(error.to_string()).field("/amount/minor", "wallet.amount", error.to_string())
}

/// Fills what both payments have in common; `balance` is the wallet after the payment.
fn write(
    out: &mut Outcome,
    cx: &Context<'_>,
    fx: Effects<()>,
    (payment, company): (u128, u128),
    balance: Money,
) -> Result<Decision, Refusal> {
    out.journals = fx.journals;
    out.postings = fx.postings;
    out.parties = [Some(company), None];
    let receipt = PaymentReceipt {
        payment_id: format!("{payment:032x}"),
        event_id: format!("{:032x}", cx.event_id),
        balance: balance.into(),
    };
    out.reply(201, &receipt)?;
    Ok(Decision::Write)
}

impl PayIn {
    fn wallet(&self) -> Account {
        Account::of(AccountKind::Buyer, self.company, self.amount.currency)
    }
}

impl Command for PayIn {
    fn step(&self) -> &'static str {
        "wallet.pay_in"
    }

    fn subject(&self) -> Key {
        Key { kind: PAYMENT, id: self.payment }
    }

    fn loads(&self) -> Vec<Key> {
        Vec::new()
    }

    fn accounts(&self, _: &View<'_>) -> Vec<Account> {
        vec![self.wallet()]
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation(self.company, actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        check_amount(self.amount)?;
        check_reference(&self.reference)?;
        let have = Money::new(view.balance(self.wallet()), self.amount.currency);
        let balance = have.checked_add(self.amount).map_err(|e| unbooked(&e.into()))?;
        let mut fx = Effects::new();
        p1_pay_in(&mut fx, CompanyId(self.company), self.amount, EventId(cx.event_id)).map_err(|e| unbooked(&e))?;
        out.tell(&json!({ "amount": self.amount, "reference": self.reference }))?;
        write(out, cx, fx, (self.payment, self.company), balance)
    }
}

impl Withdraw {
    fn wallet(&self) -> Account {
        Account::of(AccountKind::Seller, self.company, self.amount.currency)
    }
}

impl Command for Withdraw {
    fn step(&self) -> &'static str {
        "wallet.withdraw"
    }

    fn subject(&self) -> Key {
        Key { kind: PAYMENT, id: self.payment }
    }

    fn loads(&self) -> Vec<Key> {
        Vec::new()
    }

    fn accounts(&self, _: &View<'_>) -> Vec<Account> {
        vec![self.wallet()]
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation(self.company, actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        check_amount(self.amount)?;
        let have = Money::new(view.balance(self.wallet()), self.amount.currency);
        let balance = have.checked_sub(self.amount).map_err(|e| unbooked(&e.into()))?;
        if balance.minor < 0 {
            let detail = format!("The seller balance is {have}; {} is more.", self.amount);
            return Err(Refusal::new(409, "wallet.insufficient_funds", detail)
                .with("have", have.minor)
                .with("need", self.amount.minor)
                .with("currency", have.currency));
        }
        let mut fx = Effects::new();
        p6_withdraw(&mut fx, CompanyId(self.company), self.amount, EventId(cx.event_id)).map_err(|e| unbooked(&e))?;
        out.tell(&json!({ "amount": self.amount }))?;
        write(out, cx, fx, (self.payment, self.company), balance)
    }
}
