//! What operators rely on: logs without secrets, security events, metrics, the configuration table, the container files.
//!
//! All tests of this program log into one book, so that what any flow writes can be looked up.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "api/authenticator.rs"]
mod authenticator;
#[path = "operations/book.rs"]
mod book;
#[path = "operations/canaries.rs"]
mod canaries;
#[path = "operations/containers.rs"]
mod containers;
#[path = "api/contract.rs"]
mod contract;
#[path = "api/ground.rs"]
#[allow(dead_code)] // shared with the suites over HTTP
mod ground;
#[path = "operations/manual.rs"]
mod manual;
#[path = "operations/metrics.rs"]
mod metrics;
#[path = "operations/panics.rs"]
mod panics;
#[path = "operations/security_events.rs"]
mod security_events;

/// The engine this suite runs on.
const ENGINE: ground::Engine = ground::Engine::Sqlite;
