//! Jobs that follow the sealed log: each takes every event once, in the order of its sequence.
//!
//! The jobs' work and their places in the log are written in one transaction, so a crash between two batches loses nothing and
//! repeats nothing, and two nodes cannot take the same batch. What a job writes may lag behind the market; nothing that
//! guards a decision is fed by one. Refuses nothing: an event is a fact.

use crate::platform::database::Database;
use crate::platform::engine::MarketState;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use crate::platform::sabotage;
use entrepot_domain::kernel::MarketTime;
use sea_orm::DatabaseTransaction;
use std::sync::Arc;

/// Events given to a job at once at most (CON-8). On SQLite the commands that arrive meanwhile wait: with 500, one payment in a
/// hundred waited three times as long as the others.
const BATCH_MAX: i64 = 150;

/// One sealed event as jobs see it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Place in the market's log.
    pub seq: i64,
    /// The event, for reading its journals.
    pub event: u128,
    /// The step.
    pub step: String,
    /// Market time at which it counts.
    pub effective_at: MarketTime,
}

/// Something that follows the log of every market.
#[async_trait::async_trait]
pub trait Follower: Send + Sync {
    /// Its name; the place in the log is kept under it.
    fn name(&self) -> &'static str;

    /// The job whose work it reads: it never goes further in the log than that one has.
    fn behind(&self) -> Option<&'static str> {
        None
    }

    /// Takes the next events; what it writes in `tx` is committed together with its new place.
    async fn take(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        state: &MarketState,
        entries: &[Entry],
    ) -> Result<(), Fault>;
}

const CURSOR: Table = Table { name: "job_cursor", columns: &["market_id", "job", "seq"], key: &["market_id", "job"] };

/// Gives each of the followers its next batch, all in one transaction, because each commit waits for the disk; tells how many
/// events each took. When one fails, the others have their batch in transactions of their own, and its failure is told last.
pub async fn follow_all(
    db: &Database,
    followers: &[Arc<dyn Follower>],
    market: u128,
    state: &MarketState,
    mut told: impl FnMut(&dyn Follower, u64),
) -> Result<u64, Fault> {
    let mut due = Vec::new();
    // Looked at outside the transaction first, so that jobs with nothing to do take no lock.
    for follower in followers {
        let end = end(db.read(), follower.as_ref(), market).await?;
        let from = place(db.read(), follower.name(), market, "").await?;
        if !pending(db.read(), market, (from, end), 1).await?.is_empty() {
            due.push(follower.as_ref());
        }
    }
    let together = match follow(db, &due, market, state).await {
        Err(fault) if fault.trouble.is_none() && due.len() > 1 => {
            tracing::warn!(error = %fault, "the jobs could not take a batch together and take it one by one: {fault}");
            None
        }
        outcome => Some(outcome?),
    };
    if let Some(taken) = together {
        due.iter().zip(&taken).for_each(|(follower, events)| told(*follower, *events));
        return Ok(taken.iter().sum());
    }
    let (mut all, mut failed) = (0, None);
    for follower in due {
        match follow(db, &[follower], market, state).await {
            Ok(taken) => taken.iter().for_each(|events| {
                told(follower, *events);
                all += events;
            }),
            Err(fault) => failed = Some(fault),
        }
    }
    failed.map_or(Ok(all), Err)
}

/// Gives the followers their next batches in one transaction.
async fn follow(
    db: &Database,
    followers: &[&dyn Follower],
    market: u128,
    state: &MarketState,
) -> Result<Vec<u64>, Fault> {
    if followers.is_empty() {
        return Ok(Vec::new());
    }
    let tx = db.door_tx().await?;
    let mut taken = Vec::with_capacity(followers.len());
    for follower in followers {
        taken.push(take(db, &tx, *follower, market, state).await?);
    }
    if taken.iter().all(|events| *events == 0) {
        tx.rollback().await?;
        return Ok(taken);
    }
    sabotage::point("job.commit")?;
    tx.commit().await?;
    sabotage::point("job.committed")?;
    Ok(taken)
}

async fn take(
    db: &Database,
    tx: &DatabaseTransaction,
    follower: &dyn Follower,
    market: u128,
    state: &MarketState,
) -> Result<u64, Fault> {
    rows::insert_missing(tx, &CURSOR, vec![rows::id(market), follower.name().into(), 0i64.into()]).await?;
    let seq = place(tx, follower.name(), market, db.lock_clause()).await?;
    let entries = pending(tx, market, (seq, end(tx, follower, market).await?), BATCH_MAX).await?;
    let Some(last) = entries.last() else { return Ok(0) };
    follower.take(tx, market, state, &entries).await?;
    rows::upsert(tx, &CURSOR, vec![rows::id(market), follower.name().into(), last.seq.into()]).await?;
    Ok(u64::try_from(entries.len()).unwrap_or(u64::MAX))
}

