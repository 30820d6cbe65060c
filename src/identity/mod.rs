//! Who is there: users with passwords and sessions (data of the installation), companies and seats (data of a market).
//!
//! * [`company`] and [`seat`]: the aggregates and their commands, which go through the door like every other change.
//! * `password`, `token`, `session`, `throttle`: how a person proves who they are, and for how long that holds.
//! * `account`: the flows built on them (sign-up, sign-in, refresh, seat switch); [`demo`]: one-click demo users.
//! * `http`: the routes under `/auth`; [`read`]: names and companies for other slices.
//!
//! At start `boot` calls [`IdentitySessions::start`] and registers the result twice as application data: as
//! `web::Data<IdentitySessions>` for this slice's handlers, and as `web::Data<Arc<dyn Sessions>>` for the extractor.

mod account;
pub mod company;
pub mod demo;
mod fields;
mod http;
mod password;
pub mod read;
pub mod seat;
mod session;
mod store;
mod throttle;
mod token;
mod view;

#[cfg(test)]
mod guessing_tests;
#[cfg(test)]
mod http_tests;
#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod tests;

pub use company::{Company, EditCompany, OpenCompany};
pub use http::routes;
pub use read::{Named, company, company_by_registration, company_names, user_names};
pub use seat::{DisableSeat, GrantSeat, Seat};
pub use session::IdentitySessions;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::Store;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use std::sync::Arc;

/// Who may open and edit companies, and grant and take seats. Signing in is open to everybody and throttled instead.
pub const ACCESS: &[AccessRow] = &[
    AccessRow {
        step: company::OPEN,
        roles: &[Role::Admin],
        relations: &[Relation::Overseer],
        capability: None,
        money: false,
    },
    AccessRow {
        step: company::EDIT,
        roles: &[Role::Owner, Role::Admin],
        relations: &[Relation::Party, Relation::Overseer],
        capability: None,
        money: false,
    },
    AccessRow {
        step: seat::GRANT,
        roles: &[Role::Owner, Role::Admin],
        relations: &[Relation::Party, Relation::Overseer],
        capability: None,
        money: false,
    },
    AccessRow {
        step: seat::DISABLE,
        roles: &[Role::Owner, Role::Admin],
        relations: &[Relation::Party, Relation::Overseer],
        capability: None,
        money: false,
    },
];

const fn row(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    row("identity.sign_in_failed", 401, "Check e-mail and password, then try again."),
    row("identity.email_taken", 409, "Sign in with this e-mail, or use another one."),
    row("identity.registration_taken", 409, "Check the registration number; the company is in this market already."),
    row("identity.no_market", 409, "Ask the operator to open a market first."),
    row("identity.company_unknown", 422, "Choose a company of this market."),
    row("identity.role_not_grantable", 403, "Grant a role that is not above your own."),
    row("identity.own_seat", 409, "Ask a colleague to do this; nobody takes away their own seat."),
    row("identity.password_short", 422, "Use at least 8 characters; 15 or more are better."),
    row("identity.password_long", 422, "Use at most 256 bytes."),
    row("identity.password_common", 422, "Choose a password others would not guess."),
    row("identity.email_malformed", 422, "Write an e-mail address such as anna@example.com."),
    row("identity.field_length", 422, "Fill the field, and keep it shorter than its limit."),
    row("identity.country_malformed", 422, "Use the two capital letters of the country, such as CN."),
    row("identity.no_side", 422, "Say whether the company buys, sells or both."),
];

/// The aggregates of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![Arc::new(store::CompanyStore), Arc::new(store::SeatStore)]
}
