//! The vocabulary of double-entry bookkeeping: accounts, postings, posting rules, natural keys.
//!
//! Promises: a positive posting is a debit, a negative one a credit; accounts are plain copyable keys. Refuses nothing
//! itself; what may be posted is decided by the templates of [`crate::ledger`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::currency::Currency;

macro_rules! account_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// Is a line of the chart of accounts; the first letter of the code is its class (A, L, I, X, E).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum AccountKind {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl AccountKind {
            /// Lists the chart of accounts.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the account code, such as `L.BUYER`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

account_kinds! {
    /// Client money at the bank, segregated: always equals the sum of all L accounts.
    BankClient = "A.BANK.CLIENT",
    /// The platform's own money at the bank.
    BankOps = "A.BANK.OPS",
    /// The guarantee fund's money at the bank.
    BankFund = "A.BANK.FUND",
    /// The finance partner's money at the bank.
    BankFin = "A.BANK.FIN",
    /// What a seller owes after a payout by the fund.
    Recourse = "A.RECOURSE",
    /// What a buyer owes.
    BuyerCredit = "A.BUYER_CREDIT",
    /// Rebates advanced and not yet paid by the authority.
    TaxRefund = "A.TAX_REFUND",
    /// A buyer's wallet.
    Buyer = "L.BUYER",
    /// Money held for one stage of one order.
    Escrow = "L.ESCROW",
    /// A seller's wallet.
    Seller = "L.SELLER",
    /// A seller's reserve, freed when orders close.
    Reserve = "L.RESERVE",
    /// Income from payment fees.
    PaymentFee = "I.PAYMENT_FEE",
    /// Income from transaction fees.
    TxnFee = "I.TXN_FEE",
    /// Income of the guarantee fund.
    Premium = "I.PREMIUM",
    /// Income from interest.
    Interest = "I.INTEREST",
    /// Income from export services.
    ExportFee = "I.EXPORT_FEE",
    /// Income from currency exchange.
    FxSpread = "I.FX_SPREAD",
    /// Losses of the guarantee fund.
    GuaranteeLoss = "X.GUARANTEE_LOSS",
    /// Money given away to keep peace.
    Goodwill = "X.GOODWILL",
    /// The platform's capital.
    Capital = "E.CAPITAL",
    /// The guarantee fund's capital.
    GuaranteeFund = "E.GUARANTEE_FUND",
    /// The finance partner's capital.
    FinCapital = "E.FIN_CAPITAL",
}

impl AccountKind {
    /// Finds a line of the chart by its code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Says whether the account is money owed to clients (all L accounts).
    #[must_use]
    pub const fn is_client_liability(self) -> bool {
        matches!(self, Self::Buyer | Self::Escrow | Self::Seller | Self::Reserve)
    }

    /// Says whether the balance may never go below zero (MON-4): all L accounts.
    #[must_use]
    pub const fn is_guarded(self) -> bool {
        self.is_client_liability()
    }

    /// Says whether a debit increases the balance (assets and expenses).
    #[must_use]
    pub const fn is_debit_normal(self) -> bool {
        match self {
            Self::BankClient | Self::BankOps | Self::BankFund | Self::BankFin => true,
            Self::Recourse | Self::BuyerCredit | Self::TaxRefund => true,
            Self::GuaranteeLoss | Self::Goodwill => true,
            Self::Buyer | Self::Escrow | Self::Seller | Self::Reserve => false,
            Self::PaymentFee | Self::TxnFee | Self::Premium | Self::Interest | Self::ExportFee | Self::FxSpread => {
                false
            }
            Self::Capital | Self::GuaranteeFund | Self::FinCapital => false,
        }
    }
}

/// Names one account of one owner in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// Line of the chart of accounts.
    pub kind: AccountKind,
    /// Company or order that owns it; 0 for the platform.
    pub owner: u128,
    /// Stage number for escrow, else 0.
    pub part: i32,
    /// Currency of the account: one ledger per currency.
    pub currency: Currency,
}

impl Account {
    /// Names an account of the platform itself.
    #[must_use]
    pub const fn platform(kind: AccountKind, currency: Currency) -> Self {
        Self { kind, owner: 0, part: 0, currency }
    }

    /// Names an account of a company.
    #[must_use]
    pub const fn of(kind: AccountKind, owner: u128, currency: Currency) -> Self {
        Self { kind, owner, part: 0, currency }
    }

