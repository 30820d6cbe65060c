//! Reads of threads; each needs the scope of its reader. `messages`, `files`, `clock` and `desk` have files of their own.

pub mod blocks;
pub mod clock;
pub mod files;
pub mod messages;
pub mod templates;

use super::commands::moderates;
use super::store::thread;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row};
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::inquiry::Thread;
use sea_orm::Value;

/// Filters of the list.
#[derive(Debug, Default)]
pub struct Filter {
    /// Only threads where the scope's company buys (`buyer`) or sells (`seller`).
    pub role: Option<String>,
    /// Only threads in this state.
    pub status: Option<String>,
    /// Only threads about this product.
    pub product: Option<u128>,
    /// Position after the last row of the page before: `last_at`, id.
    pub after: Option<(i64, u128)>,
    /// Rows at most.
    pub limit: u32,
}

/// A thread in the list.
#[derive(Debug)]
pub struct Listed {
    /// Identifier.
    pub id: u128,
    /// The thread.
    pub thread: Thread,
    /// Names and countries of buyer and seller.
    pub names: [(String, String); 2],
    /// The product's title.
    pub product: Option<String>,
    /// Number of the last message the reader has read.
    pub read: i64,
    /// Messages of the other side behind that, and behind the own company's last one: what was answered was read.
    pub unread: i64,
    /// The last message's beginning.
    pub last_text: String,
    /// Whose the last message is.
    pub last_by: String,
}

/// Characters of the last message that the list reads.
const LAST_TEXT: u32 = 600;

/// The condition on `i` under which a scope sees a thread; one per side, so that each walks its own index. `$2` is the
/// scope's company.
fn sides(scope: &Scope, role: Option<&str>) -> Vec<&'static str> {
    if sabotage::skips(Guard::InquiryParties) {
        return vec!["$2 = $2"];
    }
    if scope.actor().oversees() {
        return if moderates(scope.actor().role) { vec!["i.reported = 1 AND $2 = $2"] } else { Vec::new() };
    }
    match role {
        Some("buyer") => vec!["i.buyer_id = $2"],
        Some("seller") => vec!["i.seller_id = $2"],
        // A company writes to others only, so no row has both.
        Some(_) | None => vec!["i.buyer_id = $2", "i.seller_id = $2"],
    }
}

fn reader(scope: &Scope) -> [Value; 3] {
    let company = scope.actor().company.unwrap_or(0);
    [rows::id(scope.market()), rows::id(company), rows::id(scope.actor().user)]
}

/// What a list shows of a thread; `$3` is the reading user.
const LISTED: &str = "SELECT o.*, b.name AS buyer_name, b.country AS buyer_country, s.name AS seller_name, \
    s.country AS seller_country, p.title AS product_title, COALESCE(r.no, 0) AS read_no, \
    (SELECT COUNT(*) FROM inquiry_message u WHERE u.market_id = o.market_id AND u.inquiry_id = o.id \
        AND u.no > COALESCE(r.no, 0) AND u.company_id <> $2 AND u.no > CASE WHEN o.buyer_id = $2 THEN o.last_of_buyer \
        WHEN o.seller_id = $2 THEN o.last_of_seller ELSE 0 END) AS unread, \
    m.by_side AS last_by, substr(m.text, 1, {LAST}) AS last_text \
    FROM ({PAGE}) o JOIN company b ON b.market_id = o.market_id AND b.id = o.buyer_id \
    JOIN company s ON s.market_id = o.market_id AND s.id = o.seller_id \
    LEFT JOIN product p ON p.market_id = o.market_id AND p.id = o.product_id \
    LEFT JOIN inquiry_read r ON r.market_id = o.market_id AND r.user_id = $3 AND r.inquiry_id = o.id \
    LEFT JOIN inquiry_message m ON m.market_id = o.market_id AND m.inquiry_id = o.id AND m.no = o.messages \
    ORDER BY o.last_at DESC, o.id DESC";

fn list_sql(scope: &Scope, filter: &Filter) -> Option<(String, Vec<Value>)> {
    let mut values = reader(scope).to_vec();
    let mut wanted = String::new();
    let mut mark = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some(status) = &filter.status {
        wanted.push_str(&format!(" AND i.status = {}", mark(status.clone().into())));
    }
    if let Some(product) = filter.product {
        wanted.push_str(&format!(" AND i.product_id = {}", mark(rows::id(product))));
    }
    if let Some((at, id)) = filter.after {
        wanted.push_str(&format!(" AND (i.last_at, i.id) < ({}, {})", mark(at.into()), mark(rows::id(id))));
    }
    let limit = filter.limit;
    let columns = "i.market_id, i.id, i.buyer_id, i.seller_id, i.product_id, i.messages, i.last_of_buyer, \
        i.last_of_seller, i.last_at, i.state";
    let parts: Vec<String> = sides(scope, filter.role.as_deref())
        .iter()
        .map(|side| {
            format!(
                "SELECT * FROM (SELECT {columns} FROM inquiry i WHERE i.market_id = $1 AND {side}{wanted} \
                 ORDER BY i.last_at DESC, i.id DESC LIMIT {limit}) AS one_side"
            )
        })
        .collect();
    if parts.is_empty() {
        return None;
    }
    let page =
        format!("SELECT * FROM ({}) w ORDER BY w.last_at DESC, w.id DESC LIMIT {limit}", parts.join(" UNION ALL "));
    let sql = LISTED.replace("{PAGE}", &page).replace("{LAST}", &LAST_TEXT.to_string());
    Some((sql, values))
}

