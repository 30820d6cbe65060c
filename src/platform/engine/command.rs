//! The vocabulary of the door: request, command, outcome, receipt.

use super::market::MarketState;
use super::overlay::{AnyState, Key, View};
use crate::platform::access::{Actor, Relation};
use crate::platform::problem::{Fault, Refusal};
use entrepot_domain::kernel::{DeadlineChange, MarketTime};
use entrepot_domain::ledger::{Account, JournalHead, Posting};
use serde::Serialize;
use std::sync::Arc;

/// The key under which a request may be repeated (MON-11).
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// The caller's key, 1–255 characters, scoped to user and route.
    pub key: String,
    /// SHA-256 of route and body.
    pub body_hash: [u8; 32],
}

/// A command on its way to the door.
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// The repeat key, demanded from people for everything that moves value.
    pub idempotency: Option<Idempotency>,
    /// The version the caller saw; any other answers 409.
    pub expected_version: Option<i64>,
    /// What is asked.
    pub command: Box<dyn Command>,
    /// Market time to act at, for deadlines and seeding; otherwise the market clock's now.
    pub at: Option<MarketTime>,
}

impl Request {
    /// A request without repeat key or expected version.
    pub fn new(actor: Actor, command: impl Command + 'static) -> Self {
        Self { actor, idempotency: None, expected_version: None, command: Box::new(command), at: None }
    }

    /// Sets the repeat key.
    pub fn idempotent(mut self, idempotency: Option<Idempotency>) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// Sets the version the caller saw.
    pub fn expecting(mut self, version: Option<i64>) -> Self {
        self.expected_version = version;
        self
    }
}

/// What a command sees when it decides.
pub struct Context<'a> {
    /// Market time.
    pub now: MarketTime,
    /// Real time, microseconds.
    pub recorded_at: i64,
    /// The event's identifier.
    pub event_id: u128,
    /// Who asks.
    pub actor: &'a Actor,
    /// The market: era, clock, rules.
    pub market: &'a MarketState,
}

/// How a decision ended when nothing refused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Write what the outcome holds.
    Write,
    /// The same step was done before; answer success and write nothing (CON-1).
    Already,
}

/// What a decision wants written.
#[derive(Default)]
pub struct Outcome {
    /// New states by key.
    pub saves: Vec<(Key, AnyState)>,
    /// The command's parameters and domain events as JSON, for the event row; set by [`Outcome::tell`].
    pub payload: String,
    /// Companies that may see the event.
    pub parties: [Option<u128>; 2],
    /// Journals, pointing into `postings`.
    pub journals: Vec<JournalHead>,
    /// Postings.
    pub postings: Vec<Posting>,
    /// Deadlines set and cleared on the command's subject.
    pub deadlines: Vec<DeadlineChange>,
    /// HTTP status of the reply.
    pub status: u16,
    /// The reply's body.
    pub reply: String,
}

impl Outcome {
    /// Sets a new state of an aggregate.
    pub fn save<T: std::any::Any + Send + Sync>(&mut self, key: Key, state: T) {
        self.saves.push((key, Arc::new(state)));
    }

    /// Sets what the event row tells.
    pub fn tell(&mut self, what: &impl Serialize) -> Result<(), Refusal> {
        self.payload = serde_json::to_string(what).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
        Ok(())
    }

    /// Sets the reply.
    pub fn reply(&mut self, status: u16, body: &impl Serialize) -> Result<(), Refusal> {
        self.status = status;
        self.reply = serde_json::to_string(body).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
        Ok(())
    }
}

/// One thing somebody wants to change. Implemented by the slices; decides without I/O.
pub trait Command: Send + Sync {
    /// Name of the step; its row in the access table.
    fn step(&self) -> &'static str;

    /// The aggregate the event row and the deadlines belong to.
    fn subject(&self) -> Key;

    /// Aggregates to load.
    fn loads(&self) -> Vec<Key> {
        vec![self.subject()]
    }

    /// Further aggregates to load, which only the first can name. They are locked behind all of those, by every command, so
    /// that the order of locks stays one (CON-3).
    fn loads_then(&self, _view: &View<'_>) -> Vec<Key> {
        Vec::new()
    }

    /// Accounts to load once the aggregates are known.
    fn accounts(&self, _view: &View<'_>) -> Vec<Account> {
        Vec::new()
    }

    /// How the actor stands to the subject.
    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation;

    /// Judges and fills `out`.
    ///
    /// Errors: the rule that refuses.
    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal>;

    /// The market's state, for the one command that opens it.
    fn opening(&self) -> Option<&MarketState> {
        None
    }

    /// The refusal for a broken constraint (a unique name taken, say).
    fn conflict(&self, _constraint: &str) -> Refusal {
        Refusal::new(409, "conflict", "Somebody else was faster; reload and try again.")
    }
}

/// What the door answers to an accepted command.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// HTTP status.
    pub status: u16,
    /// JSON body.
    pub body: String,
    /// The event row; 0 when nothing was written.
    pub event_id: u128,
    /// The subject's version after the command.
    pub version: i64,
    /// The event's place in the market's log, when it is sealed already.
    pub seq: Option<i64>,
    /// True when this is the stored reply of an earlier identical request.
    pub replayed: bool,
}

impl Receipt {
    /// Reads the body.
    pub fn json(&self) -> Result<serde_json::Value, Fault> {
        Ok(serde_json::from_str(&self.body)?)
    }
}
