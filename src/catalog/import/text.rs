//! CSV as bytes: its encoding, its header, its records with the line each begins on.
//!
//! A record longer than 64 KiB is one bad row, named by its line; reading goes on at the next line, so a stray quote does
//! not swallow the rest of the file.

use super::RowError;
use crate::platform::problem::Refusal;
use std::sync::Arc;

/// Longest record.
const RECORD_MAX: usize = 64 * 1024;

/// The cells of one record, by column.
#[derive(Debug, Clone)]
pub struct Cells {
    columns: &'static [&'static str],
    values: Vec<String>,
    /// By column, whether the file has it.
    present: Arc<[bool]>,
}

impl Cells {
    /// The cell of a column as it stands in the file; empty when the file lacks an optional column.
    pub fn raw(&self, column: &str) -> &str {
        self.columns.iter().position(|c| *c == column).and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }

    /// Whether the file has a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().position(|c| *c == column).and_then(|at| self.present.get(at)).copied().unwrap_or(false)
    }
}

/// One record, or why it cannot be read.
#[derive(Debug, Clone)]
pub struct Record {
    /// Line it begins on, counted from 1.
    pub line: u64,
    /// Its cells.
    pub cells: Result<Cells, RowError>,
}

/// Reads UTF-8 with or without byte order mark.
///
/// Errors: 422 `import.encoding` for anything else.
pub fn decode(bytes: &[u8]) -> Result<&str, Refusal> {
    let refuse = |what: &str| Refusal::new(422, "import.encoding", format!("The file is not UTF-8: {what}."));
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(refuse("it begins with the mark of UTF-16"));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        refuse(&format!("line {line} holds bytes of another encoding"))
    })?;
    if text.contains('\0') {
        return Err(refuse("it holds zero bytes, as UTF-16 without its mark does"));
    }
    Ok(text)
}

/// One record's text with the line it begins on; `None` when it is too long.
struct Raw<'a> {
    line: u64,
    text: Option<&'a str>,
}

/// Where the record that begins at `from` ends (behind its line break), and how many lines it takes; `None` when it is too
/// long.
fn record_end(bytes: &[u8], from: usize) -> Option<(usize, u64)> {
    let (mut quoted, mut fresh, mut lines) = (false, true, 1);
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        if at - from > RECORD_MAX {
            return None;
        }
        at += 1;
        match byte {
            b'"' if quoted && bytes.get(at) == Some(&b'"') => at += 1,
            b'"' if quoted || fresh => (quoted, fresh) = (!quoted, false),
            b'\n' if quoted => lines += 1,
            b'\n' => return Some((at, lines)),
            _ => fresh = *byte == b',' && !quoted,
        }
    }
    Some((at, lines))
}

fn records(text: &str) -> impl Iterator<Item = Raw<'_>> {
    let bytes = text.as_bytes();
    let (mut at, mut line) = (0, 1);
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let (from, begins) = (at, line);
        let Some((end, lines)) = record_end(bytes, from) else {
            let rest = bytes.get(from..).unwrap_or(&[]);
            at = rest.iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| from + n + 1);
            line += 1;
            return Some(Raw { line: begins, text: None });
        };
        at = end;
        line += lines;
        Some(Raw { line: begins, text: text.get(from..end) })
    })
}

fn cells(record: &str) -> Vec<String> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(record.len().max(1))
        .from_reader(record.as_bytes());
    let mut row = ::csv::StringRecord::new();
    // Text in memory that is UTF-8 has no way to fail here.
    match reader.read_record(&mut row) {
        Ok(true) => row.iter().map(str::to_owned).collect(),
        Ok(false) | Err(_) => Vec::new(),
    }
}

/// Finds for each wanted column its place in the file.
fn places(
    header: &str,
    required: &'static [&'static str],
    optional: &[&str],
) -> Result<(Vec<Option<usize>>, usize), Refusal> {
    let names: Vec<String> = cells(header).iter().map(|c| c.trim().to_ascii_lowercase()).collect();
    let missing: Vec<&str> =
        required.iter().copied().filter(|c| !optional.contains(c) && !names.iter().any(|n| n == c)).collect();
    let shown = |n: &String| n.chars().filter(|c| !c.is_control()).take(40).collect::<String>();
    let mut unknown: Vec<String> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let again = names.iter().take(at).any(|n| n == name);
        if again || !required.contains(&name.as_str()) {
            unknown.push(shown(name));
        }
    }
    unknown.truncate(20);
    if missing.is_empty() && unknown.is_empty() {
        let place = |column: &&str| names.iter().position(|n| n == column);
        return Ok((required.iter().map(place).collect(), names.len()));
    }
    let mut detail = "The first line does not name the columns of the template.".to_owned();
    if !missing.is_empty() {
        detail.push_str(&format!(" Missing: {}.", missing.join(", ")));
    }
    if !unknown.is_empty() {
        detail.push_str(&format!(" Unknown or repeated: {}.", unknown.join(", ")));
    }
    Err(Refusal::new(422, "import.header", detail)
        .with("missing", missing.join(", "))
        .with("unknown", unknown.join(", ")))
}

fn header_of(text: &str) -> &str {
    records(text).next().and_then(|raw| raw.text).unwrap_or("")
}

/// Checks the header alone.
///
/// Errors: 422 `import.header` naming missing and unknown columns.
pub fn check_header(text: &str, columns: &'static [&'static str], optional: &[&str]) -> Result<(), Refusal> {
    places(header_of(text), columns, optional).map(|_| ())
}

/// Reads all records behind the header; blank lines are passed over.
///
/// Errors: 422 `import.header` naming missing and unknown columns.
pub fn read(text: &str, columns: &'static [&'static str], optional: &[&str]) -> Result<Vec<Record>, Refusal> {
    let (places, width) = places(header_of(text), columns, optional)?;
    let present: Arc<[bool]> = places.iter().map(Option::is_some).collect();
    let mut found = Vec::new();
    for raw in records(text).skip(1) {
        let line = raw.line;
        let Some(record) = raw.text else {
            let error = RowError::new(line, None, "import.line_too_long", "the line is longer than 64 KiB");
            found.push(Record { line, cells: Err(error) });
            continue;
        };
        if record.trim().is_empty() {
            continue;
        }
        let mut row = cells(record);
        let cells = if row.len() == width {
            let values = places
                .iter()
                .map(|p| p.and_then(|at| row.get_mut(at)).map(std::mem::take).unwrap_or_default())
                .collect();
            Ok(Cells { columns, values, present: Arc::clone(&present) })
        } else {
            let detail = format!("the line has {} cells, the header {width}", row.len());
            Err(RowError::new(line, None, "import.cells", &detail))
        };
        found.push(Record { line, cells });
    }
    Ok(found)
}
