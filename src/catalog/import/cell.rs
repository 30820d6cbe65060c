//! One cell: what may stand in it.
//!
//! A text that a spreadsheet would run as a formula is refused, so that what is imported here and exported by somebody else
//! later cannot become one; with an apostrophe before it, as our own exports write it, it is the text behind it.

use super::RowError;
use super::text::Cells;
use crate::platform::spreadsheet::plain;

/// Reads the cells of one line and collects what is wrong with them.
pub struct Row<'a> {
    /// The line.
    pub line: u64,
    cells: &'a Cells,
    /// What is wrong so far.
    pub errors: Vec<RowError>,
}

impl<'a> Row<'a> {
    /// A row without complaints yet.
    pub fn new(line: u64, cells: &'a Cells) -> Self {
        Self { line, cells, errors: Vec::new() }
    }

    /// Adds a complaint about a column.
    pub fn blame(&mut self, column: &str, code: &str, detail: &str) {
        self.errors.push(RowError::new(self.line, Some(column), code, detail).holding(self.cells.raw(column)));
    }

    /// Whether the file has a column.
    pub fn has(&self, column: &str) -> bool {
        self.cells.has(column)
    }

    /// Whether nothing stands in a cell.
    pub fn is_empty(&self, column: &str) -> bool {
        self.cells.raw(column).trim().is_empty()
    }

    /// A text, trimmed.
    pub fn text(&mut self, column: &str) -> String {
        self.cell(column, &['=', '+', '-', '@', '\t', '\r'])
    }

    /// A number's text, trimmed; a leading minus is left to whoever reads the number.
    pub fn number(&mut self, column: &str) -> String {
        self.cell(column, &['=', '+', '@', '\t', '\r'])
    }

    /// A text that may be empty.
    pub fn optional(&mut self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|t| !t.is_empty())
    }

    /// A whole number.
    pub fn whole(&mut self, column: &str) -> i64 {
        let text = self.number(column);
        text.parse().unwrap_or_else(|_| {
            self.complain(column, "import.number", "this is not a whole number");
            0
        })
    }

    /// Yes or no.
    pub fn flag(&mut self, column: &str) -> bool {
        match self.text(column).to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "y" => true,
            "false" | "0" | "no" | "n" | "" => false,
            _ => {
                self.complain(column, "import.flag", "this is neither true nor false");
                false
            }
        }
    }

    /// A complaint, unless the cell was complained about already.
    fn complain(&mut self, column: &str, code: &str, detail: &str) {
        if !self.errors.iter().any(|e| e.column.as_deref() == Some(column)) {
            self.blame(column, code, detail);
        }
    }

    fn cell(&mut self, column: &str, formula: &[char]) -> String {
        let raw = self.cells.raw(column);
        let (cell, text) = (raw.trim(), plain(raw.trim()));
        let marked = text.len() < cell.len();
        if !marked && (raw.starts_with(formula) || text.starts_with(formula)) {
            self.complain(column, "import.formula", "a spreadsheet would read this as a formula");
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.complain(column, "import.control", "this holds control characters");
        }
        text.replace("\r\n", "\n")
    }
}
