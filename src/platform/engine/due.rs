//! Fires due deadlines in (due, subject, step, part) order, each decided with `now = due`, many in one transaction.
//!
//! Results do not depend on how far the clock jumped: a deadline set by a firing step joins the order at its place.
//! A stale deadline (its step refuses now) is taken out and changes nothing (TIME-4).

use super::command::{Decision, Request};
use super::flush::Batch;
use super::group::{Core, wanted_then};
use super::market::MarketState;
use super::overlay::{Key, Overlay, View};
use crate::platform::access::Actor;
use crate::platform::problem::{Failure, Fault};
use crate::platform::rows;
use crate::platform::sabotage;
use entrepot_domain::kernel::MarketTime;
use sea_orm::DatabaseTransaction;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Deadlines read and decided in one transaction at most.
const BATCH_MAX: usize = 256;

/// How a batch ended.
pub(super) struct Fired {
    /// Deadlines taken out.
    pub fired: u64,
    /// True when more may be due.
    pub more: bool,
}

type Due = (i64, u128, String, i32, String);

impl Core {
    /// Fires a batch; when the books refuse it, fires one by one and takes the guilty deadline out.
    pub async fn run_due(&self, market: u128) -> Result<Fired, Failure> {
        match self.run_due_batch(market, BATCH_MAX).await {
            Err(Failure::Failed(fault)) if fault.constraint.is_some() => match self.run_due_batch(market, 1).await {
                Err(Failure::Failed(fault)) if fault.constraint.is_some() => self.drop_first(market, &fault).await,
                alone => alone,
            },
            batch => batch,
        }
    }

    async fn drop_first(&self, market: u128, fault: &Fault) -> Result<Fired, Failure> {
        let tx = self.db.door_tx().await?;
        let until = MarketTime(i64::MAX);
        if let Some((at, subject, step, part, _)) = due(&tx, market, until, 1).await?.pop_first() {
            tracing::error!(step = %step, due_at = at, error = %fault, "a deadline broke a constraint and was taken out");
            let key = vec![rows::id(market), rows::id(subject), step.into(), i64::from(part).into(), at.into()];
            rows::delete(&tx, "deadline", &["market_id", "subject_id", "step", "part", "due_at"], key).await?;
        }
        tx.commit().await?;
        Ok(Fired { fired: 0, more: true })
    }

    async fn run_due_batch(&self, market: u128, limit: usize) -> Result<Fired, Failure> {
        Ok(self.noted(self.run_due_once(market, limit).await)?)
    }

    async fn run_due_once(&self, market: u128, limit: usize) -> Result<Fired, Fault> {
        sabotage::point("due.begin")?;
        let tx = self.db.door_tx().await?;
        self.db.market_lock(&tx, uuid::Uuid::from_u128(market)).await?;
        let mut overlay = Overlay::default();
        overlay.load_states(&self.db, &tx, &self.registry.stores, vec![(market, MarketState::key(market))]).await?;
        let view = View { overlay: &overlay, market };
        let Some(until) = view.get::<MarketState>(MarketState::key(market)).map(|m| m.now(self.time.now())) else {
            tx.rollback().await?;
            return Ok(Fired { fired: 0, more: false });
        };
        let mut queue = due(&tx, market, until, limit).await?;
        let more = queue.len() == limit;
        // Deadlines beyond the last one read are still in the table; newly set ones after it wait for the next batch.
        let horizon = if more { queue.last().map_or(until.0, |d| d.0) } else { until.0 };
        self.preload_due(&tx, &mut overlay, market, &queue).await?;
        let more = self.keep_unmoved(&tx, market, until, limit, &mut queue).await? || more;
        let mut batch = Batch::default();
        let mut fired = 0;
        while let Some(next) = queue.pop_first() {
            fired += 1;
            self.fire(&tx, &mut overlay, &mut batch, &mut queue, market, next, horizon).await?;
        }
        sabotage::point("due.decided")?;
        self.finish(tx, batch, &mut []).await?;
        crate::platform::metrics::tally::FIRED.add(fired);
        Ok(Fired { fired, more })
    }

