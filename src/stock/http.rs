//! Routes of stocks: all for the company whose goods they are.

use super::commands::{ADJUST, Adjust, relation};
use super::read::{self, Item, Kept, Moved};
use super::view::{StockChange, StockHandReason, StockPage, StockReceipt, StockReservation, StockRow};
use crate::platform::access::Relation;
use crate::platform::engine::Request;
use crate::platform::idempotency;
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::{ActorCard, Page};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, answer, id, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::catalog::StockReason;
use entrepot_domain::kernel::Quantity;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// Step of what only reads.
const OWN: &str = "stock.own";
/// Rows of a page when the caller names no number.
const PAGE: u32 = 50;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_own_stock).service(show_own_stock).service(list_stock_changes).service(adjust_stock);
}

async fn judge(state: &AppState, signed: &Signed, step: &str, subject: u128, to: Relation) -> Result<(), Failure> {
    let market = state.engine.market(signed.0.market).await?;
    permit_outside(&state.engine, &signed.0, step, to, subject, |c| market.capabilities.has(c)).await
}

/// The stock of a product, for who may take `step` on it.
///
/// Errors: 404 for everybody who is not of its company, as if there were none.
async fn judged(state: &AppState, signed: &Signed, step: &str, product: &str) -> Result<Item, Failure> {
    let product = id(product)?;
    let found = read::one(state.engine.db(), signed.0.market, product).await?;
    judge(state, signed, step, product, relation(found.as_ref().map(|item| item.supplier), &signed.0)).await?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

fn cursor_refused() -> Refusal {
    let detail = "This is no cursor of this list.";
    Refusal::new(422, "stock.cursor", detail).field("/cursor", "stock.cursor", "unknown cursor")
}

fn row(item: Item) -> StockRow {
    StockRow {
        stock: StockReceipt::of(item.product, item.version, item.stock),
        sku: item.sku,
        title: item.title,
        title_zh: item.title_zh,
        unit: item.unit,
        supply: item.supply.as_str().to_owned(),
        published: item.published,
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OwnStockQuery {
    /// Words that must all be in title or SKU.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// A cursor is the identifier followed by the SKU in hexadecimal.
fn place(text: &str) -> Option<(String, u128)> {
    let (product, sku) = text.is_ascii().then(|| text.split_at_checked(32)).flatten()?;
    let bytes: Option<Vec<u8>> =
        (0..sku.len()).step_by(2).map(|at| u8::from_str_radix(sku.get(at..at + 2)?, 16).ok()).collect();
    Some((String::from_utf8(bytes?).ok()?, id(product).ok()?))
}

fn place_of(item: &Item) -> String {
    format!("{:032x}{}", item.product, item.sku.bytes().map(|b| format!("{b:02x}")).collect::<String>())
}

/// Takes what is more than a page off, and says whether there was more.
fn cut<T>(found: &mut Vec<T>, limit: u32) -> bool {
    let wanted = usize::try_from(limit).unwrap_or(1);
    let more = found.len() > wanted;
    found.truncate(wanted);
    more
}

/// Stocks of the own company by SKU: on hand, reserved, free.
#[utoipa::path(params(OwnStockQuery), responses((status = 200, body = Page<StockRow>), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "stock")]
#[get("/own-stock")]
async fn list_own_stock(
    state: Data<AppState>,
    signed: Signed,
    query: Query<OwnStockQuery>,
) -> Result<HttpResponse, Failure> {
    let to = if signed.0.company.is_some() { Relation::Party } else { Relation::Market };
    judge(&state, &signed, OWN, 0, to).await?;
    let query = query.into_inner();
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let given = query.cursor.filter(|text| !text.trim().is_empty());
    let after = given.map(|text| place(&text).ok_or_else(cursor_refused)).transpose()?;
    let words = query.q.unwrap_or_default();
    let mut found = read::own(state.engine.db(), &signed.scope(), &words, after.as_ref(), limit + 1).await?;
    let more = cut(&mut found, limit);
    let next_cursor = found.last().filter(|_| more).map(place_of);
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(row).collect::<Vec<_>>(), next_cursor }))
}

/// The stock of an own product with the orders it is kept for.
#[utoipa::path(responses((status = 200, body = StockPage), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "stock")]
#[get("/own-stock/{id}")]
async fn show_own_stock(state: Data<AppState>, signed: Signed, product: Path<String>) -> Result<HttpResponse, Failure> {
    let item = judged(&state, &signed, OWN, &product).await?;
    let kept = read::reservations(state.engine.db(), signed.0.market, item.product).await?;
    let view = |kept: Kept| StockReservation {
        order_id: format!("{:032x}", kept.order),
        number: kept.number,
        buyer: kept.buyer,
        quantity: kept.quantity.to_string(),
        until: kept.until.map(|at| at.to_string()),
    };
    Ok(HttpResponse::Ok().json(StockPage { row: row(item), reservations: kept.into_iter().map(view).collect() }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChangesQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// Every change of a stock with its reason, newest first.
#[utoipa::path(params(ChangesQuery), responses((status = 200, body = Page<StockChange>), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)), tag = "stock")]
#[get("/own-stock/{id}/changes")]
async fn list_stock_changes(
    state: Data<AppState>,
    signed: Signed,
    product: Path<String>,
    query: Query<ChangesQuery>,
) -> Result<HttpResponse, Failure> {
    let item = judged(&state, &signed, OWN, &product).await?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let given = query.cursor.as_deref().filter(|text| !text.trim().is_empty());
    let before = given.map(|text| text.parse::<i64>().map_err(|_| cursor_refused())).transpose()?;
    let (db, market) = (state.engine.db(), signed.0.market);
    let mut found = read::moves(db, market, item.product, before, limit + 1).await?;
    let more = cut(&mut found, limit);
    let users: Vec<u128> = found.iter().filter_map(|moved| moved.user).collect();
    let companies: Vec<u128> = found.iter().filter_map(|moved| moved.company).collect();
    let users = crate::identity::user_names(db, &users).await?;
    let companies = crate::identity::company_names(db, market, &companies).await?;
    let next_cursor = found.last().filter(|_| more).map(|moved| moved.no.to_string());
    let view = |moved: Moved| {
        let (order_id, order_number) = moved.order.map(|(id, number)| (format!("{id:032x}"), number)).unzip();
        StockChange {
            no: moved.no,
            reason: moved.reason,
            on_hand_change: moved.on_hand_delta.to_string(),
            reserved_change: moved.reserved_delta.to_string(),
            on_hand: moved.after.on_hand.to_string(),
            reserved: moved.after.reserved.to_string(),
            order_id,
            order_number,
            note: moved.note,
            actor: ActorCard {
                name: moved.user.and_then(|user| users.get(&user).cloned()),
                company: moved.company.and_then(|company| companies.get(&company).map(|(name, _)| name.clone())),
                role: moved.role,
            },
            at: moved.at.to_string(),
        }
    };
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(view).collect::<Vec<_>>(), next_cursor }))
}

/// A change of a stock by hand.
#[derive(Deserialize, ToSchema)]
#[schema(as = StockAdjustment)]
#[serde(deny_unknown_fields)]
struct AdjustBody {
    /// Why.
    #[schema(value_type = StockHandReason)]
    reason: String,
    /// A decimal number: what is there for `counted`, else how much came or went.
    quantity: String,
    /// At most 200 characters.
    #[serde(default)]
    note: String,
    /// The version that was seen; any other answers 409.
    expected_version: i64,
}

impl AdjustBody {
    fn read(self, id: u128, product: u128) -> Result<Adjust, Refusal> {
        let refuse = |code: &str, at: &str, detail: String| Refusal::new(422, code, &detail).field(at, code, detail);
        let known = StockReason::parse(&self.reason).filter(|reason| StockReason::BY_HAND.contains(reason));
        let reason = known
            .ok_or_else(|| refuse("stock.reason", "/reason", "This is no reason for a change by hand.".to_owned()))?;
        let quantity = Quantity::parse(self.quantity.trim())
            .map_err(|error| refuse("stock.quantity", "/quantity", format!("The quantity cannot be read: {error}.")))?;
        let (note, expected_version) = (self.note.trim().to_owned(), self.expected_version);
        Ok(Adjust { id, product, reason, quantity, note, expected_version })
    }
}

/// Changes a stock by hand, with a reason; never below what is reserved.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body change nothing twice")), request_body = AdjustBody, responses((status = 200, body = StockReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "stock")]
#[post("/own-stock/{id}/adjustments")]
async fn adjust_stock(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    product: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let item = judged(&state, &signed, ADJUST, &product).await?;
    let key = idempotency::from_request(&request, &body)?;
    let command = parse::<AdjustBody>(&body)?.read(state.engine.ids().next(), item.product)?;
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(Some(key))).await?))
}
