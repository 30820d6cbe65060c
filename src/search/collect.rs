//! Goes over what a text matches once: filters, counts every facet exactly, keeps the best of a page.
//!
//! A facet is counted over what all *other* filters let through, so that its own choices stay on offer with the numbers they would bring.
//! Properties belong to the chosen category and go with it, so categories are counted without them. Refuses nothing.

use super::columns::{Columns, Snapshot};
use super::property::Asked;
use super::schema::FACETS;
use super::standing::{CLOSED, MARKS, Standing};
use super::stated::Stated;
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
    /// Most listings first, of suppliers.
    Listings,
}

/// How suppliers stand, where that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What is known of them.
    pub standing: Arc<Standing>,
    /// Whether shares in time are counted.
    pub counts: bool,
    /// Whether closed companies are left out.
    pub hides_closed: bool,
}

/// A hit's place in its order: smaller is earlier; products of one key follow their identifiers.
pub type Place = (u64, u128);

/// What is wanted besides the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Choices of each of [`FACETS`]; none means any.
    pub facets: [Vec<String>; 6],
    /// The properties of the one chosen category.
    pub properties: Vec<Asked>,
    /// The least share in time that is asked for, as a mark; nought for any.
    pub punctual: u8,
    /// How suppliers stand.
    pub judged: Option<Judged>,
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
    /// Counts by value of each property of the chosen category, in its order.
    pub properties: Vec<BTreeMap<String, u64>>,
    /// Counts by mark of the suppliers.
    pub marks: [u64; MARKS],
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

/// A product's number in a column.
fn number(codes: Option<&[u32]>, doc: DocId) -> usize {
    let code = codes.and_then(|codes| codes.get(usize::try_from(doc).unwrap_or(usize::MAX)));
    code.and_then(|code| usize::try_from(*code).ok()).unwrap_or(usize::MAX)
}

fn add(counts: &mut [u64], place: Option<usize>) {
    if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
        *count += 1;
    }
}

/// Bit of the share in time, behind those of the facets.
const PUNCTUAL: u8 = 1 << FACETS.len();
/// Bit of the category among the facets.
const CATEGORY: u8 = 1;

/// The pass over a segment.
pub struct SegmentPass {
    columns: Arc<Columns>,
    wanted: Wanted,
    /// By facet with choices: whether each value is chosen.
    chosen: [Option<Vec<bool>>; 6],
    counts: [Vec<u64>; 6],
    /// Marks of suppliers by their number here, where they are asked for.
    standings: Option<(Judged, Arc<Vec<u8>>)>,
    marks: [u64; MARKS],
    stated: Option<Stated>,
    matched: u64,
    total: u64,
    best: BinaryHeap<Place>,
}

impl SegmentPass {
    fn new(columns: Arc<Columns>, wanted: Wanted) -> tantivy::Result<Self> {
        let chosen = std::array::from_fn(|n| {
            let names = columns.facets.get(n).map_or(&[][..], |facet| facet.names.as_slice());
            let choices = wanted.facets.get(n).filter(|choices| !choices.is_empty())?;
            Some(names.iter().map(|name| choices.contains(name)).collect())
        });
        let counts = std::array::from_fn(|n| vec![0; columns.facets.get(n).map_or(0, |facet| facet.names.len())]);
        let standings = wanted.judged.clone().map(|judged| {
            let marks = columns.standings(&judged.standing);
            (judged, marks)
        });
        let stated = if wanted.properties.is_empty() {
            None
        } else {
            let known = columns.properties().map_err(|e| tantivy::TantivyError::InternalError(e.to_string()))?;
            Some(Stated::new(known, &wanted.properties))
        };
        let (marks, best) = ([0; MARKS], BinaryHeap::new());
        Ok(Self { columns, wanted, chosen, counts, standings, marks, stated, matched: 0, total: 0, best })
    }

    fn code(&self, facet: usize, doc: DocId) -> usize {
        let codes = self.columns.facets.get(facet).map(|facet| facet.codes.as_slice());
        number(codes, doc)
    }

    /// All values of a facet that may have several.
    fn several(&self, facet: usize, doc: DocId) -> Option<&[u32]> {
        Some(self.columns.facets.get(facet)?.several.as_ref()?.of(doc))
    }

    /// The facets whose choices the product misses, as bits.
    fn missed(&self, doc: DocId) -> u8 {
        let mut missed = 0;
        for (n, chosen) in self.chosen.iter().enumerate() {
            let Some(chosen) = chosen else { continue };
            let is_chosen = |code: usize| chosen.get(code).copied().unwrap_or(false);
            let taken = match self.several(n, doc) {
                Some(codes) => codes.iter().any(|code| is_chosen(usize::try_from(*code).unwrap_or(usize::MAX))),
                None => is_chosen(self.code(n, doc)),
            };
            if !taken {
                missed |= 1 << n;
            }
        }
        missed
    }

