//! Blocks to strips, strips to pages. A strip is a band over the width that is never cut: a line of a paragraph, a row.

use super::document::{Block, Document, Style};
use super::fonts::{Fonts, Weight, fonts};
use super::lines::{Line, break_lines};
use super::sheet::{Page, Rule, Run, Sheet};
use super::{BOTTOM, PAGE_HEIGHT, PAGE_WIDTH, PAGES_MAX, PdfError, SIDE, TOP};
use std::collections::BTreeSet;

/// Where a block may stand: left end and width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub x: i32,
    pub width: i32,
}

const WHOLE: Area = Area { x: SIDE, width: PAGE_WIDTH - 2 * SIDE };
const ROOM: i32 = PAGE_HEIGHT - TOP - BOTTOM;
/// Space between parts side by side, and between a name and its value.
const GUTTER: i32 = 12_000;
/// Lines above or below the text of a page at most.
const MARGIN_LINES: usize = 3;
/// A paragraph of at most so many lines is not split.
const TOGETHER_MAX: usize = 4;

/// Is a band over the width, with what stands in it counted from its top.
#[derive(Debug, Clone, Default)]
pub(super) struct Strip {
    pub height: i32,
    pub runs: Vec<Run>,
    pub rules: Vec<Rule>,
    /// Stays on one page with the strip after it.
    pub keep: bool,
    /// The table header that is repeated when this strip begins a page.
    pub header: Option<usize>,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub weight: Weight,
    pub size: i32,
    pub grey: u8,
}

impl Look {
    pub const fn of(style: Style) -> Self {
        match style {
            Style::Title => Self { weight: Weight::Bold, size: 18_000, grey: 0 },
            Style::Plain => Self { weight: Weight::Regular, size: 9_000, grey: 0 },
            Style::Strong => Self { weight: Weight::Bold, size: 9_000, grey: 0 },
            Style::Small => Self { weight: Weight::Regular, size: 7_500, grey: 90 },
        }
    }

    pub const HEADING: Self = Self { weight: Weight::Bold, size: 10_500, grey: 0 };
    pub const NAME: Self = Self { weight: Weight::Regular, size: 8_000, grey: 90 };
    pub const MARGIN: Self = Self { weight: Weight::Regular, size: 7_000, grey: 110 };
    const WATERMARK: Self = Self { weight: Weight::Bold, size: 54_000, grey: 228 };

    /// From one baseline to the next.
    pub const fn leading(self) -> i32 {
        self.size * 7 / 5
    }

    /// From the top of a line to its baseline.
    const fn rise(self) -> i32 {
        self.size / 5 + self.size * 22 / 25
    }

    pub fn run(self, line: Line, x: i32, top: i32) -> Run {
        let Line { text, width, pieces } = line;
        Run { x, y: top + self.rise(), width, size: self.size, grey: self.grey, text, pieces }
    }
}

/// Lays blocks out and remembers what was missing.
pub(super) struct Maker {
    fonts: &'static Fonts,
    pub missing: BTreeSet<char>,
    /// Headers of the tables, by number.
    pub headers: Vec<Strip>,
}

impl Maker {
    pub fn lines(&mut self, text: &str, look: Look, width: i32) -> Vec<Line> {
        break_lines(self.fonts, text, (look.weight, look.size), width, &mut self.missing)
    }

    fn block(&mut self, block: &Block, area: Area) -> Vec<Strip> {
        match block {
            Block::Heading(text) => self.heading(text, area),
            Block::Text(text, style) => self.paragraph(text, *style, area),
            Block::Facts(facts) => facts.iter().flat_map(|(name, value)| self.fact(name, value, area)).collect(),
            Block::Side(parts) => self.side(parts, area),
            Block::Table(table) => self.table(table, area),
            Block::Gap(height) => vec![Strip { height: *height, ..Strip::default() }],
        }
    }

