//! What a node does besides answering: deadlines of running clocks, seals, jobs, the probe of ailing storage.
//!
//! One loop, one round at a time; when the node stops, the loop ends between two rounds. The probe has a loop of its own:
//! a round lasts as long as there is something to seal, and a store that is well again must not wait for that.

use crate::backup;
use crate::identity::IdentitySessions;
use crate::market::{ClockMove, MoveClock};
use crate::platform::access::Actor;
use crate::platform::engine::{Engine, Request};
use crate::platform::life::Life;
use crate::platform::live;
use crate::platform::problem::Failure;
use crate::platform::rows;
use crate::platform::web::AppState;
use std::collections::HashMap;
use std::time::Duration;

/// Pause between two rounds.
const PAUSE: Duration = Duration::from_millis(200);
/// Background rounds in an hour.
const ROUNDS_PER_HOUR: u64 = 5 * 3_600;
/// Batches sealed and followed in one round of a market: under a load that never ends, the rest has its turn too.
const BATCHES_MAX: u32 = 8;
/// Pause between two probes of storage that is in trouble.
const PROBE_PAUSE: Duration = Duration::from_secs(2);

/// Does all of it until the node stops.
pub async fn tend(state: AppState, identity: IdentitySessions) {
    tokio::join!(rounds(&state, &identity), probes(&state));
}

async fn probes(state: &AppState) {
    while state.life.pause(PROBE_PAUSE).await {
        probe(state).await;
    }
}

/// Lets running clocks fire their deadlines, seals what other transactions committed, feeds the jobs, and carries sealed events of other
/// nodes to this node's streams.
async fn rounds(state: &AppState, identity: &IdentitySessions) {
    let engine = &state.engine;
    let mut seen: HashMap<u128, i64> = HashMap::new();
    let mut round = 0u64;
    while state.life.pause(PAUSE).await {
        if engine.db().storage().trouble().is_none() {
            if round.is_multiple_of(ROUNDS_PER_HOUR) {
                hourly(state, identity).await;
            }
            if let Err(failure) = tend_once(engine, &state.life, &mut seen).await {
                if let Failure::Failed(fault) = &failure {
                    engine.db().storage().note(fault);
                }
                tracing::warn!(error = %failure, "background round failed: {failure}");
            }
        }
        round += 1;
    }
}

async fn hourly(state: &AppState, identity: &IdentitySessions) {
    if let Err(fault) = identity.tidy().await {
        tracing::warn!(error = %fault, "old sessions could not be removed");
    }
    if let Err(fault) = backup::heads::export(state, &state.config.heads()).await {
        tracing::error!(alarm = true, error = %fault, "ALARM: the chain heads could not be exported: {fault}");
    }
}

/// Asks storage that is in trouble whether it keeps writes again.
async fn probe(state: &AppState) {
    let db = state.engine.db();
    if db.storage().trouble().is_some()
        && let Err(fault) = db.probe().await
    {
        tracing::warn!(error = %fault, "the database keeps nothing yet: {fault}");
    }
    if state.files.storage().trouble().is_some()
        && let Err(fault) = state.files.probe().await
    {
        tracing::warn!(error = %fault, "the uploads' disk keeps nothing yet: {fault}");
    }
}

/// Pauses a running market where it stood before the machine's clock jumped; who resumes it confirms the jump (TIME-4).
async fn hold(engine: &Engine, market: u128, jump: Option<i64>) -> Result<(), Failure> {
    let Some(ahead) = jump else { return Ok(()) };
    if !engine.market(market).await?.clock.paused {
        let pause = MoveClock { market, change: ClockMove::Pause };
        engine.execute(Request::new(Actor::system(market), pause)).await?;
        let hours = ahead / 3_600_000_000;
        tracing::error!(market.id = %format!("{market:032x}"), jump.hours = hours, "the machine's clock jumped; the market is paused until somebody resumes it");
    }
    Ok(())
}

/// One background round over all markets; tests take it as well.
pub async fn tend_once(engine: &Engine, life: &Life, seen: &mut HashMap<u128, i64>) -> Result<(), Failure> {
    let jump = engine.unconfirmed_jump();
    if let Some(checkpoints) = engine.db().checkpoints() {
        checkpoints.copy().await?;
    }
    for row in rows::query(engine.db().read(), "SELECT market_id FROM market", Vec::new()).await? {
        let market = rows::get_id(&row, "market_id")?;
        if life.is_stopping() {
            break;
        }
        hold(engine, market, jump).await?;
        if !engine.market(market).await?.clock.paused {
            engine.run_due(market).await?;
        }
        for _ in 0..BATCHES_MAX {
            if life.is_stopping() || engine.seal(market).await? + engine.follow(market).await? == 0 {
                break;
            }
            count_tables(engine).await;
        }
        carry(engine, market, seen).await?;
    }
    if jump.is_some() {
        engine.settle_jump();
    }
    Ok(())
}

/// Looks whether tables have outgrown what the planner knows of them. After each batch, not each round: the plans of a table that
/// was empty are so much worse that a round made with them lasts for a minute. Where nothing happens nothing is asked.
async fn count_tables(engine: &Engine) {
    if let Err(fault) = engine.db().count_tables().await {
        tracing::warn!(error = %fault, "the database's planner could not count the tables");
    }
}

/// Tells this node's streams what other nodes sealed.
async fn carry(engine: &Engine, market: u128, seen: &mut HashMap<u128, i64>) -> Result<(), Failure> {
    if engine.db().single_writer() {
        return Ok(());
    }
    let last = seen.entry(market).or_insert(i64::MAX);
    let notes = live::since(engine.db(), market, if *last == i64::MAX { 0 } else { *last }).await?;
    if let Some(newest) = notes.last() {
        let first_round = *last == i64::MAX;
        *last = newest.seq;
        if !first_round {
            engine.live().publish(notes);
        }
    }
    Ok(())
}
