//! Products by SKU, for lines that somebody pasted: one statement for all of them.

use super::Found;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use std::collections::{BTreeSet, HashMap};

/// Products read for one paste at most: SKUs are unique per supplier only.
const FOUND_MAX: u32 = 2_000;

/// The published products with these SKUs, by SKU; each is read as it is listed now.
pub async fn by_sku(
    db: &Database,
    scope: &Scope,
    skus: &BTreeSet<String>,
) -> Result<HashMap<String, Vec<Found>>, Fault> {
    let mut values = vec![rows::id(scope.market())];
    let Some(places) = rows::any_of(&mut values, skus.iter().map(|sku| sku.clone().into())) else {
        return Ok(HashMap::new());
    };
    let sql = format!(
        "SELECT p.id, p.version, p.state, p.supplier_id, c.name AS supplier_name, c.country, c.sells, c.verified_level FROM product p \
         JOIN company c ON c.market_id = p.market_id AND c.id = p.supplier_id \
         WHERE p.market_id = $1 AND p.sku IN ({places}) AND p.listing_state = 'published' ORDER BY p.id LIMIT {FOUND_MAX}"
    );
    let mut by_sku: HashMap<String, Vec<Found>> = HashMap::new();
    for row in &rows::query(db.read(), sql, values).await? {
        let found = super::found(row)?;
        by_sku.entry(found.listing.product.sku.clone()).or_default().push(found);
    }
    Ok(by_sku)
}
