//! The live stream's route: server-sent events from the sealed log.

use crate::platform::live::{self, LiveEvent, Note};
use crate::platform::problem::{Failure, Problem};
use crate::platform::sabotage::{self, Guard};
use crate::platform::session::{Sessions, Signed, access_token};
use crate::platform::web::AppState;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Seconds between two signs of life; each of them, and each event told, needs a session that still stands (ACC-8).
const HEARTBEAT_S: u64 = 15;

/// When a browser should try again, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";
/// Tells a reader that it missed more than is told again.
const RELOAD: &str = "event: reload\ndata: {}\n\n";

/// Sealed events the caller may see, as they happen; `Last-Event-ID` resumes.
#[utoipa::path(responses((status = 200, content_type = "text/event-stream", body = LiveEvent), (status = 401, body = Problem)), tag = "market")]
#[get("/live")]
pub async fn live_stream(
    state: Data<AppState>,
    sessions: Data<Arc<dyn Sessions>>,
    request: HttpRequest,
    signed: Signed,
) -> Result<HttpResponse, Failure> {
    let place = state.engine.live().enter(signed.0.market, signed.0.user);
    let last = request.headers().get("Last-Event-ID").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let notes = state.engine.live().listen();
    let mut missed: VecDeque<Note> = match last {
        Some(seq) => live::since(state.engine.db(), signed.0.market, seq).await?.into(),
        None => VecDeque::new(),
    };
    let too_many = missed.len() == live::REPLAY_MAX;
    if too_many {
        missed.clear();
    }
    let feed = Feed {
        actor: signed.0,
        place,
        token: access_token(&request),
        sessions: Arc::clone(&sessions),
        stop: state.engine.live().stopped(),
        last: last.unwrap_or(0),
        greeting: Some(if too_many { format!("{RETRY}{RELOAD}") } else { RETRY.to_owned() }),
        missed,
        notes,
    };
    let body = futures_util::stream::unfold(feed, |mut feed| async move {
        let frame = feed.next().await?;
        Some((Ok::<Bytes, actix_web::Error>(Bytes::from(frame)), feed))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("Content-Encoding", "identity"))
        .streaming(body))
}

struct Feed {
    actor: crate::platform::access::Actor,
    place: live::Place,
    token: Option<String>,
    sessions: Arc<dyn Sessions>,
    stop: tokio::sync::watch::Receiver<bool>,
    last: i64,
    greeting: Option<String>,
    missed: VecDeque<Note>,
    notes: tokio::sync::broadcast::Receiver<Note>,
}

impl Feed {
    /// The next frame; `None` ends the stream (shutdown, a newer stream took its place, or the session is gone).
    async fn next(&mut self) -> Option<String> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        loop {
            if let Some(note) = self.missed.pop_front() {
                match self.take(&note) {
                    Some(frame) => return self.stands().await.then_some(frame),
                    None => continue,
                }
            }
            tokio::select! {
                changed = self.stop.changed() => {
                    if changed.is_err() || *self.stop.borrow() { return None; }
                }
                () = self.place.taken() => return None,
                note = self.notes.recv() => match note {
                    Ok(note) => if let Some(frame) = self.take(&note) { return self.stands().await.then_some(frame); },
                    Err(RecvError::Lagged(_)) => return Some(RELOAD.to_owned()),
                    Err(RecvError::Closed) => return None,
                },
                () = tokio::time::sleep(Duration::from_secs(HEARTBEAT_S)) => {
                    // The access token is short-lived; when it has run out the browser reconnects with a fresh one.
                    return self.stands().await.then(|| ": alive\n\n".to_owned());
                }
            }
        }
    }

    /// True while the session may listen: who lost the seat is told nothing more, however busy the stream is.
    async fn stands(&self) -> bool {
        sabotage::skips(Guard::LiveSession) || self.sessions.actor(self.token.clone()).await.is_ok()
    }

    fn take(&mut self, note: &Note) -> Option<String> {
        if note.reader.is_some() {
            return note.visible_to(&self.actor).then(|| note.frame());
        }
        let new = note.seq > self.last && note.visible_to(&self.actor);
        self.last = self.last.max(if note.market == self.actor.market { note.seq } else { 0 });
        new.then(|| note.frame())
    }
}
