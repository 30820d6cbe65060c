//! Route of the market's activity.

use super::read;
use crate::platform::log::permit_oversight;
use crate::platform::problem::{Failure, Fault, Problem};
use crate::platform::session::Signed;
use crate::platform::web::AppState;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use entrepot_domain::kernel::{Day, Zone};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// Days shown when the caller names no number.
const DAYS: u32 = 365;
/// Days shown at most.
const DAYS_MAX: u32 = 3_660;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(market_activity);
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ActivityQuery {
    /// Market days back from today, 365 unless told, 3,660 at most.
    days: Option<u32>,
}

/// How often one thing happened on one day, and how much money it moved.
#[derive(Serialize, ToSchema)]
struct ActivityRow {
    /// The market's own calendar day, `YYYY-MM-DD`.
    day: String,
    /// A step such as `offer.accept`, or a posting rule such as `P3`.
    what: String,
    /// How often.
    times: i64,
    /// For a posting rule: the sum of debits, minor units.
    minor: Option<String>,
    /// For a posting rule: the currency.
    currency: Option<String>,
}

/// What happened day by day.
#[derive(Serialize, ToSchema)]
struct ActivityView {
    /// First day asked for.
    from: String,
    /// Today in the market.
    today: String,
    /// Sealed events that are not counted yet.
    behind: i64,
    rows: Vec<ActivityRow>,
}

impl From<read::DayRow> for ActivityRow {
    fn from(row: read::DayRow) -> Self {
        let money = !row.currency.is_empty();
        Self {
            day: Day(row.day).to_string(),
            what: row.what,
            times: row.times,
            minor: money.then(|| row.amount.to_string()),
            currency: money.then_some(row.currency),
        }
    }
}

/// Counts of steps and sums of money by market day, as accumulated from the sealed log.
#[utoipa::path(params(ActivityQuery), responses((status = 200, body = ActivityView), (status = 403, body = Problem)), tag = "market")]
#[get("/market/activity")]
async fn market_activity(
    state: Data<AppState>,
    signed: Signed,
    query: Query<ActivityQuery>,
) -> Result<HttpResponse, Failure> {
    permit_oversight(&state.engine, &signed.0, "insight.activity").await?;
    let scope = signed.scope();
    let market = state.engine.market(scope.market()).await?;
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let today = zone.day_of(market.now(state.engine.clock().now()));
    let back = i32::try_from(query.days.unwrap_or(DAYS).clamp(1, DAYS_MAX)).unwrap_or(1);
    let from = today.plus(1 - back);
    let rows = read::days(state.engine.db(), &scope, from.0).await?;
    let behind = read::behind(state.engine.db(), &scope).await?;
    Ok(HttpResponse::Ok().json(ActivityView {
        from: from.to_string(),
        today: today.to_string(),
        behind,
        rows: rows.into_iter().map(ActivityRow::from).collect(),
    }))
}
