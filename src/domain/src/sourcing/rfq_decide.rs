//! The steps of a request: publish, extend, invite, close, withdraw, lapse, award, and what became of it.

use serde::{Deserialize, Serialize};

use super::price::{freight_of_part, freight_shares, price_at};
use super::quote::{Quote, QuoteState};
use super::rejection::SourcingRejection;
use super::rfq::{AWARD_DAYS, Award, AwardLine, Outcome, Rfq, RfqState, RfqTerms, SEATS_MAX};
use super::rfq_check::{check_invited, deadline_fits};
use super::seats::Seats;
use crate::kernel::{CompanyId, Day, MarketTime, MoneyError, Quantity, QuoteId, RfqId, Side, Zone, line_value};

const NOTE_MAX: usize = 2_000;

/// Is a request that is about to be published.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// The identity it gets.
    pub id: RfqId,
    /// The number it gets.
    pub number: &'a str,
    /// Who asks.
    pub buyer: CompanyId,
    /// Whether that company buys.
    pub buys: bool,
    /// What is wanted.
    pub terms: &'a RfqTerms,
}

/// Is what the buyer, a supplier or the clock asks of a request that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum RfqCommand {
    /// Takes quotes longer.
    Extend {
        /// The new last day.
        deadline: Day,
    },
    /// Asks further suppliers by name.
    Invite {
        /// Whom.
        suppliers: Vec<CompanyId>,
    },
    /// Takes no more quotes.
    Close,
    /// Takes the request back.
    Withdraw,
    /// The time is over.
    Lapse,
    /// Accepts one or several quotes.
    Award {
        /// Which, of what how much.
        choices: Vec<AwardChoice>,
    },
    /// Says what became of an award outside the platform.
    Outcome {
        /// The awarded quote.
        quote: QuoteId,
        /// Which side says so.
        by: Side,
        /// Whether a deal was made.
        dealt: bool,
        /// In own words.
        note: String,
    },
}

/// Is one supplier's part as the buyer chooses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardChoice {
    /// The quote.
    pub quote: QuoteId,
    /// The version the buyer read.
    pub version: i32,
    /// Line numbers with the quantities to buy.
    pub lines: Vec<(i32, Quantity)>,
}

/// What a decision about a request rests on.
#[derive(Debug, Clone, Copy)]
pub struct RfqContext<'a> {
    /// Market time.
    pub now: MarketTime,
    /// The market's zone.
    pub zone: &'a Zone,
    /// Its seats.
    pub seats: &'a Seats,
    /// The quotes an award names, as far as they exist.
    pub quotes: &'a [&'a Quote],
}

/// Is what happened to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RfqEvent {
    /// It takes quotes longer.
    Extended {
        /// The new last day.
        day: Day,
        /// Its end.
        deadline: MarketTime,
    },
    /// Further suppliers were asked.
    Invited {
        /// Whom.
        suppliers: Vec<CompanyId>,
    },
    /// It takes no more quotes.
    Closed {
        /// When it lapses without an award.
        decide_by: MarketTime,
    },
    /// It was taken back.
    Withdrawn,
    /// It ended without an award.
    Lapsed,
    /// It was awarded.
    Awarded {
        /// To whom.
        awards: Vec<Award>,
        /// When.
        at: MarketTime,
    },
    /// A party said what became of it.
    Told {
        /// What.
        outcome: Outcome,
    },
}

/// Publishes a request.
///
/// Refuses a company that does not buy, and terms with faults.
pub fn publish(new: &Publication<'_>, now: MarketTime, zone: &Zone) -> Result<Rfq, SourcingRejection> {
    if !new.buys {
        return Err(SourcingRejection::NotABuyer);
    }
    let errors = new.terms.validate(new.buyer, zone.day_of(now));
    if !errors.is_empty() {
        return Err(SourcingRejection::RfqInvalid(errors));
    }
    Ok(Rfq {
        id: new.id,
        number: new.number.to_owned(),
        buyer: new.buyer,
        terms: new.terms.clone(),
        state: RfqState::Open,
        published_at: now,
        deadline: zone.end_of(new.terms.deadline),
        decide_by: None,
        awarded_at: None,
        awards: Vec::new(),
        outcomes: Vec::new(),
    })
}

