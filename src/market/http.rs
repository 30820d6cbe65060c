//! Routes of the market: what it is, its clock, era and capabilities, and the live stream.

use super::commands::{ClockMove, MarketReceipt, MoveClock, SwitchCapability, SwitchEra};
use super::words;
use crate::platform::access::Actor;
use crate::platform::engine::{Command, MarketState, Request};
use crate::platform::log::permit_oversight;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::rows;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, parse};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get, post};
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::market::{Capability, Era, RuleParams, brings};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_market).service(move_clock).service(switch_era).service(switch_capability);
}

/// One thing a market can do.
#[derive(Serialize, ToSchema)]
struct CapabilityView {
    #[schema(value_type = words::Capability)]
    name: String,
    on: bool,
    /// The era that brings it.
    #[schema(value_type = words::Era)]
    era: String,
}

/// The market's clock.
#[derive(Serialize, ToSchema)]
struct ClockView {
    /// Market time.
    #[schema(format = DateTime)]
    now: String,
    /// Market seconds per real second, in millionths.
    rate_ppm: i64,
    paused: bool,
}

/// A market as its seats see it.
#[derive(Serialize, ToSchema)]
struct MarketView {
    id: String,
    name: String,
    #[schema(value_type = words::Era)]
    era: String,
    clock: ClockView,
    /// Market time at which the next deadline of any order strikes.
    #[schema(format = DateTime, required = true)]
    next_deadline: Option<String>,
    /// IANA name; days end in it.
    time_zone: String,
    capabilities: Vec<CapabilityView>,
    /// Rule parameters for new orders, by name.
    #[schema(value_type = BTreeMap<String, i64>)]
    params: RuleParams,
    /// True when anybody on this machine may sign in as a demo user.
    demo: bool,
}

async fn next_deadline(state: &AppState, market: u128) -> Result<Option<MarketTime>, Failure> {
    let sql = "SELECT due_at FROM deadline WHERE market_id = $1 ORDER BY due_at LIMIT 1";
    let row = rows::query_one(state.engine.db().read(), sql, vec![rows::id(market)]).await?;
    Ok(row.map(|r| r.try_get::<i64>("", "due_at")).transpose()?.map(MarketTime))
}

fn view(state: &AppState, id: u128, market: &MarketState, next: Option<MarketTime>) -> Result<MarketView, Failure> {
    let capabilities = Capability::ALL
        .iter()
        .map(|c| CapabilityView { name: c.to_string(), on: market.capabilities.has(*c), era: brings(*c).to_string() })
        .collect();
    Ok(MarketView {
        id: format!("{id:032x}"),
        name: market.name.clone(),
        era: market.era.to_string(),
        clock: ClockView {
            now: market.now(state.engine.clock().now()).to_string(),
            rate_ppm: market.clock.rate_ppm,
            paused: market.clock.paused,
        },
        next_deadline: next.map(|t| t.to_string()),
        time_zone: market.time_zone.clone(),
        capabilities,
        params: market.params,
        demo: state.config.demo,
    })
}

/// The market of the caller's seat.
#[utoipa::path(responses((status = 200, body = MarketView), (status = 401, body = Problem)), tag = "market")]
#[get("/market")]
async fn show_market(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    let id = signed.0.market;
    let market = state.engine.market(id).await?;
    Ok(HttpResponse::Ok().json(view(&state, id, &market, next_deadline(&state, id).await?)?))
}

/// What to do with the clock.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ClockAction {
    Pause,
    Resume,
    SetRate,
    Advance,
    NextDeadline,
}

/// Moves the clock.
#[derive(Deserialize, ToSchema)]
#[schema(as = ClockChange)]
#[serde(deny_unknown_fields)]
struct ClockBody {
    action: ClockAction,
    /// For `set_rate`: market seconds per real second, in millionths.
    rate_ppm: Option<i64>,
    /// For `advance`: `1h`, `1d`, `30d`.
    by: Option<String>,
    /// For `advance`: the market instant to go to.
    #[schema(format = DateTime)]
    to: Option<String>,
}

fn duration(text: &str) -> Result<i64, Refusal> {
    let refused = || Refusal::invalid("Give a span such as 1h or 30d.").field("/by", "malformed", "not a span");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(refused)?;
    let seconds = match unit {
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(refused()),
    };
    let count: i64 = number.parse().map_err(|_| refused())?;
    let span =
        count.checked_mul(seconds).and_then(|s| s.checked_mul(1_000_000)).filter(|s| *s <= 3_660 * 86_400_000_000);
    span.ok_or_else(refused)
}

