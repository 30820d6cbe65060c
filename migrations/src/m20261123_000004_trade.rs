//! Orders, their conversation and files.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000004_trade"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE trade_order (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, number TEXT NOT NULL, buyer_id {ID} NOT NULL,
        seller_id {ID} NOT NULL, drafter_id {ID} NOT NULL, status TEXT NOT NULL, phase TEXT NOT NULL, currency TEXT NOT NULL,
        total BIGINT NOT NULL, paid BIGINT NOT NULL, held BIGINT NOT NULL, released BIGINT NOT NULL, refunded BIGINT NOT NULL,
        title TEXT NOT NULL, updated_at BIGINT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (market_id, id), CONSTRAINT trade_order__number UNIQUE (market_id, number),
        CONSTRAINT trade_order__sums CHECK (paid = held + released + refunded AND paid <= total),
        FOREIGN KEY (market_id, buyer_id) REFERENCES company (market_id, id),
        FOREIGN KEY (market_id, seller_id) REFERENCES company (market_id, id))",
    "CREATE INDEX trade_order__buyer ON trade_order (market_id, buyer_id, updated_at, id)",
    "CREATE INDEX trade_order__seller ON trade_order (market_id, seller_id, updated_at, id)",
    "CREATE INDEX trade_order__recent ON trade_order (market_id, updated_at, id)",
    "CREATE TABLE message (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, order_id {ID} NOT NULL, at BIGINT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (market_id, id), FOREIGN KEY (market_id, order_id) REFERENCES trade_order (market_id, id))",
    "CREATE INDEX message__order ON message (market_id, order_id, at, id)",
    "CREATE TABLE file (
        market_id {ID} NOT NULL, id {ID} NOT NULL, order_id {ID} NOT NULL, company_id {ID}, user_id {ID} NOT NULL, name TEXT NOT NULL,
        content_type TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (market_id, id))",
    "CREATE INDEX file__order ON file (market_id, order_id)",
];

const APPEND_ONLY: &[&str] = &[];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, TABLES).await?;
        for table in APPEND_ONLY {
            append_only::protect(manager, table).await?;
        }
        Ok(())
    }
}