/// Judges a step on a request that exists; `None` when it was done before (ruling 36).
pub fn judge_rfq(rfq: &Rfq, command: &RfqCommand, cx: &RfqContext<'_>) -> Result<Option<RfqEvent>, SourcingRejection> {
    let refused = || Err(SourcingRejection::RfqState { state: rfq.state });
    let decide_by = cx.zone.end_of_day(cx.now, AWARD_DAYS);
    match (command, rfq.state) {
        (RfqCommand::Extend { deadline }, RfqState::Open) => extend(rfq, *deadline, cx),
        (RfqCommand::Invite { suppliers }, RfqState::Open) => invite(rfq, suppliers),
        (RfqCommand::Close, RfqState::Open) => Ok(Some(RfqEvent::Closed { decide_by })),
        (RfqCommand::Close, RfqState::Closed) | (RfqCommand::Withdraw, RfqState::Withdrawn) => Ok(None),
        (RfqCommand::Withdraw, RfqState::Open | RfqState::Closed) => Ok(Some(RfqEvent::Withdrawn)),
        (RfqCommand::Lapse, _) if rfq.due().is_none_or(|due| due > cx.now) => refused(),
        (RfqCommand::Lapse, RfqState::Open) if !cx.seats.taken.is_empty() => Ok(Some(RfqEvent::Closed { decide_by })),
        (RfqCommand::Lapse, _) => Ok(Some(RfqEvent::Lapsed)),
        (RfqCommand::Award { choices }, RfqState::Open | RfqState::Closed) => {
            Ok(Some(RfqEvent::Awarded { awards: award(rfq, choices, cx)?, at: cx.now }))
        }
        (RfqCommand::Award { choices }, RfqState::Awarded) if same_award(rfq, choices) => Ok(None),
        (RfqCommand::Outcome { quote, by, dealt, note }, _) => {
            tell(rfq, Outcome { quote: *quote, by: *by, dealt: *dealt, note: note.clone(), at: cx.now })
        }
        _ => refused(),
    }
}

fn extend(rfq: &Rfq, day: Day, cx: &RfqContext<'_>) -> Result<Option<RfqEvent>, SourcingRejection> {
    if day == rfq.terms.deadline {
        return Ok(None);
    }
    if !rfq.takes_quotes(cx.now) {
        return Err(SourcingRejection::DeadlineOver { deadline: rfq.deadline });
    }
    if day < rfq.terms.deadline || !deadline_fits(day, cx.zone.day_of(cx.now)) {
        return Err(SourcingRejection::DeadlineNotLater { deadline: rfq.deadline });
    }
    Ok(Some(RfqEvent::Extended { day, deadline: cx.zone.end_of(day) }))
}

fn invite(rfq: &Rfq, suppliers: &[CompanyId]) -> Result<Option<RfqEvent>, SourcingRejection> {
    let new: Vec<CompanyId> = suppliers.iter().copied().filter(|s| !rfq.terms.invited.contains(s)).collect();
    let errors = check_invited(&new, &rfq.terms.invited, rfq.buyer);
    if !errors.is_empty() {
        return Err(SourcingRejection::RfqInvalid(errors));
    }
    Ok((!new.is_empty()).then_some(RfqEvent::Invited { suppliers: new }))
}

/// Prices the buyer's choices by the quotes' newest versions.
fn award(rfq: &Rfq, choices: &[AwardChoice], cx: &RfqContext<'_>) -> Result<Vec<Award>, SourcingRejection> {
    let many = i64::try_from(choices.len()).is_ok_and(|n| n > SEATS_MAX);
    if choices.is_empty() || many || choices.iter().any(|choice| choice.lines.is_empty()) {
        return Err(SourcingRejection::NothingChosen);
    }
    let mut awards: Vec<Award> = Vec::with_capacity(choices.len());
    for choice in choices {
        let unknown = || SourcingRejection::NoSuchQuote { quote: choice.quote };
        let found = cx.quotes.iter().find(|quote| quote.id == choice.quote && quote.rfq == rfq.id);
        let quote = found.ok_or_else(unknown)?;
        if awards.iter().any(|award| award.quote == choice.quote) {
            return Err(unknown());
        }
        awards.push(award_one(rfq, quote, choice, cx.now)?);
    }
    for (line, wanted) in (1_i32..).zip(&rfq.terms.lines) {
        let parts = awards.iter().flat_map(|award| &award.lines).filter(|part| part.line == line);
        let chosen = parts.fold(0_i64, |sum, part| sum.saturating_add(part.quantity.0));
        if chosen > wanted.quantity.0 {
            let chosen = Quantity(chosen);
            return Err(SourcingRejection::TooMuch { line, wanted: wanted.quantity, chosen });
        }
    }
    Ok(awards)
}

