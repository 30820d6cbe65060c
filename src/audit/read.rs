//! Reads over the whole market: sums of the books, and the log with the names of those who acted.

use super::verify::Head;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::kernel::MarketTime;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, IsolationLevel, QueryResult, TransactionOptions,
    TransactionTrait, Value,
};
use std::collections::BTreeMap;

/// Natural balances by (currency, account code).
pub type Sums = BTreeMap<(String, String), i128>;

/// Starts a reading transaction that sees one moment of the database, however many statements it runs.
pub async fn snapshot(db: &Database) -> Result<DatabaseTransaction, Fault> {
    let mut options = TransactionOptions::default();
    if !db.single_writer() {
        options.isolation_level = Some(IsolationLevel::RepeatableRead);
        options.access_mode = Some(AccessMode::ReadOnly);
    }
    Ok(db.snapshots().begin_with_options(options).await?)
}

/// Where the log of each market ends.
pub async fn heads(db: &Database) -> Result<Vec<Head>, Fault> {
    let sql = "SELECT s.market_id, s.seq, s.hash FROM sealed s \
        JOIN (SELECT market_id, MAX(seq) AS seq FROM sealed GROUP BY market_id) last \
        ON last.market_id = s.market_id AND last.seq = s.seq ORDER BY s.market_id";
    let head = |row: &QueryResult| {
        let hash: Vec<u8> = row.try_get("", "hash")?;
        Ok(Head {
            market: format!("{:032x}", rows::get_id(row, "market_id")?),
            seq: row.try_get("", "seq")?,
            hash: hash.iter().map(|b| format!("{b:02x}")).collect(),
        })
    };
    rows::query(db.read(), sql, Vec::new()).await?.iter().map(head).collect()
}

fn key(row: &QueryResult) -> Result<(String, String), Fault> {
    Ok((row.try_get("", "currency")?, row.try_get("", "kind")?))
}

/// Sums of the account rows.
pub async fn kind_sums(tx: &impl ConnectionTrait, market: u128) -> Result<Sums, Fault> {
    let sql = "SELECT kind, currency, CAST(SUM(balance) AS BIGINT) AS total FROM account WHERE market_id = $1 GROUP BY kind, currency";
    let found = rows::query(tx, sql, vec![rows::id(market)]).await?;
    found.iter().map(|row| Ok((key(row)?, i128::from(row.try_get::<i64>("", "total")?)))).collect()
}

/// What waits for its seal before it reaches the platform's account rows.
pub async fn pending_sums(tx: &impl ConnectionTrait, market: u128) -> Result<Sums, Fault> {
    let sql = "SELECT p.kind, p.currency, CAST(SUM(p.amount) AS BIGINT) AS total FROM unsealed u \
        JOIN posting p ON p.market_id = u.market_id AND p.event_id = u.event_id \
        WHERE u.market_id = $1 AND p.kind NOT LIKE 'L.%' GROUP BY p.kind, p.currency";
    let mut sums = Sums::new();
    for row in rows::query(tx, sql, vec![rows::id(market)]).await? {
        let (key, total) = (key(&row)?, i128::from(row.try_get::<i64>("", "total")?));
        let debit_normal = key.1.starts_with("A.") || key.1.starts_with("X.");
        sums.insert(key, if debit_normal { total } else { -total });
    }
    Ok(sums)
}

/// Natural balances of the market at one moment, with what waits for its seal.
pub async fn balances(db: &Database, market: u128) -> Result<Sums, Fault> {
    let tx = snapshot(db).await?;
    let mut sums = kind_sums(&tx, market).await?;
    for (key, delta) in pending_sums(&tx, market).await? {
        *sums.entry(key).or_insert(0) += delta;
    }
    tx.rollback().await?;
    Ok(sums)
}

/// Which part of the log is asked for.
pub struct Page {
    /// The market.
    pub market: u128,
    /// Only events before this sequence.
    pub before: i64,
    /// Only events of this subject.
    pub subject: Option<u128>,
    /// Only this step.
    pub step: Option<String>,
    /// Entries at most.
    pub limit: u32,
}

/// One entry of the log.
pub struct Entry {
    /// Place in the log.
    pub seq: i64,
    /// The event.
    pub id: u128,
    /// The step.
    pub step: String,
    /// Kind, identifier and version of the subject.
    pub subject: (String, u128, i64),
    /// The user's name, when a person acted.
    pub user: Option<String>,
    /// The company's name, when it acted.
    pub company: Option<String>,
    /// The role acted in.
    pub role: String,
    /// Market time.
    pub effective_at: MarketTime,
    /// Real time.
    pub recorded_at: MarketTime,
    /// Chain hash in hexadecimal.
    pub hash: String,
}

/// The newest entries of the sealed log that match, newest first.
pub async fn entries(db: &Database, page: &Page) -> Result<Vec<Entry>, Fault> {
    let mut sql = String::from(
        "SELECT s.seq, s.hash, e.id, e.step, e.subject_kind, e.subject_id, e.subject_version, e.actor_role, e.effective_at, \
            e.recorded_at, u.name AS user_name, c.name AS company_name \
         FROM sealed s JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id \
         LEFT JOIN app_user u ON u.id = e.actor_user \
         LEFT JOIN company c ON c.market_id = e.market_id AND c.id = e.actor_company \
         WHERE s.market_id = $1 AND s.seq < $2",
    );
    let mut values: Vec<Value> = vec![rows::id(page.market), page.before.into()];
    if let Some(subject) = page.subject {
        values.push(rows::id(subject));
        sql.push_str(&format!(" AND e.subject_id = ${}", values.len()));
    }
    if let Some(step) = &page.step {
        values.push(step.as_str().into());
        sql.push_str(&format!(" AND e.step = ${}", values.len()));
    }
    sql.push_str(&format!(" ORDER BY s.seq DESC LIMIT {}", page.limit));
    rows::query(db.read(), sql, values).await?.iter().map(entry).collect()
}

fn entry(row: &QueryResult) -> Result<Entry, Fault> {
    let hash: Vec<u8> = row.try_get("", "hash")?;
    Ok(Entry {
        seq: row.try_get("", "seq")?,
        id: rows::get_id(row, "id")?,
        step: row.try_get("", "step")?,
        subject: (
            row.try_get("", "subject_kind")?,
            rows::get_id(row, "subject_id")?,
            row.try_get("", "subject_version")?,
        ),
        user: row.try_get("", "user_name")?,
        company: row.try_get("", "company_name")?,
        role: row.try_get("", "actor_role")?,
        effective_at: MarketTime(row.try_get("", "effective_at")?),
        recorded_at: MarketTime(row.try_get("", "recorded_at")?),
        hash: hash.iter().map(|b| format!("{b:02x}")).collect(),
    })
}
