//! Lists and pages of orders; every read needs the scope of its reader.

mod records;

pub use records::{record_of, sellers_moved, sellers_since};

use super::store::{COLUMNS, Stored, load_rows};
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::engine::MarketState;
use crate::platform::pattern;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::trade::{Goods, wanted};
use sea_orm::{QueryResult, Value};
use std::collections::HashSet;

/// Filters of the order list.
#[derive(Debug, Default)]
pub struct Filter {
    /// Only this status.
    pub status: Option<String>,
    /// Only this phase.
    pub phase: Option<String>,
    /// Only orders where the scope's company buys (`buyer`) or sells (`seller`).
    pub role: Option<String>,
    /// Part of the number or the title.
    pub q: Option<String>,
    /// Position after the last row of the page before: `updated_at`, id.
    pub after: Option<(i64, u128)>,
    /// Rows at most.
    pub limit: u32,
}

/// Who may see a row: parties see offered orders, drafters their drafts, overseers all but drafts.
fn visible(scope: &Scope, values: &mut Vec<Value>) -> String {
    values.push(rows::id(scope.market()));
    let condition = match scope.company() {
        None => "o.market_id = $1 AND o.offered = 1".to_owned(),
        Some(company) => {
            values.push(rows::id(company));
            "o.market_id = $1 AND (o.buyer_id = $2 OR o.seller_id = $2) AND (o.drafter_id = $2 OR o.offered = 1)"
                .to_owned()
        }
    };
    unguarded(condition)
}

/// The condition without the guards that a rig has taken away.
fn unguarded(mut condition: String) -> String {
    if sabotage::skips(Guard::OrderMarket) {
        condition = condition.replace("o.market_id = $1", "$1 = $1");
    }
    if sabotage::skips(Guard::OrderParties) {
        condition = condition.replace("(o.buyer_id = $2 OR o.seller_id = $2)", "$2 = $2");
    }
    if sabotage::skips(Guard::Drafts) {
        condition = condition.replace("o.offered = 1", "1 = 1");
    }
    condition
}

/// A page of orders, the last changed first.
pub async fn list(db: &Database, scope: &Scope, filter: &Filter) -> Result<Vec<QueryResult>, Fault> {
    let (sql, values) = list_sql(scope, filter);
    rows::query(db.read(), sql, values).await
}

/// What the list shows; the aggregate itself, thousands of bytes a row, stays where it is.
const LISTED: &str = "o.market_id, o.id, o.number, o.buyer_id, o.seller_id, o.status, o.phase, o.currency, o.total, o.paid, \
    o.held, o.released, o.refunded, o.title, o.updated_at";

/// The page's rows come from one index per side; an `OR` over both would walk every order of the market. The unary plus
/// keeps SQLite from walking all deadlines of the market by due time instead of the order's few.
fn list_sql(scope: &Scope, filter: &Filter) -> (String, Vec<Value>) {
    let mut values = vec![rows::id(scope.market())];
    let sides: &[&str] = match (scope.company(), filter.role.as_deref()) {
        (None, _) => &["o.offered = 1"],
        (Some(_), Some("buyer")) => &["o.buyer_id = $2 AND (o.drafter_id = $2 OR o.offered = 1)"],
        (Some(_), Some(_)) => &["o.seller_id = $2 AND (o.drafter_id = $2 OR o.offered = 1)"],
        (Some(_), None) => &[
            "o.buyer_id = $2 AND (o.drafter_id = $2 OR o.offered = 1)",
            "o.seller_id = $2 AND (o.drafter_id = $2 OR o.offered = 1)",
        ],
    };
    values.extend(scope.company().map(rows::id));
    let filters = filter_sql(filter, &mut values);
    let limit = filter.limit;
    let sides: Vec<String> = sides
        .iter()
        .map(|side| {
            format!(
                "SELECT * FROM (SELECT {LISTED} FROM trade_order o WHERE o.market_id = $1 AND {side}{filters} \
                 ORDER BY o.updated_at DESC, o.id DESC LIMIT {limit}) AS one_side"
            )
        })
        .collect();
    let sql = format!(
        "SELECT o.*, b.name AS buyer_name, b.country AS buyer_country, s.name AS seller_name, s.country AS seller_country, \
         d.due_at, d.step, d.part FROM ({}) o \
         JOIN company b ON b.market_id = o.market_id AND b.id = o.buyer_id \
         JOIN company s ON s.market_id = o.market_id AND s.id = o.seller_id \
         LEFT JOIN deadline d ON d.market_id = o.market_id AND d.subject_id = o.id \
         AND d.due_at = (SELECT MIN(+x.due_at) FROM deadline x WHERE x.market_id = o.market_id AND x.subject_id = o.id) \
         AND NOT EXISTS (SELECT 1 FROM deadline y WHERE y.market_id = d.market_id AND y.subject_id = d.subject_id \
         AND y.due_at = d.due_at AND (y.step < d.step OR (y.step = d.step AND y.part < d.part))) \
         ORDER BY o.updated_at DESC, o.id DESC LIMIT {limit}",
        sides.join(" UNION ALL ")
    );
    (unguarded(sql), values)
}

