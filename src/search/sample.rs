//! A few products as a search of their own, in memory: what of them matches a search, without looking at the market's index.

use super::collect::{Pass, Sort, Wanted};
use super::columns::{Snapshot, Unpacked};
use super::fault;
use super::query::{Builder, Width};
use super::schema::{self, Fields, Item};
use super::terms::Terms;
use crate::catalog::Shown;
use crate::platform::problem::Fault;
use std::collections::BTreeSet;
use tantivy::{Index, IndexWriter, TantivyDocument};

/// Memory for the products while they are taken in, in bytes: the least the engine takes.
const BUFFER: usize = 15_000_000;

/// Products to be matched.
pub struct Sample {
    fields: Fields,
    /// Nothing matches where nothing is.
    snapshot: Option<Snapshot>,
    products: usize,
}

impl Sample {
    /// These products as they are given, in the form the market's index has.
    pub fn of(products: &[Shown]) -> Result<Self, Fault> {
        let (schema, fields) = schema::schema();
        if products.is_empty() {
            return Ok(Self { fields, snapshot: None, products: 0 });
        }
        let index = Index::create_in_ram(schema);
        let mut writer: IndexWriter<TantivyDocument> = index.writer_with_num_threads(1, BUFFER).map_err(fault)?;
        for shown in products {
            let item = Item {
                listing: &shown.listing,
                supplier: &shown.company.name,
                supplier_zh: shown.company.name_zh.as_deref(),
                country: &shown.company.country,
                verified: shown.company.verified_level,
            };
            writer.add_document(fields.document(&item)).map_err(fault)?;
        }
        writer.commit().map_err(fault)?;
        writer.wait_merging_threads().map_err(fault)?;
        let searcher = index.reader().map_err(fault)?.searcher();
        let snapshot = Some(Unpacked::default().snapshot(searcher)?);
        Ok(Self { fields, snapshot, products: products.len() })
    }

    /// Which of the products a search finds by its words as typed or a synonym, and by all its filters but the share in time. What only
    /// a wider search would bring is not told of: nobody wants a letter about nearly the right word.
    pub fn matching(&self, terms: &Terms) -> Result<BTreeSet<u128>, Fault> {
        let Some(snapshot) = &self.snapshot else { return Ok(BTreeSet::new()) };
        // A search that was saved could be read; one that a newer rule refuses matches nothing.
        let (Ok(typed), Ok(wanted)) = (terms.typed(), terms.wanted(self.products)) else { return Ok(BTreeSet::new()) };
        // How punctual suppliers are is not the products' own: whoever asks looks it up.
        let wanted = Wanted { sort: Sort::Moq, punctual: 0, ..wanted };
        let builder = Builder { searcher: &snapshot.searcher, fields: &self.fields };
        let query = builder.of_supplier(builder.query(&typed, Width::Exact)?, wanted.supplier);
        let found = snapshot.searcher.search(&query, &Pass { snapshot, wanted: &wanted }).map_err(fault)?;
        Ok(found.hits.into_iter().map(|(_, product)| product).collect())
    }
}
