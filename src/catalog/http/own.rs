//! The desk of a company that sells: its listings in every state, changes of many at once, and the file of all of them.

use super::{bad_cursor, given, judge, limit, relation};
use crate::catalog::commands::{AdjustProduct, CHANGE};
use crate::catalog::export::goods;
use crate::catalog::listing::Adjustment;
use crate::catalog::read;
use crate::catalog::read::own::{self, OwnFilter};
use crate::catalog::view::OwnProduct;
use crate::platform::engine::Request;
use crate::platform::idempotency::{self, Idempotency};
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::attachment::attachment;
use crate::platform::web::{AppState, id, parse};
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::catalog::ListingState;
use entrepot_domain::kernel::Quantity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Listings changed at once at most.
const PICKED_MAX: usize = 500;
/// Commands sent to the door together.
const TOGETHER: usize = 64;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OwnQuery {
    /// `draft`, `published` or `withdrawn`.
    state: Option<String>,
    /// Slug of a category.
    category: Option<String>,
    /// Words that must all be in title or SKU.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// A cursor is the identifier followed by the SKU in hexadecimal.
fn cursor(text: &str) -> Option<(String, u128)> {
    let (product, sku) = text.is_ascii().then(|| text.split_at_checked(32)).flatten()?;
    let bytes: Option<Vec<u8>> =
        (0..sku.len()).step_by(2).map(|at| u8::from_str_radix(sku.get(at..at + 2)?, 16).ok()).collect();
    Some((String::from_utf8(bytes?).ok()?, id(product).ok()?))
}

fn cursor_of(own: &own::Own) -> String {
    let product = &own.listing.product;
    format!("{}{}", product.id, product.sku.bytes().map(|b| format!("{b:02x}")).collect::<String>())
}

/// Listings of the own company in every state, by SKU.
#[utoipa::path(params(OwnQuery), responses((status = 200, body = Page<OwnProduct>), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[get("/own-products")]
pub(super) async fn list_own_products(
    state: Data<AppState>,
    signed: Signed,
    query: Query<OwnQuery>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "product.own", 0, relation(&signed, signed.0.company)).await?;
    let query = query.into_inner();
    let company = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let word = given(query.state);
    if word.as_deref().is_some_and(|word| ListingState::parse(word).is_none()) {
        let detail = "not one of draft, published, withdrawn";
        return Err(Refusal::invalid("A filter of the list is not known.").field("/state", "malformed", detail).into());
    }
    let after = given(query.cursor).map(|text| cursor(&text).ok_or_else(bad_cursor)).transpose()?;
    let rows = limit(query.limit);
    let filter = OwnFilter { state: word, category: given(query.category), q: given(query.q), after, limit: rows + 1 };
    let mut found = own::list(state.engine.db(), &signed.scope(), &filter).await?;
    let wanted = usize::try_from(rows).unwrap_or(1);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let next_cursor = found.last().filter(|_| more).map(cursor_of);
    let seller = read::supplier(state.engine.db(), signed.0.market, company).await?;
    let items = found.iter().map(|own| OwnProduct::of(&own.listing, own.version, &seller)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// All listings of the own company as CSV: the import takes the file back, and changes nothing by it.
#[utoipa::path(responses((status = 200, content_type = "text/csv"), (status = 403, body = Problem)), tag = "catalog")]
#[get("/exports/products.csv")]
pub(super) async fn export_products(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "product.export", 0, relation(&signed, signed.0.company)).await?;
    let listings = own::all(state.engine.db(), &signed.scope()).await?;
    let file = goods(&listings)?;
    Ok(attachment("products.csv", "text/csv; charset=utf-8", file))
}

/// A change of many listings.
#[derive(Deserialize, ToSchema)]
#[schema(as = BulkChange)]
#[serde(deny_unknown_fields)]
struct BulkBody {
    /// 1 to 500 listings of the own company.
    product_ids: Vec<String>,
    /// Change of all prices in per cent, such as `-2.5`, with at most two decimals.
    #[serde(default)]
    price_percent: Option<String>,
    /// Days from deposit to readiness.
    #[serde(default)]
    lead_days: Option<i64>,
    /// `draft`, `published` or `withdrawn`.
    #[serde(default)]
    state: Option<String>,
    /// Slug of a leaf of the tree of categories.
    #[serde(default)]
    category: Option<String>,
}

impl BulkBody {
    fn read(&self) -> Result<(Vec<u128>, Adjustment), Refusal> {
        let wrong = |pointer: &str, code: &str, detail: &str| {
            let refusal = Refusal::new(422, "catalog.bulk", "The listings cannot be changed like this.");
            refusal.field(pointer, code, detail)
        };
        let price = |text: &String| {
            let text = text.trim();
            let read = Quantity::parse(text.strip_prefix('+').unwrap_or(text)).ok().filter(|q| q.0 % 10 == 0);
            let detail = "per cent with at most two decimals";
            read.map(|q| q.0 / 10).ok_or_else(|| wrong("/price_percent", "catalog.number", detail))
        };
        let state = |word: &String| {
            let detail = "a listing is draft, published or withdrawn";
            ListingState::parse(word).ok_or_else(|| wrong("/state", "catalog.listing_state", detail))
        };
        let change = Adjustment {
            price_bps: self.price_percent.as_ref().map(price).transpose()?,
            lead_days: self.lead_days,
            state: self.state.as_ref().map(state).transpose()?,
            category: self.category.clone(),
        };
        if change == Adjustment::default() {
            return Err(wrong("", "catalog.bulk", "say at least one change"));
        }
        if self.product_ids.is_empty() || self.product_ids.len() > PICKED_MAX {
            return Err(wrong("/product_ids", "catalog.bulk", "pick 1 to 500 listings").with("max", PICKED_MAX));
        }
        // An identifier that is none names no listing, and is told so in its row.
        Ok((self.product_ids.iter().map(|text| id(text).unwrap_or(0)).collect(), change))
    }
}

/// How the change of one listing ended.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = BulkOutcome)]
#[serde(rename_all = "snake_case")]
enum BulkOutcome {
    /// It was changed.
    Changed,
    /// It was like this already.
    Unchanged,
    /// It was refused.
    Refused,
}

/// One listing of a change of many.
#[derive(Serialize, ToSchema)]
struct BulkRow {
    id: String,
    outcome: BulkOutcome,
    /// Code of the rule that refused it.
    #[schema(required = true)]
    code: Option<String>,
    /// What is wrong, in English.
    #[schema(required = true)]
    detail: Option<String>,
}

/// What became of each listing, in the order sent.
#[derive(Serialize, ToSchema)]
struct BulkResult {
    rows: Vec<BulkRow>,
    changed: usize,
    unchanged: usize,
    refused: usize,
}

fn refused(id: u128, refusal: Refusal) -> BulkRow {
    let first = refusal.errors.first();
    let code = first.map_or(&refusal.code, |error| &error.code).clone();
    let detail = first.map_or(&refusal.detail, |error| &error.detail).clone();
    BulkRow { id: format!("{id:032x}"), outcome: BulkOutcome::Refused, code: Some(code), detail: Some(detail) }
}

/// Sends one listing's change through the door. Its key is the request's with the listing's identifier: a request that is sent
/// again completes what is missing and changes nothing twice.
async fn change_one(
    state: &AppState,
    signed: &Signed,
    key: &Idempotency,
    product: u128,
    change: &Adjustment,
) -> Result<BulkRow, Failure> {
    let command = AdjustProduct { product, change: change.clone() };
    let key = Idempotency { key: format!("{}/{product:032x}", key.key), body_hash: key.body_hash };
    match state.engine.execute(Request::new(signed.0.clone(), command).idempotent(Some(key))).await {
        Ok(receipt) => {
            let written = receipt.event_id != 0 || receipt.replayed;
            let outcome = if written { BulkOutcome::Changed } else { BulkOutcome::Unchanged };
            Ok(BulkRow { id: format!("{product:032x}"), outcome, code: None, detail: None })
        }
        Err(Failure::Refused(refusal)) if refusal.status < 500 => Ok(refused(product, refusal)),
        Err(failure) => Err(failure),
    }
}

/// Changes many listings of the own company in one way, each for itself: what is refused says why, the others are changed.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body change nothing twice")), request_body = BulkBody, responses((status = 200, body = BulkResult), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[post("/own-products/bulk")]
pub(super) async fn change_products(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, CHANGE, 0, relation(&signed, signed.0.company)).await?;
    let key = idempotency::from_request(&request, &body)?;
    let (picked, change) = parse::<BulkBody>(&body)?.read()?;
    // The same listing twice is one change.
    let once: BTreeMap<u128, usize> = picked.iter().enumerate().rev().map(|(place, id)| (*id, place)).collect();
    let order: BTreeMap<usize, u128> = once.into_iter().map(|(id, place)| (place, id)).collect();
    let picked: Vec<u128> = order.into_values().collect();
    let mut rows = Vec::with_capacity(picked.len());
    for chunk in picked.chunks(TOGETHER) {
        let sent = chunk.iter().map(|product| change_one(&state, &signed, &key, *product, &change));
        for row in futures_util::future::join_all(sent).await {
            rows.push(row?);
        }
    }
    let count = |wanted: fn(&BulkOutcome) -> bool| rows.iter().filter(|row| wanted(&row.outcome)).count();
    let (changed, unchanged, refused) = (
        count(|outcome| matches!(outcome, BulkOutcome::Changed)),
        count(|outcome| matches!(outcome, BulkOutcome::Unchanged)),
        count(|outcome| matches!(outcome, BulkOutcome::Refused)),
    );
    Ok(HttpResponse::Ok().json(BulkResult { rows, changed, unchanged, refused }))
}
