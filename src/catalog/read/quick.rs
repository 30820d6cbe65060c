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
    let Some(last) = skus.last() else { return Ok(HashMap::new()) };
    let mut values = vec![rows::id(scope.market())];
    // A few lengths of text only, so that each stays prepared.
    let room = skus.len().next_power_of_two();
    values.extend(skus.iter().chain(std::iter::repeat(last)).take(room).map(|sku| sku.clone().into()));
    let places: Vec<String> = (2..=room.saturating_add(1)).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT p.id, p.version, p.state, p.supplier_id, c.name AS supplier_name, c.country, c.sells, c.verified_level FROM product p \
         JOIN company c ON c.market_id = p.market_id AND c.id = p.supplier_id \
         WHERE p.market_id = $1 AND p.sku IN ({}) AND p.listing_state = 'published' ORDER BY p.id LIMIT {FOUND_MAX}",
        places.join(",")
    );
    let mut by_sku: HashMap<String, Vec<Found>> = HashMap::new();
    for row in &rows::query(db.read(), sql, values).await? {
        let found = super::found(row)?;
        by_sku.entry(found.listing.product.sku.clone()).or_default().push(found);
    }
    Ok(by_sku)
}
