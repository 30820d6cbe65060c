//! What a document says, before anybody knows where it will stand.

use serde::Serialize;

/// Is one document. Everything in it is given; nothing is looked up.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    /// Title in the file's properties.
    pub title: String,
    /// Main language, such as `en` or `zh-Hans`.
    pub language: &'static str,
    /// Stands small at the top of each page.
    pub header: String,
    /// Stands small at the bottom of each page, left of the page number.
    pub footer: String,
    /// Stands large, pale and aslant across each page.
    pub watermark: Option<String>,
    /// Says what the placeholder means; the characters that are missing follow it. Shown only where one is missing.
    pub missing_note: String,
    /// What there is to read, in order.
    pub blocks: Vec<Block>,
}

/// Is one part of a document.
#[derive(Debug, Clone, Serialize)]
pub enum Block {
    /// A line that names what follows; it never stands last on a page.
    Heading(String),
    /// A paragraph; `\n` begins a new line.
    Text(String, Style),
    /// Names with their values, one below the other.
    Facts(Vec<(String, String)>),
    /// Parts side by side, each as wide as the others; they stay together on one page if they can.
    Side(Vec<Vec<Block>>),
    /// Rows and columns.
    Table(Table),
    /// Empty height, in thousandths of a point.
    Gap(i32),
}

/// Names how a paragraph looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Style {
    /// The name of the document.
    Title,
    /// Plain text.
    Plain,
    /// Text to be noticed.
    Strong,
    /// Small grey text.
    Small,
}

/// Is a table; its header is repeated on each page it reaches.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, one text per column.
    pub rows: Vec<Vec<String>>,
    /// Rows at the end that add up the others: name in the last column but one, amount in the last.
    pub totals: Vec<(String, String)>,
}

/// Is a column of a table.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// Its part of the width, relative to the other columns' parts.
    pub share: i32,
    /// Which side its text keeps to.
    pub align: Align,
}

/// Names the side a text keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Align {
    /// Left.
    Left,
    /// Right, as numbers do.
    Right,
}
