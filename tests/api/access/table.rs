//! The access table of the HTTP interface, written down apart from the product: one row per operation, one mark per seat.

/// What is expected of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// For anybody, signed in or not.
    Public,
    /// The caller's own account: for anybody who is signed in, with a seat or without.
    Account,
    /// One mark per seat in the order of [`SEATS`]: `.` may do it, `3` sees it and may not (403), `4` does not see it (404).
    Seats(&'static str),
}

use Row::{Account, Public, Seats};

/// The seats of the marks. The first four sit in the company that buys; `away` is another market.
pub const SEATS: [&str; 13] = [
    "owner",
    "trader",
    "finance",
    "viewer",
    "counterparty",
    "stranger",
    "admin",
    "support",
    "credit admin",
    "teacher",
    "carrier",
    "away owner",
    "away admin",
];

/// Everybody of the market and of the other one.
const ALL: Row = Seats(".... . . ..... ..");
/// Everybody of the market.
const HERE: Row = Seats(".... . . ..... 44");
/// Who sees the order: its parties, overseers, and the carrier once it is agreed.
const ORDER: Row = Seats(".... . 4 ..... 44");
/// The same without the carrier, who has no part in what the parties write to each other.
const TALK: Row = Seats(".... . 4 ....4 44");
/// Who sees an inquiry that nobody reported: its two companies alone.
const ASKED: Row = Seats(".... . 4 44444 44");
/// What a company shows for its claims: itself, and who decides on them.
const CLAIMED: Row = Seats(".... 4 4 .4444 44");
/// Those who trade for the company that asks for quotes: the invited supplier sees it, others do not.
const REQUESTED: Row = Seats("..33 3 4 33334 44");
/// Both sides of a sealed quote; those who oversee the market know of it and may not read it.
const SEALED: Row = Seats(".... . 4 33334 44");
/// What belongs to one person.
const OWN: Row = Seats(".444 4 4 44444 44");
/// Those who trade for a company that is a party.
const TRADE: Row = Seats("..33 . 4 33333 44");
/// Those who run, support, teach a market or answer for its credit.
const OVERSIGHT: Row = Seats("3333 3 3 ....3 3.");
/// Those who lead a market.
const LEAD: Row = Seats("3333 3 3 .33.3 3.");
/// Those who run a market.
const RUN: Row = Seats("3333 3 3 .3333 3.");
/// The heads of a company or of a market.
const HEADS: Row = Seats(".333 . . .3333 ..");
/// Those who handle goods for a company.
const GOODS: Row = Seats("..33 . . 33333 .3");
/// What lies ready at a company: for itself; those who oversee the market know that it is there.
const STOCK: Row = Seats("4444 . 4 33334 44");
/// Those who read their company's wallet.
const WALLET: Row = Seats(".... . . 33333 .3");
/// Those who move their company's money.
const MONEY: Row = Seats("...3 . . 33333 .3");

