//! Oversight: the books, the log and the proof that both hold.
//!
//! Reads for admins, credit admins, teachers and support: trial balance, client money, audit log. [`verify`] is the independent checker
//! behind `POST /admin/prove` and the command line; it trusts nothing the service computed. Nothing here changes a market.

pub mod http;
mod label;
mod read;
mod verify;
mod view;

pub use http::routes;
pub use label::{label, robot};
pub use read::heads;
#[cfg(test)]
pub(crate) use verify::tests::play;
pub use verify::{Check, Checked, Finding, Head, Report, hold_heads, verify};

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::Store;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use read::snapshot;
use std::sync::Arc;

const OVERSEERS: &[Role] = &[Role::Admin, Role::Teacher, Role::Support, Role::CreditAdmin];

const fn row(step: &'static str) -> AccessRow {
    AccessRow { step, roles: OVERSEERS, relations: &[Relation::Overseer], capability: None, money: false }
}

/// Who may do what here.
pub const ACCESS: &[AccessRow] =
    &[row("audit.trial_balance"), row("audit.client_money"), row("audit.events"), row("audit.prove")];

/// Codes this slice answers with: only those of the platform.
pub const PROBLEMS: &[ProblemRow] = &[];

/// Aggregates this slice stores: none, it only reads.
pub fn stores() -> Vec<Arc<dyn Store>> {
    Vec::new()
}
