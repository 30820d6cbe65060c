//! The log: gap-free, chained, and each event's bytes agree with its columns and with the books.

use super::journal::{self, Journal};
use super::report::{Check, Head, Report, hex};
use super::{Exam, PAGE};
use crate::platform::log;
use crate::platform::problem::Fault;
use crate::platform::rows;
use sea_orm::{DatabaseTransaction, QueryResult};
use serde::Deserialize;
use std::collections::HashMap;

/// Columns of an event that its bytes must agree with.
const COLUMNS: &str = "e.id, e.subject_kind, e.subject_id, e.subject_version, e.step, e.actor_user, e.actor_company, \
    e.actor_role, e.effective_at, e.recorded_at, e.bytes";

/// What the columns of an event say.
struct Event {
    id: u128,
    subject: (String, String, i64),
    step: String,
    actor: (String, Option<String>, String),
    effective_at: i64,
    recorded_at: i64,
    bytes: Vec<u8>,
}

/// What the bytes of an event say.
#[derive(Deserialize)]
struct Told {
    v: i64,
    market: String,
    id: String,
    subject: ToldSubject,
    step: String,
    actor: ToldActor,
    effective_at: i64,
    recorded_at: i64,
    journals: Vec<journal::Told>,
}

#[derive(Deserialize)]
struct ToldSubject {
    kind: String,
    id: String,
    version: i64,
}

#[derive(Deserialize)]
struct ToldActor {
    user: String,
    company: Option<String>,
    role: String,
}

impl Event {
    fn read(row: &QueryResult) -> Result<Self, Fault> {
        Ok(Self {
            id: rows::get_id(row, "id")?,
            subject: (
                row.try_get("", "subject_kind")?,
                hex(rows::get_id(row, "subject_id")?),
                row.try_get("", "subject_version")?,
            ),
            step: row.try_get("", "step")?,
            actor: (
                hex(rows::get_id_opt(row, "actor_user")?.unwrap_or(0)),
                rows::get_id_opt(row, "actor_company")?.map(hex),
                row.try_get("", "actor_role")?,
            ),
            effective_at: row.try_get("", "effective_at")?,
            recorded_at: row.try_get("", "recorded_at")?,
            bytes: row.try_get("", "bytes")?,
        })
    }

