//! Requests in lists and on their page, the suppliers that fit, and the award.

use super::talk::ClarificationView;
use super::{CompanyRef, MatchReasonKind, RfqState, RfqVisibility};
use crate::catalog::IncotermView;
use crate::platform::schema::{FileCard, MoneyView, Side};
use crate::sourcing::orders::Followed;
use crate::sourcing::read::{Listed, Matched};
use crate::trade::AqlView;
use entrepot_domain::catalog::Incoterm;
use entrepot_domain::kernel::{Currency, MarketTime};
use entrepot_domain::sourcing::{Award, Outcome, QualityPoint, Reason, Rfq, RfqLine};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Why a supplier fits a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchReason {
    /// Number of the line, from 1.
    line: i32,
    #[schema(value_type = MatchReasonKind)]
    kind: &'static str,
    /// Points it brought.
    points: i64,
}

fn reasons(found: &[Reason]) -> Vec<MatchReason> {
    found.iter().map(|r| MatchReason { line: r.line, kind: r.kind.as_str(), points: r.points }).collect()
}

/// How well a request fits the reader's goods.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfqFit {
    /// 1 to 100.
    score: i64,
    reasons: Vec<MatchReason>,
}

/// The reader's own quote in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnQuote {
    id: String,
    #[schema(value_type = super::QuoteState)]
    state: String,
}

/// A request in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfqCard {
    id: String,
    /// Number for people.
    number: String,
    title: String,
    buyer: CompanyRef,
    #[schema(value_type = RfqState)]
    state: &'static str,
    #[schema(value_type = RfqVisibility)]
    visibility: &'static str,
    /// Number of lines.
    lines: usize,
    currency: String,
    destination: String,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    published_at: MarketTime,
    /// End of the last day for quotes, market time.
    #[schema(value_type = String, format = DateTime)]
    deadline: MarketTime,
    seats: i64,
    seats_left: i64,
    /// Quotes on it; `null` for all but its buyer.
    #[schema(required = true)]
    quotes: Option<i64>,
    /// How well it fits the reader's goods; `null` where it was not matched.
    #[schema(required = true)]
    fit: Option<RfqFit>,
    /// True when the reader's company was asked by name.
    invited: bool,
    /// The reader's own quote, unless it was taken back.
    #[schema(required = true)]
    own_quote: Option<OwnQuote>,
}

impl From<&Listed> for RfqCard {
    fn from(listed: &Listed) -> Self {
        let rfq = &listed.rfq;
        let own = listed.own.as_ref();
        Self {
            id: rfq.id.to_string(),
            number: rfq.number.clone(),
            title: rfq.terms.title.clone(),
            buyer: CompanyRef::named(rfq.buyer.0, listed.buyer.clone()),
            state: rfq.state.as_str(),
            visibility: rfq.terms.visibility.as_str(),
            lines: rfq.terms.lines.len(),
            currency: rfq.terms.currency.to_string(),
            destination: rfq.terms.destination.clone(),
            published_at: rfq.published_at,
            deadline: rfq.deadline,
            seats: rfq.terms.seats,
            seats_left: listed.left,
            quotes: listed.quotes,
            fit: listed.fit.as_ref().map(|(score, why)| RfqFit { score: *score, reasons: reasons(why) }),
            invited: listed.invited,
            own_quote: own.map(|(id, state)| OwnQuote { id: format!("{id:032x}"), state: state.clone() }),
        }
    }
}

/// A line of goods wanted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqLine)]
pub struct RfqLineView {
    /// Its number, from 1.
    line: i32,
    title: String,
    #[schema(required = true)]
    product_id: Option<String>,
    category: String,
    /// 6 to 10 digits, or nothing.
    hs_code: String,
    unit: String,
    /// Decimal number.
    quantity: String,
    /// Decimal number.
    #[schema(required = true)]
    target_price: Option<String>,
    attributes: BTreeMap<String, String>,
    notes: String,
}

fn line((number, line): (i32, &RfqLine), currency: Currency) -> RfqLineView {
    RfqLineView {
        line: number,
        title: line.title.clone(),
        product_id: line.product.map(|id| id.to_string()),
        category: line.category.clone(),
        hs_code: line.hs_code.clone(),
        unit: line.unit.clone(),
        quantity: line.quantity.to_string(),
        target_price: line.target_price.map(|price| price.in_currency(currency).decimal()),
        attributes: line.attributes.clone(),
        notes: line.notes.clone(),
    }
}

/// An awarded line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AwardLine)]
pub struct AwardLineView {
    /// Number of the line, from 1.
    line: i32,
    /// Decimal number.
    quantity: String,
    /// Decimal number.
    unit_price: String,
    value: MoneyView,
}

/// Whom to call: era 1.0 ends with this, and nothing is guaranteed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactView {
    /// The company's owner.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// The order that followed an award.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FollowedOrder {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: String,
}

