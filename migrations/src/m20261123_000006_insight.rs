//! Where jobs stand in the log, and what they add up.

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000006_insight"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE job_cursor (
        market_id {ID} NOT NULL, job TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (market_id, job)){CLUSTERED}",
    "CREATE TABLE market_day (
        market_id {ID} NOT NULL, day BIGINT NOT NULL, what TEXT NOT NULL, currency TEXT NOT NULL, times BIGINT NOT NULL,
        amount BIGINT NOT NULL, PRIMARY KEY (market_id, day, what, currency)){CLUSTERED}",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, TABLES).await
    }
}
