//! Forward-only schema steps, written once for SQLite and PostgreSQL.
//!
//! Rules: `market_id` leads every key of market data (one market's rows are one shard); money, rates and times are
//! `BIGINT`; enums are `TEXT` with a `CHECK`; books and log are append-only by trigger. Nothing here ever drops data.

mod append_only;
mod m20261123_000001_identity;
mod m20261123_000002_log_and_books;
mod m20261123_000003_market;
mod m20261123_000004_trade;
mod m20261123_000005_accounts;
mod m20261123_000006_insight;
mod sql;

pub use sea_orm_migration::prelude::*;

/// All steps in the order in which they run.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_identity::Migration),
            Box::new(m20261123_000002_log_and_books::Migration),
            Box::new(m20261123_000003_market::Migration),
            Box::new(m20261123_000004_trade::Migration),
            Box::new(m20261123_000005_accounts::Migration),
            Box::new(m20261123_000006_insight::Migration),
        ]
    }
}
