//! The door itself, tried with a slice of its own: a purse that money goes into and comes out of.

use crate::ground::Ground;
use crate::on_both;
use entrepot::platform::access::{AccessRow, Actor, Relation};
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::{
    AnyState, Command, Context, Decision, Engine, Idempotency, Key, Outcome, Registry, Request, Saved, Store, View,
};
use entrepot::platform::ids::Ids;
use entrepot::platform::jobs::Follower;
use entrepot::platform::live::Live;
use entrepot::platform::problem::{Failure, Fault, Refusal};
use entrepot::platform::rows;
use entrepot_domain::kernel::{CompanyId, Currency, DeadlineChange, Effects, EventId, MarketTime, Money, Role};
use entrepot_domain::ledger::{self, Account, AccountKind};
use sea_orm::DatabaseTransaction;
use std::sync::Arc;

pub const MARKET: u128 = 7;
const COMPANY: u128 = 11;

pub struct NoRows;

#[async_trait::async_trait]
impl Store for NoRows {
    fn kind(&self) -> &'static str {
        "purse"
    }
    async fn load(
        &self,
        _: &DatabaseTransaction,
        _: u128,
        _: &[u128],
        _: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        Ok(Vec::new())
    }
    async fn save(&self, _: &DatabaseTransaction, rows: &[Saved]) -> Result<u64, Fault> {
        Ok(rows.len() as u64)
    }
}

/// Puts money in (positive) or takes it out (negative); may set a deadline that puts 1.00 in.
struct Move {
    purse: u128,
    minor: i64,
    next: Option<i64>,
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn money(minor: i64) -> Money {
    Money { minor, currency: usd() }
}

impl Command for Move {
    fn step(&self) -> &'static str {
        "purse.move"
    }
    fn subject(&self) -> Key {
        Key { kind: "purse", id: self.purse }
    }
    fn accounts(&self, _: &View<'_>) -> Vec<Account> {
        vec![Account::of(AccountKind::Seller, COMPANY, usd())]
    }
    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        if actor.company == Some(COMPANY) { Relation::Party } else { Relation::None }
    }
    fn decide(&self, cx: &Context<'_>, _: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let mut effects: Effects<()> = Effects::default();
        let posted = if self.minor > 0 {
            ledger::p1_pay_in(&mut effects, CompanyId(COMPANY), money(self.minor), EventId(cx.event_id))
        } else {
            ledger::p6_withdraw(&mut effects, CompanyId(COMPANY), money(-self.minor), EventId(cx.event_id))
        };
        posted.map_err(|e| Refusal::invalid(e.to_string()))?;
        out.journals = effects.journals;
        out.postings = effects.postings;
        if let Some(due) = self.next {
            out.deadlines.push(DeadlineChange { step: "purse.move", part: 0, due: Some(MarketTime(due)) });
        }
        out.reply(200, &serde_json::json!({ "event": format!("{:032x}", cx.event_id), "at": cx.now.0 }))?;
        Ok(Decision::Write)
    }
}

fn due(purse: u128, _: &str, _: i32) -> Option<Box<dyn Command>> {
    Some(Box::new(Move { purse: purse + 1_000, minor: 100, next: None }))
}

const ACCESS: &[AccessRow] = &[AccessRow {
    step: "purse.move",
    roles: &[Role::Owner],
    relations: &[Relation::Party],
    capability: None,
    money: true,
}];

pub async fn engine(ground: &Ground) -> Engine {
    engine_followed_by(ground, Vec::new()).await
}

pub async fn engine_followed_by(ground: &Ground, followers: Vec<Arc<dyn Follower>>) -> Engine {
    let engine = start(ground, Arc::new(NoRows), followers);
    let open = entrepot::market::OpenMarket::new(
        MARKET,
        "Test",
        entrepot_domain::market::Era::Data,
        1_000_000,
        MarketTime(5_000),
    );
    engine.execute(Request::new(Actor::system(MARKET), open)).await.unwrap();
    engine
}

