//! Orders as rows: the aggregate as one JSON column, what is listed or guarded as columns, what was agreed apart.

mod agreed;
mod recorded;

use super::commands::never_offered;
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::kernel::Side;
use entrepot_domain::trade::{Order, Plan};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use std::sync::Arc;

pub use agreed::Agreed;
pub use recorded::{Broken, Recorded, Records};

/// The kind of an order.
pub const ORDER: &str = "order";

/// An order with the market time of its last change.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The order.
    pub order: Order,
    /// Market time, microseconds.
    pub updated_at: i64,
    /// Where its terms and rules are stored, as they were loaded.
    pub agreed: Option<Agreed>,
}

/// Stores orders.
pub struct OrderStore;

const TABLE_NAME: &str = "trade_order";

const TABLE: Table = Table {
    name: TABLE_NAME,
    columns: &[
        "market_id",
        "id",
        "version",
        "number",
        "buyer_id",
        "seller_id",
        "drafter_id",
        "status",
        "phase",
        "currency",
        "total",
        "paid",
        "held",
        "released",
        "refunded",
        "title",
        "updated_at",
        "state",
        "agreement",
        "offered",
    ],
    key: &["market_id", "id"],
};

/// Given by the first draft for good; its counterparty may still change.
const FIXED: &[&str] = &["number", "drafter_id"];

/// Columns that [`load_rows`] builds an order from.
pub const COLUMNS: &str = "id, version, state, updated_at, agreement";

/// Builds orders from rows with [`COLUMNS`].
pub async fn load_rows(db: &impl ConnectionTrait, market: u128, found: &[QueryResult]) -> Result<Vec<Stored>, Fault> {
    agreed::complete(db, market, found).await
}

fn values(saved: &Saved, agreement: [u8; 32]) -> Result<[Value; 20], Fault> {
    let stored = saved.state.downcast_ref::<Stored>().ok_or_else(|| Fault::new("not an order"))?;
    let order = &stored.order;
    let terms = order.terms.as_ref().ok_or_else(|| Fault::new("an order without terms"))?;
    let drafter = match order.drafter {
        Side::Buyer => terms.buyer.0,
        Side::Seller => terms.seller.0,
    };
    // Before agreement the order has no total of its own; lists show what the terms add up to.
    let total = if order.total > 0 { order.total } else { Plan::of(terms).map_or(0, |plan| plan.total) };
    Ok([
        rows::id(saved.market),
        rows::id(saved.id),
        saved.version.into(),
        order.number.as_ref().into(),
        rows::id(terms.buyer.0),
        rows::id(terms.seller.0),
        rows::id(drafter),
        order.status.as_str().into(),
        order.phase().as_str().into(),
        terms.currency.code().into(),
        total.into(),
        order.money.paid.into(),
        order.money.held.into(),
        order.money.released.into(),
        order.money.refunded.into(),
        terms.title().into(),
        stored.updated_at.into(),
        serde_json::to_string(&Order { terms: None, rules: None, ..order.clone() })?.into(),
        agreement.to_vec().into(),
        i64::from(!never_offered(order)).into(),
    ])
}

#[async_trait::async_trait]
impl Store for OrderStore {
    fn kind(&self) -> &'static str {
        ORDER
    }

    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
        let suffix = if lock.is_empty() { String::new() } else { format!("ORDER BY id{lock}") };
        let found = rows::select_in(tx, COLUMNS, TABLE_NAME, &["market_id", "id"], keys, &suffix).await?;
        let orders = load_rows(tx, market, &found).await?;
        let named = |(row, stored): (&QueryResult, Stored)| {
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(stored) as AnyState))
        };
        found.iter().zip(orders).map(named).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut all = Vec::with_capacity(saved.len() * TABLE.columns.len());
        for (row, agreement) in saved.iter().zip(agreed::save(tx, saved).await?) {
            all.extend(values(row, agreement)?);
        }
        rows::upsert_but(tx, &TABLE, FIXED, all).await
    }
}
