//! A line of goods as a draft: the same draft the form of the product writes.

use super::RowError;
use super::cell::Row;
use super::lists;
use super::text::{self, Cells, Record};
use crate::catalog::draft::{Draft, DraftBreak, DraftCertificate, DraftFamily, DraftIncoterm, DraftSample};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::FieldError;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Columns of a file of goods.
pub const COLUMNS: &[&str] = &[
    "sku",
    "title",
    "title_zh",
    "category",
    "description",
    "hs_code",
    "unit",
    "origin",
    "currency",
    "moq",
    "ladder",
    "lead_days",
    "incoterm",
    "place",
    "picture",
    "moq_step",
    "pictures",
    "attributes",
    "sample",
    "certificates",
    "family",
    "options",
    "state",
    "supply",
    "capacity",
    "on_hand",
];
/// Columns a file may lack; what they would say stays as it is then.
pub const OPTIONAL: &[&str] = &[
    "moq_step",
    "pictures",
    "attributes",
    "sample",
    "certificates",
    "family",
    "options",
    "state",
    "supply",
    "capacity",
    "on_hand",
];
/// The same with the supplier first, for a whole market.
pub const MARKET_COLUMNS: &[&str] = &[
    "supplier_registration",
    "sku",
    "title",
    "title_zh",
    "category",
    "description",
    "hs_code",
    "unit",
    "origin",
    "currency",
    "moq",
    "ladder",
    "lead_days",
    "incoterm",
    "place",
    "picture",
    "moq_step",
    "pictures",
    "attributes",
    "sample",
    "certificates",
    "family",
    "options",
    "state",
    "supply",
    "capacity",
    "on_hand",
];

/// What a line says beyond the columns that every file has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// The step of quantities.
    pub step: bool,
    /// All pictures and not the first alone.
    pub pictures: bool,
    /// Properties.
    pub attributes: bool,
    /// Samples, or that there are none.
    pub sample: bool,
    /// Certificates, or that there are none.
    pub certificates: bool,
    /// Family and options, or that there are none.
    pub family: bool,
    /// The state.
    pub state: bool,
    /// Whether the goods lie ready.
    pub supply: bool,
    /// A monthly capacity, or that there is none.
    pub capacity: bool,
}

/// One line of goods.
#[derive(Debug, Clone)]
pub struct GoodsRow {
    /// Its line.
    pub line: u64,
    /// Registration number of the supplier; empty where the file is one supplier's.
    pub supplier: String,
    /// The draft, or everything wrong with the line.
    pub draft: Result<Draft, Vec<RowError>>,
    /// What it says beyond the columns that every file has.
    pub said: Said,
    /// Its cells, to name what is wrong with one; none where the line has another number of cells.
    pub cells: Option<Arc<Cells>>,
}

/// Reads a file of goods; with `suppliers` each line names its supplier.
///
/// Errors: 422 for a wrong header.
pub fn goods(text: &str, suppliers: bool) -> Result<Vec<GoodsRow>, Refusal> {
    let records = text::read(text, if suppliers { MARKET_COLUMNS } else { COLUMNS }, OPTIONAL)?;
    let mut seen = HashSet::with_capacity(records.len());
    Ok(records.into_iter().map(|record| one(record, suppliers, &mut seen)).collect())
}

fn one(record: Record, suppliers: bool, seen: &mut HashSet<(String, String)>) -> GoodsRow {
    let line = record.line;
    let cells = match record.cells {
        Ok(cells) => cells,
        Err(error) => {
            let (said, cells) = (Said::default(), None);
            return GoodsRow { line, supplier: String::new(), draft: Err(vec![error]), said, cells };
        }
    };
    let mut row = Row::new(line, &cells);
    let supplier = if suppliers { row.text("supplier_registration") } else { String::new() };
    let draft = draft(&mut row);
    if !draft.sku.is_empty() && !seen.insert((supplier.clone(), draft.sku())) {
        row.blame("sku", "import.sku_repeated", "an earlier line of this file has this SKU");
    }
    let said = said(&row, &draft);
    let draft = if row.errors.is_empty() { Ok(draft) } else { Err(row.errors) };
    GoodsRow { line, supplier, draft, said, cells: Some(Arc::new(cells)) }
}

fn said(row: &Row<'_>, draft: &Draft) -> Said {
    Said {
        step: row.has("moq_step"),
        pictures: row.has("pictures") && (draft.pictures.len() != 1 || !row.is_empty("pictures")),
        attributes: row.has("attributes"),
        sample: row.has("sample"),
        certificates: row.has("certificates"),
        family: row.has("family"),
        state: draft.state.is_some(),
        supply: draft.supply.is_some(),
        capacity: row.has("capacity"),
    }
}