fn listed(row: &Row) -> Result<Listed, Fault> {
    Ok(Listed {
        id: rows::get_id(row, "id")?,
        thread: thread(row)?,
        names: [
            (row.try_get("", "buyer_name")?, row.try_get("", "buyer_country")?),
            (row.try_get("", "seller_name")?, row.try_get("", "seller_country")?),
        ],
        product: row.try_get("", "product_title")?,
        read: row.try_get("", "read_no")?,
        unread: row.try_get("", "unread")?,
        last_text: row.try_get::<Option<String>>("", "last_text")?.unwrap_or_default(),
        last_by: row.try_get::<Option<String>>("", "last_by")?.unwrap_or_default(),
    })
}

/// A page of threads, the last moved first.
pub async fn list(db: &Database, scope: &Scope, filter: &Filter) -> Result<Vec<Listed>, Fault> {
    let Some((sql, values)) = list_sql(scope, filter) else { return Ok(Vec::new()) };
    rows::query(db.read(), sql, values).await?.iter().map(listed).collect()
}

/// One thread with its version and what the list says of it.
///
/// Errors: 404 when the scope may not see it.
pub async fn one(db: &Database, scope: &Scope, inquiry: u128) -> Result<(Listed, i64), Failure> {
    // What was settled has left the list and can still be looked at.
    let once = |side: &&str| format!("({})", side.replace("i.reported = 1", "i.reported >= 1"));
    let seen = sides(scope, None).iter().map(once).collect::<Vec<_>>().join(" OR ");
    if seen.is_empty() {
        return Err(Refusal::not_found().into());
    }
    let page = format!("SELECT i.* FROM inquiry i WHERE i.market_id = $1 AND i.id = $4 AND ({seen})");
    let sql = LISTED.replace("{PAGE}", &page).replace("{LAST}", "1");
    let mut values = reader(scope).to_vec();
    values.push(rows::id(inquiry));
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    let read = || -> Result<(Listed, i64), Fault> { Ok((listed(&row)?, row.try_get("", "version")?)) };
    Ok(read()?)
}

/// Running threads of the scope's company with a word of the other side that the reader has not read and no colleague has
/// answered, counted up to `most`.
pub async fn unread(db: &Database, scope: &Scope, most: u32) -> Result<i64, Fault> {
    if scope.actor().oversees() || scope.actor().company.is_none() {
        return Ok(0);
    }
    let side = |own: &str, other: &str| {
        format!(
            "SELECT i.id FROM inquiry i LEFT JOIN inquiry_read r ON r.market_id = i.market_id AND r.user_id = $3 \
             AND r.inquiry_id = i.id WHERE i.market_id = $1 AND i.{own}_id = $2 AND i.status <> 'closed' AND i.last_of_{other} > COALESCE(r.no, 0) \
             AND i.last_of_{other} > i.last_of_{own}"
        )
    };
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT * FROM ({} UNION ALL {}) a LIMIT {most}) b",
        side("buyer", "seller"),
        side("seller", "buyer")
    );
    let row = rows::query_one(db.read(), sql, reader(scope).to_vec()).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0))
}

/// Remembers that the reader has read up to message `no`; a mark only moves forward.
pub async fn mark_read(db: &Database, scope: &Scope, inquiry: u128, no: i64, at: i64) -> Result<(), Fault> {
    let sql = "INSERT INTO inquiry_read (market_id, user_id, inquiry_id, no, at) VALUES ($1,$2,$3,$4,$5) \
        ON CONFLICT (market_id, user_id, inquiry_id) DO UPDATE SET no = excluded.no, at = excluded.at \
        WHERE inquiry_read.no < excluded.no";
    let user = rows::id(scope.actor().user);
    let values = vec![rows::id(scope.market()), user, rows::id(inquiry), no.into(), at.into()];
    rows::execute(db.write(), sql, values).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::access::Actor;
    use entrepot_domain::kernel::Role;

    async fn plan(db: &Database, sql: &str, values: Vec<Value>) -> Vec<String> {
        let found = rows::query(db.read(), format!("EXPLAIN QUERY PLAN {sql}"), values).await.unwrap();
        found.iter().map(|row| row.try_get("", "detail").unwrap()).collect()
    }

    #[tokio::test]
    async fn a_page_of_threads_walks_the_readers_own_index_and_begins_where_the_last_one_ended() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/plan.db", folder.path().display())).await.unwrap();
        let owner = Actor { company: Some(2), role: Role::Owner, ..Actor::system(1) };
        let admin = Actor { role: Role::Admin, ..Actor::system(1) };
        let filter = Filter { after: Some((5, 7)), limit: 50, ..Filter::default() };
        for (actor, indexes) in [(owner, vec!["inquiry__buyer", "inquiry__seller"]), (admin, vec!["inquiry__reported"])]
        {
            let (sql, values) = list_sql(&Scope::of(&actor), &filter).unwrap();
            let steps = plan(&db, &sql, values).await;
            for index in indexes {
                let seeks = |s: &String| s.contains(index) && (s.contains("last_at<?") || s.contains("(last_at,id)<"));
                assert!(steps.iter().any(seeks), "{index}: {steps:?}");
            }
            assert!(!steps.iter().any(|s| s.starts_with("SCAN i")), "{steps:?}");
            assert!(steps.iter().any(|s| s.contains("inquiry_message") && s.contains("no>?")), "{steps:?}");
        }
        let credit = Actor { role: Role::CreditAdmin, ..Actor::system(1) };
        assert!(list_sql(&Scope::of(&credit), &filter).is_none(), "whoever answers for credit reads no talk");
    }
}
