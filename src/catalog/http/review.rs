//! The market's look at listings before they are published: the queue and the decision.

use super::{bad_cursor, judge};
use crate::catalog::listing::Listing;
use crate::catalog::read;
use crate::catalog::review::{ReviewListing, Verdict};
use crate::catalog::view::{ListingReturn, ProductReceipt, ProductView};
use crate::platform::access::Relation;
use crate::platform::engine::Request;
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Fault, Problem, Refusal};
use crate::platform::schema::{Page, words};
use crate::platform::security;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, answer, id, if_match, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::catalog::{ReturnReason, Returned};
use entrepot_domain::kernel::{MarketTime, Zone};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Listings of a page when the caller names no number.
const PAGE: u32 = 20;
/// How a listing in review can be decided.
const DECISIONS: [&str; 2] = ["publish", "return"];

words! {
    /// How a listing in review is decided.
    ListingDecision = DECISIONS;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct QueueQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// A listing that waits for the market's look.
#[derive(Serialize, ToSchema)]
struct QueuedListing {
    #[serde(flatten)]
    product: ProductView,
    /// Since when, market time.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    submitted_at: Option<MarketTime>,
    /// Why it was returned before; `null` for one that was not.
    #[schema(required = true)]
    returned: Option<ListingReturn>,
    /// True for a listing that stood in the market before and was changed.
    changed: bool,
    /// The reader belongs or belonged to its company and does not decide on it.
    own_company: bool,
}

fn how(signed: &Signed) -> Relation {
    if signed.0.oversees() { Relation::Overseer } else { Relation::Market }
}

fn cursor(text: &str) -> Result<(i64, u128), Refusal> {
    let parts = text.split_once('-').and_then(|(at, last)| Some((at.parse().ok()?, id(last).ok()?)));
    parts.ok_or_else(bad_cursor)
}

/// Listings that wait for the market's look, the longest waiting first.
#[utoipa::path(params(QueueQuery), responses((status = 200, body = Page<QueuedListing>), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[get("/admin/listings")]
pub(super) async fn list_waiting_listings(
    state: Data<AppState>,
    signed: Signed,
    query: Query<QueueQuery>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "product.review", 0, how(&signed)).await?;
    let (db, scope) = (state.engine.db(), signed.scope());
    let after = query.cursor.as_deref().filter(|text| !text.is_empty()).map(cursor).transpose()?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let mut found = read::review::queue(db, &scope, after, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(1);
    let further = found.len() > wanted;
    found.truncate(wanted);
    let place = |listing: &Listing| listing.submitted_at.map_or(0, |at| at.0);
    let last = found.last().filter(|_| further);
    let next_cursor = last.map(|last| format!("{}-{:032x}", place(&last.listing), last.id));
    let market = state.engine.market(scope.market()).await?;
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let today = zone.day_of(market.now(state.engine.clock().now()));
    let lies_ready = |one: &&read::Found| one.listing.product.supply.is_ready();
    let ready: Vec<_> = found.iter().filter(lies_ready).map(|one| one.listing.product.id).collect();
    let free = crate::stock::free(db, scope.market(), &ready).await?;
    let mut items = Vec::with_capacity(found.len());
    for one in found {
        let own_company = crate::identity::belonged(db, scope.market(), signed.0.user, one.supplier.id).await?;
        let (submitted_at, changed) = (one.listing.submitted_at, one.listing.approved.is_some());
        let returned = one.listing.returned.as_ref().map(ListingReturn::from);
        let available = lies_ready(&&one).then(|| free.get(&one.listing.product.id).copied().unwrap_or_default());
        let product = ProductView::of(one, &[], today, available);
        items.push(QueuedListing { product, submitted_at, returned, changed, own_company });
    }
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// A decision about a listing.
#[derive(Deserialize, ToSchema)]
#[schema(as = ListingRuling)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    #[schema(value_type = ListingDecision)]
    decision: String,
    /// Why it is returned, one reason at least; none with `publish`.
    #[serde(default)]
    #[schema(value_type = Vec<crate::catalog::view::ListingReturnReason>)]
    reasons: Vec<ReturnReason>,
    /// What the company reads beside the reasons, at most 1,000 characters.
    #[serde(default)]
    note: String,
}

impl DecisionBody {
    fn verdict(self) -> Result<Verdict, Refusal> {
        match self.decision.as_str() {
            "publish" => Ok(Verdict::Approve),
            "return" => {
                let note = self.note.replace('\0', "").trim().to_owned();
                Ok(Verdict::Return(Returned { reasons: self.reasons, note, at: MarketTime(0) }))
            }
            _ => {
                let refusal = Refusal::new(422, "catalog.invalid", "The decision cannot be taken as it is.");
                Err(refusal.field("/decision", "malformed", format!("one of {}", DECISIONS.join(", "))))
            }
        }
    }
}

/// Publishes a listing in review, or returns it with reasons; `If-Match` holds the version that was read.
#[utoipa::path(params(("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = DecisionBody, responses((status = 200, body = ProductReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)), tag = "catalog")]
#[post("/admin/listings/{product}/decision")]
pub(super) async fn decide_listing(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    product: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "product.review", 0, how(&signed)).await?;
    let needed = || Refusal::new(428, "catalog.version_needed", "Say which version you saw.");
    let seen = if_match(&request)?.ok_or_else(needed)?;
    let verdict = parse::<DecisionBody>(&body)?.verdict()?;
    let (db, scope) = (state.engine.db(), signed.scope());
    let found = read::product(db, &scope, id(&product)?).await?;
    let insider = crate::identity::belonged(db, scope.market(), signed.0.user, found.supplier.id).await?;
    let named = request.headers().contains_key("Idempotency-Key");
    let key = named.then(|| idempotency::from_request(&request, &body)).transpose()?;
    let user = signed.0.user;
    let command = ReviewListing { product: found.id, verdict, insider };
    let decided = Request::new(signed.0, command).expecting(Some(seen)).idempotent(key);
    let receipt = state.engine.execute(decided).await?;
    security::note(security::PRIVILEGED_ACT, security::Outcome::Succeeded, user, "product.decide");
    Ok(answer(&receipt))
}