/// Begins a job of a market behind an event: what came before is none of its business. A job that has begun stays where it is.
pub async fn begin(db: &Database, market: u128, job: &'static str, seq: i64) -> Result<(), Fault> {
    let tx = db.write_tx().await?;
    rows::insert_missing(&tx, &CURSOR, vec![rows::id(market), job.into(), seq.into()]).await?;
    Ok(tx.commit().await?)
}

/// Keeps a job where it is until the transaction ends; for work beside the log that must not happen while the job works.
pub async fn hold(db: &Database, tx: &DatabaseTransaction, market: u128, job: &'static str) -> Result<(), Fault> {
    rows::insert_missing(tx, &CURSOR, vec![rows::id(market), job.into(), 0i64.into()]).await?;
    place(tx, job, market, db.lock_clause()).await.map(|_| ())
}

/// One sealed event as readers of the log see it that keep their place elsewhere.
#[derive(Debug, Clone)]
pub struct Touched {
    /// Place in the market's log.
    pub seq: i64,
    /// The event.
    pub event: u128,
    /// Kind of what it changed.
    pub kind: String,
    /// What it changed.
    pub subject: u128,
}

/// What was changed after `seq`, at most `limit` events, in the order of the log. With `seq` one less, the first tells whether the
/// reader's place is in this log.
pub async fn touched(db: &Database, market: u128, seq: i64, limit: i64) -> Result<Vec<Touched>, Fault> {
    let sql = "SELECT s.seq, e.id, e.subject_kind, e.subject_id FROM sealed s \
        JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id \
        WHERE s.market_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3";
    let found = rows::query(db.read(), sql, vec![rows::id(market), seq.into(), limit.into()]).await?;
    let touched = |row: &rows::Row| {
        Ok(Touched {
            seq: row.try_get("", "seq")?,
            event: rows::get_id(row, "id")?,
            kind: row.try_get("", "subject_kind")?,
            subject: rows::get_id(row, "subject_id")?,
        })
    };
    found.iter().map(touched).collect()
}

/// The last sealed event of a market: its place and itself; nought before the first.
pub async fn head(db: &Database, market: u128) -> Result<(i64, u128), Fault> {
    let sql = "SELECT seq, event_id FROM sealed WHERE market_id = $1 ORDER BY seq DESC LIMIT 1";
    match rows::query_one(db.read(), sql, vec![rows::id(market)]).await? {
        Some(row) => Ok((row.try_get("", "seq")?, rows::get_id(&row, "event_id")?)),
        None => Ok((0, 0)),
    }
}

async fn place(db: &impl sea_orm::ConnectionTrait, job: &'static str, market: u128, lock: &str) -> Result<i64, Fault> {
    let sql = format!("SELECT seq FROM job_cursor WHERE market_id = $1 AND job = $2{lock}");
    let row = rows::query_one(db, sql, vec![rows::id(market), job.into()]).await?;
    Ok(row.map(|r| r.try_get("", "seq")).transpose()?.unwrap_or(0))
}

/// How far in the log a job may go.
async fn end(db: &impl sea_orm::ConnectionTrait, follower: &dyn Follower, market: u128) -> Result<i64, Fault> {
    match follower.behind() {
        Some(job) => place(db, job, market, "").await,
        None => Ok(i64::MAX),
    }
}

async fn pending(
    db: &impl sea_orm::ConnectionTrait,
    market: u128,
    (seq, end): (i64, i64),
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let sql = "SELECT s.seq, e.id, e.step, e.effective_at FROM sealed s \
        JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id \
        WHERE s.market_id = $1 AND s.seq > $2 AND s.seq <= $4 ORDER BY s.seq LIMIT $3";
    let found = rows::query(db, sql, vec![rows::id(market), seq.into(), limit.into(), end.into()]).await?;
    let entry = |row: &rows::Row| {
        Ok(Entry {
            seq: row.try_get("", "seq")?,
            event: rows::get_id(row, "id")?,
            step: row.try_get("", "step")?,
            effective_at: MarketTime(row.try_get("", "effective_at")?),
        })
    };
    found.iter().map(entry).collect()
}
