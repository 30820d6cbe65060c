//! What the checker says: how much it looked at, and everything it found wrong.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Findings listed at most; further ones are only counted.
const FINDINGS_MAX: usize = 500;

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// Names one thing that must hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
        pub enum Check {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Check {
            /// Lists every check.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the snake_case name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

checks! {
    /// Every journal balances per currency (MON-2).
    JournalBalance = "journal_balance",
    /// Every journal moves the client bank and the client liabilities alike.
    JournalClientMoney = "journal_client_money",
    /// Every journal touches only accounts of its posting rule, on the right side.
    JournalRule = "journal_rule",
    /// The natural key fits the journal and exists once (MON-12).
    NaturalKey = "natural_key",
    /// Account rows equal the sums of their postings.
    AccountSum = "account_sum",
    /// No liability and no asset is below zero (MON-4).
    NegativeAccount = "negative_account",
    /// The client bank equals the client liabilities per currency.
    ClientMoney = "client_money",
    /// No journal without event, no posting without journal.
    Orphan = "orphan",
    /// The log counts 1, 2, 3 … without gap.
    Sequence = "sequence",
    /// The hash chain follows from the bytes (AUD-1).
    Chain = "chain",
    /// Every event is sealed or waits for it.
    Unsealed = "unsealed",
    /// The bytes of an event say what its columns say.
    EventBytes = "event_bytes",
    /// The journals in the bytes are the journals in the books.
    EventJournals = "event_journals",
    /// Versions of a subject count 1, 2, 3 … without gap (MON-7).
    SubjectVersions = "subject_versions",
    /// The version of a state is the version of its last event.
    StateVersion = "state_version",
    /// Paid, held, released and refunded of an order follow from its journals.
    OrderMoney = "order_money",
    /// Funded = released + refunded + held for every stage.
    StageMoney = "stage_money",
    /// An ended order keeps nothing of the seller back.
    OrderReserve = "order_reserve",
    /// Escrow belongs to an order.
    EscrowOwner = "escrow_owner",
    /// Every order can be read, and the agreement it names is what its hash says.
    OrderRecord = "order_record",
    /// The deadlines of every order are exactly those it asks for.
    Deadline = "deadline",
    /// A stock is the sum of its changes, and each of them leads to the next.
    StockSum = "stock_sum",
    /// What is kept of a stock is what the orders paid for have not sent yet, order by order.
    StockReserved = "stock_reserved",
    /// A stored reply belongs to an event.
    Reply = "reply",
    /// The log still has what an exported head says it had (AUD-2).
    Head = "head",
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Checked {
    /// Markets.
    pub markets: u64,
    /// Events, sealed and waiting.
    pub events: u64,
    /// Journals.
    pub journals: u64,
    /// Postings.
    pub postings: u64,
    /// Orders.
    pub orders: u64,
    /// Accounts.
    pub accounts: u64,
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// The market, 32 hexadecimal characters.
    pub market: String,
    /// What does not hold.
    pub check: Check,
    /// Where, with both numbers.
    pub detail: String,
}

/// The head of a market's chain; kept elsewhere, it proves later that no tail was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// The market, 32 hexadecimal characters.
    pub market: String,
    /// Sequence of the last sealed event.
    pub seq: i64,
    /// Its chain hash in hexadecimal.
    pub hash: String,
}

/// The checker's answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// How much was looked at.
    pub checked: Checked,
    /// What is wrong; empty when everything holds.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub unlisted: u64,
    /// Chain heads of the markets.
    pub heads: Vec<Head>,
    /// How long it took.
    pub took_ms: u64,
}

impl Report {
    /// True when nothing was found.
    pub fn ok(&self) -> bool {
        self.findings.is_empty()
    }

    /// True when the check found something.
    pub fn has(&self, check: Check) -> bool {
        self.findings.iter().any(|f| f.check == check)
    }

    /// Adds a finding.
    pub(super) fn find(&mut self, market: u128, check: Check, detail: impl Into<String>) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { market: hex(market), check, detail: detail.into() });
        } else {
            self.unlisted += 1;
        }
    }

    /// Adds a finding unless `holds`.
    pub(super) fn must(&mut self, holds: bool, market: u128, check: Check, detail: impl FnOnce() -> String) {
        if !holds {
            self.find(market, check, detail());
        }
    }
}

/// An identifier as the product writes it.
pub(super) fn hex(id: u128) -> String {
    format!("{id:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_findings_are_counted_and_not_listed() {
        let mut report = Report::default();
        for n in 0..10_000 {
            report.find(1, Check::Chain, n.to_string());
        }
        assert_eq!((report.findings.len(), report.unlisted), (500, 9_500));
    }

    #[test]
    fn every_check_has_its_own_name() {
        let names: std::collections::BTreeSet<&str> = Check::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(names.len(), Check::ALL.len());
    }
}
