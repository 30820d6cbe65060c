//! Routes of orders: list, page, actions, transitions, history and money trail.

use super::commands::{Take, number_of};
use super::guarded::{Guarded, PROOF_WANTED, Proof};
use super::preview;
use super::read::{self, Filter};
use super::record::Row;
use super::strict::unknown_field;
use super::view::action::{OrderActions, StepPreview};
use super::view::history::{JournalView, OrderEvent};
use super::view::order::OrderView;
use super::view::steps::StepRequestView;
use super::view::{OrderCard, StepReceipt, terms, words};
use crate::platform::engine::Request;
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::{Page, Side};
use crate::platform::session::{Sessions, Signed};
use crate::platform::web::{AppState, PAGE_MAX, answer, id, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::kernel::OrderId;
use entrepot_domain::trade::{OrderStatus, OrderTerms, Phase, TradeCommand};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(draft_order)
        .service(list_orders)
        .service(show_order)
        .service(order_actions)
        .service(preview_step)
        .service(take_step)
        .service(order_events)
        .service(order_journals);
    super::papers::http::routes(cfg);
}

/// Drafts an order.
#[derive(Deserialize, ToSchema)]
#[schema(as = OrderDraft)]
#[serde(deny_unknown_fields)]
struct DraftBody {
    /// The contract's terms.
    #[schema(value_type = terms::TermsView)]
    terms: OrderTerms,
}

