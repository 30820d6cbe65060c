//! Pages and lists of products and companies: each one statement, each limited to the reader's market.

use super::listing::{Listing, fold};
use super::store::parse;
use crate::identity::Company;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::pattern;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use sea_orm::{QueryResult, Value};
use std::collections::HashMap;

/// Words of a search looked at; more are ignored.
const WORDS_MAX: usize = 8;

/// A company as a seller of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplier {
    /// Its identifier.
    pub id: u128,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: String,
    /// Whether it sells.
    pub sells: bool,
}

/// A product with its version and supplier.
#[derive(Debug, Clone)]
pub struct Found {
    /// Identifier.
    pub id: u128,
    /// Version.
    pub version: i64,
    /// The listing.
    pub listing: Listing,
    /// Who sells it.
    pub supplier: Supplier,
}

const FOUND: &str = "SELECT p.id, p.version, p.state, p.supplier_id, c.name AS supplier_name, c.country, c.sells \
    FROM product p JOIN company c ON c.market_id = p.market_id AND c.id = p.supplier_id WHERE p.market_id = $1";

fn found(row: &QueryResult) -> Result<Found, Fault> {
    Ok(Found {
        id: rows::get_id(row, "id")?,
        version: row.try_get("", "version")?,
        listing: parse(row)?,
        supplier: Supplier {
            id: rows::get_id(row, "supplier_id")?,
            name: row.try_get("", "supplier_name")?,
            country: row.try_get("", "country")?,
            sells: row.try_get::<i64>("", "sells")? != 0,
        },
    })
}

/// Filters of the product list.
#[derive(Debug, Default)]
pub struct Filter {
    /// Only this supplier.
    pub supplier: Option<u128>,
    /// Only this category.
    pub category: Option<String>,
    /// Every word must be in title, SKU or supplier.
    pub q: Option<String>,
    /// The last product of the page before.
    pub after: Option<u128>,
    /// Rows at most.
    pub limit: u32,
}

/// A page of products.
pub async fn products(db: &Database, scope: &Scope, filter: &Filter) -> Result<Vec<Found>, Fault> {
    let mut sql = FOUND.to_owned();
    let mut values = vec![rows::id(scope.market())];
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(supplier) = filter.supplier {
        add(" AND p.supplier_id = ?", rows::id(supplier));
    }
    if let Some(category) = &filter.category {
        add(" AND p.category = ?", category.clone().into());
    }
    for word in fold(filter.q.as_deref().unwrap_or("")).split_whitespace().take(WORDS_MAX) {
        add(" AND p.search LIKE ? ESCAPE '!'", pattern::holding(word).into());
    }
    if let Some(after) = filter.after {
        add(" AND p.id > ?", rows::id(after));
    }
    sql.push_str(&format!(" ORDER BY p.id LIMIT {}", filter.limit));
    rows::query(db.read(), sql, values).await?.iter().map(found).collect()
}

/// One product: one indexed read.
///
/// Errors: 404 when the market has no such product.
pub async fn product(db: &Database, scope: &Scope, id: u128) -> Result<Found, Failure> {
    let values = vec![rows::id(scope.market()), rows::id(id)];
    let row =
        rows::query_one(db.read(), format!("{FOUND} AND p.id = $2"), values).await?.ok_or_else(Refusal::not_found)?;
    Ok(found(&row)?)
}

/// All products of a supplier by SKU, for imports.
pub async fn products_of(
    db: &Database,
    market: u128,
    supplier: u128,
) -> Result<HashMap<String, (i64, Listing)>, Fault> {
    let sql = "SELECT sku, version, state FROM product WHERE market_id = $1 AND supplier_id = $2";
    let found = rows::query(db.read(), sql, vec![rows::id(market), rows::id(supplier)]).await?;
    found.iter().map(|r| Ok((r.try_get("", "sku")?, (r.try_get("", "version")?, parse(r)?)))).collect()
}

/// The product of a supplier with this SKU, for imports.
pub async fn product_by_sku(
    db: &Database,
    market: u128,
    supplier: u128,
    sku: &str,
) -> Result<Option<(i64, Listing)>, Fault> {
    let sql = "SELECT version, state FROM product WHERE market_id = $1 AND supplier_id = $2 AND sku = $3";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(supplier), sku.into()]).await?;
    row.map(|r| Ok((r.try_get("", "version")?, parse(&r)?))).transpose()
}

