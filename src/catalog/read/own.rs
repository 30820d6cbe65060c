//! A company's own listings in every state, for its desk and its export.

use super::super::listing::Listing;
use super::super::store::parse;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::pattern;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use entrepot_domain::kernel::Quantity;
use sea_orm::Value;

/// Words of a search looked at; more are ignored.
const WORDS_MAX: usize = 8;
/// Listings of one export at most.
pub const EXPORTED_MAX: u32 = 100_000;

/// Filters of the company's list.
#[derive(Debug, Default)]
pub struct OwnFilter {
    /// Only this state.
    pub state: Option<String>,
    /// Only this category.
    pub category: Option<String>,
    /// Every word must be in a title or the SKU, in either case.
    pub q: Option<String>,
    /// The SKU and identifier of the last listing of the page before.
    pub after: Option<(String, u128)>,
    /// Rows at most.
    pub limit: u32,
}

/// A listing of a company with its version and what lies ready.
#[derive(Debug, Clone)]
pub struct Own {
    /// Version.
    pub version: i64,
    /// The listing.
    pub listing: Listing,
    /// What lies ready; none where the product never had a stock.
    pub on_hand: Option<Quantity>,
}

pub(super) fn own(row: &Row) -> Result<Own, Fault> {
    let on_hand: Option<i64> = row.try_get("", "on_hand")?;
    Ok(Own { version: row.try_get("", "version")?, listing: parse(row)?, on_hand: on_hand.map(Quantity) })
}

/// A page of the company's listings by SKU.
pub async fn list(db: &Database, scope: &Scope, filter: &OwnFilter) -> Result<Vec<Own>, Fault> {
    let mut values = vec![rows::id(scope.market()), rows::id(scope.actor().company.unwrap_or(0))];
    let mut sql = "SELECT p.version, p.state, s.on_hand FROM product p LEFT JOIN stock s ON s.market_id = p.market_id AND s.id = p.id \
        WHERE p.market_id = $1 AND p.supplier_id = $2"
        .to_owned();
    // The column knows drafts; which of them wait for the market's look stands beside it.
    let waits = filter.state.as_deref() == Some("in_review");
    let state = if waits { Some("draft".to_owned()) } else { filter.state.clone() };
    if state.as_deref() == Some("draft") {
        sql.push_str(if waits { " AND p.review_at IS NOT NULL" } else { " AND p.review_at IS NULL" });
    }
    for (column, wanted) in [("listing_state", &state), ("category", &filter.category)] {
        if let Some(wanted) = wanted {
            values.push(wanted.clone().into());
            sql.push_str(&format!(" AND p.{column} = ${}", values.len()));
        }
    }
    sql.push_str(&holding_words(db, filter.q.as_deref().unwrap_or(""), &mut values));
    if let Some((sku, id)) = &filter.after {
        values.extend([sku.clone().into(), rows::id(*id)]);
        sql.push_str(&format!(" AND (p.sku, p.id) > (${}, ${})", values.len() - 1, values.len()));
    }
    sql.push_str(&format!(" ORDER BY p.sku, p.id LIMIT {}", filter.limit));
    rows::query(db.read(), sql, values).await?.iter().map(own).collect()
}

/// The condition that a listing `p` holds each of the words in its titles or SKU; their values follow those already there.
pub fn holding_words(db: &Database, words: &str, values: &mut Vec<Value>) -> String {
    let said = format!("p.title || ' ' || p.sku || ' ' || COALESCE({}, '')", db.json_field("p.state", "title_zh"));
    let mut sql = String::new();
    for word in words.split_whitespace().take(WORDS_MAX) {
        // One engine lowers Latin letters without accents only, so a word is looked for as it was typed too.
        values.extend([pattern::holding(&word.to_lowercase()).into(), pattern::holding(word).into()]);
        let (low, typed) = (values.len() - 1, values.len());
        sql.push_str(&format!(" AND (LOWER({said}) LIKE ${low} ESCAPE '!' OR {said} LIKE ${typed} ESCAPE '!')"));
    }
    sql
}

/// All listings of the company by SKU, up to [`EXPORTED_MAX`].
pub async fn all(db: &Database, scope: &Scope) -> Result<Vec<Own>, Fault> {
    list(db, scope, &OwnFilter { limit: EXPORTED_MAX, ..OwnFilter::default() }).await
}

/// Variants of a family at most on a page.
const SIBLINGS_MAX: u32 = 50;

/// The published variants of a supplier's family, by identifier; nothing for a listing without one.
pub async fn siblings(db: &Database, scope: &Scope, of: &Listing) -> Result<Vec<Listing>, Fault> {
    let Some(family) = &of.family else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT p.state FROM product p WHERE p.market_id = $1 AND p.supplier_id = $2 AND p.family = $3 \
         AND p.listing_state = 'published' ORDER BY p.id LIMIT {SIBLINGS_MAX}"
    );
    let values = vec![rows::id(scope.market()), rows::id(of.product.supplier.0), family.key.clone().into()];
    rows::query(db.read(), sql, values).await?.iter().map(parse).collect()
}
