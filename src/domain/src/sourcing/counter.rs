//! A buyer's counter-offer: what it would take instead of the newest version of a quote.
//!
//! A counter changes nothing by itself. The supplier agrees to it, which adds a version with exactly the prices asked, or answers
//! with a version of its own, or leaves it. While a counter to the newest version stands, the supplier may answer it even after
//! the last day for quotes: the buyer asked this supplier, and rivals lose nothing that the deadline promised them.
//!
//! Refuses counters to a version that is not the newest, to lines that were not quoted, and prices that are not lower.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use super::price::price_at;
use super::quote::{Quote, QuoteLine, QuoteState, QuoteTerms};
use super::rejection::SourcingRejection;
use super::rfq::{Rfq, RfqState};
use crate::kernel::{BarePrice, FieldError, MarketTime};

/// Counters a buyer may make to one quote.
pub const COUNTERS_MAX: usize = 20;
const NOTE_MAX: usize = 2_000;

/// Holds what a buyer asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterTerms {
    /// The version it answers.
    pub version: i32,
    /// Lines that shall cost less.
    pub lines: Vec<CounterLine>,
    /// Days from deposit to readiness, where they shall be others.
    #[serde(default)]
    pub lead_days: Option<i64>,
    /// Why, or what else.
    #[serde(default)]
    pub note: String,
}

/// Is one line of a counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterLine {
    /// Number of the request's line.
    pub line: i32,
    /// Price per unit at the quantity the request asks for.
    pub unit_price: BarePrice,
}

/// Is a counter as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// Its number, from 1.
    pub no: i32,
    /// What it asks for.
    pub terms: CounterTerms,
    /// When it was made.
    pub at: MarketTime,
}

/// What became of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CounterState {
    /// The newest of the newest version: the supplier may agree or answer.
    Standing,
    /// The supplier agreed: the next version is what it asked for.
    Agreed,
    /// Another counter or another version came after it.
    Passed,
}

impl CounterState {
    /// Lists them.
    pub const ALL: [Self; 3] = [Self::Standing, Self::Agreed, Self::Passed];

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Agreed => "agreed",
            Self::Passed => "passed",
        }
    }
}

impl CounterTerms {
    /// Gives the terms of the version it answers with what it asks for in their place. The price holds from the break that applies
    /// at the quantity wanted; later breaks that would be dearer fall to it, earlier ones stay.
    #[must_use]
    pub fn applied(&self, terms: &QuoteTerms, rfq: &Rfq) -> QuoteTerms {
        let mut asked = terms.clone();
        for line in &mut asked.lines {
            let Some(counter) = self.lines.iter().find(|one| one.line == line.line) else { continue };
            let wanted = rfq.line(line.line).map_or(0, |wanted| wanted.quantity.0);
            let applies = line.ladder.iter().rposition(|row| row.from_quantity.0 <= wanted).unwrap_or(0);
            for row in line.ladder.iter_mut().skip(applies) {
                row.unit_price = row.unit_price.min(counter.unit_price);
            }
        }
        asked.lead_days = self.lead_days.unwrap_or(terms.lead_days);
        asked
    }

    /// Lists everything wrong with it as an answer to `terms`, each complaint pointing at its field.
    #[must_use]
    pub fn validate(&self, terms: &QuoteTerms, rfq: &Rfq) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, line) in self.lines.iter().enumerate() {
            let quoted = terms.lines.iter().find(|quoted| quoted.line == line.line);
            let at = |field: &str| format!("/lines/{index}/{field}");
            match quoted.filter(|_| seen.insert(line.line)) {
                None => {
                    let detail = "each line is one that the supplier quoted, once";
                    errors.push(FieldError::new(at("line"), "counter.line", detail));
                }
                Some(quoted) => errors.extend(lower(quoted, line, rfq, at("unit_price"))),
            }
        }
        if self.lead_days.is_some_and(|days| !(0..=730).contains(&days)) {
            errors.push(FieldError::new("/lead_days", "quote.lead_days", "the lead time is 0 to 730 days"));
        }
        if self.note.chars().count() > NOTE_MAX {
            errors.push(FieldError::new("/note", "quote.text", "the note has at most 2,000 characters"));
        }
        if errors.is_empty() && self.applied(terms, rfq) == *terms {
            errors.push(FieldError::new("/lines", "counter.nothing", "a counter asks for at least one change"));
        }
        errors
    }
}

fn lower(quoted: &QuoteLine, line: &CounterLine, rfq: &Rfq, pointer: String) -> Option<FieldError> {
    let wanted = rfq.line(line.line).map(|wanted| wanted.quantity)?;
    let Some(present) = price_at(quoted, wanted) else {
        let detail = format!("the supplier sells at least {} of this line", quoted.moq());
        return Some(FieldError::new(pointer, "counter.below_moq", detail));
    };
    let asked = line.unit_price;
    let detail = "a price is positive and lower than the quoted one";
    (asked.0 <= 0 || asked >= present).then(|| FieldError::new(pointer, "counter.price", detail))
}

