//! Quotes: of a request, own ones, one page, rights to quote; submit, revise, counter, agree, take back.

use super::{cursor, judge, limit, listed, next_cursor, own};
use crate::platform::engine::Request;
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Fault, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::shelf::Card;
use crate::platform::web::{AppState, answer, id, parse};
use crate::sourcing::commands::{SubmitQuote, TakeQuote};
use crate::sourcing::draft::{CounterAgreed, DraftCounter, DraftQuote};
use crate::sourcing::read;
use crate::sourcing::view::QuoteReceipt;
use crate::sourcing::view::quote::{QuoteCard, QuoteQuotaView, QuoteView};
use actix_web::http::header::ETAG;
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::kernel::{FieldError, FileId, Zone};
use entrepot_domain::sourcing::{Month, Quote, QuoteCommand, QuoteTerms, SourcingRejection};
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::IntoParams;

/// The quotes on a request that the reader may see: all for its buyer, the own ones for a supplier.
#[utoipa::path(responses((status = 200, body = Page<QuoteView>), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "sourcing")]
#[get("/rfqs/{rfq}/quotes")]
pub(super) async fn quotes_of_rfq(
    state: Data<AppState>,
    signed: Signed,
    rfq: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (db, scope) = (state.engine.db(), signed.scope());
    let (found, _, relation) = read::rfq(db, &scope, id(&rfq)?).await?;
    judge(&state, &signed, "rfq.quotes", found.rfq.id.0, relation).await?;
    let quotes = read::quotes_on(db, &scope, found.rfq.id.0).await?;
    let suppliers: Vec<u128> = quotes.iter().map(|(quote, _)| quote.supplier.0).collect();
    let names = crate::identity::company_names(db, scope.market(), &suppliers).await?;
    let cards = cards(&state, scope.market(), quotes.iter().map(|(quote, _)| quote)).await?;
    let view = |(quote, version): &(Quote, i64)| {
        let supplier = names.get(&quote.supplier.0).cloned().unwrap_or_default();
        QuoteView::of(quote, *version, &found.rfq, supplier, &cards)
    };
    Ok(HttpResponse::Ok().json(Page::whole(quotes.iter().map(view).collect())))
}

/// The cards of what these quotes name, for a reader who may read the quotes.
async fn cards(
    state: &AppState,
    market: u128,
    quotes: impl IntoIterator<Item = &Quote>,
) -> Result<HashMap<u128, Card>, Failure> {
    let versions = quotes.into_iter().flat_map(|quote| &quote.versions);
    let files: Vec<FileId> = versions.flat_map(|version| version.terms.files.iter().copied()).collect();
    Ok(read::files::FILES.cards(state.engine.db(), market, &files).await?)
}

/// What the supplier wrote, with the files it names held against its own.
async fn terms(state: &AppState, signed: &Signed, body: &[u8]) -> Result<QuoteTerms, Failure> {
    let draft = parse::<DraftQuote>(body)?;
    let files = read::files::FILES.own(state.engine.db(), &signed.scope(), &draft.file_ids).await?;
    Ok(draft.terms(files)?)
}

/// Refuses products that are not the supplier's own.
async fn own_goods(state: &AppState, signed: &Signed, terms: &QuoteTerms) -> Result<(), Failure> {
    let found = listed(state, signed, terms.lines.iter().filter_map(|line| line.product)).await?;
    let own = |id| found.get(&id).copied() == signed.0.company;
    let foreign = terms.lines.iter().position(|line| line.product.is_some_and(|id| !own(id)));
    let Some(n) = foreign else { return Ok(()) };
    let detail = "the product is one that your company lists";
    let error = FieldError::new(format!("/lines/{n}/product_id"), "quote.foreign_product", detail);
    Err(Refusal::from(SourcingRejection::QuoteInvalid(vec![error])).into())
}

/// Submits a quote on a request; one per supplier, 20 a month and one more for each accepted quote.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = DraftQuote, responses((status = 201, body = QuoteReceipt), (status = 200, body = QuoteReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/quotes")]
pub(super) async fn submit_quote(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    rfq: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let rfq = id(&rfq)?;
    let (_, _, relation) = read::rfq(state.engine.db(), &signed.scope(), rfq).await?;
    judge(&state, &signed, "quote.submit", rfq, relation).await?;
    let supplier = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let key = idempotency::from_request(&request, &body)?;
    let terms = terms(&state, &signed, &body).await?;
    own_goods(&state, &signed, &terms).await?;
    let known = read::known(state.engine.db(), signed.0.market, rfq, supplier).await?;
    let command = SubmitQuote { id: state.engine.ids().next(), rfq, supplier, known, terms };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(Some(key))).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct QuotesQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// The reader's own quotes, the last changed first.
