//! Steps on a quote: submit it, revise it, counter it and agree to that, take it back, and the end of its validity.

use super::{number, quota_key, quote_key, rfq_key, seats_key, standing, zone};
use crate::identity::Company;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use crate::sourcing::view::QuoteReceipt;
use entrepot_domain::kernel::{CompanyId, QuoteId};
use entrepot_domain::sourcing::{
    QUOTE_LAPSE, Quote, QuoteCommand, QuoteContext, QuoteEvent, QuoteQuota, QuoteState, QuoteTerms, QuoteVerdict, Rfq,
    Seats, SourcingRejection, Submission, evolve_quote, judge_quote, submit,
};
use serde_json::json;

/// Submits a quote (`quote.submit`).
pub struct SubmitQuote {
    /// The identifier it gets.
    pub id: u128,
    /// The request.
    pub rfq: u128,
    /// Who quotes.
    pub supplier: u128,
    /// The quote this supplier has on the request, as far as it was known before.
    pub known: Option<u128>,
    /// What its first version says.
    pub terms: QuoteTerms,
}

impl Command for SubmitQuote {
    fn step(&self) -> &'static str {
        "quote.submit"
    }

    fn subject(&self) -> Key {
        quote_key(self.id)
    }

    fn loads(&self) -> Vec<Key> {
        let mut keys = vec![
            self.subject(),
            rfq_key(self.rfq),
            seats_key(self.rfq),
            quota_key(self.supplier),
            Company::key(self.supplier),
        ];
        keys.extend(self.known.map(quote_key));
        keys
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        view.get::<Rfq>(rfq_key(self.rfq)).map_or(Relation::None, |rfq| standing(rfq, actor))
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let rfq = view.get::<Rfq>(rfq_key(self.rfq)).ok_or_else(Refusal::not_found)?;
        let empty = Seats::new(rfq.terms.seats);
        let seats = view.get::<Seats>(seats_key(self.rfq)).unwrap_or(&empty);
        if let Some(quote) = self.known.and_then(|known| view.get::<Quote>(quote_key(known)))
            && (quote.supplier.0, quote.rfq, quote.state) == (self.supplier, rfq.id, QuoteState::Live)
            && quote.newest().is_some_and(|newest| newest.terms == self.terms)
        {
            out.reply(200, &QuoteReceipt::of(quote, view.version(quote_key(quote.id.0)), None))?;
            return Ok(Decision::Already);
        }
        let quota = view.get::<QuoteQuota>(quota_key(self.supplier)).copied().unwrap_or_default();
        let new = Submission {
            id: QuoteId(self.id),
            number: &number('Q', self.id),
            supplier: CompanyId(self.supplier),
            sells: view.get::<Company>(Company::key(self.supplier)).is_some_and(|company| company.sells),
            terms: &self.terms,
        };
        let zone = zone(cx)?;
        let (quote, seats, quota) = submit(&new, seats, &quota, &QuoteContext { now: cx.now, zone: &zone, rfq })?;
        out.deadlines.extend(quote.deadline_change(None));
        out.tell(&json!({ "quote": quote }))?;
        out.parties = parties(&quote);
        out.reply(201, &QuoteReceipt::of(&quote, 1, Some(cx.event_id)))?;
        out.save(seats_key(self.rfq), seats);
        out.save(quota_key(self.supplier), quota);
        out.save(self.subject(), quote);
        Ok(Decision::Write)
    }

    fn conflict(&self, constraint: &str) -> Refusal {
        if constraint.contains("quote__one") || constraint.contains("quote.supplier_id") {
            return SourcingRejection::AlreadyQuoted { quote: QuoteId(self.known.unwrap_or(0)) }.into();
        }
        Refusal::new(409, "conflict", "Somebody else was faster; reload and try again.")
    }
}

/// Only the buyer and this supplier ever learn of the quote.
fn parties(quote: &Quote) -> [Option<u128>; 2] {
    [Some(quote.buyer.0), Some(quote.supplier.0)]
}

/// Takes a step on a quote that exists.
pub struct TakeQuote {
    /// The quote.
    pub quote: u128,
    /// Its request.
    pub rfq: u128,
    /// The step.
    pub command: QuoteCommand,
}

impl Command for TakeQuote {
    fn step(&self) -> &'static str {
        match self.command {
            QuoteCommand::Revise { .. } => "quote.revise",
            QuoteCommand::Counter { .. } => "quote.counter",
            QuoteCommand::Agree { .. } => "quote.agree",
            QuoteCommand::Withdraw => "quote.withdraw",
        }
    }

    fn subject(&self) -> Key {
        quote_key(self.quote)
    }

    fn loads(&self) -> Vec<Key> {
        vec![self.subject(), rfq_key(self.rfq), seats_key(self.rfq)]
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        view.get::<Quote>(self.subject()).map_or(Relation::None, |quote| sealed(quote.supplier, quote.buyer, actor))
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Quote>(self.subject()).ok_or_else(Refusal::not_found)?;
        let rfq = view.get::<Rfq>(rfq_key(before.rfq.0)).ok_or_else(Refusal::not_found)?;
        let version = view.version(self.subject());
        let zone = zone(cx)?;
        let event = match judge_quote(before, &self.command, &QuoteContext { now: cx.now, zone: &zone, rfq })? {
            QuoteVerdict::Do(event) => event,
            QuoteVerdict::Already => {
                out.reply(200, &QuoteReceipt::of(before, version, None))?;
                return Ok(Decision::Already);
            }
        };
        if event == QuoteEvent::Withdrawn
            && let Some(seats) = view.get::<Seats>(seats_key(self.rfq))
        {
            out.save(seats_key(self.rfq), seats.without(before.id));
        }
        happen(cx, self.subject(), before, &event, version, out)
    }
}

/// How a seat stands to a quote: its supplier's own, seen by the buyer, sealed for everybody else. Those who oversee the
/// market know that it exists, but may not read it.
pub fn sealed(supplier: CompanyId, buyer: CompanyId, actor: &Actor) -> Relation {
    match actor.company.map(CompanyId) {
        _ if actor.oversees() => Relation::Overseer,
        Some(company) if company == supplier => Relation::Party,
        Some(company) if company == buyer => Relation::Market,
        Some(_) | None => Relation::None,
    }
}

/// Writes what happened to a quote.
fn happen(
    cx: &Context<'_>,
    key: Key,
    before: &Quote,
    event: &QuoteEvent,
    version: i64,
    out: &mut Outcome,
) -> Result<Decision, Refusal> {
    let mut after = before.clone();
    evolve_quote(&mut after, event);
    out.deadlines.extend(after.deadline_change(Some(before)));
    out.tell(event)?;
    out.parties = parties(&after);
    out.reply(200, &QuoteReceipt::of(&after, version + 1, Some(cx.event_id)))?;
    out.save(key, after);
    Ok(Decision::Write)
}

/// The validity of a quote is over (`quote.lapse`); only the clock says so.
pub struct LapseQuote {
    /// The quote.
    pub quote: u128,
}

impl Command for LapseQuote {
    fn step(&self) -> &'static str {
        QUOTE_LAPSE
    }

    fn subject(&self) -> Key {
        quote_key(self.quote)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        view.get::<Quote>(self.subject()).map_or(Relation::None, |quote| sealed(quote.supplier, quote.buyer, actor))
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Quote>(self.subject()).ok_or_else(Refusal::not_found)?;
        let event = before.lapse(cx.now)?;
        happen(cx, self.subject(), before, &event, view.version(self.subject()), out)
    }
}