impl Quote {
    /// Gives the counter that waits for the supplier: the last one, if it answers the newest version.
    #[must_use]
    pub fn standing_counter(&self) -> Option<&Counter> {
        let newest = self.newest()?.no;
        self.counters.last().filter(|counter| counter.terms.version == newest)
    }

    /// Says what became of a counter.
    #[must_use]
    pub fn counter_state(&self, counter: &Counter, rfq: &Rfq) -> CounterState {
        if self.standing_counter().is_some_and(|standing| standing.no == counter.no) {
            return CounterState::Standing;
        }
        if self.was_agreed(counter, rfq) { CounterState::Agreed } else { CounterState::Passed }
    }

    /// Says whether the version behind the countered one is what the last counter to it asked for.
    pub(super) fn was_agreed(&self, counter: &Counter, rfq: &Rfq) -> bool {
        let version = |no: i32| self.versions.iter().find(|version| version.no == no);
        let last = self.counters.iter().rfind(|other| other.terms.version == counter.terms.version);
        last.is_some_and(|last| last.no == counter.no)
            && version(counter.terms.version)
                .zip(version(counter.terms.version.saturating_add(1)))
                .is_some_and(|(answered, next)| counter.terms.applied(&answered.terms, rfq) == next.terms)
    }

    /// Says whether the supplier may answer a standing counter: the request is not decided yet.
    pub(super) fn may_answer(&self, rfq: &Rfq) -> bool {
        let undecided = matches!(rfq.state, RfqState::Open | RfqState::Closed);
        undecided && self.state == QuoteState::Live && self.standing_counter().is_some()
    }

