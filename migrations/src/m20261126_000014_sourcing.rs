//! Requests for quotation, their seats and guests, quotes and the rights to quote, and which suppliers fit which request.
//!
//! `product_fact` and `rfq_match` are written by a job that follows the log; nothing that guards a decision reads them.

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000014_sourcing"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE rfq (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, number TEXT NOT NULL, buyer_id {ID} NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('open', 'closed', 'awarded', 'withdrawn', 'lapsed')),
        visibility TEXT NOT NULL CHECK (visibility IN ('board', 'invited')), title TEXT NOT NULL, destination TEXT NOT NULL,
        currency TEXT NOT NULL, lines BIGINT NOT NULL, published_at BIGINT NOT NULL, deadline BIGINT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (market_id, id), CONSTRAINT rfq__number UNIQUE (market_id, number),
        FOREIGN KEY (market_id, buyer_id) REFERENCES company (market_id, id))",
    "CREATE INDEX rfq__buyer ON rfq (market_id, buyer_id, published_at, id)",
    "CREATE INDEX rfq__board ON rfq (market_id, published_at, id)",
    "CREATE TABLE rfq_seats (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, total BIGINT NOT NULL, taken BIGINT NOT NULL,
        state TEXT NOT NULL, PRIMARY KEY (market_id, id),
        CONSTRAINT rfq_seats__house CHECK (taken >= 0 AND taken <= total AND total <= 30))",
    "CREATE TABLE rfq_guest (
        market_id {ID} NOT NULL, rfq_id {ID} NOT NULL, supplier_id {ID} NOT NULL, PRIMARY KEY (market_id, rfq_id, supplier_id),
        FOREIGN KEY (market_id, supplier_id) REFERENCES company (market_id, id))",
    "CREATE INDEX rfq_guest__supplier ON rfq_guest (market_id, supplier_id, rfq_id)",
    "CREATE TABLE quote (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, number TEXT NOT NULL, rfq_id {ID} NOT NULL,
        buyer_id {ID} NOT NULL, supplier_id {ID} NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('live', 'withdrawn', 'lapsed')), updated_at BIGINT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (market_id, id), CONSTRAINT quote__number UNIQUE (market_id, number),
        FOREIGN KEY (market_id, rfq_id) REFERENCES rfq (market_id, id),
        FOREIGN KEY (market_id, supplier_id) REFERENCES company (market_id, id))",
    "CREATE UNIQUE INDEX quote__one ON quote (market_id, rfq_id, supplier_id) WHERE status <> 'withdrawn'",
    "CREATE INDEX quote__rfq ON quote (market_id, rfq_id, id)",
    "CREATE INDEX quote__supplier ON quote (market_id, supplier_id, updated_at, id)",
    "CREATE TABLE quote_quota (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, month BIGINT NOT NULL, used BIGINT NOT NULL,
        earned BIGINT NOT NULL, PRIMARY KEY (market_id, id),
        CONSTRAINT quote_quota__rights CHECK (used >= 0 AND used <= 20 AND earned >= 0))",
    "CREATE TABLE product_fact (
        market_id {ID} NOT NULL, id {ID} NOT NULL, supplier_id {ID} NOT NULL, category TEXT NOT NULL, hs4 TEXT NOT NULL,
        fact TEXT NOT NULL,
        PRIMARY KEY (market_id, id))",
    "CREATE INDEX product_fact__category ON product_fact (market_id, category, id)",
    "CREATE INDEX product_fact__heading ON product_fact (market_id, hs4, id)",
    "CREATE TABLE rfq_match (
        market_id {ID} NOT NULL, rfq_id {ID} NOT NULL, supplier_id {ID} NOT NULL, score BIGINT NOT NULL, reasons TEXT NOT NULL,
        PRIMARY KEY (market_id, rfq_id, supplier_id))",
    "CREATE INDEX rfq_match__supplier ON rfq_match (market_id, supplier_id, rfq_id)",
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
