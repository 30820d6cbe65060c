//! Tables: columns by their shares, numbers to the right, rows that keep together, a header for each page.

use super::document::{Align, Style, Table};
use super::flow::{Area, Look, Maker, Strip};
use super::fonts::Weight;
use super::lines::Line;
use super::sheet::Rule;

/// Space between the texts of two columns.
const BETWEEN: i32 = 6_000;
/// Space above and below the text of a row.
const PADDING: i32 = 2_600;
/// A row of more lines is split, so that no text is longer than a page.
const ROW_LINES_MAX: usize = 12;

/// Width for the amount of a sum at least: it carries its currency.
const TOTAL_MIN: i32 = 110_000;

const CELL: Look = Look { weight: Weight::Regular, size: 8_500, grey: 0 };
const HEAD: Look = Look { weight: Weight::Bold, size: 8_000, grey: 40 };

/// The row that names the columns is drawn over a stroke, the others over a hair.
#[derive(Clone, Copy)]
enum Under {
    Stroke,
    Hair,
    Nothing,
}

impl Maker {
    pub(super) fn table(&mut self, table: &Table, area: Area) -> Vec<Strip> {
        let places = places(table, area);
        let titles = table.columns.iter().map(|column| column.title.as_str());
        let head = self.cells(titles, HEAD, &places);
        let mut header = row(head, HEAD, table, &places, area, Under::Stroke);
        header.keep = true;
        let number = self.headers.len();
        self.headers.push(header.clone());
        let mut strips = vec![header];
        for texts in &table.rows {
            let cells = self.cells(texts.iter().map(String::as_str), CELL, &places);
            strips.extend(chunks(cells).into_iter().map(|(cells, last)| {
                let under = if last { Under::Hair } else { Under::Nothing };
                Strip { header: Some(number), ..row(cells, CELL, table, &places, area, under) }
            }));
        }
        strips.extend(
            table
                .totals
                .iter()
                .map(|(name, amount)| Strip { header: Some(number), ..self.total(name, amount, &places, area) }),
        );
        // A sum is never alone on a page: it stays with the row before it.
        let rows = strips.len().saturating_sub(table.totals.len() + 1);
        for strip in strips.iter_mut().skip(rows.max(1)) {
            strip.keep = true;
        }
        if let Some(last) = strips.last_mut() {
            last.keep = false;
        }
        strips
    }

    fn cells<'a>(&mut self, texts: impl Iterator<Item = &'a str>, look: Look, places: &[Area]) -> Vec<Vec<Line>> {
        texts.zip(places).map(|(text, place)| self.lines(text, look, place.width)).collect()
    }

    fn total(&mut self, name: &str, amount: &str, places: &[Area], area: Area) -> Strip {
        let strong = Look { size: CELL.size, ..Look::of(Style::Strong) };
        let amount_width = places.last().map_or(area.width, |last| last.width.max(TOTAL_MIN)).min(area.width / 2);
        let names = self.lines(name, CELL, area.width - amount_width - BETWEEN);
        let amounts = self.lines(amount, strong, amount_width);
        let count = i32::try_from(names.len().max(amounts.len())).unwrap_or(1);
        let mut strip = Strip { height: 2 * PADDING + count * CELL.leading(), ..Strip::default() };
        for (lines, look, right) in [(names, CELL, area.width - amount_width - BETWEEN), (amounts, strong, area.width)]
        {
            for (n, line) in (0_i32..).zip(lines) {
                let x = area.x + right - line.width;
                strip.runs.push(look.run(line, x, PADDING + n * CELL.leading()));
            }
        }
        strip
    }
}

/// Where the texts of each column stand.
fn places(table: &Table, area: Area) -> Vec<Area> {
    let shares: i32 = table.columns.iter().map(|column| column.share).sum::<i32>().max(1);
    let mut x = area.x;
    let mut left = area.width;
    let count = table.columns.len();
    let place = |(n, share): (usize, i32)| {
        let width = if n + 1 == count { left } else { area.width / shares * share };
        let place = Area { x, width: width - if n + 1 == count { 0 } else { BETWEEN } };
        x += width;
        left -= width;
        place
    };
    table.columns.iter().map(|column| column.share).enumerate().map(place).collect()
}

fn row(cells: Vec<Vec<Line>>, look: Look, table: &Table, places: &[Area], area: Area, under: Under) -> Strip {
    let count = cells.iter().map(Vec::len).max().unwrap_or(1);
    let height = 2 * PADDING + i32::try_from(count).unwrap_or(1) * look.leading();
    let mut strip = Strip { height, ..Strip::default() };
    for ((lines, place), column) in cells.into_iter().zip(places).zip(&table.columns) {
        for (n, line) in (0_i32..).zip(lines) {
            let x = match column.align {
                Align::Left => place.x,
                Align::Right => place.x + place.width - line.width,
            };
            strip.runs.push(look.run(line, x, PADDING + n * look.leading()));
        }
    }
    let rule = |thick, grey| Rule { x: area.x, y: height - thick, width: area.width, height: thick, grey };
    strip.rules.extend(match under {
        Under::Stroke => Some(rule(700, 60)),
        Under::Hair => Some(rule(300, 200)),
        Under::Nothing => None,
    });
    strip
}

/// A row in parts of at most [`ROW_LINES_MAX`] lines; the flag marks the last.
fn chunks(cells: Vec<Vec<Line>>) -> Vec<(Vec<Vec<Line>>, bool)> {
    let count = cells.iter().map(Vec::len).max().unwrap_or(0);
    if count <= ROW_LINES_MAX {
        return vec![(cells, true)];
    }
    let part = |from: usize| {
        let lines = |cell: &Vec<Line>| cell.iter().skip(from).take(ROW_LINES_MAX).cloned().collect();
        (cells.iter().map(lines).collect(), from + ROW_LINES_MAX >= count)
    };
    (0..count).step_by(ROW_LINES_MAX).map(part).collect()
}
