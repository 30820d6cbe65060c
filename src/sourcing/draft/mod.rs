//! What people write of requests, quotes and awards: text, so that every wrong field is named at once, each with its pointer.

mod answer;
mod reader;

pub use answer::{AwardDraft, CounterAgreed, DraftCounter};

use crate::catalog::{DraftBreak, DraftIncoterm};
use crate::platform::problem::Refusal;
use crate::trade::AqlView;
use entrepot_domain::catalog::{Bound, MeasuredPoint, PriceBreak};
use entrepot_domain::kernel::{CompanyId, FileId, ProductId};
use entrepot_domain::sourcing::{
    QualityPoint, QuoteLine, QuoteTerms, RfqLine, RfqTerms, SEATS_DEFAULT, Sample, SourcingRejection, StageKind,
    StageProposal, Trigger, Visibility,
};
use reader::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A point the goods will be measured on.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPoint {
    /// What is measured.
    pub point: String,
    /// `at_least`, `at_most` or `within`.
    pub bound: String,
    /// The number agreed, a decimal number.
    pub value: String,
    /// How far from it a value may lie, a decimal number; with `within` only.
    #[serde(default)]
    pub tolerance: Option<String>,
    /// Unit of value and tolerance; may be empty.
    #[serde(default)]
    pub unit: String,
    /// A standard, or an instrument and a sample.
    pub method: String,
}

/// A line of goods wanted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = RfqLineDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftLine {
    /// What it is.
    pub title: String,
    /// A listed product it is written from.
    #[serde(default)]
    pub product_id: Option<String>,
    /// Slug of the category: lower-case letters, digits, hyphens.
    pub category: String,
    /// 6 to 10 digits, or nothing.
    #[serde(default)]
    pub hs_code: String,
    /// Unit of sale.
    pub unit: String,
    /// Decimal number.
    pub quantity: String,
    /// Price per unit hoped for, a decimal number.
    #[serde(default)]
    pub target_price: Option<String>,
    /// Properties wanted.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Anything else.
    #[serde(default)]
    pub notes: String,
}

/// A request for quotation as the buyer writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = RfqDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftRfq {
    /// What it is about.
    pub title: String,
    /// Goods wanted, 1 to 50.
    pub lines: Vec<DraftLine>,
    /// ISO 4217 code of all quotes.
    pub currency: String,
    /// Where the goods go, two capital letters.
    pub destination: String,
    /// Country of origin wished for, two capital letters.
    #[serde(default)]
    pub origin: Option<String>,
    /// Delivery term wished for.
    pub incoterm: DraftIncoterm,
    /// Day by which the goods are needed, `YYYY-MM-DD`.
    #[serde(default)]
    pub needed_by: Option<String>,
    /// Days of production wished for at most.
    #[serde(default)]
    pub lead_days: Option<i64>,
    /// How many suppliers may quote, 1 to 30; 10 unless told.
    #[serde(default)]
    pub seats: Option<i64>,
    /// `board` (unless told) or `invited`.
    #[serde(default)]
    pub visibility: Option<String>,
    /// Companies asked by name.
    #[serde(default)]
    pub invited: Vec<String>,
    /// Last day for quotes in the market's zone, `YYYY-MM-DD`.
    pub deadline: String,
    /// What will be measured.
    #[serde(default)]
    pub quality_points: Vec<DraftPoint>,
    /// How each lot is sampled; may be absent.
    #[serde(default)]
    pub aql: Option<AqlView>,
    /// Files of the own company, at most five, uploaded before.
    #[serde(default)]
    pub file_ids: Vec<String>,
    /// Anything else.
    #[serde(default)]
    pub notes: String,
}

/// A line a supplier quotes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = QuoteLineDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftQuoteLine {
    /// Number of the request's line, from 1.
    pub line: i32,
    /// The supplier's listed product.
    #[serde(default)]
    pub product_id: Option<String>,
    /// The supplier's own number for the goods.
    #[serde(default)]
    pub sku: String,
    /// What is offered, where it is not what the request says.
    #[serde(default)]
    pub title: String,
    /// Where it is not the request's.
    #[serde(default)]
    pub hs_code: String,
    /// Quantity breaks, 1 to 6, ascending; the first is the smallest quantity sold.
    pub ladder: Vec<DraftBreak>,
}

/// A sample on offer.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftSample {
    /// Minor units of the request's currency, a decimal string; 0 is free.
    pub price_minor: String,
    /// Days until it is sent.
    pub lead_days: i64,
}

/// A payment stage as proposed.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftStage {
    /// `deposit`, `balance` or `retention`.
    pub kind: String,
    /// `agreed`, `before_dispatch`, `bl_copy` or `delivered`.
    pub trigger: String,
    /// Share of the total in basis points.
    pub share_bps: i64,
}

/// A version of a quote as the supplier writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = QuoteDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftQuote {
    /// Lines quoted; a line of the request that is not here is declined.
    pub lines: Vec<DraftQuoteLine>,
    /// Days from deposit to readiness.
    pub lead_days: i64,
    /// A sample, if one is offered.
    #[serde(default)]
    pub sample: Option<DraftSample>,
    /// Delivery term of the prices.
    pub incoterm: DraftIncoterm,
    /// Freight charged beside the prices, minor units as a decimal string; 0 unless told.
    #[serde(default)]
    pub freight_minor: Option<String>,
    /// Days the quote stands, 1 to 90.
    pub validity_days: i64,
    /// How the supplier proposes to be paid.
    pub stages: Vec<DraftStage>,
    /// How each lot is sampled; may be absent.
    #[serde(default)]
    pub aql: Option<AqlView>,
    /// Files of the own company, at most five, uploaded before.
    #[serde(default)]
    pub file_ids: Vec<String>,
    /// Anything else.
    #[serde(default)]
    pub note: String,
}