/// A picture's name; drawings may be named without their ending.
fn picture(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("{name}.svg") }
}

fn pictures(row: &mut Row<'_>) -> Vec<String> {
    let (first, all) = (row.optional("picture"), row.text("pictures"));
    let named: Vec<String> = all.split(';').map(str::trim).filter(|p| !p.is_empty()).map(picture).collect();
    if named.is_empty() { first.map(|name| picture(&name)).into_iter().collect() } else { named }
}

/// Reads a cell of `key=value;key=value`.
fn pairs(row: &mut Row<'_>, column: &str) -> BTreeMap<String, String> {
    let text = row.text(column);
    lists::pairs(&text).unwrap_or_else(|part| {
        let shown: String = part.chars().take(40).collect();
        row.blame(column, "import.pairs", &format!("`{shown}` is not written as key=value"));
        BTreeMap::new()
    })
}

fn sample(row: &mut Row<'_>) -> Option<DraftSample> {
    let text = row.optional("sample")?;
    let read = lists::sample(&text);
    if read.is_none() {
        row.blame("sample", "import.sample", "a sample is written as price:most:days, such as 12.50:3:7");
    }
    read
}

fn certificates(row: &mut Row<'_>) -> Vec<DraftCertificate> {
    let text = row.text("certificates");
    lists::certificates(&text).unwrap_or_else(|part| {
        let shown: String = part.chars().take(40).collect();
        row.blame(
            "certificates",
            "import.certificates",
            &format!("`{shown}` is not written as kind|number|issuer|day"),
        );
        Vec::new()
    })
}

fn family(row: &mut Row<'_>) -> Option<DraftFamily> {
    let (key, options) = (row.optional("family"), pairs(row, "options"));
    key.map(|key| DraftFamily { key, options })
}

fn draft(row: &mut Row<'_>) -> Draft {
    let ladder = row.number("ladder");
    let pictures = pictures(row);
    Draft {
        sku: row.text("sku"),
        title: row.text("title"),
        title_zh: row.optional("title_zh"),
        category: row.text("category"),
        description: row.text("description"),
        hs_code: row.text("hs_code"),
        unit: row.text("unit"),
        origin: row.text("origin"),
        currency: row.text("currency"),
        moq: row.number("moq"),
        moq_step: Some(row.number("moq_step")).filter(|text| !text.is_empty()),
        ladder: breaks(&ladder, row),
        lead_days: row.whole("lead_days"),
        supply: row.optional("supply"),
        capacity: Some(row.number("capacity")).filter(|text| !text.is_empty()),
        on_hand: Some(row.number("on_hand")).filter(|text| !text.is_empty()),
        incoterm: DraftIncoterm { code: row.text("incoterm"), place: row.text("place") },
        pictures,
        attributes: pairs(row, "attributes"),
        sample: sample(row),
        certificates: certificates(row),
        family: family(row),
        state: row.optional("state"),
    }
}

/// Reads `100:1.20;500:1.05`.
fn breaks(ladder: &str, row: &mut Row<'_>) -> Vec<DraftBreak> {
    let mut found = Vec::new();
    for part in ladder.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        match part.split_once(':') {
            Some((quantity, price)) => {
                found.push(DraftBreak {
                    from_quantity: quantity.trim().to_owned(),
                    unit_price: price.trim().to_owned(),
                });
            }
            None => {
                let shown: String = part.chars().take(40).collect();
                row.blame("ladder", "import.ladder", &format!("`{shown}` is not written as quantity:price"));
            }
        }
    }
    found
}

/// A complaint about a field of the draft as one about the column it came from.
pub fn row_error(line: u64, cells: &Cells, error: &FieldError) -> RowError {
    let column = match error.pointer.as_str() {
        "/incoterm/place" => "place",
        "/moq_step" | "/lot_step" if cells.has("moq_step") => "moq_step",
        "/moq_step" | "/lot_step" => "moq",
        "/family/options" => "options",
        pointer => match pointer.split('/').nth(1).unwrap_or("") {
            "pictures" if !cells.has("pictures") => "picture",
            field => COLUMNS.iter().copied().find(|c| *c == field).unwrap_or(""),
        },
    };
    if column.is_empty() {
        return RowError::new(line, None, &error.code, &error.detail);
    }
    RowError::new(line, Some(column), &error.code, &error.detail).holding(cells.raw(column))
}
