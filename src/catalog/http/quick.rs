//! Quick order: pasted lines of SKU and quantity, priced together in one statement.

use super::{judge, relation};
use crate::catalog::quick::{self, Answer, Wanted};
use crate::catalog::read::quick::by_sku;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, parse};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

/// Lines of one paste at most.
const LINES_MAX: usize = 200;

/// Lines to price.
#[derive(Deserialize, ToSchema)]
#[schema(as = QuickOrder)]
#[serde(deny_unknown_fields)]
struct QuickBody {
    /// 1 to 200 lines.
    lines: Vec<Wanted>,
}

/// Prices pasted lines: good ones with their unit price at the quantity, the others with what is wrong. Keeps nothing.
#[utoipa::path(request_body = QuickBody, responses((status = 200, body = Answer), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[post("/quick-orders/price")]
pub(super) async fn price_lines(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "quick.price", 0, relation(&signed, signed.0.company)).await?;
    let lines = parse::<QuickBody>(&body)?.lines;
    if lines.is_empty() || lines.len() > LINES_MAX {
        let detail = format!("A quick order has 1 to {LINES_MAX} lines.");
        let refusal = Refusal::new(422, "catalog.too_many_lines", detail.clone()).with("max", LINES_MAX);
        return Err(refusal.field("/lines", "catalog.too_many_lines", detail).into());
    }
    let skus = lines.iter().map(|line| line.sku.trim().to_owned()).filter(|sku| !sku.is_empty()).collect();
    let found = by_sku(state.engine.db(), &signed.scope(), &skus).await?;
    Ok(HttpResponse::Ok().json(quick::price(&lines, &found, signed.0.company)))
}
