//! Reminders: 72 and 24 hours of market time before a deadline that somebody must act on, and taken back when the deadline is gone.
//!
//! The market's clock is looked at from outside: `notice_clock` holds how far it was followed, and what passes a reminding point
//! between there and now is told. So the cost follows what is told, not what is due some day; a leap over both points tells once.

use super::whom::people;
use super::{INQUIRY, JOB, New, ORDER, PROOF, RFQ, cause, write};
use crate::platform::access::{Actor, Scope};
use crate::platform::database::Database;
use crate::platform::engine::Engine;
use crate::platform::jobs;
use crate::platform::live;
use crate::platform::problem::{Failure, Fault};
use crate::platform::rows;
use crate::trade;
use entrepot_domain::kernel::{MarketTime, Role, Side, Zone};
use entrepot_domain::notice::{Duty, Who, duties, hears, side_of, windows};
use sea_orm::{DatabaseTransaction, Value};
use std::collections::BTreeSet;

/// Deadlines of one point told of in one look at most, the nearest first: who leaps a whole market ahead is not flooded.
const AT_ONCE: usize = 2_000;
/// How far the market's clock runs before its place is kept although nothing was told, in microseconds: an hour.
const KEEP_PLACE: i64 = 3_600_000_000;

/// A deadline somebody is reminded of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Near {
    due: i64,
    subject: u128,
    step: String,
    part: i64,
    kind: String,
    hours: i64,
}

/// Whom a duty falls to.
struct Falls {
    company: u128,
    other: Option<u128>,
    open: (&'static str, u128),
}

/// Tells of the deadlines of a market that came close; answers how many were looked at.
pub async fn look(engine: &Engine, market: u128) -> Result<usize, Failure> {
    let (db, state) = (engine.db(), engine.market(market).await?);
    let (now, real) = (state.now(engine.clock().now()), engine.clock().now());
    let Some(before) = reached(db, market).await? else { return begin(db, market, now).await };
    if now <= before || overdue(db, market, now).await? {
        // What is overdue fires first: it may end or set what would be reminded of.
        return Ok(0);
    }
    let near = near(db, market, before, now).await?;
    if near.is_empty() && now.0 - before.0 < KEEP_PLACE {
        return Ok(0);
    }
    let zone = Zone::parse(&state.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let mut words = Vec::new();
    for deadline in &near {
        for duty in duties(&deadline.step) {
            let falls = falls(db, market, deadline, duty.who).await?;
            words.extend(falls.into_iter().map(|falls| (deadline, duty, falls)));
        }
    }
    let seq = live::newest(db, market).await?;
    let at = (now, zone.day_of(now).0);
    let tx = db.write_tx().await?;
    // The job that takes reminders back waits: what it has not seen yet, it will see with the reminder there.
    jobs::hold(db, &tx, market, JOB).await?;
    if !follow(&tx, market, before, now).await? {
        tx.rollback().await.map_err(Fault::from)?;
        return Ok(0);
    }
    let standing = standing(&tx, market, &near).await?;
    words.retain(|(deadline, _, _)| standing.contains(deadline));
    let news = notices(&tx, market, &words, (at, seq, real)).await?;
    replace(&tx, market, &standing).await?;
    write(&tx, market, news).await?;
    tx.commit().await.map_err(Fault::from)?;
    Ok(near.len())
}

async fn reached(db: &Database, market: u128) -> Result<Option<MarketTime>, Fault> {
    let sql = "SELECT reached FROM notice_clock WHERE market_id = $1";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market)]).await?;
    row.map(|row| Ok(MarketTime(row.try_get("", "reached")?))).transpose()
}

/// A market looked at for the first time: what is near already is nobody's news.
async fn begin(db: &Database, market: u128, now: MarketTime) -> Result<usize, Failure> {
    let sql = "INSERT INTO notice_clock (market_id, reached) VALUES ($1, $2) ON CONFLICT (market_id) DO NOTHING";
    rows::execute(db.write(), sql, vec![rows::id(market), now.0.into()]).await?;
    Ok(0)
}

async fn overdue(db: &Database, market: u128, now: MarketTime) -> Result<bool, Fault> {
    let sql = "SELECT 1 AS one FROM deadline WHERE market_id = $1 AND due_at <= $2 LIMIT 1";
    Ok(rows::query_one(db.read(), sql, vec![rows::id(market), now.0.into()]).await?.is_some())
}

/// Moves the place on; false when another node was faster.
async fn follow(tx: &DatabaseTransaction, market: u128, before: MarketTime, now: MarketTime) -> Result<bool, Fault> {
    let sql = "UPDATE notice_clock SET reached = $3 WHERE market_id = $1 AND reached = $2";
    let moved = rows::execute(tx, sql, vec![rows::id(market), before.0.into(), now.0.into()]).await?;
    Ok(moved == 1)
}

