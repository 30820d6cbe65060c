//! Jobs that follow the sealed log: every event once, whatever fails and whoever else tries.

use crate::engine::{MARKET, engine_followed_by, number, pay};
use crate::ground::Ground;
use crate::on_both;
use entrepot::insight::Activity;
use entrepot::platform::engine::{Engine, MarketState};
use entrepot::platform::jobs::{Entry, Follower};
use entrepot::platform::problem::Fault;
use sea_orm::DatabaseTransaction;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Notes what it was given; breaks when told to.
#[derive(Default)]
struct Witness {
    seen: Mutex<Vec<i64>>,
    breaks: AtomicBool,
}

#[async_trait::async_trait]
impl Follower for Witness {
    fn name(&self) -> &'static str {
        "witness"
    }
    async fn take(&self, _: &DatabaseTransaction, _: u128, _: &MarketState, entries: &[Entry]) -> Result<(), Fault> {
        if self.breaks.load(Ordering::SeqCst) {
            return Err(Fault::new("broken"));
        }
        self.seen.lock().unwrap().extend(entries.iter().map(|e| e.seq));
        Ok(())
    }
}

async fn settle(engine: &Engine) -> u64 {
    while engine.seal(MARKET).await.unwrap() > 0 {}
    let mut taken = 0;
    loop {
        match engine.follow(MARKET).await.unwrap() {
            0 => return taken,
            more => taken += more,
        }
    }
}

on_both!(a_job_takes_every_event_once_in_order_and_again_nothing, |ground: Ground| async move {
    let witness = Arc::new(Witness::default());
    let engine = engine_followed_by(&ground, vec![witness.clone()]).await;
    for n in 0..20 {
        engine.execute(pay(n, 500, &format!("k{n}"), 1)).await.unwrap();
    }

    assert_eq!(settle(&engine).await, 21, "the market's opening and twenty payments");
    assert_eq!(settle(&engine).await, 0);
    assert_eq!(*witness.seen.lock().unwrap(), (1..=21).collect::<Vec<i64>>());
});

on_both!(a_job_that_breaks_keeps_its_place_and_goes_on_later, |ground: Ground| async move {
    let witness = Arc::new(Witness::default());
    let engine = engine_followed_by(&ground, vec![witness.clone()]).await;
    settle(&engine).await;
    engine.execute(pay(1, 500, "k", 1)).await.unwrap();
    while engine.seal(MARKET).await.unwrap() > 0 {}

    witness.breaks.store(true, Ordering::SeqCst);
    assert!(engine.follow(MARKET).await.is_err());
    witness.breaks.store(false, Ordering::SeqCst);

    assert_eq!(settle(&engine).await, 1);
    assert_eq!(*witness.seen.lock().unwrap(), vec![1, 2]);
});

on_both!(the_days_add_up_to_what_the_books_hold_whoever_counts, |ground: Ground| async move {
    let engine = engine_followed_by(&ground, vec![Arc::new(Activity)]).await;
    for n in 0..40 {
        engine.execute(pay(n, 500 + i64::try_from(n).unwrap(), &format!("k{n}"), 1)).await.unwrap();
    }
    while engine.seal(MARKET).await.unwrap() > 0 {}

    // Several nodes look at once; some find that another was faster.
    let racers = (0..4).map(|_| engine.follow(MARKET));
    futures_util::future::join_all(racers).await;
    settle(&engine).await;

    let counted = number(&engine, "SELECT CAST(SUM(times) AS BIGINT) FROM market_day WHERE currency = ''").await;
    assert_eq!(counted, number(&engine, "SELECT COUNT(*) FROM event").await);
    let money = number(&engine, "SELECT CAST(SUM(amount) AS BIGINT) FROM market_day WHERE currency = 'USD'").await;
    assert_eq!(money, number(&engine, "SELECT CAST(SUM(amount) AS BIGINT) FROM posting WHERE amount > 0").await);
    assert!(money > 20_000);
});
