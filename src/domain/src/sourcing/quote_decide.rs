//! The steps of a quote: submit, revise, counter, agree, withdraw, lapse.

use serde::{Deserialize, Serialize};

use super::counter::CounterTerms;
use super::quota::{Month, QuoteQuota};
use super::quote::{Quote, QuoteEvent, QuoteState, QuoteTerms, QuoteVersion};
use super::rejection::SourcingRejection;
use super::rfq::{Rfq, RfqState};
use super::seats::Seats;
use crate::kernel::{CompanyId, MarketTime, QuoteId, Zone};

/// Is what a supplier or the buyer asks of a quote that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum QuoteCommand {
    /// Adds a version.
    Revise {
        /// What it says.
        terms: QuoteTerms,
    },
    /// The buyer asks for something else than the newest version.
    Counter {
        /// What for.
        terms: CounterTerms,
    },
    /// The supplier agrees to the standing counter.
    Agree {
        /// Its number.
        counter: i32,
    },
    /// Takes the quote back.
    Withdraw,
}

/// What a decision about a quote rests on.
#[derive(Debug, Clone, Copy)]
pub struct QuoteContext<'a> {
    /// Market time.
    pub now: MarketTime,
    /// The market's zone.
    pub zone: &'a Zone,
    /// The request.
    pub rfq: &'a Rfq,
}

/// Is a quote that is about to be submitted.
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    /// The identity it gets.
    pub id: QuoteId,
    /// The number it gets.
    pub number: &'a str,
    /// Who quotes.
    pub supplier: CompanyId,
    /// Whether that company sells.
    pub sells: bool,
    /// What its first version says.
    pub terms: &'a QuoteTerms,
}

/// How a decision ended when nothing refused it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // it lives for one decision and is moved once; a box would cost more
pub enum QuoteVerdict {
    /// This happens.
    Do(QuoteEvent),
    /// It was done before (ruling 36).
    Already,
}

fn takes_quotes(cx: &QuoteContext<'_>) -> Result<(), SourcingRejection> {
    if cx.rfq.takes_quotes(cx.now) {
        return Ok(());
    }
    if cx.rfq.state != RfqState::Awarded && cx.rfq.state != RfqState::Withdrawn && cx.now >= cx.rfq.deadline {
        return Err(SourcingRejection::DeadlineOver { deadline: cx.rfq.deadline });
    }
    Err(SourcingRejection::RfqState { state: cx.rfq.state })
}

fn version(no: i32, terms: &QuoteTerms, cx: &QuoteContext<'_>) -> Result<QuoteVersion, SourcingRejection> {
    let errors = terms.validate(cx.rfq);
    if !errors.is_empty() {
        return Err(SourcingRejection::QuoteInvalid(errors));
    }
    let valid_until = cx.zone.end_of_day(cx.now, terms.validity_days);
    Ok(QuoteVersion { no, terms: terms.clone(), at: cx.now, valid_until })
}

/// Submits a quote: gives it with the seats and the quota as they are then.
///
/// Refuses a buyer's own request, a company that does not sell, a request that takes no quotes, a second quote, a full
/// house, a used-up quota and terms with faults; in this order, so that the supplier learns first what cannot be mended.
pub fn submit(
    new: &Submission<'_>,
    seats: &Seats,
    quota: &QuoteQuota,
    cx: &QuoteContext<'_>,
) -> Result<(Quote, Seats, QuoteQuota), SourcingRejection> {
    if cx.rfq.buyer == new.supplier {
        return Err(SourcingRejection::OwnRfq);
    }
    if !new.sells {
        return Err(SourcingRejection::NotASeller);
    }
    takes_quotes(cx)?;
    let seats = seats.with(new.supplier, new.id)?;
    let quota = quota.spend(&Month::of(cx.now, cx.zone))?;
    let first = version(1, new.terms, cx)?;
    let quote = Quote {
        id: new.id,
        number: new.number.to_owned(),
        rfq: cx.rfq.id,
        buyer: cx.rfq.buyer,
        supplier: new.supplier,
        currency: cx.rfq.terms.currency,
        state: QuoteState::Live,
        versions: vec![first],
        counters: Vec::new(),
    };
    Ok((quote, seats, quota))
}

/// Judges a step on a quote that exists.
pub fn judge_quote(
    quote: &Quote,
    command: &QuoteCommand,
    cx: &QuoteContext<'_>,
) -> Result<QuoteVerdict, SourcingRejection> {
    match command {
        QuoteCommand::Revise { terms } => {
            let same = quote.newest().is_some_and(|newest| newest.terms == *terms);
            if quote.state == QuoteState::Live && same {
                return Ok(QuoteVerdict::Already);
            }
            if !quote.may_answer(cx.rfq) {
                takes_quotes(cx)?;
            }
            if quote.state == QuoteState::Withdrawn {
                return Err(SourcingRejection::QuoteState { state: quote.state });
            }
            revised(quote, terms, cx)
        }
        QuoteCommand::Counter { terms } => {
            let counter = quote.countered(terms, cx.rfq, cx.now)?;
            Ok(counter.map_or(QuoteVerdict::Already, |counter| QuoteVerdict::Do(QuoteEvent::Countered { counter })))
        }
        QuoteCommand::Agree { counter } => agree(quote, *counter, cx),
        QuoteCommand::Withdraw if quote.state == QuoteState::Withdrawn => Ok(QuoteVerdict::Already),
        QuoteCommand::Withdraw if cx.rfq.award_of(quote.id).is_some() => {
            Err(SourcingRejection::RfqState { state: cx.rfq.state })
        }
        QuoteCommand::Withdraw => Ok(QuoteVerdict::Do(QuoteEvent::Withdrawn)),
    }
}

fn revised(quote: &Quote, terms: &QuoteTerms, cx: &QuoteContext<'_>) -> Result<QuoteVerdict, SourcingRejection> {
    let no = quote.newest().map_or(1, |newest| newest.no.saturating_add(1));
    Ok(QuoteVerdict::Do(QuoteEvent::Revised { version: version(no, terms, cx)? }))
}

fn agree(quote: &Quote, counter: i32, cx: &QuoteContext<'_>) -> Result<QuoteVerdict, SourcingRejection> {
    let standing = quote.standing_counter().filter(|standing| standing.no == counter);
    let Some((standing, newest)) = standing.zip(quote.newest()) else {
        let asked = quote.counters.iter().find(|one| one.no == counter);
        if asked.is_some_and(|asked| quote.was_agreed(asked, cx.rfq)) {
            return Ok(QuoteVerdict::Already);
        }
        return Err(SourcingRejection::NoCounter { quote: quote.id, counter });
    };
    if quote.state != QuoteState::Live {
        return Err(SourcingRejection::QuoteState { state: quote.state });
    }
    if !quote.may_answer(cx.rfq) {
        return Err(SourcingRejection::RfqState { state: cx.rfq.state });
    }
    revised(quote, &standing.terms.applied(&newest.terms, cx.rfq), cx)
}

impl Quote {
    /// Judges the end of its validity, which the clock brings.
    pub fn lapse(&self, now: MarketTime) -> Result<QuoteEvent, SourcingRejection> {
        match self.due() {
            Some(until) if until <= now => Ok(QuoteEvent::Lapsed),
            _ => Err(SourcingRejection::QuoteState { state: self.state }),
        }
    }
}
