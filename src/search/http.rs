//! Routes of the search: products by text and filters, completions while typing.

use super::collect::{Place, Wanted};
use super::schema::{LEAD_REST, LEAD_STEPS};
use super::terms::{Terms, given, typed};
use super::{SEARCH, Search};
use crate::catalog::{self, ProductCard};
use crate::platform::access::{Relation, Scope};
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Fault, Problem, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX};
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// Rows of a page when the caller names no number.
const PAGE: u32 = 24;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(search_products).service(suggest_products);
    super::saved::http::routes(cfg);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// What is looked for, up to 200 characters; empty for everything.
    q: Option<String>,
    /// Only this company's products.
    supplier: Option<String>,
    /// Slugs of categories, separated by commas.
    category: Option<String>,
    /// Countries of suppliers, ISO 3166 alpha-2, separated by commas.
    country: Option<String>,
    /// Levels of verification 0 to 3, separated by commas.
    verified: Option<String>,
    /// Delivery terms, separated by commas.
    incoterm: Option<String>,
    /// Currencies, separated by commas. Bounds and orders of price hold in one of them: USD when none is named.
    currency: Option<String>,
    /// Steps of lead times, separated by commas: `7`, `15`, `30`, `60` days at most (above the step before), `more`.
    lead: Option<String>,
    /// The quantity prices are looked up at, decimal; the minimum of each product when absent.
    quantity: Option<String>,
    /// Highest minimum quantity, decimal.
    moq_max: Option<String>,
    /// Lowest unit price at the quantity, decimal.
    price_min: Option<String>,
    /// Highest unit price at the quantity, decimal.
    price_max: Option<String>,
    /// `relevance` (the default), `price`, `price_down`, `lead` or `moq`.
    sort: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// A value of a property and how many products have it.
#[derive(Debug, Serialize, ToSchema)]
struct FacetValue {
    value: String,
    count: u64,
}

/// Counts of each property, over the products that all other filters let through.
#[derive(Debug, Serialize, ToSchema)]
struct Facets {
    category: Vec<FacetValue>,
    country: Vec<FacetValue>,
    verified: Vec<FacetValue>,
    incoterm: Vec<FacetValue>,
    currency: Vec<FacetValue>,
    lead: Vec<FacetValue>,
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

/// What a search found.
#[derive(Serialize, ToSchema)]
struct SearchPage {
    /// The page.
    #[schema(value_type = Vec<ProductCard>)]
    items: Vec<Box<RawValue>>,
    /// Products in all.
    total: u64,
    facets: Facets,
    width: Width,
    /// What was probably meant, where a word is in no product.
    #[schema(required = true)]
    meant: Option<String>,
    /// False while the index is being built: what is shown is right, but not all.
    complete: bool,
    /// Send it back as `cursor` for the next page; `null` on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
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

fn facets(counts: [BTreeMap<String, u64>; 6]) -> Facets {
    let [category, country, verified, incoterm, currency, lead] = counts.map(|counts| {
        let mut values: Vec<FacetValue> =
            counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values
    });
    let steps: Vec<String> = LEAD_STEPS.iter().map(i64::to_string).chain([LEAD_REST.to_owned()]).collect();
    let mut lead = lead;
    lead.sort_by_key(|value| steps.iter().position(|step| *step == value.value));
    Facets { category, country, verified, incoterm, currency, lead }
}

fn cursor(text: &str) -> Result<Place, Refusal> {
    let unknown = || {
        Refusal::new(422, "search.cursor", "This is no cursor of a search.").field(
            "/cursor",
            "search.cursor",
            "unknown cursor",
        )
    };
    let (key, id) = text.split_at_checked(16).ok_or_else(unknown)?;
    if !text.is_ascii() || id.len() != 32 {
        return Err(unknown());
    }
    let read = |digits: &str| u128::from_str_radix(digits, 16).map_err(|_| unknown());
    Ok((u64::from_str_radix(key, 16).map_err(|_| unknown())?, read(id)?))
}

impl SearchQuery {
    /// What is looked for, where the page begins, and how long it is.
    fn split(self) -> (Terms, Option<String>, u32) {
        let terms = Terms {
            q: self.q,
            supplier: self.supplier,
            category: self.category,
            country: self.country,
            verified: self.verified,
            incoterm: self.incoterm,
            currency: self.currency,
            lead: self.lead,
            quantity: self.quantity,
            moq_max: self.moq_max,
            price_min: self.price_min,
            price_max: self.price_max,
            sort: self.sort,
        };
        (terms, self.cursor, self.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX))
    }
}

pub(super) async fn permit(state: &AppState, signed: &Signed) -> Result<(), Failure> {
    let market = state.engine.market(signed.0.market).await?;
    permit_outside(&state.engine, &signed.0, SEARCH, Relation::Market, 0, |c| market.capabilities.has(c)).await
}

/// Cards in the order of the identifiers; a product that is gone since is left out.
async fn cards(state: &AppState, scope: &Scope, ids: &[u128]) -> Result<Vec<Box<RawValue>>, Fault> {
    let mut known = catalog::cards_of(state.engine.db(), scope, ids).await?;
    let ordered = ids.iter().filter_map(|id| known.remove(id));
    ordered.map(|card| RawValue::from_string(card).map_err(Fault::from)).collect()
}

/// Products of the market by text and filters, with exact counts.
#[utoipa::path(params(SearchQuery), responses((status = 200, body = SearchPage), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "search")]
#[get("/search")]
async fn search_products(
    state: Data<AppState>,
    signed: Signed,
    query: Query<SearchQuery>,
) -> Result<HttpResponse, Failure> {
    permit(&state, &signed).await?;
    let (terms, after, limit) = query.into_inner().split();
    let typed = terms.typed()?;
    let after = given(&after).map(cursor).transpose()?;
    let wanted = Wanted { after, ..terms.wanted(usize::try_from(limit).unwrap_or(1))? };
    let mut answer = Search::of(&state)?.find(signed.0.market, &typed, &wanted).await?;
    let (hits, more) = answer.page(wanted.rows);
    let ids: Vec<u128> = hits.iter().map(|hit| hit.1).collect();
    let next_cursor = hits.last().filter(|_| more).map(|(key, id)| format!("{key:016x}{id:032x}"));
    let items = cards(&state, &signed.scope(), &ids).await?;
    Ok(HttpResponse::Ok().json(SearchPage {
        items,
        total: answer.found.total,
        facets: facets(answer.found.facets),
        width: answer.width.into(),
        meant: answer.meant,
        complete: answer.complete,
        next_cursor,
    }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SuggestQuery {
    /// What was typed so far; nothing is offered for nothing.
    q: Option<String>,
}

/// What the beginning of a query may become.
#[derive(Serialize, ToSchema)]
struct Suggestions {
    /// Whole queries.
    queries: Vec<String>,
    /// Products it finds already, best first.
    #[schema(value_type = Vec<ProductCard>)]
    products: Vec<Box<RawValue>>,
}

/// Completions of a query while it is typed.
#[utoipa::path(params(SuggestQuery), responses((status = 200, body = Suggestions), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "search")]
#[get("/search/suggestions")]
async fn suggest_products(
    state: Data<AppState>,
    signed: Signed,
    query: Query<SuggestQuery>,
) -> Result<HttpResponse, Failure> {
    permit(&state, &signed).await?;
    let typed = typed(query.into_inner().q)?;
    let offered = Search::of(&state)?.suggest(signed.0.market, &typed).await?;
    let products = cards(&state, &signed.scope(), &offered.products).await?;
    Ok(HttpResponse::Ok().json(Suggestions { queries: offered.queries, products }))
}
