//! The wallet: a company's money on the platform, paid in from and withdrawn to a simulated bank.
//!
//! Two commands go through the door: `wallet.pay_in` (P1, into the buyer's wallet) and `wallet.withdraw` (P6, out of the
//! seller's). A payment is its event and its journal; there is no further row. Statements are read from the sealed books,
//! so a line that was shown once never moves. Refuses amounts that are not positive, and more than the wallet holds.

mod commands;
mod export;
pub mod http;
#[cfg(test)]
mod http_tests;
mod read;
#[cfg(test)]
mod tests;
mod view;

pub use commands::{AMOUNT_MAX, PAYMENT, PayIn, Withdraw};
pub use http::routes;
pub use read::{Balances, balances};

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::Store;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use std::sync::Arc;

const HANDLERS: &[Role] = &[Role::Owner, Role::Trader, Role::Finance];
const READERS: &[Role] = &[Role::Owner, Role::Trader, Role::Finance, Role::Viewer];

const fn row(step: &'static str, roles: &'static [Role], money: bool) -> AccessRow {
    AccessRow { step, roles, relations: &[Relation::Party], capability: Some(Capability::Wallet), money }
}

/// Who may do what here.
pub const ACCESS: &[AccessRow] = &[
    row("wallet.pay_in", HANDLERS, true),
    row("wallet.withdraw", HANDLERS, true),
    row("wallet.show", READERS, false),
    row("wallet.statement", READERS, false),
    row("wallet.export", READERS, false),
];

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    ProblemRow {
        code: "wallet.insufficient_funds",
        status: 409,
        next: "Pay in what is missing, or choose a smaller amount.",
    },
    ProblemRow { code: "wallet.amount", status: 422, next: "Give an amount above zero and within the limit." },
    ProblemRow { code: "wallet.currency", status: 422, next: "Give an ISO 4217 code such as USD." },
    ProblemRow { code: "wallet.reference", status: 422, next: "Give a reference of at most 140 characters." },
    ProblemRow { code: "wallet.account", status: 422, next: "Ask for the buyer, seller or reserve account." },
];

/// Aggregates this slice stores: none, a payment is its event and its journal.
pub fn stores() -> Vec<Arc<dyn Store>> {
    Vec::new()
}

/// Number of lines of a buyer wallet's statement in USD, and the balance after the newest.
#[cfg(test)]
pub(crate) async fn statement_sums(
    db: &crate::platform::database::Database,
    market: u128,
    company: u128,
) -> (usize, i64) {
    tests::statement_sums(db, market, company).await
}
