//! The one door. Every change of a market, by a person, a job, a deadline, a bot or a simulated agent, is a
//! [`Command`] given to [`Engine::execute`].
//!
//! One command travels: reply of an earlier identical request? -> load -> permit -> decide in memory -> one transaction
//! with state (version checked), one event row, postings and guarded balances, deadlines and the idempotency reply ->
//! seal. Nothing is written before the decision succeeded, so a refusal has nothing to undo.
//!
//! On SQLite a single writer decides whole groups and writes one statement per table per group; when a constraint
//! refuses a group, its commands are replayed one by one. On PostgreSQL each command runs in its own transaction with row
//! locks and bounded retry.

mod command;
mod due;
mod flush;
mod fold;
mod group;
mod market;
mod overlay;
mod registry;
mod writer;

pub use command::{Command, Context, Decision, Idempotency, Outcome, Receipt, Request};
pub use fold::fold_platform_balances;
pub use market::{MARKET, MarketState, MarketStore};
pub use overlay::{AnyState, Key, Saved, Store, View};
pub use registry::{DeadlineCommand, Registry};

use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::idempotency::{self, InFlight};
use crate::platform::ids::Ids;
use crate::platform::live::Live;
use crate::platform::problem::{Failure, Fault, Refusal};
use std::sync::Arc;
use std::time::Duration;

/// How often a command is tried again when the database asks for it (CON-6).
const RETRIES_MAX: u32 = 5;

/// The door and what stands behind it. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
    in_flight: InFlight,
}

struct Inner {
    db: Database,
    clock: Clock,
    ids: Ids,
    registry: Registry,
    live: Live,
    writer: Option<writer::Writer>,
}

impl Engine {
    /// Builds the door; on SQLite this starts the writer thread.
    pub fn start(db: Database, clock: Clock, ids: Ids, registry: Registry, live: Live) -> Result<Self, Fault> {
        let core = group::Core {
            db: db.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            registry: registry.clone(),
            live: live.clone(),
        };
        let writer = if db.single_writer() { Some(writer::Writer::start(core)?) } else { None };
        let inner = Arc::new(Inner { db, clock, ids, registry, live, writer });
        Ok(Self { inner, in_flight: InFlight::new(idempotency::WAIT) })
    }

    /// The same door, where a request waits at most `wait` for an earlier one under its key.
    pub fn waiting_at_most(self, wait: Duration) -> Self {
        Self { in_flight: InFlight::new(wait), ..self }
    }

    /// Takes one command through the door.
    ///
    /// Errors: a [`Refusal`] when a rule, the access table or a version says no; a [`Fault`] when the database failed.
    pub async fn execute(&self, request: Request) -> Result<Receipt, Failure> {
        let _place = self.in_flight.enter(&request).await?;
        let actor = request.actor.clone();
        let (step, subject) = (request.command.step(), request.command.subject().id);
        let result = match &self.inner.writer {
            Some(writer) => writer.send(request).await,
            None => self.execute_alone(request).await,
        };
        if let Err(Failure::Refused(refusal)) = &result
            && matches!(refusal.status, 403 | 404)
        {
            crate::platform::log::record_denial(self, &actor, step, subject, &refusal.code).await;
        }
        result
    }

    async fn execute_alone(&self, request: Request) -> Result<Receipt, Failure> {
        let core = self.core();
        let request = Arc::new(request);
        let mut tries = 0;
        loop {
            let outcome = core.run(std::slice::from_ref(&request)).await;
            match outcome {
                Err(fault) if fault.retry && tries < RETRIES_MAX => {
                    tries += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(u64::from(tries) * 7)).await;
                }
                Err(fault) => return Err(group::fault_of(&request, fault)),
                Ok(mut verdicts) => {
                    let verdict = verdicts.pop();
                    return verdict.unwrap_or_else(|| Err(Fault::new("no verdict").into()));
                }
            }
        }
    }

    /// Runs every deadline of `market` due at or before its clock's now, in (due, subject) order; returns how many fired.
    pub async fn run_due(&self, market: u128) -> Result<u64, Failure> {
        let mut fired = 0;
        loop {
            let batch = match &self.inner.writer {
                Some(writer) => writer.run_due(market).await?,
                None => self.core().run_due(market).await?,
            };
            fired += batch.fired;
            if !batch.more {
                return Ok(fired);
            }
        }
    }

    /// Lets the jobs take what was sealed in `market` since they looked last, one batch each; returns the events taken,
    /// 0 when all are up to date.
    pub async fn follow(&self, market: u128) -> Result<u64, Failure> {
        match &self.inner.writer {
            Some(writer) => writer.follow(market).await,
            None => self.core().follow(market).await,
        }
    }

    /// Seals what other transactions committed; with one writer sealing has happened already. Returns the number sealed.
    pub async fn seal(&self, market: u128) -> Result<u64, Fault> {
        if self.inner.writer.is_some() { Ok(0) } else { crate::platform::log::seal_pending(self, market).await }
    }

    /// The database.
    pub fn db(&self) -> &Database {
        &self.inner.db
    }

    /// Real time.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The source of identifiers.
    pub fn ids(&self) -> &Ids {
        &self.inner.ids
    }

    /// The live stream of sealed events.
    pub fn live(&self) -> &Live {
        &self.inner.live
    }

    /// The tables the slices declared.
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// The market's state as last committed.
    pub async fn market(&self, market: u128) -> Result<Arc<MarketState>, Failure> {
        market::load(self.inner.db.read(), market).await?.ok_or_else(|| Refusal::not_found().into())
    }

    fn core(&self) -> group::Core {
        group::Core {
            db: self.inner.db.clone(),
            clock: self.inner.clock.clone(),
            ids: self.inner.ids.clone(),
            registry: self.inner.registry.clone(),
            live: self.inner.live.clone(),
        }
    }
}
