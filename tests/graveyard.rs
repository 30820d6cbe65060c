//! Failures others had, as cases we must survive; each file carries the number it has in our list of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[allow(dead_code)]
#[path = "api/contract.rs"]
mod contract;
#[path = "graveyard/g20.rs"]
mod g20;
#[path = "graveyard/g21.rs"]
mod g21;
#[path = "graveyard/g22.rs"]
mod g22;
#[allow(dead_code)]
#[path = "api/ground.rs"]
mod ground;

/// The engine this suite runs on.
const ENGINE: ground::Engine = ground::Engine::Sqlite;
