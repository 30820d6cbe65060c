//! The same market on PostgreSQL, where events are sealed after their transaction and platform accounts follow then.
//!
//! The server is taken from `ENTREPOT_TEST_POSTGRES` (set by `scripts/with-postgres.sh`).

use super::super::{Check, verify};
use super::examine;
use super::play::{BUYER, MARKET, open_at, run};
use crate::platform::database::Database;
use crate::platform::rows;
use crate::wallet::statement_sums;
use sea_orm::ConnectionTrait;

async fn empty_database() -> String {
    let base = std::env::var("ENTREPOT_TEST_POSTGRES")
        .expect("ENTREPOT_TEST_POSTGRES is not set: run the tests through `make test` or scripts/with-postgres.sh");
    let name = format!("audit_{}", std::process::id());
    let server = sea_orm::Database::connect(&base).await.unwrap();
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    base.replacen("/postgres?", &format!("/{name}?"), 1)
}

#[tokio::test]
async fn the_books_hold_before_and_after_sealing_and_tampering_is_found() {
    let played = open_at(&empty_database().await, tempfile::tempdir().unwrap()).await;
    run(&played).await;
    let db = played.engine.db();

    let waiting = verify(db, None).await.unwrap();
    let sealed = played.engine.seal(MARKET).await.unwrap();
    let after = verify(db, None).await.unwrap();

    assert_eq!((waiting.findings, after.findings), (vec![], vec![]));
    assert_eq!((waiting.checked.events, waiting.checked.postings, sealed), (14, after.checked.postings, 14));
    // The platform's own accounts have no rows before the first seal.
    assert!(waiting.checked.accounts < after.checked.accounts);
    assert_eq!((waiting.heads.len(), after.heads.first().map(|h| h.seq)), (0, Some(14)));
    let (lines, balance) = statement_sums(db, MARKET, BUYER).await;
    assert_eq!((lines, balance), (5, read_balance(db).await));

    let controls = [
        ("UPDATE posting SET amount = amount + 1 WHERE kind = 'L.ESCROW'", Check::JournalBalance),
        ("UPDATE account SET balance = balance + 1 WHERE kind = 'I.TXN_FEE'", Check::AccountSum),
        ("UPDATE sealed SET hash = '\\x00' WHERE seq = 3", Check::Chain),
        ("UPDATE trade_order SET released = released + 1, held = held - 1 WHERE held > 0", Check::OrderMoney),
        ("UPDATE event SET effective_at = 1 WHERE step = 'wallet.pay_in'", Check::EventBytes),
        ("DELETE FROM sealed WHERE seq = 14", Check::Unsealed),
        ("UPDATE agreement SET body = body || ' '", Check::OrderRecord),
        ("DELETE FROM agreement", Check::OrderRecord),
        ("UPDATE deadline SET due_at = due_at + 1 WHERE part = 2", Check::Deadline),
        ("DELETE FROM deadline WHERE part = 2", Check::Deadline),
    ];
    // Whoever owns the tables gets past both walls; the chain and the sums still tell.
    let owner = Database::attach(db.url()).await.unwrap();
    for (sql, check) in controls {
        let tx = owner.write_tx().await.unwrap();
        for table in ["event", "sealed", "posting", "agreement"] {
            rows::execute(&tx, format!("ALTER TABLE {table} DISABLE TRIGGER USER"), vec![]).await.unwrap();
        }
        assert!(rows::execute(&tx, sql, vec![]).await.unwrap() > 0);
        let report = examine(&tx, false).await;
        assert!(report.has(check), "{sql}: {:?}", report.findings);
        tx.rollback().await.unwrap();
    }
}

async fn read_balance(db: &Database) -> i64 {
    let sql = "SELECT balance FROM account WHERE kind = 'L.BUYER' AND owner_id = $1";
    rows::query_one(db.read(), sql, vec![rows::id(BUYER)]).await.unwrap().unwrap().try_get("", "balance").unwrap()
}
