//! What companies sell, for what follows the market: each with the categories it lists goods in and the titles of its main goods.

use super::store::parse;
use crate::identity::Company;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use std::collections::{BTreeSet, HashMap};

/// A supplier's newest published listings: what it is found by beside its categories.
pub const MAIN_GOODS: usize = 40;

/// A company with what it lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The company.
    pub company: Company,
    /// Categories of published listings with their numbers, by slug.
    pub categories: Vec<(String, i64)>,
    /// Titles of its [`MAIN_GOODS`], in English and Chinese.
    pub goods: Vec<(String, Option<String>)>,
}

impl Range {
    /// Published listings in all.
    pub fn listings(&self) -> i64 {
        self.categories.iter().map(|(_, count)| count).sum()
    }
}

/// Which companies are read.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// These.
    Of(&'a [u128]),
    /// At most so many behind a company, by identifier.
    Behind(u128, u32),
}

async fn companies(db: &Database, market: u128, whose: Whose<'_>) -> Result<Vec<Company>, Fault> {
    let found = match whose {
        Whose::Of(ids) => {
            let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
            rows::select_in(db.read(), "state", "company", &["market_id", "id"], keys, "").await?
        }
        Whose::Behind(after, most) => {
            let sql = format!("SELECT state FROM company WHERE market_id = $1 AND id > $2 ORDER BY id LIMIT {most}");
            rows::query(db.read(), sql, vec![rows::id(market), rows::id(after)]).await?
        }
    };
    let company = |row: &Row| -> Result<Company, Fault> {
        let state: String = row.try_get("", "state")?;
        Ok(serde_json::from_str(&state)?)
    };
    found.iter().map(company).collect()
}

/// Categories of published listings by company, with their numbers.
async fn categories(
    db: &Database,
    market: u128,
    companies: &[Company],
) -> Result<HashMap<u128, Vec<(String, i64)>>, Fault> {
    let keys = companies.iter().flat_map(|one| [rows::id(market), rows::id(one.id.0), "published".into()]).collect();
    let key = ["market_id", "supplier_id", "listing_state"];
    let grouped = "GROUP BY t.supplier_id, t.category ORDER BY t.category";
    let columns = "t.supplier_id, t.category, COUNT(*) AS n";
    let mut categories: HashMap<u128, Vec<(String, i64)>> = HashMap::new();
    for row in rows::select_in(db.read(), columns, "product", &key, keys, grouped).await? {
        let counted = (row.try_get("", "category")?, row.try_get("", "n")?);
        categories.entry(rows::get_id(&row, "supplier_id")?).or_default().push(counted);
    }
    Ok(categories)
}

async fn goods(db: &Database, market: u128, company: u128) -> Result<Vec<(String, Option<String>)>, Fault> {
    let sql = format!(
        "SELECT state FROM product WHERE market_id = $1 AND supplier_id = $2 AND listing_state = 'published' \
         ORDER BY id DESC LIMIT {MAIN_GOODS}"
    );
    let found = rows::query(db.read(), sql, vec![rows::id(market), rows::id(company)]).await?;
    let title = |row: &Row| parse(row).map(|listing| (listing.product.title, listing.title_zh));
    found.iter().map(title).collect()
}

/// Companies of a market with what they list, whether they sell or not; for what follows the market, not for people.
pub async fn ranges(db: &Database, market: u128, whose: Whose<'_>) -> Result<Vec<Range>, Fault> {
    let companies = companies(db, market, whose).await?;
    let mut categories = categories(db, market, &companies).await?;
    let mut ranges = Vec::with_capacity(companies.len());
    for company in companies {
        let categories = categories.remove(&company.id.0).unwrap_or_default();
        let goods = if categories.is_empty() { Vec::new() } else { goods(db, market, company.id.0).await? };
        ranges.push(Range { company, categories, goods });
    }
    Ok(ranges)
}

/// The companies of these listings, whatever their state.
pub async fn sellers_of(db: &Database, market: u128, products: &[u128]) -> Result<BTreeSet<u128>, Fault> {
    let keys = products.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
    let found = rows::select_in(db.read(), "supplier_id", "product", &["market_id", "id"], keys, "").await?;
    found.iter().map(|row| rows::get_id(row, "supplier_id")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn categories_are_counted_from_an_index_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/plan.db", folder.path().display())).await.unwrap();
        let sql = "EXPLAIN QUERY PLAN WITH v(k0,k1,k2) AS (VALUES (?,?,?)) SELECT t.supplier_id, t.category, COUNT(*) AS n \
            FROM v CROSS JOIN product t WHERE t.market_id = v.k0 AND t.supplier_id = v.k1 AND t.listing_state = v.k2 \
            GROUP BY t.supplier_id, t.category ORDER BY t.category";
        let values = vec![rows::id(1), rows::id(2), "published".into()];
        let found = rows::query(db.read(), sql, values).await.unwrap();
        let steps: Vec<String> = found.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.contains("COVERING INDEX product__range")), "{steps:?}");
    }
}
