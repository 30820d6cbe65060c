//! The whole application over HTTP, in process: order journey, bad input, and the generated access test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "api/access.rs"]
mod access;
#[path = "api/authenticator.rs"]
mod authenticator;
#[path = "api/bad_input.rs"]
mod bad_input;
#[path = "api/ground.rs"]
mod ground;
#[path = "api/journey.rs"]
mod journey;
#[path = "api/mail_links.rs"]
mod mail_links;
#[path = "api/operator.rs"]
mod operator;
#[path = "api/passwords.rs"]
mod passwords;
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