/// The conditions of the filter; their values follow those already there.
fn filter_sql(filter: &Filter, values: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    let mut mark = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some(status) = &filter.status {
        sql.push_str(&format!(" AND o.status = {}", mark(status.clone().into())));
    }
    if let Some(phase) = &filter.phase {
        sql.push_str(&format!(" AND o.phase = {}", mark(phase.clone().into())));
    }
    if let Some(q) = &filter.q {
        let held = mark(pattern::holding(&q.to_lowercase()).into());
        sql.push_str(&format!(
            " AND (LOWER(o.number) LIKE {held} ESCAPE '!' OR LOWER(o.title) LIKE {held} ESCAPE '!')"
        ));
    }
    if let Some((at, id)) = filter.after {
        let (at, id) = (mark(at.into()), mark(rows::id(id)));
        sql.push_str(&format!(" AND (o.updated_at, o.id) < ({at}, {id})"));
    }
    sql
}

/// The condition for one order the scope may see, with its values.
fn one(scope: &Scope, order: u128) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let seen = visible(scope, &mut values);
    let carrier = scope.actor().role == entrepot_domain::kernel::Role::Carrier;
    let condition =
        if carrier { "o.market_id = $1 AND o.status IN ('active', 'completed', 'closed')".to_owned() } else { seen };
    if carrier {
        values.truncate(1);
    }
    values.push(rows::id(order));
    (format!("{condition} AND o.id = ${}", values.len()), values)
}

/// The order in a row with [`COLUMNS`], with its version. What was agreed is mostly remembered, so this asks nobody.
async fn order_in(db: &Database, scope: &Scope, row: &QueryResult) -> Result<(Stored, i64), Failure> {
    let stored = load_rows(db.read(), scope.market(), std::slice::from_ref(row)).await?.pop();
    Ok((stored.ok_or_else(Refusal::not_found)?, row.try_get("", "version").map_err(Fault::from)?))
}

/// One order with its version; 404 when the scope may not see it.
pub async fn load(db: &Database, scope: &Scope, order: u128) -> Result<(Stored, i64), Failure> {
    let (condition, values) = one(scope, order);
    let sql = format!("SELECT {COLUMNS} FROM trade_order o WHERE {condition}");
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    order_in(db, scope, &row).await
}

/// An order with all its page shows, as of one moment: one statement, because each costs a way to the database and back.
pub struct Page {
    /// The order.
    pub stored: Stored,
    /// Its version.
    pub version: i64,
    /// Name and country of buyer and seller.
    pub names: [(String, String); 2],
    /// What the clock will do: step, part, due; first things first.
    pub deadlines: Vec<(String, i64, i64)>,
}

const PAGE: &str = "SELECT o.id, o.version, o.state, o.updated_at, o.agreement, b.name AS buyer_name, b.country AS buyer_country, \
    s.name AS seller_name, s.country AS seller_country, \
    (SELECT string_agg(d.step || ' ' || CAST(d.part AS TEXT) || ' ' || CAST(d.due_at AS TEXT), ',' \
        ORDER BY d.due_at, d.step, d.part) \
        FROM deadline d WHERE d.market_id = o.market_id AND d.subject_id = o.id) AS deadlines \
    FROM trade_order o JOIN company b ON b.market_id = o.market_id AND b.id = o.buyer_id \
    JOIN company s ON s.market_id = o.market_id AND s.id = o.seller_id";

/// An order's page; 404 when the scope may not see it.
pub async fn page(db: &Database, scope: &Scope, order: u128) -> Result<Page, Failure> {
    let (condition, values) = one(scope, order);
    let sql = format!("{PAGE} WHERE {condition}");
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    let (stored, version) = order_in(db, scope, &row).await?;
    let read = || -> Result<Page, Fault> {
        let named = |side: &str| -> Result<(String, String), Fault> {
            Ok((row.try_get("", &format!("{side}_name"))?, row.try_get("", &format!("{side}_country"))?))
        };
        let waiting: Option<String> = row.try_get("", "deadlines")?;
        Ok(Page {
            stored,
            version,
            names: [named("buyer")?, named("seller")?],
            deadlines: waiting.as_deref().map(waits).transpose()?.unwrap_or_default(),
        })
    };
    Ok(read()?)
}

