//! What is for sale: listings with their price ladders, the companies that offer them, and the import of goods from CSV.
//!
//! * `listing`: a product as stored; `draft`: what users and CSV rows write of it; `commands`: the steps on it.
//! * `review`: the market's look at listings before they are published, where it is switched on.
//! * `read`: lists and pages, each one statement; a list copies the cards stored beside the products.
//! * `quick`: pasted lines priced; `history`: what changed in a listing; `export`: the file that the import takes back.
//! * `shown`: listings and cards by identifier, `range`: what each company lists, both for the search.
//! * `store`: writes listings and cards; `http`: the routes.
//! * [`import`]: goods and whole markets from CSV, in the background, row by row through the door.
//!
//! Published listings are public within their market and changed by their supplier only. Uploaded pictures and shortlists are
//! beside the door: nobody else sees them.

mod commands;
mod draft;
mod export;
mod history;
pub mod http;
pub mod import;
mod listing;
mod quick;
mod range;
mod read;
mod review;
mod shown;
mod store;
mod view;

#[cfg(test)]
mod http_tests;
#[cfg(test)]
mod tests;

pub use commands::{AdjustProduct, ChangeProduct, ListProduct};
pub use draft::{Draft, DraftBreak, DraftIncoterm};
pub use http::routes;
pub use import::{CompanyRow, ImportSummary, import_market, read_companies, resume_imports};
pub use listing::{Adjustment, Listing, PRODUCT};
pub use range::{MAIN_GOODS, Range, Whose, ranges, sellers_of};
pub use read::own::holding_words;
pub use read::{Found, Supplier, not_listed, offered, product, supplier, suppliers_of};
pub use shown::{Shown, Which, cards_of, listings};
pub use store::complete_cards;
pub use view::{IncotermView, ProductCard};

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::Store;
use crate::platform::problem::ProblemRow;
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use std::sync::Arc;

const fn access(step: &'static str) -> AccessRow {
    AccessRow {
        step,
        roles: &[Role::Owner, Role::Trader],
        relations: &[Relation::Party],
        capability: Some(Capability::Listings),
        money: false,
    }
}

/// The same for what every seat of the company may read of its own.
const fn members(step: &'static str) -> AccessRow {
    AccessRow { roles: &[Role::Owner, Role::Trader, Role::Finance, Role::Viewer], ..access(step) }
}

/// For those who lead the market; it stays possible when the review is switched off, so that nothing waits for ever.
const fn leads(step: &'static str) -> AccessRow {
    AccessRow {
        roles: &[Role::Admin, Role::Teacher],
        relations: &[Relation::Overseer],
        capability: None,
        ..access(step)
    }
}

/// Who may list, change, import and export goods: owners and traders of the selling company. Reading is open to the market, the
/// own desk, the history of a listing and the shortlist to the company.
pub const ACCESS: &[AccessRow] = &[
    access(commands::LIST),
    access(commands::CHANGE),
    access(import::START),
    access("picture.upload"),
    access("picture.delete"),
    access("shortlist.keep"),
    members("product.export"),
    members("product.own"),
    members("product.history"),
    members("shortlist.list"),
    access("quick.price"),
    leads("product.review"),
    leads(review::APPROVE),
    leads(review::RETURN),
];

const fn row(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes this slice answers with.
pub const PROBLEMS: &[ProblemRow] = &[
    row("catalog.invalid", 422, "Correct the marked fields and send again."),
    row("catalog.sku_taken", 409, "Choose another SKU, or change the product that has it."),
    row("catalog.not_a_seller", 403, "Ask the owner to set the company up as a seller."),
    row("catalog.version_needed", 428, "Send the version from ETag as If-Match."),
    row("catalog.below_moq", 422, "Order at least the minimum quantity."),
    row("catalog.off_lot_step", 422, "Take the nearest quantity that fits whole lots."),
    row("catalog.state", 409, "Withdraw a published listing instead; a withdrawn one can be published again."),
    row("catalog.not_listed", 409, "Choose another product, or ask the supplier to offer it again."),
    row("catalog.not_in_review", 409, "Reload the list of listings that wait."),
    row("catalog.own_listing", 403, "Ask another admin of the market to decide."),
    row("catalog.picture_used", 409, "Take the picture from the listing first, then delete it."),
    row("catalog.bulk", 422, "Pick 1 to 500 listings and say at least one change."),
    row("catalog.too_many_lines", 422, "Paste at most 200 lines at a time."),
    row("shortlist.full", 409, "Take something off the list first: a company keeps 500 products."),
    row("shortlist.note", 422, "Shorten the note to 500 characters."),
    row("catalog.cursor", 422, "Start again from the first page."),
    row("import.encoding", 422, "Save the file as CSV UTF-8 and send it again."),
    row("import.header", 422, "Use the column names of the template, separated by commas."),
    row("import.running", 409, "Wait until the import under way is done."),
];

/// The aggregates of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![Arc::new(store::ProductStore)]
}
