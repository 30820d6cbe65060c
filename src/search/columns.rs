//! What is filtered, counted and sorted by, unpacked once per segment: counting all facets is then two additions per product.

use super::fault;
use super::schema::{FACETS, whole};
use super::standing::Standing;
use crate::platform::problem::Fault;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

/// What the numbers of a facet stand for, by number.
pub type Names = Vec<String>;

/// The facets that goods differ in, by their places among [`FACETS`].
pub const OF_GOODS: [usize; 4] = [0, 3, 4, 5];
/// The facets that sellers differ in.
pub const OF_SELLERS: [usize; 2] = [1, 2];

/// Products that are alike in some facets are of one kind. There are few kinds where there are many products, so a search counts
/// kinds, asks each kind once what it misses, and looks at values only in the end.
#[derive(Default)]
pub struct Kinds {
    /// The facets, by their places among [`FACETS`].
    facets: &'static [usize],
    /// By kind and facet: where its values begin; one more at the end.
    starts: Vec<u32>,
    values: Vec<u32>,
    /// By kind: its supplier's number, where sellers are told apart.
    suppliers: Vec<u32>,
    known: HashMap<Box<[u32]>, u32>,
}

fn number(ord: u64) -> u32 {
    u32::try_from(ord).unwrap_or(u32::MAX)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A number as a place in a list.
pub fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Kinds {
    fn of(facets: &'static [usize]) -> Self {
        Self { facets, starts: vec![0], ..Self::default() }
    }

    /// The kind of a product with these values: for each facet how many there are and which, then the supplier.
    fn take(&mut self, said: &[u32]) -> u32 {
        if let Some(kind) = self.known.get(said) {
            return *kind;
        }
        let kind = small(self.known.len());
        self.known.insert(said.into(), kind);
        let mut rest = said;
        for _ in self.facets {
            let Some((count, behind)) = rest.split_first() else { break };
            let (values, behind) = behind.split_at_checked(at(*count)).unwrap_or((behind, &[]));
            self.values.extend(values);
            self.starts.push(small(self.values.len()));
            rest = behind;
        }
        self.suppliers.extend(rest);
        kind
    }

    /// How many kinds there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1) / self.facets.len().max(1)
    }

    /// The facets of a kind, by their places among [`FACETS`], each with its values.
    pub fn values(&self, kind: usize) -> impl Iterator<Item = (usize, &[u32])> {
        let first = kind.saturating_mul(self.facets.len());
        let place = move |n: usize| self.starts.get(n).map(|start| at(*start));
        self.facets.iter().enumerate().map(move |(n, facet)| {
            let at = first.saturating_add(n);
            let ends = place(at).zip(place(at.saturating_add(1)));
            (*facet, ends.and_then(|(from, to)| self.values.get(from..to)).unwrap_or(&[]))
        })
    }

    /// The number of a kind's supplier.
    pub fn supplier(&self, kind: usize) -> Option<usize> {
        self.suppliers.get(kind).map(|number| at(*number))
    }
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

/// What a product is counted and ordered by.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its kind of goods.
    pub goods: u32,
    /// Its kind of sellers.
    pub seller: u32,
    /// Its place in the order of identifiers of its segment.
    pub rank: u32,
}

/// How the suppliers of a segment stand, by their number, as of one look at them.
type Marked = (Arc<Standing>, Arc<Vec<u8>>);

/// The columns of one segment. A segment never changes, products of it are only taken out.
pub struct Columns {
    ids: [Column<u64>; 2],
    /// What the values of each of [`FACETS`] are called.
    pub names: [Names; 6],
    /// Identifiers of the suppliers, as text.
    suppliers: Names,
    /// Kinds by what goods differ in, and by what sellers differ in.
    pub goods: Kinds,
    /// Kinds of sellers.
    pub sellers: Kinds,
    /// By product, for all that is asked of most of them lies in one place.
    pub entries: Vec<Entry>,
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

fn texts(segment: &SegmentReader, name: &str) -> Result<(Option<Column<u64>>, Names), Fault> {
    let column = segment.fast_fields().str(name).map_err(fault)?;
    let known = column.as_ref().map(names).transpose()?.unwrap_or_default();
    Ok((column.map(|column| column.ords().clone()), known))
}

/// Gives each product its place in the order of identifiers.
fn rank(ids: &[Column<u64>; 2], entries: &mut [Entry]) {
    let id = |doc: DocId| whole([ids[0].first(doc).unwrap_or_default(), ids[1].first(doc).unwrap_or_default()]);
    let mut order: Vec<(u128, usize)> = (0..entries.len()).zip(0..).map(|(at, doc)| (id(doc), at)).collect();
    order.sort_unstable();
    for ((_, at), rank) in order.into_iter().zip(0..) {
        if let Some(entry) = entries.get_mut(at) {
            entry.rank = rank;
        }
    }
}

impl Columns {
    fn load(segment: &SegmentReader) -> Result<Self, Fault> {
        let fast = segment.fast_fields();
        let mut facets = Vec::with_capacity(FACETS.len());
        let mut called: [Names; 6] = Default::default();
        for (name, place) in FACETS.into_iter().zip(&mut called) {
            let (ords, known) = texts(segment, name)?;
            facets.push(ords);
            *place = known;
        }
        let (supplier, suppliers) = texts(segment, "supplier")?;
        let (mut goods, mut sellers) = (Kinds::of(&OF_GOODS), Kinds::of(&OF_SELLERS));
        let mut said = Vec::new();
        let mut kind = |kinds: &mut Kinds, doc: DocId, last: Option<&Column<u64>>| {
            said.clear();
            for facet in kinds.facets {
                let begin = said.len();
                said.push(0);
                let ords = facets.get(*facet).and_then(Option::as_ref);
                said.extend(ords.into_iter().flat_map(|ords| ords.values_for_doc(doc)).map(number));
                let count = small(said.len() - begin - 1);
                if let Some(first) = said.get_mut(begin) {
                    *first = count;
                }
            }
            said.extend(last.map(|ords| ords.first(doc).map_or(u32::MAX, number)));
            kinds.take(&said)
        };
        let docs = segment.max_doc();
        let entry = |doc: DocId| {
            let (goods, seller) = (kind(&mut goods, doc, None), kind(&mut sellers, doc, supplier.as_ref()));
            Entry { goods, seller, rank: 0 }
        };
        let mut entries: Vec<Entry> = (0..docs).map(entry).collect();
        // Only needed to find them.
        (goods.known, sellers.known) = (HashMap::new(), HashMap::new());
        let ids = [fast.u64("id_high").map_err(fault)?, fast.u64("id_low").map_err(fault)?];
        rank(&ids, &mut entries);
        Ok(Self {
            ids,
            names: called,
            suppliers,
            goods,
            sellers,
            entries,
            listings: fast.i64("listings").map_err(fault)?,
            marked: Mutex::new(None),
            stated: fast.str("properties").map_err(fault)?,
            properties: OnceLock::new(),
            docs,
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
                let marks = Arc::new(self.suppliers.iter().map(mark).collect::<Vec<u8>>());
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
