//! The fonts that lie in the program: Noto Sans SC in two weights and what it lacks of Latin, Greek and Cyrillic from Noto
//! Sans, cut to what is written here (see `fonts/README.md`).
//!
//! They are packed in the program and unpacked once, when the first document is made.

use super::PdfError;
use flate2::read::GzDecoder;
use krilla::Data;
use krilla::text::Font;
use rustybuzz::Face;
use std::io::Read;
use std::sync::{Arc, LazyLock};

const REGULAR: &[u8] = include_bytes!("fonts/noto-sans-sc-regular.otf.gz");
const BOLD: &[u8] = include_bytes!("fonts/noto-sans-sc-bold.otf.gz");
const LATIN: &[u8] = include_bytes!("fonts/noto-sans-latin-regular.ttf.gz");
const LATIN_BOLD: &[u8] = include_bytes!("fonts/noto-sans-latin-bold.ttf.gz");

/// Units to a font's size; all files are made so, and reading them checks it.
pub(super) const UNITS: i32 = 1_000;

/// Names a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Chinese, and the common letters of Latin, Greek and Cyrillic.
    Regular,
    /// The same with the common Chinese characters only; what it lacks is drawn in the regular weight.
    Bold,
    /// The rarer letters, marks and currencies.
    Latin,
    /// The same, bold.
    LatinBold,
}

/// Is a font, ready to shape with and to draw with.
pub(super) struct Loaded {
    pub face: Face<'static>,
    pub font: Font,
}

pub(super) struct Fonts {
    regular: Loaded,
    bold: Loaded,
    latin: Loaded,
    latin_bold: Loaded,
}

impl Fonts {
    pub fn get(&self, weight: Weight) -> &Loaded {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
            Weight::Latin => &self.latin,
            Weight::LatinBold => &self.latin_bold,
        }
    }

    /// The weight in which a character can be drawn where `wanted` is asked for; `None` when no font holds it.
    pub fn holding(&self, c: char, wanted: Weight) -> Option<Weight> {
        let order: &[Weight] = match wanted {
            Weight::Regular | Weight::Latin => &[Weight::Regular, Weight::Latin],
            Weight::Bold | Weight::LatinBold => &[Weight::Bold, Weight::LatinBold, Weight::Regular, Weight::Latin],
        };
        order.iter().copied().find(|weight| self.get(*weight).face.glyph_index(c).is_some())
    }
}

static FONTS: LazyLock<Result<Fonts, &'static str>> = LazyLock::new(|| {
    Ok(Fonts { regular: load(REGULAR)?, bold: load(BOLD)?, latin: load(LATIN)?, latin_bold: load(LATIN_BOLD)? })
});

/// The fonts.
pub(super) fn fonts() -> Result<&'static Fonts, PdfError> {
    FONTS.as_ref().map_err(|why| PdfError::Fonts(why))
}

fn load(packed: &[u8]) -> Result<Loaded, &'static str> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).map_err(|_| "the file is damaged")?;
    // Unpacked once for as long as the program runs; everything that reads a font borrows from here.
    let bytes: &'static [u8] = bytes.leak();
    let face = Face::from_slice(bytes, 0).ok_or("not a font")?;
    if face.units_per_em() != UNITS {
        return Err("not a thousand units to the size");
    }
    let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(bytes);
    let font = Font::new(Data::from(shared), 0).ok_or("not a font that can be drawn")?;
    Ok(Loaded { face, font })
}
