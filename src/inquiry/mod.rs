//! Inquiries: threads between a buyer and a seller, from the first question to an order or an end.
//!
//! * `commands`: the steps on a thread; `block`: one company keeps another from writing; `desk`: the wall against mass mail.
//!   All go through the door. A message's event holds the hash of its text; the text lies in an append-only table, so that
//!   who reads the log does not read other people's talk.
//! * `read`: lists, threads, messages, the response clock; each needs the scope of its reader. A thread is seen by its two
//!   companies; support, admins and teachers see it once one of the two reported it, and each look is a security event. Admins
//!   and teachers settle what was reported, with a reason that both companies read; then it leaves their list.
//! * `view`: what is shown, with contacts hidden from the other side where the era says so.
//! * Beside the door: files before a message names them, how far a user has read, a company's saved texts. Nobody else sees
//!   any of these.

mod block;
mod commands;
mod desk;
pub mod http;
mod read;
mod store;
mod view;

pub use block::BlockCompany;
pub use commands::{INQUIRY, Take};
pub use http::routes;
pub use read::clock::responses;
pub use view::ResponseClockView;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::{Command, DeadlineCommand, Store};
use crate::platform::problem::ProblemRow;
use entrepot_domain::inquiry::InquiryCommand;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use std::sync::Arc;

const TRADERS: &[Role] = &[Role::Owner, Role::Trader];
const WRITERS: &[Role] = &[Role::Owner, Role::Trader, Role::Finance];
const MEMBERS: &[Role] = &[Role::Owner, Role::Trader, Role::Finance, Role::Viewer];

const fn row(step: &'static str, roles: &'static [Role]) -> AccessRow {
    AccessRow { step, roles, relations: &[Relation::Party], capability: Some(Capability::Inquiry), money: false }
}

/// A step that stays possible when inquiries are switched off: nobody is kept from defending themselves.
const fn always(step: &'static str, roles: &'static [Role]) -> AccessRow {
    AccessRow { capability: None, ..row(step, roles) }
}

/// Who may do what here.
pub const ACCESS: &[AccessRow] = &[
    row("inquiry.open", TRADERS),
    row("inquiry.write", WRITERS),
    always("inquiry.close", TRADERS),
    row("inquiry.reopen", TRADERS),
    always("inquiry.report", WRITERS),
    AccessRow { relations: &[Relation::Overseer], ..always("inquiry.settle", &[Role::Admin, Role::Teacher]) },
    always("inquiry.expire", &[]),
    row("inquiry.upload", WRITERS),
    always("company.block", TRADERS),
    always("company.unblock", TRADERS),
    always("block.list", MEMBERS),
    always("template.list", MEMBERS),
    always("template.save", TRADERS),
];

const fn problem(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    problem("inquiry.empty", 422, "Write something, or attach a file."),
    problem("inquiry.too_long", 422, "Shorten the text to 4,000 characters."),
    problem("inquiry.too_many_files", 422, "Attach ten files at most, and send the rest in another message."),
    problem("inquiry.invalid", 422, "Correct the marked fields and send again."),
    problem("inquiry.own_company", 422, "Choose another supplier."),
    problem("inquiry.not_a_seller", 422, "Choose a company that sells."),
    problem("inquiry.too_many_today", 409, "Go on tomorrow, or write one request for quotation for many suppliers."),
    problem("inquiry.same_text", 409, "Write one request for quotation: it reaches many suppliers at once."),
    problem("inquiry.closed", 409, "The buyer can reopen it, or open another inquiry."),
    problem("inquiry.not_taken", 409, "Look for another supplier, or wait to be contacted."),
    problem("inquiry.blocked_by_you", 409, "Unblock the company first."),
    problem("inquiry.buyers_only", 403, "Ask the buyer to do this."),
    problem("inquiry.note_too_long", 422, "Shorten the note to 4,000 characters."),
    problem("inquiry.too_many_messages", 409, "Go on tomorrow, or put what is left into a file."),
    problem("inquiry.nothing_reported", 409, "Reload the list of reported inquiries."),
    problem("inquiry.insider", 403, "Ask another admin of the market to settle it."),
    problem("inquiry.block_self", 422, "Choose another company."),
    problem(
        "template.invalid",
        422,
        "Give the text a title of at most 80 characters and words in one language at least.",
    ),
    problem("template.version_needed", 428, "Send the version you saw as If-Match."),
    problem("template.title_taken", 409, "Choose another title, or change the text that has it."),
    problem("template.too_many", 409, "Delete a text nobody uses: a company keeps 50 at most."),
];

/// Stores of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![
        Arc::new(store::ThreadStore),
        Arc::new(store::MessageStore),
        Arc::new(store::DeskStore),
        Arc::new(store::BlockStore),
    ]
}

fn due(inquiry: u128, step: &str, _: i32) -> Option<Box<dyn Command>> {
    (step == commands::EXPIRE).then(|| {
        Box::new(Take {
            inquiry,
            parties: None,
            message: 0,
            sells: true,
            insider: false,
            command: InquiryCommand::Expire,
        }) as Box<dyn Command>
    })
}

/// How due deadlines of this slice become commands.
pub const DEADLINES: &[(&str, DeadlineCommand)] = &[(INQUIRY, due)];