/// A door to this database with a store of the test's own.
pub fn start(ground: &Ground, purses: Arc<dyn Store>, followers: Vec<Arc<dyn Follower>>) -> Engine {
    let tables = [ACCESS, entrepot::market::ACCESS];
    let registry = Registry::new(vec![purses], &tables, &[("purse", due)]).following(followers);
    let clock = Clock::manual(1_000_000);
    Engine::start(ground.db.clone(), clock.clone(), Ids::random(clock), registry, Live::default()).unwrap()
}

fn owner(company: u128) -> Actor {
    Actor { market: MARKET, user: 1, session: 1, company: Some(company), role: Role::Owner }
}

pub fn pay(purse: u128, minor: i64, key: &str, body: u8) -> Request {
    let idempotency = Idempotency { key: key.to_owned(), body_hash: [body; 32] };
    Request::new(owner(COMPANY), Move { purse, minor, next: None }).idempotent(Some(idempotency))
}

pub async fn number(engine: &Engine, sql: &str) -> i64 {
    rows::query_one(engine.db().read(), sql, Vec::new()).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

on_both!(the_same_key_gives_the_same_reply_and_one_journal, |ground: Ground| async move {
    let engine = engine(&ground).await;

    let first = engine.execute(pay(1, 500, "k", 1)).await.unwrap();
    let second = engine.execute(pay(2, 500, "k", 1)).await.unwrap();
    let other_body = engine.execute(pay(3, 600, "k", 2)).await;

    assert_eq!(first.body, second.body);
    assert!(second.replayed && !first.replayed);
    assert!(matches!(other_body, Err(Failure::Refused(r)) if r.code == "idempotency.body_differs"));
    assert_eq!(number(&engine, "SELECT COUNT(*) FROM journal").await, 1);
});

on_both!(a_hundred_parallel_requests_with_one_key_act_once, |ground: Ground| async move {
    let engine = engine(&ground).await;

    let all = futures_util::future::join_all((0..100).map(|n| engine.execute(pay(100 + n, 500, "same", 1)))).await;

    let bodies: std::collections::BTreeSet<String> = all.into_iter().map(|r| r.unwrap().body).collect();
    assert_eq!(bodies.len(), 1, "all hundred get the reply of the one that acted");
    assert_eq!(number(&engine, "SELECT COUNT(*) FROM journal").await, 1);
});

on_both!(parallel_withdrawals_never_overdraw, |ground: Ground| async move {
    let engine = engine(&ground).await;
    rows::execute(
        engine.db().write(),
        "INSERT INTO account (market_id, owner_id, kind, part, currency, balance) VALUES ($1,$2,$3,0,'USD',1000), ($1,$4,'A.BANK.CLIENT',0,'USD',100000)",
        vec![rows::id(MARKET), rows::id(COMPANY), AccountKind::Seller.code().into(), rows::id(0)],
    )
    .await
    .unwrap();

    let all =
        futures_util::future::join_all((0..40u128).map(|n| engine.execute(pay(n + 1, -300, &format!("w{n}"), 1))))
            .await;

    let paid = all.iter().filter(|r| r.is_ok()).count();
    assert_eq!(paid, 3, "1000 covers three withdrawals of 300");
    for refused in all.into_iter().filter_map(Result::err) {
        assert!(matches!(refused, Failure::Refused(r) if r.code == "books.floor"));
    }
    assert_eq!(number(&engine, "SELECT balance FROM account WHERE kind = 'L.SELLER'").await, 100);
});

on_both!(deadlines_fire_in_order_at_their_own_time, |ground: Ground| async move {
    let engine = engine(&ground).await;
    for (purse, at) in [(1, 9_000), (2, 7_000), (3, 8_000), (4, 99_000_000)] {
        let request = Request::new(owner(COMPANY), Move { purse, minor: 100, next: Some(at) });
        engine.execute(request).await.unwrap();
    }

    let advance =
        entrepot::market::MoveClock { market: MARKET, change: entrepot::market::ClockMove::To(MarketTime(10_000)) };
    engine.execute(Request::new(Actor::system(MARKET), advance)).await.unwrap();
    let fired = engine.run_due(MARKET).await.unwrap();

    assert_eq!(fired, 3);
    while engine.seal(MARKET).await.unwrap() > 0 {}
    let sql = "SELECT e.effective_at AS at FROM sealed s JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id \
               WHERE e.actor_role = 'system' AND e.step = 'purse.move' ORDER BY s.seq";
    let found = rows::query(engine.db().read(), sql, Vec::new()).await.unwrap();
    let times: Vec<i64> = found.iter().map(|r| r.try_get("", "at").unwrap()).collect();
    if engine.db().single_writer() {
        assert_eq!(times, [7_000, 8_000, 9_000]);
    } else {
        let mut sorted = times.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [7_000, 8_000, 9_000]);
    }
    assert_eq!(number(&engine, "SELECT COUNT(*) FROM deadline").await, 1);
});

