//! Documents on paper: from headings, facts, paragraphs and tables to the bytes of a PDF on A4. Knows no business word.
//!
//! Shape: a [`Document`] says what there is to read; [`lay_out`] shapes the text, breaks it into lines and pages and yields
//! a [`Sheet`], in which every line of text has its place; [`write`] turns the sheet into a file. All lengths are whole
//! thousandths of a point, so a layout is the same on every machine.
//!
//! Promises: the same document gives the same bytes (no clock, no chance inside); nothing lies outside the margins; a
//! table's header stands on each of its pages; each page says which it is of how many; text can be selected and searched,
//! its fonts lie in the file. A character the fonts lack is drawn as [`PLACEHOLDER`], listed in [`Sheet::missing`] and
//! named at the end of the document. Refuses documents of more than [`PAGES_MAX`] pages.

mod document;
mod flow;
mod fonts;
mod lines;
mod shape;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub use document::{Align, Block, Column, Document, Style, Table};
pub use flow::lay_out;
pub use sheet::{Page, Rule, Run, Sheet};
pub use words::{Language, Words, grouped, sentence, two};
pub use write::write;

/// Width of an A4 page.
pub const PAGE_WIDTH: i32 = 595_276;
/// Height of an A4 page.
pub const PAGE_HEIGHT: i32 = 841_890;
/// Left and right margin.
pub const SIDE: i32 = 48_000;
/// Upper margin; the header stands in it.
pub const TOP: i32 = 62_000;
/// Lower margin; footer and page number stand in it.
pub const BOTTOM: i32 = 58_000;
/// Pages a document has at most.
pub const PAGES_MAX: usize = 500;
/// Stands for a character that no font here holds.
pub const PLACEHOLDER: char = '□';

/// Says why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// It would be longer than [`PAGES_MAX`].
    #[error("a document has at most {PAGES_MAX} pages")]
    TooLong,
    /// The fonts of this build cannot be read.
    #[error("the fonts of this build cannot be read: {0}")]
    Fonts(&'static str),
    /// The writer refused.
    #[error("the document could not be written: {0}")]
    Writer(String),
}