    async fn preload_due(
        &self,
        tx: &DatabaseTransaction,
        overlay: &mut Overlay,
        market: u128,
        queue: &BTreeSet<Due>,
    ) -> Result<(), Fault> {
        let commands: Vec<Arc<Request>> = queue.iter().filter_map(|d| self.request(market, d)).map(Arc::new).collect();
        let keys = commands.iter().flat_map(|r| r.command.loads()).map(|k: Key| (market, k)).collect();
        overlay.load_states(&self.db, tx, &self.registry.stores, keys).await?;
        let then = commands.iter().flat_map(|r| wanted_then(overlay, r)).collect();
        overlay.load_states(&self.db, tx, &self.registry.stores, then).await?;
        let view = View { overlay, market };
        let accounts = commands.iter().flat_map(|r| r.command.accounts(&view)).map(|a| (market, a)).collect();
        overlay.load_balances(&self.db, tx, accounts).await
    }

    /// Drops what another node moved or took out before this one had locked its subjects; true when something was.
    ///
    /// From here on nobody else changes the deadlines of what is loaded.
    async fn keep_unmoved(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        until: MarketTime,
        limit: usize,
        queue: &mut BTreeSet<Due>,
    ) -> Result<bool, Fault> {
        if self.db.single_writer() {
            return Ok(false);
        }
        let (before, now) = (queue.len(), due(tx, market, until, limit).await?);
        queue.retain(|deadline| now.contains(deadline));
        Ok(queue.len() < before)
    }

    fn request(&self, market: u128, due: &Due) -> Option<Request> {
        let (at, subject, step, part, kind) = due;
        let make = self.registry.deadlines.get(kind.as_str())?;
        let command = make(*subject, step, *part)?;
        Some(Request {
            actor: Actor::system(market),
            idempotency: None,
            expected_version: None,
            command,
            at: Some(MarketTime(*at)),
        })
    }

    #[allow(clippy::too_many_arguments)] // one firing touches all of the batch's parts
    async fn fire(
        &self,
        tx: &DatabaseTransaction,
        overlay: &mut Overlay,
        batch: &mut Batch,
        queue: &mut BTreeSet<Due>,
        market: u128,
        next: Due,
        horizon: i64,
    ) -> Result<(), Fault> {
        batch.fired(market, next.1, &next.2, next.3);
        let Some(request) = self.request(market, &next) else {
            return Ok(());
        };
        overlay.load_states(&self.db, tx, &self.registry.stores, wanted_then(overlay, &request)).await?;
        let view = View { overlay, market };
        let accounts = request.command.accounts(&view).into_iter().map(|a| (market, a)).collect();
        overlay.load_balances(&self.db, tx, accounts).await?;
        let decided = self.decide(overlay, &request);
        let Ok((Decision::Write, outcome, words)) = decided else {
            if let Err(refusal) = decided {
                tracing::debug!(step = %next.2, code = %refusal.code, "a stale deadline was taken out");
            }
            return Ok(());
        };
        let subject = words.subject;
        let changes: Vec<_> = outcome.deadlines.clone();
        if self.apply(overlay, batch, &request, outcome, words)?.is_err() {
            return Ok(());
        }
        for change in changes {
            queue.retain(|d| !(d.1 == subject.id && d.2 == change.step && d.3 == change.part));
            if let Some(due) = change.due.filter(|d| d.0 <= horizon) {
                queue.insert((due.0, subject.id, change.step.to_owned(), change.part, subject.kind.to_owned()));
            }
        }
        Ok(())
    }
}

async fn due(tx: &DatabaseTransaction, market: u128, until: MarketTime, limit: usize) -> Result<BTreeSet<Due>, Fault> {
    let sql = format!(
        "SELECT due_at, subject_id, step, part, subject_kind FROM deadline WHERE market_id = $1 AND due_at <= $2 \
         ORDER BY due_at, subject_id, step, part LIMIT {limit}"
    );
    let found = rows::query(tx, sql, vec![rows::id(market), until.0.into()]).await?;
    found
        .iter()
        .map(|row| {
            let part: i64 = row.try_get("", "part")?;
            Ok((
                row.try_get("", "due_at")?,
                rows::get_id(row, "subject_id")?,
                row.try_get("", "step")?,
                i32::try_from(part).unwrap_or(0),
                row.try_get("", "subject_kind")?,
            ))
        })
        .collect()
}
