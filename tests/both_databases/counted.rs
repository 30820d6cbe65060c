//! PostgreSQL's planner knows how large a young market's tables are; SQLite needs no telling.

use crate::engine::{MARKET, engine, number, pay};
use crate::ground::{Kind, ground};

#[tokio::test]
async fn a_log_that_has_doubled_is_counted_once() {
    let ground = ground(Kind::Postgres).await;
    let engine = engine(&ground).await;
    assert_eq!(engine.db().count_tables().await.unwrap(), 0, "a handful of events is not worth it");
    for n in 0..1_200u128 {
        engine.execute(pay(n, 1, &format!("k{n}"), 1)).await.unwrap();
        if n % 400 == 0 {
            while engine.seal(MARKET).await.unwrap() > 0 {}
        }
    }

    assert!(engine.db().count_tables().await.unwrap() > 0);

    let counted = number(&engine, "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = 'event'::regclass").await;
    assert!(counted >= 1_200, "{counted} events were counted");
    // One that was counted empty is taken for a single row, and everything leads through it.
    let untouched =
        number(&engine, "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = 'product'::regclass").await;
    assert_eq!(untouched, -1, "an empty table was counted");
    assert_eq!(engine.db().count_tables().await.unwrap(), 0, "none has doubled since");
}

#[tokio::test]
async fn one_file_is_never_counted() {
    let ground = ground(Kind::Sqlite).await;
    assert_eq!(ground.db.count_tables().await.unwrap(), 0);
}
