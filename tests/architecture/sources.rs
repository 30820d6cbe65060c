//! Reading sources: the walk over the tree, code without comments and strings, and the paths a file names.

use std::fmt;
use std::fs;
use std::path::Path;

/// One file of the project: its path from the root, with forward slashes, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

/// A broken rule, at the line that breaks it.
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub message: String,
}

impl Finding {
    pub fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Every Rust and TypeScript source under the root, generated files excepted, in the order of their paths.
pub fn all(root: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    walk(root, "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let skipped = ["target", "node_modules", "dist", "test-results", "playwright-report"];
        if name.starts_with('.') || skipped.contains(&name.as_str()) {
            continue;
        }
        if is_folder {
            walk(&entry.path(), &format!("{path}/"), found);
        } else if is_source(&name) {
            // A file that vanishes between listing and reading is somebody's editor at work.
            if let Ok(text) = fs::read_to_string(entry.path()) {
                found.push(Source { path, text });
            }
        }
    }
}

fn is_source(name: &str) -> bool {
    [".rs", ".ts", ".tsx"].iter().any(|end| name.ends_with(end)) && !name.contains(".gen.")
}

/// Whether a file is a test by its place: it may be blunt.
pub fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let in_test_folder = path.split('/').any(|part| ["tests", "benches", "examples", "e2e"].contains(&part));
    in_test_folder || name == "tests.rs" || name.ends_with("_tests.rs") || name.contains(".test.")
}

/// Rust code with comments blanked and the inside of strings and characters replaced by `_`; lines stay where they are.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = token_end(&chars, at);
        let blank = match (chars[at], end - at) {
            ('/', 2..) => Some(' '),
            ('"' | 'r' | '\'', 2..) => Some('_'),
            _ => None,
        };
        for (place, c) in chars[at..end].iter().enumerate() {
            let edge = blank == Some('_') && (place == 0 || at + place == end - 1);
            match blank {
                Some(fill) if *c != '\n' && !edge => out.push(fill),
                _ => out.push(*c),
            }
        }
        at = end;
    }
    out
}

/// Where the comment, string or character that starts here ends; `at + 1` when none starts here.
fn token_end(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    let after_word = at > 0 && is_word(chars[at - 1]) && chars[at - 1] != 'b';
    match chars[at] {
        '/' if next == Some('/') => seek(chars, at, |rest| rest.first() == Some(&'\n')),
        '/' if next == Some('*') => block_comment_end(chars, at),
        '"' => quoted_end(chars, at, '"'),
        'r' if !after_word && matches!(next, Some('"' | '#')) => raw_string_end(chars, at),
        '\'' if next == Some('\\') || chars.get(at + 2) == Some(&'\'') => quoted_end(chars, at, '\''),
        _ => at + 1,
    }
}

fn seek(chars: &[char], from: usize, stop: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|&i| stop(&chars[i..])).unwrap_or(chars.len())
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut i) = (0, at);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn quoted_end(chars: &[char], at: usize, quote: char) -> usize {
    let mut i = at + 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

fn raw_string_end(chars: &[char], at: usize) -> usize {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + 1 + hashes) != Some(&'"') {
        return at + 1;
    }
    let closes = |rest: &[char]| rest[0] == '"' && rest[1..].iter().take_while(|c| **c == '#').count() >= hashes;
    (seek(chars, at + 2 + hashes, closes) + 1 + hashes).min(chars.len())
}

/// The code of a file without its `#[cfg(test)]` items; lines stay where they are.
pub fn product_code(text: &str) -> String {
    let mut chars: Vec<char> = code(text).chars().collect();
    let marker: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut at = 0;
    while at + marker.len() <= chars.len() {
        if chars[at..at + marker.len()] != marker[..] {
            at += 1;
            continue;
        }
        let end = item_end(&chars, at + marker.len());
        for c in &mut chars[at..end] {
            if *c != '\n' {
                *c = ' ';
            }
        }
        at = end;
    }
    chars.into_iter().collect()
}

/// Where the item that starts here ends: after its `;`, or after the brace that closes its body.
pub fn item_end(chars: &[char], from: usize) -> usize {
    let (mut braces, mut others) = (0, 0);
    for (i, c) in chars.iter().enumerate().skip(from) {
        match c {
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            '{' => braces += 1,
            '}' if braces == 1 => return i + 1,
            '}' => braces -= 1,
            ';' if braces == 0 && others == 0 => return i + 1,
            _ => {}
        }
    }
    chars.len()
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A path as the code names it, e.g. `["crate", "trade", "store"]`, with its line.
pub struct Named {
    pub line: usize,
    pub parts: Vec<String>,
}

impl Named {
    /// The first segment, where an outside crate would stand.
    pub fn head(&self) -> &str {
        self.parts.first().map_or("", String::as_str)
    }

    pub fn text(&self) -> String {
        self.parts.join("::")
    }
}

/// Every path and single word the code names; braces after `::` are expanded, so `a::{b, c::d}` gives `a::b`, `a::c::d`.
pub fn names(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_word_token(&tokens[at].1) {
            at = path_from(&tokens, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

fn is_word_token(token: &str) -> bool {
    token.chars().next().is_some_and(is_word)
}

fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            out.push((number + 1, rest[..length].to_owned()));
            rest = rest[length..].trim_start();
        }
    }
    out
}

/// Reads one path from a word on, after the segments that lead to it; returns the index behind it.
fn path_from(tokens: &[(usize, String)], at: usize, lead: &[String], found: &mut Vec<Named>) -> usize {
    let token = |i: usize| tokens.get(i).map_or("", |t| t.1.as_str());
    let line = tokens[at].0;
    let mut parts = lead.to_vec();
    parts.push(tokens[at].1.clone());
    let mut next = at + 1;
    while token(next) == "::" {
        if token(next + 1) == "{" {
            return group_from(tokens, next + 2, &parts, found);
        }
        if !is_word_token(token(next + 1)) {
            break;
        }
        parts.push(token(next + 1).to_owned());
        next += 2;
    }
    found.push(Named { line, parts });
    next
}

fn group_from(tokens: &[(usize, String)], from: usize, lead: &[String], found: &mut Vec<Named>) -> usize {
    let mut at = from;
    while at < tokens.len() && tokens[at].1 != "}" {
        if is_word_token(&tokens[at].1) {
            at = path_from(tokens, at, lead, found);
        } else {
            at += 1;
        }
    }
    at + 1
}
