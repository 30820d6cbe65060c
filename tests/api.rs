//! The whole application over HTTP, in process: order journey, bad input, and the generated access test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "api/access.rs"]
mod access;
#[path = "api/bad_input.rs"]
mod bad_input;
#[path = "api/contract.rs"]
mod contract;
#[path = "api/ground.rs"]
mod ground;
#[path = "api/journey.rs"]
mod journey;
