//! The service on one node or two, and its races, for suites that look at single ones.

#[path = "ground.rs"]
pub mod ground;
#[path = "pairings.rs"]
pub mod pairings;
#[path = "shelf.rs"]
pub mod shelf;
