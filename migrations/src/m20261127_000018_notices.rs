//! Notices of people, what they choose about them, how far reminders have looked, and saved searches.
//!
//! The jobs of a market that is older than this step begin at the newest event: its history is nobody's news.

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000018_notices"
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE notice (
        market_id {ID} NOT NULL, id {ID} NOT NULL, user_id {ID} NOT NULL REFERENCES app_user (id), company_id {ID},
        cause {ID} NOT NULL, kind TEXT NOT NULL, topic TEXT NOT NULL, open_kind TEXT NOT NULL, open_id {ID} NOT NULL, other_id {ID},
        person_id {ID}, part BIGINT NOT NULL, count BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
        day BIGINT NOT NULL, told_at BIGINT NOT NULL, shown BIGINT NOT NULL, read_at BIGINT, mail TEXT NOT NULL,
        due_at BIGINT, due_subject {ID}, due_step TEXT,
        CONSTRAINT notice__once PRIMARY KEY (market_id, user_id, cause),
        CONSTRAINT notice__mail_word CHECK (mail IN ('off', 'now', 'digest', 'sent')),
        CONSTRAINT notice__counted CHECK (count > 0),
        FOREIGN KEY (market_id, company_id) REFERENCES company (market_id, id))",
    "CREATE INDEX notice__id ON notice (market_id, id)",
    "CREATE INDEX notice__reader ON notice (market_id, user_id, seq, id)",
    "CREATE INDEX notice__unread ON notice (market_id, user_id, seq) WHERE read_at IS NULL AND shown = 1",
    "CREATE INDEX notice__letters ON notice (market_id, user_id, mail) WHERE mail IN ('now', 'digest')",
    "CREATE INDEX notice__due ON notice (market_id, due_subject) WHERE due_subject IS NOT NULL",
    "CREATE INDEX notice__old ON notice (read_at) WHERE read_at IS NOT NULL",
    "CREATE TABLE notice_choice (
        market_id {ID} NOT NULL, user_id {ID} NOT NULL REFERENCES app_user (id), topic TEXT NOT NULL, app BIGINT NOT NULL,
        letters TEXT NOT NULL, PRIMARY KEY (market_id, user_id, topic),
        CONSTRAINT notice_choice__letters CHECK (letters IN ('off', 'now', 'digest'))){CLUSTERED}",
    "CREATE TABLE notice_clock (market_id {ID} NOT NULL PRIMARY KEY, reached BIGINT NOT NULL)",
    "CREATE TABLE saved_search (
        market_id {ID} NOT NULL, id {ID} NOT NULL, user_id {ID} NOT NULL REFERENCES app_user (id), name TEXT NOT NULL,
        terms TEXT NOT NULL, alerts BIGINT NOT NULL, created_at BIGINT NOT NULL,
        PRIMARY KEY (market_id, id), CONSTRAINT saved_search__name UNIQUE (market_id, user_id, name))",
    "CREATE INDEX saved_search__alerts ON saved_search (market_id, id) WHERE alerts = 1",
    "INSERT INTO job_cursor (market_id, job, seq) SELECT market_id, 'notices', MAX(seq) FROM sealed GROUP BY market_id",
    "INSERT INTO job_cursor (market_id, job, seq) SELECT market_id, 'alerts', MAX(seq) FROM sealed GROUP BY market_id",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, STATEMENTS).await
    }
}
