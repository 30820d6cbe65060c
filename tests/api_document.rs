//! The document that the frontend's types are made from says what the routes say.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::path::Path;

const HOW: &str =
    "run `npm run api --prefix frontend` and commit frontend/openapi.json with frontend/src/api/schema.gen.d.ts";

/// Where two documents differ first, as a JSON pointer.
fn difference(at: &str, kept: &Value, now: &Value) -> Option<String> {
    match (kept, now) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            keys.into_iter().find_map(|key| {
                let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                difference(&format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), a, b)
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| difference(&format!("{at}/{n}"), a, b))
        }
        _ if kept == now => None,
        _ => Some(at.to_owned()),
    }
}

#[test]
fn the_kept_document_is_what_the_routes_yield() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let kept: Value = serde_json::from_str(&kept).unwrap_or(Value::Null);
    let now = serde_json::to_value(entrepot::boot::document()).unwrap();

    if let Some(at) = difference("", &kept, &now) {
        panic!("frontend/openapi.json and the routes differ at {at:?}: {HOW}");
    }
}

#[test]
fn a_difference_is_found_and_named() {
    let kept = serde_json::json!({ "paths": { "/a": [1, 2] } });
    let now = serde_json::json!({ "paths": { "/a": [1, 3] } });

    assert_eq!(difference("", &kept, &kept), None);
    assert_eq!(difference("", &kept, &now).as_deref(), Some("/paths/~1a/1"));
    assert_eq!(difference("", &Value::Null, &now).as_deref(), Some(""));
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_to_a_schema() {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 100, "the search found {} references", found.len());

    found.retain(|to| document.pointer(to.trim_start_matches('#')).is_none());
    assert_eq!(found, Vec::<&str>::new());
}

#[test]
fn every_answer_and_every_body_has_a_shape() {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let mut shapeless = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let json = answer.pointer("/content/application~1json/schema");
                let other = answer["content"].as_object().is_some_and(|c| !c.contains_key("application/json"));
                // 202, 204 and 304 say all by their number.
                if !["202", "204", "304"].contains(&status.as_str()) && !other && json.is_none() {
                    shapeless.push(format!("{method} {path} {status}"));
                }
            }
        }
    }
    assert_eq!(shapeless, Vec::<String>::new(), "answers without a schema");

    let open = |schema: &Value| schema["type"] == "object" && schema.as_object().is_some_and(|o| o.len() <= 2);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let untyped = schemas.iter().flat_map(|(name, schema)| {
        let properties = schema["properties"].as_object().into_iter().flatten();
        properties.filter(|(_, s)| open(s)).map(move |(property, _)| format!("{name}.{property}"))
    });
    assert_eq!(untyped.collect::<Vec<_>>(), Vec::<String>::new(), "properties that are objects without a shape");
}

/// Every writing operation with its marks.
fn writing(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(m, o)| (path, m, o)));
    operations.filter(|(_, method, _)| *method != "get").map(|(path, m, o)| (format!("{m} {path}"), o)).collect()
}

/// MON-11: whoever adds a route says whether it moves money.
#[test]
fn every_writing_operation_says_whether_it_moves_money() {
    let document = serde_json::to_value(entrepot::boot::document()).unwrap();
    let operations = writing(&document);
    assert!(operations.len() > 30, "{}", operations.len());

    let unsaid = operations.iter().filter(|(_, o)| (o["x-money"] == true) == (o["x-no-money"] == true));
    assert_eq!(unsaid.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());

    let keyless = operations.iter().filter(|(_, o)| o["x-money"] == true).filter(|(_, o)| {
        let parameters = o["parameters"].as_array().unwrap();
        !parameters.iter().any(|p| p["name"] == "Idempotency-Key" && p["required"] == true)
    });
    assert_eq!(keyless.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), Vec::<&str>::new(), "money without a key");
}

/// The marks and the access table tell the same: its money rows are the wallet's two and the steps of an order.
#[test]
fn what_moves_money_in_the_access_table_has_a_marked_operation() {
    let marked = ["wallet.pay_in", "wallet.withdraw"];
    let steps: Vec<&str> = entrepot_domain::trade::STEPS.iter().map(|row| row.name).collect();
    let rows = entrepot::boot::access_tables().into_iter().flatten().filter(|row| row.money);

    let others: Vec<&str> = rows.map(|row| row.step).filter(|s| !marked.contains(s) && !steps.contains(s)).collect();

    assert_eq!(others, Vec::<&str>::new(), "a money step without an operation marked x-money in src/money.rs");
}
