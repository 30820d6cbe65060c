//! Rows of tickets, and what changes together with the use of one.

use crate::identity::ticket::{Holder, Purpose};
use crate::platform::database::Database;
use crate::platform::mail::{self, Queued};
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage;
use sea_orm::{ConnectionTrait, QueryResult};

/// A ticket about to be stored.
pub struct NewTicket {
    /// What stands for it in the database.
    pub hash: Vec<u8>,
    /// What it is good for.
    pub purpose: Purpose,
    /// Whom it is for.
    pub holder: Holder,
    /// When it is drawn.
    pub now: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// A valid ticket.
#[derive(Debug, Clone)]
pub struct TicketRow {
    /// What stands for it in the database.
    pub hash: Vec<u8>,
    /// Whom it is for.
    pub holder: Holder,
}

const COLUMNS: &str = "hash, user_id, for_market, subject_id, email";

fn ticket(row: &QueryResult) -> Result<TicketRow, Fault> {
    let holder = Holder {
        user: rows::get_id_opt(row, "user_id")?,
        market: rows::get_id_opt(row, "for_market")?,
        subject: rows::get_id_opt(row, "subject_id")?,
        email: row.try_get("", "email")?,
    };
    Ok(TicketRow { hash: row.try_get("", "hash")?, holder })
}

/// Stores a ticket and queues its letter in one transaction; earlier tickets of the same holder and purpose go.
pub async fn issue(db: &Database, new: &NewTicket, letter: Option<&Queued>) -> Result<(), Fault> {
    let tx = db.write_tx().await?;
    let holder = &new.holder;
    let earlier = "DELETE FROM ticket WHERE purpose = $1 AND email = $2 AND (subject_id = $3 OR $4 = 0)";
    let bound = i64::from(holder.subject.is_some());
    let values =
        vec![new.purpose.name().into(), holder.email.clone().into(), rows::id_opt(holder.subject), bound.into()];
    rows::execute(&tx, earlier, values).await?;
    let sql = "INSERT INTO ticket (hash, purpose, user_id, for_market, subject_id, email, created_at, expires_at) \
        VALUES ($1,$2,$3,$4,$5,$6,$7,$8)";
    let values = vec![
        new.hash.clone().into(),
        new.purpose.name().into(),
        rows::id_opt(holder.user),
        rows::id_opt(holder.market),
        rows::id_opt(holder.subject),
        holder.email.clone().into(),
        new.now.into(),
        new.expires_at.into(),
    ];
    rows::execute(&tx, sql, values).await?;
    if let Some(letter) = letter {
        mail::add(&tx, letter).await?;
    }
    sabotage::point("ticket.issue")?;
    tx.commit().await?;
    sabotage::point("ticket.issued")
}

/// A ticket that is still valid.
pub async fn look(db: &Database, purpose: Purpose, hash: &[u8], now: i64) -> Result<Option<TicketRow>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ticket WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3"
    );
    let row = rows::query_one(db.write(), sql, vec![hash.to_vec().into(), purpose.name().into(), now.into()]).await?;
    row.as_ref().map(ticket).transpose()
}

async fn take_in(tx: &impl ConnectionTrait, purpose: Purpose, hash: &[u8], now: i64) -> Result<bool, Fault> {
    let sql = "UPDATE ticket SET used_at = $3 WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    Ok(rows::execute(tx, sql, vec![hash.to_vec().into(), purpose.name().into(), now.into()]).await? == 1)
}

/// Uses a ticket up; false when it was used or has run out.
pub async fn take(db: &Database, purpose: Purpose, hash: &[u8], now: i64) -> Result<bool, Fault> {
    take_in(db.write(), purpose, hash, now).await
}

/// Makes a used ticket valid again, because what it was used for did not come about.
pub async fn give_back(db: &Database, hash: &[u8]) -> Result<(), Fault> {
    let sql = "UPDATE ticket SET used_at = NULL WHERE hash = $1";
    rows::execute(db.write(), sql, vec![hash.to_vec().into()]).await.map(|_| ())
}

/// Takes the tickets of an invitation away.
pub async fn void_subject(db: &Database, subject: u128) -> Result<(), Fault> {
    rows::execute(db.write(), "DELETE FROM ticket WHERE subject_id = $1", vec![rows::id(subject)]).await.map(|_| ())
}

/// Uses a ticket to verify its user's address; false when the ticket is void or the address is another one by now.
pub async fn verify_email(db: &Database, row: &TicketRow, now: i64) -> Result<bool, Fault> {
    let tx = db.write_tx().await?;
    let sql = "UPDATE app_user SET verified_at = COALESCE(verified_at, $3) WHERE id = $1 AND email = $2";
    let values = vec![rows::id_opt(row.holder.user), row.holder.email.clone().into(), now.into()];
    let done = take_in(&tx, Purpose::VerifyEmail, &row.hash, now).await? && rows::execute(&tx, sql, values).await? == 1;
    // Without the commit nothing of it happened.
    if done {
        sabotage::point("ticket.verify")?;
        tx.commit().await?;
        sabotage::point("ticket.verified")?;
    }
    Ok(done)
}

/// Uses a ticket to set a new password: all sessions end, other tickets for it are void, and the address is verified.
pub async fn reset_password(db: &Database, row: &TicketRow, password: &str, now: i64) -> Result<bool, Fault> {
    let tx = db.write_tx().await?;
    if !take_in(&tx, Purpose::ResetPassword, &row.hash, now).await? {
        return Ok(false);
    }
    let sql = "UPDATE app_user SET password = $3, stamp = stamp + 1, verified_at = COALESCE(verified_at, $4) \
        WHERE id = $1 AND email = $2 AND disabled = 0";
    let user = rows::id_opt(row.holder.user);
    let values = vec![user.clone(), row.holder.email.clone().into(), password.into(), now.into()];
    if rows::execute(&tx, sql, values).await? == 0 {
        return Ok(false);
    }
    let others = "DELETE FROM ticket WHERE user_id = $1 AND purpose = 'reset_password' AND used_at IS NULL";
    rows::execute(&tx, others, vec![user]).await?;
    sabotage::point("ticket.reset")?;
    tx.commit().await?;
    sabotage::point("ticket.spent")?;
    Ok(true)
}

/// Deletes tickets that ended before a moment.
pub async fn tidy(db: &Database, before: i64) -> Result<u64, Fault> {
    rows::execute(db.write(), "DELETE FROM ticket WHERE expires_at < $1", vec![before.into()]).await
}
