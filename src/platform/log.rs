//! The one log: event, audit and outbox are the same append-only row per accepted command.
//!
//! A sealer gives committed rows their gap-free sequence and chain hash:
//! `hash(n) = SHA-256("entrepot.log.v1" ‖ hash(n-1) ‖ canonical bytes of event n)` (AUD-1). The bytes are stored as
//! hashed, never serialised anew. With one writer the seal is part of the command's transaction; on PostgreSQL one node
//! at a time seals under the market's lock, folding platform-owned balances on the way.

use crate::platform::access::{Actor, Relation, permit};
use crate::platform::engine::{Engine, Key, Outcome};
use crate::platform::live::Note;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Table};
use crate::platform::sabotage::{self, Guard};
use crate::platform::security;
use entrepot_domain::kernel::{JournalHead, MarketTime, Posting};
use entrepot_domain::market::Capability;
use sea_orm::{DatabaseTransaction, Value};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Domain separation of the chain hash.
const DOMAIN: &[u8] = b"entrepot.log.v1";
/// Events sealed in one transaction at most.
const SEAL_MAX: usize = 512;

/// Who, what and when of one accepted command.
pub struct EventWords {
    /// The market.
    pub market: u128,
    /// The event's identifier.
    pub event_id: u128,
    /// The step.
    pub step: &'static str,
    /// The aggregate it belongs to.
    pub subject: Key,
    /// The aggregate's version after the command.
    pub subject_version: i64,
    /// Who asked.
    pub actor: Actor,
    /// Market time at which it counts.
    pub effective_at: MarketTime,
    /// Real time at which it was written.
    pub recorded_at: i64,
}

/// A row of the log, ready to write.
pub struct EventRow {
    values: Vec<Value>,
    market: u128,
    id: u128,
    recorded_at: i64,
    bytes: Vec<u8>,
    note: Note,
}

impl EventRow {
    /// Builds the row and its canonical bytes.
    pub fn new(words: &EventWords, outcome: &Outcome) -> Result<Self, Fault> {
        let bytes = canonical(words, outcome)?;
        let actor = &words.actor;
        let values = vec![
            rows::id(words.market),
            rows::id(words.event_id),
            words.subject.kind.into(),
            rows::id(words.subject.id),
            words.subject_version.into(),
            words.step.into(),
            rows::id_opt((actor.user != 0).then_some(actor.user)),
            rows::id_opt(actor.company),
            actor.role.as_str().into(),
            rows::id_opt(outcome.parties[0]),
            rows::id_opt(outcome.parties[1]),
            words.effective_at.0.into(),
            words.recorded_at.into(),
            bytes.clone().into(),
        ];
        let note = Note {
            market: words.market,
            seq: 0,
            event_id: words.event_id,
            step: words.step.to_owned(),
            subject_kind: words.subject.kind.to_owned(),
            subject_id: words.subject.id,
            parties: outcome.parties,
            reader: None,
        };
        Ok(Self { values, market: words.market, id: words.event_id, recorded_at: words.recorded_at, bytes, note })
    }
}

/// Identifiers and amounts as text, written without a string in between.
struct Hex(u128);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

/// The event as it is hashed and stored, fields in alphabetical order; what it tells follows as `what`.
#[derive(Serialize)]
struct Canonical<'a> {
    actor: CanonicalActor,
    deadlines: Vec<(&'static str, i32, Option<i64>)>,
    effective_at: i64,
    id: Hex,
    journals: Vec<CanonicalJournal<'a>>,
    market: Hex,
    parties: [Option<Hex>; 2],
    recorded_at: i64,
    step: &'static str,
    subject: CanonicalSubject,
    v: i32,
}

#[derive(Serialize)]
struct CanonicalActor {
    company: Option<Hex>,
    role: &'static str,
    user: Hex,
}

#[derive(Serialize)]
struct CanonicalSubject {
    id: Hex,
    kind: &'static str,
    version: i64,
}

#[derive(Serialize)]
struct CanonicalJournal<'a> {
    key: String,
    lines: Lines<'a>,
    rule: &'static str,
}

/// Account, owner, part, currency and amount of each posting.
struct Lines<'a>(&'a [Posting]);

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|p| {
            let account = &p.account;
            (account.kind.code(), Hex(account.owner), account.part, account.currency.code(), p.amount.to_string())
        }))
    }
}