    /// Names the columns that disagree with the bytes.
    fn differences(&self, market: u128, told: &Told) -> Vec<&'static str> {
        let agree = [
            ("version of the form", told.v == 1),
            ("market", told.market == hex(market)),
            ("id", told.id == hex(self.id)),
            ("subject_kind", told.subject.kind == self.subject.0),
            ("subject_id", told.subject.id == self.subject.1),
            ("subject_version", told.subject.version == self.subject.2),
            ("step", told.step == self.step),
            ("actor_user", told.actor.user == self.actor.0),
            ("actor_company", told.actor.company == self.actor.1),
            ("actor_role", told.actor.role == self.actor.2),
            ("effective_at", told.effective_at == self.effective_at),
            ("recorded_at", told.recorded_at == self.recorded_at),
        ];
        agree.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

/// Checks the whole log of the market.
pub(super) async fn check(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    sealed(exam, report).await?;
    waiting(exam, report).await?;
    let queued_twice = "SELECT u.event_id FROM unsealed u \
        LEFT JOIN event e ON e.market_id = u.market_id AND e.id = u.event_id \
        LEFT JOIN sealed s ON s.market_id = u.market_id AND s.event_id = u.event_id \
        WHERE u.market_id = $1 AND (e.id IS NULL OR s.seq IS NOT NULL)";
    exam.refute(report, Check::Unsealed, queued_twice, |row| {
        Ok(format!("event {} waits for its seal but is sealed already or missing", hex(rows::get_id(row, "event_id")?)))
    })
    .await
}

/// Follows the chain from its first link.
async fn sealed(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql =
        format!("SELECT seq, event_id, hash FROM sealed WHERE market_id = $1 AND seq > $2 ORDER BY seq LIMIT {PAGE}");
    let (mut at, mut expected, mut hash) = (i64::MIN, 1_i64, Vec::new());
    loop {
        let page = rows::query(exam.tx, sql.as_str(), vec![rows::id(exam.market), at.into()]).await?;
        let Some(last) = page.last() else { break };
        at = last.try_get("", "seq")?;
        let ids = page.iter().map(|row| rows::get_id(row, "event_id")).collect::<Result<Vec<u128>, Fault>>()?;
        let events = load(exam, &ids).await?;
        for (row, id) in page.iter().zip(&ids) {
            let (seq, written): (i64, Vec<u8>) = (row.try_get("", "seq")?, row.try_get("", "hash")?);
            report.must(seq == expected, exam.market, Check::Sequence, || format!("expected {expected}, found {seq}"));
            expected = seq.saturating_add(1);
            match events.get(id) {
                Some(event) => {
                    let follows = log::chain(&hash, &event.bytes) == written;
                    report.must(follows, exam.market, Check::Chain, || {
                        format!("the hash at {seq} does not follow from event {}", hex(*id))
                    });
                }
                None => report.find(exam.market, Check::Chain, format!("event {} at {seq} is missing", hex(*id))),
            }
            // Goes on from what is written, so that one tampered row is one finding and not a thousand.
            hash = written;
        }
        events_of_page(exam, report, events.into_values().collect()).await?;
    }
    if expected > 1 {
        let text = hash.iter().map(|b| format!("{b:02x}")).collect();
        report.heads.push(Head { market: hex(exam.market), seq: expected - 1, hash: text });
    }
    Ok(())
}

/// Finds a log whose tail was cut off, or replaced by another one, since the head was exported.
pub(super) async fn hold_head(tx: &DatabaseTransaction, head: &Head, report: &mut Report) -> Result<(), Fault> {
    let market = u128::from_str_radix(&head.market, 16)
        .map_err(|_| Fault::new(format!("an exported head names no market: {}", head.market)))?;
    let sql = "SELECT hash FROM sealed WHERE market_id = $1 AND seq = $2";
    let row = rows::query_one(tx, sql, vec![rows::id(market), head.seq.into()]).await?;
    let found = row.map(|row| row.try_get::<Vec<u8>>("", "hash")).transpose()?;
    let text: Option<String> = found.map(|hash| hash.iter().map(|b| format!("{b:02x}")).collect());
    match text {
        Some(text) => report.must(text == head.hash, market, Check::Head, || {
            format!("at {} the log has the hash {text}, exported was {}", head.seq, head.hash)
        }),
        None => report.find(market, Check::Head, format!("the log was cut off: {} was exported and is gone", head.seq)),
    }
    Ok(())
}

async fn load(exam: &Exam<'_>, ids: &[u128]) -> Result<HashMap<u128, Event>, Fault> {
    let keys = ids.iter().flat_map(|id| [rows::id(exam.market), rows::id(*id)]).collect();
    let found = rows::select_in(exam.tx, &COLUMNS.replace("e.", ""), "event", &["market_id", "id"], keys, "").await?;
    found.iter().map(|row| Event::read(row).map(|e| (e.id, e))).collect()
}

/// Examines events without a seal: on one writer there are none, else each must be in the queue.
async fn waiting(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = format!(
        "SELECT {COLUMNS}, u.event_id AS queued FROM event e \
         LEFT JOIN sealed s ON s.market_id = e.market_id AND s.event_id = e.id \
         LEFT JOIN unsealed u ON u.market_id = e.market_id AND u.event_id = e.id \
         WHERE e.market_id = $1 AND s.seq IS NULL AND e.id >= $2 ORDER BY e.id LIMIT {PAGE}"
    );
    let mut from = 0_u128;
    loop {
        let page = rows::query(exam.tx, sql.as_str(), vec![rows::id(exam.market), rows::id(from)]).await?;
        let mut events = Vec::with_capacity(page.len());
        for row in &page {
            let event = Event::read(row)?;
            let queued = rows::get_id_opt(row, "queued")?.is_some();
            report.must(queued && !exam.single_writer, exam.market, Check::Unsealed, || {
                format!("event {} ({}) has no seal and nothing will give it one", hex(event.id), event.step)
            });
            events.push(event);
        }
        let next = events.last().and_then(|e| e.id.checked_add(1));
        let full = page.len() == PAGE;
        events_of_page(exam, report, events).await?;
        match next {
            Some(next) if full => from = next,
            Some(_) | None => return Ok(()),
        }
    }
}

/// Compares bytes, columns and books of some events.
async fn events_of_page(exam: &Exam<'_>, report: &mut Report, events: Vec<Event>) -> Result<(), Fault> {
    let ids: Vec<u128> = events.iter().map(|e| e.id).collect();
    let mut books = journal::load(exam, &ids).await?;
    for event in events {
        report.checked.events += 1;
        let journals: Vec<Journal> = books.remove(&event.id).unwrap_or_default();
        for journal in &journals {
            report.checked.journals += 1;
            report.checked.postings += u64::try_from(journal.lines.len()).unwrap_or(0);
            journal.check(exam.market, report);
        }
        match serde_json::from_slice::<Told>(&event.bytes) {
            Ok(told) => {
                let wrong = event.differences(exam.market, &told);
                report.must(wrong.is_empty(), exam.market, Check::EventBytes, || {
                    format!("event {}: {} differ from the bytes", hex(event.id), wrong.join(", "))
                });
                let same = journal::same(&journals, &told.journals);
                report.must(same, exam.market, Check::EventJournals, || {
                    format!("event {} ({}) booked other journals than its bytes say", hex(event.id), event.step)
                });
            }
            Err(error) => report.find(exam.market, Check::EventBytes, format!("event {}: {error}", hex(event.id))),
        }
    }
    Ok(())
}
