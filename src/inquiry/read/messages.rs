//! Messages of a thread; the caller has seen the thread by its scope before.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use crate::platform::shelf::Card;
use std::collections::HashMap;

/// A message as it stands.
#[derive(Debug)]
pub struct Message {
    /// Identifier.
    pub id: u128,
    /// Number within the thread.
    pub no: i64,
    /// `buyer` or `seller`.
    pub by: String,
    /// Who wrote it.
    pub user: u128,
    /// What was written.
    pub text: String,
    /// Market time, microseconds.
    pub at: i64,
}

fn message(row: &Row) -> Result<Message, Fault> {
    Ok(Message {
        id: rows::get_id(row, "id")?,
        no: row.try_get("", "no")?,
        by: row.try_get("", "by_side")?,
        user: rows::get_id(row, "user_id")?,
        text: row.try_get("", "text")?,
        at: row.try_get("", "at")?,
    })
}

/// The newest messages before number `before`, the newest first.
pub async fn page(db: &Database, scope: &Scope, inquiry: u128, before: i64, limit: u32) -> Result<Vec<Message>, Fault> {
    let sql = format!(
        "SELECT id, no, by_side, user_id, text, at FROM inquiry_message \
         WHERE market_id = $1 AND inquiry_id = $2 AND no < $3 ORDER BY no DESC LIMIT {limit}"
    );
    let values = vec![rows::id(scope.market()), rows::id(inquiry), before.into()];
    rows::query(db.read(), sql, values).await?.iter().map(message).collect()
}

/// The files of messages `from` to `to`, by message number, in their order.
pub async fn files(
    db: &Database,
    scope: &Scope,
    inquiry: u128,
    (from, to): (i64, i64),
) -> Result<HashMap<i64, Vec<Card>>, Fault> {
    let sql = "SELECT a.no, f.id, f.name, f.size, f.sha256, f.content_type FROM inquiry_attachment a \
        JOIN inquiry_file f ON f.market_id = a.market_id AND f.id = a.file_id \
        WHERE a.market_id = $1 AND a.inquiry_id = $2 AND a.no BETWEEN $3 AND $4 ORDER BY a.no, a.place";
    let values = vec![rows::id(scope.market()), rows::id(inquiry), from.into(), to.into()];
    let mut files: HashMap<i64, Vec<Card>> = HashMap::new();
    for row in rows::query(db.read(), sql, values).await? {
        files.entry(row.try_get("", "no")?).or_default().push(Card::read(&row)?);
    }
    Ok(files)
}
