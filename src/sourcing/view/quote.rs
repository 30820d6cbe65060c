//! Quotes with all their versions and what changed between them; rights to quote.

use super::{CompanyRef, QuoteCounterState, QuoteState, RfqState};
use crate::catalog::{DraftBreak, IncotermView};
use crate::platform::schema::FileCard;
use crate::platform::shelf::Card;
use crate::sourcing::draft::{DraftSample, DraftStage};
use crate::trade::AqlView;
use entrepot_domain::catalog::{Incoterm, PriceBreak};
use entrepot_domain::kernel::{Currency, MarketTime};
use entrepot_domain::sourcing::{self, Counter, MONTHLY, Month, Quote, QuoteLine, QuoteQuota, QuoteVersion, Rfq, diff};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A quoted line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuoteLine)]
pub struct QuoteLineView {
    /// Number of the request's line, from 1.
    line: i32,
    #[schema(required = true)]
    product_id: Option<String>,
    sku: String,
    title: String,
    hs_code: String,
    /// The smallest quantity sold: the ladder's first break.
    moq: String,
    ladder: Vec<DraftBreak>,
}

/// A field that a version changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteChange {
    /// Where, such as `/lines/2/ladder/0/unit_price`; lines go by the number of the request's line.
    field: String,
    #[schema(required = true)]
    before: Option<String>,
    #[schema(required = true)]
    after: Option<String>,
}

/// One version of a quote.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuoteVersion)]
pub struct QuoteVersionView {
    /// Its number, from 1.
    no: i32,
    /// When it was submitted, market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
    /// Until when it stands, market time.
    #[schema(value_type = String, format = DateTime)]
    valid_until: MarketTime,
    lines: Vec<QuoteLineView>,
    lead_days: i64,
    #[schema(required = true)]
    sample: Option<DraftSample>,
    #[schema(value_type = IncotermView)]
    incoterm: Incoterm,
    /// Minor units, as a decimal string.
    freight_minor: String,
    validity_days: i64,
    stages: Vec<DraftStage>,
    /// How each lot is sampled, where it is not what the request says.
    #[schema(required = true)]
    aql: Option<AqlView>,
    /// Attachments, for the supplier and the buyer alone.
    files: Vec<FileCard>,
    note: String,
    /// What it changed against the version before; empty for the first.
    changes: Vec<QuoteChange>,
}

fn line(line: &QuoteLine, currency: Currency) -> QuoteLineView {
    let row = |row: &PriceBreak| DraftBreak {
        from_quantity: row.from_quantity.to_string(),
        unit_price: row.unit_price.in_currency(currency).decimal(),
    };
    QuoteLineView {
        line: line.line,
        product_id: line.product.map(|id| id.to_string()),
        sku: line.sku.clone(),
        title: line.title.clone(),
        hs_code: line.hs_code.clone(),
        moq: line.moq().to_string(),
        ladder: line.ladder.iter().map(row).collect(),
    }
}

fn version(
    version: &QuoteVersion,
    before: Option<&QuoteVersion>,
    currency: Currency,
    cards: &HashMap<u128, Card>,
) -> QuoteVersionView {
    let terms = &version.terms;
    let stage = |s: &sourcing::StageProposal| DraftStage {
        kind: s.kind.as_str().to_owned(),
        trigger: s.trigger.as_str().to_owned(),
        share_bps: s.share_bps,
    };
    QuoteVersionView {
        no: version.no,
        at: version.at,
        valid_until: version.valid_until,
        lines: terms.lines.iter().map(|quoted| line(quoted, currency)).collect(),
        lead_days: terms.lead_days,
        sample: terms.sample.map(|s| DraftSample { price_minor: s.price_minor.to_string(), lead_days: s.lead_days }),
        incoterm: terms.incoterm.clone(),
        freight_minor: terms.freight_minor.to_string(),
        validity_days: terms.validity_days,
        stages: terms.stages.iter().map(stage).collect(),
        aql: terms.aql.as_ref().map(AqlView::from),
        files: terms.files.iter().filter_map(|file| cards.get(&file.0)).map(FileCard::from).collect(),
        note: terms.note.clone(),
        changes: before.map_or_else(Vec::new, |b| diff(&b.terms, terms).into_iter().map(change).collect()),
    }
}

/// A line of a counter-offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteCounterLine {
    /// Number of the request's line, from 1.
    line: i32,
    /// Price per unit at the quantity wanted.
    unit_price: String,
}

/// What the buyer asked for instead of a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuoteCounter)]
pub struct QuoteCounterView {
    /// Its number, from 1.
    no: i32,
    /// The version it answers.
    version: i32,
    /// When it was made, market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
    #[schema(value_type = QuoteCounterState)]
    state: &'static str,
    lines: Vec<QuoteCounterLine>,
    /// Lead time asked for, in days.
    #[schema(required = true)]
    lead_days: Option<i64>,
    note: String,
    /// What it would change.
    changes: Vec<QuoteChange>,
}

