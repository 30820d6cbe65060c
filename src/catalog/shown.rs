//! Listings and cards by identifier, for what follows the market and for lists whose order another slice knows.

use super::listing::Listing;
use super::read::{LEAD, card_text};
use super::store::parse;
use crate::identity::Company;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use std::collections::HashMap;

/// Cards of products by identifier, each as JSON; products of other markets and unknown ones are left out.
pub async fn cards_of(db: &Database, scope: &Scope, ids: &[u128]) -> Result<HashMap<u128, String>, Fault> {
    let mut values = vec![rows::id(scope.market())];
    let Some(places) = rows::any_of(&mut values, ids.iter().map(|id| rows::id(*id))) else {
        return Ok(HashMap::new());
    };
    let sql = format!(
        "SELECT string_agg({}, '\n') AS page FROM product_card o JOIN company c ON c.market_id = o.market_id AND c.id = o.supplier_id \
         WHERE o.market_id = $1 AND o.id IN ({places})",
        card_text(db),
    );
    let row = rows::query_one(db.read(), sql, values).await?;
    let page: String = row.map(|r| r.try_get("", "page")).transpose()?.flatten().unwrap_or_default();
    let read = |line: &str| {
        let (id, card) = line.split_at_checked(LEAD).ok_or_else(|| Fault::new("a card could not be read"))?;
        let id = u128::from_str_radix(id, 16).map_err(|e| Fault::new(e.to_string()))?;
        Ok((id, card.to_owned()))
    };
    page.lines().map(read).collect()
}

/// A listing with its company.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The listing.
    pub listing: Listing,
    /// Who sells it.
    pub company: Company,
}

/// Which listings are read.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// These.
    Of(&'a [u128]),
    /// Those of a company behind a product, by identifier.
    From(u128, u128),
    /// All behind a product, by identifier.
    Behind(u128),
}

/// Listings of a market with their companies, by identifier, at most `limit`. For what follows the market, not for people.
pub async fn listings(db: &Database, market: u128, which: Which<'_>, limit: u32) -> Result<Vec<Shown>, Fault> {
    let mut values = vec![rows::id(market)];
    let condition = match which {
        Which::Of(ids) => {
            values.extend(ids.iter().map(|id| rows::id(*id)));
            let places: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
            format!("p.id IN ({})", places.join(","))
        }
        Which::From(company, after) => {
            values.extend([rows::id(company), rows::id(after)]);
            "p.supplier_id = $2 AND p.id > $3".to_owned()
        }
        Which::Behind(after) => {
            values.push(rows::id(after));
            "p.id > $2".to_owned()
        }
    };
    let sql = format!(
        "SELECT p.state, c.state AS company FROM product p JOIN company c ON c.market_id = p.market_id AND c.id = p.supplier_id \
         WHERE p.market_id = $1 AND {condition} ORDER BY p.id LIMIT {limit}"
    );
    // Many listings have few companies: each is read from its text once.
    let mut companies: HashMap<String, Company> = HashMap::new();
    let mut shown = |row: &Row| {
        let text: String = row.try_get("", "company")?;
        let company = match companies.get(&text) {
            Some(known) => known.clone(),
            None => {
                let read: Company = serde_json::from_str(&text)?;
                companies.insert(text, read.clone());
                read
            }
        };
        Ok(Shown { listing: parse(row)?, company })
    };
    rows::query(db.read(), sql, values).await?.iter().map(&mut shown).collect()
}
