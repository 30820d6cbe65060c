//! Products: lists, pages, the form that lists and changes them, and prices at a quantity.

use super::pictures::own_pictures;
use super::{bad_cursor, given, judge, limit, relation};
use crate::catalog::commands::{CHANGE, ChangeProduct, LIST, ListProduct};
use crate::catalog::draft::{Draft, refuse};
use crate::catalog::read::{self, Filter};
use crate::catalog::view::{ProductCard, ProductReceipt, ProductView, QualityView};
use crate::platform::engine::Request;
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Fault, Problem, Refusal};
use crate::platform::schema::{MoneyView, Page};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, id, if_match, parse};
use actix_web::http::header::ETAG;
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use entrepot_domain::kernel::{Quantity, Zone, line_value};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductsQuery {
    /// Only this company's products.
    supplier: Option<String>,
    /// Slug of a category.
    category: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// Products of the market.
#[utoipa::path(params(ProductsQuery), responses((status = 200, body = Page<ProductCard>), (status = 401, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[get("/products")]
pub(super) async fn list_products(
    state: Data<AppState>,
    signed: Signed,
    query: Query<ProductsQuery>,
) -> Result<HttpResponse, Failure> {
    let query = query.into_inner();
    let rows = limit(query.limit);
    // An identifier that is none names no company, which has no products.
    let supplier = given(query.supplier).map(|text| id(&text).unwrap_or(0));
    let after = given(query.cursor).map(|text| id(&text).map_err(|_| bad_cursor())).transpose()?;
    let filter = Filter { supplier, category: given(query.category), after, rows };
    let page = read::cards(state.engine.db(), &signed.scope(), &filter).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(page))
}

/// One product; `ETag` holds its version.
#[utoipa::path(responses((status = 200, body = ProductView), (status = 401, body = Problem), (status = 404, body = Problem)), tag = "catalog")]
#[get("/products/{id}")]
pub(super) async fn show_product(
    state: Data<AppState>,
    signed: Signed,
    product: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (db, scope) = (state.engine.db(), signed.scope());
    let found = read::product(db, &scope, id(&product)?).await?;
    let variants = read::own::siblings(db, &scope, &found.listing).await?;
    let market = state.engine.market(scope.market()).await?;
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let today = zone.day_of(market.now(state.engine.clock().now()));
    let etag = format!("\"{}\"", found.version);
    // Only goods that lie ready have a stock to ask for.
    let ready = found.listing.product.supply.is_ready().then_some(found.listing.product.id);
    let free = crate::stock::free(db, scope.market(), ready.as_slice()).await?;
    let available = ready.map(|product| free.get(&product).copied().unwrap_or_default());
    let view = ProductView::of(found, &variants, today, available);
    Ok(HttpResponse::Ok().insert_header((ETAG, etag)).json(view))
}

/// Lists a new product of the seat's company.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = Draft, responses((status = 201, body = ProductReceipt), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[post("/products")]
pub(super) async fn create_product(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, LIST, 0, relation(&signed, signed.0.company)).await?;
    let company = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let draft: Draft = parse(&body)?;
    let supplier = read::supplier(state.engine.db(), signed.0.market, company).await?;
    let on_hand = draft.stated_on_hand();
    let listing = draft.listing(state.engine.ids().next(), company).map_err(refuse)?;
    own_pictures(&state, signed.0.market, &listing).await?;
    let key = request
        .headers()
        .contains_key("Idempotency-Key")
        .then(|| idempotency::from_request(&request, &body))
        .transpose()?;
    let command = ListProduct { listing, sells: supplier.sells, on_hand };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(key)).await?))
}

/// What a draft would be: its faults by field, or how much it tells. Keeps nothing.
#[utoipa::path(request_body = Draft, responses((status = 200, body = QualityView), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[post("/products/check")]
pub(super) async fn check_product(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, LIST, 0, relation(&signed, signed.0.company)).await?;
    let company = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let draft: Draft = parse(&body)?;
    let listing = draft.listing(0, company).map_err(refuse)?;
    Ok(HttpResponse::Ok().json(QualityView::from(listing.quality())))
}

/// Changes a product; `If-Match` holds the version seen.
#[utoipa::path(request_body = Draft, params(("If-Match" = String, Header)), responses((status = 200, body = ProductReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)), tag = "catalog")]
#[put("/products/{id}")]
pub(super) async fn change_product(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    product: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let found = read::product(state.engine.db(), &signed.scope(), id(&product)?).await?;
    judge(&state, &signed, CHANGE, found.id, relation(&signed, Some(found.supplier.id))).await?;
    let needed = || Refusal::new(428, "catalog.version_needed", "Say which version you saw.");
    let seen = if_match(&request)?.ok_or_else(needed)?;
    let draft: Draft = parse(&body)?;
    let (says_state, says_supply, on_hand) = (draft.state.is_some(), draft.supply.is_some(), draft.stated_on_hand());
    let mut listing = draft.listing(found.id, found.supplier.id).map_err(refuse)?;
    if !says_state {
        listing.state = found.listing.state;
    }
    if !says_supply {
        listing.product.supply = found.listing.product.supply;
        // What stayed must fit what was said.
        let faults = listing.faults();
        if !faults.is_empty() {
            return Err(refuse(faults).into());
        }
    }
    own_pictures(&state, signed.0.market, &listing).await?;
    let command = ChangeProduct { listing, on_hand };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).expecting(Some(seen))).await?))
}

/// Asks what a quantity costs.
#[derive(Deserialize, ToSchema)]
#[schema(as = PriceRequest)]
#[serde(deny_unknown_fields)]
struct PriceBody {
    /// Decimal number.
    quantity: String,
}

/// A price per unit.
#[derive(Serialize, ToSchema)]
#[schema(as = UnitPrice)]
struct UnitPriceView {
    /// Decimal number.
    price: String,
    /// ISO 4217 code.
    currency: String,
}

/// What a quantity costs.
#[derive(Serialize, ToSchema)]
struct PriceView {
    /// Price per unit at this quantity.
    unit_price: UnitPriceView,
    /// Quantity times price, rounded once.
    total: MoneyView,
}

/// The price at a quantity; 422 names the nearest quantity that may be ordered.
#[utoipa::path(request_body = PriceBody, responses((status = 200, body = PriceView), (status = 404, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[post("/products/{id}/price")]
pub(super) async fn price_product(
    state: Data<AppState>,
    signed: Signed,
    product: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let asked: PriceBody = parse(&body)?;
    let product = read::offered(state.engine.db(), &signed.scope(), id(&product)?).await?.listing.product;
    let wrong = |detail: String| {
        Refusal::invalid("The quantity cannot be priced.").field("/quantity", "catalog.number", detail)
    };
    let quantity = Quantity::parse(asked.quantity.trim()).map_err(|error| wrong(error.to_string()))?;
    let unit_price = product.price_at(quantity).map_err(|nearest| {
        let (code, detail) = if quantity < product.moq {
            ("catalog.below_moq", format!("The minimum order quantity is {}.", product.moq))
        } else {
            (
                "catalog.off_lot_step",
                format!("Above {} the quantity goes in steps of {}.", product.moq, product.lot_step),
            )
        };
        Refusal::new(422, code, detail.clone()).with("nearest_quantity", nearest.quantity).field(
            "/quantity",
            code,
            detail,
        )
    })?;
    let total = line_value(quantity, unit_price).map_err(|error| wrong(error.to_string()))?;
    let unit_price = UnitPriceView { price: unit_price.decimal(), currency: unit_price.currency.to_string() };
    Ok(HttpResponse::Ok().json(PriceView { unit_price, total: total.into() }))
}
