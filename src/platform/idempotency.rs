//! Replies of earlier identical requests (MON-11): found in the same transaction that would do the work.
//!
//! The same key and body give the stored reply; the same key with another body is refused with 422. A second request
//! that arrives while the first is under way queues behind it and gets the same reply.

use crate::platform::engine::{Receipt, Request};
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use actix_web::HttpRequest;
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

pub use crate::platform::engine::Idempotency;

/// Longest key accepted.
const KEY_MAX: usize = 255;

/// Reads the header; the hash covers method, path and body.
///
/// Errors: 400 when the header is missing, empty or too long.
pub fn from_request(request: &HttpRequest, body: &[u8]) -> Result<Idempotency, Refusal> {
    let header = request.headers().get("Idempotency-Key").and_then(|v| v.to_str().ok()).unwrap_or("");
    if header.is_empty() || header.len() > KEY_MAX {
        return Err(Refusal::new(
            400,
            "idempotency.key_missing",
            "This request moves value and needs an Idempotency-Key header.",
        ));
    }
    let body_hash = Sha256::new()
        .chain_update(request.method().as_str())
        .chain_update([0])
        .chain_update(request.path())
        .chain_update([0])
        .chain_update(body)
        .finalize()
        .into();
    Ok(Idempotency { key: header.to_owned(), body_hash })
}

type Name = (u128, u128, String);

/// Stored replies of a group, plus those the group itself makes.
#[derive(Default)]
pub struct Replies {
    known: HashMap<Name, (Vec<u8>, Receipt)>,
}

fn name(request: &Request) -> Option<(Name, &Idempotency)> {
    request.idempotency.as_ref().map(|i| ((request.actor.market, request.actor.user, i.key.clone()), i))
}

impl Replies {
    /// The stored reply, or the refusal for a key used with another body.
    pub fn answer(&self, request: &Request) -> Option<Result<Receipt, Failure>> {
        let (name, idempotency) = name(request)?;
        let (hash, receipt) = self.known.get(&name)?;
        if hash.as_slice() != idempotency.body_hash {
            let refusal =
                Refusal::new(422, "idempotency.body_differs", "This Idempotency-Key was used with another request.");
            return Some(Err(refusal.into()));
        }
        Some(Ok(Receipt { replayed: true, ..receipt.clone() }))
    }

    /// Keeps a reply for later requests of the same group.
    pub fn remember(&mut self, request: &Request, receipt: &Receipt) {
        if let Some((name, idempotency)) = name(request) {
            self.known.insert(name, (idempotency.body_hash.to_vec(), receipt.clone()));
        }
    }
}

/// Looks the group's keys up in one statement.
pub async fn find(tx: &DatabaseTransaction, requests: &[Arc<Request>]) -> Result<Replies, Fault> {
    let mut values = Vec::new();
    for ((market, user, key), _) in requests.iter().filter_map(|r| name(r)) {
        values.extend([rows::id(market), rows::id(user), key.into()]);
    }
    let columns = "market_id, actor_id, key, body_hash, status, body, event_id";
    let found = rows::select_in(tx, columns, "reply", &["market_id", "actor_id", "key"], values, "").await?;
    let mut replies = Replies::default();
    for row in &found {
        let status: i64 = row.try_get("", "status")?;
        let receipt = Receipt {
            status: u16::try_from(status).unwrap_or(200),
            body: row.try_get("", "body")?,
            event_id: rows::get_id(row, "event_id")?,
            version: 0,
            seq: None,
            replayed: true,
        };
        let key = (rows::get_id(row, "market_id")?, rows::get_id(row, "actor_id")?, row.try_get("", "key")?);
        replies.known.insert(key, (row.try_get("", "body_hash")?, receipt));
    }
    Ok(replies)
}
