//! Messages as written rows.

use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

/// The kind of a message.
pub const MESSAGE: &str = "message";

/// One message of an order's conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// The order.
    pub order: String,
    /// Who wrote it.
    pub user: String,
    /// The writer's company.
    pub company: String,
    /// What was written.
    pub text: String,
    /// Files it names.
    pub files: Vec<String>,
    /// Market time, microseconds.
    pub at: i64,
}

/// Stores messages.
pub struct MessageStore;

const TABLE: Table = Table {
    name: "message",
    columns: &["market_id", "id", "version", "order_id", "at", "state"],
    key: &["market_id", "id"],
};

#[async_trait::async_trait]
impl Store for MessageStore {
    fn kind(&self) -> &'static str {
        MESSAGE
    }

    async fn load(
        &self,
        _: &DatabaseTransaction,
        _: u128,
        _: &[u128],
        _: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        Ok(Vec::new())
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values = Vec::with_capacity(saved.len() * 6);
        for row in saved {
            let message = row.state.downcast_ref::<Message>().ok_or_else(|| Fault::new("not a message"))?;
            let order = u128::from_str_radix(&message.order, 16).map_err(|e| Fault::new(e.to_string()))?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(order),
                message.at.into(),
                serde_json::to_string(message)?.into(),
            ]);
        }
        rows::upsert(tx, &TABLE, values).await
    }
}
