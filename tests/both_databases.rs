//! The store suite: the same tests against SQLite and PostgreSQL.
//!
//! PostgreSQL is taken from `ENTREPOT_TEST_POSTGRES` (set by `scripts/with-postgres.sh`); without it these tests fail
//! rather than pass untested.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "both_databases/counted.rs"]
mod counted;
#[path = "both_databases/engine.rs"]
mod engine;
#[path = "both_databases/ground.rs"]
mod ground;
#[path = "both_databases/in_flight.rs"]
mod in_flight;
#[path = "both_databases/jobs.rs"]
mod jobs;
#[path = "both_databases/rights.rs"]
mod rights;
#[path = "both_databases/rows.rs"]
mod rows;
#[path = "both_databases/starts.rs"]
mod starts;
