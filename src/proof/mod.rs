//! What companies prove of themselves, who checked it and until when; the supplier's page beyond its catalogue.
//!
//! * `commands`: the steps on a company's proofs. Their events are the company's own, since each may move its level of
//!   verification, which the search and the lists read from the company. What a claim says stands in the log as a hash.
//! * `read`: a company's dossier, the queue of the market's admins, evidence.
//! * `view`: what everybody sees, what the company and the admins see beyond that.
//! * `report`: the verification report as a document.
//! * `http`: the routes, with the trade record of a seller.
//!
//! Evidence is seen by the company that sent it, and by admins once a claim names it; each look of an admin is a security
//! event. Nobody decides on a claim of a company they sit or sat in.

mod commands;
pub mod http;
mod read;
mod report;
mod store;
mod view;

pub use commands::Take;
pub use http::routes;
pub use read::badges;
pub use read::files::FILES;
pub use view::ProofKind;

use crate::identity::COMPANY;
use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::{Command, DeadlineCommand, Store};
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use entrepot_domain::proof::ProofCommand;
use std::sync::Arc;

const TRADERS: &[Role] = &[Role::Owner, Role::Trader];
const MEMBERS: &[Role] = &[Role::Owner, Role::Trader, Role::Finance, Role::Viewer];
const ADMINS: &[Role] = &[Role::Admin];

const fn of_company(step: &'static str, roles: &'static [Role], capability: Option<Capability>) -> AccessRow {
    AccessRow { step, roles, relations: &[Relation::Party], capability, money: false }
}

const fn of_admins(step: &'static str, capability: Option<Capability>) -> AccessRow {
    AccessRow { step, roles: ADMINS, relations: &[Relation::Overseer], capability, money: false }
}

const PROOFS: Option<Capability> = Some(Capability::CompanyProofs);

/// Who may do what here. What ends a proof stays possible when proofs are switched off.
pub const ACCESS: &[AccessRow] = &[
    of_company("proof.list", MEMBERS, None),
    of_company("proof.upload", TRADERS, PROOFS),
    of_company("proof.submit", TRADERS, PROOFS),
    of_company("proof.answer", TRADERS, PROOFS),
    of_company("proof.withdraw", TRADERS, None),
    of_admins("proof.review", None),
    of_admins("proof.ask", PROOFS),
    of_admins("proof.confirm", PROOFS),
    of_admins("proof.refuse", None),
    of_admins("proof.revoke", None),
    of_admins("proof.recheck", PROOFS),
    of_company(commands::EXPIRE, &[], None),
];

const fn problem(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    problem("proof.invalid", 422, "Correct the marked fields and send again."),
    problem("proof.open", 409, "Wait for the decision, or take the waiting claim back first."),
    problem("proof.too_many", 409, "Ask the market's admins: a company keeps 120 claims."),
    problem("proof.decided", 409, "Read what was decided; only a new claim of the company opens it again."),
    problem("proof.wrong_state", 409, "Reload the page: the claim stands differently by now."),
    problem("proof.own_claim", 403, "Leave it to another admin of the market."),
    problem("proof.valid_until", 422, "Choose a last day from today to ten years ahead."),
    problem("proof.recheck_on", 422, "Choose a day behind today and not behind the last day, or leave it empty."),
    problem("proof.reason_missing", 422, "Say in the note what the reason is."),
];

/// Stores of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![Arc::new(store::DossierStore)]
}

fn due(company: u128, step: &str, no: i32) -> Option<Box<dyn Command>> {
    (step == commands::EXPIRE)
        .then(|| Box::new(Take { company, insider: false, command: ProofCommand::Expire { no } }) as Box<dyn Command>)
}

/// How due deadlines of this slice become commands.
pub const DEADLINES: &[(&str, DeadlineCommand)] = &[(COMPANY, due)];
