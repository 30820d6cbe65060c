//! How soon sellers answer: one indexed read each, folded by the domain.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use entrepot_domain::inquiry::{CLOCK_DAYS, Exchange, ResponseClock};
use entrepot_domain::kernel::MarketTime;
use std::collections::HashMap;

/// Inquiries looked at, the newest: a seller with more is described by them well enough.
const LOOKED_AT: u32 = 1_000;

/// One seller's inquiries, the newest first; `seller` is the number of its parameter.
fn exchanges(seller: usize) -> String {
    format!(
        "SELECT seller_id, opened_at, answered_at, closed_at FROM inquiry WHERE market_id = $1 AND seller_id = ${seller} \
         AND opened_at >= $2 ORDER BY opened_at DESC LIMIT {LOOKED_AT}"
    )
}

fn exchange(row: &Row) -> Result<Exchange, Fault> {
    Ok(Exchange {
        opened_at: MarketTime(row.try_get("", "opened_at")?),
        answered_at: row.try_get::<Option<i64>>("", "answered_at")?.map(MarketTime),
        closed_at: row.try_get::<Option<i64>>("", "closed_at")?.map(MarketTime),
    })
}

/// The first-response clock of a seller.
pub async fn response(db: &Database, scope: &Scope, seller: u128, now: MarketTime) -> Result<ResponseClock, Fault> {
    let clocks = responses(db, scope, &[seller], now).await?;
    Ok(clocks.get(&seller).copied().unwrap_or_else(|| ResponseClock::of(&[], now)))
}

/// The clocks of a page of sellers (each once), each of its own newest inquiries; who was asked nothing is absent. One statement.
pub async fn responses(
    db: &Database,
    scope: &Scope,
    sellers: &[u128],
    now: MarketTime,
) -> Result<HashMap<u128, ResponseClock>, Fault> {
    if sellers.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values = vec![rows::id(scope.market()), now.plus_days(-CLOCK_DAYS).0.into()];
    values.extend(sellers.iter().map(|id| rows::id(*id)));
    let parts: Vec<String> = (0..sellers.len()).map(|n| format!("SELECT * FROM ({}) q{n}", exchanges(n + 3))).collect();
    let mut found: HashMap<u128, Vec<Exchange>> = HashMap::new();
    for row in rows::query(db.read(), parts.join(" UNION ALL "), values).await? {
        found.entry(rows::get_id(&row, "seller_id")?).or_default().push(exchange(&row)?);
    }
    Ok(found.into_iter().map(|(seller, exchanges)| (seller, ResponseClock::of(&exchanges, now))).collect())
}
