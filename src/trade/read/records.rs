//! Trade records of sellers, and whose may have changed.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::trade::ORDER;
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::trade::{Order, RECORD_DAYS, TradeRecord};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::BTreeSet;

/// Orders looked at for a record, the last changed: a seller with more is described by them well enough.
const RECORD_ORDERS: u32 = 1_000;
/// Events of the log looked at in one statement.
const EVENTS: i64 = 5_000;

/// How a seller's orders went, as of `now`.
pub async fn record_of(
    db: &impl ConnectionTrait,
    market: u128,
    seller: u128,
    now: MarketTime,
) -> Result<TradeRecord, Fault> {
    let sql = format!(
        "SELECT state, updated_at FROM trade_order WHERE market_id = $1 AND seller_id = $2 AND updated_at >= $3 \
         AND offered = 1 ORDER BY updated_at DESC, id DESC LIMIT {RECORD_ORDERS}"
    );
    let from = now.plus_days(-RECORD_DAYS);
    let found = rows::query(db, sql, vec![rows::id(market), rows::id(seller), from.0.into()]).await?;
    let order = |row: &QueryResult| -> Result<(Order, MarketTime), Fault> {
        let state: String = row.try_get("", "state")?;
        Ok((serde_json::from_str(&state)?, MarketTime(row.try_get("", "updated_at")?)))
    };
    let orders = found.iter().map(order).collect::<Result<Vec<_>, _>>()?;
    Ok(TradeRecord::of(orders.iter().map(|(order, at)| (order, *at)), now))
}

fn sellers(found: &[QueryResult]) -> Result<BTreeSet<u128>, Fault> {
    found.iter().map(|row| rows::get_id(row, "seller_id")).collect()
}

/// Sellers of a market with an order that changed at `from` or later.
pub async fn sellers_since(db: &Database, market: u128, from: MarketTime) -> Result<BTreeSet<u128>, Fault> {
    let sql = "SELECT DISTINCT seller_id FROM trade_order WHERE market_id = $1 AND updated_at >= $2 AND offered = 1";
    sellers(&rows::query(db.read(), sql, vec![rows::id(market), from.0.into()]).await?)
}

/// Sellers of the orders that the log of a market changed behind `after`, up to and including `until`.
pub async fn sellers_moved(db: &Database, market: u128, after: i64, until: i64) -> Result<BTreeSet<u128>, Fault> {
    let sql = "SELECT DISTINCT o.seller_id FROM sealed s JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id \
        JOIN trade_order o ON o.market_id = e.market_id AND o.id = e.subject_id \
        WHERE s.market_id = $1 AND s.seq > $2 AND s.seq <= $3 AND e.subject_kind = $4";
    let (mut moved, mut from) = (BTreeSet::new(), after);
    while from < until {
        let to = from.saturating_add(EVENTS).min(until);
        let values = vec![rows::id(market), from.into(), to.into(), ORDER.into()];
        moved.extend(sellers(&rows::query(db.read(), sql, values).await?)?);
        from = to;
    }
    Ok(moved)
}