fn canonical(words: &EventWords, outcome: &Outcome) -> Result<Vec<u8>, Fault> {
    let journal = |head: &JournalHead| CanonicalJournal {
        key: head.natural_text(),
        lines: Lines(postings_of(head, &outcome.postings)),
        rule: head.rule.code(),
    };
    let (actor, subject) = (&words.actor, &words.subject);
    let event = Canonical {
        actor: CanonicalActor { company: actor.company.map(Hex), role: actor.role.as_str(), user: Hex(actor.user) },
        deadlines: outcome.deadlines.iter().map(|d| (d.step, d.part, d.due.map(|t| t.0))).collect(),
        effective_at: words.effective_at.0,
        id: Hex(words.event_id),
        journals: outcome.journals.iter().map(journal).collect(),
        market: Hex(words.market),
        parties: outcome.parties.map(|p| p.map(Hex)),
        recorded_at: words.recorded_at,
        step: words.step,
        subject: CanonicalSubject { id: Hex(subject.id), kind: subject.kind, version: words.subject_version },
        v: 1,
    };
    // What is told is JSON already; reading it into a tree only to write it again cost as much as all the rest.
    let what = if outcome.payload.is_empty() { "null" } else { &outcome.payload };
    let mut bytes = serde_json::to_vec(&event)?;
    bytes.truncate(bytes.len().saturating_sub(1));
    bytes.extend_from_slice(b",\"what\":");
    bytes.extend_from_slice(what.as_bytes());
    bytes.push(b'}');
    Ok(bytes)
}

const EVENT: Table = Table {
    name: "event",
    columns: &[
        "market_id",
        "id",
        "subject_kind",
        "subject_id",
        "subject_version",
        "step",
        "actor_user",
        "actor_company",
        "actor_role",
        "party_a",
        "party_b",
        "effective_at",
        "recorded_at",
        "bytes",
    ],
    key: &[],
};
const SEALED: Table = Table { name: "sealed", columns: &["market_id", "seq", "event_id", "hash"], key: &[] };
const UNSEALED: Table = Table { name: "unsealed", columns: &["market_id", "event_id", "recorded_at"], key: &[] };

/// Appends the rows.
pub async fn insert(tx: &DatabaseTransaction, events: &[EventRow]) -> Result<(), Fault> {
    let values = events.iter().flat_map(|e| e.values.iter().cloned()).collect();
    rows::insert(tx, &EVENT, values).await.map(|_| ())
}

/// Hands rows to the sealer of another transaction.
pub async fn queue(tx: &DatabaseTransaction, events: &[EventRow]) -> Result<(), Fault> {
    let values = events.iter().flat_map(|e| [rows::id(e.market), rows::id(e.id), e.recorded_at.into()]).collect();
    rows::insert(tx, &UNSEALED, values).await.map(|_| ())
}

/// The postings of one journal.
pub fn postings_of<'a>(head: &JournalHead, postings: &'a [Posting]) -> &'a [Posting] {
    let (first, len) = (usize::try_from(head.first).unwrap_or(0), usize::try_from(head.len).unwrap_or(0));
    postings.get(first..first + len).unwrap_or(&[])
}

/// The hash that follows `previous`.
pub fn chain(previous: &[u8], bytes: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(DOMAIN).chain_update(previous).chain_update(bytes).finalize().to_vec()
}

async fn head(tx: &DatabaseTransaction, market: u128) -> Result<(i64, Vec<u8>), Fault> {
    let sql = "SELECT seq, hash FROM sealed WHERE market_id = $1 ORDER BY seq DESC LIMIT 1";
    match rows::query_one(tx, sql, vec![rows::id(market)]).await? {
        Some(row) => Ok((row.try_get("", "seq")?, row.try_get("", "hash")?)),
        None => Ok((0, Vec::new())),
    }
}

/// Seals rows in the same transaction that wrote them; they keep their order.
pub async fn seal(tx: &DatabaseTransaction, events: &[EventRow]) -> Result<Vec<Note>, Fault> {
    let mut heads: BTreeMap<u128, (i64, Vec<u8>)> = BTreeMap::new();
    let (mut values, mut notes) = (Vec::with_capacity(events.len() * 4), Vec::with_capacity(events.len()));
    for event in events {
        let (seq, hash) = match heads.remove(&event.market) {
            Some(known) => known,
            None => head(tx, event.market).await?,
        };
        let (seq, hash) = (seq + 1, chain(&hash, &event.bytes));
        values.extend([rows::id(event.market), seq.into(), rows::id(event.id), hash.clone().into()]);
        notes.push(Note { seq, ..event.note.clone() });
        heads.insert(event.market, (seq, hash));
    }
    rows::insert(tx, &SEALED, values).await?;
    Ok(notes)
}

