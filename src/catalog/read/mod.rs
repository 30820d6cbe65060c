//! Pages and lists of products and companies: each one statement, each limited to the reader's market.

pub mod history;
pub mod own;
pub mod pictures;
pub mod quick;
pub mod review;
pub mod shortlist;

use self::own::Own;
use super::listing::Listing;
use super::store::parse;
use crate::identity::Company;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use sea_orm::{QueryResult, Value};
use std::collections::HashMap;

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
    /// Its level of verification, 0 to 3.
    pub verified_level: i64,
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

const OF_MARKET: &str = "p.market_id = $1";
const FOUND: &str = "SELECT p.id, p.version, p.state, p.supplier_id, c.name AS supplier_name, c.country, c.sells, c.verified_level \
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
            verified_level: row.try_get("", "verified_level")?,
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
    /// The last product of the page before.
    pub after: Option<u128>,
    /// Products of a page.
    pub rows: u32,
}

/// Characters of an identifier before each card of an answer.
pub(in crate::catalog) const LEAD: usize = 32;

/// A page of `rows` products as their cards say: each card is a text the database has ready, under the name its company
/// has now.
///
/// The whole page comes as one text, a card a line (JSON has no line breaks inside): each row of an answer is a message between
/// two threads, and fifty of them cost more than the page.
pub async fn cards(db: &Database, scope: &Scope, filter: &Filter) -> Result<String, Fault> {
    let (sql, values) = page_sql(scope, filter, &card_text(db));
    let row = rows::query_one(db.read(), sql, values).await?;
    let page: String = row.map(|r| r.try_get("", "page")).transpose()?.flatten().unwrap_or_default();
    written(&page, usize::try_from(filter.rows).unwrap_or(1))
}

/// A card as the database writes it: the identifier, then the stored card under the name its company has now, and whether
/// nothing is free of goods that lie ready.
pub(in crate::catalog) fn card_text(db: &Database) -> String {
    format!(
        "{} || '{{\"supplier\":{{\"id\":\"' || LOWER({}) || '\",\"name\":' || {} || ',\"country\":' || {} || \
         ',\"verified_level\":' || c.verified_level || '}}' || CASE WHEN o.card LIKE '%\"ready_stock\":true%' \
         AND NOT EXISTS (SELECT 1 FROM stock s WHERE s.market_id = o.market_id AND s.id = o.id AND s.on_hand > s.reserved) \
         THEN ',\"sold_out\":true' ELSE '' END || ',' || substr(o.card, 2)",
        db.hexadecimal("o.id"),
        db.hexadecimal("c.id"),
        db.json_string("c.name"),
        db.json_string("c.country"),
    )
}

/// Puts a page of at most `wanted` cards together; one more says that another page follows.
fn written(page: &str, wanted: usize) -> Result<String, Fault> {
    let mut body = String::with_capacity(page.len() + 64);
    body.push_str("{\"items\":[");
    let (mut last, mut more) = (None, false);
    for (place, line) in page.lines().enumerate() {
        if place == wanted {
            more = true;
            break;
        }
        let (id, card) = line.split_at_checked(LEAD).ok_or_else(|| Fault::new("a card could not be read"))?;
        if place > 0 {
            body.push(',');
        }
        body.push_str(card);
        last = Some(id);
    }
    match last.filter(|_| more) {
        Some(id) => {
            ["],\"next_cursor\":\"", &id.to_ascii_lowercase(), "\"}"].iter().for_each(|part| body.push_str(part))
        }
        None => body.push_str("],\"next_cursor\":null}"),
    }
    Ok(body)
}

