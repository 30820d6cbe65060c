//! Follows the log: keeps the facts of listed products, and finds the suppliers that fit each published request.
//!
//! It begins at the first event, so products listed before it existed are known too, and in the order of the log a request
//! meets every product listed before it. A request is matched once; who lists goods later finds it on the board.

use crate::catalog::{Listing, PRODUCT};
use crate::platform::engine::MarketState;
use crate::platform::jobs::{Entry, Follower};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::kernel::{CompanyId, Quantity, Zone};
use entrepot_domain::sourcing::{Candidate, MATCHED_MAX, Match, Rfq, RfqTerms, Wish, rank};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Products looked at for one request at most, the longest listed first.
const CANDIDATES_MAX: usize = 30_000;

/// Matches suppliers to requests.
pub struct Matching;

const FACTS: Table = Table {
    name: "product_fact",
    columns: &["market_id", "id", "supplier_id", "category", "hs4", "fact"],
    key: &["market_id", "id"],
};
const MATCHES: Table = Table {
    name: "rfq_match",
    columns: &["market_id", "rfq_id", "supplier_id", "score", "reasons"],
    key: &["market_id", "rfq_id", "supplier_id"],
};

#[async_trait::async_trait]
impl Follower for Matching {
    fn name(&self) -> &'static str {
        "matching"
    }

    async fn take(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        state: &MarketState,
        entries: &[Entry],
    ) -> Result<(), Fault> {
        let products =
            subjects(tx, market, entries, &["product.list", "product.change", "product.approve", "product.return"])
                .await?;
        note(tx, market, &products).await?;
        let zone = Zone::parse(&state.time_zone).map_err(|e| Fault::new(e.to_string()))?;
        let published = subjects(tx, market, entries, &["rfq.publish"]).await?;
        let keys = published.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
        for row in rows::select_in(tx, "state", "rfq", &["market_id", "id"], keys, "").await? {
            let rfq: Rfq = super::parse(&row)?;
            let goods = candidates(tx, market, &rfq.terms).await?;
            let wish = Wish { buyer: rfq.buyer, terms: &rfq.terms, today: zone.day_of(rfq.published_at) };
            write(tx, market, rfq.id.0, rank(&wish, &goods, MATCHED_MAX)).await?;
        }
        Ok(())
    }
}

/// The subjects of the entries with one of these steps.
async fn subjects(
    tx: &DatabaseTransaction,
    market: u128,
    entries: &[Entry],
    steps: &[&str],
) -> Result<BTreeSet<u128>, Fault> {
    let wanted = entries.iter().filter(|entry| steps.contains(&entry.step.as_str()));
    let keys: Vec<Value> = wanted.flat_map(|entry| [rows::id(market), rows::id(entry.event)]).collect();
    let found = rows::select_in(tx, "subject_id", "event", &["market_id", "id"], keys, "").await?;
    found.iter().map(|row| rows::get_id(row, "subject_id")).collect()
}

/// Writes down what matching looks at of each product, as it is listed now.
async fn note(tx: &DatabaseTransaction, market: u128, products: &BTreeSet<u128>) -> Result<(), Fault> {
    let keys = products.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
    let mut values: Vec<Value> = Vec::with_capacity(products.len() * FACTS.columns.len());
    let mut gone: Vec<Value> = Vec::new();
    for row in rows::select_in(tx, "state", PRODUCT, &["market_id", "id"], keys, "").await? {
        let listing: Listing = super::parse(&row)?;
        if !listing.is_published() {
            gone.extend([rows::id(market), rows::id(listing.product.id.0)]);
            continue;
        }
        values.extend([
            rows::id(market),
            rows::id(listing.product.id.0),
            rows::id(listing.product.supplier.0),
            listing.category.clone().into(),
            listing.product.hs_code.get(..4).unwrap_or("").into(),
            fact(&listing)?.into(),
        ]);
    }
    // What is not offered fits no request.
    rows::delete(tx, FACTS.name, FACTS.key, gone).await?;
    rows::upsert(tx, &FACTS, values).await.map(|_| ())
}

