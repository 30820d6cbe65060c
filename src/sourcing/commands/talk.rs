//! Questions about a request, the buyer's answers before everybody, and what the buyer explains.
//!
//! The talk of a request is an aggregate of its own under the request's identifier, so that a question moves no version of the
//! request: rivals learn neither that somebody asked nor who, until the buyer answers.

use super::{rfq_key, standing, talk_key};
use crate::identity::Company;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use crate::sourcing::view::talk::TalkReceipt;
use entrepot_domain::kernel::CompanyId;
use entrepot_domain::sourcing::{Rfq, Talk, TalkCommand, TalkContext, TalkEvent, TalkVerdict, evolve_talk, judge_talk};

/// Takes a step in the talk about a request.
pub struct TakeTalk {
    /// The request.
    pub rfq: u128,
    /// The company that acts.
    pub company: u128,
    /// The step.
    pub command: TalkCommand,
}

impl Command for TakeTalk {
    fn step(&self) -> &'static str {
        match self.command {
            TalkCommand::Ask { .. } => "rfq.ask",
            TalkCommand::Answer { .. } => "rfq.answer",
            TalkCommand::Clarify { .. } => "rfq.clarify",
        }
    }

    fn subject(&self) -> Key {
        talk_key(self.rfq)
    }

    fn loads(&self) -> Vec<Key> {
        vec![self.subject(), rfq_key(self.rfq), Company::key(self.company)]
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        view.get::<Rfq>(rfq_key(self.rfq)).map_or(Relation::None, |rfq| standing(rfq, actor))
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let rfq = view.get::<Rfq>(rfq_key(self.rfq)).ok_or_else(Refusal::not_found)?;
        let empty = Talk::default();
        let before = view.get::<Talk>(self.subject()).unwrap_or(&empty);
        let sells = view.get::<Company>(Company::key(self.company)).is_some_and(|company| company.sells);
        let context = TalkContext { now: cx.now, rfq, company: CompanyId(self.company), sells };
        let event = match judge_talk(before, &self.command, &context)? {
            TalkVerdict::Do(event) => event,
            TalkVerdict::Already(no) => {
                out.reply(200, &TalkReceipt::of(self.rfq, no, None))?;
                return Ok(Decision::Already);
            }
        };
        let mut after = before.clone();
        evolve_talk(&mut after, &event);
        out.tell(&event)?;
        // Who asked is told to the buyer; an answer concerns everybody and names nobody.
        let asker = match &event {
            TalkEvent::Asked { asked, .. } => Some(asked.by.0),
            TalkEvent::Answered { .. } | TalkEvent::Clarified { .. } => None,
        };
        out.parties = [Some(rfq.buyer.0), asker];
        out.reply(201, &TalkReceipt::of(self.rfq, event.no(), Some(cx.event_id)))?;
        out.save(self.subject(), after);
        Ok(Decision::Write)
    }
}
