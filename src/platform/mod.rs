//! Plumbing without business words: database, engine, log, live stream, problems, access.
//!
//! It names no slice; what it must know of a slice (steps, access rows, problem codes, stores) is handed in by `boot`.

pub mod access;
pub mod assets;
pub mod checkpoint;
pub mod clock;
pub mod database;
pub mod dump;
pub mod engine;
pub mod files;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod life;
pub mod live;
pub mod live_http;
pub mod log;
pub mod mail;
pub mod metrics;
pub mod network;
pub mod openapi;
pub mod pattern;
pub mod pdf;
pub mod problem;
pub mod reads;
pub mod rights;
pub mod rows;
pub mod sabotage;
pub mod schema;
pub mod secret;
pub mod security;
pub mod services;
pub mod session;
pub mod shelf;
pub mod sink;
pub mod spreadsheet;
pub mod storage;
pub mod telemetry;
pub mod tls;
pub mod turn;
pub mod uploads;
pub mod vault;
pub mod web;
pub mod web_life;
pub mod web_metrics;
pub mod web_watch;
