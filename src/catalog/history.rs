//! What changed in a listing from one version to the next, field by field, read from what the log tells.

use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Longest value shown of a field, in characters.
const SHOWN_MAX: usize = 300;

/// A field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ListingChange)]
pub struct Change {
    /// Path of the field, such as `product.lead_days` or `attributes.material`.
    pub field: String,
    /// What stood there, cut to 300 characters; `null` where nothing stood.
    #[schema(required = true)]
    pub before: Option<String>,
    /// What stands there, cut to 300 characters; `null` where nothing stands.
    #[schema(required = true)]
    pub after: Option<String>,
}

/// A value as people read it.
fn shown(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let words = parts.iter().filter_map(|part| shown(Some(part)));
            words.collect::<Vec<_>>().join("; ")
        }
        Value::Object(fields) => {
            let words = fields.iter().filter_map(|(name, part)| Some(format!("{name} {}", shown(Some(part))?)));
            words.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    Some(text.chars().take(SHOWN_MAX).collect())
}

fn walk(path: &str, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let fields = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    match (fields(before), fields(after)) {
        (Some(old), Some(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(&path, old.get(name), new.get(name), out);
            }
        }
        _ => out.push(Change { field: path.to_owned(), before: shown(before), after: shown(after) }),
    }
}

/// The fields in which two stored listings differ. Of the first version nothing is told: it is the listing itself.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut out = Vec::new();
    if !before.is_null() {
        walk("", Some(before), Some(after), &mut out);
    }
    // How the review keeps its place is nobody's news; its outcome stands in the state.
    out.retain(|change| !matches!(change.field.as_str(), "approved" | "submitted_at"));
    out
}

/// The quantity on hand as a listing or a file stated it, where it did; what else changed a stock stands in the stock's own log.
pub fn on_hand(stated: &Value) -> Option<Change> {
    let (before, after) = (shown(stated.get("before")), shown(stated.get("after")));
    (before != after).then(|| Change { field: "on_hand".to_owned(), before, after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_told_each_at_its_path() {
        let before = json!({ "product": { "lead_days": 18, "ladder": [{ "from_quantity": "300", "unit_price": "3.42" }] },
            "attributes": { "material": "cotton" }, "title_zh": null, "category": "textiles" });
        let mut after = before.clone();
        after["product"]["lead_days"] = json!(20);
        after["product"]["ladder"][0]["unit_price"] = json!("3.25");
        after["attributes"] = json!({ "width_cm": "150" });
        after["title_zh"] = json!("灯芯绒");
        after["state"] = json!("withdrawn");

        let told = changes(&before, &after);

        let read = |n: usize| (told[n].field.as_str(), told[n].before.as_deref(), told[n].after.as_deref());
        let all: Vec<_> = (0..told.len()).map(read).collect();
        assert_eq!(
            all,
            [
                ("attributes.material", Some("cotton"), None),
                ("attributes.width_cm", None, Some("150")),
                (
                    "product.ladder",
                    Some("from_quantity 300, unit_price 3.42"),
                    Some("from_quantity 300, unit_price 3.25")
                ),
                ("product.lead_days", Some("18"), Some("20")),
                ("state", None, Some("withdrawn")),
                ("title_zh", None, Some("灯芯绒")),
            ]
        );
        assert_eq!(changes(&before, &before), []);
        assert_eq!(changes(&Value::Null, &before), []);
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let told = changes(&json!({ "description": "" }), &json!({ "description": "灯".repeat(4_000) }));
        assert_eq!(told[0].after.as_ref().map(|text| text.chars().count()), Some(SHOWN_MAX));
    }
}
