//! Rows of the mail queue.

use super::Letter;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage;
use crate::platform::vault::Sealed;
use sea_orm::{ConnectionTrait, QueryResult};

/// A letter ready for the queue.
pub struct Queued {
    /// Its identifier.
    pub id: u128,
    /// The letter; its text is used only through `sealed`.
    pub letter: Letter,
    /// The encrypted text.
    pub sealed: Sealed,
    /// When it is queued.
    pub now: i64,
}

/// A queued mail.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its identifier.
    pub id: u128,
    /// What it is about.
    pub kind: String,
    /// Whom it goes to.
    pub recipient: String,
    /// Subject line.
    pub subject: String,
    /// The encrypted text, unless it is wiped.
    pub sealed: Option<Sealed>,
    /// When it was queued.
    pub created_at: i64,
    /// Tries so far.
    pub attempts: i64,
    /// When it left.
    pub sent_at: Option<i64>,
    /// When it was given up.
    pub given_up_at: Option<i64>,
    /// Why the last try failed.
    pub error: String,
}

/// How the queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Mails that wait.
    pub waiting: i64,
    /// Age of the oldest of them, in seconds.
    pub oldest_s: i64,
    /// Mails given up and kept for a month.
    pub given_up: i64,
}

/// Columns of [`Row`], with the table named `m`.
pub const COLUMNS: &str = "m.id, m.kind, m.recipient, m.subject, m.key_id, m.sealed, m.created_at, m.attempts, m.sent_at, \
    m.given_up_at, m.error";

impl Row {
    /// Reads a row of [`COLUMNS`].
    pub fn of(row: &QueryResult) -> Result<Self, Fault> {
        let sealed = Sealed { key_id: row.try_get("", "key_id")?, bytes: row.try_get("", "sealed")? };
        Ok(Self {
            id: rows::get_id(row, "id")?,
            kind: row.try_get("", "kind")?,
            recipient: row.try_get("", "recipient")?,
            subject: row.try_get("", "subject")?,
            sealed: (!sealed.bytes.is_empty()).then_some(sealed),
            created_at: row.try_get("", "created_at")?,
            attempts: row.try_get("", "attempts")?,
            sent_at: row.try_get("", "sent_at")?,
            given_up_at: row.try_get("", "given_up_at")?,
            error: row.try_get("", "error")?,
        })
    }
}

/// Writes a letter to the queue, within the transaction of what caused it or alone.
pub async fn add(db: &impl ConnectionTrait, queued: &Queued) -> Result<(), Fault> {
    let sql = "INSERT INTO mail (id, for_user, for_market, kind, recipient, subject, key_id, sealed, created_at, attempts, \
        next_at, error) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,0,$9,'')";
    let letter = &queued.letter;
    let values = vec![
        rows::id(queued.id),
        rows::id_opt(letter.user),
        rows::id_opt(letter.market),
        letter.kind.into(),
        letter.recipient.clone().into(),
        letter.subject.clone().into(),
        queued.sealed.key_id.clone().into(),
        queued.sealed.bytes.clone().into(),
        queued.now.into(),
    ];
    rows::execute(db, sql, values).await.map(|_| ())
}

/// Claims the mail that is due longest until the lease ends; `None` when nothing is due.
pub async fn claim(db: &Database, now: i64, lease: i64) -> Result<Option<Row>, Fault> {
    let due = "SELECT m.id FROM mail m WHERE m.sent_at IS NULL AND m.given_up_at IS NULL AND m.next_at <= $1 \
        ORDER BY m.next_at, m.id LIMIT 1";
    let Some(found) = rows::query_one(db.write(), due, vec![now.into()]).await? else { return Ok(None) };
    let id = rows::get_id(&found, "id")?;
    let take = "UPDATE mail SET next_at = $2, attempts = attempts + 1 WHERE id = $1 AND sent_at IS NULL \
        AND given_up_at IS NULL AND next_at <= $3";
    sabotage::point("mail.claim")?;
    if rows::execute(db.write(), take, vec![rows::id(id), lease.into(), now.into()]).await? == 0 {
        return Ok(None);
    }
    sabotage::point("mail.claimed")?;
    let sql = format!("SELECT {COLUMNS} FROM mail m WHERE m.id = $1");
    let row = rows::query_one(db.write(), sql, vec![rows::id(id)]).await?;
    row.as_ref().map(Row::of).transpose()
}

/// Notes that a mail left; `wipe` takes its text out.
pub async fn sent(db: &Database, id: u128, now: i64, wipe: bool) -> Result<(), Fault> {
    let sql = "UPDATE mail SET sent_at = $2, error = '' WHERE id = $1";
    sabotage::point("mail.sent")?;
    rows::execute(db.write(), sql, vec![rows::id(id), now.into()]).await?;
    sabotage::point("mail.noted")?;
    if wipe {
        let sql = "UPDATE mail SET sealed = $2 WHERE id = $1";
        rows::execute(db.write(), sql, vec![rows::id(id), Vec::<u8>::new().into()]).await?;
    }
    Ok(())
}

/// Notes why a try failed and when the next one is due.
pub async fn later(db: &Database, id: u128, next_at: i64, error: &str) -> Result<(), Fault> {
    let sql = "UPDATE mail SET next_at = $2, error = $3 WHERE id = $1";
    rows::execute(db.write(), sql, vec![rows::id(id), next_at.into(), error.into()]).await.map(|_| ())
}

/// Notes that a mail will not be tried again.
pub async fn given_up(db: &Database, id: u128, now: i64, error: &str) -> Result<(), Fault> {
    let sql = "UPDATE mail SET given_up_at = $2, error = $3 WHERE id = $1";
    rows::execute(db.write(), sql, vec![rows::id(id), now.into(), error.into()]).await.map(|_| ())
}

/// Counts what waits and what was given up.
pub async fn standing(db: &Database, now: i64) -> Result<Standing, Fault> {
    let sql = "SELECT COUNT(*) AS n, MIN(created_at) AS oldest FROM mail WHERE sent_at IS NULL AND given_up_at IS NULL";
    let waits = rows::query_one(db.read(), sql, Vec::new()).await?;
    let oldest: Option<i64> = waits.as_ref().map(|row| row.try_get("", "oldest")).transpose()?.flatten();
    let given_up =
        rows::query_one(db.read(), "SELECT COUNT(*) AS n FROM mail WHERE given_up_at IS NOT NULL", Vec::new()).await?;
    let count = |row: Option<QueryResult>| row.map(|r| r.try_get("", "n")).transpose().map(Option::unwrap_or_default);
    let oldest_s = oldest.map_or(0, |at| (now - at).max(0) / 1_000_000);
    Ok(Standing { waiting: count(waits)?, oldest_s, given_up: count(given_up)? })
}

/// Deletes what left or was given up before a moment.
pub async fn tidy(db: &Database, before: i64) -> Result<u64, Fault> {
    rows::execute(db.write(), "DELETE FROM mail WHERE sent_at < $1 OR given_up_at < $1", vec![before.into()]).await
}
