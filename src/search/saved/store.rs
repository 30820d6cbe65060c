//! Saved searches as rows.

use super::{SAVED_MAX, Saved, Titled};
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row};
use crate::search::Terms;
use sea_orm::{DatabaseTransaction, Value};
use std::collections::HashMap;

/// Searches of a market held against new products at most, the oldest first.
const WATCHING_MAX: u32 = 20_000;

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Identifier.
    pub id: u128,
    /// What it is called.
    pub name: String,
    /// What is looked for.
    pub terms: Terms,
    /// Whether new products are told of.
    pub alerts: bool,
}

fn owner(scope: &Scope) -> Vec<Value> {
    vec![rows::id(scope.market()), rows::id(scope.actor().user)]
}

fn kept(row: &Row) -> Result<Kept, Fault> {
    Ok(Kept {
        id: rows::get_id(row, "id")?,
        name: row.try_get("", "name")?,
        terms: terms(row)?,
        alerts: row.try_get::<i64>("", "alerts")? != 0,
    })
}

fn terms(row: &Row) -> Result<Terms, Fault> {
    let terms: String = row.try_get("", "terms")?;
    Ok(serde_json::from_str(&terms)?)
}

const SELECT: &str = "SELECT id, name, terms, alerts FROM saved_search WHERE market_id = $1 AND user_id = $2";

/// The reader's searches by name.
pub async fn list(db: &Database, scope: &Scope) -> Result<Vec<Kept>, Fault> {
    let sql = format!("{SELECT} ORDER BY name, id LIMIT {SAVED_MAX}");
    rows::query(db.read(), sql, owner(scope)).await?.iter().map(kept).collect()
}

fn taken() -> Refusal {
    let refusal = Refusal::new(409, "search.name_taken", "Another of your searches has this name.");
    refusal.field("/name", "search.name_taken", "the name is taken")
}

/// Keeps a search; the same name with the same terms answers the one that is there.
///
/// Errors: 409 when the name is taken, or the person keeps [`SAVED_MAX`] already.
pub async fn add(db: &Database, scope: &Scope, new: Kept, at: i64) -> Result<Kept, Failure> {
    let tx = db.write_tx().await?;
    // One person's clicks at once are few; the market's lock keeps two tabs from going above the number.
    db.market_lock(&tx, uuid::Uuid::from_u128(scope.market())).await?;
    let found = rows::query(&tx, SELECT, owner(scope)).await?;
    let known = found.iter().map(kept).collect::<Result<Vec<_>, _>>()?;
    if let Some(twin) = known.iter().find(|known| known.name == new.name) {
        return if twin.terms == new.terms { Ok(twin.clone()) } else { Err(taken().into()) };
    }
    if i64::try_from(known.len()).unwrap_or(i64::MAX) >= SAVED_MAX {
        let detail = format!("You keep {SAVED_MAX} searches already.");
        return Err(Refusal::new(409, "search.too_many", detail).with("max", SAVED_MAX).into());
    }
    let sql = "INSERT INTO saved_search (market_id, user_id, id, name, terms, alerts, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)";
    let mut values = owner(scope);
    let terms = serde_json::to_string(&new.terms).map_err(Fault::from)?;
    values.extend([rows::id(new.id), new.name.clone().into(), terms.into(), i64::from(new.alerts).into(), at.into()]);
    rows::execute(&tx, sql, values).await?;
    tx.commit().await.map_err(Fault::from)?;
    Ok(new)
}

/// Renames a search, or switches its alerts.
///
/// Errors: 404 for another person's, 409 when the name is taken.
pub async fn change(db: &Database, scope: &Scope, id: u128, name: &str, alerts: bool) -> Result<Kept, Failure> {
    let sql = "UPDATE saved_search SET name = $4, alerts = $5 WHERE market_id = $1 AND user_id = $2 AND id = $3";
    let mut values = owner(scope);
    values.extend([rows::id(id), name.into(), i64::from(alerts).into()]);
    match rows::execute(db.write(), sql, values).await {
        Ok(0) => return Err(Refusal::not_found().into()),
        Ok(_) => {}
        Err(fault) if fault.constraint.is_some() => return Err(taken().into()),
        Err(fault) => return Err(fault.into()),
    }
    let mut values = owner(scope);
    values.push(rows::id(id));
    let row = rows::query_one(db.write(), format!("{SELECT} AND id = $3"), values).await?;
    Ok(kept(&row.ok_or_else(Refusal::not_found)?)?)
}

/// Forgets a search.
///
/// Errors: 404 for another person's, and for one that is gone.
pub async fn delete(db: &Database, scope: &Scope, id: u128) -> Result<(), Failure> {
    let sql = "DELETE FROM saved_search WHERE market_id = $1 AND user_id = $2 AND id = $3";
    let mut values = owner(scope);
    values.push(rows::id(id));
    match rows::execute(db.write(), sql, values).await? {
        0 => Err(Refusal::not_found().into()),
        _ => Ok(()),
    }
}

/// The searches of a market that want to be told of products, of people who still sit in it.
pub async fn watching(tx: &DatabaseTransaction, market: u128) -> Result<Vec<Saved>, Fault> {
    let sql = format!(
        "SELECT s.id, s.user_id, s.terms FROM saved_search s WHERE s.market_id = $1 AND s.alerts = 1 AND EXISTS \
         (SELECT 1 FROM seat t WHERE t.market_id = s.market_id AND t.user_id = s.user_id AND t.disabled = 0) \
         ORDER BY s.id LIMIT {WATCHING_MAX}"
    );
    let one =
        |row: &Row| Ok(Saved { id: rows::get_id(row, "id")?, user: rows::get_id(row, "user_id")?, terms: terms(row)? });
    rows::query(tx, sql, vec![rows::id(market)]).await?.iter().map(one).collect()
}

/// Names and terms of a person's searches; those that are gone are absent.
pub async fn titled(db: &Database, market: u128, user: u128, ids: &[u128]) -> Result<HashMap<u128, Titled>, Fault> {
    let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
    let mut titled = HashMap::new();
    for row in
        rows::select_in(db.read(), "id, user_id, name, terms", "saved_search", &["market_id", "id"], keys, "").await?
    {
        if rows::get_id(&row, "user_id")? == user {
            titled.insert(rows::get_id(&row, "id")?, Titled { name: row.try_get("", "name")?, terms: terms(&row)? });
        }
    }
    Ok(titled)
}