/// Operation by operation.
pub const TABLE: &[(&str, &str, Row)] = &[
    ("POST", "/api/v1/auth/sign-up", Public),
    ("POST", "/api/v1/auth/sign-in", Public),
    ("POST", "/api/v1/auth/demo", Public),
    ("POST", "/api/v1/auth/refresh", Public),
    ("POST", "/api/v1/auth/sign-out", Public),
    ("GET", "/api/v1/auth/options", Public),
    ("POST", "/api/v1/auth/password/forgotten", Public),
    ("POST", "/api/v1/auth/password/reset", Public),
    ("POST", "/api/v1/auth/email/verify", Public),
    ("POST", "/api/v1/auth/invitation", Public),
    ("POST", "/api/v1/auth/invitation/accept", Public),
    ("POST", "/api/v1/auth/first-admin", Public),
    ("GET", "/api/v1/auth/me", Account),
    ("POST", "/api/v1/auth/sign-out-everywhere", Account),
    ("POST", "/api/v1/auth/seat", Account),
    ("PUT", "/api/v1/auth/language", Account),
    ("POST", "/api/v1/auth/email/verification", Account),
    ("POST", "/api/v1/auth/password", Account),
    ("POST", "/api/v1/auth/step-up", Account),
    ("GET", "/api/v1/auth/sessions", Account),
    ("DELETE", "/api/v1/auth/sessions/{id}", Account),
    ("POST", "/api/v1/auth/second-factor", Account),
    ("POST", "/api/v1/auth/second-factor/confirm", Account),
    ("POST", "/api/v1/auth/second-factor/off", Account),
    ("POST", "/api/v1/auth/second-factor/recovery-codes", Account),
    ("GET", "/api/v1/team", Seats(".... . . ....3 ..")),
    ("GET", "/api/v1/team/invitations", HEADS),
    ("POST", "/api/v1/team/invitations", HEADS),
    ("DELETE", "/api/v1/team/invitations/{id}", Seats(".333 4 4 43333 44")),
    ("POST", "/api/v1/team/{seat}/role", Seats(".333 4 4 .3334 44")),
    ("POST", "/api/v1/team/{seat}/deactivate", Seats(".333 4 4 .3334 44")),
    ("GET", "/api/v1/admin/users", RUN),
    ("POST", "/api/v1/admin/users/{id}/disable", Seats("3333 3 3 .3333 34")),
    ("POST", "/api/v1/admin/users/{id}/enable", Seats("3333 3 3 .3333 34")),
    ("GET", "/api/v1/admin/mails", RUN),
    ("GET", "/api/v1/admin/mails/{id}", Seats("3333 3 3 .3333 34")),
    ("GET", "/api/v1/market", ALL),
    ("GET", "/api/v1/market/activity", OVERSIGHT),
    ("POST", "/api/v1/market/clock", LEAD),
    ("POST", "/api/v1/market/era", LEAD),
    ("POST", "/api/v1/market/capabilities", LEAD),
    ("GET", "/api/v1/live", ALL),
    ("GET", "/api/v1/products", ALL),
    ("GET", "/api/v1/products/{id}", HERE),
    ("POST", "/api/v1/products", GOODS),
    ("POST", "/api/v1/products/check", GOODS),
    ("PUT", "/api/v1/products/{id}", Seats("3333 . 3 33333 44")),
    ("POST", "/api/v1/products/{id}/price", HERE),
    ("GET", "/api/v1/products/{id}/history", Seats("3333 . 3 33333 44")),
    ("GET", "/api/v1/own-products", WALLET),
    ("GET", "/api/v1/admin/listings", LEAD),
    ("POST", "/api/v1/admin/listings/{product}/decision", Seats("3333 3 3 .33.3 34")),
    ("GET", "/api/v1/own-stock", WALLET),
    ("GET", "/api/v1/own-stock/{id}", STOCK),
    ("GET", "/api/v1/own-stock/{id}/changes", STOCK),
    ("POST", "/api/v1/own-stock/{id}/adjustments", STOCK),
    ("POST", "/api/v1/own-products/bulk", GOODS),
    ("GET", "/api/v1/exports/products.csv", WALLET),
    ("POST", "/api/v1/quick-orders/price", GOODS),
    ("GET", "/api/v1/shortlist", WALLET),
    ("GET", "/api/v1/shortlist/products", WALLET),
    ("PUT", "/api/v1/shortlist/{id}", Seats("..33 . . 33333 43")),
    ("DELETE", "/api/v1/shortlist/{id}", Seats("..33 . . 33333 43")),
    ("GET", "/api/v1/pictures", GOODS),
    ("POST", "/api/v1/pictures", GOODS),
    // A drawing of the market's, which nobody uploaded.
    ("DELETE", "/api/v1/pictures/{name}", Seats("4433 4 4 33333 43")),
    ("GET", "/api/v1/categories", ALL),
    ("GET", "/api/v1/search", ALL),
    ("GET", "/api/v1/search/suppliers", ALL),
    ("GET", "/api/v1/search/suggestions", ALL),
    ("GET", "/api/v1/pictures/{name}", ALL),
    ("GET", "/api/v1/companies", ALL),
    ("GET", "/api/v1/companies/{id}", HERE),
    ("GET", "/api/v1/companies/{id}/proofs", HERE),
    ("GET", "/api/v1/companies/{id}/proofs/report", HERE),
    ("GET", "/api/v1/companies/{id}/record", HERE),
    ("GET", "/api/v1/proofs", WALLET),
    ("POST", "/api/v1/proofs", GOODS),
    ("GET", "/api/v1/proofs/{proof}", CLAIMED),
    ("POST", "/api/v1/proof-files", GOODS),
    ("GET", "/api/v1/proof-files/{id}", CLAIMED),
    ("POST", "/api/v1/proofs/{proof}/answer", Seats("..33 4 4 33333 43")),
    ("GET", "/api/v1/admin/proofs", RUN),
    ("POST", "/api/v1/admin/proofs/{proof}/decision", Seats("3333 3 3 .3333 34")),
    ("POST", "/api/v1/proofs/{proof}/withdraw", Seats("..33 4 4 33333 43")),
    ("POST", "/api/v1/imports/products", GOODS),
    ("GET", "/api/v1/imports/{id}", Seats("4444 . 4 44444 44")),
    ("GET", "/api/v1/rfqs", ALL),
    ("POST", "/api/v1/rfqs", GOODS),
    ("GET", "/api/v1/rfqs/{rfq}", TALK),
    ("GET", "/api/v1/rfqs/{rfq}/matches", Seats(".... 3 4 ....4 44")),
    ("POST", "/api/v1/rfqs/{rfq}/extend", REQUESTED),
    ("POST", "/api/v1/rfqs/{rfq}/invite", REQUESTED),
    ("POST", "/api/v1/rfqs/{rfq}/close", REQUESTED),
    ("POST", "/api/v1/rfqs/{rfq}/award", REQUESTED),
    ("POST", "/api/v1/rfqs/{rfq}/outcome", REQUESTED),
    ("POST", "/api/v1/rfqs/{rfq}/questions", Seats("..33 . 4 33334 44")),
    ("POST", "/api/v1/rfqs/{rfq}/questions/{no}/answer", REQUESTED),
    ("POST", "/api/v1/rfqs/{rfq}/clarifications", REQUESTED),
    ("POST", "/api/v1/sourcing-files", GOODS),
    // An attachment of the counterparty's quote.
    ("GET", "/api/v1/sourcing-files/{id}", SEALED),
    ("GET", "/api/v1/rfqs/{rfq}/comparison", Seats(".... 3 4 33334 44")),
    ("GET", "/api/v1/rfqs/{rfq}/comparison.csv", Seats(".... 3 4 33334 44")),
    ("GET", "/api/v1/rfqs/{rfq}/quotes", SEALED),
    ("POST", "/api/v1/rfqs/{rfq}/quotes", Seats("..33 . 4 33334 44")),
    ("GET", "/api/v1/quotes", ALL),
    ("GET", "/api/v1/quotes/quota", WALLET),
    ("GET", "/api/v1/quotes/{quote}", SEALED),
    ("GET", "/api/v1/quotes/{quote}/proforma", SEALED),
    ("POST", "/api/v1/quotes/{quote}/revise", Seats("3333 . 4 33334 44")),
    ("POST", "/api/v1/quotes/{quote}/counter", REQUESTED),
    ("POST", "/api/v1/quotes/{quote}/agree", Seats("3333 . 4 33334 44")),
    ("POST", "/api/v1/quotes/{quote}/withdraw", Seats("3333 . 4 33334 44")),
    ("POST", "/api/v1/rfqs/{rfq}/withdraw", REQUESTED),
    ("POST", "/api/v1/orders", Seats("..33 . 4 33333 43")),
    ("GET", "/api/v1/orders", ALL),
    ("GET", "/api/v1/orders/{order}", ORDER),
    ("GET", "/api/v1/orders/{order}/actions", ORDER),
    ("POST", "/api/v1/orders/{order}/previews", TRADE),
    ("POST", "/api/v1/orders/{order}/transitions", TRADE),
    ("GET", "/api/v1/orders/{order}/events", ORDER),
    ("GET", "/api/v1/orders/{order}/journals", ORDER),
    ("GET", "/api/v1/orders/{order}/versions", TALK),
    ("GET", "/api/v1/orders/{order}/papers/{kind}", TALK),
    ("GET", "/api/v1/orders/{order}/messages", TALK),
    ("POST", "/api/v1/orders/{order}/messages", Seats("...3 . 4 33334 44")),
    ("GET", "/api/v1/orders/{order}/files", TALK),
    ("POST", "/api/v1/orders/{order}/files", Seats("...3 . 4 33334 44")),
    ("GET", "/api/v1/files/{id}", TALK),
    ("GET", "/api/v1/inquiries", ALL),
    ("GET", "/api/v1/inquiries/unread", ALL),
    ("POST", "/api/v1/inquiries", Seats("..33 . . 33333 43")),
    ("GET", "/api/v1/inquiries/{inquiry}", ASKED),
    ("GET", "/api/v1/inquiries/{inquiry}/messages", ASKED),
    ("POST", "/api/v1/inquiries/{inquiry}/messages", Seats("...3 . 4 44444 44")),
    ("POST", "/api/v1/inquiries/{inquiry}/read", ASKED),
    ("POST", "/api/v1/inquiries/{inquiry}/close", Seats("..33 3 4 44444 44")),
    ("POST", "/api/v1/inquiries/{inquiry}/reopen", Seats("..33 3 4 44444 44")),
    ("POST", "/api/v1/inquiry-files", MONEY),
    ("GET", "/api/v1/inquiry-files/{id}", ASKED),
    ("POST", "/api/v1/companies/{id}/block", Seats("..33 . . 33333 43")),
    ("DELETE", "/api/v1/companies/{id}/block", Seats("..33 . . 33333 43")),
    ("GET", "/api/v1/companies/{id}/response-clock", HERE),
    ("GET", "/api/v1/blocks", WALLET),
    ("GET", "/api/v1/templates", WALLET),
    ("POST", "/api/v1/templates", GOODS),
    ("PUT", "/api/v1/templates/{id}", Seats("..33 4 4 33333 43")),
    ("DELETE", "/api/v1/templates/{id}", Seats("..33 4 4 33333 43")),
    ("GET", "/api/v1/notices", ALL),
    ("GET", "/api/v1/notices/unread", ALL),
    ("POST", "/api/v1/notices/read", ALL),
    ("POST", "/api/v1/notices/{id}/read", OWN),
    ("GET", "/api/v1/notices/choices", ALL),
    ("PUT", "/api/v1/notices/choices/{topic}", ALL),
    ("GET", "/api/v1/saved-searches", ALL),
    ("POST", "/api/v1/saved-searches", ALL),
    ("PUT", "/api/v1/saved-searches/{id}", OWN),
    ("DELETE", "/api/v1/saved-searches/{id}", OWN),
    // The last of its kind: from a report on, those who lead the market see the inquiry.
    ("POST", "/api/v1/inquiries/{inquiry}/report", Seats("...3 . 4 44444 44")),
    // An admin's and a teacher's step; the companies see the inquiry and may not settle it.
    ("POST", "/api/v1/inquiries/{inquiry}/settle", Seats("3333 3 4 .34.4 44")),
    ("GET", "/api/v1/wallet", WALLET),
    ("GET", "/api/v1/wallet/statement", WALLET),
    ("GET", "/api/v1/wallet/statement.csv", WALLET),
    ("POST", "/api/v1/wallet/pay-ins", MONEY),
    ("POST", "/api/v1/wallet/withdrawals", MONEY),
    ("GET", "/api/v1/admin/trial-balance", OVERSIGHT),
    ("GET", "/api/v1/admin/client-money", OVERSIGHT),
    ("GET", "/api/v1/admin/events", OVERSIGHT),
    ("POST", "/api/v1/admin/prove", OVERSIGHT),
];

