//! Other companies: block one, and how soon one answers.

use super::super::block::{BlockCompany, BlockReceipt};
use super::super::read;
use super::super::view::{InquiryCompany, ResponseClockView};
use super::judge;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Problem};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, answer, id};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use entrepot_domain::kernel::MarketTime;
use serde::Serialize;
use utoipa::ToSchema;

async fn set(state: &AppState, signed: Signed, company: &str, active: bool) -> Result<HttpResponse, Failure> {
    let step = if active { "company.block" } else { "company.unblock" };
    let blocker = judge(state, &signed, step, 0).await?;
    let blocked = id(company)?;
    crate::catalog::supplier(state.engine.db(), signed.0.market, blocked).await?;
    let command = BlockCompany { blocker, blocked, active };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command)).await?))
}

/// Keeps a company from writing to the own one.
#[utoipa::path(responses((status = 200, body = BlockReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[post("/companies/{id}/block")]
pub(super) async fn block_company(
    state: Data<AppState>,
    signed: Signed,
    company: Path<String>,
) -> Result<HttpResponse, Failure> {
    set(&state, signed, &company, true).await
}

/// Lets a company write to the own one again.
#[utoipa::path(responses((status = 200, body = BlockReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[delete("/companies/{id}/block")]
pub(super) async fn unblock_company(
    state: Data<AppState>,
    signed: Signed,
    company: Path<String>,
) -> Result<HttpResponse, Failure> {
    set(&state, signed, &company, false).await
}

/// A company that the own one keeps from writing.
#[derive(Serialize, ToSchema)]
struct BlockedCompany {
    #[serde(flatten)]
    company: InquiryCompany,
    /// Since when, market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

/// Companies that the own one keeps from writing, by name.
#[utoipa::path(responses((status = 200, body = Page<BlockedCompany>), (status = 403, body = Problem)), tag = "inquiries")]
#[get("/blocks")]
pub(super) async fn list_blocks(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "block.list", 0).await?;
    let found = read::blocks::list(state.engine.db(), &signed.scope(), PAGE_MAX).await?;
    let view = |blocked: &read::blocks::Blocked| BlockedCompany {
        company: InquiryCompany::named(blocked.company, &blocked.named),
        at: MarketTime(blocked.at),
    };
    Ok(HttpResponse::Ok().json(Page::whole(found.iter().map(view).collect::<Vec<_>>())))
}

/// How soon a seller answers inquiries.
#[utoipa::path(responses((status = 200, body = ResponseClockView), (status = 404, body = Problem)), tag = "inquiries")]
#[get("/companies/{id}/response-clock")]
pub(super) async fn response_clock(
    state: Data<AppState>,
    signed: Signed,
    company: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (db, scope, company) = (state.engine.db(), signed.scope(), id(&company)?);
    crate::catalog::supplier(db, scope.market(), company).await?;
    let now = state.engine.market(scope.market()).await?.now(state.engine.clock().now());
    let clock = read::clock::response(db, &scope, company, now).await?;
    Ok(HttpResponse::Ok().json(ResponseClockView::from(clock)))
}
