//! Has PostgreSQL's planner count the tables while a market is young.
//!
//! It takes a table that nobody counted for one of ten pages, and joins it by whatever comes first: each seal and each group of
//! commands went through all events of the market until the database counted by itself, a minute or more after the market had
//! begun. SQLite's plans do not rest on counts.

use super::{Database, postgres_pool};
use crate::platform::problem::Fault;
use crate::platform::rows;
use sea_orm::ConnectionTrait;

/// Pages of the log whose reading costs nobody anything.
const UNCOUNTED_PAGES: i64 = 8;

impl Database {
    /// Lets the planner count the tables when the log has doubled since it did; says whether it was time. As the user of the
    /// address, who owns them.
    ///
    /// Errors: what kept the database from it; nothing else depends on it.
    pub async fn count_tables(&self) -> Result<bool, Fault> {
        if self.single_writer() {
            return Ok(false);
        }
        let sql = "SELECT CAST(relpages AS BIGINT) AS counted, CAST(pg_relation_size(oid) / 8192 AS BIGINT) AS pages \
            FROM pg_class WHERE oid = to_regclass('event')";
        let Some(row) = rows::query_one(&self.write, sql, Vec::new()).await? else { return Ok(false) };
        let (counted, pages): (i64, i64) = (row.try_get("", "counted")?, row.try_get("", "pages")?);
        if pages <= counted.max(UNCOUNTED_PAGES).saturating_mul(2) {
            return Ok(false);
        }
        let owner = postgres_pool(&self.url, 1, &self.storage, "0", None).await?;
        let done = owner.execute_unprepared("ANALYZE").await;
        owner.close().await?;
        done?;
        Ok(true)
    }
}
