//! The tenant: a market's era, capabilities, clock and rules, loaded with every command.

use super::overlay::{AnyState, Key, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::{MarketTime, RealTime};
use entrepot_domain::market::{Capabilities, ClockState, Era, RuleParams};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The kind of the market aggregate.
pub const MARKET: &str = "market";

/// A market as the door knows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MarketState {
    /// Display name.
    pub name: String,
    /// The era preset last chosen.
    pub era: Era,
    /// What is switched on, after single switches.
    pub capabilities: Capabilities,
    /// Where market time stands.
    pub clock: ClockState,
    /// IANA name of the zone in which days end (ruling: Asia/Shanghai by default).
    pub time_zone: String,
    /// Deadlines, fees and limits for new orders.
    pub params: RuleParams,
    /// Recorded time of the last sealed event, real microseconds: real time counts as no earlier (TIME-3). Not part of
    /// the stored state; 0 until it is loaded.
    #[serde(skip)]
    pub recorded: i64,
}

impl MarketState {
    /// The aggregate key of a market.
    pub fn key(market: u128) -> Key {
        Key { kind: MARKET, id: market }
    }

    /// Market time at a moment of real time. A machine whose clock was set back does not set the market back (TIME-4).
    pub fn now(&self, real: i64) -> MarketTime {
        let earliest = if sabotage::skips(Guard::OneWayTime) { i64::MIN } else { self.recorded };
        self.clock.now(RealTime(real.max(earliest)))
    }
}

/// Stores markets.
pub struct MarketStore;

const TABLE: Table = Table { name: "market", columns: &["market_id", "version", "name", "state"], key: &["market_id"] };

fn parse(row: &QueryResult) -> Result<(i64, MarketState), Fault> {
    let state: String = row.try_get("", "state")?;
    let mut state: MarketState = serde_json::from_str(&state)?;
    state.recorded = row.try_get::<Option<i64>>("", "recorded")?.unwrap_or(0);
    Ok((row.try_get("", "version")?, state))
}

/// A market with the recorded time of its last sealed event; written so that there is one way to it, from key to key.
const SELECT: &str = "SELECT version, state, (SELECT e.recorded_at FROM event e WHERE e.market_id = m.market_id AND e.id = \
    (SELECT s.event_id FROM sealed s WHERE s.market_id = m.market_id ORDER BY s.seq DESC LIMIT 1)) AS recorded \
    FROM market m WHERE m.market_id = $1";

pub(super) async fn load(db: &impl ConnectionTrait, market: u128) -> Result<Option<Arc<MarketState>>, Fault> {
    let row = rows::query_one(db, SELECT, vec![rows::id(market)]).await?;
    row.map(|r| parse(&r).map(|(_, state)| Arc::new(state))).transpose()
}

#[async_trait::async_trait]
impl Store for MarketStore {
    fn kind(&self) -> &'static str {
        MARKET
    }

    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        _ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let lock = if lock.is_empty() { "" } else { " FOR UPDATE OF m" };
        let row = rows::query_one(tx, format!("{SELECT}{lock}"), vec![rows::id(market)]).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let (version, state) = parse(&row)?;
        Ok(vec![(market, version, Arc::new(state))])
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * 4);
        for row in saved {
            let state = row.state.downcast_ref::<MarketState>().ok_or_else(|| Fault::new("not a market"))?;
            values.extend([
                rows::id(row.market),
                row.version.into(),
                state.name.clone().into(),
                serde_json::to_string(state)?.into(),
            ]);
        }
        rows::upsert(tx, &TABLE, values).await
    }
}
