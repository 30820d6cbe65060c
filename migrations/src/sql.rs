//! Runs portable DDL: the two column types whose names differ are written `{ID}` and `{BYTES}`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// True when the schema is built on SQLite.
pub fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Sqlite
}

/// Runs each statement in order, with the type placeholders filled in for the engine.
pub async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let (id, bytes) = if is_sqlite(manager) { ("BLOB", "BLOB") } else { ("UUID", "BYTEA") };
    for statement in statements {
        let sql = statement.replace("{ID}", id).replace("{BYTES}", bytes);
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}