/// Operations that ask for a secret shown at most five minutes ago.
pub const PROVED: &[(&str, &str)] = &[
    ("POST", "/api/v1/wallet/withdrawals"),
    ("POST", "/api/v1/team/invitations"),
    ("POST", "/api/v1/team/{seat}/role"),
    ("POST", "/api/v1/team/{seat}/deactivate"),
    ("POST", "/api/v1/admin/users/{id}/disable"),
    ("POST", "/api/v1/admin/users/{id}/enable"),
    ("GET", "/api/v1/admin/mails/{id}"),
];

/// Operations that need a capability of era 2.0.
pub const LATER: &[(&str, &str)] = &[
    ("POST", "/api/v1/orders"),
    ("POST", "/api/v1/orders/{order}/previews"),
    ("POST", "/api/v1/orders/{order}/transitions"),
    ("GET", "/api/v1/wallet"),
    ("GET", "/api/v1/wallet/statement"),
    ("GET", "/api/v1/wallet/statement.csv"),
    ("POST", "/api/v1/wallet/pay-ins"),
    ("POST", "/api/v1/wallet/withdrawals"),
];

/// The marks of a row without the spaces.
pub fn marks(row: Row) -> Vec<char> {
    match row {
        Seats(marks) => marks.chars().filter(|mark| *mark != ' ').collect(),
        Public | Account => Vec::new(),
    }
}

