//! The end of a node: not ready → a moment for proxies to notice → no new connections → what runs is finished → background
//! work ends between two rounds → the write-ahead log is copied into the database.
//!
//! A second signal, or the deadline, ends the process at once. That loses nothing that was acknowledged: it is what a crash
//! does, and the next start takes up from the database.

use crate::platform::life::Stage;
use crate::platform::problem::Fault;
use crate::platform::web::AppState;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long requests under way may take once no new connection is accepted.
pub const IN_FLIGHT: Duration = Duration::from_secs(10);
/// How long background work may take to end after that.
const BACKGROUND: Duration = Duration::from_secs(5);
/// How long the rest may take.
const REST: Duration = Duration::from_secs(5);

/// Waits for the signal to stop, then takes the node out of service; returns when connections are to be refused.
pub async fn drain(state: &AppState) {
    stop_signal().await;
    let moment = Duration::from_secs(state.config.drain_seconds);
    tracing::info!("asked to stop: not ready any more, closing in {} s", moment.as_secs());
    state.life.enter(Stage::Draining);
    tokio::task::spawn(insist(moment + IN_FLIGHT + BACKGROUND + REST));
    tokio::time::sleep(moment).await;
    state.engine.live().stop();
}

/// Ends background work and closes the database.
///
/// Errors: a checkpoint that failed; nothing is lost by it.
pub async fn finish(state: &AppState, work: [JoinHandle<()>; 4]) -> Result<(), Fault> {
    state.life.enter(Stage::Stopping);
    for mut job in work {
        if tokio::time::timeout(BACKGROUND, &mut job).await.is_err() {
            tracing::warn!("background work did not end in time and was cut off");
            job.abort();
        }
    }
    let db = state.engine.db();
    db.checkpoint().await?;
    db.close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Ends the process on a second signal, or when the whole end takes too long.
async fn insist(deadline: Duration) {
    let why = tokio::select! {
        () = stop_signal() => "told to stop twice",
        () = tokio::time::sleep(deadline) => "stopping took too long",
    };
    tracing::error!("{why}: ending at once");
    crate::platform::sink::flush();
    std::process::exit(1);
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = terminate.recv() => {} }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
