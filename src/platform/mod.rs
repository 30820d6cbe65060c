//! Plumbing without business words: database, engine, log, live stream, problems, access.
//!
//! It names no slice; what it must know of a slice (steps, access rows, problem codes, stores) is handed in by `boot`.

pub mod access;
pub mod assets;
pub mod clock;
pub mod database;
pub mod engine;
pub mod files;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod live;
pub mod live_http;
pub mod log;
pub mod mail;
pub mod openapi;
pub mod pattern;
pub mod problem;
pub mod rows;
pub mod schema;
pub mod session;
pub mod telemetry;
pub mod vault;
pub mod web;
