//! Steps on a request: publish it, and everything its buyer, an awarded supplier or the clock does with it.

use super::{number, quota_key, quote_key, rfq_key, seats_key, zone};
use crate::identity::Company;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use crate::sourcing::view::RfqReceipt;
use entrepot_domain::kernel::{CompanyId, RfqId};
use entrepot_domain::sourcing::{
    Publication, Quote, QuoteQuota, Rfq, RfqCommand, RfqContext, RfqEvent, RfqTerms, Seats, SourcingRejection,
    Visibility, evolve_rfq, judge_rfq, publish,
};
use serde_json::json;

/// How a seat stands to a request.
pub fn standing(rfq: &Rfq, actor: &Actor) -> Relation {
    match actor.company.map(CompanyId) {
        _ if actor.oversees() => Relation::Overseer,
        Some(company) if company == rfq.buyer => Relation::Party,
        Some(company) if rfq.is_open_to(company) => Relation::Market,
        None if rfq.terms.visibility == Visibility::Board => Relation::Market,
        Some(_) | None => Relation::None,
    }
}

/// Publishes a request (`rfq.publish`).
pub struct PublishRfq {
    /// The identifier it gets.
    pub id: u128,
    /// Who asks.
    pub buyer: u128,
    /// What is wanted.
    pub terms: RfqTerms,
}

impl Command for PublishRfq {
    fn step(&self) -> &'static str {
        "rfq.publish"
    }

    fn subject(&self) -> Key {
        rfq_key(self.id)
    }

    fn loads(&self) -> Vec<Key> {
        vec![self.subject(), seats_key(self.id), Company::key(self.buyer)]
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        if actor.company == Some(self.buyer) { Relation::Party } else { Relation::Market }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let new = Publication {
            id: RfqId(self.id),
            number: &number('R', self.id),
            buyer: CompanyId(self.buyer),
            buys: view.get::<Company>(Company::key(self.buyer)).is_some_and(|company| company.buys),
            terms: &self.terms,
        };
        let rfq = publish(&new, cx.now, &zone(cx)?)?;
        out.deadlines.extend(rfq.deadline_change(None));
        out.tell(&json!({ "rfq": rfq }))?;
        out.parties = [Some(self.buyer), None];
        out.reply(201, &RfqReceipt::of(&rfq, 1, Some(cx.event_id)))?;
        out.save(seats_key(self.id), Seats::new(rfq.terms.seats));
        out.save(self.subject(), rfq);
        Ok(Decision::Write)
    }
}

/// Takes a step on a request that exists.
pub struct TakeRfq {
    /// The request.
    pub rfq: u128,
    /// The step.
    pub command: RfqCommand,
    /// Whose rights to quote may grow by it: the suppliers of an award, or all who quote on what is withdrawn.
    pub suppliers: Vec<u128>,
}

impl TakeRfq {
    /// A step that concerns nobody's rights to quote.
    pub fn of(rfq: u128, command: RfqCommand) -> Self {
        Self { rfq, command, suppliers: Vec::new() }
    }

    /// Who earns a right to quote by what happened; everybody must have been loaded.
    fn earners(&self, event: &RfqEvent, seats: &Seats) -> Result<Vec<u128>, Refusal> {
        let earners: Vec<u128> = match event {
            RfqEvent::Awarded { awards, .. } => awards.iter().map(|award| award.supplier.0).collect(),
            RfqEvent::Withdrawn => seats.taken.iter().map(|seat| seat.supplier.0).collect(),
            RfqEvent::Extended { .. } | RfqEvent::Invited { .. } | RfqEvent::Closed { .. } => Vec::new(),
            RfqEvent::Lapsed | RfqEvent::Told { .. } => Vec::new(),
        };
        if earners.iter().all(|earner| self.suppliers.contains(earner)) {
            Ok(earners)
        } else {
            Err(SourcingRejection::SeatsMoved.into())
        }
    }
}

impl Command for TakeRfq {
    fn step(&self) -> &'static str {
        match self.command {
            RfqCommand::Extend { .. } => "rfq.extend",
            RfqCommand::Invite { .. } => "rfq.invite",
            RfqCommand::Close => "rfq.close",
            RfqCommand::Withdraw => "rfq.withdraw",
            RfqCommand::Lapse => entrepot_domain::sourcing::RFQ_LAPSE,
            RfqCommand::Award { .. } => "rfq.award",
            RfqCommand::Outcome { .. } => "rfq.outcome",
        }
    }

    fn subject(&self) -> Key {
        rfq_key(self.rfq)
    }

    fn loads(&self) -> Vec<Key> {
        let mut keys = vec![self.subject(), seats_key(self.rfq)];
        if let RfqCommand::Award { choices } = &self.command {
            keys.extend(choices.iter().map(|choice| quote_key(choice.quote.0)));
        }
        keys.extend(self.suppliers.iter().map(|supplier| quota_key(*supplier)));
        keys
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        let Some(rfq) = view.get::<Rfq>(self.subject()) else { return Relation::None };
        let awarded = |company| rfq.awards.iter().any(|award| Some(award.supplier.0) == company);
        match standing(rfq, actor) {
            Relation::Market if awarded(actor.company) && matches!(self.command, RfqCommand::Outcome { .. }) => {
                Relation::Party
            }
            relation => relation,
        }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Rfq>(self.subject()).ok_or_else(Refusal::not_found)?;
        let empty = Seats::new(before.terms.seats);
        let seats = view.get::<Seats>(seats_key(self.rfq)).unwrap_or(&empty);
        let quotes: Vec<&Quote> = match &self.command {
            RfqCommand::Award { choices } => {
                choices.iter().filter_map(|choice| view.get::<Quote>(quote_key(choice.quote.0))).collect()
            }
            _ => Vec::new(),
        };
        let zone = zone(cx)?;
        let context = RfqContext { now: cx.now, zone: &zone, seats, quotes: &quotes };
        let version = view.version(self.subject());
        let Some(event) = judge_rfq(before, &self.command, &context)? else {
            out.reply(200, &RfqReceipt::of(before, version, None))?;
            return Ok(Decision::Already);
        };
        let mut after = before.clone();
        evolve_rfq(&mut after, &event);
        for earner in self.earners(&event, seats)? {
            let quota = view.get::<QuoteQuota>(quota_key(earner)).copied().unwrap_or_default();
            out.save(quota_key(earner), quota.earn());
        }
        let other = match &event {
            RfqEvent::Told { outcome } => after.award_of(outcome.quote).map(|award| award.supplier.0),
            _ => None,
        };
        out.deadlines.extend(after.deadline_change(Some(before)));
        out.tell(&event)?;
        out.parties = [Some(after.buyer.0), other];
        out.reply(200, &RfqReceipt::of(&after, version + 1, Some(cx.event_id)))?;
        out.save(self.subject(), after);
        Ok(Decision::Write)
    }
}
