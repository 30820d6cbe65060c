//! The whole application over HTTP, in process: orders, lists, imports, accounts, bad input, and the generated access
//! test. Here on SQLite; `api_on_postgres.rs` runs the same tests
//! on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

include!("api/suite.rs");

/// The engine this suite runs on.
const ENGINE: ground::Engine = ground::Engine::Sqlite;
