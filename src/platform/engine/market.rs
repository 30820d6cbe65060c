//! The tenant: a market's era, capabilities, clock and rules, loaded with every command.

use super::overlay::{AnyState, Key, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
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
}

impl MarketState {
    /// The aggregate key of a market.
    pub fn key(market: u128) -> Key {
        Key { kind: MARKET, id: market }
    }

    /// Market time at a moment of real time.
    pub fn now(&self, real: i64) -> MarketTime {
        self.clock.now(RealTime(real))
    }
}

/// Stores markets.
pub struct MarketStore;

const TABLE: Table = Table { name: "market", columns: &["market_id", "version", "name", "state"], key: &["market_id"] };

fn parse(row: &QueryResult) -> Result<(i64, MarketState), Fault> {
    let state: String = row.try_get("", "state")?;
    Ok((row.try_get("", "version")?, serde_json::from_str(&state)?))
}

pub(super) async fn load(db: &impl ConnectionTrait, market: u128) -> Result<Option<Arc<MarketState>>, Fault> {
    let row =
        rows::query_one(db, "SELECT version, state FROM market WHERE market_id = $1", vec![rows::id(market)]).await?;
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
        let sql = format!("SELECT version, state FROM market WHERE market_id = $1{lock}");
        let row = rows::query_one(tx, sql, vec![rows::id(market)]).await?;
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