fn line(reader: &mut Reader, index: usize, draft: DraftLine) -> RfqLine {
    let at = |field: &str| format!("/lines/{index}/{field}");
    RfqLine {
        product: draft.product_id.map(|id| reader.id::<ProductId>(at("product_id"), &id)),
        quantity: reader.quantity(at("quantity"), &draft.quantity),
        target_price: draft.target_price.map(|price| reader.price(at("target_price"), &price)),
        title: draft.title.trim().to_owned(),
        category: draft.category,
        hs_code: draft.hs_code.trim().to_owned(),
        unit: draft.unit.trim().to_owned(),
        attributes: draft.attributes,
        notes: draft.notes.trim().to_owned(),
    }
}

impl DraftRfq {
    /// Reads the terms, or names every field that cannot be read; `files` are those it names, held against the company before.
    pub fn terms(self, files: Vec<FileId>) -> Result<RfqTerms, Refusal> {
        let mut reader = Reader::default();
        let visibility = match self.visibility.as_deref() {
            None => Visibility::Board,
            Some(word) => {
                let found = Visibility::ALL.into_iter().find(|v| v.as_str() == word);
                reader.word("/visibility".to_owned(), found, Visibility::Board)
            }
        };
        let invited = self.invited.iter().enumerate();
        let points = self.quality_points.into_iter().enumerate();
        let terms = RfqTerms {
            title: self.title.trim().to_owned(),
            invited: invited.map(|(n, id)| reader.id::<CompanyId>(format!("/invited/{n}"), id)).collect(),
            lines: self.lines.into_iter().enumerate().map(|(n, draft)| line(&mut reader, n, draft)).collect(),
            currency: reader.currency(&self.currency),
            destination: self.destination,
            origin: self.origin.filter(|origin| !origin.is_empty()),
            incoterm: reader.incoterm(&self.incoterm),
            needed_by: self.needed_by.map(|day| reader.day("/needed_by", &day)),
            lead_days: self.lead_days,
            seats: self.seats.unwrap_or(SEATS_DEFAULT),
            visibility,
            deadline: reader.day("/deadline", &self.deadline),
            quality_points: points.map(|(n, draft)| point(&mut reader, n, draft)).collect(),
            aql: self.aql.as_ref().map(|aql| reader.aql(aql)),
            files,
            notes: self.notes.trim().to_owned(),
        };
        reader.done(terms, SourcingRejection::RfqInvalid)
    }
}

fn point(reader: &mut Reader, index: usize, draft: DraftPoint) -> QualityPoint {
    let at = |field: &str| format!("/quality_points/{index}/{field}");
    let tolerance = draft.tolerance.filter(|text| !text.trim().is_empty());
    QualityPoint::Measured(MeasuredPoint {
        point: draft.point.trim().to_owned(),
        bound: reader.word(at("bound"), Bound::parse(&draft.bound), Bound::AtLeast),
        value: reader.measure(at("value"), &draft.value),
        tolerance: tolerance.map(|text| reader.measure(at("tolerance"), &text)),
        unit: draft.unit.trim().to_owned(),
        method: draft.method.trim().to_owned(),
    })
}

fn quote_line(reader: &mut Reader, index: usize, draft: DraftQuoteLine) -> QuoteLine {
    let at = |field: &str| format!("/lines/{index}/{field}");
    let row = |(n, row): (usize, &DraftBreak), reader: &mut Reader| PriceBreak {
        from_quantity: reader.quantity(at(&format!("ladder/{n}/from_quantity")), &row.from_quantity),
        unit_price: reader.price(at(&format!("ladder/{n}/unit_price")), &row.unit_price),
    };
    QuoteLine {
        line: draft.line,
        product: draft.product_id.map(|id| reader.id::<ProductId>(at("product_id"), &id)),
        sku: draft.sku.trim().to_owned(),
        title: draft.title.trim().to_owned(),
        hs_code: draft.hs_code.trim().to_owned(),
        ladder: draft.ladder.iter().enumerate().map(|one| row(one, reader)).collect(),
    }
}

impl DraftQuote {
    /// Reads the terms, or names every field that cannot be read; `files` are those it names, held against the company before.
    pub fn terms(self, files: Vec<FileId>) -> Result<QuoteTerms, Refusal> {
        let mut reader = Reader::default();
        let stage = |(n, draft): (usize, &DraftStage), reader: &mut Reader| StageProposal {
            kind: reader.word(format!("/stages/{n}/kind"), StageKind::parse(&draft.kind), StageKind::Balance),
            trigger: reader.word(format!("/stages/{n}/trigger"), Trigger::parse(&draft.trigger), Trigger::Delivered),
            share_bps: draft.share_bps,
        };
        let terms = QuoteTerms {
            lines: self.lines.into_iter().enumerate().map(|(n, draft)| quote_line(&mut reader, n, draft)).collect(),
            lead_days: self.lead_days,
            sample: self.sample.map(|sample| Sample {
                price_minor: reader.minor("/sample/price_minor", &sample.price_minor),
                lead_days: sample.lead_days,
            }),
            incoterm: reader.incoterm(&self.incoterm),
            freight_minor: self.freight_minor.map_or(0, |freight| reader.minor("/freight_minor", &freight)),
            validity_days: self.validity_days,
            stages: self.stages.iter().enumerate().map(|one| stage(one, &mut reader)).collect(),
            aql: self.aql.as_ref().map(|aql| reader.aql(aql)),
            files,
            note: self.note.trim().to_owned(),
        };
        reader.done(terms, SourcingRejection::QuoteInvalid)
    }
}
