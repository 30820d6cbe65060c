//! Listings that wait for the market's look, the longest waiting first.

use super::{FOUND, Found, found};
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use sea_orm::Value;

fn queue_sql(market: u128, after: Option<(i64, u128)>, limit: u32) -> (String, Vec<Value>) {
    let mut values = vec![rows::id(market)];
    let mut behind = String::new();
    if let Some((at, id)) = after {
        values.extend([at.into(), rows::id(id)]);
        behind = " AND (p.review_at, p.id) > ($2, $3)".to_owned();
    }
    let sql = format!("{FOUND} AND p.review_at IS NOT NULL{behind} ORDER BY p.review_at, p.id LIMIT {limit}");
    (sql, values)
}

/// A page of the queue.
pub async fn queue(db: &Database, scope: &Scope, after: Option<(i64, u128)>, limit: u32) -> Result<Vec<Found>, Fault> {
    let (sql, values) = queue_sql(scope.market(), after, limit);
    rows::query(db.read(), sql, values).await?.iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_queue_walks_its_own_index_and_begins_where_the_last_page_ended() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/plan.db", folder.path().display())).await.unwrap();
        let (sql, values) = queue_sql(1, Some((5, 7)), 30);
        let found = rows::query(db.read(), format!("EXPLAIN QUERY PLAN {sql}"), values).await.unwrap();
        let steps: Vec<String> = found.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.contains("product__review")), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }
}