#[utoipa::path(params(QuotesQuery), responses((status = 200, body = Page<QuoteCard>), (status = 401, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[get("/quotes")]
pub(super) async fn own_quotes(
    state: Data<AppState>,
    signed: Signed,
    query: Query<QuotesQuery>,
) -> Result<HttpResponse, Failure> {
    let after = query.cursor.as_deref().map(cursor).transpose()?;
    let limit = limit(query.limit);
    let found = read::own_quotes(state.engine.db(), &signed.scope(), after, limit).await?;
    let place = |(quote, _): &(Quote, _)| (quote.newest().map_or(0, |newest| newest.at.0), quote.id.0);
    let next_cursor = next_cursor(&found, limit, place);
    let items: Vec<QuoteCard> = found.iter().map(|(quote, rfq)| QuoteCard::of(quote, rfq)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// How many quotes the seat's company may still submit this month.
#[utoipa::path(responses((status = 200, body = QuoteQuotaView), (status = 403, body = Problem)), tag = "sourcing")]
#[get("/quotes/quota")]
pub(super) async fn quote_quota(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    let market = judge(&state, &signed, "quote.quota", signed.0.company.unwrap_or(0), own(&signed)).await?;
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let month = Month::of(market.now(state.engine.clock().now()), &zone);
    let rights = read::rights(state.engine.db(), &signed.scope()).await?;
    Ok(HttpResponse::Ok().json(QuoteQuotaView::of(&rights, &month)))
}

/// A quote with all its versions; sealed for everybody but its supplier and the request's buyer.
#[utoipa::path(responses((status = 200, body = QuoteView), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "sourcing")]
#[get("/quotes/{quote}")]
pub(super) async fn show_quote(
    state: Data<AppState>,
    signed: Signed,
    quote: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (quote, version, rfq, relation) = read::quote(state.engine.db(), &signed.scope(), id(&quote)?).await?;
    judge(&state, &signed, "quote.read", quote.id.0, relation).await?;
    let names = crate::identity::company_names(state.engine.db(), signed.0.market, &[quote.supplier.0]).await?;
    let supplier = names.get(&quote.supplier.0).cloned().unwrap_or_default();
    let cards = cards(&state, signed.0.market, [&quote]).await?;
    let etag = (ETAG, format!("\"{version}\""));
    Ok(HttpResponse::Ok().insert_header(etag).json(QuoteView::of(&quote, version, &rfq, supplier, &cards)))
}

/// Adds a version; the ones before stay as they are.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = DraftQuote, responses((status = 200, body = QuoteReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/quotes/{quote}/revise")]
pub(super) async fn revise_quote(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    quote: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (quote, _, rfq, relation) = read::quote(state.engine.db(), &signed.scope(), id(&quote)?).await?;
    judge(&state, &signed, "quote.revise", quote.id.0, relation).await?;
    let key = idempotency::from_request(&request, &body)?;
    let terms = terms(&state, &signed, &body).await?;
    own_goods(&state, &signed, &terms).await?;
    let command = TakeQuote { quote: quote.id.0, rfq: rfq.id.0, command: QuoteCommand::Revise { terms } };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(Some(key))).await?))
}

/// Asks the supplier for something else than the newest version; for the request's buyer.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = DraftCounter, responses((status = 200, body = QuoteReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/quotes/{quote}/counter")]
pub(super) async fn counter_quote(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    quote: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (quote, _, rfq, relation) = read::quote(state.engine.db(), &signed.scope(), id(&quote)?).await?;
    judge(&state, &signed, "quote.counter", quote.id.0, relation).await?;
    let key = idempotency::from_request(&request, &body)?;
    let terms = parse::<DraftCounter>(&body)?.terms()?;
    let command = TakeQuote { quote: quote.id.0, rfq: rfq.id.0, command: QuoteCommand::Counter { terms } };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(Some(key))).await?))
}

/// Agrees to what the buyer asked for: a version with exactly that.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = CounterAgreed, responses((status = 200, body = QuoteReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/quotes/{quote}/agree")]
pub(super) async fn agree_to_counter(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    quote: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (quote, _, rfq, relation) = read::quote(state.engine.db(), &signed.scope(), id(&quote)?).await?;
    judge(&state, &signed, "quote.agree", quote.id.0, relation).await?;
    let key = idempotency::from_request(&request, &body)?;
    let counter = parse::<CounterAgreed>(&body)?.counter;
    let command = TakeQuote { quote: quote.id.0, rfq: rfq.id.0, command: QuoteCommand::Agree { counter } };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(Some(key))).await?))
}

/// Takes the quote back; its seat is free for others, the right to quote stays spent.
#[utoipa::path(responses((status = 200, body = QuoteReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "sourcing")]
#[post("/quotes/{quote}/withdraw")]
pub(super) async fn withdraw_quote(
    state: Data<AppState>,
    signed: Signed,
    quote: Path<String>,
) -> Result<HttpResponse, Failure> {
    let quote = id(&quote)?;
    let rfq = read::rfq_of(state.engine.db(), signed.0.market, quote).await?;
    let command = TakeQuote { quote, rfq, command: QuoteCommand::Withdraw };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command)).await?))
}
