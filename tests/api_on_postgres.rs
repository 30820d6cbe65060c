//! The whole application over HTTP, in process: orders, lists, imports, accounts, bad input, and the generated access
//! test. Here on PostgreSQL, taken from
//! `ENTREPOT_TEST_POSTGRES` (set by `scripts/with-postgres.sh`); `api.rs` runs the same tests on SQLite.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

include!("api/suite.rs");

/// The engine this suite runs on.
const ENGINE: ground::Engine = ground::Engine::Postgres;
