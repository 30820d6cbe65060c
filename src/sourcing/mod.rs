//! Sourcing on the real platform: requests for quotation, sealed quotes, comparison, award.
//!
//! * `commands`: the steps on requests and quotes; `draft`: what people write, as text, turned into the domain's terms.
//! * `store`: aggregates and the job that matches suppliers; `read`: lists and pages, each limited to what its reader may see.
//! * `http/files`, `read/files`: specifications and attachments, each behind the wall of what names it.
//! * `orders`: what follows an award: one drafted order per supplier where the era has contracts, else contacts.
//! * `http`, `view`, `export`: the routes and what they answer.
//!
//! Quotes are sealed: a quote is read by its supplier and by the request's buyer, and by nobody else, not even by those who
//! oversee the market; rivals see how many seats are left. Why the rules are as they are: decision 9.

mod commands;
mod draft;
mod export;
pub mod http;
mod orders;
mod read;
mod store;
mod view;

pub use http::routes;

use crate::platform::access::{AccessRow, Relation};
use crate::platform::engine::{Command, DeadlineCommand, Store};
use crate::platform::jobs::Follower;
use crate::platform::problem::ProblemRow;
use commands::{LapseQuote, QUOTE, RFQ, TakeRfq};
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use entrepot_domain::sourcing::{QUOTE_LAPSE, RFQ_LAPSE, RfqCommand};
use std::sync::Arc;

const TRADERS: &[Role] = &[Role::Owner, Role::Trader];
const NOBODY: &[Role] = &[];
const COMPANY: &[Role] = &[Role::Owner, Role::Trader, Role::Finance, Role::Viewer];
const BUYING: &[Role] = &[
    Role::Owner,
    Role::Trader,
    Role::Finance,
    Role::Viewer,
    Role::Admin,
    Role::Support,
    Role::CreditAdmin,
    Role::Teacher,
];
const OWN: &[Relation] = &[Relation::Party];

const fn may(
    step: &'static str,
    roles: &'static [Role],
    relations: &'static [Relation],
    capability: Capability,
) -> AccessRow {
    AccessRow { step, roles, relations, capability: Some(capability), money: false }
}

/// Who may do what here. Everybody of the market sees the board; `rfq.matches` is for the buyer and overseers.
pub const ACCESS: &[AccessRow] = &[
    may("rfq.publish", TRADERS, OWN, Capability::Rfq),
    may("rfq.extend", TRADERS, OWN, Capability::Rfq),
    may("rfq.invite", TRADERS, OWN, Capability::Rfq),
    may("rfq.close", TRADERS, OWN, Capability::Rfq),
    may("rfq.withdraw", TRADERS, OWN, Capability::Rfq),
    may("rfq.award", TRADERS, OWN, Capability::Rfq),
    may("rfq.outcome", TRADERS, OWN, Capability::OffPlatformDeals),
    may(RFQ_LAPSE, NOBODY, OWN, Capability::Rfq),
    may("rfq.ask", TRADERS, &[Relation::Party, Relation::Market], Capability::Quotes),
    may("rfq.answer", TRADERS, OWN, Capability::Rfq),
    may("rfq.clarify", TRADERS, OWN, Capability::Rfq),
    may("sourcing.upload", TRADERS, OWN, Capability::Rfq),
    // Those who oversee the market know that a file is there and may not read it, as with quotes.
    may("sourcing.file", COMPANY, &[Relation::Party, Relation::Market], Capability::Rfq),
    may("rfq.matches", BUYING, &[Relation::Party, Relation::Overseer], Capability::Rfq),
    may("rfq.quotes", COMPANY, &[Relation::Party, Relation::Market], Capability::Quotes),
    may("rfq.compare", COMPANY, OWN, Capability::Comparison),
    may("quote.submit", TRADERS, &[Relation::Party, Relation::Market], Capability::Quotes),
    may("quote.revise", TRADERS, OWN, Capability::Quotes),
    // The buyer of the request stands to a quote as the market does: it reads it, and the supplier owns it.
    may("quote.counter", TRADERS, &[Relation::Market], Capability::Quotes),
    may("quote.agree", TRADERS, OWN, Capability::Quotes),
    may("quote.withdraw", TRADERS, OWN, Capability::Quotes),
    may(QUOTE_LAPSE, NOBODY, OWN, Capability::Quotes),
    may("quote.read", COMPANY, &[Relation::Party, Relation::Market], Capability::Quotes),
    may("quote.quota", COMPANY, OWN, Capability::Quotes),
];

