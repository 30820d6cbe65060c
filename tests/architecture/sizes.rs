//! Sizes that keep the sources readable, and the words that may not stand in them.

use super::sources::{Finding, Source, is_test, is_word, item_end, product_code};

pub const FILE_LINES_MAX: usize = 500;
pub const FILE_LINES_P90: usize = 350;
pub const FUNCTION_LINES_MAX: usize = 60;
const REASON_CHARS_MIN: usize = 20;

/// A Rust file says at its top what it is for.
pub fn module_doc(path: &str, text: &str) -> Vec<Finding> {
    let opens = text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.starts_with("//!"));
    if !path.ends_with(".rs") || is_test(path) || opens {
        return Vec::new();
    }
    vec![Finding::new(path, 1, "does not open with `//!`: say what the module is for")]
}

pub fn file_length(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().count();
    if lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    vec![Finding::new(path, lines, format!("{lines} lines; at most {FILE_LINES_MAX}: this is two files"))]
}

/// Nine files in ten keep to the smaller length. The longest ones are named.
pub fn ninetieth_percentile(sources: &[Source]) -> Vec<Finding> {
    let mut lengths: Vec<(usize, &str)> = sources.iter().map(|s| (s.text.lines().count(), s.path.as_str())).collect();
    lengths.sort_unstable();
    let rank = (lengths.len() * 9).div_ceil(10).max(1);
    match lengths.get(rank - 1) {
        Some((at_rank, _)) if *at_rank > FILE_LINES_P90 => lengths[rank - 1..]
            .iter()
            .map(|(lines, path)| {
                let message = format!("{lines} lines; nine files in ten have at most {FILE_LINES_P90}");
                Finding::new(path, *lines, message)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Functions of the product fit a screen.
pub fn function_length(path: &str, text: &str) -> Vec<Finding> {
    if !path.starts_with("src/") || !path.ends_with(".rs") || is_test(path) {
        return Vec::new();
    }
    let chars: Vec<char> = product_code(text).chars().collect();
    let mut found = Vec::new();
    for (at, name) in functions(&chars) {
        let end = item_end(&chars, at);
        let lines = chars[at..end].iter().filter(|c| **c == '\n').count() + 1;
        if lines > FUNCTION_LINES_MAX {
            let message = format!("`{name}` has {lines} lines; at most {FUNCTION_LINES_MAX}");
            found.push(Finding::new(path, line_of(&chars, at), message));
        }
    }
    found
}

/// Where each named function starts, and its name. `fn(` is a type and has none.
fn functions(chars: &[char]) -> Vec<(usize, String)> {
    let starts = |i: &usize| {
        let alone = *i == 0 || !is_word(chars[*i - 1]);
        alone && chars[*i..].starts_with(&['f', 'n', ' ']) && chars.get(*i + 3).is_some_and(|c| is_word(*c))
    };
    let name = |i: usize| chars[i + 3..].iter().take_while(|c| is_word(**c)).collect();
    (0..chars.len()).filter(starts).map(|i| (i, name(i))).collect()
}

fn line_of(chars: &[char], at: usize) -> usize {
    chars[..at].iter().filter(|c| **c == '\n').count() + 1
}

/// Nothing is left to do in code that is delivered.
pub fn left_to_do(path: &str, text: &str) -> Vec<Finding> {
    if !path.ends_with(".rs") {
        return Vec::new();
    }
    let code = super::sources::code(text);
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        for name in ["todo", "unimplemented", "dbg"] {
            if calls_macro(line, name) {
                found.push(Finding::new(path, number + 1, format!("`{name}!` is for the desk, not for delivery")));
            }
        }
    }
    found
}

fn calls_macro(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let behind = line[at + name.len()..].trim_start();
        !line[..at].ends_with(is_word) && behind.starts_with('!') && !behind.starts_with("!=")
    })
}

/// Product code does not panic on what it did not prove: no `unwrap`, and an `expect` says why it cannot happen.
pub fn unproved_panics(path: &str, text: &str) -> Vec<Finding> {
    if !path.starts_with("src/") || !path.ends_with(".rs") || is_test(path) {
        return Vec::new();
    }
    let code = product_code(text);
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    let unwraps = code
        .match_indices(".unwrap()")
        .map(|(at, _)| Finding::new(path, line(at), "`.unwrap()`: return the refusal or the fault"));
    let expects = code
        .match_indices(".expect(")
        .filter(|(at, call)| !gives_reason(&code[at + call.len()..]))
        .map(|(at, _)| Finding::new(path, line(at), "`.expect(...)` must say in a sentence why it cannot happen"));
    unwraps.chain(expects).collect()
}

fn gives_reason(argument: &str) -> bool {
    let Some(inside) = argument.trim_start().strip_prefix('"') else {
        return false;
    };
    inside.find('"').is_some_and(|length| length >= REASON_CHARS_MIN)
}
