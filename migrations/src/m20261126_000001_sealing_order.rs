//! The order in which committed events wait for their seal: a counter taken while the command's locks are held, so that
//! what depends on something comes after it, whatever the nodes' clocks say (TIME-3).

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000001_sealing_order"
    }
}

/// Nothing waits where one writer seals in the command's own transaction.
const ONE_WRITER: &str = "ALTER TABLE unsealed ADD COLUMN place BIGINT NOT NULL DEFAULT 0";
const MANY_WRITERS: &[&str] = &[
    "ALTER TABLE unsealed ADD COLUMN place BIGINT GENERATED ALWAYS AS IDENTITY",
    "CREATE INDEX unsealed__place ON unsealed (market_id, place)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if sql::is_sqlite(manager) {
            sql::run(manager, &[ONE_WRITER]).await
        } else {
            sql::run(manager, MANY_WRITERS).await
        }
    }
}