async fn change(state: &AppState, market: u128, body: ClockBody) -> Result<ClockMove, Failure> {
    let missing = |field: &str| {
        Refusal::invalid("A field is missing.").field(format!("/{field}"), "missing", "needed for this action")
    };
    let instant = |to: String| -> Result<MarketTime, Refusal> {
        serde_json::from_value(json!(to))
            .map_err(|_| Refusal::invalid("Give an RFC 3339 instant.").field("/to", "malformed", "not an instant"))
    };
    // Read whatever the action is: a field that is wrong is told of, even where it would not matter.
    let (by, to) = (body.by.as_deref().map(duration).transpose()?, body.to.map(instant).transpose()?);
    Ok(match body.action {
        ClockAction::Pause => ClockMove::Pause,
        ClockAction::Resume => ClockMove::Resume,
        ClockAction::SetRate => ClockMove::Rate(body.rate_ppm.ok_or_else(|| missing("rate_ppm"))?),
        ClockAction::Advance => match (by, to) {
            (Some(by), None) => ClockMove::By(by),
            (None, Some(to)) => ClockMove::To(to),
            (None, None) | (Some(_), Some(_)) => return Err(missing("by").into()),
        },
        ClockAction::NextDeadline => {
            let next = next_deadline(state, market).await?;
            ClockMove::To(
                next.ok_or_else(|| Refusal::new(409, "market.no_deadline", "Nothing is due in this market."))?,
            )
        }
    })
}

/// What moving the clock answers.
#[derive(Serialize, ToSchema)]
struct ClockReceipt {
    /// Market time.
    #[schema(format = DateTime)]
    now: String,
    /// Deadlines that fired on the way.
    executed: u64,
}

/// Moves the market's clock and fires the deadlines passed on the way.
#[utoipa::path(request_body = ClockBody, responses((status = 200, body = ClockReceipt), (status = 403, body = Problem), (status = 409, body = Problem)), tag = "market")]
#[post("/market/clock")]
async fn move_clock(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    let market = signed.0.market;
    // Judged before anything is read, so that a stranger learns nothing about deadlines.
    permit_oversight(&state.engine, &signed.0, "clock.advance").await?;
    let change = change(&state, market, parse(&body)?).await?;
    state.engine.execute(Request::new(signed.0, MoveClock { market, change })).await?;
    let executed = state.engine.run_due(market).await?;
    let now = state.engine.market(market).await?.now(state.engine.clock().now());
    Ok(HttpResponse::Ok().json(ClockReceipt { now: now.to_string(), executed }))
}

/// Switches the era.
#[derive(Deserialize, ToSchema)]
#[schema(as = EraSwitch)]
#[serde(deny_unknown_fields)]
struct EraBody {
    #[schema(value_type = words::Era)]
    era: String,
}

/// Switches the market to an era's preset of capabilities.
#[utoipa::path(request_body = EraBody, responses((status = 200, body = MarketReceipt), (status = 403, body = Problem)), tag = "market")]
#[post("/market/era")]
async fn switch_era(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    let market = signed.0.market;
    permit_oversight(&state.engine, &signed.0, "era.switch").await?;
    let body: EraBody = parse(&body)?;
    let era = Era::parse(&body.era)
        .ok_or_else(|| Refusal::invalid("There is no such era.").field("/era", "unknown", "1.0, 2.0 or 3.0"))?;
    run(&state, signed.0, SwitchEra { market, era }).await
}

/// Switches one capability.
#[derive(Deserialize, ToSchema)]
#[schema(as = CapabilitySwitch)]
#[serde(deny_unknown_fields)]
struct CapabilityBody {
    #[schema(value_type = words::Capability)]
    name: String,
    on: bool,
}

/// Switches one capability on top of the era.
#[utoipa::path(request_body = CapabilityBody, responses((status = 200, body = MarketReceipt), (status = 403, body = Problem)), tag = "market")]
#[post("/market/capabilities")]
async fn switch_capability(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    let market = signed.0.market;
    permit_oversight(&state.engine, &signed.0, "capability.switch").await?;
    let body: CapabilityBody = parse(&body)?;
    let unknown = || {
        Refusal::new(422, "market.unknown_capability", "There is no such capability.").field(
            "/name",
            "unknown",
            "not in the table",
        )
    };
    let capability = Capability::parse(&body.name).ok_or_else(unknown)?;
    run(&state, signed.0, SwitchCapability { market, capability, on: body.on }).await
}

async fn run(state: &AppState, actor: Actor, command: impl Command + 'static) -> Result<HttpResponse, Failure> {
    Ok(answer(&state.engine.execute(Request::new(actor, command)).await?))
}
