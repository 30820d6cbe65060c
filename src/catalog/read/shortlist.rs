//! Products a company keeps in mind, with a note. It is the company's and not one person's: colleagues buy together, and who
//! leaves takes nothing away. Nobody else sees it, so it does not go through the door.

use super::Found;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row};

/// Products kept at most.
pub const KEPT_MAX: i64 = 500;

/// A product on the list.
pub struct Kept {
    /// The product as it is listed now.
    pub found: Found,
    /// What somebody noted about it.
    pub note: String,
    /// Who kept it.
    pub user: u128,
    /// Real time.
    pub at: i64,
}

fn owner(scope: &Scope) -> Vec<sea_orm::Value> {
    vec![rows::id(scope.market()), rows::id_opt(scope.actor().company)]
}

fn kept(row: &Row) -> Result<Kept, Fault> {
    Ok(Kept {
        found: super::found(row)?,
        note: row.try_get("", "note")?,
        user: rows::get_id(row, "user_id")?,
        at: row.try_get("", "at")?,
    })
}

/// A page of the list, the last kept first. What was withdrawn stays on it, and says so.
pub async fn page(db: &Database, scope: &Scope, after: Option<(i64, u128)>, limit: u32) -> Result<Vec<Kept>, Fault> {
    let mut values = owner(scope);
    let place = match after {
        Some((at, product)) => {
            values.extend([at.into(), rows::id(product)]);
            " AND (s.at < $3 OR (s.at = $3 AND s.product_id > $4))"
        }
        None => "",
    };
    let sql = format!(
        "SELECT p.id, p.version, p.state, p.supplier_id, c.name AS supplier_name, c.country, c.sells, c.verified_level, s.note, s.user_id, s.at \
         FROM shortlist s JOIN product p ON p.market_id = s.market_id AND p.id = s.product_id \
         JOIN company c ON c.market_id = p.market_id AND c.id = p.supplier_id \
         WHERE s.market_id = $1 AND s.company_id = $2{place} ORDER BY s.at DESC, s.product_id LIMIT {limit}"
    );
    rows::query(db.read(), sql, values).await?.iter().map(kept).collect()
}

/// What is on the list.
pub async fn ids(db: &Database, scope: &Scope) -> Result<Vec<u128>, Fault> {
    let sql = "SELECT product_id FROM shortlist WHERE market_id = $1 AND company_id = $2 ORDER BY product_id";
    let found = rows::query(db.read(), sql, owner(scope)).await?;
    found.iter().map(|row| rows::get_id(row, "product_id")).collect()
}

/// Keeps a product, or changes its note; the same again changes nothing.
///
/// Errors: 409 `shortlist.full`.
pub async fn keep(db: &Database, scope: &Scope, product: u128, note: &str, at: i64) -> Result<(), Failure> {
    let tx = db.write_tx().await?;
    // Two at once must not both find the last place.
    db.market_lock(&tx, uuid::Uuid::from_u128(scope.market())).await?;
    let mut values = owner(scope);
    values.extend([rows::id(product), note.into()]);
    let sql = "UPDATE shortlist SET note = $4 WHERE market_id = $1 AND company_id = $2 AND product_id = $3";
    if rows::execute(&tx, sql, values.clone()).await? == 0 {
        let sql = "SELECT COUNT(*) AS n FROM shortlist WHERE market_id = $1 AND company_id = $2";
        let row = rows::query_one(&tx, sql, owner(scope)).await?;
        let known: i64 = row.map_or(Ok(0), |row| row.try_get("", "n")).map_err(Fault::from)?;
        if known >= KEPT_MAX {
            let detail = format!("Your company keeps {KEPT_MAX} products already.");
            return Err(Refusal::new(409, "shortlist.full", detail).with("max", KEPT_MAX).into());
        }
        values.extend([rows::id(scope.actor().user), at.into()]);
        let sql =
            "INSERT INTO shortlist (market_id, company_id, product_id, note, user_id, at) VALUES ($1,$2,$3,$4,$5,$6)";
        rows::execute(&tx, sql, values).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a product off the list; a second time changes nothing.
pub async fn remove(db: &Database, scope: &Scope, product: u128) -> Result<(), Fault> {
    let sql = "DELETE FROM shortlist WHERE market_id = $1 AND company_id = $2 AND product_id = $3";
    let mut values = owner(scope);
    values.push(rows::id(product));
    rows::execute(db.write(), sql, values).await.map(|_| ())
}
