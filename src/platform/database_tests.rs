//! Opening, newer schemas, broken steps, and storage in trouble.

use super::*;
use crate::platform::rows;
use crate::platform::storage::Trouble;

async fn opened(folder: &tempfile::TempDir) -> Result<Database, Fault> {
    Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let db = opened(&folder).await.unwrap();
    assert_eq!(db.applied().await.unwrap(), schema());
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_hoverboards', 0)";
    rows::execute(db.write(), sql, vec![]).await.unwrap();
    db.close().await.unwrap();

    let refused = opened(&folder).await.err().unwrap().to_string();

    assert!(refused.contains("refusing to start: the database has the schema step m29991231_000001_hoverboards"));
}

#[tokio::test]
async fn a_schema_step_that_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("t.db").display());
    let db = open::open_sqlite(&url).await.unwrap();
    use entrepot_migrations::MigratorTrait;
    // The second table of the second step is in the way.
    rows::execute(&db.write, "CREATE TABLE sealed (x BIGINT)", vec![]).await.unwrap();
    Migrator::up(&db.write, Some(2)).await.unwrap_err();
    assert_eq!(db.applied().await.unwrap().len(), 1);

    rows::execute(&db.write, "DROP TABLE sealed", vec![]).await.unwrap();

    Migrator::up(&db.write, None).await.unwrap();
    assert_eq!(db.applied().await.unwrap(), schema());
}

#[tokio::test]
async fn nothing_is_written_in_trouble_and_a_probe_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = opened(&folder).await.unwrap();

    db.storage().note(&Fault::of_trouble(Trouble::Broken));
    let refused = db.write_tx().await.err().unwrap();
    assert_eq!(refused.trouble, Some(Trouble::Broken));
    assert!(rows::query_one(db.read(), "SELECT 1 AS one", vec![]).await.unwrap().is_some());

    db.probe().await.unwrap();
    db.write_tx().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_connection_from_before_the_trouble_is_never_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("t.db").display());
    let storage = Storage::new("database");
    let pool = open::sqlite_pool(&url, 1, "-2000", &storage).await.unwrap();
    let mark = async || {
        let sql = "SELECT COUNT(*) AS n FROM temp.sqlite_schema WHERE name = 'mark'";
        let row = rows::query_one(&pool, sql, vec![]).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap()
    };
    // A temporary table lives as long as its connection.
    rows::execute(&pool, "CREATE TEMP TABLE mark (x BIGINT)", vec![]).await.unwrap();
    assert_eq!(mark().await, 1);

    storage.note(&Fault::of_trouble(Trouble::Full));

    assert_eq!(mark().await, 0);
}
