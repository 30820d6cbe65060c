//! The request for quotation: what a buyer wants, who may quote, until when, and what was awarded.
//!
//! Promises that an award is part of the request and never changes. Refuses nothing by itself: `rfq_check` lists what is
//! wrong with what the buyer wrote, `rfq_decide` judges steps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::{Aql, Incoterm, MeasuredPoint};
use crate::kernel::{
    BarePrice, CompanyId, Currency, Day, FileId, MarketTime, ProductId, Quantity, QuoteId, RfqId, Side,
};
use crate::kernel::{DeadlineChange, minor_text};

/// Seats of a request when the buyer names no number.
pub const SEATS_DEFAULT: i64 = 10;
/// Most seats a request may have.
pub const SEATS_MAX: i64 = 30;
/// Days a closed request waits for its award: as long as a quote may stand.
pub const AWARD_DAYS: i64 = 90;
/// Files a request or one version of a quote may name.
pub const FILES_MAX: usize = 5;
/// The step the clock takes when a request's time is over.
pub const RFQ_LAPSE: &str = "rfq.lapse";

/// Holds what the buyer writes; it never changes once published, save deadline and invitations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RfqTerms {
    /// What it is about.
    pub title: String,
    /// Goods wanted, 1 to 50; line numbers count from 1 in this order.
    pub lines: Vec<RfqLine>,
    /// Currency all quotes are made in.
    pub currency: Currency,
    /// Where the goods go, ISO 3166 alpha-2.
    pub destination: String,
    /// Country of origin wished for, ISO 3166 alpha-2.
    #[serde(default)]
    pub origin: Option<String>,
    /// Delivery term wished for; a quote may name another.
    pub incoterm: Incoterm,
    /// Day by which the goods are needed.
    #[serde(default)]
    pub needed_by: Option<Day>,
    /// Days of production wished for at most.
    #[serde(default)]
    pub lead_days: Option<i64>,
    /// How many suppliers may quote, 1 to 30.
    pub seats: i64,
    /// Who may see it and quote.
    pub visibility: Visibility,
    /// Suppliers asked by name.
    #[serde(default)]
    pub invited: Vec<CompanyId>,
    /// Last day on which quotes are taken, 1 to 60 days ahead.
    pub deadline: Day,
    /// What will be measured on the goods.
    #[serde(default)]
    pub quality_points: Vec<QualityPoint>,
    /// How each lot is sampled, where the buyer says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aql: Option<Aql>,
    /// Specifications, at most five files of the buyer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// Anything else.
    #[serde(default)]
    pub notes: String,
}

/// Is one line of goods wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RfqLine {
    /// What it is.
    pub title: String,
    /// Listed product it was written from.
    #[serde(default)]
    pub product: Option<ProductId>,
    /// Slug of the category.
    pub category: String,
    /// Harmonised System code, 6 to 10 digits; may be empty.
    #[serde(default)]
    pub hs_code: String,
    /// Unit of sale.
    pub unit: String,
    /// Quantity wanted.
    pub quantity: Quantity,
    /// Price per unit the buyer hopes for.
    #[serde(default)]
    pub target_price: Option<BarePrice>,
    /// Properties wanted, by name.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Anything else about the line.
    #[serde(default)]
    pub notes: String,
}

/// Is one point the goods will be measured on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum QualityPoint {
    /// A point that can be measured; the order takes it over as it is.
    Measured(MeasuredPoint),
    /// A point and its limit as mere text, as requests had before; a new request cannot be published with it.
    Stated {
        /// What is measured.
        point: String,
        /// The limit.
        measure: String,
    },
}

/// Names who may see a request and quote on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Every company of the market.
    Board,
    /// Invited suppliers only.
    Invited,
}

impl Visibility {
    /// Lists both.
    pub const ALL: [Self; 2] = [Self::Board, Self::Invited];

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Invited => "invited",
        }
    }
}

/// Names where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfqState {
    /// Takes quotes.
    Open,
    /// Takes no more quotes; the buyer decides.
    Closed,
    /// Awarded to one or several suppliers.
    Awarded,
    /// Taken back by the buyer before any award.
    Withdrawn,
    /// Ended without an award.
    Lapsed,
}

