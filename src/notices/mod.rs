//! Notices: what people are told of, in the application and by mail, and what they want to hear.
//!
//! * `store`: the jobs. `follow` takes the sealed log and writes notices; `whom` finds the companies a step concerns; `alerts`
//!   holds new and changed products against saved searches; `remind` looks at deadlines that come closer; `post` puts letters in
//!   the queue; `keep` bounds what is kept.
//! * `tend`: what a node does beside answering: reminders, letters, and telling open streams that a count changed.
//! * `words`: what letters say, in English and Chinese; `read`, `view`, `http`: lists, counts, choices.
//!
//! A notice is a kind with identifiers and numbers; it holds no text of anybody, so it gives nothing away that its reader could not
//! read where it leads. It belongs to one person and is shown while that person sits in the company it was told to. Nothing here
//! guards a decision, so nothing goes through the door: notices may lag behind the market, and read marks concern their reader alone.

pub mod http;
mod read;
mod store;
mod tend;
mod view;
mod words;

pub use http::routes;
pub use store::begin;
pub use tend::{Desk, tend};
pub use words::SENTENCES;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::jobs::Follower;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use std::sync::Arc;

/// Step of reading one's own notices and choices, for the access table.
const LIST: &str = "notice.list";
/// Step of marking them read and of choosing.
const CHOOSE: &str = "notice.choose";

const fn own(step: &'static str) -> AccessRow {
    AccessRow { step, roles: &Role::ALL, relations: &[Relation::Market], capability: None, money: false }
}

/// Who may do what here: everybody with a seat, with what is told to themselves.
pub const ACCESS: &[AccessRow] = &[own(LIST), own(CHOOSE)];

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    ProblemRow { code: "notice.cursor", status: 422, next: "Start again from the first page." },
    ProblemRow { code: "notice.locked", status: 409, next: "Leave this topic as it is: it keeps your account safe." },
];

/// Jobs of this slice.
pub fn followers() -> Vec<Arc<dyn Follower>> {
    vec![Arc::new(store::Notices), Arc::new(store::Alerts)]
}
