//! Companies that sell, by name, by what they list, and by filters.

use super::super::card::{SupplierCard, SupplierCategory};
use super::super::collect::{Judged, Wanted};
use super::super::standing::Standing;
use super::super::terms::{SupplierTerms, given, typed};
use super::super::{Answer, Search, Typed};
use super::{FacetValue, Punctuality, Width, cursor, cursor_of, no_records, permit, rows, values};
use crate::inquiry::{self, ResponseClockView};
use crate::platform::engine::MarketState;
use crate::platform::problem::{Failure, Fault, Problem};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id};
use crate::proof::{self, ProofKind};
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use entrepot_domain::kernel::Zone;
use entrepot_domain::market::Capability;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SuppliersQuery {
    /// A name, a category or goods, up to 200 characters; empty for every company that sells.
    q: Option<String>,
    /// Slugs of categories, separated by commas.
    category: Option<String>,
    /// Countries, ISO 3166 alpha-2, separated by commas.
    country: Option<String>,
    /// Levels of verification 0 to 3, separated by commas.
    verified: Option<String>,
    /// Least share of shipments in time of the last 180 market days, in per cent: `90` or `95`. Suppliers with fewer than five
    /// judged shipments have no record and fall out.
    on_time: Option<String>,
    /// `relevance` (the default with words) or `listings` (the default without).
    sort: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// How punctual a supplier was over the last 180 market days.
#[derive(Serialize, ToSchema)]
struct SupplierPunctuality {
    /// Shipments judged.
    shipments: i64,
    /// Share dispatched in time, in hundredths of a per cent; `null` with fewer than five shipments.
    #[schema(required = true)]
    on_time_bps: Option<i64>,
}

/// A supplier in a list.
#[derive(Serialize, ToSchema)]
struct FoundSupplier {
    id: String,
    name: String,
    #[schema(required = true)]
    name_zh: Option<String>,
    country: String,
    city: String,
    /// Level of verification, 0 to 3.
    verified_level: u8,
    /// What is proved at the moment.
    #[schema(value_type = Vec<ProofKind>)]
    proofs: Vec<&'static str>,
    /// Categories it lists goods in, the most listings first.
    categories: Vec<SupplierCategory>,
    /// Published listings.
    listings: i64,
    /// How soon it answers inquiries; `null` when it was asked nothing in the last 90 market days.
    #[schema(required = true)]
    response: Option<ResponseClockView>,
    /// `null` where the market keeps no data of orders.
    #[schema(required = true)]
    record: Option<SupplierPunctuality>,
}

/// Counts of each facet, over the suppliers that all other filters let through. One with goods in several categories counts in each.
#[derive(Serialize, ToSchema)]
struct SupplierFacets {
    category: Vec<FacetValue>,
    country: Vec<FacetValue>,
    verified: Vec<FacetValue>,
}

/// What a search of suppliers found.
#[derive(Serialize, ToSchema)]
struct SupplierPage {
    /// The page.
    items: Vec<FoundSupplier>,
    /// Suppliers in all.
    total: u64,
    facets: SupplierFacets,
    /// How punctual they are; `null` where the market keeps no data of orders.
    #[schema(required = true)]
    punctuality: Option<Punctuality>,
    width: Width,
    /// What was probably meant, where a word is said by no supplier.
    #[schema(required = true)]
    meant: Option<String>,
    /// False while the index is being built: what is shown is right, but not all.
    complete: bool,
    /// Send it back as `cursor` for the next page; `null` on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl SuppliersQuery {
    fn split(self) -> (SupplierTerms, Option<String>, Option<u32>) {
        let Self { q, category, country, verified, on_time, sort, cursor, limit } = self;
        (SupplierTerms { q, category, country, verified, on_time, sort }, cursor, limit)
    }
}

/// The cards with what changes without the company: valid proofs, response clock, record. Two statements a page.
async fn complete(
    state: &AppState,
    signed: &Signed,
    market: &MarketState,
    standing: &Standing,
    cards: Vec<SupplierCard>,
) -> Result<Vec<FoundSupplier>, Failure> {
    let (db, scope) = (state.engine.db(), signed.scope());
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let now = market.now(state.engine.clock().now());
    let ids = cards.iter().map(|card| id(&card.id)).collect::<Result<Vec<u128>, _>>()?;
    let mut badges = proof::badges(db, &scope, &ids, (now, &zone)).await?;
    let mut clocks = inquiry::responses(db, &scope, &ids, now).await?;
    let found = |(card, id): (SupplierCard, u128)| {
        let (shipments, share) = standing.record(id);
        let record = SupplierPunctuality { shipments, on_time_bps: share.map(|bps| bps.0) };
        FoundSupplier {
            id: card.id,
            name: card.name,
            name_zh: card.name_zh,
            country: card.country,
            city: card.city,
            verified_level: card.verified_level,
            proofs: badges.remove(&id).unwrap_or_default(),
            categories: card.categories,
            listings: card.listings,
            response: clocks.remove(&id).map(ResponseClockView::from),
            record: standing.has_records().then_some(record),
        }
    };
    Ok(cards.into_iter().zip(ids).map(found).collect())
}

/// Companies of the market that sell, by name, by what they list and by filters, with exact counts.
#[utoipa::path(params(SuppliersQuery), responses((status = 200, body = SupplierPage), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "search")]
#[get("/search/suppliers")]
pub(super) async fn search_suppliers(
    state: Data<AppState>,
    signed: Signed,
    query: Query<SuppliersQuery>,
) -> Result<HttpResponse, Failure> {
    let market = permit(&state, &signed).await?;
    let (terms, after, limit) = query.into_inner().split();
    let typed = Typed::read(&typed(terms.q.clone())?);
    let after = given(&after).map(cursor).transpose()?;
    let wanted = Wanted { after, ..terms.wanted(rows(limit))? };
    let counts = market.capabilities.has(Capability::OrderData);
    if wanted.punctual > 0 && !counts {
        return Err(no_records().into());
    }
    let search = Search::of(&state)?;
    let standing = search.standing(&state, signed.0.market, &market).await?;
    let wanted = Wanted { judged: Some(Judged { standing: standing.clone(), counts, hides_closed: true }), ..wanted };
    let (mut answer, cards) = search.find_suppliers(signed.0.market, &typed, &wanted).await?;
    let (hits, more) = answer.page(wanted.rows);
    let items = complete(&state, &signed, &market, &standing, cards).await?;
    let Answer { found, width, meant, complete, .. } = answer;
    let [category, country, verified, ..] = found.facets.map(values);
    Ok(HttpResponse::Ok().json(SupplierPage {
        items,
        total: found.total,
        facets: SupplierFacets { category, country, verified },
        punctuality: counts.then(|| Punctuality::of(found.marks)),
        width: width.into(),
        meant,
        complete,
        next_cursor: hits.last().filter(|_| more).map(cursor_of),
    }))
}
