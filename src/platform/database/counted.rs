//! Has PostgreSQL's planner count the tables while a market is young.
//!
//! It takes a table that nobody counted for one of ten pages, and one that was counted empty for one of a single row; either way it
//! joins it by whatever comes first. Each seal, each check of a reference and each group of commands went through all events of the
//! market until the database counted by itself, a minute or more after the market had begun, and a statement kept the plan that was
//! made for it meanwhile. So each table is counted when it has doubled, and none while it is small. SQLite's plans do not rest on
//! counts.

use super::Database;
use super::open::{CHANGES, postgres_pool};
use crate::platform::problem::Fault;
use crate::platform::rows;
use sea_orm::ConnectionTrait;

/// Pages of a table whose reading costs nobody anything.
const SMALL_PAGES: i64 = 8;

impl Database {
    /// Lets the planner count the tables that have doubled since it did; how many. As the user of the address, who owns them.
    ///
    /// Errors: what kept the database from it; nothing else depends on it.
    pub async fn count_tables(&self) -> Result<usize, Fault> {
        if self.single_writer() {
            return Ok(0);
        }
        let sql = "SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r' \
            AND relnamespace = to_regnamespace(quote_ident(current_schema())) \
            AND pg_relation_size(oid) / 8192 > 2 * GREATEST(relpages, $1) ORDER BY relname";
        let found = rows::query(&self.write, sql, vec![SMALL_PAGES.into()]).await?;
        let names: Vec<String> = found.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?;
        if !names.is_empty() {
            let owner = postgres_pool(&self.url, 1, &self.storage, CHANGES, None).await?;
            let done = owner.execute_unprepared(&format!("ANALYZE {}", names.join(","))).await;
            owner.close().await?;
            done?;
        }
        Ok(names.len())
    }
}
