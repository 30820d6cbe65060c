//! Goes over what a text matches once: filters, counts every facet exactly, keeps the best of a page.
//!
//! A facet is counted over what all *other* filters let through, so that its own choices stay on offer with the numbers they would bring.
//! Properties belong to the chosen category and go with it, so categories are counted without them. Refuses nothing.

use super::columns::{Columns, Entry, Kinds, OF_SELLERS, Snapshot, at};
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

/// Bit of the share in time, behind those of the facets.
const PUNCTUAL: u16 = 1 << FACETS.len();
/// Bit of the category among the facets.
const CATEGORY: u16 = 1;
/// All choices a product may miss.
const CHOICES: u16 = (PUNCTUAL << 1) - 1;
/// Choices that sellers miss, not goods.
const OF_SELLERS_BITS: u16 = PUNCTUAL | 1 << OF_SELLERS[0] | 1 << OF_SELLERS[1];
/// The kind is not shown to anybody.
const HIDDEN: u16 = 1 << 14;
/// The kind was asked what it misses.
const ASKED: u16 = 1 << 15;

/// How many products of each kind were met, on one of the two sides that products differ in.
struct Tally {
    /// By kind: the choices it misses, once it was asked.
    missed: Vec<u16>,
    /// By kind: products that miss nothing.
    whole: Vec<u32>,
    /// By kind: products that miss one choice, which is of this side.
    near: Vec<u32>,
    /// Kinds that were asked.
    met: Vec<usize>,
}

fn more(counts: &mut [u32], kind: usize) {
    if let Some(count) = counts.get_mut(kind) {
        *count += 1;
    }
}

impl Tally {
    fn new(kinds: usize) -> Self {
        Self { missed: vec![0; kinds], whole: vec![0; kinds], near: vec![0; kinds], met: Vec::new() }
    }

    /// What a kind misses, if it was asked.
    fn known(&self, kind: usize) -> Option<u16> {
        self.missed.get(kind).copied().filter(|missed| *missed != 0)
    }

    /// Keeps what a kind misses.
    fn learn(&mut self, kind: usize, missed: u16) -> u16 {
        let missed = missed | ASKED;
        if let Some(place) = self.missed.get_mut(kind) {
            *place = missed;
            self.met.push(kind);
        }
        missed
    }

    /// The kinds that were met: each with what it misses, its products that miss nothing, and those that miss one choice.
    fn harvest(&self) -> impl Iterator<Item = (usize, u16, u64, u64)> {
        let count = |counts: &[u32], kind: usize| counts.get(kind).copied().map_or(0, u64::from);
        self.met.iter().map(move |kind| {
            let missed = self.missed.get(*kind).copied().unwrap_or_default();
            (*kind, missed & CHOICES, count(&self.whole, *kind), count(&self.near, *kind))
        })
    }
}

/// What a kind of goods or sellers misses of the chosen values, as bits.
fn missed_by(kinds: &Kinds, kind: usize, chosen: &[Option<Vec<bool>>; 6]) -> u16 {
    let is_chosen = |chosen: &[bool], value: &u32| chosen.get(at(*value)).copied().unwrap_or(false);
    kinds.values(kind).fold(0, |missed, (facet, values)| match chosen.get(facet) {
        Some(Some(chosen)) if !values.iter().any(|value| is_chosen(chosen, value)) => missed | 1 << facet,
        _ => missed,
    })
}

/// A hit of a segment while it may still be on the page: its key, its place in the order of identifiers, itself.
type Kept = (u64, u32, DocId);

/// The pass over a segment.
pub struct SegmentPass {
    columns: Arc<Columns>,
    wanted: Wanted,
    /// By facet with choices: whether each value is chosen.
    chosen: [Option<Vec<bool>>; 6],
    /// Marks of suppliers by their number here, where they are asked for.
    standings: Option<(Judged, Arc<Vec<u8>>)>,
    stated: Option<Stated>,
    goods: Tally,
    sellers: Tally,
    /// By kind of goods: products that miss nothing but properties.
    unlike: Vec<u32>,
    matched: u64,
    total: u64,
    best: BinaryHeap<Kept>,
}

impl SegmentPass {
    fn new(columns: Arc<Columns>, wanted: Wanted) -> tantivy::Result<Self> {
        let chosen = std::array::from_fn(|n| {
            let names = columns.names.get(n).map_or(&[][..], Vec::as_slice);
            let choices = wanted.facets.get(n).filter(|choices| !choices.is_empty())?;
            Some(names.iter().map(|name| choices.contains(name)).collect())
        });
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
        let (goods, sellers) = (Tally::new(columns.goods.len()), Tally::new(columns.sellers.len()));
        let unlike = if stated.is_some() { vec![0; columns.goods.len()] } else { Vec::new() };
        let best = BinaryHeap::new();
        Ok(Self { columns, wanted, chosen, standings, stated, goods, sellers, unlike, matched: 0, total: 0, best })
    }

    /// How a kind of sellers stands; nothing where that is not asked for.
    fn mark(&self, kind: usize) -> Option<(&Judged, u8)> {
        let (judged, marks) = self.standings.as_ref()?;
        let supplier = self.columns.sellers.supplier(kind);
        Some((judged, supplier.and_then(|supplier| marks.get(supplier)).copied().unwrap_or_default()))
    }

