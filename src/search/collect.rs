//! Goes over the products that a text matches once: filters, counts every facet exactly, keeps the best of a page.
//!
//! A facet is counted over the products that all *other* filters let through, so that its own choices stay on offer with the numbers
//! they would bring. Refuses nothing.

use super::columns::{Columns, Snapshot};
use super::schema::FACETS;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best match first.
    #[default]
    Relevance,
    /// Lowest unit price at the quantity first.
    PriceUp,
    /// Highest unit price at the quantity first.
    PriceDown,
    /// Shortest lead time first.
    Lead,
    /// Least minimum quantity first.
    Moq,
}

/// A hit's place in its order: smaller is earlier; products of one key follow their identifiers.
pub type Place = (u64, u128);

/// What is wanted besides the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Choices of each of [`FACETS`]; none means any.
    pub facets: [Vec<String>; 6],
    /// Only this supplier's.
    pub supplier: Option<u128>,
    /// Highest minimum quantity, scaled.
    pub moq_max: Option<i64>,
    /// Bounds of the unit price at the quantity, scaled, both included.
    pub price: (Option<i64>, Option<i64>),
    /// The quantity prices are looked up at, scaled.
    pub quantity: Option<i64>,
    /// Order.
    pub sort: Sort,
    /// The last hit of the page before.
    pub after: Option<Place>,
    /// Hits of a page.
    pub rows: usize,
}

impl Wanted {
    fn bounds_price(&self) -> bool {
        self.price != (None, None)
    }
}

/// What a pass found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Products the text matches, whatever the filters say.
    pub matched: u64,
    /// Products that also pass all filters.
    pub total: u64,
    /// Counts by value, in the order of [`FACETS`].
    pub facets: [BTreeMap<String, u64>; 6],
    /// The page and one more when there is another page.
    pub hits: Vec<Place>,
}

/// The pass over a snapshot.
pub struct Pass<'a> {
    /// Where.
    pub snapshot: &'a Snapshot,
    /// What.
    pub wanted: &'a Wanted,
}

/// The pass over a segment.
pub struct SegmentPass {
    columns: Arc<Columns>,
    wanted: Wanted,
    /// By facet with choices: whether each value is chosen.
    chosen: [Option<Vec<bool>>; 6],
    counts: [Vec<u64>; 6],
    matched: u64,
    total: u64,
    best: BinaryHeap<Place>,
}

impl SegmentPass {
    fn new(columns: Arc<Columns>, wanted: Wanted) -> Self {
        let chosen = std::array::from_fn(|n| {
            let names = columns.facets.get(n).map_or(&[][..], |facet| facet.names.as_slice());
            let choices = wanted.facets.get(n).filter(|choices| !choices.is_empty())?;
            Some(names.iter().map(|name| choices.contains(name)).collect())
        });
        let counts = std::array::from_fn(|n| vec![0; columns.facets.get(n).map_or(0, |facet| facet.names.len())]);
        Self { columns, wanted, chosen, counts, matched: 0, total: 0, best: BinaryHeap::new() }
    }

    fn code(&self, facet: usize, doc: DocId) -> usize {
        let codes = self.columns.facets.get(facet).map(|facet| facet.codes.as_slice());
        let code = codes.and_then(|codes| codes.get(usize::try_from(doc).unwrap_or(usize::MAX)));
        code.and_then(|code| usize::try_from(*code).ok()).unwrap_or(usize::MAX)
    }

    /// The facets whose choices the product misses, as bits.
    fn missed(&self, doc: DocId) -> u8 {
        let mut missed = 0;
        for (n, chosen) in self.chosen.iter().enumerate() {
            if let Some(chosen) = chosen
                && !chosen.get(self.code(n, doc)).copied().unwrap_or(false)
            {
                missed |= 1 << n;
            }
        }
        missed
    }