    /// Names the escrow of one stage of an order.
    #[must_use]
    pub const fn escrow(order: u128, stage: i32, currency: Currency) -> Self {
        Self { kind: AccountKind::Escrow, owner: order, part: stage, currency }
    }
}

/// Changes one account: positive is a debit, negative a credit, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Posting {
    /// Account changed.
    pub account: Account,
    /// Minor units; debit positive, credit negative.
    pub amount: i64,
}

impl Posting {
    /// Gives the change of the account's natural balance: debits raise assets and expenses, credits raise the rest.
    #[must_use]
    pub const fn balance_delta(&self) -> i64 {
        if self.account.kind.is_debit_normal() { self.amount } else { self.amount.saturating_neg() }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Names a posting rule; every journal is an instance of one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// Lists every rule in use.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the code, such as `P2`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// Finds a rule by its code.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.code() == code)
            }
        }
    };
}

rules! {
    /// Money arrives in a buyer's wallet.
    P1,
    /// A stage is funded, with the payment fee.
    P2,
    /// Escrow is released to the seller, with fee, premium and reserve.
    P3,
    /// Escrow is refunded to the buyer.
    P5,
    /// A seller withdraws.
    P6,
    /// The reserve is released when the order closes.
    P12,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Says what a journal is about, so that it can exist once only (MON-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct NaturalKey {
    /// Order, or company for pay-ins and withdrawals.
    pub order: u128,
    /// Stage number or 0.
    pub stage: i32,
    /// Shipment number or 0.
    pub shipment: i32,
    /// Event id where the rest does not identify the journal (P1, P6); else 0.
    pub salt: u128,
}

impl NaturalKey {
    /// Keys a journal by order, stage and shipment.
    #[must_use]
    pub const fn cell(order: u128, stage: i32, shipment: i32) -> Self {
        Self { order, stage, shipment, salt: 0 }
    }

    /// Keys a journal of a company by the event that caused it.
    #[must_use]
    pub const fn event(owner: u128, event: u128) -> Self {
        Self { order: owner, stage: 0, shipment: 0, salt: event }
    }
}

/// Heads one journal; its postings lie in the flat buffer from `first` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHead {
    /// Posting rule the journal is an instance of.
    pub rule: Rule,
    /// Natural key, unique per market together with the rule.
    pub natural: NaturalKey,
    /// Index of the first posting.
    pub first: u32,
    /// Number of postings.
    pub len: u32,
}

impl JournalHead {
    /// Writes `P3:order:stage:shipment`, with `:salt` when there is one: unique per market.
    #[must_use]
    pub fn natural_text(&self) -> String {
        let NaturalKey { order, stage, shipment, salt } = self.natural;
        if salt == 0 {
            format!("{}:{order:032x}:{stage}:{shipment}", self.rule)
        } else {
            format!("{}:{order:032x}:{stage}:{shipment}:{salt:032x}", self.rule)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_letter_agrees_with_the_normal_side() {
        for kind in AccountKind::ALL {
            let class = &kind.code()[..1];
            assert_eq!(kind.is_debit_normal(), matches!(class, "A" | "X"), "{kind:?}");
            assert_eq!(kind.is_client_liability(), class == "L", "{kind:?}");
            assert_eq!(AccountKind::parse(kind.code()), Some(*kind));
        }
    }

    #[test]
    fn a_credit_raises_a_wallet_and_a_debit_raises_the_bank() {
        let wallet = Posting { account: Account::of(AccountKind::Buyer, 1, Currency::USD), amount: -5 };
        let bank = Posting { account: Account::platform(AccountKind::BankClient, Currency::USD), amount: 5 };

        assert_eq!((wallet.balance_delta(), bank.balance_delta()), (5, 5));
    }

    #[test]
    fn the_natural_key_has_one_text_per_journal() {
        let head = JournalHead { rule: Rule::P3, natural: NaturalKey::cell(0xab, 2, 1), first: 0, len: 2 };
        assert_eq!(head.natural_text(), "P3:000000000000000000000000000000ab:2:1");

        let salted = JournalHead { rule: Rule::P1, natural: NaturalKey::event(1, 2), ..head };
        assert_eq!(salted.natural_text(), format!("P1:{:032x}:0:0:{:032x}", 1, 2));
        assert_eq!(Rule::parse("P12"), Some(Rule::P12));
    }
}