on_both!(the_log_is_gap_free_chained_and_append_only, |ground: Ground| async move {
    let engine = engine(&ground).await;
    futures_util::future::join_all((0..50u128).map(|n| engine.execute(pay(n + 1, 500, &format!("p{n}"), 1)))).await;
    while engine.seal(MARKET).await.unwrap() > 0 {}

    let sql = "SELECT s.seq, s.hash, e.bytes FROM sealed s JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id ORDER BY s.seq";
    let mut previous: Vec<u8> = Vec::new();
    for (n, row) in rows::query(engine.db().read(), sql, Vec::new()).await.unwrap().iter().enumerate() {
        let (seq, hash, bytes): (i64, Vec<u8>, Vec<u8>) =
            (row.try_get("", "seq").unwrap(), row.try_get("", "hash").unwrap(), row.try_get("", "bytes").unwrap());
        assert_eq!(seq, n as i64 + 1);
        previous = entrepot::platform::log::chain(&previous, &bytes);
        assert_eq!(hash, previous);
    }
    for table in ["event", "sealed", "journal", "posting"] {
        assert!(
            rows::execute(engine.db().write(), format!("DELETE FROM {table}"), Vec::new()).await.is_err(),
            "{table}"
        );
    }
    assert!(rows::execute(engine.db().write(), "UPDATE posting SET amount = 1", Vec::new()).await.is_err());
    assert_eq!(
        number(&engine, "SELECT CAST(SUM(balance) AS BIGINT) FROM account WHERE kind = 'A.BANK.CLIENT'").await,
        25_000
    );
});

on_both!(strangers_get_404_and_other_roles_403_and_denials_are_kept, |ground: Ground| async move {
    let engine = engine(&ground).await;
    let stranger = Request::new(owner(99), Move { purse: 1, minor: 1, next: None });
    let viewer = Actor { role: Role::Viewer, ..owner(COMPANY) };

    let unseen = engine.execute(stranger).await;
    let refused = engine.execute(Request::new(viewer, Move { purse: 1, minor: 1, next: None })).await;

    assert!(matches!(unseen, Err(Failure::Refused(r)) if r.status == 404));
    assert!(matches!(refused, Err(Failure::Refused(r)) if r.status == 403));
    assert_eq!(number(&engine, "SELECT COUNT(*) FROM denial").await, 2);
    assert_eq!(number(&engine, "SELECT COUNT(*) FROM journal").await, 0);
});

on_both!(a_stale_version_is_refused_with_the_current_one, |ground: Ground| async move {
    let engine = engine(&ground).await;
    let request = Request::new(owner(COMPANY), Move { purse: 1, minor: 1, next: None }).expecting(Some(4));

    let refused = engine.execute(request).await;

    assert!(matches!(refused, Err(Failure::Refused(r)) if r.code == "stale_version" && r.params[0].1 == "0"));
});
