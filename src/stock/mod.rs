//! Ready stock of the products of a market: what lies there, what of it is kept for funded orders, and why either changed.
//!
//! * `shelf`: the stock of one product as an aggregate, with the change that led to it; `store`: its row, and the row of that
//!   change in the append-only log.
//! * `commands`: changes by hand (`stock.adjust`). Listings open a stock and orders keep, consume and give back: their own
//!   steps load shelves and save them in the same transaction, so a stock has no events of its own.
//! * `read`: lists and pages; `http`: the routes. A stock is its company's; others learn of a listing what is free.
//!
//! Promises that nothing is kept that is not there: the domain refuses, the row's version catches who was faster, and the
//! table's CHECK is the wall behind both (CON-3…5).

mod commands;
pub mod http;
mod read;
mod shelf;
mod store;
mod view;

pub use commands::Adjust;
pub use http::routes;
pub use read::free;
pub use shelf::{STOCK, Shelf};
pub use view::Supply;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::Store;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use std::sync::Arc;

const fn access(step: &'static str, roles: &'static [Role]) -> AccessRow {
    AccessRow { step, roles, relations: &[Relation::Party], capability: Some(Capability::Listings), money: false }
}

/// Who may change a stock by hand: owners and traders of the company. Every seat of it may read.
pub const ACCESS: &[AccessRow] = &[
    access(commands::ADJUST, &[Role::Owner, Role::Trader]),
    access("stock.own", &[Role::Owner, Role::Trader, Role::Finance, Role::Viewer]),
];

const fn row(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    row("stock.kept", 409, "Leave what is reserved; dispatch the orders, or agree with their buyers to cancel them."),
    row("stock.quantity", 422, "Give a number above zero with at most three decimals; a count may be zero."),
    row("stock.too_large", 422, "Give a smaller quantity."),
    row("stock.reason", 422, "Choose one of the reasons for a change by hand."),
    row("stock.note", 422, "Shorten the note to 200 characters on one line."),
    row("stock.not_ready", 422, "Take the line from the product's own listing, in its unit, or have it made to order."),
    row("stock.cursor", 422, "Start again from the first page."),
];

/// The aggregates of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![Arc::new(store::StockStore)]
}