/// Reads `step part due,step part due`.
fn waits(text: &str) -> Result<Vec<(String, i64, i64)>, Fault> {
    let broken = || Fault::new("a deadline could not be read");
    let one = |entry: &str| {
        let mut words = entry.split(' ');
        let (step, part, due) = (words.next(), words.next(), words.next());
        let number = |word: Option<&str>| word.and_then(|w| w.parse().ok()).ok_or_else(broken);
        Ok((step.ok_or_else(broken)?.to_owned(), number(part)?, number(due)?))
    };
    text.split(',').map(one).collect()
}

/// An order with all that its next steps are judged by, as of one moment.
pub struct Judged {
    /// The order.
    pub stored: Stored,
    /// Its version.
    pub version: i64,
    /// The market it is in.
    pub market: MarketState,
    /// The buyer's wallet in the order's currency.
    pub wallet: i64,
    /// What is free of the goods that the first payment has to find in stock; empty for all other orders.
    pub stock: Goods,
}

const JUDGED: &str = "SELECT o.id, o.version, o.state, o.updated_at, o.agreement, m.state AS market_state, \
    (SELECT a.balance FROM account a WHERE a.market_id = o.market_id AND a.owner_id = o.buyer_id AND a.kind = 'L.BUYER' \
        AND a.part = 0 AND a.currency = o.currency) AS wallet \
    FROM trade_order o JOIN market m ON m.market_id = o.market_id";

/// What an order's next steps are judged by; 404 when the scope may not see it.
pub async fn judged(db: &Database, scope: &Scope, order: u128) -> Result<Judged, Failure> {
    let (condition, values) = one(scope, order);
    let sql = format!("{JUDGED} WHERE {condition}");
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    let (stored, version) = order_in(db, scope, &row).await?;
    let goods: Vec<_> = wanted(&stored.order).into_keys().collect();
    let stock = crate::stock::free(db, scope.market(), &goods).await?;
    let read = || -> Result<Judged, Fault> {
        let market: String = row.try_get("", "market_state")?;
        Ok(Judged {
            stored,
            version,
            market: serde_json::from_str(&market)?,
            wallet: row.try_get::<Option<i64>>("", "wallet")?.unwrap_or(0),
            stock,
        })
    };
    Ok(read()?)
}

/// Buyer and seller of a visible order; 404 otherwise.
pub async fn parties(db: &Database, scope: &Scope, order: u128) -> Result<[Option<u128>; 2], Failure> {
    let (stored, _) = load(db, scope, order).await?;
    let terms = stored.order.terms.as_ref().ok_or_else(Refusal::not_found)?;
    Ok([Some(terms.buyer.0), Some(terms.seller.0)])
}

const EVENTS: &str = "SELECT e.*, s.seq, s.hash FROM event e LEFT JOIN sealed s ON s.market_id = e.market_id AND s.event_id = e.id \
    WHERE e.market_id = $1 AND e.subject_kind = 'order' AND e.subject_id = $2 ORDER BY e.subject_version LIMIT 500";
const POSTINGS: &str = "SELECT j.event_id, j.no, j.rule, p.kind, p.owner_id, p.part, p.currency, p.amount, e.effective_at \
    FROM event e JOIN journal j ON j.market_id = e.market_id AND j.event_id = e.id \
    JOIN posting p ON p.market_id = j.market_id AND p.event_id = j.event_id AND p.journal_no = j.no \
    WHERE e.market_id = $1 AND e.subject_kind = 'order' AND e.subject_id = $2 \
    ORDER BY e.subject_version, j.no, p.line_no LIMIT 2000";

const NEGOTIATION: &str = "SELECT e.* FROM event e WHERE e.market_id = $1 AND e.subject_kind = 'order' AND e.subject_id = $2 \
    AND e.step IN ('order.draft', 'order.revise', 'order.offer', 'order.counter', 'order.accept', 'order.withdraw', \
    'order.decline', 'order.expire_offer', 'amendment.propose', 'extension.propose', 'proposal.accept') \
    ORDER BY e.subject_version LIMIT 500";

/// An order's page for those who negotiate it and those who oversee them; the carrier sees the order and has no part in this.
pub async fn negotiated(db: &Database, scope: &Scope, order: u128) -> Result<Page, Failure> {
    if scope.actor().role == entrepot_domain::kernel::Role::Carrier {
        return Err(Refusal::not_found().into());
    }
    page(db, scope, order).await
}

