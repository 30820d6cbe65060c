//! Decides a group of commands in memory and writes it in one transaction.

use super::command::{Context, Decision, Outcome, Receipt, Request};
use super::flush::Batch;
use super::market::MarketState;
use super::overlay::{Key, Overlay, View};
use super::registry::Registry;
use super::time::DoorTime;
use crate::platform::access::permit;
use crate::platform::database::Database;
use crate::platform::idempotency;
use crate::platform::ids::Ids;
use crate::platform::jobs::{self, Follower};
use crate::platform::live::Live;
use crate::platform::log::{EventRow, EventWords};
use crate::platform::metrics;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::sabotage;
use sea_orm::DatabaseTransaction;
use std::collections::HashMap;
use std::sync::Arc;

/// What running commands needs; shared by the writer's thread and by those who ask the door.
pub(super) struct Core {
    pub db: Database,
    pub ids: Ids,
    pub registry: Registry,
    pub live: Live,
    pub time: DoorTime,
}

pub(super) type Verdict = Result<Receipt, Failure>;

/// A fault that is really a broken constraint becomes the command's own refusal.
pub(super) fn fault_of(request: &Request, fault: Fault) -> Failure {
    if fault.busy {
        return idempotency::in_flight().into();
    }
    match &fault.constraint {
        Some(text) if text.contains("account__floor") => {
            Refusal::new(409, "books.floor", "The balance does not cover this amount.").into()
        }
        Some(text) => request.command.conflict(text).into(),
        None => fault.into(),
    }
}

impl Core {
    /// Runs a group in one transaction. A fault before the commit means nothing of it was written; one of the commit
    /// itself leaves it open, and the request's key tells at the next try.
    pub async fn run(&self, requests: &[Arc<Request>]) -> Result<Vec<Verdict>, Fault> {
        self.noted(self.run_once(requests).await)
    }

    /// Takes notice when the storage failed, before anything else uses a connection.
    pub fn noted<T>(&self, outcome: Result<T, Fault>) -> Result<T, Fault> {
        outcome.inspect_err(|fault| self.db.storage().note(fault))
    }

    async fn run_once(&self, requests: &[Arc<Request>]) -> Result<Vec<Verdict>, Fault> {
        let tx = self.db.door_tx().await?;
        let mut overlay = Overlay::default();
        idempotency::claim(&self.db, &tx, requests).await?;
        let mut replies = idempotency::find(&tx, requests).await?;
        self.preload(&tx, &mut overlay, requests).await?;

        let mut batch = Batch::default();
        let mut verdicts = Vec::with_capacity(requests.len());
        for request in requests {
            verdicts.push(self.judge(&tx, &mut overlay, &mut batch, &mut replies, request).await?);
        }
        self.finish(tx, batch, &mut verdicts).await?;
        Ok(verdicts)
    }

    /// Writes, seals, commits and tells the live stream.
    pub async fn finish(&self, tx: DatabaseTransaction, batch: Batch, verdicts: &mut [Verdict]) -> Result<(), Fault> {
        if batch.is_empty() {
            tx.rollback().await?;
            return Ok(());
        }
        let events = batch.len();
        sabotage::point("group.write")?;
        let notes = batch.write(&self.db, &self.registry, &tx).await?;
        let began = std::time::Instant::now();
        sabotage::point("group.commit")?;
        tx.commit().await?;
        metrics::door::COMMIT.time(began.elapsed());
        metrics::tally::SEALED.add(u64::try_from(notes.len()).unwrap_or(0));
        if let Some(checkpoints) = self.db.checkpoints() {
            checkpoints.note(events);
        }
        sabotage::point("group.committed")?;
        let places: HashMap<u128, i64> = notes.iter().map(|n| (n.event_id, n.seq)).collect();
        for receipt in verdicts.iter_mut().flatten() {
            receipt.seq = places.get(&receipt.event_id).copied();
        }
        self.live.publish(notes);
        Ok(())
    }

    /// Gives each job its next batch.
    pub async fn follow(&self, market: u128) -> Result<u64, Failure> {
        let Some(state) = super::market::load(self.db.read(), market).await? else { return Ok(0) };
        let began = std::time::Instant::now();
        let count = |follower: &dyn Follower, events| metrics::tally::FOLLOWED.row(follower.name()).add(events);
        let followed = jobs::follow_all(&self.db, &self.registry.followers, market, &state, count).await;
        let taken = self.noted(followed)?;
        if taken > 0 {
            metrics::door::FOLLOW.time(began.elapsed());
        }
        Ok(taken)
    }

    async fn preload(
        &self,
        tx: &DatabaseTransaction,
        overlay: &mut Overlay,
        requests: &[Arc<Request>],
    ) -> Result<(), Fault> {
        let keys = requests.iter().flat_map(|r| wanted(r)).collect();
        overlay.load_states(&self.db, tx, &self.registry.stores, keys).await?;
        let then = requests.iter().flat_map(|r| wanted_then(overlay, r)).collect();
        overlay.load_states(&self.db, tx, &self.registry.stores, then).await?;
        let accounts = requests
            .iter()
            .flat_map(|r| {
                let market = r.actor.market;
                let view = View { overlay, market };
                r.command.accounts(&view).into_iter().map(move |a| (market, a)).collect::<Vec<_>>()
            })
            .collect();
        overlay.load_balances(&self.db, tx, accounts).await
    }

