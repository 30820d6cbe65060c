//! The comparison, as JSON and as CSV; for the buyer alone.

use super::judge;
use crate::platform::engine::MarketState;
use crate::platform::problem::{Failure, Fault, Problem};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id};
use crate::sourcing::export;
use crate::sourcing::read;
use crate::sourcing::view::table::ComparisonView;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use entrepot_domain::kernel::MoneyError;
use entrepot_domain::market::Capability;
use entrepot_domain::sourcing::{Quote, QuoteState, Quoted, compare};
use entrepot_domain::trade::{PayMethod, payment_fee};

/// What the payments of a quote would cost the buyer: one bank transfer per stage, where the era has fees.
fn fee(market: &MarketState, quote: &Quote) -> Result<i64, MoneyError> {
    if !market.capabilities.has(Capability::Fees) {
        return Ok(0);
    }
    let stages = quote.newest().map_or(0, |newest| newest.terms.stages.len());
    let one = payment_fee(&market.params, PayMethod::Tt, 0, quote.currency)?;
    i64::try_from(stages).ok().and_then(|n| one.checked_mul(n)).ok_or(MoneyError::Overflow)
}

async fn table(state: &AppState, signed: &Signed, rfq: &str) -> Result<ComparisonView, Failure> {
    let (db, scope) = (state.engine.db(), signed.scope());
    let (found, _, relation) = read::rfq(db, &scope, id(rfq)?).await?;
    let market = judge(state, signed, "rfq.compare", found.rfq.id.0, relation).await?;
    let quotes = read::quotes_on(db, &scope, found.rfq.id.0).await?;
    let kept: Vec<&Quote> = quotes.iter().map(|(q, _)| q).filter(|q| q.state != QuoteState::Withdrawn).collect();
    let now = market.now(state.engine.clock().now());
    let wrong = |e: MoneyError| Fault::new(e.to_string());
    let mut quoted = Vec::with_capacity(kept.len());
    for quote in &kept {
        quoted.push(Quoted { quote, fee: fee(&market, quote).map_err(wrong)? });
    }
    let compared = compare(&found.rfq, &quoted, now).map_err(wrong)?;
    let suppliers: Vec<u128> = kept.iter().map(|quote| quote.supplier.0).collect();
    let names = crate::identity::company_names(db, scope.market(), &suppliers).await?;
    Ok(ComparisonView::of(&found.rfq, &compared, &kept, &names))
}

/// The quotes side by side with their landed cost; the cheapest cell of each row is marked.
#[utoipa::path(responses((status = 200, body = ComparisonView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "sourcing")]
#[get("/rfqs/{rfq}/comparison")]
pub(super) async fn compare_quotes(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(table(&state, &signed, &rfq).await?))
}

/// The comparison as CSV, one row per line and supplier.
#[utoipa::path(responses((status = 200, content_type = "text/csv"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "sourcing")]
#[get("/rfqs/{rfq}/comparison.csv")]
pub(super) async fn export_comparison(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
) -> Result<HttpResponse, Failure> {
    let file = export::comparison(&table(&state, &signed, &rfq).await?)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"comparison.csv\""))
        .body(file))
}