    fn in_bounds(&self, doc: DocId) -> bool {
        if self.wanted.moq_max.is_some_and(|most| self.columns.moq.first(doc).is_none_or(|moq| moq > most)) {
            return false;
        }
        if !self.wanted.bounds_price() {
            return true;
        }
        let (least, most) = self.wanted.price;
        let price = self.columns.price_at(doc, self.wanted.quantity);
        price.is_some_and(|price| least.is_none_or(|least| price >= least) && most.is_none_or(|most| price <= most))
    }

    fn count(&mut self, facet: usize, doc: DocId) {
        let code = self.code(facet, doc);
        if let Some(count) = self.counts.get_mut(facet).and_then(|counts| counts.get_mut(code)) {
            *count += 1;
        }
    }

    fn key(&self, doc: DocId, score: Score) -> u64 {
        let up = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or(u64::MAX);
        match self.wanted.sort {
            // Bits of floats that are not negative are in the order of the floats.
            Sort::Relevance => u64::from(u32::MAX.saturating_sub(score.to_bits())),
            Sort::PriceUp => up(self.columns.price_at(doc, self.wanted.quantity)),
            Sort::PriceDown => {
                let price = self.columns.price_at(doc, self.wanted.quantity);
                price.map_or(u64::MAX, |price| (u64::MAX >> 1).saturating_sub(u64::try_from(price).unwrap_or_default()))
            }
            Sort::Lead => up(self.columns.lead.first(doc)),
            Sort::Moq => up(self.columns.moq.first(doc)),
        }
    }

    fn keep(&mut self, doc: DocId, score: Score) {
        let key = self.key(doc, score);
        let full = self.best.len() > self.wanted.rows;
        if full && self.best.peek().is_some_and(|worst| key > worst.0) {
            return;
        }
        let place = (key, self.columns.id(doc));
        if self.wanted.after.is_some_and(|after| place <= after) {
            return;
        }
        self.best.push(place);
        if full {
            self.best.pop();
        }
    }
}

impl SegmentCollector for SegmentPass {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.matched += 1;
        let missed = self.missed(doc);
        // Two missed facets: no choice of a single one would bring the product back.
        if !missed.is_power_of_two() && missed != 0 || !self.in_bounds(doc) {
            return;
        }
        if missed == 0 {
            self.total += 1;
            for facet in 0..FACETS.len() {
                self.count(facet, doc);
            }
            self.keep(doc, score);
        } else {
            self.count(usize::try_from(missed.trailing_zeros()).unwrap_or_default(), doc);
        }
    }

    fn harvest(self) -> Found {
        let named = |n: usize| {
            let names = self.columns.facets.get(n).map_or(&[][..], |facet| facet.names.as_slice());
            let counts = self.counts.get(n).map_or(&[][..], Vec::as_slice);
            names.iter().cloned().zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect()
        };
        let facets = std::array::from_fn(named);
        Found { matched: self.matched, total: self.total, facets, hits: self.best.into_vec() }
    }
}

impl Collector for Pass<'_> {
    type Fruit = Found;
    type Child = SegmentPass;

    fn for_segment(&self, place: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentPass> {
        let columns = usize::try_from(place).ok().and_then(|place| self.snapshot.columns.get(place));
        let columns =
            columns.ok_or_else(|| tantivy::TantivyError::InternalError("a segment without columns".to_owned()))?;
        Ok(SegmentPass::new(Arc::clone(columns), self.wanted.clone()))
    }

    fn requires_scoring(&self) -> bool {
        self.wanted.sort == Sort::Relevance
    }

    fn merge_fruits(&self, parts: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for part in parts {
            all.matched += part.matched;
            all.total += part.total;
            for (sum, counts) in all.facets.iter_mut().zip(part.facets) {
                for (name, count) in counts {
                    *sum.entry(name).or_default() += count;
                }
            }
            all.hits.extend(part.hits);
        }
        all.hits.sort_unstable();
        all.hits.truncate(self.wanted.rows.saturating_add(1));
        Ok(all)
    }
}
