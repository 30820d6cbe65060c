//! One step of a thread on its way through the door.

use super::block::{self, blocks};
use super::desk::{self, fingerprint, sha256};
use super::view::InquiryReceipt;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::inquiry::{
    Block, Desk, InquiryCommand, InquiryContext, InquiryEvent, Speaker, Thread, Words, already_done, decide, evolve,
    expiry,
};
use entrepot_domain::kernel::{CompanyId, DeadlineChange, Effects, Role, Side, Zone};
use serde::Serialize;

/// Kind of a thread.
pub const INQUIRY: &str = "inquiry";
/// Kind of a message.
pub const MESSAGE: &str = "inquiry_message";
/// The clock's step.
pub const EXPIRE: &str = "inquiry.expire";

/// A message as it is stored.
#[derive(Debug, Clone)]
pub struct Message {
    /// The thread.
    pub inquiry: u128,
    /// Its number within the thread, from 1.
    pub no: i64,
    /// Whose it is.
    pub by: Side,
    /// The writer's company.
    pub company: u128,
    /// Who wrote it.
    pub user: u128,
    /// What it says.
    pub words: Words,
    /// Market time, microseconds.
    pub at: i64,
}

/// A step of one thread.
pub struct Take {
    /// The thread; for `inquiry.open` the identity it will have.
    pub inquiry: u128,
    /// Buyer and seller; `None` for the clock, which needs neither's blocks.
    pub parties: Option<[u128; 2]>,
    /// The identity a message will have; 0 for steps without one.
    pub message: u128,
    /// Whether the seller sells; looked at by `inquiry.open` alone.
    pub sells: bool,
    /// Whether who settles a report has, or had, a seat in one of the companies.
    pub insider: bool,
    /// The step and its parameters.
    pub command: InquiryCommand,
}

/// What the event row tells: the facts, and of a message's text its hash alone.
#[derive(Serialize)]
struct Told<'a> {
    events: &'a [InquiryEvent],
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<ToldMessage>,
}

#[derive(Serialize)]
struct ToldMessage {
    id: String,
    text_sha256: String,
    files: Vec<String>,
}

/// How an actor stands to a thread: overseers who settle quarrels see it once it was reported.
pub fn relation_to(thread: &Thread, actor: &Actor) -> Relation {
    let party = actor.company.and_then(|company| thread.side_of(CompanyId(company)));
    match party {
        _ if actor.role == Role::System => Relation::Overseer,
        Some(_) => Relation::Party,
        None if moderates(actor.role) && !thread.reports.is_empty() => Relation::Overseer,
        None => Relation::None,
    }
}

/// Roles that see reported threads. Whoever answers for credit alone, or carries goods, has no business in them.
pub const fn moderates(role: Role) -> bool {
    match role {
        Role::Admin | Role::Support | Role::Teacher => true,
        Role::Owner | Role::Trader | Role::Finance | Role::Viewer => false,
        Role::CreditAdmin | Role::Carrier | Role::System => false,
    }
}

impl Take {
    fn key(&self) -> Key {
        Key { kind: INQUIRY, id: self.inquiry }
    }

    fn opens(&self) -> bool {
        matches!(self.command, InquiryCommand::Open { .. })
    }

    fn words(&self) -> Option<&Words> {
        match &self.command {
            InquiryCommand::Open { words, .. } | InquiryCommand::Write { words } => Some(words),
            InquiryCommand::Close { .. } | InquiryCommand::Reopen | InquiryCommand::Report { .. } => None,
            InquiryCommand::Settle { .. } | InquiryCommand::Expire => None,
        }
    }

    /// The thread before this step: as stored, or the empty one that `inquiry.open` begins with.
    fn thread(&self, view: &View<'_>) -> Option<Thread> {
        let fresh = || {
            let [buyer, seller] = self.parties.filter(|_| self.opens())?;
            Some(Thread::new(CompanyId(buyer), CompanyId(seller)))
        };
        view.get::<Thread>(self.key()).cloned().or_else(fresh)
    }

    fn block(&self, view: &View<'_>, actor: &Actor) -> Option<Block> {
        let [buyer, seller] = self.parties?;
        let (own, other) = if actor.company == Some(buyer) { (buyer, seller) } else { (seller, buyer) };
        if blocks(view, other, own) { Some(Block::ByOther) } else { blocks(view, own, other).then_some(Block::ByOwn) }
    }

    /// The wall against mass mail; only `inquiry.open` stands before it.
    fn pass_desk(&self, cx: &Context<'_>, view: &View<'_>, zone: &Zone, out: &mut Outcome) -> Result<(), Refusal> {
        let (InquiryCommand::Open { words, .. }, Some([buyer, seller])) = (&self.command, self.parties) else {
            return Ok(());
        };
        let key = desk::key(buyer);
        let empty = Desk::default();
        let before = view.get::<Desk>(key).unwrap_or(&empty);
        out.save(key, before.admit(zone.day_of(cx.now), &fingerprint(words), CompanyId(seller))?);
        Ok(())
    }

