//! Rows of sessions, throttles and signing keys.

use crate::identity::token::KeyPair;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::Role;
use sea_orm::QueryResult;

/// A session with what its user and seat say now.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The user.
    pub user: u128,
    /// Market and seat it is in.
    pub seat: Option<(u128, u128)>,
    /// Company and role of the seat; `None` once the seat is disabled.
    pub sits: Option<(Option<u128>, Role)>,
    /// Hash of the refresh token.
    pub refresh_hash: Vec<u8>,
    /// Hash of the refresh token before.
    pub previous_hash: Option<Vec<u8>>,
    /// When the token was last rotated.
    pub rotated_at: i64,
    /// The user's stamp when the session began.
    pub begun_stamp: i64,
    /// The user's stamp now.
    pub stamp: i64,
    /// True for users who may not sign in any more.
    pub disabled: bool,
    /// When it began.
    pub created_at: i64,
    /// When it ends at the latest.
    pub expires_at: i64,
    /// True once it was revoked.
    pub revoked: bool,
    /// The client's name.
    pub agent: String,
    /// When a secret was last shown in it.
    pub proved_at: i64,
    /// True when a second factor was shown in it.
    pub second_factor: bool,
    /// True once the user's e-mail address is verified.
    pub verified: bool,
}

/// A session about to begin.
pub struct NewSession<'a> {
    /// Its identifier.
    pub id: u128,
    /// The user.
    pub user: u128,
    /// The user's stamp.
    pub stamp: i64,
    /// Market and seat.
    pub seat: Option<(u128, u128)>,
    /// Hash of its refresh token.
    pub refresh_hash: &'a [u8],
    /// When it begins.
    pub now: i64,
    /// When it ends at the latest.
    pub expires_at: i64,
    /// The client's name.
    pub agent: &'a str,
    /// The client's network.
    pub peer: &'a str,
    /// True when a second factor was shown.
    pub second_factor: bool,
}

/// A rotation of the refresh token.
pub struct Rotation<'a> {
    /// The session.
    pub id: u128,
    /// The hash that must be there.
    pub old: &'a [u8],
    /// The hash that replaces it.
    pub new: &'a [u8],
    /// When.
    pub now: i64,
    /// The client's name.
    pub agent: &'a str,
}

/// Begins a session.
pub async fn begin(db: &Database, new: &NewSession<'_>) -> Result<(), Fault> {
    let sql = "INSERT INTO session (id, user_id, seat_market, seat_id, refresh_hash, rotated_at, user_stamp, created_at, \
        expires_at, agent, peer, proved_at, second_factor) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)";
    let values = vec![
        rows::id(new.id),
        rows::id(new.user),
        rows::id_opt(new.seat.map(|s| s.0)),
        rows::id_opt(new.seat.map(|s| s.1)),
        new.refresh_hash.to_vec().into(),
        new.now.into(),
        new.stamp.into(),
        new.now.into(),
        new.expires_at.into(),
        new.agent.into(),
        new.peer.into(),
        new.now.into(),
        i64::from(new.second_factor).into(),
    ];
    sabotage::point("session.open")?;
    rows::execute(db.write(), sql, values).await?;
    sabotage::point("session.opened")
}

fn session(row: &QueryResult) -> Result<SessionRow, Fault> {
    let seat = rows::get_id_opt(row, "seat_market")?.zip(rows::get_id_opt(row, "seat_id")?);
    let role: Option<String> = row.try_get("", "role")?;
    let open = row.try_get::<Option<i64>>("", "seat_disabled")? == Some(0) || sabotage::skips(Guard::TakenSeat);
    let company = rows::get_id_opt(row, "company_id")?;
    Ok(SessionRow {
        user: rows::get_id(row, "user_id")?,
        seat,
        sits: role.filter(|_| open).and_then(|r| Role::parse(&r)).map(|r| (company, r)),
        refresh_hash: row.try_get("", "refresh_hash")?,
        previous_hash: row.try_get("", "previous_hash")?,
        rotated_at: row.try_get("", "rotated_at")?,
        begun_stamp: row.try_get("", "user_stamp")?,
        stamp: row.try_get("", "stamp")?,
        disabled: row.try_get::<i64>("", "disabled")? != 0,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "expires_at")?,
        revoked: row.try_get::<Option<i64>>("", "revoked_at")?.is_some(),
        agent: row.try_get("", "agent")?,
        proved_at: row.try_get("", "proved_at")?,
        second_factor: row.try_get::<i64>("", "second_factor")? != 0,
        verified: row.try_get::<Option<i64>>("", "verified_at")?.is_some(),
    })
}

