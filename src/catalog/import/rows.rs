//! A line of goods as a draft: the same draft the form of the product writes.

use super::RowError;
use super::cell::Row;
use super::text::{self, Record};
use crate::catalog::draft::{Draft, DraftBreak, DraftIncoterm};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::FieldError;
use std::collections::{BTreeMap, HashSet};

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
];

/// One line of goods.
#[derive(Debug, Clone)]
pub struct GoodsRow {
    /// Its line.
    pub line: u64,
    /// Registration number of the supplier; empty where the file is one supplier's.
    pub supplier: String,
    /// The draft, or everything wrong with the line.
    pub draft: Result<Draft, Vec<RowError>>,
}

/// Reads a file of goods; with `suppliers` each line names its supplier.
///
/// Errors: 422 for a wrong header.
pub fn goods(text: &str, suppliers: bool) -> Result<Vec<GoodsRow>, Refusal> {
    let records = text::read(text, if suppliers { MARKET_COLUMNS } else { COLUMNS }, &[])?;
    let mut seen = HashSet::with_capacity(records.len());
    Ok(records.into_iter().map(|record| one(record, suppliers, &mut seen)).collect())
}

fn one(record: Record, suppliers: bool, seen: &mut HashSet<(String, String)>) -> GoodsRow {
    let line = record.line;
    let cells = match record.cells {
        Ok(cells) => cells,
        Err(error) => {
            return GoodsRow { line, supplier: String::new(), draft: Err(vec![error]) };
        }
    };
    let mut row = Row::new(line, &cells);
    let supplier = if suppliers { row.text("supplier_registration") } else { String::new() };
    let draft = draft(&mut row);
    if !draft.sku.is_empty() && !seen.insert((supplier.clone(), draft.sku.clone())) {
        row.blame("sku", "import.sku_repeated", "an earlier line of this file has this SKU");
    }
    let draft = if row.errors.is_empty() { Ok(draft) } else { Err(row.errors) };
    GoodsRow { line, supplier, draft }
}

fn draft(row: &mut Row<'_>) -> Draft {
    let ladder = row.number("ladder");
    let picture = row.optional("picture").map(|p| if p.ends_with(".svg") { p } else { format!("{p}.svg") });
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
        moq_step: None,
        ladder: breaks(&ladder, row),
        lead_days: row.whole("lead_days"),
        incoterm: DraftIncoterm { code: row.text("incoterm"), place: row.text("place") },
        pictures: picture.into_iter().collect(),
        attributes: BTreeMap::new(),
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
pub fn row_error(line: u64, error: &FieldError) -> RowError {
    let column = match error.pointer.as_str() {
        "/incoterm/place" => "place",
        "/moq_step" => "moq",
        pointer => match pointer.split('/').nth(1).unwrap_or("") {
            "pictures" => "picture",
            field => COLUMNS.iter().copied().find(|c| *c == field).unwrap_or(""),
        },
    };
    RowError::new(line, Some(column).filter(|c| !c.is_empty()), &error.code, &error.detail)
}
