//! Reads users, seats and companies; the public functions serve other slices.

pub mod people;

use super::company::Company;
use super::seat::Seat;
use crate::platform::database::Database;
use crate::platform::pdf::Language;
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::kernel::{CompanyId, Role, UserId};
use sea_orm::{QueryResult, Value};
use std::collections::{HashMap, HashSet};

/// Name and country of a company.
pub type Named = (String, String);

/// Identifiers asked for in one statement at most.
const IDS_MAX: usize = 5_000;

/// Names and countries of companies of a market; unknown ones are absent.
pub async fn company_names(db: &Database, market: u128, ids: &[u128]) -> Result<HashMap<u128, Named>, Fault> {
    let mut names = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_MAX) {
        let keys = chunk.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
        for row in rows::select_in(db.read(), "id, name, country", "company", &["market_id", "id"], keys, "").await? {
            names.insert(rows::get_id(&row, "id")?, (row.try_get("", "name")?, row.try_get("", "country")?));
        }
    }
    Ok(names)
}

/// Names of users; unknown ones are absent.
pub async fn user_names(db: &Database, ids: &[u128]) -> Result<HashMap<u128, String>, Fault> {
    let mut names = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_MAX) {
        let keys: Vec<Value> = chunk.iter().map(|id| rows::id(*id)).collect();
        for row in rows::select_in(db.read(), "id, name", "app_user", &["id"], keys, "").await? {
            names.insert(rows::get_id(&row, "id")?, row.try_get("", "name")?);
        }
    }
    Ok(names)
}

/// A company of a market with its version.
pub async fn company(db: &Database, market: u128, id: u128) -> Result<Option<(i64, Company)>, Fault> {
    let sql = "SELECT version, state FROM company WHERE market_id = $1 AND id = $2";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(id)]).await?;
    let Some(row) = row else { return Ok(None) };
    let state: String = row.try_get("", "state")?;
    Ok(Some((row.try_get("", "version")?, serde_json::from_str(&state)?)))
}

/// The company of a market with this country and registration number.
pub async fn company_by_registration(
    db: &Database,
    market: u128,
    country: &str,
    number: &str,
) -> Result<Option<u128>, Fault> {
    let sql = "SELECT id FROM company WHERE market_id = $1 AND country = $2 AND registration_number = $3";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market), country.into(), number.into()]).await?;
    row.map(|r| rows::get_id(&r, "id")).transpose()
}

/// Companies of a market that nobody acts for any more: they had seats, and every one was taken away or is of a closed account.
pub async fn closed_companies(db: &Database, market: u128) -> Result<HashSet<u128>, Fault> {
    let sql = "SELECT s.company_id FROM seat s JOIN app_user u ON u.id = s.user_id \
        WHERE s.market_id = $1 AND s.company_id IS NOT NULL GROUP BY s.company_id \
        HAVING SUM(CASE WHEN s.disabled = 0 AND u.disabled = 0 THEN 1 ELSE 0 END) = 0";
    let found = rows::query(db.read(), sql, vec![rows::id(market)]).await?;
    found.iter().map(|row| rows::get_id(row, "company_id")).collect()
}

/// A user as sign-in needs it.
#[derive(Clone)]
pub struct User {
    /// Identifier.
    pub id: u128,
    /// E-mail in its stored form.
    pub email: String,
    /// Name.
    pub name: String,
    /// Hash of the password, if the user has one.
    pub password: Option<String>,
    /// Security stamp.
    pub stamp: i64,
    /// True for users who may not sign in.
    pub disabled: bool,
    /// True once the e-mail address is verified.
    pub verified: bool,
    /// True when sign-in asks for a second factor.
    pub second_factor: bool,
    /// The language chosen last; both while nothing was chosen.
    pub language: Language,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "User {{ id: {:032x}, .. }}", self.id)
    }
}

impl User {
    /// True for users who own no secret: those that demo mode made.
    pub fn is_demo(&self) -> bool {
        self.password.is_none()
    }
}

fn user(row: &QueryResult) -> Result<User, Fault> {
    Ok(User {
        id: rows::get_id(row, "id")?,
        email: row.try_get("", "email")?,
        name: row.try_get("", "name")?,
        password: row.try_get("", "password")?,
        stamp: row.try_get("", "stamp")?,
        disabled: row.try_get::<i64>("", "disabled")? != 0,
        verified: row.try_get::<Option<i64>>("", "verified_at")?.is_some(),
        second_factor: row.try_get::<i64>("", "factors")? != 0,
        language: row
            .try_get::<Option<String>>("", "language")?
            .and_then(|word| Language::parse(&word))
            .unwrap_or(Language::Both),
    })
}

const USER: &str = "SELECT id, email, name, password, stamp, disabled, verified_at, language, (SELECT COUNT(*) FROM second_factor f \
    WHERE f.user_id = app_user.id AND f.confirmed = 1) AS factors FROM app_user WHERE ";

