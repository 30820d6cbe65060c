//! How soon a seller answers: one indexed read, folded by the domain.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use entrepot_domain::inquiry::{CLOCK_DAYS, Exchange, ResponseClock};
use entrepot_domain::kernel::MarketTime;

/// Inquiries looked at, the newest: a seller with more is described by them well enough.
const LOOKED_AT: u32 = 1_000;

/// The first-response clock of a seller.
pub async fn response(db: &Database, scope: &Scope, seller: u128, now: MarketTime) -> Result<ResponseClock, Fault> {
    let sql = format!(
        "SELECT opened_at, answered_at, closed_at FROM inquiry WHERE market_id = $1 AND seller_id = $2 AND opened_at >= $3 \
         ORDER BY opened_at DESC LIMIT {LOOKED_AT}"
    );
    let from = now.plus_days(-CLOCK_DAYS);
    let found = rows::query(db.read(), sql, vec![rows::id(scope.market()), rows::id(seller), from.0.into()]).await?;
    let exchange = |row: &Row| -> Result<Exchange, Fault> {
        Ok(Exchange {
            opened_at: MarketTime(row.try_get("", "opened_at")?),
            answered_at: row.try_get::<Option<i64>>("", "answered_at")?.map(MarketTime),
            closed_at: row.try_get::<Option<i64>>("", "closed_at")?.map(MarketTime),
        })
    };
    let exchanges = found.iter().map(exchange).collect::<Result<Vec<_>, _>>()?;
    Ok(ResponseClock::of(&exchanges, now))
}
