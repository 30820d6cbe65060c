//! Rows as one array for each column, as PostgreSQL reads them: `unnest` turns them into rows again.
//!
//! The arrays are written as text in PostgreSQL's own form, because an array of the driver cannot hold a `NULL`. Refused are
//! values of a kind that no column has: the schema knows identifiers, bytes, texts and whole numbers of 64 bits.

use crate::platform::problem::Fault;
use sea_orm::Value;
use std::fmt::Write as _;

/// Length of an array's text for each of its values, as a first guess: a quoted identifier or a hash takes more, a number less.
const CELL: usize = 40;

/// The query that gives the rows in their order; `values` holds the array of each column afterwards.
///
/// Errors: a value of a kind that no column has.
pub(super) fn query(columns: usize, values: &mut Vec<Value>) -> Result<String, Fault> {
    let given = std::mem::take(values);
    let mut parts = Vec::with_capacity(columns);
    for column in 0..columns {
        let cells = || given.iter().skip(column).step_by(columns);
        // A `NULL` may be of any kind where another row says which it is.
        let told = cells().find(|cell| !is_null(cell)).or_else(|| cells().next());
        let kind = told.and_then(kind).ok_or_else(|| Fault::new("a value is of a kind that no column has"))?;
        values.push(array(cells(), given.len().div_ceil(columns))?.into());
        parts.push(format!("CAST(CAST(${} AS TEXT) AS {kind}[])", column + 1));
    }
    Ok(format!("SELECT * FROM unnest({})", parts.join(",")))
}

fn is_null(cell: &Value) -> bool {
    matches!(cell, Value::Uuid(None) | Value::Bytes(None) | Value::String(None) | Value::BigInt(None))
}

/// The engine's name of a value's type.
fn kind(cell: &Value) -> Option<&'static str> {
    match cell {
        Value::Uuid(_) => Some("uuid"),
        Value::Bytes(_) => Some("bytea"),
        Value::String(_) => Some("text"),
        Value::BigInt(_) => Some("bigint"),
        _ => None,
    }
}

fn array<'a>(cells: impl Iterator<Item = &'a Value>, rows: usize) -> Result<String, Fault> {
    let mut text = String::with_capacity(2 + rows * CELL);
    for cell in cells {
        text.push(if text.is_empty() { '{' } else { ',' });
        match cell {
            null if is_null(null) => text.push_str("NULL"),
            Value::Uuid(Some(id)) => write!(text, "{}", id.as_simple()).map_err(|e| Fault::new(e.to_string()))?,
            Value::BigInt(Some(number)) => write!(text, "{number}").map_err(|e| Fault::new(e.to_string()))?,
            Value::Bytes(Some(bytes)) => write_bytes(&mut text, bytes),
            Value::String(Some(words)) => write_text(&mut text, words),
            _ => return Err(Fault::new("a value is of a kind that no column has")),
        }
    }
    text.push('}');
    Ok(text)
}

/// `"\\x…"`: quoted, and the mark of hexadecimal bytes escaped.
fn write_bytes(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    text.push_str("\"\\\\x");
    let digit = |half: u8| char::from(DIGITS.get(usize::from(half)).copied().unwrap_or(b'0'));
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text.push('"');
}

/// Quoted always: an empty word, `NULL` and what begins or ends with a blank are texts too.
fn write_text(text: &mut String, words: &str) {
    text.push('"');
    let mut rest = words;
    while let Some(at) = rest.find(['"', '\\']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        text.push('\\');
        let (mark, after) = from.split_at(1);
        text.push_str(mark);
        rest = after;
    }
    text.push_str(rest);
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &Value) -> &str {
        match value {
            Value::String(Some(text)) => text,
            other => panic!("not an array's text: {other:?}"),
        }
    }

    #[test]
    fn a_column_is_an_array_whatever_its_rows_are() {
        let id = uuid::Uuid::from_u128(7);
        let mut values = vec![id.into(), Value::String(None), 5i64.into(), id.into(), "a".into(), Value::BigInt(None)];
        let query = query(3, &mut values).unwrap();
        assert_eq!(
            query,
            "SELECT * FROM unnest(CAST(CAST($1 AS TEXT) AS uuid[]),CAST(CAST($2 AS TEXT) AS text[]),\
             CAST(CAST($3 AS TEXT) AS bigint[]))"
        );
        let arrays: Vec<&str> = values.iter().map(text).collect();
        let same = "00000000000000000000000000000007";
        assert_eq!(arrays, [format!("{{{same},{same}}}").as_str(), "{NULL,\"a\"}", "{5,NULL}"]);
    }

    #[test]
    fn what_has_a_meaning_in_an_array_is_only_text() {
        let mut values: Vec<Value> =
            ["", "NULL", "a,b}{", "say \"so\"", "back\\slash", "灯芯绒 "].map(Value::from).into();
        query(1, &mut values).unwrap();
        assert_eq!(text(&values[0]), r#"{"","NULL","a,b}{","say \"so\"","back\\slash","灯芯绒 "}"#);
        let mut values = vec![Value::from(vec![0u8, 255, 92])];
        query(1, &mut values).unwrap();
        assert_eq!(text(&values[0]), r#"{"\\x00ff5c"}"#);
    }

    #[test]
    fn a_null_of_another_kind_takes_its_columns_kind_and_a_fraction_is_refused() {
        let mut values = vec![Value::Bytes(None), 1i64.into()];
        assert!(query(1, &mut values).unwrap().contains("bigint[]"));
        assert!(query(1, &mut vec![Value::Double(Some(1.0))]).is_err());
    }
}
