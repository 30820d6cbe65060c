//! Accounts in full: proof and second factor of a session, single-use tickets, second-factor seeds, recovery codes, the
//! mail queue (data of the installation), and invitations (data of a market).

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000005_accounts"
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE app_user ADD COLUMN verified_at BIGINT",
    // When a secret was last shown in this session; 0 for sessions from before this step.
    "ALTER TABLE session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE session ADD COLUMN second_factor BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE session ADD COLUMN peer TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE ticket (
        hash {BYTES} PRIMARY KEY, purpose TEXT NOT NULL, user_id {ID} REFERENCES app_user (id), for_market {ID}, subject_id {ID},
        email TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT,
        CONSTRAINT ticket__purpose CHECK (purpose IN ('verify_email', 'reset_password', 'invitation', 'first_admin')))",
    "CREATE INDEX ticket__user ON ticket (user_id)",
    "CREATE INDEX ticket__subject ON ticket (subject_id)",
    "CREATE INDEX ticket__expires ON ticket (expires_at)",
    "CREATE TABLE second_factor (
        user_id {ID} NOT NULL REFERENCES app_user (id), confirmed BIGINT NOT NULL, key_id TEXT NOT NULL, sealed {BYTES} NOT NULL,
        last_step BIGINT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (user_id, confirmed))",
    "CREATE TABLE recovery_code (
        user_id {ID} NOT NULL REFERENCES app_user (id), hash {BYTES} NOT NULL, used_at BIGINT, PRIMARY KEY (user_id, hash))",
    "CREATE TABLE mail (
        id {ID} PRIMARY KEY, for_user {ID}, for_market {ID}, kind TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL,
        key_id TEXT NOT NULL, sealed {BYTES} NOT NULL, created_at BIGINT NOT NULL, attempts BIGINT NOT NULL, next_at BIGINT NOT NULL,
        sent_at BIGINT, given_up_at BIGINT, error TEXT NOT NULL)",
    "CREATE INDEX mail__due ON mail (next_at) WHERE sent_at IS NULL AND given_up_at IS NULL",
    "CREATE INDEX mail__recent ON mail (created_at, id)",
    "CREATE INDEX mail__user ON mail (for_user)",
    "CREATE TABLE invitation (
        market_id {ID} NOT NULL, id {ID} NOT NULL, company_id {ID}, email TEXT NOT NULL, role TEXT NOT NULL, inviter_id {ID} NOT NULL,
        created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, accepted_at BIGINT, withdrawn_at BIGINT,
        PRIMARY KEY (market_id, id), FOREIGN KEY (market_id, company_id) REFERENCES company (market_id, id))",
    "CREATE INDEX invitation__company ON invitation (market_id, company_id, created_at, id)",
    "CREATE INDEX seat__company_members ON seat (market_id, company_id)",
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