    /// Judges a new counter; `None` when the same one stands already.
    pub(super) fn countered(
        &self,
        terms: &CounterTerms,
        rfq: &Rfq,
        now: MarketTime,
    ) -> Result<Option<Counter>, SourcingRejection> {
        if !matches!(rfq.state, RfqState::Open | RfqState::Closed) {
            return Err(SourcingRejection::RfqState { state: rfq.state });
        }
        let newest = self.newest().filter(|_| self.state == QuoteState::Live);
        let newest = newest.ok_or(SourcingRejection::QuoteState { state: self.state })?;
        if terms.version != newest.no {
            let (quote, chosen, newest) = (self.id, terms.version, newest.no);
            return Err(SourcingRejection::QuoteOutdated { quote, chosen, newest });
        }
        if self.standing_counter().is_some_and(|standing| standing.terms == *terms) {
            return Ok(None);
        }
        if self.counters.len() >= COUNTERS_MAX {
            return Err(SourcingRejection::CountersUsed { most: COUNTERS_MAX });
        }
        let errors = terms.validate(&newest.terms, rfq);
        if !errors.is_empty() {
            return Err(SourcingRejection::CounterInvalid(errors));
        }
        let no = self.counters.last().map_or(1, |last| last.no.saturating_add(1));
        Ok(Some(Counter { no, terms: terms.clone(), at: now }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::super::*;
    use super::*;
    use crate::kernel::{Rejection, Zone};

    fn cheaper(version: i32, line: i32, micros: i64) -> CounterTerms {
        let lines = vec![CounterLine { line, unit_price: BarePrice(micros) }];
        CounterTerms { version, lines, lead_days: None, note: String::new() }
    }

    fn take(quote: &mut Quote, command: &QuoteCommand, rfq: &Rfq, now: MarketTime) -> Result<bool, SourcingRejection> {
        let zone: Zone = zone();
        match judge_quote(quote, command, &QuoteContext { now, zone: &zone, rfq })? {
            QuoteVerdict::Do(event) => {
                evolve_quote(quote, &event);
                Ok(true)
            }
            QuoteVerdict::Already => Ok(false),
        }
    }

    fn counter(terms: CounterTerms) -> QuoteCommand {
        QuoteCommand::Counter { terms }
    }

    #[test]
    fn agreeing_adds_a_version_with_exactly_the_price_asked_and_nothing_else() {
        let rfq = rfq();
        let mut quote = quote(2, &quote_terms());
        let asked = counter(cheaper(1, 1, 2_800));
        assert_eq!(take(&mut quote, &asked, &rfq, now()), Ok(true));
        assert_eq!(take(&mut quote, &asked, &rfq, now()), Ok(false), "the second click");
        assert_eq!(quote.versions.len(), 1, "a counter changes nothing");

        assert_eq!(take(&mut quote, &QuoteCommand::Agree { counter: 1 }, &rfq, now()), Ok(true));
        let newest = quote.newest().unwrap();
        let fields: Vec<_> = diff(&quote.versions[0].terms, &newest.terms).into_iter().map(|c| c.field).collect();
        assert_eq!((newest.no, fields), (2, vec!["/lines/1/ladder/1/unit_price".to_owned()]));
        assert_eq!(price_at(&newest.terms.lines[0], pieces(10_000)), Some(BarePrice(2_800)));
        assert_eq!(quote.counter_state(&quote.counters[0], &rfq), CounterState::Agreed);
        assert_eq!(take(&mut quote, &QuoteCommand::Agree { counter: 1 }, &rfq, now()), Ok(false), "the second click");
    }

    #[test]
    fn later_breaks_never_cost_more_than_the_price_agreed() {
        let rfq = rfq();
        let mut terms = quote_terms();
        let top = terms.lines[0].ladder[1];
        terms.lines[0].ladder.push(crate::catalog::PriceBreak { from_quantity: pieces(50_000), ..top });
        let asked = cheaper(1, 1, 2_000).applied(&terms, &rfq);
        let prices: Vec<i64> = asked.lines[0].ladder.iter().map(|row| row.unit_price.0).collect();
        assert_eq!(prices, [3_500, 2_000, 2_000]);
        assert_eq!(asked.validate(&rfq), []);
    }

    #[test]
    fn every_reason_against_a_counter_has_its_own_refusal() {
        let rfq = rfq();
        let code = |terms: CounterTerms, rfq: &Rfq| {
            let mut quote = quote(2, &quote_terms());
            take(&mut quote, &counter(terms), rfq, now()).map_err(|refused| {
                let pointer = refused.errors().first().map_or(String::new(), |e| format!("{} {}", e.pointer, e.code));
                (refused.code(), pointer)
            })
        };
        let invalid = |at: &str| Err(("sourcing.counter_invalid", at.to_owned()));
        let closed = |state| Rfq { state, ..rfq.clone() };
        let twice =
            CounterTerms { lines: [cheaper(1, 1, 9).lines, cheaper(1, 1, 8).lines].concat(), ..cheaper(1, 1, 9) };
        let empty = CounterTerms { lines: Vec::new(), ..cheaper(1, 1, 9) };
        assert_eq!(code(cheaper(2, 1, 9), &rfq), Err(("sourcing.quote_outdated", String::new())));
        assert_eq!(code(cheaper(1, 1, 9), &closed(RfqState::Awarded)), Err(("sourcing.rfq_state", String::new())));
        assert_eq!(code(cheaper(1, 3, 9), &rfq), invalid("/lines/0/line counter.line"));
        assert_eq!(code(twice, &rfq), invalid("/lines/1/line counter.line"));
        assert_eq!(code(cheaper(1, 1, 3_000), &rfq), invalid("/lines/0/unit_price counter.price"));
        assert_eq!(code(cheaper(1, 1, 0), &rfq), invalid("/lines/0/unit_price counter.price"));
        assert_eq!(code(empty.clone(), &rfq), invalid("/lines counter.nothing"));
        assert_eq!(
            code(CounterTerms { lead_days: Some(731), ..empty.clone() }, &rfq),
            invalid("/lead_days quote.lead_days")
        );
        assert_eq!(
            code(CounterTerms { lead_days: Some(10), ..empty }, &rfq),
            Ok(true),
            "a lead time alone is a counter"
        );
        assert_eq!(
            code(cheaper(1, 1, 9), &closed(RfqState::Closed)),
            Ok(true),
            "who is asked may answer after the end"
        );
    }

    #[test]
    fn a_counter_is_answered_after_the_last_day_and_nothing_else_is() {
        let open = rfq();
        let late = open.deadline.plus_days(1);
        let rfq = Rfq { state: RfqState::Closed, ..open };
        let mut quote = quote(2, &quote_terms());
        let own = QuoteCommand::Revise { terms: QuoteTerms { lead_days: 19, ..quote_terms() } };
        assert_eq!(take(&mut quote, &own, &rfq, late).unwrap_err().code(), "sourcing.deadline_over", "nobody asked");

        take(&mut quote, &counter(cheaper(1, 1, 2_500)), &rfq, late).unwrap();
        assert_eq!(take(&mut quote, &own, &rfq, late), Ok(true), "an answer of its own");
        assert_eq!(quote.counter_state(&quote.counters[0], &rfq), CounterState::Passed);
        let refused = take(&mut quote, &QuoteCommand::Agree { counter: 1 }, &rfq, late).unwrap_err();
        assert_eq!(refused.code(), "sourcing.no_counter", "it was answered otherwise");
        let again = QuoteCommand::Revise { terms: QuoteTerms { lead_days: 18, ..quote_terms() } };
        assert_eq!(take(&mut quote, &again, &rfq, late).unwrap_err().code(), "sourcing.deadline_over", "answered once");
    }

    #[test]
    fn twenty_counters_are_enough() {
        let rfq = rfq();
        let mut quote = quote(2, &quote_terms());
        for micros in (1..=20).rev() {
            assert_eq!(take(&mut quote, &counter(cheaper(1, 1, micros)), &rfq, now()), Ok(true));
        }
        let refused = take(&mut quote, &counter(cheaper(1, 1, 100)), &rfq, now()).unwrap_err();
        assert_eq!(refused.code(), "sourcing.counters_used");
    }
}
