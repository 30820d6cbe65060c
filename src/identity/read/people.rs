//! Members of a company, users of a market, and the mails about them.

use crate::platform::database::Database;
use crate::platform::mail;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::Role;
use sea_orm::QueryResult;

/// Members listed at most.
const MEMBERS_MAX: i64 = 500;

/// Somebody in a seat.
#[derive(Debug, Clone)]
pub struct Member {
    /// The seat.
    pub seat: u128,
    /// The user.
    pub user: u128,
    /// Their name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// The role.
    pub role: Role,
    /// True when they sign in with a second factor.
    pub second_factor: bool,
}

fn role(row: &QueryResult) -> Result<Role, Fault> {
    let role: String = row.try_get("", "role")?;
    Role::parse(&role).ok_or_else(|| Fault::new(format!("unknown role {role}")))
}

fn member(row: &QueryResult) -> Result<Member, Fault> {
    Ok(Member {
        seat: rows::get_id(row, "id")?,
        user: rows::get_id(row, "user_id")?,
        name: row.try_get("", "name")?,
        email: row.try_get("", "email")?,
        role: role(row)?,
        second_factor: row.try_get::<i64>("", "factors")? != 0,
    })
}

const FACTORS: &str = "(SELECT COUNT(*) FROM second_factor f WHERE f.user_id = u.id AND f.confirmed = 1) AS factors";

/// Who sits in a company, or in the seats of the market itself, by name.
pub async fn members(db: &Database, market: u128, company: Option<u128>) -> Result<Vec<Member>, Fault> {
    let place = if company.is_some() { "t.company_id = $2" } else { "t.company_id IS NULL AND $2 = $2" };
    let sql = format!(
        "SELECT t.id, t.user_id, t.role, u.name, u.email, {FACTORS} FROM seat t JOIN app_user u ON u.id = t.user_id \
         WHERE t.market_id = $1 AND {place} AND t.disabled = 0 ORDER BY u.name, t.id LIMIT $3"
    );
    let values = vec![rows::id(market), rows::id(company.unwrap_or(0)), MEMBERS_MAX.into()];
    rows::query(db.read(), sql, values).await?.iter().map(member).collect()
}

/// A user as an admin of a market sees them.
#[derive(Debug, Clone)]
pub struct Person {
    /// The user.
    pub id: u128,
    /// Their name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// True when they may not sign in.
    pub disabled: bool,
    /// True once the address is verified.
    pub verified: bool,
    /// True when they sign in with a second factor.
    pub second_factor: bool,
}

/// Users who ever held a seat of the market, by e-mail, after `cursor`.
pub async fn people(db: &Database, market: u128, cursor: &str, limit: u32) -> Result<Vec<Person>, Fault> {
    let sql = format!(
        "SELECT u.id, u.name, u.email, u.disabled, u.verified_at, {FACTORS} FROM app_user u WHERE u.email > $2 \
         AND EXISTS (SELECT 1 FROM seat t WHERE t.market_id = $1 AND t.user_id = u.id) ORDER BY u.email LIMIT $3"
    );
    let values = vec![rows::id(market), cursor.into(), i64::from(limit).into()];
    let read = |row: &QueryResult| {
        Ok(Person {
            id: rows::get_id(row, "id")?,
            name: row.try_get("", "name")?,
            email: row.try_get("", "email")?,
            disabled: row.try_get::<i64>("", "disabled")? != 0,
            verified: row.try_get::<Option<i64>>("", "verified_at")?.is_some(),
            second_factor: row.try_get::<i64>("", "factors")? != 0,
        })
    };
    rows::query(db.read(), sql, values).await?.iter().map(read).collect()
}

/// How a user stands to a market: seats there, open seats elsewhere.
pub async fn seats_here_and_elsewhere(db: &Database, user: u128, market: u128) -> Result<(i64, i64), Fault> {
    let sql = "SELECT COUNT(CASE WHEN market_id = $2 THEN 1 END) AS here, \
        COUNT(CASE WHEN market_id <> $2 AND disabled = 0 THEN 1 END) AS elsewhere FROM seat WHERE user_id = $1";
    let row = rows::query_one(db.write(), sql, vec![rows::id(user), rows::id(market)]).await?;
    row.map_or(Ok((0, 0)), |r| Ok((r.try_get("", "here")?, r.try_get("", "elsewhere")?)))
}

/// True when somebody who owns a password runs a market.
pub async fn an_admin_exists(db: &Database) -> Result<bool, Fault> {
    let sql = "SELECT t.id FROM seat t JOIN app_user u ON u.id = t.user_id \
        WHERE t.role = 'admin' AND t.disabled = 0 AND u.disabled = 0 AND u.password IS NOT NULL LIMIT 1";
    Ok(rows::query_one(db.write(), sql, vec![]).await?.is_some())
}

/// Mails an admin of a market may see: of that market, or to users who sit in it and in no other, because a mail may
/// hold a link that opens everything its reader owns.
const VISIBLE: &str = "(m.for_market = $1 OR (EXISTS (SELECT 1 FROM seat t WHERE t.user_id = m.for_user AND t.market_id = $1) \
    AND NOT EXISTS (SELECT 1 FROM seat t WHERE t.user_id = m.for_user AND t.market_id <> $1)))";

fn visible() -> &'static str {
    if sabotage::skips(Guard::MailMarket) { "$1 = $1" } else { VISIBLE }
}

/// The mails of a market, the newest first, after `cursor` (when, id).
pub async fn mails(
    db: &Database,
    market: u128,
    cursor: Option<(i64, u128)>,
    limit: u32,
) -> Result<Vec<mail::Row>, Fault> {
    let (at, id) = cursor.unwrap_or((i64::MAX, u128::MAX));
    let sql = format!(
        "SELECT {} FROM mail m WHERE {} AND (m.created_at < $2 OR (m.created_at = $2 AND m.id < $3)) \
         ORDER BY m.created_at DESC, m.id DESC LIMIT $4",
        mail::COLUMNS,
        visible()
    );
    let values = vec![rows::id(market), at.into(), rows::id(id), i64::from(limit).into()];
    rows::query(db.read(), sql, values).await?.iter().map(mail::Row::of).collect()
}

/// One mail of a market.
pub async fn mail_of(db: &Database, market: u128, id: u128) -> Result<Option<mail::Row>, Fault> {
    let sql = format!("SELECT {} FROM mail m WHERE {} AND m.id = $2", mail::COLUMNS, visible());
    let row = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(id)]).await?;
    row.as_ref().map(mail::Row::of).transpose()
}
