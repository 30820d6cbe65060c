//! Proofs of companies: a dossier per company, its claims as rows for the queue, their evidence; and the level of
//! verification as a column of the company. Levels that were given before there were proofs fall: a level follows from
//! proofs and from nothing else.

use crate::{append_only, sql};
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000016_proof"
    }
}

const STATEMENTS: &[&str] = &[
    "ALTER TABLE company ADD COLUMN verified_level BIGINT NOT NULL DEFAULT 0
        CONSTRAINT company__verified_level CHECK (verified_level BETWEEN 0 AND 3)",
    // A quote inside a text of the state is written with a backslash before it, so nothing but the field is met.
    "UPDATE company SET state = REPLACE(REPLACE(REPLACE(state, '\"verified_level\":1', '\"verified_level\":0'),
        '\"verified_level\":2', '\"verified_level\":0'), '\"verified_level\":3', '\"verified_level\":0')",
    "CREATE TABLE proof_dossier (
        market_id {ID} NOT NULL, id {ID} NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (market_id, id),
        FOREIGN KEY (market_id, id) REFERENCES company (market_id, id))",
    "CREATE TABLE proof_claim (
        market_id {ID} NOT NULL, company_id {ID} NOT NULL, no BIGINT NOT NULL, id {ID} NOT NULL, kind TEXT NOT NULL,
        state TEXT NOT NULL, number_key TEXT NOT NULL, submitted_at BIGINT NOT NULL, recheck_on BIGINT,
        PRIMARY KEY (market_id, company_id, no), CONSTRAINT proof_claim__id UNIQUE (market_id, id),
        CONSTRAINT proof_claim__state CHECK (state IN
            ('submitted', 'more_asked', 'confirmed', 'refused', 'expired', 'withdrawn', 'replaced')),
        FOREIGN KEY (market_id, company_id) REFERENCES company (market_id, id))",
    "CREATE INDEX proof_claim__waiting ON proof_claim (market_id, submitted_at, id) WHERE state = 'submitted'",
    "CREATE INDEX proof_claim__recheck ON proof_claim (market_id, recheck_on, id) WHERE state = 'confirmed'",
    "CREATE INDEX proof_claim__number ON proof_claim (market_id, kind, number_key)",
    "CREATE TABLE proof_file (
        market_id {ID} NOT NULL, id {ID} NOT NULL, company_id {ID} NOT NULL, user_id {ID} NOT NULL, name TEXT NOT NULL,
        content_type TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (market_id, id))",
    "CREATE INDEX proof_file__company ON proof_file (market_id, company_id)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, STATEMENTS).await?;
        // What was shown for a claim is evidence.
        append_only::protect(manager, "proof_file").await
    }
}
