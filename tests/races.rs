//! Races, repeats and clocks: several actors on one node (SQLite) and on two nodes over one database (PostgreSQL).
//!
//! PostgreSQL is taken from `ENTREPOT_TEST_POSTGRES` (set by `scripts/with-postgres.sh`); without it these tests fail
//! rather than pass untested.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "races/clocks.rs"]
mod clocks;
#[allow(dead_code)] // some of it is for other suites
#[path = "races/ground.rs"]
mod ground;
#[path = "races/pairings.rs"]
mod pairings;
#[path = "races/repeats.rs"]
mod repeats;
#[path = "races/runs.rs"]
mod runs;
#[path = "races/turns.rs"]
mod turns;