fn change(c: sourcing::Change) -> QuoteChange {
    QuoteChange { field: c.field, before: c.before, after: c.after }
}

fn counter(counter: &Counter, quote: &Quote, rfq: &Rfq) -> QuoteCounterView {
    let terms = &counter.terms;
    let answered = quote.versions.iter().find(|version| version.no == terms.version);
    let changes = answered.map_or_else(Vec::new, |v| diff(&v.terms, &terms.applied(&v.terms, rfq)));
    let line = |line: &sourcing::CounterLine| QuoteCounterLine {
        line: line.line,
        unit_price: line.unit_price.in_currency(quote.currency).decimal(),
    };
    QuoteCounterView {
        no: counter.no,
        version: terms.version,
        at: counter.at,
        state: quote.counter_state(counter, rfq).as_str(),
        lines: terms.lines.iter().map(line).collect(),
        lead_days: terms.lead_days,
        note: terms.note.clone(),
        changes: changes.into_iter().map(change).collect(),
    }
}

/// The request a quote answers, in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfqRef {
    id: String,
    number: String,
    title: String,
    #[schema(value_type = RfqState)]
    state: &'static str,
}

/// A quote, for its supplier and for the request's buyer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quote)]
pub struct QuoteView {
    id: String,
    /// Number for people.
    number: String,
    version: i64,
    rfq: RfqRef,
    supplier: CompanyRef,
    currency: String,
    #[schema(value_type = QuoteState)]
    state: &'static str,
    /// True when it, or a part of it, was awarded.
    awarded: bool,
    /// All versions, the newest first; only the newest can be awarded.
    versions: Vec<QuoteVersionView>,
    /// What the buyer asked for instead, the newest first.
    counters: Vec<QuoteCounterView>,
}

fn rfq_ref(rfq: &Rfq) -> RfqRef {
    RfqRef {
        id: rfq.id.to_string(),
        number: rfq.number.clone(),
        title: rfq.terms.title.clone(),
        state: rfq.state.as_str(),
    }
}

impl QuoteView {
    /// The view of a quote with its supplier's name and country, and the cards of its attachments.
    pub fn of(
        quote: &Quote,
        version_of_row: i64,
        rfq: &Rfq,
        supplier: (String, String),
        cards: &HashMap<u128, Card>,
    ) -> Self {
        let before = std::iter::once(None).chain(quote.versions.iter().map(Some));
        let versions = quote.versions.iter().zip(before).map(|(v, before)| version(v, before, quote.currency, cards));
        let mut versions: Vec<_> = versions.collect();
        versions.reverse();
        Self {
            id: quote.id.to_string(),
            number: quote.number.clone(),
            version: version_of_row,
            rfq: rfq_ref(rfq),
            supplier: CompanyRef::named(quote.supplier.0, supplier),
            currency: quote.currency.to_string(),
            state: quote.state.as_str(),
            awarded: rfq.award_of(quote.id).is_some(),
            versions,
            counters: quote.counters.iter().rev().map(|one| counter(one, quote, rfq)).collect(),
        }
    }
}

/// An own quote in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteCard {
    id: String,
    /// Number for people.
    number: String,
    rfq: RfqRef,
    #[schema(value_type = QuoteState)]
    state: &'static str,
    /// Number of the newest version.
    newest: i32,
    /// Until when it stands, market time.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    valid_until: Option<MarketTime>,
    awarded: bool,
}

impl QuoteCard {
    /// The card of a quote.
    pub fn of(quote: &Quote, rfq: &Rfq) -> Self {
        Self {
            id: quote.id.to_string(),
            number: quote.number.clone(),
            rfq: rfq_ref(rfq),
            state: quote.state.as_str(),
            newest: quote.newest().map_or(0, |newest| newest.no),
            valid_until: quote.newest().map(|newest| newest.valid_until),
            awarded: rfq.award_of(quote.id).is_some(),
        }
    }
}

/// A supplier's rights to quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteQuotaView {
    /// Rights that come with each month.
    monthly: i64,
    /// Monthly rights spent in this month.
    used: i64,
    /// Rights earned by accepted quotes and withdrawn requests that are left; they outlive the month.
    earned: i64,
    /// Quotes that may still be submitted this month.
    left: i64,
    /// When the next month begins, market time.
    #[schema(value_type = String, format = DateTime)]
    resets: MarketTime,
}

impl QuoteQuotaView {
    /// The view of rights in a month.
    pub fn of(quota: &QuoteQuota, month: &Month) -> Self {
        Self {
            monthly: MONTHLY,
            used: quota.used_in(month),
            earned: quota.earned,
            left: quota.left(month),
            resets: month.next,
        }
    }
}