/// The event rows that made and answered offers and changes of an order, oldest first.
pub async fn negotiation(db: &Database, scope: &Scope, order: u128) -> Result<Vec<QueryResult>, Fault> {
    rows::query(db.read(), NEGOTIATION, vec![rows::id(scope.market()), rows::id(order)]).await
}

/// An order's event rows, oldest first, sealed or not yet.
pub async fn events(db: &Database, scope: &Scope, order: u128) -> Result<Vec<QueryResult>, Fault> {
    rows::query(db.read(), EVENTS, vec![rows::id(scope.market()), rows::id(order)]).await
}

/// An order's postings with their journals, oldest first.
pub async fn postings(db: &Database, scope: &Scope, order: u128) -> Result<Vec<QueryResult>, Fault> {
    rows::query(db.read(), POSTINGS, vec![rows::id(scope.market()), rows::id(order)]).await
}

/// The aggregate of a visible order with its version, for other parts of the product.
pub async fn load_order(
    db: &Database,
    scope: &Scope,
    order: u128,
) -> Result<(entrepot_domain::trade::Order, i64), Failure> {
    let (stored, version) = load(db, scope, order).await?;
    Ok((stored.order, version))
}

/// Companies that share an order with `company` that was agreed: running, done, or ended after money was paid.
pub async fn partners(db: &Database, market: u128, company: u128) -> Result<HashSet<u128>, Fault> {
    const AGREED: &str =
        "(o.status IN ('agreed', 'active', 'completed', 'closed') OR (o.status = 'cancelled' AND o.paid > 0))";
    let sql = format!(
        "SELECT DISTINCT o.seller_id AS other FROM trade_order o WHERE o.market_id = $1 AND o.buyer_id = $2 AND {AGREED} \
         UNION SELECT DISTINCT o.buyer_id FROM trade_order o WHERE o.market_id = $1 AND o.seller_id = $2 AND {AGREED}"
    );
    let found = rows::query(db.read(), sql, vec![rows::id(market), rows::id(company)]).await?;
    found.iter().map(|row| rows::get_id(row, "other")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::access::Actor;

    /// What SQLite's planner says it will do, one line per step.
    async fn plan(db: &Database, sql: &str, values: Vec<Value>) -> Vec<String> {
        let found = rows::query(db.read(), format!("EXPLAIN QUERY PLAN {sql}"), values).await.unwrap();
        found.iter().map(|row| row.try_get("", "detail").unwrap()).collect()
    }

    #[tokio::test]
    async fn lists_and_pages_are_found_by_index_and_deadlines_by_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/plan.db", folder.path().display())).await.unwrap();
        let buyer = Actor { company: Some(2), role: entrepot_domain::kernel::Role::Owner, ..Actor::system(1) };
        let two = || vec![rows::id(1), rows::id(2)];
        let mut questions: Vec<(String, Vec<Value>)> =
            [EVENTS, NEGOTIATION, POSTINGS].iter().map(|sql| ((*sql).to_owned(), two())).collect();
        for actor in [buyer, Actor::system(1)] {
            questions.push(list_sql(&Scope::of(&actor), &Filter { limit: 50, ..Filter::default() }));
            for sql in [PAGE, JUDGED] {
                let (condition, values) = one(&Scope::of(&actor), 2);
                questions.push((format!("{sql} WHERE {condition}"), values));
            }
        }
        for (sql, values) in questions {
            let steps = plan(&db, &sql, values).await;
            assert!(!steps.is_empty());
            assert!(
                !steps.iter().any(|s| s.starts_with("SCAN") && !s.contains("one_side") && s != "SCAN o"),
                "{sql}: {steps:?}"
            );
            assert!(!steps.iter().any(|s| s.contains("deadline__due (market_id=?)")), "{sql}: {steps:?}");
            let market_wide = steps.iter().any(|s| s.contains("trade_order__recent (market_id=?)"));
            let whole_list = sql.contains("WHERE o.market_id = $1 AND o.offered = 1 ORDER BY");
            assert_eq!(market_wide, whole_list, "{sql}: {steps:?}");
        }
        let (list, values) = list_sql(&Scope::of(&Actor::system(1)), &Filter { limit: 50, ..Filter::default() });
        let control = plan(&db, &list.replace("+x.due_at", "x.due_at"), values).await;
        let scan = plan(&db, "SELECT * FROM trade_order WHERE title = 'x'", vec![]).await;
        assert!(scan.iter().any(|s| s.starts_with("SCAN")), "{scan:?}");
        assert!(control.iter().any(|s| s.contains("deadline__due (market_id=?)")), "the plus is needed: {control:?}");
    }
}
