//! Replies of earlier identical requests (MON-11): found in the same transaction that would do the work.
//!
//! The same key and body give the stored reply; the same key with another body is refused with 422. A second request
//! that arrives while the first is under way waits at [`InFlight`] and gets the same reply; when the first takes longer
//! than the wait, the second is refused with 409 and may come again. Nodes do not know of each other's waiting requests:
//! there a request claims its key in the database ([`claim`]) before it looks for a reply, and waits just as long. Without
//! the claim the second would find no reply, wait at the order's row and be told that its own step was taken already.

use crate::platform::database::Database;
use crate::platform::engine::{Receipt, Request};
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use actix_web::HttpRequest;
use sea_orm::DatabaseTransaction;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;

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

/// How long a request waits for an earlier one under its key.
pub const WAIT: Duration = Duration::from_secs(5);
/// How long a group waits at a time for a key that another node works on.
pub const CLAIM_WAIT: Duration = Duration::from_millis(50);
/// The code of the refusal for a request that waited too long.
pub const IN_FLIGHT: &str = "idempotency.in_flight";

type Name = (u128, u128, String);
type Places = Arc<Mutex<HashMap<Name, Arc<tokio::sync::Mutex<()>>>>>;

/// The keys whose requests are under way on this node. Cheap to clone.
#[derive(Clone)]
pub struct InFlight {
    places: Places,
    wait: Duration,
}

/// The right to work on a key; giving it up lets the next one in.
pub struct Place {
    places: Places,
    name: Name,
    turn: Option<OwnedMutexGuard<()>>,
}

impl InFlight {
    /// No request under way; those that come later wait at most `wait`.
    pub fn new(wait: Duration) -> Self {
        Self { places: Places::default(), wait }
    }

    /// How long a request waits at most.
    pub fn wait(&self) -> Duration {
        self.wait
    }

    /// Waits until no other request under this key is under way; one without a key has nothing to wait for.
    ///
    /// Errors: 409 `idempotency.in_flight` when the other one takes longer than the wait.
    pub async fn enter(&self, request: &Request) -> Result<Option<Place>, Refusal> {
        let Some((name, _)) = name(request) else {
            return Ok(None);
        };
        let door = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(places.entry(name.clone()).or_default())
        };
        // Made before the waiting, so that who gives up waiting takes an unused entry out as well.
        let mut place = Place { places: Arc::clone(&self.places), name, turn: None };
        let turn = tokio::time::timeout(self.wait, door.lock_owned()).await.map_err(|_| in_flight())?;
        place.turn = Some(turn);
        Ok(Some(place))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        self.turn = None;
        if places.get(&self.name).is_some_and(|door| Arc::strong_count(door) == 1) {
            places.remove(&self.name);
        }
    }
}

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

/// The refusal for a request that waited too long for the first under its key.
pub fn in_flight() -> Refusal {
    Refusal::new(409, IN_FLIGHT, "The first request under this key is still under way.")
}

/// Claims the group's keys until the transaction ends, where several nodes write.
pub async fn claim(db: &Database, tx: &DatabaseTransaction, requests: &[Arc<Request>]) -> Result<(), Fault> {
    if db.single_writer() || sabotage::skips(Guard::Claims) {
        return Ok(());
    }
    let mut names: Vec<i64> = requests.iter().filter_map(|r| name(r)).map(|(name, _)| number(&name)).collect();
    names.sort_unstable();
    names.dedup();
    db.claim(tx, &names, CLAIM_WAIT).await
}

/// A number for a key. Two keys with one number wait for each other and nothing worse.
fn number((market, user, key): &Name) -> i64 {
    let hash = Sha256::new()
        .chain_update(b"entrepot.key.v1")
        .chain_update(market.to_be_bytes())
        .chain_update(user.to_be_bytes())
        .chain_update(key)
        .finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first)
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