    fn save_message(&self, cx: &Context<'_>, events: &[InquiryEvent], out: &mut Outcome) -> Option<ToldMessage> {
        let words = self.words()?;
        let written = events.iter().find_map(|event| match event {
            InquiryEvent::Written { no, by, at, day: _ } => Some((*no, *by, *at)),
            InquiryEvent::Opened { .. } | InquiryEvent::Closed { .. } => None,
            InquiryEvent::Reopened { .. } | InquiryEvent::Reported { .. } | InquiryEvent::Settled { .. } => None,
        });
        let (no, by, at) = written?;
        let message = Message {
            inquiry: self.inquiry,
            no,
            by,
            company: cx.actor.company.unwrap_or(0),
            user: cx.actor.user,
            words: words.clone(),
            at: at.0,
        };
        out.save(Key { kind: MESSAGE, id: self.message }, message);
        Some(ToldMessage {
            id: format!("{:032x}", self.message),
            text_sha256: sha256(words.text.as_bytes()),
            files: words.files.iter().map(ToString::to_string).collect(),
        })
    }
}

impl Command for Take {
    fn step(&self) -> &'static str {
        match &self.command {
            InquiryCommand::Open { .. } => "inquiry.open",
            InquiryCommand::Write { .. } => "inquiry.write",
            InquiryCommand::Close { .. } => "inquiry.close",
            InquiryCommand::Reopen => "inquiry.reopen",
            InquiryCommand::Report { .. } => "inquiry.report",
            InquiryCommand::Settle { .. } => "inquiry.settle",
            InquiryCommand::Expire => EXPIRE,
        }
    }

    fn subject(&self) -> Key {
        self.key()
    }

    fn loads(&self) -> Vec<Key> {
        let mut keys = vec![self.key()];
        if let Some([buyer, seller]) = self.parties {
            keys.extend([block::key(buyer, seller), block::key(seller, buyer)]);
            keys.extend(self.opens().then(|| desk::key(buyer)));
        }
        keys
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        self.thread(view).map_or(Relation::None, |thread| relation_to(&thread, actor))
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = self.thread(view).ok_or_else(Refusal::not_found)?;
        if self.opens() && view.version(self.key()) > 0 {
            return Err(self.conflict("id"));
        }
        let speaker = match (cx.actor.role, cx.actor.company.and_then(|company| before.side_of(CompanyId(company)))) {
            (Role::System, _) => Speaker::Clock,
            (_, Some(side)) => Speaker::Side(side),
            (role, None) if moderates(role) => Speaker::Moderator { insider: self.insider },
            (_, None) => return Err(Refusal::forbidden()),
        };
        let version = view.version(self.key());
        if already_done(&before, &self.command, speaker) {
            out.reply(200, &InquiryReceipt::of(self.inquiry, version, &before, None))?;
            return Ok(Decision::Already);
        }
        let zone = Zone::parse(&cx.market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
        let block = self.block(view, cx.actor);
        let context = InquiryContext { now: cx.now, speaker, block, sells: self.sells, zone: &zone };
        let mut effects = Effects::new();
        decide(&before, &self.command, &context, &mut effects)?;
        let mut after = before.clone();
        effects.events.iter().for_each(|event| evolve(&mut after, event));
        self.pass_desk(cx, view, &zone, out)?;
        let message = self.save_message(cx, &effects.events, out);
        let (was, is) = (expiry(&before, &zone), expiry(&after, &zone));
        if was != is {
            out.deadlines.push(DeadlineChange { step: EXPIRE, part: 0, due: is });
        }
        out.parties = told_to(&self.command, &after, speaker);
        let status = if message.is_some() { 201 } else { 200 };
        let id = message.as_ref().map(|message| message.id.clone());
        out.reply(status, &InquiryReceipt::of(self.inquiry, version + 1, &after, id))?;
        out.tell(&Told { events: &effects.events, message })?;
        out.save(self.key(), after);
        Ok(Decision::Write)
    }
}

/// Whose live streams hear of a step: both companies', but a report stays with who made it.
fn told_to(command: &InquiryCommand, thread: &Thread, speaker: Speaker) -> [Option<u128>; 2] {
    let (buyer, seller) = (Some(thread.buyer.0), Some(thread.seller.0));
    match (command, speaker) {
        (InquiryCommand::Report { .. }, Speaker::Side(Side::Buyer)) => [buyer, None],
        (InquiryCommand::Report { .. }, Speaker::Side(Side::Seller)) => [seller, None],
        (_, _) => [buyer, seller],
    }
}
