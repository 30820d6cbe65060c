//! Every row of the log and of the books, every column: changed once, or deleted, and the checker must say something.

use super::play::play;
use super::{examine, unprotected};
use crate::platform::rows;

const ID: &str = "x'00000000000000000000000000004711'";
const TEXT: &str = "'zz'";
const BYTES: &str = "x'7b7d'";

/// Columns with what they are changed to. The parties of an event are not in its bytes; the platform's log decides that.
const COLUMNS: &[(&str, &[(&str, &str)])] = &[
    (
        "event",
        &[
            ("market_id", ID),
            ("id", ID),
            ("subject_kind", TEXT),
            ("subject_id", ID),
            ("subject_version", "subject_version + 7"),
            ("step", TEXT),
            ("actor_user", ID),
            ("actor_company", ID),
            ("actor_role", TEXT),
            ("effective_at", "effective_at - 1"),
            ("recorded_at", "recorded_at - 1"),
            ("bytes", BYTES),
        ],
    ),
    ("sealed", &[("market_id", ID), ("seq", "seq + 100"), ("event_id", ID), ("hash", BYTES)]),
    (
        "journal",
        &[
            ("market_id", ID),
            ("event_id", ID),
            ("no", "no + 1"),
            ("rule", TEXT),
            ("natural_key", TEXT),
            ("order_id", ID),
        ],
    ),
    (
        "posting",
        &[
            ("market_id", ID),
            ("event_id", ID),
            ("journal_no", "journal_no + 1"),
            ("kind", TEXT),
            ("owner_id", ID),
            ("part", "part + 1"),
            ("currency", TEXT),
            ("amount", "amount + 1"),
        ],
    ),
    (
        "account",
        &[("owner_id", ID), ("kind", TEXT), ("part", "part + 1"), ("currency", TEXT), ("balance", "balance + 1")],
    ),
    (
        "trade_order",
        &[
            ("version", "version + 1"),
            ("paid", "paid + 1"),
            ("held", "held + 1"),
            ("currency", TEXT),
            ("agreement", BYTES),
            ("state", TEXT),
        ],
    ),
    ("agreement", &[("market_id", ID), ("hash", BYTES), ("body", TEXT)]),
    (
        "deadline",
        &[
            ("market_id", ID),
            ("subject_kind", TEXT),
            ("subject_id", ID),
            ("step", TEXT),
            ("part", "part + 7"),
            ("due_at", "due_at + 1"),
        ],
    ),
];

#[tokio::test]
async fn any_single_change_of_any_row_is_found() {
    let played = play().await;
    let tx = unprotected(&played).await;
    let run = async |sql: String| rows::execute(&tx, sql, vec![]).await;
    assert!(examine(&tx, true).await.ok());

    let mut tampered = 0;
    for (table, columns) in COLUMNS {
        // An account row at 0 says nothing: it may be there or not, under whatever name.
        let telling = if *table == "account" { " WHERE balance <> 0" } else { "" };
        // Each row is named by its primary key, written as SQL by the database itself.
        let named = format!(
            "SELECT group_concat('''' || name || ' = '' || quote(' || name || ')', ' || '' AND '' || ') AS key
            FROM pragma_table_info('{table}') WHERE pk > 0"
        );
        let named = rows::query_one(&tx, named, vec![]).await.unwrap().unwrap();
        let named: String = named.try_get("", "key").unwrap();
        let found = rows::query(&tx, format!("SELECT {named} AS it FROM {table}{telling}"), vec![]).await.unwrap();
        for row in found {
            let it: String = row.try_get("", "it").unwrap();
            let changes = columns.iter().map(|(column, to)| format!("UPDATE {table} SET {column} = {to} WHERE {it}"));
            let removal = format!("DELETE FROM {table} WHERE {it}");
            for sql in changes.chain([removal]) {
                run("SAVEPOINT healthy".to_owned()).await.unwrap();
                // A unique key that refuses the change has found it before the checker could.
                if run(sql.clone()).await.is_ok() {
                    tampered += 1;
                    assert!(!examine(&tx, true).await.ok(), "{sql} stays unseen");
                }
                run("ROLLBACK TO healthy".to_owned()).await.unwrap();
                run("RELEASE healthy".to_owned()).await.unwrap();
            }
        }
    }
    assert!(tampered > 500, "only {tampered} changes were tried");
}