/// Seals what other transactions committed, in the order in which they took their places; folds platform-owned balances.
pub async fn seal_pending(engine: &Engine, market: u128) -> Result<u64, Fault> {
    let db = engine.db();
    let tx = db.door_tx().await?;
    db.market_lock(&tx, uuid::Uuid::from_u128(market)).await?;
    let order = if sabotage::skips(Guard::SealingOrder) { "u.recorded_at" } else { "u.place" };
    let sql = format!(
        "SELECT e.id, e.bytes, e.step, e.subject_kind, e.subject_id, e.party_a, e.party_b FROM unsealed u \
         JOIN event e ON e.market_id = u.market_id AND e.id = u.event_id \
         WHERE u.market_id = $1 ORDER BY {order} LIMIT {SEAL_MAX}"
    );
    let found = rows::query(&tx, sql, vec![rows::id(market)]).await?;
    if found.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let (mut seq, mut hash) = head(&tx, market).await?;
    let (mut values, mut done, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for row in &found {
        let bytes: Vec<u8> = row.try_get("", "bytes")?;
        let event_id = rows::get_id(row, "id")?;
        (seq, hash) = (seq + 1, chain(&hash, &bytes));
        values.extend([rows::id(market), seq.into(), rows::id(event_id), hash.clone().into()]);
        done.extend([rows::id(market), rows::id(event_id)]);
        notes.push(Note {
            market,
            seq,
            event_id,
            step: row.try_get("", "step")?,
            subject_kind: row.try_get("", "subject_kind")?,
            subject_id: rows::get_id(row, "subject_id")?,
            parties: [rows::get_id_opt(row, "party_a")?, rows::get_id_opt(row, "party_b")?],
            reader: None,
        });
    }
    rows::insert(&tx, &SEALED, values).await?;
    crate::platform::engine::fold_platform_balances(&tx, market, &notes).await?;
    rows::delete(&tx, "unsealed", &["market_id", "event_id"], done).await?;
    sabotage::point("seal.commit")?;
    tx.commit().await?;
    sabotage::point("seal.committed")?;
    let sealed = u64::try_from(notes.len()).unwrap_or(0);
    crate::platform::metrics::tally::SEALED.add(sealed);
    engine.live().publish(notes);
    Ok(sealed)
}

/// Judges a read of the whole market; a denial is written to its log (AUD-3).
///
/// Errors: 403 for seats that do not oversee the market.
pub async fn permit_oversight(engine: &Engine, actor: &Actor, step: &'static str) -> Result<(), Failure> {
    let relation = if actor.oversees() { Relation::Overseer } else { Relation::Market };
    permit_outside(engine, actor, step, relation, actor.market, |_| true).await
}

/// Holds an actor against the access table for what does not go through the door; a denial is written to its log (AUD-3).
/// `has` tells whether the market's era has a capability.
///
/// Errors: as [`permit`]; 403 for a step the table does not know.
pub async fn permit_outside(
    engine: &Engine,
    actor: &Actor,
    step: &str,
    relation: Relation,
    subject: u128,
    has: impl Fn(Capability) -> bool,
) -> Result<(), Failure> {
    let row = engine.registry().access(step).ok_or_else(Refusal::forbidden);
    let judged = row.and_then(|row| permit(row, actor, relation, has));
    if let Err(refusal) = &judged
        && matches!(refusal.status, 403 | 404)
    {
        record_denial(engine, actor, step, subject, &refusal.code).await;
    }
    Ok(judged?)
}

/// Writes a denial to its own append-only log (AUD-3); a failure to do so is logged and does not change the answer.
pub async fn record_denial(engine: &Engine, actor: &Actor, step: &str, subject: u128, code: &str) {
    security::note(security::DENIED, security::Outcome::Failed, actor.user, step);
    let values = vec![
        rows::id(actor.market),
        rows::id(engine.ids().next()),
        engine.clock().now().into(),
        rows::id_opt((actor.user != 0).then_some(actor.user)),
        actor.role.as_str().into(),
        step.into(),
        rows::id(subject),
        code.into(),
    ];
    let sql = "INSERT INTO denial (market_id, id, at, actor_user, actor_role, step, subject_id, code) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)";
    if let Err(fault) = rows::execute(engine.db().write(), sql, values).await {
        tracing::warn!(error = %fault, "a denial could not be recorded");
    }
}
