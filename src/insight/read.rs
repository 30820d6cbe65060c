//! Reads what was added up.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;

/// One day's count and sum of one thing.
#[derive(Debug, PartialEq, Eq)]
pub struct DayRow {
    /// Days since 1970-01-01, in the market's zone.
    pub day: i32,
    /// A step's name or a posting rule's code.
    pub what: String,
    /// Empty for steps.
    pub currency: String,
    /// How often.
    pub times: i64,
    /// Sum of debits, minor units.
    pub amount: i64,
}

/// The days from `from` on, oldest first.
pub async fn days(db: &Database, scope: &Scope, from: i32) -> Result<Vec<DayRow>, Fault> {
    let sql = "SELECT day, what, currency, times, amount FROM market_day WHERE market_id = $1 AND day >= $2 \
        ORDER BY day, what, currency";
    let found = rows::query(db.read(), sql, vec![rows::id(scope.market()), i64::from(from).into()]).await?;
    let row = |row: &rows::Row| {
        let day: i64 = row.try_get("", "day")?;
        Ok(DayRow {
            day: i32::try_from(day).map_err(|e| Fault::new(e.to_string()))?,
            what: row.try_get("", "what")?,
            currency: row.try_get("", "currency")?,
            times: row.try_get("", "times")?,
            amount: row.try_get("", "amount")?,
        })
    };
    found.iter().map(row).collect()
}

/// Sealed events the job has not counted yet.
pub async fn behind(db: &Database, scope: &Scope) -> Result<i64, Fault> {
    let sql = "SELECT (SELECT COALESCE(MAX(seq), 0) FROM sealed WHERE market_id = $1) - \
        (SELECT COALESCE(MAX(seq), 0) FROM job_cursor WHERE market_id = $1 AND job = 'activity') AS behind";
    let row = rows::query_one(db.read(), sql, vec![rows::id(scope.market())]).await?;
    Ok(row.map(|r| r.try_get("", "behind")).transpose()?.unwrap_or(0))
}