    fn heading(&mut self, text: &str, area: Area) -> Vec<Strip> {
        const ABOVE: i32 = 9_000;
        let look = Look::HEADING;
        let lines = self.lines(text, look, area.width);
        let strips = lines.into_iter().enumerate().map(|(n, line)| {
            let above = if n == 0 { ABOVE } else { 0 };
            let run = look.run(line, area.x, above);
            Strip { height: above + look.leading(), runs: vec![run], keep: true, ..Strip::default() }
        });
        let mut strips: Vec<Strip> = strips.collect();
        if let Some(last) = strips.last_mut() {
            last.rules.push(Rule { x: area.x, y: last.height, width: area.width, height: 600, grey: 60 });
            last.height += 4_000;
        }
        strips
    }

    fn paragraph(&mut self, text: &str, style: Style, area: Area) -> Vec<Strip> {
        let look = Look::of(style);
        let lines = self.lines(text, look, area.width);
        let together = lines.len() <= TOGETHER_MAX;
        let last = lines.len().saturating_sub(1);
        let strip = |(n, line)| Strip {
            height: look.leading(),
            runs: vec![look.run(line, area.x, 0)],
            keep: together && n < last,
            ..Strip::default()
        };
        lines.into_iter().enumerate().map(strip).collect()
    }

    fn fact(&mut self, name: &str, value: &str, area: Area) -> Vec<Strip> {
        let (plain, small) = (Look::of(Style::Plain), Look::NAME);
        let left = area.width * 3 / 10;
        let right = Area { x: area.x + left, width: area.width - left };
        let mut names = self.lines(name, small, left - GUTTER).into_iter();
        let mut values = self.lines(value, plain, right.width).into_iter();
        let mut strips = Vec::new();
        loop {
            let (name, value) = (names.next(), values.next());
            if name.is_none() && value.is_none() {
                return strips;
            }
            // The smaller text stands on the same baseline.
            let lower = plain.rise() - small.rise();
            let mut runs: Vec<Run> = name.map(|line| small.run(line, area.x, lower)).into_iter().collect();
            runs.extend(value.map(|line| plain.run(line, right.x, 0)));
            strips.push(Strip { height: plain.leading(), runs, ..Strip::default() });
        }
    }

    fn side(&mut self, parts: &[Vec<Block>], area: Area) -> Vec<Strip> {
        let count = i32::try_from(parts.len()).unwrap_or(1).max(1);
        let width = (area.width - GUTTER * (count - 1)) / count;
        let mut rows: Vec<Strip> = Vec::new();
        for (at, part) in (0_i32..).zip(parts) {
            let own = Area { x: area.x + at * (width + GUTTER), width };
            let strips: Vec<Strip> = part.iter().flat_map(|block| self.block(block, own)).collect();
            for (n, strip) in strips.into_iter().enumerate() {
                match rows.get_mut(n) {
                    Some(row) => {
                        row.height = row.height.max(strip.height);
                        row.runs.extend(strip.runs);
                        row.rules.extend(strip.rules);
                    }
                    None => rows.push(strip),
                }
            }
        }
        let height: i32 = rows.iter().map(|row| row.height).sum();
        let last = rows.len().saturating_sub(1);
        for (n, row) in rows.iter_mut().enumerate() {
            row.keep = height < ROOM / 2 && n < last;
        }
        rows
    }
}

