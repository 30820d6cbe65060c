//! A sheet to the bytes of a PDF file.

use super::fonts::{Fonts, UNITS, fonts};
use super::sheet::{Page, Rule, Run, Sheet};
use super::{PAGE_HEIGHT, PAGE_WIDTH, PdfError};
use krilla::Document;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

/// Thousandths of a point as points.
#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "the file's lengths are floats; no amount is")]
fn points(length: i32) -> f32 {
    length as f32 / 1_000.0
}

/// Font units as a part of the size.
#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "the file's lengths are floats; no amount is")]
fn part(units: i32) -> f32 {
    units as f32 / UNITS as f32
}

/// Writes the file; equal sheets give equal bytes.
///
/// Errors: [`PdfError::Fonts`], [`PdfError::Writer`].
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, PdfError> {
    let fonts = fonts()?;
    let mut document = Document::new();
    for page in &sheet.pages {
        let settings = PageSettings::from_wh(points(PAGE_WIDTH), points(PAGE_HEIGHT))
            .ok_or_else(|| PdfError::Writer("the size of the page".to_owned()))?;
        let mut drawn = document.start_page_with(settings);
        let mut surface = drawn.surface();
        draw(&mut surface, fonts, page);
        surface.finish();
        drawn.finish();
    }
    let about = Metadata::new().title(sheet.title.clone()).language(sheet.language.to_owned());
    document.set_metadata(about.creator("Entrepot".to_owned()));
    document.finish().map_err(|error| PdfError::Writer(format!("{error:?}")))
}

fn grey(level: u8) -> Fill {
    Fill { paint: luma::Color::new(level).into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, page: &Page) {
    if let Some(mark) = &page.watermark {
        // About the middle of the page, thirty degrees against the clock.
        let (x, y) = (points(PAGE_WIDTH / 2), points(PAGE_HEIGHT / 2));
        surface.push_transform(&Transform::from_translate(x, y));
        surface.push_transform(&Transform::from_row(0.866_025, -0.5, 0.5, 0.866_025, 0.0, 0.0));
        surface.push_transform(&Transform::from_translate(points(-PAGE_WIDTH / 2), points(-PAGE_HEIGHT / 2)));
        text(surface, fonts, mark);
        for _ in 0..3 {
            surface.pop();
        }
    }
    for stroke in &page.rules {
        rule(surface, stroke);
    }
    for run in &page.runs {
        text(surface, fonts, run);
    }
}

fn rule(surface: &mut Surface<'_>, rule: &Rule) {
    let (x, y) = (points(rule.x), points(rule.y));
    let Some(area) = Rect::from_xywh(x, y, points(rule.width), points(rule.height)) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(area);
    if let Some(path) = path.finish() {
        surface.set_fill(Some(grey(rule.grey)));
        surface.draw_path(&path);
    }
}

fn text(surface: &mut Surface<'_>, fonts: &Fonts, run: &Run) {
    surface.set_fill(Some(grey(run.grey)));
    let mut x = run.x;
    for piece in &run.pieces {
        let glyphs: Vec<KrillaGlyph> = piece
            .glyphs
            .iter()
            .map(|glyph| {
                let place = [glyph.advance, glyph.x_offset, glyph.y_offset].map(part);
                KrillaGlyph::new(GlyphId::new(glyph.id), place[0], place[1], place[2], 0.0, glyph.range.clone(), None)
            })
            .collect();
        let start = Point::from_xy(points(x), points(run.y));
        let font = fonts.get(piece.weight).font.clone();
        surface.draw_glyphs(start, &glyphs, font, &run.text, points(run.size), false);
        x += super::shape::width_of(piece.glyphs.iter(), run.size);
    }
}
