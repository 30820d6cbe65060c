//! A supplier as a list shows it: kept in the index beside what it is found by, so a page of suppliers reads no company and counts no
//! listing.

use super::fault;
use super::shelf::Shelf;
use crate::catalog::Range;
use crate::platform::problem::Fault;
use serde::{Deserialize, Serialize};
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocSet, TERMINATED, TantivyDocument, Term};
use utoipa::ToSchema;

/// A category a supplier lists goods in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplierCategory {
    /// Slug.
    pub category: String,
    /// Its published listings there.
    pub count: i64,
}

/// What the index knows of a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierCard {
    /// Identifier.
    pub id: String,
    /// Name in Latin letters.
    pub name: String,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// Where it sits.
    pub city: String,
    /// Level of verification, 0 to 3.
    pub verified_level: u8,
    /// The most listings first.
    pub categories: Vec<SupplierCategory>,
    /// Published listings in all.
    pub listings: i64,
}

fn card(range: &Range) -> SupplierCard {
    let company = &range.company;
    let category = |(category, count): &(String, i64)| SupplierCategory { category: category.clone(), count: *count };
    let mut categories: Vec<SupplierCategory> = range.categories.iter().map(category).collect();
    categories.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.category.cmp(&b.category)));
    SupplierCard {
        id: company.id.to_string(),
        name: company.name.clone(),
        name_zh: company.name_zh.clone(),
        country: company.country.clone(),
        city: company.city.clone(),
        verified_level: company.verified_level,
        categories,
        listings: range.listings(),
    }
}

/// A supplier as a document of its index.
pub fn document(shelf: &Shelf, range: &Range) -> Result<TantivyDocument, Fault> {
    Ok(shelf.fields.document_of(range, &serde_json::to_string(&card(range))?))
}

/// Cards of suppliers in the order of their identifiers; one that left the index a moment ago is left out.
pub fn cards(shelf: &Shelf, ids: &[u128]) -> Result<Vec<SupplierCard>, Fault> {
    let snapshot = shelf.snapshot();
    let mut cards = Vec::with_capacity(ids.len());
    for id in ids {
        let term = Term::from_field_text(shelf.fields.id, &format!("{id:032x}"));
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let scoring = tantivy::query::EnableScoring::disabled_from_searcher(&snapshot.searcher);
        let weight = tantivy::query::Query::weight(&query, scoring).map_err(fault)?;
        for (place, segment) in (0_u32..).zip(snapshot.searcher.segment_readers()) {
            let mut docs = weight.scorer(segment, 1.0).map_err(fault)?;
            let mut doc = docs.doc();
            while doc != TERMINATED {
                if !segment.is_deleted(doc) {
                    let found: TantivyDocument =
                        snapshot.searcher.doc(tantivy::DocAddress::new(place, doc)).map_err(fault)?;
                    let card = found.get_first(shelf.fields.card).and_then(|card| card.as_str().map(str::to_owned));
                    cards.extend(card.map(|card| serde_json::from_str(&card)).transpose()?);
                }
                doc = docs.advance();
            }
        }
    }
    Ok(cards)
}