    /// What a kind of sellers misses, and whether it is shown at all.
    fn missed_by_seller(&self, kind: usize) -> u16 {
        let missed = missed_by(&self.columns.sellers, kind, &self.chosen);
        match self.mark(kind) {
            Some((judged, mark)) if judged.hides_closed && mark & CLOSED != 0 => missed | HIDDEN,
            Some((_, mark)) if mark & !CLOSED < self.wanted.punctual => missed | PUNCTUAL,
            _ => missed,
        }
    }

    /// What a product of these kinds misses; each kind is asked once.
    fn missed(&mut self, goods: usize, seller: usize) -> u16 {
        let of_goods = match self.goods.known(goods) {
            Some(known) => known,
            None => self.goods.learn(goods, missed_by(&self.columns.goods, goods, &self.chosen)),
        };
        let of_seller = match self.sellers.known(seller) {
            Some(known) => known,
            None => self.sellers.learn(seller, self.missed_by_seller(seller)),
        };
        of_goods | of_seller
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
    fn take(&mut self, doc: DocId, score: Score, entry: Entry) {
        let missed = self.missed_properties(doc);
        if missed == 0 {
            self.total += 1;
            more(&mut self.goods.whole, at(entry.goods));
            more(&mut self.sellers.whole, at(entry.seller));
            self.keep(doc, score, entry.rank);
        } else {
            more(&mut self.unlike, at(entry.goods));
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

    fn keep(&mut self, doc: DocId, score: Score, rank: u32) {
        let key = self.key(doc, score);
        let full = self.best.len() > self.wanted.rows;
        let hit = (key, rank, doc);
        if full && self.best.peek().is_some_and(|worst| hit > *worst) {
            return;
        }
        if self.wanted.after.is_some_and(|after| (key, self.columns.id(doc)) <= after) {
            return;
        }
        self.best.push(hit);
        if full {
            self.best.pop();
        }
    }

    /// The counts of every value of every facet, and of every mark.
    fn counted(&self) -> ([Vec<u64>; 6], [u64; MARKS]) {
        let mut counts: [Vec<u64>; 6] = std::array::from_fn(|n| vec![0; self.columns.names.get(n).map_or(0, Vec::len)]);
        let mut add = |facet: usize, values: &[u32], products: u64| {
            let Some(counts) = counts.get_mut(facet) else { return };
            for value in values {
                if let Some(count) = counts.get_mut(at(*value)) {
                    *count += products;
                }
            }
        };
        let mut marks = [0; MARKS];
        for (kinds, tally) in [(&self.columns.goods, &self.goods), (&self.columns.sellers, &self.sellers)] {
            for (kind, missed, whole, near) in tally.harvest() {
                for (facet, values) in kinds.values(kind) {
                    // What misses one choice is counted where another choice would bring it back.
                    let alone = if missed == 1 << facet { near } else { 0 };
                    add(facet, values, whole + alone);
                }
            }
        }
        for (kind, products) in self.unlike.iter().enumerate().filter(|(_, products)| **products > 0) {
            // Categories are counted without the properties that go with them.
            let category = self.columns.goods.values(kind).find(|(facet, _)| CATEGORY == 1 << *facet);
            category.into_iter().for_each(|(facet, values)| add(facet, values, u64::from(*products)));
        }
        for (kind, missed, whole, near) in self.sellers.harvest() {
            let Some((judged, mark)) = self.mark(kind) else { continue };
            let alone = if missed == PUNCTUAL { near } else { 0 };
            let products = if judged.counts { whole + alone } else { 0 };
            if let Some(count) = marks.get_mut(usize::from(mark & !CLOSED)) {
                *count += products;
            }
        }
        (counts, marks)
    }
}

impl SegmentCollector for SegmentPass {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(entry) = self.columns.entries.get(at(doc)).copied() else { return };
        let (goods, seller) = (at(entry.goods), at(entry.seller));
        let missed = self.missed(goods, seller);
        if missed & HIDDEN != 0 {
            return;
        }
        self.matched += 1;
        let missed = missed & CHOICES;
        // Two missed choices: no other choice of a single one would bring the product back.
        if !missed.is_power_of_two() && missed != 0 || !self.in_bounds(doc) {
            return;
        }
        match missed {
            0 => self.take(doc, score, entry),
            // Another category has other properties, and those asked for would go with this one.
            CATEGORY => more(&mut self.goods.near, goods),
            _ if self.missed_properties(doc) != 0 => {}
            one if one & OF_SELLERS_BITS != 0 => more(&mut self.sellers.near, seller),
            _ => more(&mut self.goods.near, goods),
        }
    }

    fn harvest(self) -> Found {
        let (counts, marks) = self.counted();
        let named = |n: usize| {
            let names = self.columns.names.get(n).map_or(&[][..], Vec::as_slice);
            let counts = counts.get(n).map_or(&[][..], Vec::as_slice);
            names.iter().cloned().zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect()
        };
        let facets = std::array::from_fn(named);
        // They were read when the pass began, so they can be read now.
        let known = |stated: Stated| Some(stated.harvest(&self.columns.properties().ok()?.terms));
        let properties = self.stated.and_then(known).unwrap_or_default();
        let (matched, total) = (self.matched, self.total);
        let hits = self.best.into_iter().map(|(key, _, doc)| (key, self.columns.id(doc))).collect();
        Found { matched, total, facets, properties, marks, hits }
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
