//! Markets, companies, seats, goods and their imports.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000003_market"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE market (market_id {ID} PRIMARY KEY, version BIGINT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL)",
    "CREATE TABLE company (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, registration_number TEXT NOT NULL, name TEXT NOT NULL,
        country TEXT NOT NULL, buys BIGINT NOT NULL, sells BIGINT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (market_id, id), CONSTRAINT company__registration UNIQUE (market_id, country, registration_number),
        FOREIGN KEY (market_id) REFERENCES market (market_id))",
    "CREATE TABLE seat (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, user_id {ID} NOT NULL REFERENCES app_user (id),
        company_id {ID}, role TEXT NOT NULL, disabled BIGINT NOT NULL, PRIMARY KEY (market_id, id),
        FOREIGN KEY (market_id) REFERENCES market (market_id),
        FOREIGN KEY (market_id, company_id) REFERENCES company (market_id, id))",
    "CREATE INDEX seat__user ON seat (market_id, user_id)",
    "CREATE INDEX seat__user_alone ON seat (user_id)",
    "CREATE TABLE product (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, supplier_id {ID} NOT NULL, sku TEXT NOT NULL,
        title TEXT NOT NULL, category TEXT NOT NULL, search TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (market_id, id), CONSTRAINT product__sku UNIQUE (market_id, supplier_id, sku),
        FOREIGN KEY (market_id, supplier_id) REFERENCES company (market_id, id))",
    "CREATE INDEX product__category ON product (market_id, category, id)",
    "CREATE INDEX product__supplier ON product (market_id, supplier_id, id)",
    "CREATE TABLE import_job (
        market_id {ID} NOT NULL, id {ID} NOT NULL, company_id {ID} NOT NULL, user_id {ID} NOT NULL, status TEXT NOT NULL
            CHECK (status IN ('running', 'done', 'failed')), state TEXT NOT NULL, created_at BIGINT NOT NULL,
        PRIMARY KEY (market_id, id))",
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
