//! Holds every answer, and every body that was accepted, against the document the server serves: no field that it does
//! not name, none that it promises and that is missing, none of another kind.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(entrepot::boot::document()).expect("the document is JSON"));

/// Property names a schema knows; `None` when it admits any.
type Known = Option<BTreeSet<String>>;

fn resolve(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(to) => DOCUMENT.pointer(to.trim_start_matches('#')).expect("every reference leads to a schema"),
        None => schema,
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn object(schema: &Value, value: &Map<String, Value>, at: &str) -> Result<Known, String> {
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !value.contains_key(name) {
            return Err(format!("{at}/{name} is promised and missing"));
        }
    }
    for (name, inner) in value {
        match (properties.get(name), schema.get("additionalProperties")) {
            (Some(property), _) => fits(property, inner, &format!("{at}/{name}"))?,
            (None, Some(any)) => fits(any, inner, &format!("{at}/{name}"))?,
            (None, None) => {}
        }
    }
    let open = schema.get("additionalProperties").is_some();
    Ok((!open).then(|| properties.keys().cloned().collect()))
}

fn shape(schema: &Value, value: &Value, at: &str) -> Result<Known, String> {
    let schema = resolve(schema);
    if let Some(parts) = schema["allOf"].as_array() {
        let mut known = Some(BTreeSet::new());
        for part in parts {
            let more = shape(part, value, at)?;
            known = known.zip(more).map(|(a, b)| a.union(&b).cloned().collect());
        }
        return Ok(known);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let tried: Vec<_> = choices.iter().map(|choice| shape(choice, value, at)).collect();
        let faults: Vec<String> = tried.iter().filter_map(|t| t.clone().err()).collect();
        return tried.into_iter().find(Result::is_ok).unwrap_or(Err(faults.join("; or ")));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(None),
    };
    if !kinds.iter().any(|kind| is_of(value, kind)) {
        return Err(format!("{at} is {value}, not {kinds:?}"));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return Err(format!("{at} is {value}, not one of {}", schema["enum"]));
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(&schema["items"], item, &format!("{at}/{n}"))?;
    }
    value.as_object().map_or(Ok(None), |fields| object(schema, fields, at))
}

/// Whether the value is what the schema says; the error names the place.
fn fits(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let (Some(known), Some(fields)) = (shape(schema, value, at)?, value.as_object()) else { return Ok(()) };
    match fields.keys().find(|name| !known.contains(*name)) {
        Some(name) => Err(format!("{at}/{name} is not in the document")),
        None => Ok(()),
    }
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let asked: Vec<&str> = path.split('?').next().unwrap_or(path).split('/').collect();
    let mut routes: Vec<_> = DOCUMENT["paths"].as_object()?.iter().collect();
    // `/companies/{id}` comes after any route that spells its last part out.
    routes.sort_by_key(|(route, _)| route.matches('{').count());
    let fits = |route: &str| {
        let parts: Vec<&str> = route.split('/').collect();
        parts.len() == asked.len() && parts.iter().zip(&asked).all(|(p, a)| p.starts_with('{') || p == a)
    };
    let (_, methods) = routes.into_iter().find(|(route, _)| fits(route))?;
    methods.get(method.to_lowercase())
}

/// Panics with the place where an exchange and the document differ.
pub fn hold(method: &str, path: &str, sent: &[u8], status: u16, answer: &Value) {
    let Some(operation) = operation(method, path) else { return };
    let verdict = if status >= 400 {
        fits(&DOCUMENT["components"]["schemas"]["Problem"], answer, "problem")
    } else {
        accepted(operation, sent, status, answer)
    };
    assert_eq!(verdict, Ok(()), "{method} {path} {status} is not as documented: {answer}");
}

fn accepted(operation: &Value, sent: &[u8], status: u16, answer: &Value) -> Result<(), String> {
    if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
        let body = serde_json::from_slice(sent).map_err(|e| e.to_string())?;
        fits(schema, &body, "body")?;
    }
    let documented = &operation["responses"][status.to_string()];
    if documented.is_null() {
        return Err(format!("the status {status} is not in the document"));
    }
    match documented.pointer("/content/application~1json/schema") {
        Some(schema) => fits(schema, answer, "answer"),
        None => Ok(()),
    }
}

#[test]
fn what_the_document_does_not_say_is_found() {
    let page = |items: Value| serde_json::json!({ "items": items, "next_cursor": null });
    let schema = &DOCUMENT["components"]["schemas"]["Page_CategoryView"];
    let row = |more: Value| {
        let mut row = serde_json::json!({
            "slug": "fabric", "parent": null, "name_en": "Fabric", "name_zh": "面料", "leaf": false, "attributes": [], "count": 3,
        });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        page(Value::Array(vec![row]))
    };

    assert_eq!(fits(schema, &row(serde_json::json!({})), ""), Ok(()));
    for (wrong, why) in [
        (row(serde_json::json!({ "color": "red" })), "/items/0/color is not in the document"),
        (row(serde_json::json!({ "count": "3" })), "/items/0/count is \"3\", not [\"integer\"]"),
        (page(serde_json::json!([{ "slug": "fabric" }])), "/items/0/parent is promised and missing"),
    ] {
        assert_eq!(fits(schema, &wrong, ""), Err(why.to_owned()));
    }
    let step = |name: &str| serde_json::json!({ "name": name, "params": { "stage": 1, "method": "tt" } });
    let steps = &DOCUMENT["components"]["schemas"]["StepRequest"];
    assert_eq!(fits(steps, &step("stage.fund"), ""), Ok(()));
    assert!(fits(steps, &step("stage.lapse"), "").is_err());
}
