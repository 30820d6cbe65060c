//! What is filtered, counted and sorted by, unpacked once per segment: counting a facet is then one addition per product.

use super::fault;
use super::schema::{FACETS, whole};
use super::standing::Standing;
use crate::platform::problem::Fault;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tantivy::columnar::{Cardinality, Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

/// One facet: a number for each product, and what the numbers stand for.
#[derive(Default)]
pub struct Facet {
    /// By product: the only one, or the first.
    pub codes: Vec<u32>,
    /// All of each product, where one may have several.
    pub several: Option<Several>,
    /// By number.
    pub names: Vec<String>,
}

/// Several numbers for each product, one after another.
#[derive(Default)]
pub struct Several {
    /// Where those of a product begin; one more than there are products.
    starts: Vec<u32>,
    codes: Vec<u32>,
}

impl Several {
    fn read(ords: &Column<u64>, docs: DocId) -> Self {
        let (mut starts, mut codes) = (Vec::new(), Vec::new());
        let begin = |codes: &Vec<u32>| u32::try_from(codes.len()).unwrap_or(u32::MAX);
        for doc in 0..docs {
            starts.push(begin(&codes));
            codes.extend(ords.values_for_doc(doc).map(|ord| u32::try_from(ord).unwrap_or(u32::MAX)));
        }
        starts.push(begin(&codes));
        Self { starts, codes }
    }

    /// Those of a product.
    pub fn of(&self, doc: DocId) -> &[u32] {
        let place = |at: usize| self.starts.get(at).and_then(|start| usize::try_from(*start).ok());
        let doc = usize::try_from(doc).unwrap_or(usize::MAX);
        let ends = place(doc).zip(place(doc.saturating_add(1)));
        ends.and_then(|(from, to)| self.codes.get(from..to)).unwrap_or(&[])
    }
}

/// What listings state of their templates: terms `key=value` in the order of letters, and the numbers of each product's.
#[derive(Default)]
pub struct Properties {
    /// By product.
    pub codes: Several,
    /// By number.
    pub terms: Vec<String>,
}

/// How the suppliers of a segment stand, by their number, as of one look at them.
type Marked = (Arc<Standing>, Arc<Vec<u8>>);

/// The columns of one segment. A segment never changes, products of it are only taken out.
pub struct Columns {
    ids: [Column<u64>; 2],
    /// See [`FACETS`].
    pub facets: [Facet; 6],
    /// Whose each product is.
    pub suppliers: Facet,
    /// Published listings of a supplier.
    pub listings: Column<i64>,
    marked: Mutex<Option<Marked>>,
    stated: Option<StrColumn>,
    properties: OnceLock<Properties>,
    docs: DocId,
    /// Least quantity, scaled.
    pub moq: Column<i64>,
    /// Lead time in days.
    pub lead: Column<i64>,
    /// Quantities of the ladder, scaled, in order.
    from: Column<i64>,
    /// Prices of the ladder, scaled, in the same order.
    price: Column<i64>,
}

/// What the numbers of a column stand for.
fn names(column: &StrColumn) -> Result<Vec<String>, Fault> {
    let mut names = Vec::with_capacity(column.num_terms());
    for place in 0..column.num_terms() {
        let mut name = String::new();
        column.ord_to_str(u64::try_from(place).unwrap_or(u64::MAX), &mut name).map_err(fault)?;
        names.push(name);
    }
    Ok(names)
}

fn facet(segment: &SegmentReader, name: &str) -> Result<Facet, Fault> {
    let Some(column) = segment.fast_fields().str(name).map_err(fault)? else { return Ok(Facet::default()) };
    let is_several = column.ords().get_cardinality() == Cardinality::Multivalued;
    let several = is_several.then(|| Several::read(column.ords(), segment.max_doc()));
    let code = |doc: DocId| column.ords().first(doc).and_then(|ord| u32::try_from(ord).ok()).unwrap_or(u32::MAX);
    Ok(Facet { codes: (0..segment.max_doc()).map(code).collect(), several, names: names(&column)? })
}

impl Columns {
    fn load(segment: &SegmentReader) -> Result<Self, Fault> {
        let fast = segment.fast_fields();
        let [a, b, c, d, e, f] = FACETS;
        let one = |name| facet(segment, name);
        Ok(Self {
            ids: [fast.u64("id_high").map_err(fault)?, fast.u64("id_low").map_err(fault)?],
            facets: [one(a)?, one(b)?, one(c)?, one(d)?, one(e)?, one(f)?],
            suppliers: one("supplier")?,
            listings: fast.i64("listings").map_err(fault)?,
            marked: Mutex::new(None),
            stated: fast.str("properties").map_err(fault)?,
            properties: OnceLock::new(),
            docs: segment.max_doc(),
            moq: fast.i64("moq").map_err(fault)?,
            lead: fast.i64("lead_days").map_err(fault)?,
            from: fast.i64("from").map_err(fault)?,
            price: fast.i64("price").map_err(fault)?,
        })
    }

    /// What the products state of their templates: unpacked when a search first asks for it.
    pub fn properties(&self) -> Result<&Properties, Fault> {
        if let Some(known) = self.properties.get() {
            return Ok(known);
        }
        let read = match &self.stated {
            Some(column) => Properties { codes: Several::read(column.ords(), self.docs), terms: names(column)? },
            None => Properties::default(),
        };
        Ok(self.properties.get_or_init(|| read))
    }

    /// How each supplier stands, by its number here: looked up once for each look at the suppliers, not for each search.
    pub fn standings(&self, standing: &Arc<Standing>) -> Arc<Vec<u8>> {
        let mut marked = self.marked.lock().unwrap_or_else(PoisonError::into_inner);
        match marked.as_ref().filter(|(known, _)| Arc::ptr_eq(known, standing)) {
            Some((_, marks)) => Arc::clone(marks),
            None => {
                let mark = |name: &String| u128::from_str_radix(name, 16).map_or(0, |id| standing.mark(id));
                let marks = Arc::new(self.suppliers.names.iter().map(mark).collect::<Vec<u8>>());
                *marked = Some((Arc::clone(standing), Arc::clone(&marks)));
                marks
            }
        }
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
