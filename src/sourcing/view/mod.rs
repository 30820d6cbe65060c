//! What the routes of sourcing answer. Requests here and in `rfq`, quotes in `quote`, the comparison in `table`, questions in `talk`.

pub mod quote;
pub mod rfq;
pub mod table;
pub mod talk;

use crate::platform::schema::words;
use entrepot_domain::sourcing::{self, Quote, Rfq};
use serde::Serialize;
use utoipa::ToSchema;

words! {
    /// Where a request for quotation stands.
    RfqState = sourcing::RfqState::ALL;
    /// Who may see a request and quote on it.
    RfqVisibility = sourcing::Visibility::ALL;
    /// Where a quote stands.
    QuoteState = sourcing::QuoteState::ALL;
    /// Why a supplier fits a request.
    MatchReasonKind = sourcing::ReasonKind::ALL;
    /// What became of a counter-offer.
    QuoteCounterState = sourcing::CounterState::ALL.map(sourcing::CounterState::as_str);
    /// What duty is charged on.
    ValuationBasis = entrepot_domain::market::ValuationBasis::ALL.map(entrepot_domain::market::ValuationBasis::as_str);
}

/// A company in few words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompanyRef {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Two capital letters.
    pub country: String,
}

impl CompanyRef {
    /// A company with its name and country.
    pub fn named(id: u128, (name, country): (String, String)) -> Self {
        Self { id: format!("{id:032x}"), name, country }
    }
}

/// What a step on a request answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct RfqReceipt {
    id: String,
    /// Number for people.
    number: String,
    version: i64,
    #[schema(value_type = RfqState)]
    state: &'static str,
    /// The event written; `null` when the step had been taken before.
    #[schema(required = true)]
    event_id: Option<String>,
    /// True when the step had been taken before and nothing was written.
    already: bool,
}

impl RfqReceipt {
    /// The receipt of a step that wrote `event`, or of one that had been taken already.
    pub fn of(rfq: &Rfq, version: i64, event: Option<u128>) -> Self {
        Self {
            id: rfq.id.to_string(),
            number: rfq.number.clone(),
            version,
            state: rfq.state.as_str(),
            event_id: event.map(|id| format!("{id:032x}")),
            already: event.is_none(),
        }
    }
}

/// What a step on a quote answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteReceipt {
    id: String,
    /// Number for people.
    number: String,
    version: i64,
    /// Number of the newest version of its terms.
    newest: i32,
    #[schema(value_type = QuoteState)]
    state: &'static str,
    /// The event written; `null` when the step had been taken before.
    #[schema(required = true)]
    event_id: Option<String>,
    /// True when the step had been taken before and nothing was written.
    already: bool,
}

impl QuoteReceipt {
    /// The receipt of a step that wrote `event`, or of one that had been taken already.
    pub fn of(quote: &Quote, version: i64, event: Option<u128>) -> Self {
        Self {
            id: quote.id.to_string(),
            number: quote.number.clone(),
            version,
            newest: quote.newest().map_or(0, |newest| newest.no),
            state: quote.state.as_str(),
            event_id: event.map(|id| format!("{id:032x}")),
            already: event.is_none(),
        }
    }
}
