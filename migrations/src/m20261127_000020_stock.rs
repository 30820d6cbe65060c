//! Ready stock: what lies at suppliers, what of it is kept for orders, and the log of every change.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000020_stock"
    }
}

/// The walls behind the rules: nothing below zero, nothing kept that is not there. Each version of a stock has its row in the
/// log of changes, numbered like it.
const STATEMENTS: &[&str] = &[
    "CREATE TABLE stock (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, supplier_id {ID} NOT NULL,
        on_hand BIGINT NOT NULL, reserved BIGINT NOT NULL, PRIMARY KEY (market_id, id),
        CONSTRAINT stock__reserved CHECK (reserved >= 0),
        CONSTRAINT stock__available CHECK (on_hand - reserved >= 0),
        FOREIGN KEY (market_id, id) REFERENCES product (market_id, id))",
    "CREATE INDEX stock__supplier ON stock (market_id, supplier_id)",
    "CREATE TABLE stock_move (
        market_id {ID} NOT NULL, product_id {ID} NOT NULL, no BIGINT NOT NULL, event_id {ID} NOT NULL, reason TEXT NOT NULL
        CONSTRAINT stock_move__reason CHECK (reason IN ('listed', 'counted', 'received', 'returned', 'damaged',
        'sold_elsewhere', 'reserved', 'dispatched', 'released')),
        order_id {ID}, on_hand_delta BIGINT NOT NULL, reserved_delta BIGINT NOT NULL, on_hand BIGINT NOT NULL,
        reserved BIGINT NOT NULL, note TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (market_id, product_id, no),
        CONSTRAINT stock_move__order CHECK ((order_id IS NOT NULL) = (reason IN ('reserved', 'dispatched', 'released'))),
        FOREIGN KEY (market_id, product_id) REFERENCES stock (market_id, id))",
    "CREATE INDEX stock_move__order_id ON stock_move (market_id, order_id, product_id) WHERE order_id IS NOT NULL",
    "CREATE INDEX stock_move__kept ON stock_move (market_id, product_id, order_id) WHERE order_id IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, STATEMENTS).await?;
        append_only::protect(manager, "stock_move").await
    }
}
