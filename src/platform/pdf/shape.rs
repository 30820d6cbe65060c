//! Text to glyphs: which font draws which characters, and how wide that is.

use super::PLACEHOLDER;
use super::fonts::{Fonts, UNITS, Weight};
use super::sheet::{Glyph, Piece};
use rustybuzz::{Direction, UnicodeBuffer};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Is a text without line breaks, shaped.
#[derive(Debug, Clone, Default)]
pub(super) struct Shaped {
    pub text: String,
    pub pieces: Vec<Piece>,
}

/// Shapes one line of any length. Composes accents first; a character that no font holds becomes the placeholder and is
/// added to `missing`.
pub(super) fn shape(fonts: &Fonts, text: &str, wanted: Weight, missing: &mut BTreeSet<char>) -> Shaped {
    let mut shaped = Shaped::default();
    let mut begun: Option<(Weight, usize)> = None;
    for c in text.nfc() {
        let c = if matches!(c, '\t' | '\u{A0}' | '\u{202F}') { ' ' } else { c };
        let (c, weight) = match fonts.holding(c, wanted) {
            Some(weight) => (c, weight),
            None => {
                missing.insert(c);
                (PLACEHOLDER, fonts.holding(PLACEHOLDER, wanted).unwrap_or(Weight::Regular))
            }
        };
        match begun {
            Some((before, from)) if before != weight => {
                piece(fonts, &mut shaped, before, from);
                begun = Some((weight, shaped.text.len()));
            }
            Some(_) => {}
            None => begun = Some((weight, 0)),
        }
        shaped.text.push(c);
    }
    if let Some((weight, from)) = begun {
        piece(fonts, &mut shaped, weight, from);
    }
    shaped
}

/// Shapes the text from `from` to its end so far in one font.
fn piece(fonts: &Fonts, shaped: &mut Shaped, weight: Weight, from: usize) {
    let part = shaped.text.get(from..).unwrap_or_default();
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(part);
    buffer.guess_segment_properties();
    buffer.set_direction(Direction::LeftToRight);
    let output = rustybuzz::shape(&fonts.get(weight).face, &[], buffer);
    let starts: Vec<usize> = output.glyph_infos().iter().map(|info| from + cluster(info.cluster)).collect();
    let end = shaped.text.len();
    let glyphs = output.glyph_infos().iter().zip(output.glyph_positions()).enumerate().map(|(n, (info, place))| {
        let start = starts.get(n).copied().unwrap_or(from);
        let next = starts.iter().skip(n + 1).copied().find(|next| *next > start).unwrap_or(end);
        Glyph {
            id: info.glyph_id,
            advance: place.x_advance,
            x_offset: place.x_offset,
            y_offset: place.y_offset,
            range: start..next,
        }
    });
    shaped.pieces.push(Piece { weight, glyphs: glyphs.collect() });
}

fn cluster(cluster: u32) -> usize {
    usize::try_from(cluster).unwrap_or(0)
}

/// How wide glyphs are at a size, in thousandths of a point.
pub(super) fn width_of<'a>(glyphs: impl Iterator<Item = &'a Glyph>, size: i32) -> i32 {
    let units: i64 = glyphs.map(|glyph| i64::from(glyph.advance)).sum();
    i32::try_from(units * i64::from(size) / i64::from(UNITS)).unwrap_or(i32::MAX)
}