async fn near(db: &Database, market: u128, before: MarketTime, now: MarketTime) -> Result<Vec<Near>, Fault> {
    let sql = format!(
        "SELECT due_at, subject_kind, subject_id, step, part FROM deadline WHERE market_id = $1 AND due_at > $2 AND due_at <= $3 \
         ORDER BY due_at, subject_id, step, part LIMIT {AT_ONCE}"
    );
    let mut near = Vec::new();
    for window in windows(before, now) {
        if window.after >= window.until {
            continue;
        }
        let values = vec![rows::id(market), window.after.0.into(), window.until.0.into()];
        for row in rows::query(db.read(), sql.clone(), values).await? {
            let step: String = row.try_get("", "step")?;
            if duties(&step).is_empty() {
                continue;
            }
            near.push(Near {
                due: row.try_get("", "due_at")?,
                subject: rows::get_id(&row, "subject_id")?,
                step,
                part: row.try_get("", "part")?,
                kind: row.try_get("", "subject_kind")?,
                hours: window.ahead.hours(),
            });
        }
    }
    Ok(near)
}

/// The deadlines that stand as they were read.
async fn standing<'a>(tx: &DatabaseTransaction, market: u128, near: &'a [Near]) -> Result<BTreeSet<&'a Near>, Fault> {
    let key = ["market_id", "subject_id", "step", "part"];
    let keys: Vec<Value> = near
        .iter()
        .flat_map(|d| [rows::id(market), rows::id(d.subject), d.step.clone().into(), d.part.into()])
        .collect();
    let mut found = BTreeSet::new();
    for row in rows::select_in(tx, "subject_id, step, part, due_at", "deadline", &key, keys, "").await? {
        let step: String = row.try_get("", "step")?;
        found.insert((
            rows::get_id(&row, "subject_id")?,
            step,
            row.try_get::<i64>("", "part")?,
            row.try_get::<i64>("", "due_at")?,
        ));
    }
    Ok(near.iter().filter(|d| found.contains(&(d.subject, d.step.clone(), d.part, d.due))).collect())
}

/// Who must act on a deadline: none when it waits for nobody any more.
async fn falls(db: &Database, market: u128, deadline: &Near, who: Who) -> Result<Vec<Falls>, Failure> {
    match who {
        Who::Buyer | Who::Seller | Who::Drafter | Who::OfferAsked | Who::ProposalAsked => {
            of_order(db, market, deadline.subject, who).await
        }
        Who::Holder => Ok(vec![Falls { company: deadline.subject, other: None, open: (PROOF, deadline.subject) }]),
        Who::Silent => Ok(of_rows(db, market, deadline.subject, SILENT, INQUIRY).await?),
        Who::Guests => Ok(of_rows(db, market, deadline.subject, GUESTS, RFQ).await?),
        Who::Awarder => Ok(of_rows(db, market, deadline.subject, AWARDER, RFQ).await?),
        Who::Decider => Ok(of_rows(db, market, deadline.subject, DECIDER, RFQ).await?),
    }
}

async fn of_order(db: &Database, market: u128, order: u128, who: Who) -> Result<Vec<Falls>, Failure> {
    let scope = Scope::of(&Actor::system(market));
    let (state, _) = trade::load_order(db, &scope, order).await?;
    let (Some(side), Some(terms)) = (side_of(&state, who), state.terms.as_deref()) else { return Ok(Vec::new()) };
    let (company, other) = match side {
        Side::Buyer => (terms.buyer.0, terms.seller.0),
        Side::Seller => (terms.seller.0, terms.buyer.0),
    };
    Ok(vec![Falls { company, other: Some(other), open: (ORDER, order) }])
}

/// Whose turn an inquiry is: the side that did not speak last.
const SILENT: &str = "SELECT CASE WHEN last_of_buyer > last_of_seller THEN seller_id ELSE buyer_id END AS company, \
    CASE WHEN last_of_buyer > last_of_seller THEN buyer_id ELSE seller_id END AS other, id AS opens \
    FROM inquiry WHERE market_id = $1 AND id = $2 AND status <> 'closed'";
const GUESTS: &str = "SELECT g.supplier_id AS company, r.buyer_id AS other, r.id AS opens FROM rfq r \
    JOIN rfq_guest g ON g.market_id = r.market_id AND g.rfq_id = r.id WHERE r.market_id = $1 AND r.id = $2 AND r.status = 'open' \
    AND NOT EXISTS (SELECT 1 FROM quote q WHERE q.market_id = r.market_id AND q.rfq_id = r.id AND q.supplier_id = g.supplier_id \
    AND q.status = 'live') ORDER BY g.supplier_id";