fn award_one(rfq: &Rfq, quote: &Quote, choice: &AwardChoice, now: MarketTime) -> Result<Award, SourcingRejection> {
    let id = quote.id;
    let newest = quote.newest().ok_or(SourcingRejection::NoSuchQuote { quote: id })?;
    if quote.state == QuoteState::Withdrawn {
        return Err(SourcingRejection::QuoteWithdrawn { quote: id });
    }
    if newest.no != choice.version {
        return Err(SourcingRejection::QuoteOutdated { quote: id, chosen: choice.version, newest: newest.no });
    }
    if quote.state == QuoteState::Lapsed || newest.valid_until <= now {
        return Err(SourcingRejection::QuoteExpired { quote: id, until: newest.valid_until });
    }
    let too_large = |_: MoneyError| SourcingRejection::AmountTooLarge;
    let shares = freight_shares(rfq, &newest.terms).map_err(too_large)?;
    let (mut lines, mut freight, mut total) = (Vec::with_capacity(choice.lines.len()), 0_i64, 0_i64);
    for (number, quantity) in &choice.lines {
        let unknown = || SourcingRejection::NoSuchLine { line: *number };
        let wanted = rfq.line(*number).ok_or_else(unknown)?;
        if quantity.0 <= 0 || lines.iter().any(|line: &AwardLine| line.line == *number) {
            return Err(unknown());
        }
        let declined = SourcingRejection::LineDeclined { quote: id, line: *number };
        let mut quoted = newest.terms.lines.iter().zip(&shares);
        let (line, share) = quoted.find(|(line, _)| line.line == *number).ok_or(declined)?;
        let below = SourcingRejection::BelowMoq { quote: id, line: *number, moq: line.moq() };
        let unit_price = price_at(line, *quantity).ok_or(below)?;
        let value = line_value(*quantity, unit_price.in_currency(rfq.terms.currency)).map_err(too_large)?.minor;
        // Beyond what is wanted nothing is awarded, so the share is an upper bound; the sum is checked afterwards.
        let part = freight_of_part(*share, *quantity, wanted.quantity).map_err(too_large)?;
        freight = freight.checked_add(part).ok_or(SourcingRejection::AmountTooLarge)?;
        total = total.checked_add(value).ok_or(SourcingRejection::AmountTooLarge)?;
        lines.push(AwardLine { line: *number, quantity: *quantity, unit_price, value_minor: value });
    }
    let total_minor = total.checked_add(freight).ok_or(SourcingRejection::AmountTooLarge)?;
    Ok(Award { quote: id, supplier: quote.supplier, version: newest.no, lines, freight_minor: freight, total_minor })
}

fn same_award(rfq: &Rfq, choices: &[AwardChoice]) -> bool {
    let same = |(award, choice): (&Award, &AwardChoice)| {
        let lines = award.lines.iter().map(|line| (line.line, line.quantity));
        (award.quote, award.version) == (choice.quote, choice.version) && lines.eq(choice.lines.iter().copied())
    };
    rfq.awards.len() == choices.len() && rfq.awards.iter().zip(choices).all(same)
}

fn tell(rfq: &Rfq, outcome: Outcome) -> Result<Option<RfqEvent>, SourcingRejection> {
    if rfq.award_of(outcome.quote).is_none() {
        return Err(SourcingRejection::NotAwarded { quote: outcome.quote });
    }
    if outcome.note.chars().count() > NOTE_MAX {
        return Err(SourcingRejection::NoteTooLong);
    }
    let said = rfq.outcomes.iter().find(|said| (said.quote, said.by) == (outcome.quote, outcome.by));
    let same = said.is_some_and(|said| (said.dealt, &said.note) == (outcome.dealt, &outcome.note));
    Ok((!same).then_some(RfqEvent::Told { outcome }))
}

/// Applies what happened.
pub fn evolve_rfq(rfq: &mut Rfq, event: &RfqEvent) {
    match event {
        RfqEvent::Extended { day, deadline } => {
            rfq.terms.deadline = *day;
            rfq.deadline = *deadline;
        }
        RfqEvent::Invited { suppliers } => rfq.terms.invited.extend(suppliers),
        RfqEvent::Closed { decide_by } => {
            rfq.state = RfqState::Closed;
            rfq.decide_by = Some(*decide_by);
        }
        RfqEvent::Withdrawn => rfq.state = RfqState::Withdrawn,
        RfqEvent::Lapsed => rfq.state = RfqState::Lapsed,
        RfqEvent::Awarded { awards, at } => {
            rfq.state = RfqState::Awarded;
            rfq.awarded_at = Some(*at);
            rfq.awards.clone_from(awards);
        }
        RfqEvent::Told { outcome } => {
            rfq.outcomes.retain(|said| (said.quote, said.by) != (outcome.quote, outcome.by));
            rfq.outcomes.push(outcome.clone());
        }
    }
}