/// What separates the words of a fact; JSON and codes hold none.
const TAB: char = '\t';

/// What matching looks at of a product, as one line.
fn fact(listing: &Listing) -> Result<String, Fault> {
    let product = &listing.product;
    let attributes = serde_json::to_string(&listing.attributes)?;
    let (supplier, moq, days) = (product.supplier, product.moq.0, product.lead_days);
    let words = [
        &supplier.to_string(),
        &listing.category,
        &product.hs_code,
        &product.origin,
        &moq.to_string(),
        &days.to_string(),
        &attributes,
    ];
    Ok(words.map(|word| word.replace([TAB, '\n'], " ")).join("\t"))
}

/// Reads a line written by [`fact`]; the properties only when somebody `asks` for any.
fn candidate(line: &str, asks: bool) -> Option<Candidate> {
    let mut words = line.split(TAB);
    let mut next = || words.next();
    let (supplier, category, hs_code, origin) = (next()?, next()?, next()?, next()?);
    let (moq, lead_days, attributes) = (next()?, next()?, next()?);
    Some(Candidate {
        supplier: supplier.parse::<CompanyId>().ok()?,
        category: category.to_owned(),
        hs_code: hs_code.to_owned(),
        origin: origin.to_owned(),
        moq: Quantity(moq.parse().ok()?),
        lead_days: lead_days.parse().ok()?,
        attributes: if asks { serde_json::from_str(attributes).ok()? } else { BTreeMap::new() },
    })
}

/// The products that share a category or an HS heading with a line of the request, of companies that sell.
///
/// One statement and one text: each row of an answer is a message between two threads, and thirty thousand of them cost more
/// than all the rest.
async fn candidates(db: &impl ConnectionTrait, market: u128, terms: &RfqTerms) -> Result<Vec<Candidate>, Fault> {
    let mut values = vec![rows::id(market), "\n".into()];
    let mut marks = |words: BTreeSet<&str>| {
        let marks: Vec<String> = words
            .into_iter()
            .map(|word| {
                values.push(word.into());
                format!("${}", values.len())
            })
            .collect();
        // A list must not be empty; no category and no heading is this.
        if marks.is_empty() { "'-'".to_owned() } else { marks.join(",") }
    };
    let categories = marks(terms.lines.iter().map(|line| line.category.as_str()).collect());
    let headings = marks(terms.lines.iter().filter_map(|line| line.hs_code.get(..4)).collect());
    let sql = format!(
        "SELECT string_agg(x.fact, CAST($2 AS TEXT)) AS facts FROM (SELECT f.fact FROM product_fact f \
         JOIN company c ON c.market_id = f.market_id AND c.id = f.supplier_id AND c.sells = 1 \
         WHERE f.market_id = $1 AND (f.category IN ({categories}) OR f.hs4 IN ({headings})) \
         ORDER BY f.id LIMIT {CANDIDATES_MAX}) x"
    );
    let row = rows::query_one(db, sql, values).await?;
    let facts: Option<String> = row.map(|row| row.try_get("", "facts")).transpose()?.flatten();
    let asks = terms.lines.iter().any(|line| !line.attributes.is_empty());
    let broken = || Fault::new("a fact of a product could not be read");
    let lines = facts.as_deref().unwrap_or_default().lines();
    lines.map(|line| candidate(line, asks).ok_or_else(broken)).collect()
}

async fn write(tx: &DatabaseTransaction, market: u128, rfq: u128, matches: Vec<Match>) -> Result<(), Fault> {
    let mut values: Vec<Value> = Vec::with_capacity(matches.len() * MATCHES.columns.len());
    for found in matches {
        values.extend([
            rows::id(market),
            rows::id(rfq),
            rows::id(found.supplier.0),
            found.score.into(),
            serde_json::to_string(&found.reasons)?.into(),
        ]);
    }
    rows::upsert(tx, &MATCHES, values).await.map(|_| ())
}
