//! Reads a person's notices. Each list names its reader, and leaves out what was told to a company the reader sits in no more.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use entrepot_domain::notice::Kind;
use sea_orm::Value;
use std::collections::HashMap;

/// Unread notices counted at most.
pub const COUNTED_MAX: i64 = 100;

/// A place in the list: the log's sequence and the notice.
pub type Place = (i64, u128);

/// A notice as it is listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Identifier.
    pub id: u128,
    /// What it says.
    pub kind: Kind,
    /// The company it was told to.
    pub company: Option<u128>,
    /// The reader's seat in it.
    pub seat: Option<u128>,
    /// What it leads to.
    pub open: (String, u128),
    /// The other company.
    pub other: Option<u128>,
    /// The colleague it is about.
    pub person: Option<u128>,
    /// Stage or shipment; 0 for none.
    pub part: i64,
    /// Events it stands for.
    pub count: i64,
    /// Place in the log.
    pub seq: i64,
    /// Market time, microseconds.
    pub at: i64,
    /// When the deadline is.
    pub due_at: Option<i64>,
    /// Whether the reader has read it.
    pub read: bool,
}

/// The columns of [`Listed`] of the table named `n`.
pub fn columns() -> &'static str {
    "n.id, n.kind, n.company_id, n.open_kind, n.open_id, n.other_id, n.person_id, n.part, n.count, n.seq, n.at, \
     n.due_at, n.read_at"
}

/// The condition under which a notice is its person's to read: it concerns the person alone, or they sit in its company.
pub fn seated(table: &str) -> String {
    format!(
        "({table}.company_id IS NULL OR EXISTS (SELECT 1 FROM seat t WHERE t.market_id = {table}.market_id \
         AND t.user_id = {table}.user_id AND t.company_id = {table}.company_id AND t.disabled = 0))"
    )
}

/// Reads a row of [`columns`].
pub fn listed(row: &Row) -> Result<Listed, Fault> {
    let kind: String = row.try_get("", "kind")?;
    Ok(Listed {
        id: rows::get_id(row, "id")?,
        kind: Kind::parse(&kind).ok_or_else(|| Fault::new(format!("unknown notice {kind}")))?,
        company: rows::get_id_opt(row, "company_id")?,
        seat: None,
        open: (row.try_get("", "open_kind")?, rows::get_id(row, "open_id")?),
        other: rows::get_id_opt(row, "other_id")?,
        person: rows::get_id_opt(row, "person_id")?,
        part: row.try_get("", "part")?,
        count: row.try_get("", "count")?,
        seq: row.try_get("", "seq")?,
        at: row.try_get("", "at")?,
        due_at: row.try_get("", "due_at")?,
        read: row.try_get::<Option<i64>>("", "read_at")?.is_some(),
    })
}

fn reader(scope: &Scope) -> Vec<Value> {
    vec![rows::id(scope.market()), rows::id(scope.actor().user)]
}

/// A page of the reader's notices, the newest first.
pub async fn list(
    db: &Database,
    scope: &Scope,
    unread: bool,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Listed>, Fault> {
    let mut values = reader(scope);
    let mut wanted = if unread { " AND n.read_at IS NULL".to_owned() } else { String::new() };
    if let Some((seq, id)) = after {
        values.extend([seq.into(), rows::id(id)]);
        wanted.push_str(" AND (n.seq, n.id) < ($3, $4)");
    }
    let sql = format!(
        "SELECT {}, (SELECT t.id FROM seat t WHERE t.market_id = n.market_id AND t.user_id = n.user_id \
         AND t.company_id = n.company_id AND t.disabled = 0 ORDER BY t.id LIMIT 1) AS seat_id FROM notice n \
         WHERE n.market_id = $1 AND n.user_id = $2 AND n.shown = 1{wanted} AND {} ORDER BY n.seq DESC, n.id DESC LIMIT {limit}",
        columns(),
        seated("n")
    );
    let one = |row: &Row| Ok(Listed { seat: rows::get_id_opt(row, "seat_id")?, ..listed(row)? });
    rows::query(db.read(), sql, values).await?.iter().map(one).collect()
}

/// The reader's unread notices, counted up to [`COUNTED_MAX`].
pub async fn unread(db: &Database, scope: &Scope) -> Result<i64, Fault> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT n.id FROM notice n WHERE n.market_id = $1 AND n.user_id = $2 AND n.read_at IS NULL \
         AND n.shown = 1 AND {} LIMIT {COUNTED_MAX}) c",
        seated("n")
    );
    let row = rows::query_one(db.read(), sql, reader(scope)).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0))
}

/// Of each of these readers (market and user) how many notices are unread, and the place of the newest of them.
pub async fn standing(db: &Database, readers: &[(u128, u128)]) -> Result<HashMap<(u128, u128), Place>, Fault> {
    let keys = readers.iter().flat_map(|(market, user)| [rows::id(*market), rows::id(*user)]).collect();
    let columns = "t.market_id, t.user_id, COUNT(*) AS unread, MAX(t.seq) AS newest";
    let suffix = "AND t.read_at IS NULL AND t.shown = 1 GROUP BY t.market_id, t.user_id";
    let mut standing = HashMap::new();
    for row in rows::select_in(db.read(), columns, "notice", &["market_id", "user_id"], keys, suffix).await? {
        let (unread, newest): (i64, i64) = (row.try_get("", "unread")?, row.try_get("", "newest")?);
        let reader = (rows::get_id(&row, "market_id")?, rows::get_id(&row, "user_id")?);
        standing.insert(reader, (unread, u128::try_from(newest).unwrap_or_default()));
    }
    Ok(standing)
}