const fn row(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes this slice answers with, in the order of the rules' own list.
pub const PROBLEMS: &[ProblemRow] = &[
    row("sourcing.rfq_invalid", 422, "Correct the marked fields and publish again."),
    row("sourcing.quote_invalid", 422, "Correct the marked fields and send the quote again."),
    row("sourcing.not_a_buyer", 403, "Ask the owner to set the company up as a buyer."),
    row("sourcing.not_a_seller", 403, "Ask the owner to set the company up as a seller."),
    row("sourcing.own_rfq", 409, "Wait for the suppliers' quotes."),
    row("sourcing.rfq_state", 409, "Reload the request and look at where it stands."),
    row("sourcing.quote_state", 409, "Reload the quote and look at where it stands."),
    row("sourcing.deadline_over", 409, "Ask the buyer for another request, or look at the board for open ones."),
    row("sourcing.seats_full", 409, "Look at the board for requests with free seats."),
    row("sourcing.already_quoted", 409, "Revise the quote your company has."),
    row("sourcing.quota_used", 409, "Wait for the next month; each accepted quote brings a further one."),
    row("sourcing.deadline_not_later", 422, "Choose a day later than the present one and at most 60 days ahead."),
    row("sourcing.nothing_chosen", 422, "Choose at least one line of one quote."),
    row("sourcing.no_such_quote", 422, "Choose quotes of this request, each once."),
    row("sourcing.quote_outdated", 409, "Reload the quotes and read the newest version."),
    row("sourcing.quote_expired", 409, "Ask the supplier to revise the quote, or choose another."),
    row("sourcing.quote_withdrawn", 409, "Choose another quote."),
    row("sourcing.no_such_line", 422, "Choose lines of the request, each once, with a quantity above zero."),
    row("sourcing.line_declined", 422, "Choose a supplier who quoted this line."),
    row("sourcing.below_moq", 422, "Choose at least the smallest quantity sold, or another supplier."),
    row("sourcing.too_much", 422, "Lower the quantities to what the request asks for."),
    row("sourcing.amount_too_large", 422, "Choose smaller quantities."),
    row("sourcing.not_awarded", 409, "Say this of a quote that was awarded."),
    row("sourcing.note_too_long", 422, "Shorten the note to 2,000 characters."),
    row("sourcing.seats_moved", 409, "Try again."),
    row("sourcing.counter_invalid", 422, "Correct the marked fields and send the counter-offer again."),
    row("sourcing.counters_used", 409, "Award the quote, or ask the supplier in a message."),
    row("sourcing.no_counter", 409, "Reload the quote and read what was asked for last."),
    row("sourcing.talk_invalid", 422, "Write 1 to 2,000 characters and send again."),
    row(
        "sourcing.questions_used",
        409,
        "Wait for the buyer's answers, or put what is left into the note of your quote.",
    ),
    row("sourcing.talk_full", 409, "Write to the other side in an inquiry."),
    row("sourcing.no_question", 422, "Reload the request and answer a question that is there."),
    row("sourcing.question_answered", 409, "Reload the request; add an explanation if the answer needs one."),
];

/// The aggregates of this slice.
pub fn stores() -> Vec<Arc<dyn Store>> {
    vec![
        Arc::new(store::RfqStore),
        Arc::new(store::SeatsStore),
        Arc::new(store::TalkStore),
        Arc::new(store::QuoteStore),
        Arc::new(store::QuotaStore),
    ]
}

/// The number people call a request by.
pub fn rfq_number(id: u128) -> String {
    commands::number('R', id)
}

/// Jobs of this slice.
pub fn followers() -> Vec<Arc<dyn Follower>> {
    vec![Arc::new(store::Matching)]
}

fn rfq_due(rfq: u128, step: &str, _: i32) -> Option<Box<dyn Command>> {
    let lapse = || Box::new(TakeRfq::of(rfq, RfqCommand::Lapse)) as Box<dyn Command>;
    (step == RFQ_LAPSE).then(lapse)
}

fn quote_due(quote: u128, step: &str, _: i32) -> Option<Box<dyn Command>> {
    (step == QUOTE_LAPSE).then(|| Box::new(LapseQuote { quote }) as Box<dyn Command>)
}

/// How due deadlines of this slice become commands.
pub const DEADLINES: &[(&str, DeadlineCommand)] = &[(RFQ, rfq_due), (QUOTE, quote_due)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_rules_has_its_row() {
        let rows: Vec<_> = PROBLEMS.iter().map(|row| (row.code, row.status)).collect();
        assert_eq!(rows, entrepot_domain::sourcing::CODES);
    }
}
