//! Products by text and filters, completions while typing.

use super::super::collect::Wanted;
use super::super::property::{Asked, plain, scaled};
use super::super::schema::{LEAD_REST, LEAD_STEPS};
use super::super::terms::{Terms, given, typed};
use super::super::{Answer, Search};
use super::{FacetValue, Punctuality, Width, cursor, cursor_of, judged, permit, rows, values};
use crate::catalog::{self, ProductCard};
use crate::platform::access::Scope;
use crate::platform::problem::{Failure, Fault, Problem};
use crate::platform::session::Signed;
use crate::platform::web::AppState;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

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
    /// Properties of the one chosen category, separated by commas: `key:value` once for each value of a choice, `key:from..to` for a
    /// number, where either end may be missing.
    property: Option<String>,
    /// Least share of shipments in time of the last 180 market days, in per cent: `90` or `95`. Suppliers with fewer than five
    /// judged shipments have no record and fall out.
    on_time: Option<String>,
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

/// Counts of each facet, over the products that all other filters let through.
#[derive(Debug, Serialize, ToSchema)]
struct Facets {
    category: Vec<FacetValue>,
    country: Vec<FacetValue>,
    verified: Vec<FacetValue>,
    incoterm: Vec<FacetValue>,
    currency: Vec<FacetValue>,
    lead: Vec<FacetValue>,
}

/// A property of the chosen category, over the products that all other filters let through.
#[derive(Debug, Serialize, ToSchema)]
struct PropertyFacet {
    /// Its key in the category's template.
    key: &'static str,
    /// Products that state it.
    count: u64,
    /// Values of a choice, the most frequent first; none for a number.
    values: Vec<FacetValue>,
    /// The least number stated, decimal.
    #[schema(required = true)]
    least: Option<String>,
    /// The greatest number stated, decimal.
    #[schema(required = true)]
    most: Option<String>,
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
    /// Properties of the one chosen category that any of these products states; categories are counted without what is asked of them.
    properties: Vec<PropertyFacet>,
    /// How punctual the suppliers are; `null` where the market keeps no data of orders.
    #[schema(required = true)]
    punctuality: Option<Punctuality>,
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

fn facets(counts: [BTreeMap<String, u64>; 6]) -> Facets {
    let [category, country, verified, incoterm, currency, lead] = counts.map(values);
    let steps: Vec<String> = LEAD_STEPS.iter().map(i64::to_string).chain([LEAD_REST.to_owned()]).collect();
    let mut lead = lead;
    lead.sort_by_key(|value| steps.iter().position(|step| *step == value.value));
    Facets { category, country, verified, incoterm, currency, lead }
}

/// Properties that somebody states, or that something is asked of.
fn properties(asked: &[Asked], counts: Vec<BTreeMap<String, u64>>) -> Vec<PropertyFacet> {
    let all = asked.iter().zip(counts).filter(|(one, counts)| !counts.is_empty() || one.narrows());
    all.map(|(one, counts)| {
        let numbers = || counts.keys().filter_map(|value| scaled(value)).filter(|_| one.is_number);
        PropertyFacet {
            key: one.key,
            count: counts.values().sum(),
            least: numbers().min().map(plain),
            most: numbers().max().map(plain),
            values: if one.is_number { Vec::new() } else { values(counts) },
        }
    })
    .collect()
}

impl SearchQuery {
    /// What is looked for, where the page begins, and how long it is.
    fn split(self) -> (Terms, Option<String>, Option<u32>) {
        let terms = Terms {
            q: self.q,
            supplier: self.supplier,
            category: self.category,
            country: self.country,
            verified: self.verified,
            incoterm: self.incoterm,
            currency: self.currency,
            lead: self.lead,
            property: self.property,
            on_time: self.on_time,
            quantity: self.quantity,
            moq_max: self.moq_max,
            price_min: self.price_min,
            price_max: self.price_max,
            sort: self.sort,
        };
        (terms, self.cursor, self.limit)
    }
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
pub(super) async fn search_products(
    state: Data<AppState>,
    signed: Signed,
    query: Query<SearchQuery>,
) -> Result<HttpResponse, Failure> {
    let market = permit(&state, &signed).await?;
    let (terms, after, limit) = query.into_inner().split();
    let typed = terms.typed()?;
    let after = given(&after).map(cursor).transpose()?;
    let wanted = Wanted { after, ..terms.wanted(rows(limit))? };
    let search = Search::of(&state)?;
    let judged = judged(&state, &search, (signed.0.market, &market), wanted.punctual).await?;
    let wanted = Wanted { judged, ..wanted };
    let mut answer = search.find(signed.0.market, &typed, &wanted).await?;
    let (hits, more) = answer.page(wanted.rows);
    let ids: Vec<u128> = hits.iter().map(|hit| hit.1).collect();
    let next_cursor = hits.last().filter(|_| more).map(cursor_of);
    let items = cards(&state, &signed.scope(), &ids).await?;
    let Answer { found, width, meant, complete, .. } = answer;
    Ok(HttpResponse::Ok().json(SearchPage {
        items,
        total: found.total,
        properties: properties(&wanted.properties, found.properties),
        punctuality: wanted.judged.map(|_| Punctuality::of(found.marks)),
        facets: facets(found.facets),
        width: width.into(),
        meant,
        complete,
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
pub(super) async fn suggest_products(
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
