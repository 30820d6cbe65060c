//! What the market's log tells when it is added up. So far: what happened on which day.
//!
//! Fed by a job that follows the sealed log, so it may lag by a moment and holds nothing the log does not. Refuses to
//! guard anything: no decision reads it.

pub mod http;
mod read;
mod store;

pub use http::routes;
pub use store::Activity;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::jobs::Follower;
use entrepot_domain::kernel::Role;
use std::sync::Arc;

/// Who may do what here.
pub const ACCESS: &[AccessRow] = &[AccessRow {
    step: "insight.activity",
    roles: &[Role::Teacher, Role::Admin, Role::Support, Role::CreditAdmin],
    relations: &[Relation::Overseer],
    capability: None,
    money: false,
}];

/// Jobs of this slice.
pub fn followers() -> Vec<Arc<dyn Follower>> {
    vec![Arc::new(Activity)]
}
