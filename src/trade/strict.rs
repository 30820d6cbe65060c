//! Refuses fields a step does not know (ACC-5). The commands of the domain flatten some of their parts, so their reader
//! cannot refuse by itself; what it read is written out again and held against what was sent.

use crate::platform::sabotage::{self, Guard};
use serde_json::Value;

/// The first field that was sent and not read, as a JSON pointer; `null` and empty lists say nothing and are let be.
pub fn unknown_field(sent: &Value, read: &Value) -> Option<String> {
    if sabotage::skips(Guard::UnknownFields) {
        return None;
    }
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => sent.iter().find_map(|(name, value)| match read.get(name) {
            Some(known) => unknown_field(value, known).map(|inside| format!("/{name}{inside}")),
            None => (!says_nothing(value)).then(|| format!("/{name}")),
        }),
        (Value::Array(sent), Value::Array(read)) => {
            let pairs = sent.iter().zip(read).enumerate();
            pairs.into_iter().find_map(|(n, (s, r))| unknown_field(s, r).map(|inside| format!("/{n}{inside}")))
        }
        (_, _) => None,
    }
}

fn says_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_nobody_read_is_named_wherever_it_hides() {
        let read = json!({ "terms": { "lines": [{ "sku": "a" }, { "sku": "b" }] }, "stage": 1 });

        assert_eq!(unknown_field(&json!({ "stage": 1, "role": "admin" }), &read).as_deref(), Some("/role"));
        let deep = json!({ "terms": { "lines": [{ "sku": "a" }, { "sku": "b", "status": "paid" }] } });
        assert_eq!(unknown_field(&deep, &read).as_deref(), Some("/terms/lines/1/status"));
        assert_eq!(unknown_field(&json!({ "stage": "1", "note": null, "files": [] }), &read), None);
    }
}
