//! Lists and pages of orders; every read needs the scope of its reader.

use super::store::{Stored, parse};
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::pattern;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use sea_orm::{QueryResult, Value};

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
    match scope.company() {
        None => "o.market_id = $1 AND o.status <> 'draft'".to_owned(),
        Some(company) => {
            values.push(rows::id(company));
            "o.market_id = $1 AND (o.buyer_id = $2 OR o.seller_id = $2) AND (o.drafter_id = $2 OR o.status <> 'draft')"
                .to_owned()
        }
    }
}

/// A page of orders, the last changed first.
pub async fn list(db: &Database, scope: &Scope, filter: &Filter) -> Result<Vec<QueryResult>, Fault> {
    let (sql, values) = list_sql(scope, filter);
    rows::query(db.read(), sql, values).await
}

/// The page's rows come from one index per side; an `OR` over both would walk every order of the market. The unary plus
/// keeps SQLite from walking all deadlines of the market by due time instead of the order's few.
fn list_sql(scope: &Scope, filter: &Filter) -> (String, Vec<Value>) {
    let mut values = vec![rows::id(scope.market())];
    let sides: &[&str] = match (scope.company(), filter.role.as_deref()) {
        (None, _) => &["o.status <> 'draft'"],
        (Some(_), Some("buyer")) => &["o.buyer_id = $2 AND (o.drafter_id = $2 OR o.status <> 'draft')"],
        (Some(_), Some(_)) => &["o.seller_id = $2 AND (o.drafter_id = $2 OR o.status <> 'draft')"],
        (Some(_), None) => &[
            "o.buyer_id = $2 AND (o.drafter_id = $2 OR o.status <> 'draft')",
            "o.seller_id = $2 AND (o.drafter_id = $2 OR o.status <> 'draft')",
        ],
    };
    values.extend(scope.company().map(rows::id));
    let filters = filter_sql(filter, &mut values);
    let limit = filter.limit;
    let sides: Vec<String> = sides
        .iter()
        .map(|side| {
            format!(
                "SELECT * FROM (SELECT o.* FROM trade_order o WHERE o.market_id = $1 AND {side}{filters} \
                 ORDER BY o.updated_at DESC, o.id DESC LIMIT {limit}) AS one_side"
            )
        })
        .collect();
    let sql = format!(
        "SELECT o.*, d.due_at, d.step, d.part FROM ({}) o \
         LEFT JOIN deadline d ON d.market_id = o.market_id AND d.subject_id = o.id \
         AND d.due_at = (SELECT MIN(+x.due_at) FROM deadline x WHERE x.market_id = o.market_id AND x.subject_id = o.id) \
         AND NOT EXISTS (SELECT 1 FROM deadline y WHERE y.market_id = d.market_id AND y.subject_id = d.subject_id \
         AND y.due_at = d.due_at AND (y.step < d.step OR (y.step = d.step AND y.part < d.part))) \
         ORDER BY o.updated_at DESC, o.id DESC LIMIT {limit}",
        sides.join(" UNION ALL ")
    );
    (sql, values)
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

/// One order with its version; 404 when the scope may not see it.
pub async fn load(db: &Database, scope: &Scope, order: u128) -> Result<(Stored, i64), Failure> {
    let mut values = Vec::new();
    let seen = visible(scope, &mut values);
    let carrier = scope.actor().role == entrepot_domain::kernel::Role::Carrier;
    let condition =
        if carrier { "o.market_id = $1 AND o.status IN ('active', 'completed', 'closed')".to_owned() } else { seen };
    if carrier {
        values.truncate(1);
    }
    values.push(rows::id(order));
    let sql = format!(
        "SELECT o.state, o.updated_at, o.version FROM trade_order o WHERE {condition} AND o.id = ${}",
        values.len()
    );
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    Ok((parse(&row)?, row.try_get("", "version").map_err(Fault::from)?))
}

/// Buyer and seller of a visible order; 404 otherwise.
pub async fn parties(db: &Database, scope: &Scope, order: u128) -> Result<[Option<u128>; 2], Failure> {
    let (stored, _) = load(db, scope, order).await?;
    let terms = stored.order.terms.as_ref().ok_or_else(Refusal::not_found)?;
    Ok([Some(terms.buyer.0), Some(terms.seller.0)])
}

const DEADLINES: &str = "SELECT step, part, due_at FROM deadline WHERE market_id = $1 AND subject_id = $2 ORDER BY due_at, step, part LIMIT 100";
const EVENTS: &str = "SELECT e.*, s.seq, s.hash FROM event e LEFT JOIN sealed s ON s.market_id = e.market_id AND s.event_id = e.id \
    WHERE e.market_id = $1 AND e.subject_kind = 'order' AND e.subject_id = $2 ORDER BY e.subject_version LIMIT 500";
const POSTINGS: &str = "SELECT j.event_id, j.no, j.rule, p.kind, p.owner_id, p.part, p.currency, p.amount, e.effective_at \
    FROM journal j JOIN posting p ON p.market_id = j.market_id AND p.event_id = j.event_id AND p.journal_no = j.no \
    JOIN event e ON e.market_id = j.market_id AND e.id = j.event_id \
    WHERE j.market_id = $1 AND j.order_id = $2 ORDER BY e.subject_version, j.no, p.line_no LIMIT 2000";

/// An order's deadlines: step, part, due.
pub async fn deadlines(db: &Database, scope: &Scope, order: u128) -> Result<Vec<(String, i64, i64)>, Fault> {
    let found = rows::query(db.read(), DEADLINES, vec![rows::id(scope.market()), rows::id(order)]).await?;
    found.iter().map(|r| Ok((r.try_get("", "step")?, r.try_get("", "part")?, r.try_get("", "due_at")?))).collect()
}

/// An order's event rows, oldest first, sealed or not yet.
pub async fn events(db: &Database, scope: &Scope, order: u128) -> Result<Vec<QueryResult>, Fault> {
    rows::query(db.read(), EVENTS, vec![rows::id(scope.market()), rows::id(order)]).await
}

/// An order's postings with their journals, oldest first.
pub async fn postings(db: &Database, scope: &Scope, order: u128) -> Result<Vec<QueryResult>, Fault> {
    rows::query(db.read(), POSTINGS, vec![rows::id(scope.market()), rows::id(order)]).await
}

/// The buyer's wallet balance in a currency, for previews.
pub async fn wallet(db: &Database, market: u128, buyer: u128, currency: &str) -> Result<i64, Fault> {
    let sql = "SELECT balance FROM account WHERE market_id = $1 AND owner_id = $2 AND kind = 'L.BUYER' AND part = 0 AND currency = $3";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(buyer), currency.into()]).await?;
    Ok(row.map(|r| r.try_get("", "balance")).transpose()?.unwrap_or(0))
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
        let one = || vec![rows::id(1), rows::id(2)];
        let mut questions: Vec<(String, Vec<Value>)> =
            [DEADLINES, EVENTS, POSTINGS].iter().map(|sql| ((*sql).to_owned(), one())).collect();
        for actor in [buyer, Actor::system(1)] {
            questions.push(list_sql(&Scope::of(&actor), &Filter { limit: 50, ..Filter::default() }));
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
            assert_eq!(market_wide, sql.contains("WHERE o.market_id = $1 AND o.status <> 'draft'"), "{sql}: {steps:?}");
        }
        let (list, values) = list_sql(&Scope::of(&Actor::system(1)), &Filter { limit: 50, ..Filter::default() });
        let control = plan(&db, &list.replace("+x.due_at", "x.due_at"), values).await;
        let scan = plan(&db, "SELECT * FROM trade_order WHERE title = 'x'", vec![]).await;
        assert!(scan.iter().any(|s| s.starts_with("SCAN")), "{scan:?}");
        assert!(control.iter().any(|s| s.contains("deadline__due (market_id=?)")), "the plus is needed: {control:?}");
    }
}
