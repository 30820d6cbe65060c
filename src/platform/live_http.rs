//! The live stream's route: server-sent events from the sealed log.

use crate::platform::live::{self, LiveEvent, Note};
use crate::platform::problem::{Failure, Problem};
use crate::platform::session::{Sessions, Signed, access_token};
use crate::platform::web::AppState;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Seconds between two signs of life; each also checks that the session still stands (ACC-8).
const HEARTBEAT_S: u64 = 15;

/// Sealed events the caller may see, as they happen; `Last-Event-ID` resumes.
#[utoipa::path(responses((status = 200, content_type = "text/event-stream", body = LiveEvent), (status = 401, body = Problem)), tag = "market")]
#[get("/live")]
pub async fn live_stream(
    state: Data<AppState>,
    sessions: Data<Arc<dyn Sessions>>,
    request: HttpRequest,
    signed: Signed,
) -> Result<HttpResponse, Failure> {
    let last = request.headers().get("Last-Event-ID").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let notes = state.engine.live().listen();
    let missed: VecDeque<Note> = match last {
        Some(seq) => live::since(state.engine.db(), signed.0.market, seq).await?.into(),
        None => VecDeque::new(),
    };
    let feed = Feed {
        actor: signed.0,
        token: access_token(&request),
        sessions: Arc::clone(&sessions),
        stop: state.engine.live().stopped(),
        last: last.unwrap_or(0),
        greeted: false,
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
    token: Option<String>,
    sessions: Arc<dyn Sessions>,
    stop: tokio::sync::watch::Receiver<bool>,
    last: i64,
    greeted: bool,
    missed: VecDeque<Note>,
    notes: tokio::sync::broadcast::Receiver<Note>,
}

impl Feed {
    /// The next frame; `None` ends the stream (shutdown, or the session is gone).
    async fn next(&mut self) -> Option<String> {
        if !self.greeted {
            self.greeted = true;
            return Some("retry: 2000\n\n".to_owned());
        }
        loop {
            if let Some(note) = self.missed.pop_front() {
                if let Some(frame) = self.take(&note) {
                    return Some(frame);
                }
                continue;
            }
            tokio::select! {
                changed = self.stop.changed() => {
                    if changed.is_err() || *self.stop.borrow() { return None; }
                }
                note = self.notes.recv() => match note {
                    Ok(note) => if let Some(frame) = self.take(&note) { return Some(frame); },
                    Err(RecvError::Lagged(_)) => return Some("event: reload\ndata: {}\n\n".to_owned()),
                    Err(RecvError::Closed) => return None,
                },
                () = tokio::time::sleep(Duration::from_secs(HEARTBEAT_S)) => {
                    // The access token is short-lived; when it has run out the browser reconnects with a fresh one.
                    self.sessions.actor(self.token.clone()).await.ok()?;
                    return Some(": alive\n\n".to_owned());
                }
            }
        }
    }

    fn take(&mut self, note: &Note) -> Option<String> {
        let new = note.seq > self.last && note.visible_to(&self.actor);
        self.last = self.last.max(if note.market == self.actor.market { note.seq } else { 0 });
        new.then(|| note.frame())
    }
}
