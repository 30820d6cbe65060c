//! The conversation and the files of an order: part of its evidence, so they go through the door and are never edited.
//!
//! A file is uploaded first (bytes stored by hash) and counts once a message names it.

pub mod http;
mod read;
mod store;

pub use http::routes;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::Store;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use std::sync::Arc;

const TRADERS: &[Role] = &[Role::Owner, Role::Trader, Role::Finance];

/// Who may do what here.
pub const ACCESS: &[AccessRow] = &[
    AccessRow { step: "message.write", roles: TRADERS, relations: &[Relation::Party], capability: None, money: false },
    AccessRow { step: "file.upload", roles: TRADERS, relations: &[Relation::Party], capability: None, money: false },
];

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    ProblemRow { code: "message.empty", status: 422, next: "Write something, or attach a file." },
    ProblemRow { code: "message.too_long", status: 422, next: "Shorten the text to 4,000 characters." },
    ProblemRow {
        code: "file.type_refused",
        status: 422,
        next: "Send a PDF, PNG, JPEG, WebP, CSV or text file; unpack an archive first.",
    },
    ProblemRow { code: "file.not_a_picture", status: 422, next: "Upload a PNG, JPEG or WebP picture." },
    ProblemRow { code: "file.type_differs", status: 422, next: "Give the file the ending that fits its content." },
    ProblemRow { code: "file.damaged", status: 422, next: "Open and save the picture again, then send it." },
    ProblemRow { code: "file.too_many_pixels", status: 422, next: "Make the picture smaller, then send it." },
    ProblemRow { code: "file.quota", status: 409, next: "Ask the operator for more room, or send smaller files." },
];

/// Stores of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![Arc::new(store::MessageStore)]
}
