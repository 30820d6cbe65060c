//! What is asked, shown and answered around requests for quotation: their files and those of quotes, questions of suppliers
//! with the buyer's answers, and who asked (to be told of answers); since when a listing waits for the market's look; and
//! the language a person reads.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000022_asked"
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE sourcing_file (
        market_id {ID} NOT NULL, id {ID} NOT NULL, company_id {ID} NOT NULL, user_id {ID} NOT NULL, name TEXT NOT NULL,
        content_type TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (market_id, id))",
    "CREATE INDEX sourcing_file__company ON sourcing_file (market_id, company_id)",
    "CREATE TABLE sourcing_attachment (
        market_id {ID} NOT NULL, file_id {ID} NOT NULL, kind TEXT NOT NULL, subject_id {ID} NOT NULL,
        PRIMARY KEY (market_id, file_id, kind, subject_id),
        CONSTRAINT sourcing_attachment__kind CHECK (kind IN ('rfq', 'quote')),
        FOREIGN KEY (market_id, file_id) REFERENCES sourcing_file (market_id, id)){CLUSTERED}",
    // A listing that waits for the market's look is a draft to everybody else; this says since when it waits.
    "ALTER TABLE product ADD COLUMN review_at BIGINT",
    "CREATE INDEX product__review ON product (market_id, review_at, id) WHERE review_at IS NOT NULL",
    // The language a person chose last; letters are in both while there is none.
    "ALTER TABLE app_user ADD COLUMN language TEXT CONSTRAINT app_user__language CHECK (language IN ('en', 'zh'))",
    "CREATE TABLE rfq_talk (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (market_id, id),
        FOREIGN KEY (market_id, id) REFERENCES rfq (market_id, id))",
    "CREATE TABLE rfq_asker (
        market_id {ID} NOT NULL, rfq_id {ID} NOT NULL, supplier_id {ID} NOT NULL, PRIMARY KEY (market_id, rfq_id, supplier_id),
        FOREIGN KEY (market_id, supplier_id) REFERENCES company (market_id, id)){CLUSTERED}",
];

/// What was shown with a request or a quote is evidence.
const APPEND_ONLY: &[&str] = &["sourcing_file", "sourcing_attachment"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, STATEMENTS).await?;
        for table in APPEND_ONLY {
            append_only::protect(manager, table).await?;
        }
        Ok(())
    }
}