/// The session, revoked or not.
pub async fn find(db: &Database, id: u128) -> Result<Option<SessionRow>, Fault> {
    let sql = "SELECT s.user_id, s.seat_market, s.seat_id, s.refresh_hash, s.previous_hash, s.rotated_at, s.user_stamp, \
        s.created_at, s.expires_at, s.revoked_at, s.agent, s.proved_at, s.second_factor, u.stamp, u.disabled, u.verified_at, \
        t.company_id, t.role, \
        t.disabled AS seat_disabled FROM session s JOIN app_user u ON u.id = s.user_id \
        LEFT JOIN seat t ON t.market_id = s.seat_market AND t.id = s.seat_id AND t.user_id = s.user_id WHERE s.id = $1";
    let row = rows::query_one(db.read(), sql, vec![rows::id(id)]).await?;
    row.as_ref().map(session).transpose()
}

/// Replaces the refresh token if it is still the old one; false when somebody was faster.
pub async fn rotate(db: &Database, rotation: &Rotation<'_>) -> Result<bool, Fault> {
    let sql = "UPDATE session SET previous_hash = refresh_hash, refresh_hash = $3, rotated_at = $4, agent = $5 \
        WHERE id = $1 AND refresh_hash = $2 AND revoked_at IS NULL";
    let (old, new) = (rotation.old.to_vec(), rotation.new.to_vec());
    let values = vec![rows::id(rotation.id), old.into(), new.into(), rotation.now.into(), rotation.agent.into()];
    sabotage::point("session.rotate")?;
    let rotated = rows::execute(db.write(), sql, values).await? == 1;
    sabotage::point("session.rotated")?;
    Ok(rotated)
}

/// Moves the session to another seat.
pub async fn take_seat(db: &Database, id: u128, seat: Option<(u128, u128)>) -> Result<(), Fault> {
    let sql = "UPDATE session SET seat_market = $2, seat_id = $3 WHERE id = $1";
    let values = vec![rows::id(id), rows::id_opt(seat.map(|s| s.0)), rows::id_opt(seat.map(|s| s.1))];
    rows::execute(db.write(), sql, values).await.map(|_| ())
}

/// Notes that a secret was shown in the session just now, and whether it was a second factor.
pub async fn prove(db: &Database, id: u128, now: i64, second_factor: bool) -> Result<(), Fault> {
    let second = if second_factor { "1" } else { "second_factor" };
    let sql = format!("UPDATE session SET proved_at = $2, second_factor = {second} WHERE id = $1");
    rows::execute(db.write(), sql, vec![rows::id(id), now.into()]).await.map(|_| ())
}

/// A session as its user sees it in the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The session.
    pub id: u128,
    /// The client's name.
    pub agent: String,
    /// The client's network.
    pub peer: String,
    /// When it began.
    pub created_at: i64,
    /// When its tokens were last exchanged.
    pub used_at: i64,
}

/// Sessions listed at most; a user with more ends them all at once.
const LISTED_MAX: i64 = 100;

/// The sessions of a user that may still be refreshed, the last used first.
pub async fn open_sessions(db: &Database, user: u128, now: i64) -> Result<Vec<Listed>, Fault> {
    let sql = "SELECT s.id, s.agent, s.peer, s.created_at, s.rotated_at FROM session s JOIN app_user u ON u.id = s.user_id \
        WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.user_stamp = u.stamp \
        ORDER BY s.rotated_at DESC, s.id LIMIT $3";
    let found = rows::query(db.write(), sql, vec![rows::id(user), now.into(), LISTED_MAX.into()]).await?;
    let read = |row: &QueryResult| {
        Ok(Listed {
            id: rows::get_id(row, "id")?,
            agent: row.try_get("", "agent")?,
            peer: row.try_get("", "peer")?,
            created_at: row.try_get("", "created_at")?,
            used_at: row.try_get("", "rotated_at")?,
        })
    };
    found.iter().map(read).collect()
}

/// Sessions of all users that still stand.
pub async fn count_open(db: &Database, now: i64) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS n FROM session s JOIN app_user u ON u.id = s.user_id \
        WHERE s.revoked_at IS NULL AND s.expires_at > $1 AND s.user_stamp = u.stamp";
    let row = rows::query_one(db.read(), sql, vec![now.into()]).await?;
    Ok(row.map(|r| r.try_get("", "n")).transpose()?.unwrap_or(0))
}

/// Ends a session of this user; false when it is not theirs or has ended.
pub async fn revoke_of(db: &Database, user: u128, id: u128, now: i64) -> Result<bool, Fault> {
    let owner = if sabotage::skips(Guard::SessionOwner) { "$2 = $2" } else { "user_id = $2" };
    let sql = format!("UPDATE session SET revoked_at = $3 WHERE id = $1 AND {owner} AND revoked_at IS NULL");
    Ok(rows::execute(db.write(), sql, vec![rows::id(id), rows::id(user), now.into()]).await? == 1)
}

