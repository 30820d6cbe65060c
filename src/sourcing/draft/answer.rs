//! What people write of counter-offers and awards.

use super::reader::Reader;
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::QuoteId;
use entrepot_domain::sourcing::{AwardChoice, CounterLine, CounterTerms, SourcingRejection};
use serde::Deserialize;
use utoipa::ToSchema;

/// How much of a line goes to a supplier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwardLineDraft {
    /// Number of the request's line, from 1.
    pub line: i32,
    /// Decimal number.
    pub quantity: String,
}

/// One supplier's part of an award.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwardPartDraft {
    /// The quote.
    pub quote_id: String,
    /// The version that was read; any but the newest answers 409.
    pub version: i32,
    /// What is bought.
    pub lines: Vec<AwardLineDraft>,
}

/// An award over one or several suppliers.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AwardDraft {
    /// The parts.
    pub awards: Vec<AwardPartDraft>,
}

/// What a buyer asks for instead of a version.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = QuoteCounterDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftCounter {
    /// The version it answers; only the newest can be answered.
    pub version: i32,
    /// Lines that shall cost less.
    #[serde(default)]
    pub lines: Vec<DraftCounterLine>,
    /// Days from deposit to readiness, where they shall be others.
    #[serde(default)]
    pub lead_days: Option<i64>,
    /// Why, or what else.
    #[serde(default)]
    pub note: String,
}

/// A line of a counter-offer.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = QuoteCounterLineDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftCounterLine {
    /// Number of the request's line.
    pub line: i32,
    /// Price per unit at the quantity wanted, a decimal number.
    pub unit_price: String,
}

/// Which counter-offer the supplier agrees to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterAgreed {
    /// Its number.
    pub counter: i32,
}

impl DraftCounter {
    /// Reads the terms, or names every field that cannot be read.
    pub fn terms(self) -> Result<CounterTerms, Refusal> {
        let mut reader = Reader::default();
        let line = |(n, draft): (usize, &DraftCounterLine), reader: &mut Reader| CounterLine {
            line: draft.line,
            unit_price: reader.price(format!("/lines/{n}/unit_price"), &draft.unit_price),
        };
        let terms = CounterTerms {
            version: self.version,
            lines: self.lines.iter().enumerate().map(|one| line(one, &mut reader)).collect(),
            lead_days: self.lead_days,
            note: self.note.trim().to_owned(),
        };
        reader.done(terms, SourcingRejection::CounterInvalid)
    }
}

impl AwardDraft {
    /// Reads the choices, or names every field that cannot be read.
    pub fn choices(self) -> Result<Vec<AwardChoice>, Refusal> {
        let mut reader = Reader::default();
        let mut choices = Vec::with_capacity(self.awards.len());
        for (n, part) in self.awards.iter().enumerate() {
            let quote = reader.id::<QuoteId>(format!("/awards/{n}/quote_id"), &part.quote_id);
            let lines = part.lines.iter().enumerate();
            let at = |k: usize| format!("/awards/{n}/lines/{k}/quantity");
            let lines = lines.map(|(k, line)| (line.line, reader.quantity(at(k), &line.quantity))).collect();
            choices.push(AwardChoice { quote, version: part.version, lines });
        }
        if reader.0.is_empty() {
            return Ok(choices);
        }
        let mut refusal = Refusal::invalid("The award is not right.");
        for error in reader.0 {
            refusal = refusal.field(error.pointer, &error.code, error.detail);
        }
        Err(refusal)
    }
}
