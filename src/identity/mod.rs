//! Who is there: users with passwords and sessions (data of the installation), companies and seats (data of a market).
//!
//! * [`company`] and [`seat`]: the aggregates and their commands, which go through the door like every other change.
//! * `password`, `totp`, `token`, `ticket`, `session`, `throttle`: how a person proves who they are, and for how long.
//! * the flows built on them: `account` (sign-up, sign-in, refresh), `credentials` (passwords, addresses), `second_factor`,
//!   `proof` (step-up), `team` (invitations, roles), `operator` (first admin, closing accounts); [`demo`]: demo users.
//! * `letters`: what people are told by mail.
//! * `http`: the routes under `/auth`; [`read`]: names and companies for other slices.
//!
//! At start `boot` calls [`IdentitySessions::start`] and registers the result twice as application data: as
//! `web::Data<IdentitySessions>` for this slice's handlers, and as `web::Data<Arc<dyn Sessions>>` for the extractor.

mod account;
mod blocklist;
pub mod company;
mod credentials;
pub mod demo;
mod fields;
mod happening;
mod http;
mod letters;
mod operator;
mod password;
mod proof;
pub mod read;
pub mod seat;
mod second_factor;
mod session;
mod signature;
mod store;
mod team;
mod throttle;
mod ticket;
mod token;
mod totp;
mod view;

#[cfg(test)]
mod guessing_tests;
#[cfg(test)]
mod http_tests;
#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod tests;

pub use company::{COMPANY, Company, EditCompany, OpenCompany};
pub use happening::samples;
pub use http::routes;
pub use read::{Named, belonged, closed_companies, company, company_by_registration, company_names, user_names};
pub use seat::{ChangeRole, DisableSeat, GrantSeat, Seat};
pub use session::IdentitySessions;
pub use signature::{Signature, is_signed, sign};

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::Store;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use std::sync::Arc;

const fn may(step: &'static str, roles: &'static [Role], relations: &'static [Relation]) -> AccessRow {
    AccessRow { step, roles, relations, capability: None, money: false }
}

/// Roles that see who else sits where they sit; the carrier sits alone.
const COLLEAGUES: &[Role] = &[
    Role::Owner,
    Role::Trader,
    Role::Finance,
    Role::Viewer,
    Role::Admin,
    Role::Support,
    Role::CreditAdmin,
    Role::Teacher,
];
const HEADS: &[Role] = &[Role::Owner, Role::Admin];
const ADMINS: &[Role] = &[Role::Admin];
const INSIDE: &[Relation] = &[Relation::Party, Relation::Overseer];
const ABOVE: &[Relation] = &[Relation::Overseer];

/// Who may open and edit companies, grant, change and take seats, invite, close accounts and read mails. Signing in is
/// open to everybody and throttled instead.
pub const ACCESS: &[AccessRow] = &[
    may(company::OPEN, ADMINS, ABOVE),
    may(company::EDIT, HEADS, INSIDE),
    may(seat::GRANT, HEADS, INSIDE),
    may(seat::CHANGE_ROLE, HEADS, INSIDE),
    may(seat::DISABLE, HEADS, INSIDE),
    may("team.list", COLLEAGUES, INSIDE),
    may("invitation.list", HEADS, INSIDE),
    may("invitation.send", HEADS, INSIDE),
    may("invitation.withdraw", HEADS, INSIDE),
    may("user.list", ADMINS, ABOVE),
    may("user.disable", ADMINS, ABOVE),
    may("mail.list", ADMINS, ABOVE),
    may("mail.read", ADMINS, ABOVE),
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
    row("identity.password_short", 422, "Use at least 15 characters; beside a second factor 8 are enough."),
    row("identity.reset_needed", 403, "Ask for a link and set a new password."),
    row("identity.proof_wrong", 422, "Check the password or the code, then try again."),
    row("identity.step_up_needed", 403, "Show your password or a code, then repeat the step."),
    row("identity.email_unverified", 403, "Open the link in the mail we sent you, or ask for another one."),
    row("identity.no_password", 409, "Sign up with an e-mail address of your own."),
    row("identity.ticket_void", 410, "Ask for a new link."),
    row("identity.code_needed", 401, "Add the six digits of your authenticator app, or a recovery code."),
    row("identity.code_wrong", 401, "Wait for the next code of the app, or use a recovery code."),
    row("identity.no_second_factor", 409, "Begin again: scan the picture, then type the code."),
    row("identity.second_factor_needed", 403, "Turn the second factor on, or sign in with it."),
    row("identity.already_member", 409, "Change the role on the team page instead."),
    row("identity.too_many_invitations", 409, "Withdraw invitations nobody answered, then invite again."),
    row("identity.invited_other", 409, "Sign out, then open the link again."),
    row("identity.sign_in_first", 409, "Sign in with the invited address, then open the link again."),
    row("identity.user_elsewhere", 409, "Take the seats of this market away instead."),
    row("identity.second_factor_mandatory", 409, "Replace it by another app instead of turning it off."),
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