/// Ends a session.
pub async fn revoke(db: &Database, id: u128, now: i64) -> Result<(), Fault> {
    let sql = "UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    rows::execute(db.write(), sql, vec![rows::id(id), now.into()]).await.map(|_| ())
}

/// Ends all sessions of a user.
pub async fn revoke_all(db: &Database, user: u128, now: i64) -> Result<(), Fault> {
    let sql = "UPDATE session SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    rows::execute(db.write(), sql, vec![rows::id(user), now.into()]).await.map(|_| ())
}

/// Deletes sessions and counters that have meant nothing since `before`.
pub async fn tidy(db: &Database, before: i64) -> Result<u64, Fault> {
    let sessions = "DELETE FROM session WHERE expires_at < $1 OR revoked_at < $1";
    let counters = "DELETE FROM throttle WHERE updated_at < $1 AND until < $1";
    let ended = rows::execute(db.write(), sessions, vec![before.into()]).await?;
    Ok(ended + rows::execute(db.write(), counters, vec![before.into()]).await?)
}

/// A counter of failed tries.
#[derive(Debug, Clone, Copy)]
pub struct Tries {
    /// Tries without success.
    pub failures: i64,
    /// Until when further tries are refused.
    pub until: i64,
    /// The last try.
    pub updated_at: i64,
}

/// The counter of this name, if there is one.
pub async fn tries(db: &Database, name: &str) -> Result<Option<Tries>, Fault> {
    let sql = "SELECT failures, until, updated_at FROM throttle WHERE name = $1";
    let row = rows::query_one(db.read(), sql, vec![name.into()]).await?;
    let read = |row: QueryResult| {
        Ok(Tries {
            failures: row.try_get("", "failures")?,
            until: row.try_get("", "until")?,
            updated_at: row.try_get("", "updated_at")?,
        })
    };
    row.map(read).transpose()
}

/// Counts a try and gives the count, starting anew when the last try was before `forgotten`; `None` while the counter
/// refuses tries.
pub async fn count_try(db: &Database, name: &str, now: i64, forgotten: i64) -> Result<Option<i64>, Fault> {
    let sql = "INSERT INTO throttle (name, failures, until, updated_at) VALUES ($1, 1, 0, $2) \
        ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at, \
        failures = CASE WHEN throttle.updated_at < $3 THEN 1 ELSE throttle.failures + 1 END \
        WHERE throttle.until <= excluded.updated_at RETURNING failures";
    let found = rows::query(db.write(), sql, vec![name.into(), now.into(), forgotten.into()]).await?;
    found.first().map(|r| Ok(r.try_get("", "failures")?)).transpose()
}

/// Makes the counter refuse tries until a moment; false when it refuses them already.
pub async fn hold_throttle(db: &Database, name: &str, now: i64, until: i64) -> Result<bool, Fault> {
    let sql = "UPDATE throttle SET until = $3 WHERE name = $1 AND until <= $2";
    Ok(rows::execute(db.write(), sql, vec![name.into(), now.into(), until.into()]).await? == 1)
}

/// Starts a counter anew.
pub async fn forget_throttle(db: &Database, name: &str) -> Result<(), Fault> {
    rows::execute(db.write(), "DELETE FROM throttle WHERE name = $1", vec![name.into()]).await.map(|_| ())
}

/// Takes one try back; with `release` the counter lets the next try through at once.
pub async fn ease_throttle(db: &Database, name: &str, release: bool) -> Result<(), Fault> {
    let until = if release { "0" } else { "until" };
    let sql = format!("UPDATE throttle SET failures = failures - 1, until = {until} WHERE name = $1 AND failures > 0");
    rows::execute(db.write(), sql, vec![name.into()]).await.map(|_| ())
}

/// All signing keys, oldest first.
pub async fn signing_keys(db: &Database) -> Result<Vec<KeyPair>, Fault> {
    let sql = "SELECT id, secret, public FROM signing_key ORDER BY created_at, id";
    let found = rows::query(db.write(), sql, vec![]).await?;
    let read = |row: &QueryResult| {
        Ok(KeyPair {
            id: row.try_get("", "id")?,
            secret: row.try_get("", "secret")?,
            public: row.try_get("", "public")?,
        })
    };
    found.iter().map(read).collect()
}

/// Stores a signing key unless one of this name is there: of several nodes starting at once, one wins.
pub async fn add_signing_key(db: &Database, pair: &KeyPair, now: i64) -> Result<(), Fault> {
    let sql =
        "INSERT INTO signing_key (id, secret, public, created_at) VALUES ($1,$2,$3,$4) ON CONFLICT (id) DO NOTHING";
    let values = vec![pair.id.clone().into(), pair.secret.clone().into(), pair.public.clone().into(), now.into()];
    rows::execute(db.write(), sql, values).await.map(|_| ())
}
