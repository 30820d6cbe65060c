//! States against the log: versions without gap, the last event is the state's version, deadlines and replies belong.

use super::Exam;
use super::report::{Check, Report, hex};
use crate::platform::problem::Fault;
use crate::platform::rows;

/// A kind of aggregate with its table and identifier.
struct Kind {
    name: &'static str,
    table: &'static str,
    id: &'static str,
    /// True when the first version may have been made by the event of another subject.
    born_elsewhere: bool,
}

const fn kind(name: &'static str, table: &'static str, id: &'static str) -> Kind {
    Kind { name, table, id, born_elsewhere: false }
}

/// Kinds whose every version is one event. The owner's seat is made by the event that opens its company.
const STATES: &[Kind] = &[
    kind("order", "trade_order", "id"),
    kind("product", "product", "id"),
    kind("company", "company", "id"),
    Kind { born_elsewhere: true, ..kind("seat", "seat", "id") },
    kind("market", "market", "market_id"),
    kind("message", "message", "id"),
    kind("inquiry", "inquiry", "id"),
    kind("company_block", "company_block", "id"),
    kind("rfq", "rfq", "id"),
    kind("rfq_talk", "rfq_talk", "id"),
    kind("quote", "quote", "id"),
];

/// Checks the states of the market.
pub(super) async fn check(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    versions(exam, report).await?;
    for kind in STATES {
        states(exam, report, kind).await?;
        vanished(exam, report, kind).await?;
    }
    deadlines(exam, report).await?;
    ends_of_proofs(exam, report).await?;
    replies(exam, report).await
}

/// Versions of each subject are 1, 2, 3 … (MON-7).
async fn versions(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let born_elsewhere: Vec<String> =
        STATES.iter().filter(|k| k.born_elsewhere).map(|k| format!("'{}'", k.name)).collect();
    let sql = format!(
        "SELECT subject_kind, subject_id, COUNT(*) AS n, MIN(subject_version) AS first, MAX(subject_version) AS last \
         FROM event WHERE market_id = $1 GROUP BY subject_kind, subject_id \
         HAVING (MIN(subject_version) <> 1 AND NOT (MIN(subject_version) = 2 AND subject_kind IN ({}))) \
            OR MAX(subject_version) - MIN(subject_version) + 1 <> COUNT(*) OR COUNT(DISTINCT subject_version) <> COUNT(*) \
         ORDER BY subject_kind, subject_id",
        born_elsewhere.join(",")
    );
    exam.refute(report, Check::SubjectVersions, &sql, |row| {
        let (kind, n): (String, i64) = (row.try_get("", "subject_kind")?, row.try_get("", "n")?);
        let (first, last): (i64, i64) = (row.try_get("", "first")?, row.try_get("", "last")?);
        Ok(format!("{kind} {} has {n} versions from {first} to {last}", hex(rows::get_id(row, "subject_id")?)))
    })
    .await
}

/// The version of every row is the version of its last event.
async fn states(exam: &Exam<'_>, report: &mut Report, kind: &Kind) -> Result<(), Fault> {
    let Kind { name, table, id, born_elsewhere } = kind;
    let born = i64::from(*born_elsewhere);
    let sql = format!(
        "SELECT t.{id} AS state_id, t.version, COALESCE(m.last, {born}) AS last FROM {table} t LEFT JOIN \
            (SELECT subject_id, MAX(subject_version) AS last FROM event WHERE market_id = $1 AND subject_kind = '{name}' GROUP BY subject_id) m \
            ON m.subject_id = t.{id} \
         WHERE t.market_id = $1 AND COALESCE(m.last, {born}) <> t.version ORDER BY t.{id}"
    );
    exam.refute(report, Check::StateVersion, &sql, |row| {
        let (version, last): (i64, i64) = (row.try_get("", "version")?, row.try_get("", "last")?);
        Ok(format!(
            "{name} {} is at version {version}, its last event made {last}",
            hex(rows::get_id(row, "state_id")?)
        ))
    })
    .await
}

/// Subjects whose events exist but whose row does not.
async fn vanished(exam: &Exam<'_>, report: &mut Report, kind: &Kind) -> Result<(), Fault> {
    let Kind { name, table, id, born_elsewhere: _ } = kind;
    let sql = format!(
        "SELECT DISTINCT e.subject_id FROM event e LEFT JOIN {table} t ON t.market_id = e.market_id AND t.{id} = e.subject_id \
         WHERE e.market_id = $1 AND e.subject_kind = '{name}' AND t.{id} IS NULL ORDER BY e.subject_id"
    );
    exam.refute(report, Check::StateVersion, &sql, |row| {
        Ok(format!("{name} {} has events but no row", hex(rows::get_id(row, "subject_id")?)))
    })
    .await
}

/// Deadlines exist only for orders that exist and, as their rows say, still run.
async fn deadlines(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT d.subject_id, d.step, COALESCE(o.status, 'missing') AS status FROM deadline d \
        LEFT JOIN trade_order o ON o.market_id = d.market_id AND o.id = d.subject_id \
        WHERE d.market_id = $1 AND d.subject_kind = 'order' AND (o.id IS NULL OR o.status IN ('closed', 'cancelled', 'expired')) \
        ORDER BY d.subject_id, d.step, d.part";
    exam.refute(report, Check::Deadline, sql, |row| {
        let (step, status): (String, String) = (row.try_get("", "step")?, row.try_get("", "status")?);
        Ok(format!("{step} waits for order {}, which is {status}", hex(rows::get_id(row, "subject_id")?)))
    })
    .await
}

/// A confirmed proof has the deadline that ends it, and no other claim has one.
async fn ends_of_proofs(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT c.company_id, c.no, c.state FROM proof_claim c LEFT JOIN deadline d ON d.market_id = c.market_id \
        AND d.subject_id = c.company_id AND d.step = 'proof.expire' AND d.part = c.no \
        WHERE c.market_id = $1 AND (c.state = 'confirmed') <> (d.subject_id IS NOT NULL) ORDER BY c.company_id, c.no";
    exam.refute(report, Check::Deadline, sql, |row| {
        let (no, state): (i64, String) = (row.try_get("", "no")?, row.try_get("", "state")?);
        let company = hex(rows::get_id(row, "company_id")?);
        let wrong = if state == "confirmed" { "has no deadline that ends it" } else { "still has a deadline" };
        Ok(format!("claim {no} of company {company} is {state} and {wrong}"))
    })
    .await
}

/// A reply is written in the transaction of its event, so there is none without (MON-11).
async fn replies(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT r.key, r.event_id FROM reply r LEFT JOIN event e ON e.market_id = r.market_id AND e.id = r.event_id \
        WHERE r.market_id = $1 AND e.id IS NULL ORDER BY r.key";
    exam.refute(report, Check::Reply, sql, |row| {
        let key: String = row.try_get("", "key")?;
        Ok(format!(
            "the reply of key {key:?} belongs to event {}, which is missing",
            hex(rows::get_id(row, "event_id")?)
        ))
    })
    .await
}
