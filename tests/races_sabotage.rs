//! Controls: with the walls taken away the races and repeats must be seen to fail, and each wall alone must hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[allow(dead_code)]
#[path = "races/clocks.rs"]
mod clocks;
#[path = "races/controls.rs"]
mod controls;
#[allow(dead_code)]
#[path = "races/ground.rs"]
mod ground;
#[allow(dead_code)]
#[path = "races/pairings.rs"]
mod pairings;
#[allow(dead_code)]
#[path = "races/shelf.rs"]
mod shelf;
