//! Routes of the search: products and suppliers by text and filters, completions while typing, saved searches.

mod products;
mod suppliers;

use super::collect::{Judged, Place};
use super::standing::{MARKS, PUNCTUAL};
use super::{SEARCH, Search};
use crate::platform::access::Relation;
use crate::platform::engine::MarketState;
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX};
use entrepot_domain::market::{Capability, brings};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Rows of a page when the caller names no number.
const PAGE: u32 = 24;

/// Routes that say themselves what is too long, as `METHOD /path`.
pub const WORDY: &[&str] = &["GET /api/v1/search", "GET /api/v1/search/suppliers", "GET /api/v1/search/suggestions"];

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(products::search_products).service(suppliers::search_suppliers).service(products::suggest_products);
    super::saved::http::routes(cfg);
}

/// A value of a facet and how many have it.
#[derive(Debug, Serialize, ToSchema)]
struct FacetValue {
    value: String,
    count: u64,
}

/// The most frequent first, those of one number in the order of letters.
fn values(counts: BTreeMap<String, u64>) -> Vec<FacetValue> {
    let mut values: Vec<FacetValue> = counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values
}

/// How punctual the suppliers are of what all other filters let through, by their record of 180 market days.
#[derive(Debug, Serialize, ToSchema)]
struct Punctuality {
    /// How many each least share would leave: `90` and `95` per cent.
    at_least: Vec<FacetValue>,
    /// How many have suppliers without a record: they fall out of either.
    no_record: u64,
}

impl Punctuality {
    fn of(marks: [u64; MARKS]) -> Self {
        let [no_record, _, reached @ ..] = marks;
        let left = |place: usize| reached.iter().skip(place).sum();
        let share =
            |(place, (value, _)): (usize, &(&str, i64))| FacetValue { value: (*value).to_owned(), count: left(place) };
        Self { at_least: PUNCTUAL.iter().enumerate().map(share).collect(), no_record }
    }
}

/// How far from the typed words the search had to go.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Width {
    /// All words as typed, or a synonym.
    Exact,
    /// Words with one mistake.
    Near,
    /// Some of the words.
    Some,
}

impl From<super::Width> for Width {
    fn from(width: super::Width) -> Self {
        match width {
            super::Width::Exact => Self::Exact,
            super::Width::Near => Self::Near,
            super::Width::Some => Self::Some,
        }
    }
}

fn cursor(text: &str) -> Result<Place, Refusal> {
    let unknown = || {
        let refusal = Refusal::new(422, "search.cursor", "This is no cursor of a search.");
        refusal.field("/cursor", "search.cursor", "unknown cursor")
    };
    let (key, id) = text.split_at_checked(16).ok_or_else(unknown)?;
    if !text.is_ascii() || id.len() != 32 {
        return Err(unknown());
    }
    let read = |digits: &str| u128::from_str_radix(digits, 16).map_err(|_| unknown());
    Ok((u64::from_str_radix(key, 16).map_err(|_| unknown())?, read(id)?))
}

fn cursor_of((key, id): &Place) -> String {
    format!("{key:016x}{id:032x}")
}

/// Rows of a page.
fn rows(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(PAGE).clamp(1, PAGE_MAX)).unwrap_or(1)
}

/// Judges whether the reader may search; answers the market, as it was at most a second ago.
pub(super) async fn permit(state: &AppState, signed: &Signed) -> Result<Arc<MarketState>, Failure> {
    let market = state.engine.market_lately(signed.0.market).await?;
    let has = |c| market.capabilities.has(c);
    permit_outside(&state.engine, &signed.0, SEARCH, Relation::Market, 0, has).await?;
    Ok(market)
}

/// The suppliers as a search of products judges them: by their records, where the market keeps data of orders.
///
/// Errors: 409 when a share in time is asked for and the market keeps none.
async fn judged(
    state: &AppState,
    search: &Search,
    (id, market): (u128, &MarketState),
    punctual: u8,
) -> Result<Option<Judged>, Failure> {
    if !market.capabilities.has(Capability::OrderData) {
        return if punctual == 0 { Ok(None) } else { Err(no_records().into()) };
    }
    let standing = search.standing(state, id, market).await?;
    Ok(Some(Judged { standing, counts: true, hides_closed: false }))
}

/// The refusal for a share in time where no orders are recorded.
fn no_records() -> Refusal {
    let (needed, era) = (Capability::OrderData, brings(Capability::OrderData));
    let detail =
        format!("This market's era has no {needed}, so nobody has a record of shipments; era {era} brings it.");
    let refusal = Refusal::new(409, "market.not_in_this_era", detail);
    refusal.with("capability", needed).with("era", era).field("/on_time", "market.not_in_this_era", "no records here")
}
