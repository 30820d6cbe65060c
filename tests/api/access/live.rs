//! The live stream: who is told of what, and that it ends with the session (ACC-8).

use super::cast::{Cast, seat_of, secret_terms};
use super::table::SEATS;
use crate::ground::{Client, Ground, MARKET, OTHER_MARKET, hex};
use entrepot::platform::access::Actor;
use entrepot::platform::engine::Request;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What every seat of a market is told: the market's own event.
const FENCE: &str = "\"subject_kind\":\"market\"";

/// A live stream and what it has told so far.
pub struct Stream {
    socket: TcpStream,
    pub text: String,
}

impl Stream {
    /// Opens a stream and waits for its greeting, so that nothing after it is missed.
    async fn open(ground: &Ground, who: &Client) -> Self {
        Self::behind(ground, who, "").await
    }

    /// Opens a stream behind an event that was seen before.
    pub async fn behind(ground: &Ground, who: &Client, last: &str) -> Self {
        let mut socket = TcpStream::connect(("127.0.0.1", ground.port)).await.unwrap();
        let cookies: Vec<String> = who.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let (cookies, last) =
            (cookies.join("; "), if last.is_empty() { last.to_owned() } else { format!("Last-Event-ID: {last}\r\n") });
        let head = format!("GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n{last}\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut stream = Self { socket, text: String::new() };
        assert!(stream.until("retry: ").await, "no stream: {}", stream.text);
        stream
    }

    /// Reads on until the words come; false when the stream ends before.
    pub async fn until(&mut self, words: &str) -> bool {
        let mut bytes = [0; 4_096];
        while !self.text.contains(words) {
            let read = tokio::time::timeout(Duration::from_secs(20), self.socket.read(&mut bytes)).await;
            match read.expect("the stream stands still").unwrap_or(0) {
                0 => return false,
                n => self.text.push_str(&String::from_utf8_lossy(&bytes[..n])),
            }
            // The last chunk of a stream that has ended.
            if self.text.ends_with("\r\n0\r\n\r\n") {
                return self.text.contains(words);
            }
        }
        true
    }
}

async fn sealed(ground: &Ground) {
    for market in [MARKET, OTHER_MARKET] {
        while ground.state.engine.seal(market).await.unwrap() > 0 {}
    }
}

/// An event that everybody in both markets is told.
async fn fence(cast: &Cast) {
    for admin in ["admin", "away admin"] {
        let body = json!({ "name": "wallet", "on": true });
        let switched = cast.ground.post(cast.seat(admin), "/api/v1/market/capabilities", body).await;
        assert_eq!(switched.status, 200, "{switched:?}");
    }
    sealed(&cast.ground).await;
}

/// Findings of who is told what, and of the stream of somebody whose seat is taken away.
pub async fn findings(cast: &Cast) -> Vec<String> {
    let (ground, owner) = (&cast.ground, cast.seat("owner"));
    sealed(ground).await;
    let mut streams = Vec::new();
    for (seat, who) in SEATS.iter().zip(&cast.seats) {
        streams.push((*seat, Stream::open(ground, who).await));
    }
    let path = format!("/api/v1/orders/{}/messages", cast.order);
    let message = ground.post(owner, &path, json!({ "text": "news" })).await.json["id"].as_str().unwrap().to_owned();
    let terms = secret_terms(&owner.company, &cast.seat("counterparty").company);
    let draft = ground.post(owner, "/api/v1/orders", json!({ "terms": terms })).await;
    let draft = draft.json["id"].as_str().unwrap().to_owned();
    fence(cast).await;

    let mut findings = Vec::new();
    for (seat, mut stream) in streams {
        if !stream.until(FENCE).await {
            findings.push(format!("{seat}: the stream ended: {}", stream.text));
        }
        let oversees = ["admin", "support", "credit admin", "teacher"].contains(&seat);
        let company = super::matrix::of_the_company(seat);
        for (what, id, may) in [
            ("message", &message, company || oversees || seat == "counterparty"),
            ("draft", &draft, company || oversees),
        ] {
            if stream.text.contains(id) != may {
                findings.push(format!("{seat} is told of the {what}: {}", !may));
            }
        }
    }
    findings.extend(unseated(cast).await);
    findings
}

async fn unseated(cast: &Cast) -> Option<String> {
    let ground = &cast.ground;
    let mut stream = Stream::open(ground, &cast.leaver).await;
    let command = entrepot::identity::DisableSeat { id: hex(&seat_of(ground, &cast.leaver).await) };
    ground.state.engine.execute(Request::new(Actor::system(MARKET), command)).await.unwrap();
    ground.wait(2);
    fence(cast).await;
    stream.until(FENCE).await.then(|| "who lost the seat is still told".to_owned())
}
