//! Tables as CSV that a spreadsheet may open without harm (CWE-1236).
//!
//! A text that a spreadsheet would run gets an apostrophe in front; numbers are written as numbers and never changed, or
//! negative amounts would become text. [`plain`] takes the apostrophe off again, so that what is written here reads back as
//! it was.

use crate::platform::problem::Fault;

/// What makes a spreadsheet run a cell: its operators, their wide forms, and what is skipped before them.
const RUNS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text of whatever origin.
    Text(String),
    /// A number that this program made.
    Number(Number),
    /// Nothing.
    Empty,
}

impl Cell {
    /// A text of whatever origin.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A decimal number as text, such as `-12.50`; what is none is a text.
    pub fn number(text: &str) -> Self {
        Number::read(text).map_or_else(|| Self::text(text), Self::Number)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(Number(number.to_string()))
    }
}

/// A decimal number, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    fn read(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        (digits(whole) && digits(part)).then(|| Self(text.to_owned()))
    }
}

/// Makes a text harmless. An apostrophe that already stands before such a text gets company, so that none is lost.
pub fn harmless(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(RUNS) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`harmless`] was given.
pub fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.trim_start_matches('\'').starts_with(RUNS) => text,
        Some(_) | None => cell,
    }
}

/// A table that is written row by row.
pub struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    /// A table with its columns' names.
    pub fn new(columns: &[&str]) -> Result<Self, Fault> {
        let mut sheet = Self(csv::Writer::from_writer(Vec::new()));
        sheet.0.write_record(columns).map_err(fault)?;
        Ok(sheet)
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), Fault> {
        let written = cells.into_iter().map(|cell| match cell {
            Cell::Text(text) => harmless(&text),
            Cell::Number(Number(number)) => number,
            Cell::Empty => String::new(),
        });
        self.0.write_record(written.collect::<Vec<_>>()).map_err(fault)
    }

    /// The file.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        self.0.into_inner().map_err(|e| Fault::new(e.to_string()))
    }
}

fn fault(error: csv::Error) -> Fault {
    Fault::new(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_as_it_was_and_none_can_run() {
        let ends = ["", "1", "cmd|' /C calc'!A0", "\"x\",y", "'"];
        let begins = RUNS.iter().map(|c| c.to_string()).chain(["", "a", "'", "''", "'a", "3,"].map(str::to_owned));
        for begin in begins {
            for marks in ["", "'", "''"] {
                for end in ends {
                    let text = format!("{marks}{begin}{end}");
                    let cell = harmless(&text);

                    assert!(!cell.starts_with(RUNS), "{text:?}");
                    assert_eq!(plain(&cell), text, "{text:?}");
                }
            }
        }
        assert_eq!(harmless("a=1"), "a=1");
    }

    #[test]
    fn numbers_stay_numbers_and_what_only_looks_like_one_is_text() {
        for number in ["-12.50", "0", "-1", "3.0000", "9223372036854775807"] {
            assert_eq!(Cell::number(number), Cell::Number(Number(number.to_owned())));
        }
        for text in ["", "-", "--1", "+1", "1.", ".5", "1e3", "-1+2", "=1", "1 ", "١"] {
            assert_eq!(Cell::number(text), Cell::text(text));
        }
        let mut sheet = Sheet::new(&["a", "b", "c"]).unwrap();
        sheet.row([Cell::number("-12.50"), Cell::text("-12.50"), Cell::Empty]).unwrap();
        sheet.row([Cell::from(i64::MIN), Cell::number("-1+2"), Cell::text("x")]).unwrap();
        let file = String::from_utf8(sheet.finish().unwrap()).unwrap();
        assert_eq!(file, "a,b,c\n-12.50,'-12.50,\n-9223372036854775808,'-1+2,x\n");
    }
}