/// The user with this e-mail in its stored form.
pub async fn user_by_email(db: &Database, email: &str) -> Result<Option<User>, Fault> {
    let row = rows::query_one(db.write(), format!("{USER} email = $1"), vec![email.into()]).await?;
    row.as_ref().map(user).transpose()
}

/// The user with this identifier.
pub async fn user_by_id(db: &Database, id: u128) -> Result<Option<User>, Fault> {
    let row = rows::query_one(db.write(), format!("{USER} id = $1"), vec![rows::id(id)]).await?;
    row.as_ref().map(user).transpose()
}

/// A seat with the names around it.
#[derive(Debug, Clone)]
pub struct SeatRow {
    /// Identifier of the seat.
    pub id: u128,
    /// The market.
    pub market: u128,
    /// The market's name.
    pub market_name: String,
    /// The seat itself.
    pub seat: Seat,
    /// Name, country, buys, sells of its company.
    pub company: Option<(String, String, bool, bool)>,
}

fn seat(row: &QueryResult) -> Result<SeatRow, Fault> {
    let role: String = row.try_get("", "role")?;
    let company = rows::get_id_opt(row, "company_id")?.map(CompanyId);
    let flag = |column: &str| -> Result<bool, Fault> { Ok(row.try_get::<Option<i64>>("", column)?.unwrap_or(0) != 0) };
    let named: Option<String> = row.try_get("", "company_name")?;
    let country: Option<String> = row.try_get("", "country")?;
    Ok(SeatRow {
        id: rows::get_id(row, "id")?,
        market: rows::get_id(row, "market_id")?,
        market_name: row.try_get("", "market_name")?,
        seat: Seat {
            user: UserId(rows::get_id(row, "user_id")?),
            company,
            role: Role::parse(&role).ok_or_else(|| Fault::new(format!("unknown role {role}")))?,
            disabled: flag("disabled")?,
        },
        company: match (named, country) {
            (Some(name), Some(country)) => Some((name, country, flag("buys")?, flag("sells")?)),
            (None, _) | (_, None) => None,
        },
    })
}

/// The seats a user holds, by market name, company name and role; disabled ones are left out.
pub async fn seats_of(db: &Database, user: u128) -> Result<Vec<SeatRow>, Fault> {
    let sql = "SELECT t.id, t.market_id, t.user_id, t.company_id, t.role, t.disabled, m.name AS market_name, \
        c.name AS company_name, c.country, c.buys, c.sells FROM seat t JOIN market m ON m.market_id = t.market_id \
        LEFT JOIN company c ON c.market_id = t.market_id AND c.id = t.company_id \
        WHERE t.user_id = $1 AND t.disabled = 0 ORDER BY m.name, c.name, t.role, t.id";
    let found = rows::query(db.read(), sql, vec![rows::id(user)]).await?;
    found.iter().map(seat).collect()
}

/// Whether a user sits in a company of a market, or ever did.
pub async fn belonged(db: &Database, market: u128, user: u128, company: u128) -> Result<bool, Fault> {
    let sql = "SELECT id FROM seat WHERE market_id = $1 AND user_id = $2 AND company_id = $3 LIMIT 1";
    let values = vec![rows::id(market), rows::id(user), rows::id(company)];
    Ok(rows::query_one(db.read(), sql, values).await?.is_some())
}

/// An owner of a company: user and name, the first one seated.
pub async fn owner_of(db: &Database, market: u128, company: u128) -> Result<Option<(u128, String)>, Fault> {
    let sql = "SELECT u.id, u.name FROM seat t JOIN app_user u ON u.id = t.user_id \
        WHERE t.market_id = $1 AND t.company_id = $2 AND t.role = 'owner' AND t.disabled = 0 ORDER BY u.created_at, u.id LIMIT 1";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(company)]).await?;
    row.map(|r| Ok((rows::get_id(&r, "id")?, r.try_get("", "name")?))).transpose()
}

/// The user in a seat, disabled or not.
pub async fn user_of_seat(db: &Database, market: u128, seat: u128) -> Result<Option<u128>, Fault> {
    let sql = "SELECT user_id FROM seat WHERE market_id = $1 AND id = $2";
    let row = rows::query_one(db.write(), sql, vec![rows::id(market), rows::id(seat)]).await?;
    row.map(|r| rows::get_id(&r, "user_id")).transpose()
}

/// The market new companies sign up to: the first by name.
pub async fn first_market(db: &Database) -> Result<Option<u128>, Fault> {
    let row =
        rows::query_one(db.read(), "SELECT market_id FROM market ORDER BY name, market_id LIMIT 1", vec![]).await?;
    row.map(|r| rows::get_id(&r, "market_id")).transpose()
}
