//! Makes a step of an order lighter to write: what was agreed is kept apart from the order's row, once under the hash of
//! its text, and an index nobody needs goes.
//!
//! Orders written before carry their terms in their state until their next step.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000010_agreement"
    }
}

const CHANGES: &[&str] = &[
    "CREATE TABLE agreement (
        market_id {ID} NOT NULL, hash {BYTES} NOT NULL, body TEXT NOT NULL, PRIMARY KEY (market_id, hash))",
    "ALTER TABLE trade_order ADD COLUMN agreement {BYTES}",
    // An order's journals are found through its events; each index more costs a page of its own with every command.
    "DROP INDEX journal__order",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, CHANGES).await?;
        append_only::protect(manager, "agreement").await
    }
}