    async fn judge(
        &self,
        tx: &DatabaseTransaction,
        overlay: &mut Overlay,
        batch: &mut Batch,
        replies: &mut idempotency::Replies,
        request: &Arc<Request>,
    ) -> Result<Verdict, Fault> {
        if let Some(stored) = replies.answer(request) {
            return Ok(stored);
        }
        self.preload(tx, overlay, std::slice::from_ref(request)).await?;
        match self.decide(overlay, request) {
            Ok((Decision::Already, outcome, words)) => Ok(Ok(receipt(&outcome, 0, words.subject_version))),
            Ok((Decision::Write, outcome, words)) => match self.apply(overlay, batch, request, outcome, words)? {
                Ok(receipt) => {
                    replies.remember(request, &receipt);
                    Ok(Ok(receipt))
                }
                Err(refusal) => Ok(Err(refusal.into())),
            },
            Err(refusal) => Ok(Err(refusal.into())),
        }
    }

    pub fn decide(&self, overlay: &Overlay, request: &Request) -> Result<(Decision, Outcome, EventWords), Refusal> {
        let actor = &request.actor;
        let view = View { overlay, market: actor.market };
        let command = &request.command;
        let standing = view.get::<MarketState>(MarketState::key(actor.market));
        let market = standing.or_else(|| command.opening()).ok_or_else(Refusal::not_found)?;
        let row = self.registry.access(command.step()).ok_or_else(Refusal::forbidden)?;
        permit(row, actor, command.relation(&view, actor), |capability| market.capabilities.has(capability))?;
        let subject = command.subject();
        let version = view.version(subject);
        if let Some(seen) = request.expected_version
            && seen != version
        {
            return Err(Refusal::new(
                409,
                "stale_version",
                format!("You saw version {seen}; it is at version {version} now."),
            )
            .with("current", version));
        }
        let recorded_at = self.time.record(actor.market, market.recorded);
        let now = request.at.unwrap_or_else(|| market.now(recorded_at));
        let event_id = self.ids.next();
        let mut outcome = Outcome { status: 200, ..Outcome::default() };
        let cx = Context { now, recorded_at, event_id, actor, market };
        let decision = command.decide(&cx, &view, &mut outcome)?;
        let words = EventWords {
            market: actor.market,
            event_id,
            step: command.step(),
            subject,
            subject_version: version,
            actor: actor.clone(),
            effective_at: now,
            recorded_at,
        };
        Ok((decision, outcome, words))
    }

    /// Moves an accepted decision into the overlay and the batch; refuses it when a guarded balance would go below 0.
    pub fn apply(
        &self,
        overlay: &mut Overlay,
        batch: &mut Batch,
        request: &Request,
        outcome: Outcome,
        mut words: EventWords,
    ) -> Result<Result<Receipt, Refusal>, Fault> {
        let market = request.actor.market;
        if let Err(refusal) = guard_balances(overlay, market, &outcome) {
            return Ok(Err(refusal));
        }
        for posting in &outcome.postings {
            overlay.add(market, posting.account, posting.balance_delta());
        }
        let mut seen_subject = false;
        for (key, state) in &outcome.saves {
            let version = overlay.set(market, *key, state.clone());
            if *key == words.subject {
                words.subject_version = version;
                seen_subject = true;
            }
            batch.save(market, *key, version, state.clone());
        }
        if !seen_subject {
            words.subject_version += 1;
        }
        let receipt = receipt(&outcome, words.event_id, words.subject_version);
        batch.event(EventRow::new(&words, &outcome)?, &words, outcome);
        batch.reply(request, &receipt, words.recorded_at);
        Ok(Ok(receipt))
    }
}

fn wanted(request: &Request) -> Vec<(u128, Key)> {
    let market = request.actor.market;
    let mut keys: Vec<(u128, Key)> = request.command.loads().into_iter().map(|k| (market, k)).collect();
    keys.push((market, MarketState::key(market)));
    keys
}

/// What a command loads once its first aggregates are known.
pub(super) fn wanted_then(overlay: &Overlay, request: &Request) -> Vec<(u128, Key)> {
    let market = request.actor.market;
    let view = View { overlay, market };
    request.command.loads_then(&view).into_iter().map(|key| (market, key)).collect()
}

fn receipt(outcome: &Outcome, event_id: u128, version: i64) -> Receipt {
    Receipt { status: outcome.status, body: outcome.reply.clone(), event_id, version, seq: None, replayed: false }
}

/// MON-4 in memory, before the database's own CHECK: what a command takes from a guarded account must be there.
fn guard_balances(overlay: &Overlay, market: u128, outcome: &Outcome) -> Result<(), Refusal> {
    let mut deltas: HashMap<_, i64> = HashMap::new();
    for posting in &outcome.postings {
        if posting.account.kind.is_guarded() {
            *deltas.entry(posting.account).or_insert(0) += posting.balance_delta();
        }
    }
    for (account, delta) in deltas {
        let after = overlay.balance(market, account).checked_add(delta);
        if after.is_none_or(|a| a < 0) {
            return Err(Refusal::new(409, "books.floor", "The balance does not cover this amount.")
                .with("account", account.kind.code())
                .with("balance", overlay.balance(market, account)));
        }
    }
    Ok(())
}
