//! Inquiries: threads between a buyer and a seller, their messages and files, who blocked whom, what a buyer asked today,
//! how far each user has read, and a company's saved texts.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000015_inquiry"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE inquiry (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, buyer_id {ID} NOT NULL, seller_id {ID} NOT NULL,
        product_id {ID}, status TEXT NOT NULL, reported BIGINT NOT NULL, opened_at BIGINT NOT NULL, answered_at BIGINT,
        closed_at BIGINT, last_at BIGINT NOT NULL, messages BIGINT NOT NULL, last_of_buyer BIGINT NOT NULL,
        last_of_seller BIGINT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (market_id, id),
        CONSTRAINT inquiry__status CHECK (status IN ('open', 'answered', 'closed')),
        CONSTRAINT inquiry__numbers CHECK (last_of_buyer <= messages AND last_of_seller <= messages),
        FOREIGN KEY (market_id, buyer_id) REFERENCES company (market_id, id),
        FOREIGN KEY (market_id, seller_id) REFERENCES company (market_id, id))",
    "CREATE INDEX inquiry__buyer ON inquiry (market_id, buyer_id, last_at, id)",
    "CREATE INDEX inquiry__seller ON inquiry (market_id, seller_id, last_at, id)",
    "CREATE INDEX inquiry__clock ON inquiry (market_id, seller_id, opened_at)",
    "CREATE INDEX inquiry__reported ON inquiry (market_id, last_at, id) WHERE reported = 1",
    "CREATE TABLE inquiry_message (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, inquiry_id {ID} NOT NULL, no BIGINT NOT NULL,
        by_side TEXT NOT NULL, company_id {ID} NOT NULL, user_id {ID} NOT NULL, text TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (market_id, id), CONSTRAINT inquiry_message__no UNIQUE (market_id, inquiry_id, no),
        CONSTRAINT inquiry_message__side CHECK (by_side IN ('buyer', 'seller')),
        FOREIGN KEY (market_id, inquiry_id) REFERENCES inquiry (market_id, id))",
    "CREATE TABLE inquiry_file (
        market_id {ID} NOT NULL, id {ID} NOT NULL, company_id {ID} NOT NULL, user_id {ID} NOT NULL, name TEXT NOT NULL,
        content_type TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (market_id, id))",
    "CREATE INDEX inquiry_file__company ON inquiry_file (market_id, company_id)",
    "CREATE TABLE inquiry_attachment (
        market_id {ID} NOT NULL, inquiry_id {ID} NOT NULL, no BIGINT NOT NULL, place BIGINT NOT NULL, file_id {ID} NOT NULL,
        PRIMARY KEY (market_id, inquiry_id, no, place),
        FOREIGN KEY (market_id, file_id) REFERENCES inquiry_file (market_id, id)){CLUSTERED}",
    "CREATE INDEX inquiry_attachment__file ON inquiry_attachment (market_id, file_id)",
    "CREATE TABLE inquiry_desk (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (market_id, id))",
    "CREATE TABLE company_block (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, blocker_id {ID} NOT NULL, blocked_id {ID} NOT NULL,
        active BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (market_id, id),
        CONSTRAINT company_block__pair UNIQUE (market_id, blocker_id, blocked_id),
        FOREIGN KEY (market_id, blocked_id) REFERENCES company (market_id, id))",
    "CREATE TABLE inquiry_read (
        market_id {ID} NOT NULL, user_id {ID} NOT NULL, inquiry_id {ID} NOT NULL, no BIGINT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (market_id, user_id, inquiry_id)){CLUSTERED}",
    "CREATE TABLE inquiry_template (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, company_id {ID} NOT NULL, title TEXT NOT NULL,
        text_en TEXT NOT NULL, text_zh TEXT NOT NULL, deleted BIGINT NOT NULL, user_id {ID} NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (market_id, id))",
    "CREATE UNIQUE INDEX inquiry_template__title ON inquiry_template (market_id, company_id, title) WHERE deleted = 0",
];

/// What was said and sent is evidence.
const APPEND_ONLY: &[&str] = &["inquiry_message", "inquiry_file", "inquiry_attachment"];

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
