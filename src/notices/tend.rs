//! What a node does beside answering: looks at deadlines that come closer, puts letters in the queue, and tells the streams that are
//! open on it that a reader's count changed. All of it is safe on several nodes at once; only the streams are a node's own.

use super::{read, store};
use crate::platform::engine::Engine;
use crate::platform::live::Note;
use crate::platform::mail::Mail;
use crate::platform::problem::{Failure, Fault};
use crate::platform::rows;
use crate::platform::web::AppState;
use std::collections::HashMap;
use std::time::Duration;

/// Pause between two rounds: how long a bell may lag.
const PAUSE: Duration = Duration::from_millis(400);
/// Rounds between two looks at deadlines and letters.
const SLOW_ROUNDS: u64 = 3;
/// Rounds in an hour.
const HOUR_ROUNDS: u64 = 9_000;

/// Works until the node stops; ends between two rounds.
pub async fn tend(state: AppState, mail: Mail) {
    let desk = Desk::new(&state, mail);
    let mut known = HashMap::new();
    let mut round = 0u64;
    while state.life.pause(PAUSE).await {
        if state.engine.db().storage().trouble().is_some() {
            continue;
        }
        note(&state.engine, "told", ring(&state.engine, &mut known).await.map_err(Failure::from));
        if round.is_multiple_of(SLOW_ROUNDS) {
            note(&state.engine, "worked on", desk.work().await);
        }
        if round.is_multiple_of(HOUR_ROUNDS) {
            note(&state.engine, "tidied", desk.tidy().await.map_err(Failure::from));
        }
        round += 1;
    }
}

fn note<T>(engine: &Engine, what: &str, done: Result<T, Failure>) {
    if let Err(failure) = done {
        if let Failure::Failed(fault) = &failure {
            engine.db().storage().note(fault);
        }
        tracing::warn!(error = %failure, "notices could not be {what}: {failure}");
    }
}

/// What writes reminders and letters.
pub struct Desk {
    engine: Engine,
    mail: Mail,
    url: String,
}

impl Desk {
    /// The desk of an application.
    pub fn new(state: &AppState, mail: Mail) -> Self {
        Self { engine: state.engine.clone(), mail, url: state.config.public_url() }
    }

    /// One look at the deadlines and the letters of all markets; answers how many letters were queued.
    pub async fn work(&self) -> Result<u32, Failure> {
        let mut letters = 0;
        for row in rows::query(self.engine.db().read(), "SELECT market_id FROM market", Vec::new()).await? {
            let market = rows::get_id(&row, "market_id")?;
            store::remind::look(&self.engine, market).await?;
            letters += store::post::letters(&self.engine, &self.mail, &self.url, market).await?;
        }
        Ok(letters)
    }

    /// Takes away what is kept long enough; answers how many notices went.
    pub async fn tidy(&self) -> Result<u64, Fault> {
        store::keep::tidy(self.engine.db(), self.engine.clock().now()).await
    }
}

/// What is known of the readers who listen: how many notices are unread, and the newest.
type Known = HashMap<(u128, u128), read::Place>;

/// Tells the readers with a stream on this node whose unread notices changed since the last round.
async fn ring(engine: &Engine, known: &mut Known) -> Result<(), Fault> {
    let readers = engine.live().readers();
    if readers.is_empty() {
        known.clear();
        return Ok(());
    }
    let standing = read::standing(engine.db(), &readers).await?;
    let now: Known =
        readers.iter().map(|reader| (*reader, standing.get(reader).copied().unwrap_or_default())).collect();
    let changed = now.iter().filter(|(reader, place)| known.get(reader) != Some(place));
    let notes = changed.map(|((market, user), _)| Note::to_reader(*market, *user, "notice")).collect();
    engine.live().publish(notes);
    *known = now;
    Ok(())
}
