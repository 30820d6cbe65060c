//! Completions while somebody types: the word being written, and the products it already finds.

use super::query::{Builder, Width, most_frequent};
use super::schema::Stock;
use super::shelf::Shelf;
use super::text;
use super::typed::Typed;
use super::{Search, fault};
use crate::platform::problem::Fault;
use std::collections::BTreeMap;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term};

/// Words offered at most.
const WORDS_MAX: usize = 6;
/// Beginnings of words looked at before the other words are held against them.
const CANDIDATES: usize = 24;
/// Products offered at most.
const PRODUCTS_MAX: usize = 5;

/// What is offered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offered {
    /// Whole queries: what was typed with its last word completed.
    pub queries: Vec<String>,
    /// Products by identifier, best first.
    pub products: Vec<u128>,
}

impl Search {
    /// What the beginning of a query may become.
    pub async fn suggest(&self, market: u128, typed: &str) -> Result<Offered, Fault> {
        let shelf = self.shelf(market, Stock::Products).await?;
        suggest(&shelf, typed)
    }
}

/// What the beginning of a query may become, by what the index holds now.
pub fn suggest(shelf: &Shelf, query: &str) -> Result<Offered, Fault> {
    let snapshot = shelf.snapshot();
    let builder = Builder { searcher: &snapshot.searcher, fields: &shelf.fields };
    let typed = Typed::read(query);
    let Some(beginning) = typed.unfinished.clone() else {
        let products =
            if typed.clauses.is_empty() { Vec::new() } else { best(shelf, &builder.query(&typed, Width::Exact)?)? };
        return Ok(Offered { queries: Vec::new(), products });
    };
    let before = before(query, &beginning);
    let others = Typed::read(&before);
    let mut found = BTreeMap::new();
    builder.beginning(shelf.fields.words, &beginning, &mut found)?;
    let mut queries = Vec::new();
    let mut alternatives: Vec<Box<dyn Query>> = Vec::new();
    for word in most_frequent(found, CANDIDATES) {
        let term = Term::from_field_text(shelf.fields.words, &word);
        let mut parts: Vec<Box<dyn Query>> = vec![Box::new(TermQuery::new(term, IndexRecordOption::Basic))];
        if !others.clauses.is_empty() {
            parts.push(builder.query(&others, Width::Exact)?);
            if !any_hit(shelf, &BooleanQuery::intersection(parts))? {
                continue;
            }
        }
        alternatives.push(builder.query(&Typed::read(&word), Width::Exact)?);
        queries.push(if before.is_empty() { word } else { format!("{before} {word}") });
        if queries.len() == WORDS_MAX {
            break;
        }
    }
    if alternatives.is_empty() {
        return Ok(Offered::default());
    }
    let mut parts: Vec<Box<dyn Query>> = vec![Box::new(BooleanQuery::union(alternatives))];
    if !others.clauses.is_empty() {
        parts.push(builder.query(&others, Width::Exact)?);
    }
    let products = best(shelf, &BooleanQuery::intersection(parts))?;
    Ok(Offered { queries, products })
}

/// What stands before the word being typed, folded.
fn before(query: &str, beginning: &str) -> String {
    let folded = text::fold(query);
    folded.strip_suffix(beginning).unwrap_or("").trim().to_owned()
}

fn any_hit(shelf: &Shelf, query: &dyn Query) -> Result<bool, Fault> {
    let snapshot = shelf.snapshot();
    let weight =
        query.weight(tantivy::query::EnableScoring::disabled_from_searcher(&snapshot.searcher)).map_err(fault)?;
    for segment in snapshot.searcher.segment_readers() {
        let mut hits = weight.scorer(segment, 1.0).map_err(fault)?;
        let mut doc = hits.doc();
        while doc != TERMINATED {
            if !segment.is_deleted(doc) {
                return Ok(true);
            }
            doc = hits.advance();
        }
    }
    Ok(false)
}

fn best(shelf: &Shelf, query: &dyn Query) -> Result<Vec<u128>, Fault> {
    let snapshot = shelf.snapshot();
    let top = TopDocs::with_limit(PRODUCTS_MAX).order_by_score();
    let hits = snapshot.searcher.search(query, &top).map_err(fault)?;
    let id = |place: tantivy::DocAddress| {
        let columns = usize::try_from(place.segment_ord).ok().and_then(|n| snapshot.columns.get(n));
        columns.map(|columns| columns.id(place.doc_id))
    };
    Ok(hits.into_iter().filter_map(|(_, place)| id(place)).collect())
}
