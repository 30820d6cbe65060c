//! Shaped text to lines: breaks at spaces in Latin, between characters in Chinese, and anywhere when nothing else helps.

use super::fonts::{Fonts, Weight};
use super::shape::{Shaped, shape, width_of};
use super::sheet::{Glyph, Piece};
use std::collections::BTreeSet;

/// Is one line, not yet placed.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub text: String,
    pub width: i32,
    pub pieces: Vec<Piece>,
}

/// May not begin a line (GB/T 15834, and closing brackets).
const NO_START: &str = "，。、；：？！）》】」』〕〉”’…—·％,.;:?!)]}%";
/// May not end a line.
const NO_END: &str = "（《【「『〔〈“‘([{￥$";

/// True for characters between which a line may be broken without a space.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF)
}

fn may_break(before: char, after: char) -> bool {
    if after == ' ' {
        return false;
    }
    if before == ' ' {
        return true;
    }
    if NO_START.contains(after) || NO_END.contains(before) {
        return false;
    }
    is_wide(before) || is_wide(after) || (matches!(before, '/' | '-' | ',' | ';') && after.is_alphabetic())
}

/// Lines of at most `width`; `\n` begins a new one.
pub(super) fn break_lines(
    fonts: &Fonts,
    text: &str,
    (weight, size): (Weight, i32),
    width: i32,
    missing: &mut BTreeSet<char>,
) -> Vec<Line> {
    text.split('\n').flat_map(|line| fill(&shape(fonts, line.trim_end(), weight, missing), size, width)).collect()
}

/// A glyph with the font it is of.
type Placed<'a> = (Weight, &'a Glyph);

fn fill(shaped: &Shaped, size: i32, width: i32) -> Vec<Line> {
    let all: Vec<Placed<'_>> =
        shaped.pieces.iter().flat_map(|piece| piece.glyphs.iter().map(|glyph| (piece.weight, glyph))).collect();
    let (mut lines, mut from) = (Vec::new(), 0);
    while let Some(rest) = all.get(from..).filter(|rest| !rest.is_empty()) {
        let taken = fitting(shaped, rest, size, width);
        lines.push(line(shaped, rest.get(..taken).unwrap_or(rest), size));
        from += taken;
    }
    if lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}

/// How many of the glyphs make the next line: up to the last break that fits, else as many as fit, at least one cluster.
fn fitting(shaped: &Shaped, rest: &[Placed<'_>], size: i32, width: i32) -> usize {
    let (mut good, mut any, mut units) = (0, 0, 0_i64);
    for (n, (_, glyph)) in rest.iter().enumerate() {
        let text = shaped.text.get(glyph.range.clone()).unwrap_or_default();
        units += i64::from(glyph.advance);
        // A space at the end of a line may hang over; it is cut off.
        let fits = units * i64::from(size) <= i64::from(width) * 1_000;
        if !fits && text != " " {
            return if good > 0 { good } else { any.max(1) };
        }
        let next = rest.get(n + 1).map(|(_, next)| next);
        let Some(next) = next else { return rest.len() };
        if next.range.start == glyph.range.start {
            continue;
        }
        any = n + 1;
        let after = shaped.text.get(next.range.clone()).and_then(|text| text.chars().next());
        if let (Some(before), Some(after)) = (text.chars().next_back(), after)
            && may_break(before, after)
        {
            good = n + 1;
        }
    }
    rest.len()
}

fn line(shaped: &Shaped, glyphs: &[Placed<'_>], size: i32) -> Line {
    let shows = |glyph: &Glyph| shaped.text.get(glyph.range.clone()).unwrap_or_default();
    let end = glyphs.iter().rposition(|(_, glyph)| shows(glyph) != " ").map_or(0, |last| last + 1);
    let glyphs = glyphs.get(..end).unwrap_or_default();
    let from = glyphs.first().map_or(0, |(_, glyph)| glyph.range.start);
    let to = glyphs.last().map_or(0, |(_, glyph)| glyph.range.end);
    let mut pieces: Vec<Piece> = Vec::new();
    for (weight, glyph) in glyphs {
        let range = glyph.range.start.saturating_sub(from)..glyph.range.end.saturating_sub(from);
        let glyph = Glyph { range, ..(*glyph).clone() };
        match pieces.last_mut().filter(|piece| piece.weight == *weight) {
            Some(piece) => piece.glyphs.push(glyph),
            None => pieces.push(Piece { weight: *weight, glyphs: vec![glyph] }),
        }
    }
    let width = width_of(glyphs.iter().map(|(_, glyph)| *glyph), size);
    Line { text: shaped.text.get(from..to).unwrap_or_default().to_owned(), width, pieces }
}