    /// How the product's supplier stands; nothing where that is not asked for.
    fn mark(&self, doc: DocId) -> Option<(&Judged, u8)> {
        let (judged, marks) = self.standings.as_ref()?;
        let place = number(Some(self.columns.suppliers.codes.as_slice()), doc);
        Some((judged, marks.get(place).copied().unwrap_or_default()))
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
        let counts = self.counts.get_mut(facet);
        let facet = self.columns.facets.get(facet);
        let (Some(counts), Some(facet)) = (counts, facet) else { return };
        match &facet.several {
            Some(several) => several.of(doc).iter().for_each(|code| add(counts, usize::try_from(*code).ok())),
            None => add(counts, Some(number(Some(&facet.codes), doc))),
        }
    }

    fn count_mark(&mut self, mark: u8) {
        add(&mut self.marks, Some(usize::from(mark & !CLOSED)));
    }

    fn count_properties(&mut self, doc: DocId, missed: u16) {
        if let Some(stated) = &mut self.stated
            && let Ok(known) = self.columns.properties()
        {
            stated.count(known.codes.of(doc), missed);
        }
    }

    /// The properties of the chosen category that the product misses, as bits.
    fn missed_properties(&self, doc: DocId) -> u16 {
        let Some(stated) = &self.stated else { return 0 };
        self.columns.properties().map_or(0, |known| stated.missed(known.codes.of(doc)))
    }

    /// Counts a product that misses nothing but properties, and keeps it if it misses none.
    fn take(&mut self, doc: DocId, score: Score, mark: Option<u8>) {
        let missed = self.missed_properties(doc);
        if missed == 0 {
            self.total += 1;
            for facet in 0..FACETS.len() {
                self.count(facet, doc);
            }
            if let Some(mark) = mark {
                self.count_mark(mark);
            }
            self.keep(doc, score);
        } else {
            self.count(0, doc);
        }
        if missed == 0 || missed.is_power_of_two() {
            self.count_properties(doc, missed);
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
            Sort::Listings => u64::MAX.saturating_sub(up(self.columns.listings.first(doc).or(Some(0)))),
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
        let mut missed = self.missed(doc);
        let mut counted = None;
        if let Some((judged, mark)) = self.mark(doc) {
            if judged.hides_closed && mark & CLOSED != 0 {
                return;
            }
            if mark & !CLOSED < self.wanted.punctual {
                missed |= PUNCTUAL;
            }
            counted = judged.counts.then_some(mark);
        }
        self.matched += 1;
        // Two missed facets: no choice of a single one would bring the product back.
        if !missed.is_power_of_two() && missed != 0 || !self.in_bounds(doc) {
            return;
        }
        match missed {
            0 => self.take(doc, score, counted),
            // Another category has other properties, and those asked for would go with this one.
            CATEGORY => self.count(0, doc),
            _ if self.missed_properties(doc) != 0 => {}
            PUNCTUAL => self.count_mark(counted.unwrap_or_default()),
            one => self.count(usize::try_from(one.trailing_zeros()).unwrap_or_default(), doc),
        }
    }

    fn harvest(self) -> Found {
        let named = |n: usize| {
            let names = self.columns.facets.get(n).map_or(&[][..], |facet| facet.names.as_slice());
            let counts = self.counts.get(n).map_or(&[][..], Vec::as_slice);
            names.iter().cloned().zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect()
        };
        let facets = std::array::from_fn(named);
        // They were read when the pass began, so they can be read now.
        let known = |stated: Stated| Some(stated.harvest(&self.columns.properties().ok()?.terms));
        let properties = self.stated.and_then(known).unwrap_or_default();
        let (matched, total, marks) = (self.matched, self.total, self.marks);
        Found { matched, total, facets, properties, marks, hits: self.best.into_vec() }
    }
}

impl Collector for Pass<'_> {
    type Fruit = Found;
    type Child = SegmentPass;

    fn for_segment(&self, place: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentPass> {
        let columns = usize::try_from(place).ok().and_then(|place| self.snapshot.columns.get(place));
        let columns =
            columns.ok_or_else(|| tantivy::TantivyError::InternalError("a segment without columns".to_owned()))?;
        SegmentPass::new(Arc::clone(columns), self.wanted.clone())
    }

    fn requires_scoring(&self) -> bool {
        self.wanted.sort == Sort::Relevance
    }

    fn merge_fruits(&self, parts: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found { properties: vec![BTreeMap::new(); self.wanted.properties.len()], ..Found::default() };
        for part in parts {
            all.matched += part.matched;
            all.total += part.total;
            let sums = all.facets.iter_mut().chain(&mut all.properties);
            for (sum, counts) in sums.zip(part.facets.into_iter().chain(part.properties)) {
                for (name, count) in counts {
                    *sum.entry(name).or_default() += count;
                }
            }
            for (sum, count) in all.marks.iter_mut().zip(part.marks) {
                *sum += count;
            }
            all.hits.extend(part.hits);
        }
        all.hits.sort_unstable();
        all.hits.truncate(self.wanted.rows.saturating_add(1));
        Ok(all)
    }
}
