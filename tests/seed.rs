//! The demo market is played, not inserted: same seed, same market; its books hold.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use clap::Parser;
use entrepot::config::Config;
use entrepot::platform::clock::Clock;
use entrepot::platform::ids::Ids;
use entrepot::platform::rows;
use entrepot::platform::web::AppState;
use entrepot::{audit, boot, seed};
use serde_json::Value;
use sha2::{Digest, Sha256};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// Plays a small market; answers a hash over its sealed log without recorded times, and the statuses reached.
async fn played(number: u64) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/seed.db", folder.path().display());
    let config = Cli::parse_from(["test", "--database", &database]).config;
    let state = boot::open(config, Clock::machine(), Ids::seeded(number)).await.unwrap();
    seed::fill(&state, number, 40).await.unwrap();
    let sql =
        "SELECT e.bytes FROM sealed s JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id ORDER BY s.seq";
    let mut hash = Sha256::new();
    for row in rows::query(state.engine.db().read(), sql, Vec::new()).await.unwrap() {
        let bytes: Vec<u8> = row.try_get("", "bytes").unwrap();
        let mut event: Value = serde_json::from_slice(&bytes).unwrap();
        event.as_object_mut().unwrap().remove("recorded_at");
        event.pointer_mut("/what/clock").map(Value::take);
        hash.update(event.to_string());
    }
    let sql = "SELECT DISTINCT status FROM trade_order ORDER BY status";
    let found = rows::query(state.engine.db().read(), sql, Vec::new()).await.unwrap();
    let statuses = found.iter().map(|r| r.try_get("", "status").unwrap()).collect();
    let sql = "SELECT COUNT(*) AS n FROM event e LEFT JOIN app_user u ON u.id = e.actor_user WHERE e.actor_company IS NOT NULL \
        AND u.id IS NULL";
    assert_eq!(count(&state, sql).await, 0, "whatever a company did, a person with a name did");
    let sql = "SELECT COUNT(DISTINCT o.buyer_id) AS n FROM trade_order o JOIN company c ON c.market_id = o.market_id AND c.id = o.buyer_id \
        JOIN agreement a ON a.market_id = o.market_id AND a.hash = o.agreement \
        WHERE a.body NOT LIKE '%\"postcode\":%\"country\":\"' || c.country || '\"%'";
    assert_eq!(count(&state, sql).await, 0, "goods are delivered to the buyer's country");
    if number == 6 {
        few_are_told(&state).await;
    }
    let report = audit::verify(state.engine.db(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    (hash.finalize().iter().map(|b| format!("{b:02x}")).collect(), statuses)
}

/// The demo's first start tells of its last days, not of the year, and mails nobody.
async fn few_are_told(state: &AppState) {
    let found = rows::query(state.engine.db().read(), "SELECT market_id FROM market", Vec::new()).await.unwrap();
    let market = rows::get_id(&found[0], "market_id").unwrap();
    while state.engine.follow(market).await.unwrap() > 0 {}
    let events = count(state, "SELECT COUNT(*) AS n FROM sealed").await;
    let begun = count(state, "SELECT MIN(seq) AS n FROM job_cursor WHERE job IN ('notices', 'alerts')").await;
    assert_eq!(begun, events, "the jobs have caught up");
    let told = count(state, "SELECT COUNT(*) AS n FROM notice").await;
    assert!(told < 100, "{told} notices of {events} events");
    let days = "SELECT (MAX(effective_at) - (SELECT COALESCE(MIN(at), MAX(effective_at)) FROM notice)) / 86400000000 AS n FROM event";
    assert!(count(state, days).await <= 7, "older than a week");
    assert_eq!(
        count(state, "SELECT COUNT(*) AS n FROM app_user WHERE password IS NOT NULL").await,
        0,
        "nobody to mail to"
    );
}

async fn count(state: &AppState, sql: &str) -> i64 {
    let row = rows::query_one(state.engine.db().read(), sql, Vec::new()).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

#[actix_web::test]
async fn the_same_seed_plays_the_same_market_and_another_seed_another() {
    let (first, statuses) = played(5).await;
    let (again, _) = played(5).await;
    let (other, _) = played(6).await;

    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!(statuses.len() >= 4, "{statuses:?}");
}
