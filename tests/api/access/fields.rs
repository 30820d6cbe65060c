//! Mass assignment: nothing that a caller may not set is read from a body, at no depth (ACC-5).

use super::bodies::params;
use super::cast::Cast;
use super::table::{Row, TABLE, marks};
use crate::ground::{Answer, Client};
use actix_web::http::Method;
use entrepot_domain::trade::STEPS;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(entrepot::boot::document()).unwrap());

/// What attackers try to set, beside everything the operation answers.
const COVETED: [&str; 14] = [
    "id",
    "role",
    "company_id",
    "market_id",
    "user_id",
    "status",
    "version",
    "verified_level",
    "disabled",
    "balance",
    "total",
    "price",
    "is_admin",
    "created_at",
];

fn resolve(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(to) => resolve(DOCUMENT.pointer(to.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// A value that has the schema's form.
fn sample(schema: &Value) -> Value {
    let schema = resolve(schema);
    if let Some(first) = schema["oneOf"].as_array().and_then(|choices| choices.iter().find(|c| c["type"] != "null")) {
        return sample(first);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            whole.extend(sample(part).as_object().cloned().unwrap_or_default());
        }
        return Value::Object(whole);
    }
    if let Some(word) = schema["enum"].as_array().and_then(|words| words.first()) {
        return word.clone();
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["object"],
    };
    match kinds.first().copied().unwrap_or("object") {
        "string" => json!("1"),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" => Value::Array(Vec::new()),
        _ => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            Value::Object(properties.iter().map(|(name, inner)| (name.clone(), sample(inner))).collect())
        }
    }
}

fn operation(method: &str, path: &str) -> &'static Value {
    &DOCUMENT["paths"][path][method.to_lowercase()]
}

fn schema_of(method: &str, path: &str) -> Option<&'static Value> {
    operation(method, path).pointer("/requestBody/content/application~1json/schema")
}

/// A body that has the form of the operation's.
pub fn sample_of(method: &str, path: &str) -> Option<Value> {
    schema_of(method, path).map(sample)
}

/// Names of everything in the operation's good answers.
fn answered(method: &str, path: &str) -> BTreeSet<String> {
    let answers = operation(method, path)["responses"].as_object().unwrap().iter();
    let good = answers.filter(|(status, _)| status.starts_with('2'));
    let schemas = good.filter_map(|(_, answer)| answer.pointer("/content/application~1json/schema"));
    schemas.filter_map(|s| sample(s).as_object().map(|o| o.keys().cloned().collect::<Vec<_>>())).flatten().collect()
}

/// Places of the objects within a value, the value itself first.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if at.is_empty() || !fields.is_empty() {
                found.push(at.to_owned());
            }
            fields.iter().for_each(|(name, inner)| objects(inner, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| objects(item, &format!("{at}/{n}"), found))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Bodies with one field too many, and where it is.
fn smuggled(body: &Value, names: &BTreeSet<String>) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    objects(body, "", &mut places);
    let nested = ["role", "status", "company_id"].map(str::to_owned).into_iter().collect();
    let mut found = Vec::new();
    for place in places {
        let known = body.pointer(&place).and_then(Value::as_object).unwrap();
        let wanted = if place.is_empty() { names } else { &nested };
        for name in wanted.iter().filter(|name| !known.contains_key(*name)) {
            let mut more = body.clone();
            let inside = more.pointer_mut(&place).and_then(Value::as_object_mut).unwrap();
            inside.insert(name.clone(), json!("1"));
            found.push((format!("{place}/{name}"), more));
        }
    }
    found
}

async fn tried(cast: &Cast, who: &Client, method: &str, to: &str, body: &Value) -> Answer {
    let key = uuid::Uuid::new_v4().to_string();
    let extra = [("Idempotency-Key", key.as_str()), ("If-Match", "\"1\"")];
    let method = method.parse::<Method>().unwrap();
    cast.ground.send(who, method, to, body.to_string().as_bytes(), &extra).await
}

/// Who may do it at all, so that the form is what refuses.
fn entitled(cast: &Cast, row: Row) -> &Client {
    let first = marks(row).iter().position(|mark| *mark == '.').unwrap_or(0);
    &cast.seats[first]
}

fn refused(answer: &Answer) -> bool {
    answer.status == 422 && answer.json.to_string().contains("unknown field")
}

/// Findings of the whole: fields of operations, and of every step.
pub async fn findings(cast: &Cast) -> Vec<String> {
    let mut findings = Vec::new();
    for (method, path, row) in TABLE {
        let Some(mut body) = sample_of(method, path) else { continue };
        // Terms are read into closed values: a sample of the form alone would be refused for what it says.
        if body.get("terms").is_some() {
            let (buyer, seller) = (&cast.seats[0].company, &cast.seats[4].company);
            body["terms"] = crate::ground::terms(buyer, seller);
        }
        if path.ends_with("/award") {
            body["awards"] = json!([{ "quote_id": "1", "version": 1, "lines": [{ "line": 1, "quantity": "1" }] }]);
        }
        if path.ends_with("/previews") || path.ends_with("/transitions") {
            continue;
        }
        let mut names = answered(method, path);
        names.extend(COVETED.map(str::to_owned));
        let optional = sample_of(method, path).unwrap_or_default();
        names.retain(|name| optional.get(name).is_none());
        for (place, more) in smuggled(&body, &names) {
            let answer = tried(cast, entitled(cast, *row), method, &cast.path(path), &more).await;
            if !refused(&answer) {
                findings.push(format!("{method} {path} took {place}: {answer:?}"));
            }
        }
    }
    findings.extend(steps(cast).await);
    findings
}

/// Findings of the steps.
pub async fn steps(cast: &Cast) -> Vec<String> {
    let (owner, seller) = (cast.seat("owner"), cast.seat("counterparty"));
    let mut findings = Vec::new();
    for row in STEPS.iter().filter(|row| row.name != "order.draft") {
        let body = json!({ "name": row.name, "params": params(row.name, &owner.company, &seller.company) });
        let names: BTreeSet<String> = ["actor", "status", "version"].map(str::to_owned).into_iter().collect();
        for (place, more) in smuggled(&body, &names) {
            for last in ["previews", "transitions"] {
                let answer = tried(cast, owner, "POST", &format!("/api/v1/orders/{}/{last}", cast.order), &more).await;
                if !refused(&answer) {
                    findings.push(format!("{last} of {} took {place}: {answer:?}", row.name));
                }
            }
        }
    }
    findings
}