const AWARDER: &str = "SELECT buyer_id AS company, buyer_id AS other, id AS opens FROM rfq WHERE market_id = $1 AND id = $2 AND status = 'closed'";
const DECIDER: &str = "SELECT q.buyer_id AS company, q.supplier_id AS other, r.id AS opens FROM quote q \
    JOIN rfq r ON r.market_id = q.market_id AND r.id = q.rfq_id \
    WHERE q.market_id = $1 AND q.id = $2 AND q.status = 'live' AND r.status IN ('open', 'closed')";

async fn of_rows(
    db: &Database,
    market: u128,
    subject: u128,
    sql: &str,
    open: &'static str,
) -> Result<Vec<Falls>, Fault> {
    let found = rows::query(db.read(), sql, vec![rows::id(market), rows::id(subject)]).await?;
    let one = |row: &rows::Row| {
        let company = rows::get_id(row, "company")?;
        Ok(Falls {
            company,
            other: Some(rows::get_id(row, "other")?).filter(|other| *other != company),
            open: (open, rows::get_id(row, "opens")?),
        })
    };
    found.iter().map(one).collect()
}

async fn notices(
    tx: &DatabaseTransaction,
    market: u128,
    words: &[(&Near, &'static Duty, Falls)],
    (at, seq, real): ((MarketTime, i32), i64, i64),
) -> Result<Vec<New>, Fault> {
    let companies = words.iter().map(|(_, _, falls)| falls.company).collect();
    let people = people(tx, market, &companies).await?;
    let mut news = Vec::new();
    for (deadline, duty, falls) in words {
        for (user, role) in people.get(&falls.company).into_iter().flatten() {
            if !Role::parse(role).is_some_and(|role| hears(duty.kind, role)) {
                continue;
            }
            let (subject, step) = (deadline.subject.to_be_bytes(), deadline.step.as_bytes());
            let (part, due, hours) =
                (deadline.part.to_be_bytes(), deadline.due.to_be_bytes(), deadline.hours.to_be_bytes());
            news.push(New {
                user: *user,
                company: Some(falls.company),
                cause: cause(&[b"due", &subject, step, &part, &due, &hours]),
                kind: duty.kind,
                open: falls.open,
                other: falls.other,
                person: None,
                part: deadline.part,
                count: 1,
                seq,
                at,
                told_at: real,
                due: Some((MarketTime(deadline.due), deadline.subject, deadline.step.clone())),
            });
        }
    }
    Ok(news)
}

/// Takes the earlier reminder of the same deadline away: the nearer one stands in its place.
async fn replace(tx: &DatabaseTransaction, market: u128, standing: &BTreeSet<&Near>) -> Result<(), Fault> {
    let subjects: BTreeSet<u128> = standing.iter().map(|deadline| deadline.subject).collect();
    let found = of_subjects(tx, market, &subjects, "").await?;
    let again = |(_, subject, step, part): &(u128, u128, String, i64)| {
        standing.iter().any(|d| (d.subject, &d.step, d.part) == (*subject, step, *part))
    };
    let ids: Vec<Value> =
        found.iter().filter(|one| again(one)).flat_map(|one| [rows::id(market), rows::id(one.0)]).collect();
    rows::delete(tx, "notice", &["market_id", "id"], ids).await.map(|_| ())
}

/// Takes reminders of these subjects back whose deadline is gone or was moved.
pub async fn withdraw(tx: &DatabaseTransaction, market: u128, subjects: &BTreeSet<u128>) -> Result<(), Fault> {
    let gone = "AND NOT EXISTS (SELECT 1 FROM deadline d WHERE d.market_id = t.market_id AND d.subject_id = t.due_subject \
        AND d.step = t.due_step AND d.part = t.part AND d.due_at = t.due_at)";
    let found = of_subjects(tx, market, subjects, gone).await?;
    let ids = found.iter().flat_map(|one| [rows::id(market), rows::id(one.0)]).collect();
    rows::delete(tx, "notice", &["market_id", "id"], ids).await.map(|_| ())
}

/// Reminders of these subjects: identifier, subject, step, part.
async fn of_subjects(
    tx: &DatabaseTransaction,
    market: u128,
    subjects: &BTreeSet<u128>,
    condition: &str,
) -> Result<Vec<(u128, u128, String, i64)>, Fault> {
    let keys: Vec<Value> = subjects.iter().flat_map(|subject| [rows::id(market), rows::id(*subject)]).collect();
    let (columns, key) = ("id, due_subject, due_step, part", ["market_id", "due_subject"]);
    let suffix = format!("AND t.due_subject IS NOT NULL {condition}");
    let one = |row: &rows::Row| {
        Ok((
            rows::get_id(row, "id")?,
            rows::get_id(row, "due_subject")?,
            row.try_get("", "due_step")?,
            row.try_get("", "part")?,
        ))
    };
    rows::select_in(tx, columns, "notice", &key, keys, &suffix).await?.iter().map(one).collect()
}
