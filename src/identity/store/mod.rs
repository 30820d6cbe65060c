//! Writes companies, seats and users; tickets and second factors have files of their own.

pub mod factors;
pub mod invitations;
pub mod tickets;

use super::company::{COMPANY, Company};
use super::seat::{SEAT, Seat};
use crate::platform::database::Database;
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::kernel::{CompanyId, Role, UserId};
use sea_orm::{DatabaseTransaction, QueryResult, Value};
use std::sync::Arc;

/// Stores companies.
pub struct CompanyStore;
/// Stores seats.
pub struct SeatStore;

const COMPANIES: Table = Table {
    name: "company",
    columns: &[
        "market_id",
        "id",
        "version",
        "registration_number",
        "name",
        "country",
        "buys",
        "sells",
        "verified_level",
        "state",
    ],
    key: &["market_id", "id"],
};
const SEATS: Table = Table {
    name: "seat",
    columns: &["market_id", "id", "version", "user_id", "company_id", "role", "disabled"],
    key: &["market_id", "id"],
};

fn keys(market: u128, ids: &[u128]) -> Vec<Value> {
    ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect()
}

#[async_trait::async_trait]
impl Store for CompanyStore {
    fn kind(&self) -> &'static str {
        COMPANY
    }

    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let found =
            rows::select_in(tx, "id, version, state", "company", &["market_id", "id"], keys(market, ids), lock).await?;
        let read = |row: &QueryResult| {
            let state: String = row.try_get("", "state")?;
            let company: Company = serde_json::from_str(&state)?;
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(company) as AnyState))
        };
        found.iter().map(read).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * COMPANIES.columns.len());
        for row in saved {
            let company = row.state.downcast_ref::<Company>().ok_or_else(|| Fault::new("not a company"))?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                company.registration_number.clone().into(),
                company.name.clone().into(),
                company.country.clone().into(),
                i64::from(company.buys).into(),
                i64::from(company.sells).into(),
                i64::from(company.verified_level).into(),
                serde_json::to_string(company)?.into(),
            ]);
        }
        rows::upsert(tx, &COMPANIES, values).await
    }
}

#[async_trait::async_trait]
impl Store for SeatStore {
    fn kind(&self) -> &'static str {
        SEAT
    }

    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let columns = "id, version, user_id, company_id, role, disabled";
        let found = rows::select_in(tx, columns, "seat", &["market_id", "id"], keys(market, ids), lock).await?;
        let read = |row: &QueryResult| {
            let role: String = row.try_get("", "role")?;
            let seat = Seat {
                user: UserId(rows::get_id(row, "user_id")?),
                company: rows::get_id_opt(row, "company_id")?.map(CompanyId),
                role: Role::parse(&role).ok_or_else(|| Fault::new(format!("unknown role {role}")))?,
                disabled: row.try_get::<i64>("", "disabled")? != 0,
            };
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(seat) as AnyState))
        };
        found.iter().map(read).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * SEATS.columns.len());
        for row in saved {
            let seat = row.state.downcast_ref::<Seat>().ok_or_else(|| Fault::new("not a seat"))?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(seat.user.0),
                rows::id_opt(seat.company.map(|c| c.0)),
                seat.role.as_str().into(),
                i64::from(seat.disabled).into(),
            ]);
        }
        rows::upsert(tx, &SEATS, values).await
    }
}

/// Adds a user; false when the e-mail is taken.
pub async fn add_user(
    db: &Database,
    id: u128,
    email: &str,
    name: &str,
    password: Option<&str>,
    now: i64,
) -> Result<bool, Fault> {
    let sql = "INSERT INTO app_user (id, email, name, password, stamp, disabled, created_at) \
        VALUES ($1,$2,$3,$4,1,0,$5) ON CONFLICT (email) DO NOTHING";
    let password: Value = password.map(str::to_owned).into();
    let values = vec![rows::id(id), email.into(), name.into(), password, now.into()];
    Ok(rows::execute(db.write(), sql, values).await? == 1)
}

/// Takes out a user who never got a seat: a sign-up that was refused.
pub async fn remove_user(db: &Database, id: u128) -> Result<(), Fault> {
    let sql = "DELETE FROM app_user WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM seat WHERE user_id = $1)";
    rows::execute(db.write(), sql, vec![rows::id(id)]).await.map(|_| ())
}

/// Frees an e-mail held by a sign-up that was cut off before it got a seat, a while ago.
pub async fn release_email(db: &Database, email: &str, before: i64) -> Result<(), Fault> {
    let sql = "DELETE FROM app_user WHERE email = $1 AND created_at < $2 \
        AND NOT EXISTS (SELECT 1 FROM seat s WHERE s.user_id = app_user.id) \
        AND NOT EXISTS (SELECT 1 FROM session s WHERE s.user_id = app_user.id)";
    rows::execute(db.write(), sql, vec![email.into(), before.into()]).await.map(|_| ())
}

/// Replaces the stored hash of a password that is still `old`.
pub async fn rehash(db: &Database, user: u128, old: &str, new: &str) -> Result<(), Fault> {
    let sql = "UPDATE app_user SET password = $3 WHERE id = $1 AND password = $2";
    rows::execute(db.write(), sql, vec![rows::id(user), old.into(), new.into()]).await.map(|_| ())
}

/// Sets a new password in place of `old` and moves the security stamp; false when the password is another one by now.
pub async fn change_password(db: &Database, user: u128, old: &str, new: &str) -> Result<bool, Fault> {
    let sql = "UPDATE app_user SET password = $3, stamp = stamp + 1 WHERE id = $1 AND password = $2";
    Ok(rows::execute(db.write(), sql, vec![rows::id(user), old.into(), new.into()]).await? == 1)
}

/// Notes that a user's address is verified.
pub async fn verify(db: &Database, user: u128, now: i64) -> Result<(), Fault> {
    let sql = "UPDATE app_user SET verified_at = COALESCE(verified_at, $2) WHERE id = $1";
    rows::execute(db.write(), sql, vec![rows::id(user), now.into()]).await.map(|_| ())
}

/// Notes the language a person chose; `en` or `zh`.
pub async fn set_language(db: &Database, user: u128, language: &str) -> Result<(), Fault> {
    let sql = "UPDATE app_user SET language = $2 WHERE id = $1";
    rows::execute(db.write(), sql, vec![rows::id(user), language.into()]).await.map(|_| ())
}

/// Closes or opens an account and moves its security stamp.
pub async fn set_disabled(db: &Database, user: u128, disabled: bool) -> Result<(), Fault> {
    let sql = "UPDATE app_user SET disabled = $2, stamp = stamp + 1 WHERE id = $1";
    rows::execute(db.write(), sql, vec![rows::id(user), i64::from(disabled).into()]).await.map(|_| ())
}

/// Moves the user's security stamp: every session and token made before is void.
pub async fn bump_stamp(db: &Database, user: u128) -> Result<(), Fault> {
    rows::execute(db.write(), "UPDATE app_user SET stamp = stamp + 1 WHERE id = $1", vec![rows::id(user)])
        .await
        .map(|_| ())
}