/// Drafts an order; only its drafter sees it until it is offered.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = DraftBody, responses((status = 201, body = StepReceipt), (status = 422, body = Problem)), tag = "orders")]
#[post("/orders")]
async fn draft_order(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let key = idempotency::from_request(&request, &body)?;
    let draft: DraftBody = parse(&body)?;
    let sent: Value = parse(&body)?;
    if let Some(at) = unknown_field(&sent, &json!({ "terms": draft.terms })) {
        let detail = format!("unknown field `{}`", at.rsplit('/').next().unwrap_or(""));
        return Err(Refusal::invalid("The terms are not right.").field(at, "malformed", detail).into());
    }
    let order = state.engine.ids().next();
    let number = number_of(order);
    let command = TradeCommand::Draft { id: OrderId(order), number: number.into(), terms: Arc::new(draft.terms) };
    let request = Request::new(signed.0, Take { order, command }).idempotent(Some(key));
    Ok(answer(&state.engine.execute(request).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    #[param(value_type = Option<words::OrderStatus>)]
    status: Option<String>,
    #[param(value_type = Option<words::Phase>)]
    phase: Option<String>,
    /// Only orders in which the caller's company is on this side.
    #[param(value_type = Option<Side>)]
    role: Option<String>,
    /// Part of the number or the title.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

impl ListQuery {
    /// Refuses words that the list does not know, instead of finding nothing by them.
    fn judge(&self) -> Result<(), Refusal> {
        let statuses: Vec<&str> = OrderStatus::ALL.iter().map(|status| status.as_str()).collect();
        let phases: Vec<&str> = Phase::ALL.iter().map(|phase| phase.as_str()).collect();
        let known: [(&str, &Option<String>, &[&str]); 3] = [
            ("/status", &self.status, &statuses),
            ("/phase", &self.phase, &phases),
            ("/role", &self.role, &["buyer", "seller"]),
        ];
        let odd = known.into_iter().find(|(_, word, words)| word.as_deref().is_some_and(|w| !words.contains(&w)));
        odd.map_or(Ok(()), |(at, _, words)| {
            let detail = format!("not one of {}", words.join(", "));
            Err(Refusal::invalid("A filter of the list is not known.").field(at, "malformed", detail))
        })
    }
}

fn cursor(text: &str) -> Result<(i64, u128), Refusal> {
    let refused = || Refusal::invalid("The cursor is not one of ours.").field("/cursor", "malformed", "not a cursor");
    let (at, order) = text.split_once('-').ok_or_else(refused)?;
    Ok((at.parse().map_err(|_| refused())?, id(order).map_err(|_| refused())?))
}

/// Orders the caller may see, the last changed first.
#[utoipa::path(params(ListQuery), responses((status = 200, body = Page<OrderCard>), (status = 401, body = Problem)), tag = "orders")]
#[get("/orders")]
async fn list_orders(state: Data<AppState>, signed: Signed, query: Query<ListQuery>) -> Result<HttpResponse, Failure> {
    let query = query.into_inner();
    let limit = query.limit.unwrap_or(50).clamp(1, PAGE_MAX);
    let after = query.cursor.as_deref().map(cursor).transpose()?;
    query.judge()?;
    let filter = Filter { status: query.status, phase: query.phase, role: query.role, q: query.q, after, limit };
    let (db, scope) = (state.engine.db(), signed.scope());
    let found = read::list(db, &scope, &filter).await?;
    let items = found.iter().map(|r| OrderCard::of(&Row(r))).collect::<Result<Vec<_>, _>>()?;
    let next_cursor = match found.last() {
        Some(last) if found.len() == usize::try_from(limit).unwrap_or(0) => {
            Some(format!("{}-{:032x}", Row(last).number("updated_at")?, Row(last).id("id")?))
        }
        Some(_) | None => None,
    };
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// An order with its terms, stages, shipments, money and deadlines.
#[utoipa::path(responses((status = 200, body = OrderView), (status = 404, body = Problem)), tag = "orders")]
#[get("/orders/{order}")]
async fn show_order(state: Data<AppState>, signed: Signed, order: Path<String>) -> Result<HttpResponse, Failure> {
    let page = read::page(state.engine.db(), &signed.scope(), id(&order)?).await?;
    let etag = format!("\"{}\"", page.version);
    Ok(HttpResponse::Ok().insert_header(("ETag", etag)).json(OrderView::of(page, &signed.0)?))
}

/// The journal a step with these very parameters would post, or the refusal it would meet; writes nothing.
#[utoipa::path(request_body = StepRequestView, responses((status = 200, body = StepPreview), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "orders")]
#[post("/orders/{order}/previews")]
async fn preview_step(
    state: Data<AppState>,
    signed: Signed,
    order: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let judged = read::judged(state.engine.db(), &signed.scope(), id(&order)?).await?;
    let command = command_of(parse(&body)?)?;
    let now = judged.market.now(state.engine.clock().now());
    let journal = preview::of(&judged, state.engine.registry(), &signed.0, now, &command)?;
    Ok(HttpResponse::Ok().json(StepPreview { version: judged.version, journal }))
}

fn command_of(step: TransitionBody) -> Result<TradeCommand, Refusal> {
    if step.name == "order.draft" {
        let refusal = Refusal::invalid("An order is drafted by POST /orders.");
        return Err(refusal.field("/name", "unknown", "not a transition"));
    }
    let refuse = |at: String, detail: String| {
        Refusal::invalid("The step or its parameters are not right.").field(at, "malformed", detail)
    };
    let command = TradeCommand::from_json(&step.name, step.params.clone())
        .map_err(|detail| refuse("/params".to_owned(), detail))?;
    let read = serde_json::to_value(&command).unwrap_or_default();
    match unknown_field(&step.params, read.get("params").unwrap_or(&Value::Null)) {
        Some(at) => {
            Err(refuse(format!("/params{at}"), format!("unknown field `{}`", at.rsplit('/').next().unwrap_or(""))))
        }
        None => Ok(command),
    }
}

/// What the caller may do with the order, what not and why, and the journal each step would post.
#[utoipa::path(responses((status = 200, body = OrderActions), (status = 404, body = Problem)), tag = "orders")]
#[get("/orders/{order}/actions")]
async fn order_actions(state: Data<AppState>, signed: Signed, order: Path<String>) -> Result<HttpResponse, Failure> {
    let judged = read::judged(state.engine.db(), &signed.scope(), id(&order)?).await?;
    let now = judged.market.now(state.engine.clock().now());
    let actions = preview::list(&judged, state.engine.registry(), &signed.0, now)?;
    Ok(HttpResponse::Ok().json(OrderActions { version: judged.version, actions }))
}

/// A step as it is read: the parameters are judged by the domain. `StepRequestView` documents them step by step.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransitionBody {
    /// Name of the step, e.g. `stage.fund`.
    name: String,
    /// Its parameters.
    #[serde(default)]
    params: Value,
    /// The version the caller saw; any other answers 409.
    expected_version: Option<i64>,
}

/// Takes one step of the order's process; a large release asks for a secret shown a short while ago.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = StepRequestView, responses((status = 200, body = StepReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "orders")]
#[post("/orders/{order}/transitions")]
async fn take_step(
    state: Data<AppState>,
    sessions: Data<Arc<dyn Sessions>>,
    request: HttpRequest,
    signed: Signed,
    order: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let order = id(&order)?;
    let key = idempotency::from_request(&request, &body)?;
    let step: TransitionBody = parse(&body)?;
    let expected = step.expected_version;
    let command = command_of(step)?;
    let threshold = state.config.step_up_release;
    let ask = |proof| {
        let command = Guarded { take: Take { order, command: command.clone() }, threshold, proof };
        Request::new(signed.0.clone(), command).idempotent(Some(key.clone())).expecting(expected)
    };
    let first = state.engine.execute(ask(Proof::NotAsked)).await;
    let receipt = match first {
        Err(Failure::Refused(refusal)) if refusal.code == PROOF_WANTED => {
            let proof = match sessions.proved(&signed.0).await {
                Ok(()) => Proof::Shown,
                Err(Failure::Refused(refusal)) => Proof::Lacking(refusal),
                Err(Failure::Failed(fault)) => return Err(fault.into()),
            };
            state.engine.execute(ask(proof)).await?
        }
        other => other?,
    };
    Ok(answer(&receipt))
}

/// The order's history: one row per accepted command, with its place and hash in the market's log.
#[utoipa::path(responses((status = 200, body = Page<OrderEvent>), (status = 404, body = Problem)), tag = "orders")]
#[get("/orders/{order}/events")]
async fn order_events(state: Data<AppState>, signed: Signed, order: Path<String>) -> Result<HttpResponse, Failure> {
    let (db, scope, order) = (state.engine.db(), signed.scope(), id(&order)?);
    read::load(db, &scope, order).await?;
    let found = read::events(db, &scope, order).await?;
    let (mut users, mut companies) = (Vec::new(), Vec::new());
    for row in &found {
        users.extend(Row(row).id_opt("actor_user")?);
        companies.extend(Row(row).id_opt("actor_company")?);
    }
    let users = crate::identity::user_names(db, &users).await?;
    let companies = crate::identity::company_names(db, scope.market(), &companies).await?;
    let items = found.iter().map(|r| OrderEvent::of(&Row(r), &users, &companies)).collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// The order's money trail: every journal with its lines.
#[utoipa::path(responses((status = 200, body = Page<JournalView>), (status = 404, body = Problem)), tag = "orders")]
#[get("/orders/{order}/journals")]
async fn order_journals(state: Data<AppState>, signed: Signed, order: Path<String>) -> Result<HttpResponse, Failure> {
    let (db, scope, order) = (state.engine.db(), signed.scope(), id(&order)?);
    read::load(db, &scope, order).await?;
    let found = read::postings(db, &scope, order).await?;
    Ok(HttpResponse::Ok().json(Page::whole(JournalView::all(found.iter().map(Row))?)))
}
