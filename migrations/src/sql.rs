//! Runs portable DDL: the two column types whose names differ are written `{ID}` and `{BYTES}`; `{CLUSTERED}` after a
//! table of narrow rows keeps them in the primary key's own tree where the engine would make two of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// True when the schema is built on SQLite.
pub fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Sqlite
}

/// Runs each statement in order, with the type placeholders filled in for the engine.
pub async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let (id, bytes, clustered) =
        if is_sqlite(manager) { ("BLOB", "BLOB", " WITHOUT ROWID") } else { ("UUID", "BYTEA", "") };
    for statement in statements {
        let sql = statement.replace("{ID}", id).replace("{BYTES}", bytes).replace("{CLUSTERED}", clustered);
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}
