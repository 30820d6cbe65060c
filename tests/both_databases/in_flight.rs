//! A second request under a key whose first is still under way: it waits, and is sent away when that takes too long.

use crate::engine::{NoRows, engine, number, pay, start};
use crate::ground::{Ground, Kind, ground};
use crate::on_both;
use entrepot::platform::engine::{AnyState, Saved, Store};
use entrepot::platform::problem::{Failure, Fault};
use sea_orm::DatabaseTransaction;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Long enough that a test waiting for it has failed.
const NEVER: Duration = Duration::from_secs(30);

/// A store whose loads tell that they began and then wait until they are let go.
struct Slow {
    began: Semaphore,
    go: Semaphore,
}

impl Slow {
    fn held() -> Arc<Self> {
        Arc::new(Self { began: Semaphore::new(0), go: Semaphore::new(0) })
    }

    async fn begun(&self) {
        tokio::time::timeout(NEVER, self.began.acquire()).await.unwrap().unwrap().forget();
    }

    fn let_go(&self) {
        self.go.add_permits(1_000);
    }
}

#[async_trait::async_trait]
impl Store for Slow {
    fn kind(&self) -> &'static str {
        NoRows.kind()
    }
    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        self.began.add_permits(1);
        self.go.acquire().await.unwrap().forget();
        NoRows.load(tx, market, ids, lock).await
    }
    async fn save(&self, tx: &DatabaseTransaction, rows: &[Saved]) -> Result<u64, Fault> {
        NoRows.save(tx, rows).await
    }
}

on_both!(a_second_request_waits_for_the_first_and_gets_its_reply, |ground: Ground| async move {
    // Kept to the end: connections that its writer opened end with it, and they go back to a pool that is shared.
    let _opened = engine(&ground).await;
    let slow = Slow::held();
    let door = start(&ground, slow.clone(), Vec::new()).waiting_at_most(NEVER);
    let send = |purse| {
        tokio::spawn({
            let door = door.clone();
            async move { door.execute(pay(purse, 500, "k", 1)).await }
        })
    };

    let first = send(1);
    slow.begun().await;
    let second = send(2);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!first.is_finished() && !second.is_finished());
    slow.let_go();
    let (first, second) = (first.await.unwrap().unwrap(), second.await.unwrap().unwrap());

    assert_eq!(first.body, second.body);
    assert!(second.replayed && !first.replayed);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM journal").await, 1);
});

on_both!(a_second_request_is_sent_away_when_the_first_takes_too_long, |ground: Ground| async move {
    // Kept to the end: connections that its writer opened end with it, and they go back to a pool that is shared.
    let _opened = engine(&ground).await;
    let slow = Slow::held();
    let door = start(&ground, slow.clone(), Vec::new()).waiting_at_most(Duration::from_millis(10));

    let first = tokio::spawn({
        let door = door.clone();
        async move { door.execute(pay(1, 500, "k", 1)).await }
    });
    slow.begun().await;
    let second = tokio::time::timeout(NEVER, door.execute(pay(2, 500, "k", 1))).await.expect("an answer in time");
    assert!(!first.is_finished());
    slow.let_go();
    let first = first.await.unwrap().unwrap();
    let third = door.execute(pay(3, 500, "k", 1)).await.unwrap();

    assert!(
        matches!(second, Err(Failure::Refused(r)) if (r.status, r.code.as_str()) == (409, "idempotency.in_flight"))
    );
    assert!(third.replayed);
    assert_eq!(third.body, first.body);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM journal").await, 1);
});

/// Two nodes: the second waits at the claim of the key until the first is done, and both answer the same.
#[tokio::test]
async fn the_same_key_at_two_nodes_acts_once_and_both_get_the_reply() {
    let ground = ground(Kind::Postgres).await;
    let other = engine(&ground).await;
    let slow = Slow::held();
    let door = start(&ground, slow.clone(), Vec::new());

    let late = tokio::spawn({
        let door = door.clone();
        async move { door.execute(pay(1, 500, "k", 1)).await }
    });
    slow.begun().await;
    let waiting = tokio::spawn({
        let other = other.clone();
        async move { other.execute(pay(2, 500, "k", 1)).await }
    });
    assert!(!waiting.is_finished());
    slow.let_go();
    let (first, second) = (late.await.unwrap().unwrap(), waiting.await.unwrap().unwrap());

    assert_eq!(first.body, second.body);
    assert!(first.replayed != second.replayed, "one did it, one was told");
    assert_eq!(number(&other, "SELECT COUNT(*) FROM journal").await, 1);
}
