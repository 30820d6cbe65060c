//! Users, sessions and throttles: data of the installation, not of one market.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000001_identity"
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE app_user (
        id {ID} PRIMARY KEY, email TEXT NOT NULL CONSTRAINT app_user__email UNIQUE, name TEXT NOT NULL,
        password TEXT, stamp BIGINT NOT NULL, disabled BIGINT NOT NULL, created_at BIGINT NOT NULL)",
    "CREATE TABLE session (
        id {ID} PRIMARY KEY, user_id {ID} NOT NULL REFERENCES app_user (id), seat_market {ID}, seat_id {ID},
        refresh_hash {BYTES} NOT NULL CONSTRAINT session__refresh UNIQUE, previous_hash {BYTES}, rotated_at BIGINT NOT NULL,
        successor {BYTES}, user_stamp BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked_at BIGINT,
        agent TEXT NOT NULL)",
    "CREATE INDEX session__user ON session (user_id)",
    "CREATE INDEX session__previous ON session (previous_hash)",
    "CREATE TABLE throttle (name TEXT PRIMARY KEY, failures BIGINT NOT NULL, until BIGINT NOT NULL, updated_at BIGINT NOT NULL)",
    "CREATE TABLE signing_key (id TEXT PRIMARY KEY, secret {BYTES} NOT NULL, public {BYTES} NOT NULL, created_at BIGINT NOT NULL)",
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
