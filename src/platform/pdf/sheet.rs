//! A document with every line in its place; tests read it, and the writer draws it.

use super::fonts::Weight;
use std::collections::BTreeSet;
use std::ops::Range;

/// Is a document on its pages. Lengths are thousandths of a point from the upper left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Title in the file's properties.
    pub title: String,
    /// Main language.
    pub language: &'static str,
    /// Its pages.
    pub pages: Vec<Page>,
    /// Characters that no font held; each is drawn as the placeholder.
    pub missing: BTreeSet<char>,
}

impl Sheet {
    /// Everything there is to read, line by line in the order it is drawn; a page ends with a form feed.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for page in &self.pages {
            for run in &page.runs {
                text.push_str(&run.text);
                text.push('\n');
            }
            text.push('\x0C');
        }
        text
    }
}

/// Is one page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Text behind everything else, aslant.
    pub watermark: Option<Run>,
    /// Its lines of text.
    pub runs: Vec<Run>,
    /// Its straight strokes.
    pub rules: Vec<Rule>,
}

/// Is a line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Left end.
    pub x: i32,
    /// Baseline.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Font size.
    pub size: i32,
    /// Grey, from 0 (black) to 255.
    pub grey: u8,
    /// What it says.
    pub text: String,
    /// Its glyphs, piece by piece of one font.
    pub(super) pieces: Vec<Piece>,
}

/// Is a part of a line in one font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub weight: Weight,
    pub glyphs: Vec<Glyph>,
}

/// Is a drawn shape. Advance and offsets are in units of the font, a thousand to its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glyph {
    pub id: u32,
    pub advance: i32,
    pub x_offset: i32,
    pub y_offset: i32,
    /// The bytes of the line's text that it shows.
    pub range: Range<usize>,
}

/// Is a straight stroke, drawn as a filled box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Left end.
    pub x: i32,
    /// Upper end.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
    /// Grey, from 0 (black) to 255.
    pub grey: u8,
}
