//! Writes stocks: the row by condition on its version, and the change that led to it into the log of changes.

use super::shelf::{Entry, STOCK, Shelf};
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row, Table};
use entrepot_domain::catalog::Stock;
use entrepot_domain::kernel::Quantity;
use sea_orm::{DatabaseTransaction, Value};
use std::sync::Arc;

/// Stores stocks.
pub struct StockStore;

const TABLE: Table = Table {
    name: "stock",
    columns: &["market_id", "id", "version", "supplier_id", "on_hand", "reserved"],
    key: &["market_id", "id"],
};

const MOVES: Table = Table {
    name: "stock_move",
    columns: &[
        "market_id",
        "product_id",
        "no",
        "event_id",
        "reason",
        "order_id",
        "on_hand_delta",
        "reserved_delta",
        "on_hand",
        "reserved",
        "note",
        "at",
    ],
    key: &[],
};

/// Reads the columns `on_hand` and `reserved`.
pub(super) fn stock(row: &Row) -> Result<Stock, Fault> {
    let (on_hand, reserved) = (row.try_get("", "on_hand")?, row.try_get("", "reserved")?);
    Ok(Stock { on_hand: Quantity(on_hand), reserved: Quantity(reserved) })
}

fn move_row(saved: &Saved, shelf: &Shelf, entry: &Entry) -> [Value; 12] {
    [
        rows::id(saved.market),
        rows::id(saved.id),
        saved.version.into(),
        rows::id(entry.event),
        entry.moved.reason.as_str().into(),
        rows::id_opt(entry.moved.order.map(|order| order.0)),
        entry.moved.on_hand.into(),
        entry.moved.reserved.into(),
        shelf.stock.on_hand.0.into(),
        shelf.stock.reserved.0.into(),
        entry.note.clone().into(),
        entry.at.into(),
    ]
}

#[async_trait::async_trait]
impl Store for StockStore {
    fn kind(&self) -> &'static str {
        STOCK
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
        let columns = "id, version, supplier_id, on_hand, reserved";
        let found = rows::select_in(tx, columns, TABLE.name, TABLE.key, keys, &suffix).await?;
        let read = |row: &Row| {
            let shelf = Shelf { supplier: rows::get_id(row, "supplier_id")?, stock: stock(row)?, last: None };
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(shelf) as AnyState))
        };
        found.iter().map(read).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * TABLE.columns.len());
        let mut moves: Vec<Value> = Vec::with_capacity(saved.len() * MOVES.columns.len());
        for row in saved {
            let shelf = row.state.downcast_ref::<Shelf>().ok_or_else(|| Fault::new("not a stock"))?;
            let entry = shelf.last.as_ref().ok_or_else(|| Fault::new("a stock without the change that led to it"))?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(shelf.supplier),
                shelf.stock.on_hand.0.into(),
                shelf.stock.reserved.0.into(),
            ]);
            moves.extend(move_row(row, shelf, entry));
        }
        let written = rows::upsert(tx, &TABLE, values).await?;
        if written == u64::try_from(saved.len()).unwrap_or(u64::MAX) {
            rows::insert(tx, &MOVES, moves).await?;
        }
        Ok(written)
    }
}
