//! Sourcing: a buyer's request for quotation, the sealed quotes of suppliers, their comparison, and the award.
//!
//! * [`Rfq`]: what is wanted; [`Quote`]: what a supplier offers, in immutable versions; [`Seats`] and [`QuoteQuota`]: how
//!   many may quote, and how often a supplier may.
//! * [`judge_rfq`], [`judge_quote`]: decide; [`evolve_rfq`], [`evolve_quote`]: apply.
//! * [`Talk`]: what suppliers ask about a request and the buyer answers before all of them.
//! * [`Counter`]: what the buyer would take instead; [`diff`]: what changed between two versions; [`rank`]: which suppliers fit a request, and why; [`compare()`]: suppliers
//!   side by side with the cost at the buyer's door.
//!
//! Promises that what is awarded is priced by the very ladder of the accepted version, rounded once per line, so that the
//! order drafted from it has the same prices and total to the minor unit. Refuses quotes beyond deadline, seats and quota,
//! and awards of versions that are not the newest.

mod compare;
mod counter;
mod diff;
mod landed;
mod matching;
mod price;
mod quota;
mod quote;
mod quote_check;
mod quote_decide;
mod rejection;
mod rfq;
mod rfq_check;
mod rfq_decide;
mod seats;
mod talk;

pub use compare::{Cell, CellState, Column, Comparison, Quoted, Row, compare};
pub use counter::{COUNTERS_MAX, Counter, CounterLine, CounterState, CounterTerms};
pub use diff::{Change, diff};
pub use landed::{Landed, Rates, landed};
pub use matching::{Candidate, MATCHED_MAX, Match, Reason, ReasonKind, Wish, rank};
pub use price::{freight_shares, price_at};
pub use quota::{MONTHLY, Month, QuoteQuota};
pub use quote::{
    QUOTE_LAPSE, Quote, QuoteEvent, QuoteLine, QuoteState, QuoteTerms, QuoteVersion, Sample, StageKind, StageProposal,
    Trigger, evolve_quote,
};
pub use quote_decide::{QuoteCommand, QuoteContext, QuoteVerdict, Submission, judge_quote, submit};
pub use rejection::{CODES, SourcingRejection};
pub use rfq::{
    AWARD_DAYS, Award, AwardLine, FILES_MAX, Outcome, QualityPoint, RFQ_LAPSE, Rfq, RfqLine, RfqState, RfqTerms,
    SEATS_DEFAULT, SEATS_MAX, Visibility,
};
pub use rfq_check::DEADLINE_DAYS;
pub use rfq_decide::{AwardChoice, Publication, RfqCommand, RfqContext, RfqEvent, evolve_rfq, judge_rfq, publish};
pub use seats::{Seat, Seats};
pub use talk::{
    Asked, Clarification, QUESTIONS_MAX, Said, TALK_MAX, Talk, TalkCommand, TalkContext, TalkEvent, TalkVerdict,
    evolve_talk, judge_talk,
};

#[cfg(test)]
#[path = "fixture_tests.rs"]
pub(crate) mod fixture;
#[cfg(test)]
mod quote_tests;
#[cfg(test)]
mod rfq_tests;