fn page_sql(scope: &Scope, filter: &Filter, entry: &str) -> (String, Vec<Value>) {
    let by_product = filter.category.is_some();
    let mut conditions = String::new();
    let mut values = vec![rows::id(scope.market())];
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        conditions.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(supplier) = filter.supplier {
        add(" AND k.supplier_id = ?", rows::id(supplier));
    }
    if let Some(category) = &filter.category {
        add(" AND p.category = ?", category.clone().into());
    }
    // The place stands in the table that is walked in order.
    if let Some(after) = filter.after {
        let column = if by_product { " AND p.id > ?" } else { " AND k.id > ?" };
        add(column, rows::id(after));
    }
    let (walked, joined) = if by_product {
        ("p", "product p JOIN product_card k ON k.market_id = p.market_id AND k.id = p.id")
    } else {
        ("k", "product_card k")
    };
    let market =
        if sabotage::skips(Guard::CatalogMarket) { "$1 = $1".to_owned() } else { format!("{walked}.market_id = $1") };
    let limit = filter.rows.saturating_add(1);
    let sql = format!(
        "SELECT string_agg({entry}, '\n' ORDER BY o.id) AS page FROM \
         (SELECT k.market_id, k.id, k.supplier_id, k.card FROM {joined} WHERE {market}{conditions} \
         ORDER BY {walked}.id LIMIT {limit}) o JOIN company c ON c.market_id = o.market_id AND c.id = o.supplier_id"
    );
    (sql, values)
}

/// The statement behind [`Found`], limited to the market in `$1`.
fn of_market() -> String {
    if sabotage::skips(Guard::CatalogMarket) { FOUND.replace(OF_MARKET, "$1 = $1") } else { FOUND.to_owned() }
}

/// Whether a scope sees a listing: a draft is its company's, and its market's overseers'.
fn sees(scope: &Scope, found: &Found) -> bool {
    let own = scope.actor().company == Some(found.supplier.id);
    own || scope.actor().oversees() || !found.listing.state.is_inside()
}

/// One product, published or not: one indexed read.
///
/// Errors: 404 when the market has no such product, or it is another company's draft.
pub async fn product(db: &Database, scope: &Scope, id: u128) -> Result<Found, Failure> {
    let values = vec![rows::id(scope.market()), rows::id(id)];
    let sql = format!("{} AND p.id = $2", of_market());
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    let found = found(&row)?;
    if sees(scope, &found) { Ok(found) } else { Err(Refusal::not_found().into()) }
}

/// One product on which business may be done.
///
/// Errors: as [`product`], and 409 `catalog.not_listed` when it is not published.
pub async fn offered(db: &Database, scope: &Scope, id: u128) -> Result<Found, Failure> {
    let found = product(db, scope, id).await?;
    if found.listing.is_published() {
        return Ok(found);
    }
    Err(not_listed(id).into())
}

/// The refusal for business on a product that is not published.
pub fn not_listed(id: u128) -> Refusal {
    let refusal = Refusal::new(409, "catalog.not_listed", "The supplier does not offer this product at present.");
    refusal.with("product", format!("{id:032x}"))
}

/// Only what is offered.
const PUBLISHED: &str = "AND t.listing_state = 'published'";

/// The suppliers of those among `products` that the market offers: one statement.
pub async fn suppliers_of(db: &Database, scope: &Scope, products: &[u128]) -> Result<HashMap<u128, u128>, Fault> {
    let keys = products.iter().flat_map(|id| [rows::id(scope.market()), rows::id(*id)]).collect();
    let found = rows::select_in(db.read(), "id, supplier_id", "product", &["market_id", "id"], keys, PUBLISHED).await?;
    found.iter().map(|row| Ok((rows::get_id(row, "id")?, rows::get_id(row, "supplier_id")?))).collect()
}

/// The products of a supplier with these SKUs, by SKU, for imports: never all of them, of which there may be any number.
pub async fn products_by_sku(
    db: &Database,
    market: u128,
    supplier: u128,
    skus: &[String],
) -> Result<HashMap<String, Own>, Fault> {
    let mut values = vec![rows::id(market), rows::id(supplier)];
    let Some(places) = rows::any_of(&mut values, skus.iter().map(|sku| sku.clone().into())) else {
        return Ok(HashMap::new());
    };
    let sql = format!(
        "SELECT p.sku, p.version, p.state, s.on_hand FROM product p LEFT JOIN stock s ON s.market_id = p.market_id AND s.id = p.id \
         WHERE p.market_id = $1 AND p.supplier_id = $2 AND p.sku IN ({places})"
    );
    let found = rows::query(db.read(), sql, values).await?;
    found.iter().map(|r| Ok((r.try_get("", "sku")?, own::own(r)?))).collect()
}

