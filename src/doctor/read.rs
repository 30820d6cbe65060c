//! Questions to the database. Nothing is written.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_migrations::MigratorTrait;

/// What a PostgreSQL server says of itself.
pub(super) struct Server {
    pub version: i64,
    pub connections_max: i64,
    /// Seconds since 1970.
    pub now: i64,
    pub creates: bool,
    pub superuser: bool,
}

async fn number(db: &Database, sql: &str) -> Result<i64, Fault> {
    let row = rows::query_one(db.read(), sql.to_owned(), Vec::new()).await?;
    let value: Option<Option<i64>> = row.map(|r| r.try_get("", "n")).transpose()?;
    Ok(value.flatten().unwrap_or(0))
}

/// Schema steps this program knows.
pub(super) fn steps_known() -> Vec<String> {
    entrepot_migrations::Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

/// Schema steps the database has taken; none where there is no list of them.
pub(super) async fn steps_applied(db: &Database) -> Vec<String> {
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let found = rows::query(db.read(), sql, Vec::new()).await.unwrap_or_default();
    found.iter().filter_map(|row| row.try_get("", "version").ok()).collect()
}

pub(super) async fn postgres(db: &Database) -> Result<Server, Fault> {
    let flag = |n: i64| n == 1;
    Ok(Server {
        version: number(db, "SELECT current_setting('server_version_num')::bigint AS n").await?,
        connections_max: number(db, "SELECT current_setting('max_connections')::bigint AS n").await?,
        now: number(db, "SELECT extract(epoch FROM clock_timestamp())::bigint AS n").await?,
        creates: flag(number(db, "SELECT has_schema_privilege(current_schema(), 'CREATE')::int::bigint AS n").await?),
        superuser: flag(number(db, "SELECT (current_setting('is_superuser') = 'on')::int::bigint AS n").await?),
    })
}

/// Events that wait for their place, and when the oldest was written.
pub(super) async fn unsealed(db: &Database) -> Result<(i64, Option<i64>), Fault> {
    let waiting = number(db, "SELECT COUNT(*) AS n FROM unsealed").await?;
    let oldest = number(db, "SELECT MIN(recorded_at) AS n FROM unsealed").await?;
    Ok((waiting, (waiting > 0).then_some(oldest)))
}

/// The largest number of events any job is behind in any market.
pub(super) async fn job_lag(db: &Database) -> Result<i64, Fault> {
    let sql = "SELECT MAX(h.top - j.seq) AS n FROM job_cursor j \
        JOIN (SELECT market_id, MAX(seq) AS top FROM sealed GROUP BY market_id) h ON h.market_id = j.market_id";
    number(db, sql).await
}

/// When the newest event was written.
pub(super) async fn newest_event(db: &Database) -> Result<i64, Fault> {
    number(db, "SELECT MAX(recorded_at) AS n FROM event").await
}

/// Keys that sealed values name.
pub(super) async fn keys_used(db: &Database) -> Result<Vec<String>, Fault> {
    let sql = "SELECT key_id FROM second_factor UNION SELECT key_id FROM mail WHERE length(sealed) > 0";
    let found = rows::query(db.read(), sql, Vec::new()).await?;
    Ok(found.iter().map(|row| row.try_get("", "key_id")).collect::<Result<_, _>>()?)
}
