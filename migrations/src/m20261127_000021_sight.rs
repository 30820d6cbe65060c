//! The search looks in its own index, so the text that lists looked in goes; what a supplier lists is counted from an index alone.

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000021_sight"
    }
}

/// The column was made from title, SKU and supplier, which all stay.
const STATEMENTS: &[&str] = &[
    "ALTER TABLE product DROP COLUMN search",
    "CREATE INDEX product__range ON product (market_id, supplier_id, listing_state, category)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, STATEMENTS).await
    }
}
