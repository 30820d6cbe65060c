//! Entrepot, a simulated B2B cross-border trading platform. This is the floor plan.
//!
//! * `domain` (crate `entrepot_domain`): all business rules, pure.
//! * [`platform`]: plumbing without business words; its `engine` is the one door for every change.
//! * slices: [`identity`], [`market`], [`catalog`], [`trade`], [`messages`], [`wallet`], [`audit`],
//!   [`insight`]; each has `http`
//!   (routes and view types), `store` (load and save domain types) and `read` (lists) where it needs them.
//! * [`boot`] builds the application from [`config`] and the slices; [`seed`] plays the demo market through the door.

pub mod audit;
pub mod boot;
pub mod catalog;
pub mod config;
pub mod identity;
pub mod insight;
pub mod market;
pub mod messages;
pub mod platform;
pub mod seed;
pub mod trade;
pub mod wallet;