impl RfqState {
    /// Lists the states.
    pub const ALL: [Self; 5] = [Self::Open, Self::Closed, Self::Awarded, Self::Withdrawn, Self::Lapsed];

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Awarded => "awarded",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }
}

/// Is one supplier's part of an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// The quote.
    pub quote: QuoteId,
    /// Its supplier.
    pub supplier: CompanyId,
    /// The version of the quote that was accepted.
    pub version: i32,
    /// What is bought at which price.
    pub lines: Vec<AwardLine>,
    /// Freight of these quantities in minor units.
    #[serde(with = "minor_text")]
    pub freight_minor: i64,
    /// Lines and freight in minor units.
    #[serde(with = "minor_text")]
    pub total_minor: i64,
}

/// Is one awarded line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardLine {
    /// Number of the request's line, from 1.
    pub line: i32,
    /// Quantity bought from this supplier.
    pub quantity: Quantity,
    /// Price per unit: the quote's ladder at this quantity.
    pub unit_price: BarePrice,
    /// Quantity times price, rounded half up once (MON-10), in minor units.
    #[serde(with = "minor_text")]
    pub value_minor: i64,
}

/// Is what a party says became of an award outside the platform (era 1.0).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The awarded quote.
    pub quote: QuoteId,
    /// Which side says so.
    pub by: Side,
    /// Whether a deal was made.
    pub dealt: bool,
    /// In own words.
    pub note: String,
    /// When it was said.
    pub at: MarketTime,
}

/// Is a published request for quotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rfq {
    /// Identity.
    pub id: RfqId,
    /// Number people call it by.
    pub number: String,
    /// Buying company.
    pub buyer: CompanyId,
    /// What is wanted.
    pub terms: RfqTerms,
    /// Where it stands.
    pub state: RfqState,
    /// When it was published.
    pub published_at: MarketTime,
    /// When the last day for quotes ends (24:00 of the market's zone, ruling 50).
    pub deadline: MarketTime,
    /// When a closed request lapses.
    #[serde(default)]
    pub decide_by: Option<MarketTime>,
    /// When it was awarded.
    #[serde(default)]
    pub awarded_at: Option<MarketTime>,
    /// To whom; in the order of the buyer's choice.
    #[serde(default)]
    pub awards: Vec<Award>,
    /// What became of it, one entry per quote and side.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
}

impl Rfq {
    /// Finds a line by its number, from 1.
    #[must_use]
    pub fn line(&self, number: i32) -> Option<&RfqLine> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.terms.lines.get(index)
    }

    /// Says whether a company may see the request: its buyer, everybody for the board, else who was invited.
    #[must_use]
    pub fn is_open_to(&self, company: CompanyId) -> bool {
        self.buyer == company || self.terms.visibility == Visibility::Board || self.terms.invited.contains(&company)
    }

    /// Gives the award to a quote, if there is one.
    #[must_use]
    pub fn award_of(&self, quote: QuoteId) -> Option<&Award> {
        self.awards.iter().find(|award| award.quote == quote)
    }

    /// Says whether it takes quotes at this moment: the end of its last day is over even before the clock has closed it.
    #[must_use]
    pub fn takes_quotes(&self, now: MarketTime) -> bool {
        self.state == RfqState::Open && now < self.deadline
    }

    /// Gives the moment the clock acts on it, if it still waits for one.
    #[must_use]
    pub fn due(&self) -> Option<MarketTime> {
        match self.state {
            RfqState::Open => Some(self.deadline),
            RfqState::Closed => self.decide_by,
            RfqState::Awarded | RfqState::Withdrawn | RfqState::Lapsed => None,
        }
    }

    /// Gives the change of its deadline row against an earlier state.
    #[must_use]
    pub fn deadline_change(&self, before: Option<&Self>) -> Option<DeadlineChange> {
        let (was, due) = (before.and_then(Self::due), self.due());
        (was != due).then_some(DeadlineChange { step: RFQ_LAPSE, part: 0, due })
    }
}
