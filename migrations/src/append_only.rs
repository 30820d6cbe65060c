//! Makes a table append-only (MON-3): UPDATE and DELETE are refused by trigger on both engines.

use crate::sql::is_sqlite;
use sea_orm_migration::prelude::*;

/// Installs the two refusing triggers on `table`.
pub async fn protect(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if is_sqlite(manager) {
        for verb in ["UPDATE", "DELETE"] {
            let name = verb.to_lowercase();
            db.execute_unprepared(&format!(
                "CREATE TRIGGER {table}__no_{name} BEFORE {verb} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            ))
            .await?;
        }
        return Ok(());
    }
    db.execute_unprepared(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ \
         BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql",
    )
    .await?;
    db.execute_unprepared(&format!(
        "CREATE TRIGGER {table}__append_only BEFORE UPDATE OR DELETE ON {table} \
         FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    ))
    .await?;
    Ok(())
}
