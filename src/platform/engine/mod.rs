//! The one door. Every change of a market, by a person, a job, a deadline, a bot or a simulated agent, is a
//! [`Command`] given to [`Engine::execute`].
//!
//! One command travels: reply of an earlier identical request? -> load -> permit -> decide in memory -> one transaction
//! with state (version checked), one event row, postings and guarded balances, deadlines and the idempotency reply ->
//! seal. Nothing is written before the decision succeeded, so a refusal has nothing to undo.
//!
//! A writer decides whole groups and writes one statement per table per group; when a constraint refuses a group, its
//! commands are replayed one by one. On SQLite it is the only one; on PostgreSQL each node has one, and row locks taken
//! in one order, version checks and bounded retry keep nodes apart.

mod command;
mod due;
mod flush;
mod fold;
mod group;
mod lately;
mod market;
mod overlay;
mod registry;
mod time;
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
use crate::platform::{metrics, security};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The door and what stands behind it. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
    in_flight: InFlight,
}

struct Inner {
    core: Arc<group::Core>,
    clock: Clock,
    writer: writer::Writer,
    lately: lately::Lately,
}

impl Engine {
    /// Builds the door and starts the writer thread.
    pub fn start(db: Database, clock: Clock, ids: Ids, registry: Registry, live: Live) -> Result<Self, Fault> {
        let time = time::DoorTime::new(clock.clone());
        let core = Arc::new(group::Core { db, ids, registry, live, time });
        let writer = writer::Writer::start(Arc::clone(&core))?;
        let inner = Arc::new(Inner { core, clock, writer, lately: lately::Lately::default() });
        Ok(Self { inner, in_flight: InFlight::new(idempotency::WAIT) })
    }

    /// The same door, where a request waits at most `wait` for an earlier one under its key.
    pub fn waiting_at_most(self, wait: Duration) -> Self {
        Self { in_flight: InFlight::new(wait), ..self }
    }

    /// Takes one command through the door.
    ///
    /// Errors: a [`Refusal`] when a rule, the access table or a version says no; a [`Fault`] when the database failed or
    /// keeps nothing at the moment.
    pub async fn execute(&self, request: Request) -> Result<Receipt, Failure> {
        self.inner.core.db.storage().permit()?;
        let began = Instant::now();
        let _place = self.in_flight.enter(&request).await?;
        let actor = request.actor.clone();
        let (step, key) = (request.command.step(), request.command.subject());
        let subject = key.id;
        let result = self.send(Arc::new(request)).await;
        // Whatever came of it: a market that may have changed is read again.
        if key.kind == MARKET {
            self.inner.lately.changed(key.id);
        }
        if let Err(Failure::Refused(refusal)) = &result
            && matches!(refusal.status, 403 | 404)
        {
            crate::platform::log::record_denial(self, &actor, step, subject, &refusal.code).await;
        }
        metrics::door::ended(step, &result, began.elapsed());
        if result.is_ok() && actor.oversees() && actor.user != 0 {
            security::note(security::PRIVILEGED_ACT, security::Outcome::Succeeded, actor.user, step);
        }
        result
    }

    /// Sends the request to the writer, again while another node works on its key and there is time to wait: so no group
    /// waits long for one key.
    async fn send(&self, request: Arc<Request>) -> Result<Receipt, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            let result = self.inner.writer.send(Arc::clone(&request)).await;
            waited += idempotency::CLAIM_WAIT;
            let busy = matches!(&result, Err(Failure::Refused(refusal)) if refusal.code == idempotency::IN_FLIGHT);
            if !busy || waited >= self.in_flight.wait() {
                return result;
            }
        }
    }

    /// Runs every deadline of `market` due at or before its clock's now, in (due, subject) order; returns how many fired.
    pub async fn run_due(&self, market: u128) -> Result<u64, Failure> {
        let mut fired = 0;
        loop {
            let batch = self.inner.writer.run_due(market).await?;
            fired += batch.fired;
            if !batch.more {
                return Ok(fired);
            }
        }
    }

    /// Lets the jobs take what was sealed in `market` since they looked last, one batch each; returns the events taken,
    /// 0 when all are up to date. With one writer it does this between two groups, so that no lock is waited for; elsewhere
    /// jobs have a transaction beside the writer's, and payments do not wait for them.
    pub async fn follow(&self, market: u128) -> Result<u64, Failure> {
        let inner = &self.inner;
        if inner.core.db.single_writer() { inner.writer.follow(market).await } else { inner.core.follow(market).await }
    }

    /// Seals what other transactions committed; with one writer sealing has happened already. Returns the number sealed.
    pub async fn seal(&self, market: u128) -> Result<u64, Fault> {
        if self.inner.core.db.single_writer() { Ok(0) } else { crate::platform::log::seal_pending(self, market).await }
    }

    /// Commands waiting for the writer.
    pub fn waiting(&self) -> i64 {
        self.inner.writer.waiting()
    }

    /// A machine's clock set ahead by more than `limit` microseconds waits for confirmation; `None` never waits (TIME-4).
    pub fn hold_jumps_beyond(&self, limit: Option<i64>) {
        self.inner.core.time.hold_beyond(limit);
    }

    /// How far the machine's clock is ahead without confirmation, microseconds, if it is.
    pub fn unconfirmed_jump(&self) -> Option<i64> {
        self.inner.core.time.ahead()
    }

    /// Takes the machine's clock as right from now on: called when no market runs on it unasked any more.
    pub fn settle_jump(&self) {
        self.inner.core.time.settle();
    }

    /// The database.
    pub fn db(&self) -> &Database {
        &self.inner.core.db
    }

    /// Real time.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The source of identifiers.
    pub fn ids(&self) -> &Ids {
        &self.inner.core.ids
    }

    /// The live stream of sealed events.
    pub fn live(&self) -> &Live {
        &self.inner.core.live
    }

    /// The tables the slices declared.
    pub fn registry(&self) -> &Registry {
        &self.inner.core.registry
    }

    /// The market's state as last committed.
    pub async fn market(&self, market: u128) -> Result<Arc<MarketState>, Failure> {
        market::load(self.inner.core.db.read(), market).await?.ok_or_else(|| Refusal::not_found().into())
    }

    /// The market's state as it was at most a second ago; a change through this node's door is in it at once. For reads.
    pub async fn market_lately(&self, market: u128) -> Result<Arc<MarketState>, Failure> {
        let asked = match self.inner.lately.get(market) {
            Ok(known) => return Ok(known),
            Err(asked) => asked,
        };
        let read = Instant::now();
        let state = self.market(market).await?;
        self.inner.lately.keep(market, asked, read, &state);
        Ok(state)
    }
}
