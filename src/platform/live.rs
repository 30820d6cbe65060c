//! The live stream: sealed events told to browsers as server-sent events.
//!
//! A stream survives reconnects (`Last-Event-ID` is the sequence), carries only what its reader may see, and ends when
//! the server shuts down. It tells that something changed, never what: the reader loads it through the guarded reads.

use crate::platform::access::Actor;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, broadcast, watch};
use utoipa::ToSchema;

/// Notes a slow reader may lag behind before it is told to reload (CON-8).
const LAG_MAX: usize = 1_024;
/// Streams one user may have open at a time.
pub const STREAMS_MAX: usize = 5;
/// Notes replayed to a reconnecting reader at most; whoever missed more loads everything anew.
pub const REPLAY_MAX: usize = 500;

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
    /// The one user it is for; such a note is no event and has no place in the log.
    pub reader: Option<u128>,
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
    /// Tells one user of a market that something of theirs changed.
    pub fn to_reader(market: u128, user: u128, kind: &str) -> Self {
        let (step, subject_kind) = (String::new(), kind.to_owned());
        Self {
            market,
            seq: 0,
            event_id: 0,
            step,
            subject_kind,
            subject_id: 0,
            parties: [None, None],
            reader: Some(user),
        }
    }

    /// True when the actor may learn of it: its own company's events, the market's own, or all for an overseer.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        if let Some(reader) = self.reader {
            return self.market == actor.market && reader == actor.user;
        }
        self.market == actor.market
            && (actor.oversees()
                || sabotage::skips(Guard::LiveParties)
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
        let data = serde_json::to_string(&event).unwrap_or_default();
        // Only a place in the log can be resumed from.
        let id = if self.reader.is_some() { String::new() } else { format!("id: {}\n", self.seq) };
        format!("{id}data: {data}\n\n")
    }
}

/// The hub that sealed events go through. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    notes: broadcast::Sender<Note>,
    stop: watch::Sender<bool>,
    open: Open,
}

/// The streams of each user with their markets, the oldest first.
type Open = Arc<Mutex<HashMap<u128, VecDeque<(u128, Arc<Notify>)>>>>;

/// A place among the streams of one user, given back when dropped.
pub struct Place {
    open: Open,
    user: u128,
    taken: Arc<Notify>,
}

impl Place {
    /// Resolves when a newer stream of the user took the place.
    pub async fn taken(&self) {
        self.taken.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(streams) = open.get_mut(&self.user) {
            streams.retain(|(_, stream)| !Arc::ptr_eq(stream, &self.taken));
            if streams.is_empty() {
                open.remove(&self.user);
            }
        }
    }
}

impl Default for Live {
    fn default() -> Self {
        Self { notes: broadcast::channel(LAG_MAX).0, stop: watch::channel(false).0, open: Arc::default() }
    }
}

impl Live {
    /// Tells all readers; nobody listening is fine.
    pub fn publish(&self, notes: Vec<Note>) {
        for note in notes {
            let _ = self.notes.send(note);
        }
    }

    /// Streams open on this node.
    pub fn listeners(&self) -> usize {
        self.notes.receiver_count()
    }

    /// A place for one more stream of the user. A browser's tabs share one; when all are taken the oldest gives its place up:
    /// it is most likely one that hung up and was not missed yet, as after a few reloads.
    pub fn enter(&self, market: u128, user: u128) -> Place {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let streams = open.entry(user).or_default();
        if streams.len() >= STREAMS_MAX
            && let Some((_, oldest)) = streams.pop_front()
        {
            oldest.notify_one();
        }
        let taken = Arc::new(Notify::new());
        streams.push_back((market, Arc::clone(&taken)));
        Place { open: Arc::clone(&self.open), user, taken }
    }

    /// Who has a stream open on this node: market and user, each once.
    pub fn readers(&self) -> Vec<(u128, u128)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all = open.iter().flat_map(|(user, streams)| streams.iter().map(|(market, _)| (*market, *user)));
        all.collect::<BTreeSet<_>>().into_iter().collect()
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

/// The place of the newest sealed event of a market; what is read after this is at least as new.
pub async fn newest(db: &Database, market: u128) -> Result<i64, Fault> {
    let sql = "SELECT COALESCE(MAX(seq), 0) AS seq FROM sealed WHERE market_id = $1";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market)]).await?;
    Ok(row.map(|row| row.try_get("", "seq")).transpose()?.unwrap_or(0))
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
                reader: None,
            })
        })
        .collect()
}
