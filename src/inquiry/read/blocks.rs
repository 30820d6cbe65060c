//! Who is blocked by whom.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};

/// A company that the own one keeps from writing.
#[derive(Debug)]
pub struct Blocked {
    /// The company.
    pub company: u128,
    /// Its name and country.
    pub named: (String, String),
    /// Since when, market time in microseconds.
    pub at: i64,
}

/// Companies that the scope's company keeps from writing, by name.
pub async fn list(db: &Database, scope: &Scope, limit: u32) -> Result<Vec<Blocked>, Fault> {
    let sql = format!(
        "SELECT k.blocked_id, k.at, c.name, c.country FROM company_block k \
         JOIN company c ON c.market_id = k.market_id AND c.id = k.blocked_id \
         WHERE k.market_id = $1 AND k.blocker_id = $2 AND k.active = 1 ORDER BY c.name, k.blocked_id LIMIT {limit}"
    );
    let values = vec![rows::id(scope.market()), rows::id(scope.actor().company.unwrap_or(0))];
    let blocked = |row: &Row| {
        Ok(Blocked {
            company: rows::get_id(row, "blocked_id")?,
            named: (row.try_get("", "name")?, row.try_get("", "country")?),
            at: row.try_get("", "at")?,
        })
    };
    rows::query(db.read(), sql, values).await?.iter().map(blocked).collect()
}

/// Whether the scope's company keeps `other` from writing.
pub async fn blocks(db: &Database, scope: &Scope, other: u128) -> Result<bool, Fault> {
    let sql =
        "SELECT active FROM company_block WHERE market_id = $1 AND blocker_id = $2 AND blocked_id = $3 AND active = 1";
    let own = rows::id(scope.actor().company.unwrap_or(0));
    let row = rows::query_one(db.read(), sql, vec![rows::id(scope.market()), own, rows::id(other)]).await?;
    Ok(row.is_some())
}
