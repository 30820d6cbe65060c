//! A request for quotation and a quote on it, as buyer and supplier write them.

use serde_json::{Value, json};

/// A request on the board: bolts 10,000 and nuts 20,000 to Germany, quotes until 2026-01-25.
pub fn rfq_body() -> Value {
    json!({
        "title": "Bolts and nuts", "currency": "USD", "destination": "DE", "origin": "CN",
        "lines": [
            { "title": "Bolt M8", "category": "fasteners", "hs_code": "731815", "unit": "pcs", "quantity": "10000",
              "target_price": "0.003", "attributes": { "Material": "Steel" } },
            { "title": "Nut M8", "category": "hardware", "hs_code": "731816", "unit": "pcs", "quantity": "20000" },
        ],
        "incoterm": { "code": "FOB", "place": "Ningbo" }, "lead_days": 30, "deadline": "2026-01-25",
        "quality_points": [{ "point": "Strength", "bound": "at_least", "value": "400", "unit": "MPa", "method": "ISO 6892-1" }],
    })
}

/// Bolts 0.0035, 0.003 from 10,000; nuts 0.002; freight 100.00; stands 20 days.
pub fn quote_body() -> Value {
    json!({
        "lines": [
            { "line": 1, "sku": "B-8", "ladder": [
                { "from_quantity": "1000", "unit_price": "0.0035" }, { "from_quantity": "10000", "unit_price": "0.003" } ] },
            { "line": 2, "sku": "N-8", "ladder": [{ "from_quantity": "5000", "unit_price": "0.002" }] },
        ],
        "lead_days": 20, "incoterm": { "code": "FOB", "place": "Ningbo" }, "freight_minor": "10000", "validity_days": 20,
        "stages": [
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3000 },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 7000 },
        ],
        "sample": { "price_minor": "500", "lead_days": 3 },
    })
}

/// The body with one field set.
pub fn with(mut body: Value, at: &str, value: Value) -> Value {
    match body.pointer_mut(at) {
        Some(place) => *place = value,
        None => {
            let (parent, name) = at.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap()[name] = value;
        }
    }
    body
}
