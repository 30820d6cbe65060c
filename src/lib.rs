//! Entrepot, a simulated B2B cross-border trading platform. This is the floor plan.
//!
//! * `domain` (crate `entrepot_domain`): all business rules, pure.
//! * [`platform`]: plumbing without business words; its `engine` is the one door for every change.
//! * slices: [`identity`], [`market`], [`catalog`], [`stock`], [`search`], [`inquiry`], [`proof`], [`sourcing`], [`trade`], [`messages`], [`wallet`],
//!   [`audit`], [`insight`], [`notices`]; each has `http`
//!   (routes and view types), `store` (load and save domain types) and `read` (lists) where it needs them.
//! * [`money`] says which operations move money.
//! * [`boot`] builds the application from [`config`] and the slices; [`background`] is what a node does besides answering,
//!   [`shutdown`] how it ends, [`backup`] how it is copied and put back; [`seed`] plays the demo market through the door.

pub mod audit;
pub mod background;
pub mod backup;
pub mod boot;
pub mod catalog;
pub mod config;
pub mod doctor;
pub mod health;
pub mod identity;
pub mod inquiry;
pub mod insight;
pub mod market;
pub mod messages;
pub mod money;
pub mod notices;
pub mod platform;
pub mod proof;
pub mod search;
pub mod seed;
pub mod shutdown;
pub mod sourcing;
pub mod stock;
pub mod trade;
pub mod wallet;
