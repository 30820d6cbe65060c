//! What is filtered, counted and sorted by, unpacked once per segment: counting a facet is then one addition per product.

use super::fault;
use super::schema::{FACETS, whole};
use crate::platform::problem::Fault;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

/// One counted property: a number for each product, and what the numbers stand for.
pub struct Facet {
    /// By product.
    pub codes: Vec<u32>,
    /// By number.
    pub names: Vec<String>,
}

/// The columns of one segment. A segment never changes, products of it are only taken out.
pub struct Columns {
    ids: [Column<u64>; 2],
    /// See [`FACETS`].
    pub facets: [Facet; 6],
    /// Least quantity, scaled.
    pub moq: Column<i64>,
    /// Lead time in days.
    pub lead: Column<i64>,
    /// Quantities of the ladder, scaled, in order.
    from: Column<i64>,
    /// Prices of the ladder, scaled, in the same order.
    price: Column<i64>,
}

fn facet(segment: &SegmentReader, name: &str) -> Result<Facet, Fault> {
    let Some(column) = segment.fast_fields().str(name).map_err(fault)? else {
        return Ok(Facet { codes: Vec::new(), names: Vec::new() });
    };
    let mut names = Vec::with_capacity(column.num_terms());
    for place in 0..column.num_terms() {
        let mut name = String::new();
        column.ord_to_str(u64::try_from(place).unwrap_or(u64::MAX), &mut name).map_err(fault)?;
        names.push(name);
    }
    let code = |doc: DocId| column.ords().first(doc).and_then(|ord| u32::try_from(ord).ok()).unwrap_or(u32::MAX);
    Ok(Facet { codes: (0..segment.max_doc()).map(code).collect(), names })
}

impl Columns {
    fn load(segment: &SegmentReader) -> Result<Self, Fault> {
        let fast = segment.fast_fields();
        let [a, b, c, d, e, f] = FACETS;
        let one = |name| facet(segment, name);
        Ok(Self {
            ids: [fast.u64("id_high").map_err(fault)?, fast.u64("id_low").map_err(fault)?],
            facets: [one(a)?, one(b)?, one(c)?, one(d)?, one(e)?, one(f)?],
            moq: fast.i64("moq").map_err(fault)?,
            lead: fast.i64("lead_days").map_err(fault)?,
            from: fast.i64("from").map_err(fault)?,
            price: fast.i64("price").map_err(fault)?,
        })
    }

    /// The product's identifier.
    pub fn id(&self, doc: DocId) -> u128 {
        whole([self.ids[0].first(doc).unwrap_or_default(), self.ids[1].first(doc).unwrap_or_default()])
    }

    /// The unit price at a quantity by the ladder, scaled; none below the least quantity. Without a quantity, at the least one.
    pub fn price_at(&self, doc: DocId, quantity: Option<i64>) -> Option<i64> {
        let moq = self.moq.first(doc)?;
        let quantity = quantity.unwrap_or(moq);
        if quantity < moq {
            return None;
        }
        let steps = self.from.values_for_doc(doc).zip(self.price.values_for_doc(doc));
        steps.take_while(|(from, _)| *from <= quantity).last().map(|(_, price)| price)
    }
}

/// A state of the index that one search sees from beginning to end.
pub struct Snapshot {
    /// The products.
    pub searcher: Searcher,
    /// By segment, in the searcher's order.
    pub columns: Vec<Arc<Columns>>,
}

/// Columns of the segments that are in use.
#[derive(Default)]
pub struct Unpacked(Mutex<HashMap<SegmentId, Arc<Columns>>>);

impl Unpacked {
    /// A snapshot of what the searcher sees; segments that are gone are forgotten.
    pub fn snapshot(&self, searcher: Searcher) -> Result<Snapshot, Fault> {
        let mut kept = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut used = HashMap::new();
        let mut columns = Vec::new();
        for segment in searcher.segment_readers() {
            let known = match kept.get(&segment.segment_id()) {
                Some(known) => Arc::clone(known),
                None => Arc::new(Columns::load(segment)?),
            };
            used.insert(segment.segment_id(), Arc::clone(&known));
            columns.push(known);
        }
        *kept = used;
        Ok(Snapshot { searcher, columns })
    }
}