/// What a side says became of an award outside the platform.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqOutcome)]
pub struct OutcomeView {
    #[schema(value_type = Side)]
    by: &'static str,
    dealt: bool,
    note: String,
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

/// One supplier's part of an award.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Award)]
pub struct AwardView {
    quote_id: String,
    supplier: CompanyRef,
    /// The version of the quote that was accepted.
    version: i32,
    lines: Vec<AwardLineView>,
    freight: MoneyView,
    total: MoneyView,
    /// The order drafted from it; `null` where the era has no contracts, and until it is drafted.
    #[schema(required = true)]
    order: Option<FollowedOrder>,
    /// Code of the rule that refused to draft the order.
    #[schema(required = true)]
    order_refused: Option<String>,
    /// Contact of the other side.
    #[schema(required = true)]
    contact: Option<ContactView>,
    outcomes: Vec<OutcomeView>,
}

impl AwardView {
    /// The view of an award with what followed it.
    pub fn of(award: &Award, rfq: &Rfq, supplier: (String, String), followed: &Followed) -> Self {
        let currency = rfq.terms.currency;
        let told = |o: &Outcome| OutcomeView { by: o.by.as_str(), dealt: o.dealt, note: o.note.clone(), at: o.at };
        Self {
            quote_id: award.quote.to_string(),
            supplier: CompanyRef::named(award.supplier.0, supplier),
            version: award.version,
            lines: award
                .lines
                .iter()
                .map(|line| AwardLineView {
                    line: line.line,
                    quantity: line.quantity.to_string(),
                    unit_price: line.unit_price.in_currency(currency).decimal(),
                    value: MoneyView::of(line.value_minor, currency),
                })
                .collect(),
            freight: MoneyView::of(award.freight_minor, currency),
            total: MoneyView::of(award.total_minor, currency),
            order: followed.order.clone(),
            order_refused: followed.refused.clone(),
            contact: followed.contact.clone(),
            outcomes: rfq.outcomes.iter().filter(|o| o.quote == award.quote).map(told).collect(),
        }
    }
}

/// A point the goods will be measured on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqPoint)]
struct PointView {
    /// What is measured.
    point: String,
    /// The limit as it is written, such as `≥ 400 MPa`.
    limit: String,
    /// How it is measured; empty for a request of before points had methods.
    method: String,
}

impl PointView {
    fn of(point: &QualityPoint) -> Self {
        match point {
            QualityPoint::Measured(point) => {
                Self { point: point.point.clone(), limit: point.limit(), method: point.method.clone() }
            }
            QualityPoint::Stated { point, measure } => {
                Self { point: point.clone(), limit: measure.clone(), method: String::new() }
            }
        }
    }
}

/// A request's page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rfq)]
pub struct RfqView {
    #[serde(flatten)]
    card: RfqCard,
    version: i64,
    /// True for the buyer's own people.
    mine: bool,
    goods: Vec<RfqLineView>,
    /// Country of origin wished for.
    #[schema(required = true)]
    origin: Option<String>,
    #[schema(value_type = IncotermView)]
    incoterm: Incoterm,
    /// `YYYY-MM-DD`.
    #[schema(required = true)]
    needed_by: Option<String>,
    #[schema(required = true)]
    lead_days: Option<i64>,
    quality_points: Vec<PointView>,
    /// How each lot is sampled.
    #[schema(required = true)]
    aql: Option<AqlView>,
    /// Specifications; none for who may not read them.
    files: Vec<FileCard>,
    /// What was asked and explained, the oldest first; unanswered questions for the buyer and for who asked.
    clarifications: Vec<ClarificationView>,
    notes: String,
    /// Suppliers asked by name; empty for all but the buyer.
    invited_suppliers: Vec<CompanyRef>,
    /// When a closed request lapses without an award.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    decide_by: Option<MarketTime>,
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    awarded_at: Option<MarketTime>,
    /// All parts for the buyer, the own part for a supplier, none for everybody else.
    awards: Vec<AwardView>,
}

/// What stands on the page of a request beside its terms, as far as the reader may see it.
#[derive(Debug, Default)]
pub struct Beside {
    /// Suppliers asked by name.
    pub invited_suppliers: Vec<CompanyRef>,
    /// Parts of the award.
    pub awards: Vec<AwardView>,
    /// Specifications.
    pub files: Vec<FileCard>,
    /// Questions and explanations.
    pub clarifications: Vec<ClarificationView>,
}

impl RfqView {
    /// The page of a request.
    pub fn of(listed: &Listed, version: i64, mine: bool, beside: Beside) -> Self {
        let rfq = &listed.rfq;
        let terms = &rfq.terms;
        Self {
            card: RfqCard::from(listed),
            version,
            mine,
            goods: (1_i32..).zip(&terms.lines).map(|one| line(one, terms.currency)).collect(),
            origin: terms.origin.clone(),
            incoterm: terms.incoterm.clone(),
            needed_by: terms.needed_by.map(|day| day.to_string()),
            lead_days: terms.lead_days,
            quality_points: terms.quality_points.iter().map(PointView::of).collect(),
            aql: terms.aql.as_ref().map(AqlView::from),
            files: beside.files,
            clarifications: beside.clarifications,
            notes: terms.notes.clone(),
            invited_suppliers: beside.invited_suppliers,
            decide_by: rfq.decide_by,
            awarded_at: rfq.awarded_at,
            awards: beside.awards,
        }
    }
}

/// What an award answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct AwardReceipt {
    /// The request.
    pub id: String,
    /// Its version after the step.
    pub version: i64,
    #[schema(value_type = RfqState)]
    pub state: &'static str,
    /// True when it had been awarded so before.
    pub already: bool,
    /// The parts, with the orders that followed.
    pub awards: Vec<AwardView>,
}

/// A supplier that fits a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqMatch)]
pub struct MatchView {
    supplier: CompanyRef,
    /// 1 to 100.
    score: i64,
    reasons: Vec<MatchReason>,
    /// True when it was asked by name.
    invited: bool,
}

impl MatchView {
    /// The view of a match.
    pub fn of(matched: Matched, rfq: &Rfq) -> Self {
        let invited = rfq.terms.invited.iter().any(|company| company.0 == matched.supplier);
        let why = reasons(&matched.reasons);
        Self {
            supplier: CompanyRef::named(matched.supplier, matched.named),
            score: matched.score,
            reasons: why,
            invited,
        }
    }
}
