//! The whole application over HTTP, in process: order journey, lists, imports, bad input, and the generated access test. Here
//! on SQLite;
//! `api_on_postgres.rs` runs the same tests on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "api/access.rs"]
mod access;
#[path = "api/authenticator.rs"]
mod authenticator;
#[path = "api/bad_input.rs"]
mod bad_input;
#[path = "api/contract.rs"]
mod contract;
#[path = "api/ground.rs"]
mod ground;
#[path = "api/import.rs"]
mod import;
#[path = "api/journey.rs"]
mod journey;
#[path = "api/mail_links.rs"]
mod mail_links;
#[path = "api/operator.rs"]
mod operator;
#[path = "api/passwords.rs"]
mod passwords;
#[path = "api/reads.rs"]
mod reads;
#[path = "api/second_factor.rs"]
mod second_factor;
#[path = "api/sessions.rs"]
mod sessions;
#[path = "api/step_up.rs"]
mod step_up;
#[path = "api/team.rs"]
mod team;
#[path = "api/throttles.rs"]
mod throttles;

/// The engine this suite runs on.
const ENGINE: ground::Engine = ground::Engine::Sqlite;
