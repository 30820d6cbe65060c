//! Whether an order was ever offered: until then it concerns its drafter alone, even once it was thrown away.

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000011_offered"
    }
}

const CHANGES: &[&str] = &[
    "ALTER TABLE trade_order ADD COLUMN offered BIGINT NOT NULL DEFAULT 1",
    "UPDATE trade_order SET offered = 0 WHERE status = 'draft' OR (status = 'cancelled' AND state LIKE '%\"offer\":null%')",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, CHANGES).await
    }
}
