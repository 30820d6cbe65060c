//! The row that a node writes to learn whether its storage keeps writes again.

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000007_storage_probe"
    }
}

const TABLES: &[&str] = &["CREATE TABLE storage_probe (id BIGINT PRIMARY KEY, bytes {BYTES} NOT NULL)"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, TABLES).await
    }
}