/// Categories with the number of products in each, by slug.
pub async fn categories(db: &Database, scope: &Scope) -> Result<Vec<(String, i64)>, Fault> {
    let sql = "SELECT category, COUNT(*) AS n FROM product WHERE market_id = $1 GROUP BY category ORDER BY category";
    let found = rows::query(db.read(), sql, vec![rows::id(scope.market())]).await?;
    found.iter().map(|r| Ok((r.try_get("", "category")?, r.try_get("", "n")?))).collect()
}

/// A company as a supplier.
///
/// Errors: 404 when the market has no such company.
pub async fn supplier(db: &Database, market: u128, id: u128) -> Result<Supplier, Failure> {
    let sql = "SELECT name, country, sells FROM company WHERE market_id = $1 AND id = $2";
    let row =
        rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(id)]).await?.ok_or_else(Refusal::not_found)?;
    let read = || -> Result<Supplier, Fault> {
        Ok(Supplier {
            id,
            name: row.try_get("", "name")?,
            country: row.try_get("", "country")?,
            sells: row.try_get::<i64>("", "sells")? != 0,
        })
    };
    Ok(read()?)
}

/// All companies of a market by registration number, for filling it.
pub async fn suppliers_by_registration(db: &Database, market: u128) -> Result<HashMap<String, Supplier>, Fault> {
    let sql = "SELECT id, name, country, sells, registration_number FROM company WHERE market_id = $1";
    let read = |row: &QueryResult| {
        let (id, sells) = (rows::get_id(row, "id")?, row.try_get::<i64>("", "sells")? != 0);
        let supplier = Supplier { id, name: row.try_get("", "name")?, country: row.try_get("", "country")?, sells };
        Ok((row.try_get("", "registration_number")?, supplier))
    };
    rows::query(db.read(), sql, vec![rows::id(market)]).await?.iter().map(read).collect()
}

const COMPANY: &str = "SELECT c.state, (SELECT COUNT(*) FROM product p WHERE p.market_id = c.market_id AND p.supplier_id = c.id) \
    AS products FROM company c WHERE c.market_id = $1";

fn company_of(row: &QueryResult) -> Result<(Company, i64), Fault> {
    let state: String = row.try_get("", "state")?;
    Ok((serde_json::from_str(&state)?, row.try_get("", "products")?))
}

/// One company with the number of its products.
///
/// Errors: 404 when the market has no such company.
pub async fn company(db: &Database, scope: &Scope, id: u128) -> Result<(Company, i64), Failure> {
    let values = vec![rows::id(scope.market()), rows::id(id)];
    let row =
        rows::query_one(db.read(), format!("{COMPANY} AND c.id = $2"), values).await?.ok_or_else(Refusal::not_found)?;
    Ok(company_of(&row)?)
}

/// Filters of the company list.
#[derive(Debug, Default)]
pub struct CompanyFilter {
    /// Only those that sell, or do not.
    pub sells: Option<bool>,
    /// Only those that buy, or do not.
    pub buys: Option<bool>,
    /// The last company of the page before: name and identifier.
    pub after: Option<(String, u128)>,
    /// Rows at most.
    pub limit: u32,
}

/// A page of companies by name.
pub async fn companies(db: &Database, scope: &Scope, filter: &CompanyFilter) -> Result<Vec<(Company, i64)>, Fault> {
    let mut sql = COMPANY.to_owned();
    let mut values = vec![rows::id(scope.market())];
    for (column, wanted) in [("sells", filter.sells), ("buys", filter.buys)] {
        if let Some(wanted) = wanted {
            values.push(i64::from(wanted).into());
            sql.push_str(&format!(" AND c.{column} = ${}", values.len()));
        }
    }
    if let Some((name, id)) = &filter.after {
        values.extend([name.clone().into(), rows::id(*id)]);
        sql.push_str(&format!(" AND (c.name, c.id) > (${}, ${})", values.len() - 1, values.len()));
    }
    sql.push_str(&format!(" ORDER BY c.name, c.id LIMIT {}", filter.limit));
    rows::query(db.read(), sql, values).await?.iter().map(company_of).collect()
}
