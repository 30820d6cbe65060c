//! Routes of the wallet.

use super::commands::{PayIn, Withdraw};
use super::export;
use super::read::{self, Place};
use super::view::{
    PayInBody, PaymentReceipt, StatementLine, StatementQuery, WalletAccount, WalletView, WithdrawalBody, amount,
};
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Request};
use crate::platform::idempotency;
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::{Proved, Signed};
use crate::platform::web::{AppState, PAGE_MAX, answer, parse};
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

/// Lines of one page when the caller names no number.
const PAGE: u32 = 50;
/// Lines of one exported file at most; the newest are kept.
const EXPORT_MAX: u32 = 50_000;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show).service(statement).service(statement_csv).service(pay_in).service(withdraw);
}

/// Checks a read of the actor's own wallet and names the company.
async fn own(state: &AppState, actor: &Actor, step: &str) -> Result<u128, Failure> {
    let market = state.engine.market(actor.market).await?;
    let relation = match (actor.company, actor.oversees()) {
        (Some(_), _) => Relation::Party,
        (None, true) => Relation::Overseer,
        (None, false) => Relation::Market,
    };
    permit_outside(&state.engine, actor, step, relation, actor.user, |c| market.capabilities.has(c)).await?;
    Ok(actor.company.ok_or_else(Refusal::forbidden)?)
}

/// The company's balances in every currency it ever used.
#[utoipa::path(responses((status = 200, body = WalletView), (status = 403, body = Problem), (status = 409, body = Problem)), tag = "wallet")]
#[get("/wallet")]
async fn show(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    let company = own(&state, &signed.0, "wallet.show").await?;
    let found = read::balances(state.engine.db(), signed.0.market, company).await?;
    let accounts = found.iter().map(|(currency, balances)| WalletAccount::of(*currency, balances)).collect();
    Ok(HttpResponse::Ok().json(WalletView { accounts }))
}

/// Lines of one account, newest first, each with the balance after it.
#[utoipa::path(params(StatementQuery), responses((status = 200, body = Page<StatementLine>), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "wallet")]
#[get("/wallet/statement")]
async fn statement(
    state: Data<AppState>,
    signed: Signed,
    query: Query<StatementQuery>,
) -> Result<HttpResponse, Failure> {
    let company = own(&state, &signed.0, "wallet.statement").await?;
    let book = query.book(signed.0.market, company)?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let mut lines = read::statement(state.engine.db(), &book, query.place()?, limit + 1).await?;
    let more = lines.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        lines.pop();
    }
    let next_cursor =
        lines.last().filter(|_| more).map(|l| format!("{}.{}.{}", l.place.seq, l.place.journal, l.place.line));
    let items: Vec<StatementLine> = lines.iter().map(|l| StatementLine::of(l, book.currency)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// The statement as a CSV file, oldest line first.
#[utoipa::path(params(StatementQuery), responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Problem)), tag = "wallet")]
#[get("/wallet/statement.csv")]
async fn statement_csv(
    state: Data<AppState>,
    signed: Signed,
    query: Query<StatementQuery>,
) -> Result<HttpResponse, Failure> {
    let company = own(&state, &signed.0, "wallet.export").await?;
    let book = query.book(signed.0.market, company)?;
    let mut lines = read::statement(state.engine.db(), &book, Place::END, EXPORT_MAX).await?;
    lines.reverse();
    let file = export::statement(&lines, book.currency)?;
    let name = format!("attachment; filename=\"statement-{}-{}.csv\"", book.kind.code().to_lowercase(), book.currency);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", name))
        .body(file))
}

async fn run(
    state: &AppState,
    request: &HttpRequest,
    body: &[u8],
    actor: Actor,
    command: impl Command + 'static,
) -> Result<HttpResponse, Failure> {
    let key = idempotency::from_request(request, body)?;
    Ok(answer(&state.engine.execute(Request::new(actor, command).idempotent(Some(key))).await?))
}

/// Pays money into the company's buyer wallet from the simulated bank.
#[utoipa::path(
    params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")),
    request_body = PayInBody, extensions(("x-money" = json!(true))), tag = "wallet",
    responses((status = 201, body = PaymentReceipt), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/wallet/pay-ins")]
async fn pay_in(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let read: PayInBody = parse(&body)?;
    let (payment, company) = (state.engine.ids().next(), signed.0.company.unwrap_or(0));
    let command = PayIn { payment, company, amount: amount(&read.amount)?, reference: read.reference };
    run(&state, &request, &body, signed.0, command).await
}

/// Withdraws money from the company's seller wallet to its bank account; asks for a secret shown a short while ago.
#[utoipa::path(
    params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")),
    request_body = WithdrawalBody, extensions(("x-money" = json!(true))), tag = "wallet",
    responses((status = 201, body = PaymentReceipt), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
#[post("/wallet/withdrawals")]
async fn withdraw(
    state: Data<AppState>,
    request: HttpRequest,
    proved: Proved,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let read: WithdrawalBody = parse(&body)?;
    let (payment, company) = (state.engine.ids().next(), proved.0.company.unwrap_or(0));
    let command = Withdraw { payment, company, amount: amount(&read.amount)? };
    run(&state, &request, &body, proved.0, command).await
}
