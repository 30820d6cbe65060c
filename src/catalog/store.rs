//! Writes products: the listing as JSON, with the columns lists filter by.

use super::listing::{Listing, PRODUCT};
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use sea_orm::{DatabaseTransaction, QueryResult, Value};
use std::sync::Arc;

/// Stores products.
pub struct ProductStore;

const TABLE: Table = Table {
    name: "product",
    columns: &["market_id", "id", "version", "supplier_id", "sku", "title", "category", "search", "state"],
    key: &["market_id", "id"],
};

/// Reads the `state` column.
pub fn parse(row: &QueryResult) -> Result<Listing, Fault> {
    let state: String = row.try_get("", "state")?;
    Ok(serde_json::from_str(&state)?)
}

#[async_trait::async_trait]
impl Store for ProductStore {
    fn kind(&self) -> &'static str {
        PRODUCT
    }

    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
        let found = rows::select_in(tx, "id, version, state", PRODUCT, &["market_id", "id"], keys, lock).await?;
        let read = |row: &QueryResult| {
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(parse(row)?) as AnyState))
        };
        found.iter().map(read).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * TABLE.columns.len());
        for row in saved {
            let listing = row.state.downcast_ref::<Listing>().ok_or_else(|| Fault::new("not a product"))?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(listing.product.supplier.0),
                listing.product.sku.clone().into(),
                listing.product.title.clone().into(),
                listing.category.clone().into(),
                listing.search().into(),
                serde_json::to_string(listing)?.into(),
            ]);
        }
        rows::upsert(tx, &TABLE, values).await
    }
}
