//! The steps on requests and quotes on their way through the door.
//!
//! Each step writes one event of its own subject. What several subjects share, seats and the rights to quote, are aggregates
//! without events of their own, loaded and saved in the same command, so that nothing is raced past.

mod quote;
mod rfq;
mod talk;

pub use quote::{LapseQuote, SubmitQuote, TakeQuote, sealed};
pub use rfq::{PublishRfq, TakeRfq, standing};
pub use talk::TakeTalk;

use crate::platform::engine::{Context, Key};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::Zone;

/// The kind of a request.
pub const RFQ: &str = "rfq";
/// The kind of a request's seats; they have the request's identifier.
pub const SEATS: &str = "rfq_seats";
/// The kind of what is asked and said about a request; it has the request's identifier.
pub const TALK: &str = "rfq_talk";
/// The kind of a quote.
pub const QUOTE: &str = "quote";
/// The kind of a supplier's rights to quote; they have the supplier's identifier.
pub const QUOTA: &str = "quote_quota";

const fn rfq_key(id: u128) -> Key {
    Key { kind: RFQ, id }
}

const fn seats_key(rfq: u128) -> Key {
    Key { kind: SEATS, id: rfq }
}

const fn talk_key(rfq: u128) -> Key {
    Key { kind: TALK, id: rfq }
}

const fn quote_key(id: u128) -> Key {
    Key { kind: QUOTE, id }
}

const fn quota_key(supplier: u128) -> Key {
    Key { kind: QUOTA, id: supplier }
}

fn zone(cx: &Context<'_>) -> Result<Zone, Refusal> {
    Zone::parse(&cx.market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))
}

/// A number for people: a letter and eight signs of the identifier.
pub fn number(letter: char, id: u128) -> String {
    let order = crate::trade::number_of(id);
    order.split_once('-').map_or_else(|| order.clone(), |(_, signs)| format!("{letter}-{signs}"))
}