/// Categories with the number of products in each, by slug.
pub async fn categories(db: &Database, scope: &Scope) -> Result<Vec<(String, i64)>, Fault> {
    let sql = "SELECT category, COUNT(*) AS n FROM product WHERE market_id = $1 AND listing_state = 'published' \
        GROUP BY category ORDER BY category";
    let found = rows::query(db.read(), sql, vec![rows::id(scope.market())]).await?;
    found.iter().map(|r| Ok((r.try_get("", "category")?, r.try_get("", "n")?))).collect()
}

/// A company as a supplier.
///
/// Errors: 404 when the market has no such company.
pub async fn supplier(db: &Database, market: u128, id: u128) -> Result<Supplier, Failure> {
    let sql = "SELECT name, country, sells, verified_level FROM company WHERE market_id = $1 AND id = $2";
    let row =
        rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(id)]).await?.ok_or_else(Refusal::not_found)?;
    let read = || -> Result<Supplier, Fault> {
        Ok(Supplier {
            id,
            name: row.try_get("", "name")?,
            country: row.try_get("", "country")?,
            sells: row.try_get::<i64>("", "sells")? != 0,
            verified_level: row.try_get("", "verified_level")?,
        })
    };
    Ok(read()?)
}

/// All companies of a market by registration number, for filling it.
pub async fn suppliers_by_registration(db: &Database, market: u128) -> Result<HashMap<String, Supplier>, Fault> {
    let sql = "SELECT id, name, country, sells, verified_level, registration_number FROM company WHERE market_id = $1";
    let read = |row: &QueryResult| {
        let (id, sells) = (rows::get_id(row, "id")?, row.try_get::<i64>("", "sells")? != 0);
        let supplier = Supplier {
            id,
            name: row.try_get("", "name")?,
            country: row.try_get("", "country")?,
            sells,
            verified_level: row.try_get("", "verified_level")?,
        };
        Ok((row.try_get("", "registration_number")?, supplier))
    };
    rows::query(db.read(), sql, vec![rows::id(market)]).await?.iter().map(read).collect()
}

const COMPANY: &str = "SELECT c.state, (SELECT COUNT(*) FROM product_card k WHERE k.market_id = c.market_id AND k.supplier_id = c.id) \
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

#[cfg(test)]
mod plans {
    use super::*;
    use crate::platform::access::Actor;

    async fn plan(db: &Database, sql: &str, values: Vec<Value>) -> Vec<String> {
        let found = rows::query(db.read(), format!("EXPLAIN QUERY PLAN {sql}"), values).await.unwrap();
        found.iter().map(|row| row.try_get("", "detail").unwrap()).collect()
    }

    #[tokio::test]
    async fn a_page_of_products_starts_where_the_one_before_ended() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/plan.db", folder.path().display())).await.unwrap();
        let scope = Scope::of(&Actor::system(1));
        let all = [
            Filter { after: Some(7), rows: 50, ..Filter::default() },
            Filter { category: Some("bolts".to_owned()), after: Some(7), rows: 50, ..Filter::default() },
            Filter { supplier: Some(2), after: Some(7), rows: 50, ..Filter::default() },
        ];
        for filter in all {
            let (sql, values) = page_sql(&scope, &filter, "o.card");
            let walked = if filter.category.is_some() { "p" } else { "k" };
            let steps = plan(&db, &sql, values).await;
            let seeks = |steps: &[String], table: &str, by: &str| {
                steps.iter().any(|s| s.starts_with(&format!("SEARCH {table} ")) && s.contains(by))
            };
            assert!(seeks(&steps, walked, "id>?"), "{sql}: {steps:?}");
            assert!(seeks(&steps, "c", "id=?"), "{sql}: {steps:?}");
            let control =
                plan(&db, &sql.replace(&format!("AND {walked}.id >"), &format!("AND +{walked}.id >")), vec![]).await;
            assert!(!control.iter().any(|s| s.contains("id>?")), "the control must miss the place: {control:?}");
        }
    }
}