/// The operations of the document the server serves.
pub fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let of = |(path, item): (&String, &serde_json::Value)| {
        let item = item.as_object().unwrap();
        let kept = item.keys().filter(|key| methods.contains(&key.as_str()));
        kept.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    document["paths"].as_object().unwrap().iter().flat_map(of).collect()
}

/// What every operation is expected to be: missing rows, rows without an operation and short rows are findings.
pub fn gaps(operations: &[(String, String)], table: &[(&str, &str, Row)]) -> Vec<String> {
    let missing = operations
        .iter()
        .filter(|(m, p)| !table.iter().any(|(tm, tp, _)| tm == m && tp == p))
        .map(|(m, p)| format!("no row for {m} {p}"));
    let stale = table
        .iter()
        .filter(|(tm, tp, _)| !operations.iter().any(|(m, p)| m == tm && p == tp))
        .map(|(m, p, _)| format!("no operation {m} {p}"));
    let short = table
        .iter()
        .filter(|(_, _, row)| matches!(row, Seats(_)) && marks(*row).len() != SEATS.len())
        .map(|(m, p, _)| format!("not a mark for each seat: {m} {p}"));
    missing.chain(stale).chain(short).collect()
}

/// Operations whose document and row disagree on whether a session is needed.
pub fn unlike(document: &serde_json::Value) -> Vec<String> {
    let open = |method: &str, path: &str| {
        let of = &document["paths"][path][method.to_lowercase()];
        let security = if of["security"].is_null() { &document["security"] } else { &of["security"] };
        security.as_array().is_none_or(|all| all.iter().any(|one| one == &serde_json::json!({})))
    };
    let unlike = TABLE.iter().filter(|(method, path, row)| open(method, path) != (*row == Public));
    unlike.map(|(method, path, _)| format!("{method} {path}")).collect()
}
