//! The one log, its seals, the books, deadlines and idempotency replies.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000002_log_and_books"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE event (
        market_id {ID} NOT NULL, id {ID} NOT NULL, subject_kind TEXT NOT NULL, subject_id {ID} NOT NULL,
        subject_version BIGINT NOT NULL, step TEXT NOT NULL, actor_user {ID}, actor_company {ID}, actor_role TEXT NOT NULL,
        party_a {ID}, party_b {ID}, effective_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, bytes {BYTES} NOT NULL,
        PRIMARY KEY (market_id, id),
        CONSTRAINT event__subject_version UNIQUE (market_id, subject_kind, subject_id, subject_version))",
    "CREATE TABLE sealed (
        market_id {ID} NOT NULL, seq BIGINT NOT NULL, event_id {ID} NOT NULL, hash {BYTES} NOT NULL,
        PRIMARY KEY (market_id, seq), CONSTRAINT sealed__event UNIQUE (market_id, event_id),
        FOREIGN KEY (market_id, event_id) REFERENCES event (market_id, id)){CLUSTERED}",
    "CREATE TABLE unsealed (
        market_id {ID} NOT NULL, event_id {ID} NOT NULL, recorded_at BIGINT NOT NULL, PRIMARY KEY (market_id, event_id)){CLUSTERED}",
    "CREATE TABLE journal (
        market_id {ID} NOT NULL, event_id {ID} NOT NULL, no BIGINT NOT NULL, rule TEXT NOT NULL, natural_key TEXT NOT NULL,
        order_id {ID}, PRIMARY KEY (market_id, event_id, no), CONSTRAINT journal__once UNIQUE (market_id, natural_key),
        FOREIGN KEY (market_id, event_id) REFERENCES event (market_id, id)){CLUSTERED}",
    "CREATE INDEX journal__order ON journal (market_id, order_id)",
    "CREATE TABLE posting (
        market_id {ID} NOT NULL, event_id {ID} NOT NULL, journal_no BIGINT NOT NULL, line_no BIGINT NOT NULL,
        kind TEXT NOT NULL, owner_id {ID} NOT NULL, part BIGINT NOT NULL, currency TEXT NOT NULL,
        amount BIGINT NOT NULL CHECK (amount <> 0),
        PRIMARY KEY (market_id, event_id, journal_no, line_no),
        FOREIGN KEY (market_id, event_id, journal_no) REFERENCES journal (market_id, event_id, no)){CLUSTERED}",
    "CREATE INDEX posting__account ON posting (market_id, owner_id, kind, currency, part)",
    "CREATE TABLE account (
        market_id {ID} NOT NULL, kind TEXT NOT NULL, owner_id {ID} NOT NULL, part BIGINT NOT NULL, currency TEXT NOT NULL,
        balance BIGINT NOT NULL, PRIMARY KEY (market_id, owner_id, kind, part, currency),
        CONSTRAINT account__floor CHECK (balance >= 0 OR kind = 'FX.POSITION')){CLUSTERED}",
    "CREATE TABLE deadline (
        market_id {ID} NOT NULL, subject_kind TEXT NOT NULL, subject_id {ID} NOT NULL, step TEXT NOT NULL, part BIGINT NOT NULL,
        due_at BIGINT NOT NULL, PRIMARY KEY (market_id, subject_id, step, part)){CLUSTERED}",
    "CREATE INDEX deadline__due ON deadline (market_id, due_at, subject_id, step, part)",
    "CREATE TABLE reply (
        market_id {ID} NOT NULL, actor_id {ID} NOT NULL, key TEXT NOT NULL, body_hash {BYTES} NOT NULL, status BIGINT NOT NULL,
        body TEXT NOT NULL, event_id {ID} NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (market_id, actor_id, key)){CLUSTERED}",
    "CREATE TABLE denial (
        market_id {ID} NOT NULL, id {ID} NOT NULL, at BIGINT NOT NULL, actor_user {ID}, actor_role TEXT NOT NULL,
        step TEXT NOT NULL, subject_id {ID}, code TEXT NOT NULL, PRIMARY KEY (market_id, id))",
];

const APPEND_ONLY: &[&str] = &["event", "sealed", "journal", "posting", "denial"];

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
