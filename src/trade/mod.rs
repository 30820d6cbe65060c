//! Orders on the real platform: the process of `entrepot_domain::trade` behind routes, stored and listed.
//!
//! One endpoint changes an order (`POST …/transitions`), one says what may be done and what it would post
//! (`GET …/actions`). The access rows are derived from the process table, so the two cannot disagree. A draft is visible to
//! the side that wrote it only. `versions` tells what was offered and agreed, `papers` prints it.

mod access;
mod commands;
mod guarded;
pub mod http;
mod papers;
mod preview;
mod read;
mod record;
mod stocked;
mod store;
mod strict;
mod versions;
mod view;

pub use access::{ACCESS, PROBLEMS};
pub use commands::{Take, contract_hash, number_of};
pub use http::routes;
pub use papers::{Firm, Language, Paper, PaperKind, Signature, compose, firm};
pub use read::{load_order, parties, partners, record_of, sellers_moved, sellers_since};
pub use store::{Broken, ORDER, Recorded, Records};
pub use view::AqlView;
#[cfg(test)]
pub(crate) use view::example_terms;

use crate::platform::engine::{Command, DeadlineCommand, Store};
use entrepot_domain::trade::TradeCommand;
use std::sync::Arc;

/// Stores of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![Arc::new(store::OrderStore)]
}

fn due(order: u128, step: &str, part: i32) -> Option<Box<dyn Command>> {
    TradeCommand::from_deadline(step, part).map(|command| Box::new(Take { order, command }) as Box<dyn Command>)
}

/// How due deadlines of this slice become commands.
pub const DEADLINES: &[(&str, DeadlineCommand)] = &[(ORDER, due)];