/// Gives every line of the document its place.
///
/// Errors: [`PdfError::TooLong`], [`PdfError::Fonts`].
pub fn lay_out(document: &Document) -> Result<Sheet, PdfError> {
    let mut maker = Maker { fonts: fonts()?, missing: BTreeSet::new(), headers: Vec::new() };
    let mut strips: Vec<Strip> = document.blocks.iter().flat_map(|block| maker.block(block, WHOLE)).collect();
    let watermark = document.watermark.as_deref().map(|text| across(&mut maker, text));
    let margins =
        [&document.header, &document.footer].map(|text| maker.lines(text, Look::MARGIN, WHOLE.width - 60_000));
    if !maker.missing.is_empty() {
        let codes: Vec<String> = maker.missing.iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
        strips.push(Strip { height: 8_000, ..Strip::default() });
        strips.extend(maker.paragraph(&format!("{} {}", document.missing_note, codes.join(", ")), Style::Small, WHOLE));
    }
    let mut pages = paginate(strips, &maker.headers)?;
    let count = pages.len();
    for (page, no) in pages.iter_mut().zip(1_usize..) {
        page.watermark.clone_from(&watermark);
        margin_texts(page, &margins);
        let number = maker.lines(&format!("{no} / {count}"), Look::MARGIN, WHOLE.width);
        for line in number.into_iter().take(1) {
            let x = SIDE + WHOLE.width - line.width;
            page.runs.push(Look::MARGIN.run(line, x, FOOTER_TOP));
        }
    }
    Ok(Sheet { title: document.title.clone(), language: document.language, pages, missing: maker.missing })
}

const FOOTER_TOP: i32 = PAGE_HEIGHT - BOTTOM + 10_000;

/// Header and footer of a page.
fn margin_texts(page: &mut Page, [header, footer]: &[Vec<Line>; 2]) {
    let look = Look::MARGIN;
    for (lines, top) in [(header, 24_000), (footer, FOOTER_TOP)] {
        for (n, line) in (0_i32..).zip(lines.iter().take(MARGIN_LINES)) {
            page.runs.push(look.run(line.clone(), SIDE, top + n * look.leading()));
        }
    }
    page.rules.push(Rule { x: SIDE, y: FOOTER_TOP - 4_000, width: WHOLE.width, height: 400, grey: 190 });
}

/// The watermark as one line, centred on the page and as large as fits.
fn across(maker: &mut Maker, text: &str) -> Run {
    let mut look = Look::WATERMARK;
    let mut line = maker.lines(text, look, i32::MAX / 2).into_iter().next().unwrap_or_default();
    while line.width > WHOLE.width && look.size > 12_000 {
        look.size -= 3_000;
        line = maker.lines(text, look, i32::MAX / 2).into_iter().next().unwrap_or_default();
    }
    let x = (PAGE_WIDTH - line.width) / 2;
    look.run(line, x, PAGE_HEIGHT / 2)
}

/// Puts strips on pages.
fn paginate(strips: Vec<Strip>, headers: &[Strip]) -> Result<Vec<Page>, PdfError> {
    let (mut pages, mut page, mut y) = (Vec::new(), Page::default(), TOP);
    let heights: Vec<(i32, bool)> = strips.iter().map(|strip| (strip.height, strip.keep)).collect();
    for (n, strip) in strips.into_iter().enumerate() {
        if y + group(heights.get(n..).unwrap_or_default()) > TOP + ROOM && y > TOP {
            pages.push(std::mem::take(&mut page));
            if pages.len() >= PAGES_MAX {
                return Err(PdfError::TooLong);
            }
            y = TOP;
            if let Some(header) = strip.header.and_then(|table| headers.get(table)) {
                y = place(&mut page, header.clone(), y);
            }
        }
        y = place(&mut page, strip, y);
    }
    pages.push(page);
    Ok(pages)
}

/// The height of a strip with all that must follow it on the same page; of itself alone when that would not fit any page.
fn group(strips: &[(i32, bool)]) -> i32 {
    let mut height = 0;
    for (own, keep) in strips {
        height += own;
        if !keep {
            break;
        }
    }
    if height <= ROOM * 3 / 4 { height } else { strips.first().map_or(0, |(own, _)| *own) }
}

fn place(page: &mut Page, strip: Strip, y: i32) -> i32 {
    page.runs.extend(strip.runs.into_iter().map(|run| Run { y: run.y + y, ..run }));
    page.rules.extend(strip.rules.into_iter().map(|rule| Rule { y: rule.y + y, ..rule }));
    y + strip.height
}
