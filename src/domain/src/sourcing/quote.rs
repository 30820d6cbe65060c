//! A supplier's quote on a request: immutable versions, the newest of which stands.
//!
//! Promises that a version never changes once it was submitted. Refuses nothing by itself; see `quote_check` for what makes
//! a version acceptable and `quote_decide` for the steps.

use serde::{Deserialize, Serialize};

use super::counter::Counter;
use crate::catalog::{Aql, Incoterm, PriceBreak};
use crate::kernel::{
    CompanyId, Currency, DeadlineChange, FileId, MarketTime, ProductId, Quantity, QuoteId, RfqId, minor_text, words,
};

/// The step the clock takes when a quote's validity is over.
pub const QUOTE_LAPSE: &str = "quote.lapse";

/// Holds what the supplier writes for one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteTerms {
    /// Lines quoted; a line of the request that is not here is declined.
    pub lines: Vec<QuoteLine>,
    /// Days from deposit to readiness.
    pub lead_days: i64,
    /// A sample, if the supplier offers one.
    #[serde(default)]
    pub sample: Option<Sample>,
    /// Delivery term of the prices.
    pub incoterm: Incoterm,
    /// Freight the supplier charges beside the prices, for all quoted lines at the quantities wanted, minor units.
    #[serde(default, with = "minor_text")]
    pub freight_minor: i64,
    /// Days the version stands: until 24:00 of that day (ruling 50), 1 to 90.
    pub validity_days: i64,
    /// How the supplier proposes to be paid; shares add up to 10,000 basis points.
    pub stages: Vec<StageProposal>,
    /// How each lot is sampled, where it is not what the request says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aql: Option<Aql>,
    /// Attachments, at most five files of the supplier; sealed as the quote is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// Anything else.
    #[serde(default)]
    pub note: String,
}

/// Is one quoted line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// Number of the request's line, from 1.
    pub line: i32,
    /// The supplier's listed product.
    #[serde(default)]
    pub product: Option<ProductId>,
    /// The supplier's own number for the goods.
    #[serde(default)]
    pub sku: String,
    /// What is offered, where it is not what the request says.
    #[serde(default)]
    pub title: String,
    /// Harmonised System code, where it is not the request's.
    #[serde(default)]
    pub hs_code: String,
    /// Quantity breaks, 1 to 6, strictly ascending; the first is the smallest quantity sold.
    pub ladder: Vec<PriceBreak>,
}

impl QuoteLine {
    /// Gives the smallest quantity sold.
    #[must_use]
    pub fn moq(&self) -> Quantity {
        self.ladder.first().map_or(Quantity(0), |row| row.from_quantity)
    }
}

/// Is a sample on offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Price in minor units of the request's currency; 0 is free.
    #[serde(with = "minor_text")]
    pub price_minor: i64,
    /// Days until it is sent.
    pub lead_days: i64,
}

/// Is one payment stage as proposed. The words are those of a contract; it becomes one only by an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageProposal {
    /// What the payment is.
    pub kind: StageKind,
    /// What makes it due.
    pub trigger: Trigger,
    /// Share of the total in basis points.
    pub share_bps: i64,
}

words! {
    /// Names what a proposed payment is.
    StageKind {
        /// Paid on agreement, before production.
        Deposit = "deposit",
        /// Paid for the shipment.
        Balance = "balance",
        /// Held back until the order closes.
        Retention = "retention",
    }
}

words! {
    /// Names what makes a proposed payment due.
    Trigger {
        /// The agreement.
        Agreed = "agreed",
        /// The approaching dispatch.
        BeforeDispatch = "before_dispatch",
        /// Dispatch, shown by a copy of the bill of lading.
        BlCopy = "bl_copy",
        /// Delivery.
        Delivered = "delivered",
    }
}

words! {
    /// Names where a quote stands.
    QuoteState {
        /// Its newest version may be awarded.
        Live = "live",
        /// Taken back by the supplier.
        Withdrawn = "withdrawn",
        /// Its validity is over; a revision brings it back while the request takes quotes.
        Lapsed = "lapsed",
    }
}

/// Is one version, unchanged since it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteVersion {
    /// Its number, from 1.
    pub no: i32,
    /// What it says.
    pub terms: QuoteTerms,
    /// When it was submitted.
    pub at: MarketTime,
    /// Until when it stands.
    pub valid_until: MarketTime,
}

/// Is a supplier's quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Identity.
    pub id: QuoteId,
    /// Number people call it by.
    pub number: String,
    /// The request.
    pub rfq: RfqId,
    /// The request's buyer.
    pub buyer: CompanyId,
    /// Who quotes.
    pub supplier: CompanyId,
    /// The request's currency.
    pub currency: Currency,
    /// Where it stands.
    pub state: QuoteState,
    /// All versions, the oldest first; never empty.
    pub versions: Vec<QuoteVersion>,
    /// What the buyer asked for instead, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
}

impl Quote {
    /// Gives the newest version.
    #[must_use]
    pub fn newest(&self) -> Option<&QuoteVersion> {
        self.versions.last()
    }

    /// Gives the moment its newest version ends, while it is live.
    #[must_use]
    pub fn due(&self) -> Option<MarketTime> {
        self.newest().filter(|_| self.state == QuoteState::Live).map(|version| version.valid_until)
    }

    /// Gives the change of its deadline row against an earlier state.
    #[must_use]
    pub fn deadline_change(&self, before: Option<&Self>) -> Option<DeadlineChange> {
        let (was, due) = (before.and_then(Self::due), self.due());
        (was != due).then_some(DeadlineChange { step: QUOTE_LAPSE, part: 0, due })
    }
}

/// Is what happened to a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum QuoteEvent {
    /// A further version stands.
    Revised {
        /// The version.
        version: QuoteVersion,
    },
    /// The buyer asked for something else.
    Countered {
        /// What for.
        counter: Counter,
    },
    /// The supplier took it back.
    Withdrawn,
    /// Its validity ended.
    Lapsed,
}

/// Applies what happened.
pub fn evolve_quote(quote: &mut Quote, event: &QuoteEvent) {
    match event {
        QuoteEvent::Revised { version } => {
            quote.state = QuoteState::Live;
            quote.versions.push(version.clone());
        }
        QuoteEvent::Countered { counter } => quote.counters.push(counter.clone()),
        QuoteEvent::Withdrawn => quote.state = QuoteState::Withdrawn,
        QuoteEvent::Lapsed => quote.state = QuoteState::Lapsed,
    }
}
