//! What changed between two versions of a quote, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::quote::QuoteTerms;

/// Is one field that two versions do not agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where, such as `/lines/2/ladder/0/unit_price`; lines go by the number of the request's line.
    pub field: String,
    /// What the earlier version says; `None` when it has no such field.
    pub before: Option<String>,
    /// What the later version says; `None` when it has no such field.
    pub after: Option<String>,
}

/// Lists the fields that differ, in the order of their names.
#[must_use]
pub fn diff(before: &QuoteTerms, after: &QuoteTerms) -> Vec<Change> {
    let (mut old, new) = (fields(before), fields(after));
    let mut changes: Vec<Change> = Vec::new();
    for (field, after) in new {
        let before = old.remove(&field);
        if before.as_ref() != Some(&after) {
            changes.push(Change { field, before, after: Some(after) });
        }
    }
    changes.extend(old.into_iter().map(|(field, before)| Change { field, before: Some(before), after: None }));
    changes.sort_by(|a, b| a.field.cmp(&b.field));
    changes
}

fn fields(terms: &QuoteTerms) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    // The terms hold no maps with other keys than texts, so they always become JSON.
    let mut value = serde_json::to_value(terms).unwrap_or_default();
    let lines = value.get_mut("lines").map(Value::take);
    flatten("", &value, &mut found);
    for (line, quoted) in terms.lines.iter().zip(lines.as_ref().and_then(Value::as_array).into_iter().flatten()) {
        flatten(&format!("/lines/{}", line.line), quoted, &mut found);
    }
    found
}

fn flatten(at: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| flatten(&format!("{at}/{name}"), inner, found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, inner)| flatten(&format!("{at}/{n}"), inner, found));
        }
        Value::String(text) => {
            found.insert(at.to_owned(), text.clone());
        }
        Value::Bool(_) | Value::Number(_) => {
            found.insert(at.to_owned(), value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::quote_terms;
    use super::*;
    use crate::kernel::BarePrice;

    fn change(field: &str, before: Option<&str>, after: Option<&str>) -> Change {
        Change { field: field.to_owned(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
    }

    #[test]
    fn each_changed_field_is_named_once_with_both_values() {
        let before = quote_terms();
        let mut after = before.clone();
        after.lines[0].ladder[1].unit_price = BarePrice(2_900);
        after.lead_days = 21;
        after.note = "Now with zinc.".into();

        assert_eq!(diff(&before, &before), []);
        assert_eq!(
            diff(&before, &after),
            [
                change("/lead_days", Some("20"), Some("21")),
                change("/lines/1/ladder/1/unit_price", Some("0.003"), Some("0.0029")),
                change("/note", Some(""), Some("Now with zinc.")),
            ]
        );
    }

    #[test]
    fn a_line_that_comes_or_goes_is_shown_under_its_number_whatever_its_place() {
        let before = quote_terms();
        let mut after = before.clone();
        after.lines.remove(0);

        let changes = diff(&before, &after);

        assert!(changes.iter().all(|c| c.field.starts_with("/lines/1/") && c.after.is_none()), "{changes:?}");
        assert!(changes.contains(&change("/lines/1/ladder/0/unit_price", Some("0.0035"), None)));
        assert_eq!(diff(&after, &before).len(), changes.len(), "the other way round the same fields come");
    }
}
