//! Rows of second factors and recovery codes.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage;
use crate::platform::vault::Sealed;

/// A stored seed.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The encrypted seed.
    pub sealed: Sealed,
    /// The step of the last code used.
    pub last_step: i64,
    /// When it was drawn.
    pub created_at: i64,
}

/// The confirmed seed of a user, or the one waiting for its first code.
pub async fn seed(db: &Database, user: u128, confirmed: bool) -> Result<Option<Seed>, Fault> {
    let sql = "SELECT key_id, sealed, last_step, created_at FROM second_factor WHERE user_id = $1 AND confirmed = $2";
    let row = rows::query_one(db.write(), sql, vec![rows::id(user), i64::from(confirmed).into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let sealed = Sealed { key_id: row.try_get("", "key_id")?, bytes: row.try_get("", "sealed")? };
    Ok(Some(Seed { sealed, last_step: row.try_get("", "last_step")?, created_at: row.try_get("", "created_at")? }))
}

/// Stores a seed that waits for its first code, in place of another that waits.
pub async fn propose(db: &Database, user: u128, sealed: &Sealed, now: i64) -> Result<(), Fault> {
    let sql = "INSERT INTO second_factor (user_id, confirmed, key_id, sealed, last_step, created_at) VALUES ($1,0,$2,$3,0,$4) \
        ON CONFLICT (user_id, confirmed) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, \
        last_step = 0, created_at = excluded.created_at";
    let values = vec![rows::id(user), sealed.key_id.clone().into(), sealed.bytes.clone().into(), now.into()];
    rows::execute(db.write(), sql, values).await.map(|_| ())
}

/// Uses a code's step up; false when it, or a later one, was used before.
pub async fn use_step(db: &Database, user: u128, step: i64) -> Result<bool, Fault> {
    let sql = "UPDATE second_factor SET last_step = $2 WHERE user_id = $1 AND confirmed = 1 AND last_step < $2";
    Ok(rows::execute(db.write(), sql, vec![rows::id(user), step.into()]).await? == 1)
}

/// Turns the waiting seed `sealed` into the confirmed one, with new recovery codes; all sessions of the user end.
/// False when another seed waits by now.
pub async fn confirm(db: &Database, user: u128, sealed: &Sealed, step: i64, codes: &[Vec<u8>]) -> Result<bool, Fault> {
    let tx = db.write_tx().await?;
    let gone = "DELETE FROM second_factor WHERE user_id = $1 AND confirmed = 1";
    rows::execute(&tx, gone, vec![rows::id(user)]).await?;
    let sql =
        "UPDATE second_factor SET confirmed = 1, last_step = $2 WHERE user_id = $1 AND confirmed = 0 AND sealed = $3";
    let values = vec![rows::id(user), step.into(), sealed.bytes.clone().into()];
    if rows::execute(&tx, sql, values).await? == 0 {
        return Ok(false);
    }
    write_codes(&tx, user, codes).await?;
    rows::execute(&tx, "UPDATE app_user SET stamp = stamp + 1 WHERE id = $1", vec![rows::id(user)]).await?;
    sabotage::point("factor.confirm")?;
    tx.commit().await?;
    sabotage::point("factor.confirmed")?;
    Ok(true)
}

async fn write_codes(tx: &sea_orm::DatabaseTransaction, user: u128, codes: &[Vec<u8>]) -> Result<(), Fault> {
    rows::execute(tx, "DELETE FROM recovery_code WHERE user_id = $1", vec![rows::id(user)]).await?;
    let table = rows::Table { name: "recovery_code", columns: &["user_id", "hash"], key: &["user_id", "hash"] };
    let values = codes.iter().flat_map(|hash| [rows::id(user), hash.clone().into()]).collect();
    rows::insert(tx, &table, values).await.map(|_| ())
}

/// Replaces the recovery codes.
pub async fn replace_codes(db: &Database, user: u128, codes: &[Vec<u8>]) -> Result<(), Fault> {
    let tx = db.write_tx().await?;
    write_codes(&tx, user, codes).await?;
    sabotage::point("factor.codes")?;
    tx.commit().await?;
    sabotage::point("factor.replaced")
}

/// Uses a recovery code up; false when it is unknown or used.
pub async fn use_code(db: &Database, user: u128, hash: &[u8], now: i64) -> Result<bool, Fault> {
    let sql = "UPDATE recovery_code SET used_at = $3 WHERE user_id = $1 AND hash = $2 AND used_at IS NULL";
    Ok(rows::execute(db.write(), sql, vec![rows::id(user), hash.to_vec().into(), now.into()]).await? == 1)
}

/// Recovery codes left.
pub async fn codes_left(db: &Database, user: u128) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM recovery_code WHERE user_id = $1 AND used_at IS NULL";
    let row = rows::query_one(db.read(), sql, vec![rows::id(user)]).await?;
    row.map_or(Ok(0), |r| Ok(r.try_get("", "n")?))
}

/// Takes the second factor and its recovery codes away; all sessions of the user end.
pub async fn remove(db: &Database, user: u128) -> Result<(), Fault> {
    let tx = db.write_tx().await?;
    for sql in [
        "DELETE FROM second_factor WHERE user_id = $1",
        "DELETE FROM recovery_code WHERE user_id = $1",
        "UPDATE app_user SET stamp = stamp + 1 WHERE id = $1",
    ] {
        rows::execute(&tx, sql, vec![rows::id(user)]).await?;
    }
    sabotage::point("factor.remove")?;
    tx.commit().await?;
    sabotage::point("factor.removed")
}
