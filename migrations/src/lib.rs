//! Forward-only schema steps, written once for SQLite and PostgreSQL.
//!
//! Rules: `market_id` leads every key of market data (one market's rows are one shard); money, rates and times are
//! `BIGINT`; enums are `TEXT` with a `CHECK`; books and log are append-only by trigger. Nothing here ever drops data that is
//! not made from other data. Each step
//! runs in one transaction on both engines, so that a crash leaves it done or not begun.

mod append_only;
mod m20261123_000001_identity;
mod m20261123_000002_log_and_books;
mod m20261123_000003_market;
mod m20261123_000004_trade;
mod m20261123_000005_accounts;
mod m20261123_000006_insight;
mod m20261126_000001_sealing_order;
mod m20261126_000007_storage_probe;
mod m20261126_000010_agreement;
mod m20261126_000011_offered;
mod m20261126_000012_card;
mod m20261126_000014_sourcing;
mod m20261126_000015_inquiry;
mod m20261127_000016_proof;
mod m20261127_000018_notices;
mod m20261127_000019_goods;
mod m20261127_000020_stock;
mod m20261127_000021_sight;
mod m20261127_000022_asked;
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
            Box::new(m20261126_000001_sealing_order::Migration),
            Box::new(m20261126_000007_storage_probe::Migration),
            Box::new(m20261126_000010_agreement::Migration),
            Box::new(m20261126_000011_offered::Migration),
            Box::new(m20261126_000012_card::Migration),
            Box::new(m20261126_000014_sourcing::Migration),
            Box::new(m20261126_000015_inquiry::Migration),
            Box::new(m20261127_000016_proof::Migration),
            Box::new(m20261127_000018_notices::Migration),
            Box::new(m20261127_000019_goods::Migration),
            Box::new(m20261127_000020_stock::Migration),
            Box::new(m20261127_000021_sight::Migration),
            Box::new(m20261127_000022_asked::Migration),
        ]
    }
}
