//! The market as stage: its era, single capabilities, and the clock that everything in it follows.
//!
//! All changes go through the door as commands (`market.open`, `era.switch`, `capability.switch`, `clock.*`). Moving the
//! clock fires the deadlines passed on the way, in order. The clock never moves backwards.

mod commands;
pub mod http;
mod words;

pub use commands::{ClockMove, MoveClock, OpenMarket, SwitchEra};
pub use http::routes;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;

const TEACHERS: &[Role] = &[Role::Teacher, Role::Admin];

const fn row(step: &'static str) -> AccessRow {
    AccessRow { step, roles: TEACHERS, relations: &[Relation::Overseer], capability: None, money: false }
}

/// Who may do what here.
pub const ACCESS: &[AccessRow] = &[
    row("market.open"),
    row("era.switch"),
    row("capability.switch"),
    row("clock.pause"),
    row("clock.resume"),
    row("clock.set_rate"),
    row("clock.advance"),
];

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    ProblemRow { code: "market.clock_backwards", status: 409, next: "Choose a later time; the past is settled." },
    ProblemRow { code: "market.rate_out_of_range", status: 422, next: "Choose a rate between 0 and 1,000,000." },
    ProblemRow { code: "market.unknown_capability", status: 422, next: "Choose a capability from the table." },
    ProblemRow { code: "market.no_deadline", status: 409, next: "Nothing is due; advance by hours or days instead." },
];
