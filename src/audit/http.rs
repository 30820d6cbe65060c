//! Routes of oversight.

use super::read;
use super::verify::verify;
use super::view::{ClientMoney, LogEntry, LogQuery, Proof, TrialBalance, by_currency, segregation, trial};
use crate::platform::log;
use crate::platform::problem::{Failure, Problem};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, id};
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Entries of one page when the caller names no number.
const PAGE: u32 = 50;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(trial_balance).service(client_money).service(events).service(prove);
}

/// All accounts of the market by code; debits equal credits in each currency.
#[utoipa::path(responses((status = 200, body = TrialBalance), (status = 403, body = Problem)), tag = "admin")]
#[get("/admin/trial-balance")]
async fn trial_balance(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    log::permit_oversight(&state.engine, &signed.0, "audit.trial_balance").await?;
    let sums = read::balances(state.engine.db(), signed.0.market).await?;
    let currencies = by_currency(&sums).into_iter().map(|(currency, rows)| trial(currency, &rows)).collect();
    Ok(HttpResponse::Ok().json(TrialBalance { currencies }))
}

/// Client money at the bank against what the platform owes to its clients.
#[utoipa::path(responses((status = 200, body = ClientMoney), (status = 403, body = Problem)), tag = "admin")]
#[get("/admin/client-money")]
async fn client_money(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    log::permit_oversight(&state.engine, &signed.0, "audit.client_money").await?;
    let sums = read::balances(state.engine.db(), signed.0.market).await?;
    let currencies = by_currency(&sums).into_iter().map(|(currency, rows)| segregation(currency, &rows)).collect();
    Ok(HttpResponse::Ok().json(ClientMoney { currencies }))
}

/// The market's log, newest entry first.
#[utoipa::path(params(LogQuery), responses((status = 200, body = Page<LogEntry>), (status = 403, body = Problem)), tag = "admin")]
#[get("/admin/events")]
async fn events(state: Data<AppState>, signed: Signed, query: Query<LogQuery>) -> Result<HttpResponse, Failure> {
    log::permit_oversight(&state.engine, &signed.0, "audit.events").await?;
    let query = query.into_inner();
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let page = read::Page {
        market: signed.0.market,
        before: query.cursor.unwrap_or(i64::MAX),
        subject: query.subject.as_deref().map(id).transpose()?,
        step: query.step,
        limit: limit + 1,
    };
    let mut found = read::entries(state.engine.db(), &page).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next_cursor = found.last().filter(|_| more).map(|e| e.seq.to_string());
    let items: Vec<LogEntry> = found.into_iter().map(LogEntry::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Recomputes the market's books and log from scratch and tells what does not hold.
#[utoipa::path(responses((status = 200, body = Proof), (status = 403, body = Problem)), extensions(("x-no-money" = json!(true))), tag = "admin")]
#[post("/admin/prove")]
async fn prove(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    log::permit_oversight(&state.engine, &signed.0, "audit.prove").await?;
    let report = verify(state.engine.db(), Some(signed.0.market)).await?;
    Ok(HttpResponse::Ok().json(Proof { ok: report.ok(), report }))
}
