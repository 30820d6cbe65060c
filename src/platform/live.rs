//! The live stream: sealed events told to browsers as server-sent events.
//!
//! A stream survives reconnects (`Last-Event-ID` is the sequence), carries only what its reader may see, and ends when
//! the server shuts down. It tells that something changed, never what: the reader loads it through the guarded reads.

use crate::platform::access::Actor;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use serde::Serialize;
use tokio::sync::{broadcast, watch};
use utoipa::ToSchema;

/// Notes a slow reader may lag behind before it is told to reload (CON-8).
const LAG_MAX: usize = 1_024;
/// Notes replayed to a reconnecting reader at most.
const REPLAY_MAX: i64 = 500;

/// One sealed event, in the words of the stream.
#[derive(Debug, Clone)]
pub struct Note {
    /// The market.
    pub market: u128,
    /// Place in the market's log.
    pub seq: i64,
    /// The event.
    pub event_id: u128,
    /// The step.
    pub step: String,
    /// Kind of its subject.
    pub subject_kind: String,
    /// Its subject.
    pub subject_id: u128,
    /// Companies that may see it.
    pub parties: [Option<u128>; 2],
}

/// What the stream says of a sealed event; readers load the rest through the guarded reads.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveEvent {
    /// Place in the market's log; also the event's `id`.
    seq: i64,
    step: String,
    /// Kind of the subject, such as `order` or `market`.
    subject_kind: String,
    subject_id: String,
}

impl Note {
    /// True when the actor may learn of it: its own company's events, the market's own, or all for an overseer.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        self.market == actor.market
            && (actor.oversees()
                || self.subject_kind == crate::platform::engine::MARKET
                || (actor.company.is_some() && self.parties.contains(&actor.company)))
    }

    /// The event in `text/event-stream` form.
    pub fn frame(&self) -> String {
        let event = LiveEvent {
            seq: self.seq,
            step: self.step.clone(),
            subject_kind: self.subject_kind.clone(),
            subject_id: format!("{:032x}", self.subject_id),
        };
        // Numbers and text always become JSON.
        format!("id: {}\ndata: {}\n\n", self.seq, serde_json::to_string(&event).unwrap_or_default())
    }
}

/// The hub that sealed events go through. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    notes: broadcast::Sender<Note>,
    stop: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self { notes: broadcast::channel(LAG_MAX).0, stop: watch::channel(false).0 }
    }
}

impl Live {
    /// Tells all readers; nobody listening is fine.
    pub fn publish(&self, notes: Vec<Note>) {
        for note in notes {
            let _ = self.notes.send(note);
        }
    }

    /// Starts listening.
    pub fn listen(&self) -> broadcast::Receiver<Note> {
        self.notes.subscribe()
    }

    /// Resolves when the server shuts down.
    pub fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Ends all streams.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}

/// What was sealed after `seq`, oldest first, for readers that reconnect and for nodes that did not seal it themselves.
pub async fn since(db: &Database, market: u128, seq: i64) -> Result<Vec<Note>, Fault> {
    let sql = format!(
        "SELECT s.seq, e.id, e.step, e.subject_kind, e.subject_id, e.party_a, e.party_b FROM sealed s \
         JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id \
         WHERE s.market_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT {REPLAY_MAX}"
    );
    let found = rows::query(db.read(), sql, vec![rows::id(market), seq.into()]).await?;
    found
        .iter()
        .map(|row| {
            Ok(Note {
                market,
                seq: row.try_get("", "seq")?,
                event_id: rows::get_id(row, "id")?,
                step: row.try_get("", "step")?,
                subject_kind: row.try_get("", "subject_kind")?,
                subject_id: rows::get_id(row, "subject_id")?,
                parties: [rows::get_id_opt(row, "party_a")?, rows::get_id_opt(row, "party_b")?],
            })
        })
        .collect()
}
