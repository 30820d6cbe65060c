//! How long a request for quotation waits for its suppliers: ten thousand of them with three products each, all of whose goods fit.
//! The time is the buyer's: from the answer to the publication until the list of suppliers is there.

use super::{Bench, data};
use crate::data::Size;
use crate::load::wire;
use crate::server::Server;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SIZE: Size = Size { products: 30_000, orders: 0, suppliers: 10_000 };
/// Requests of each length.
const EACH: usize = 5;

/// A request for `lines` goods that every product of the market answers.
fn request(lines: usize, nth: usize) -> Value {
    let asked: Vec<Value> = (0..lines)
        .map(|n| {
            let category = data::CATEGORIES[(n + nth) % 24];
            json!({
                "title": format!("{category} number {nth} of {lines}, {n}"), "category": category, "hs_code": "731815",
                "unit": "pcs", "quantity": "10000", "target_price": "50", "attributes": { "grade": "8.8" },
            })
        })
        .collect();
    json!({
        "title": format!("Goods for the year, {lines} lines, {nth}"), "currency": "USD", "destination": "DE", "origin": "CN",
        "lines": asked, "incoterm": { "code": "FOB", "place": "Ningbo" }, "lead_days": 60, "deadline": "2026-02-10",
        "quality_points": [{ "point": "Strength", "bound": "at_least", "value": "400", "unit": "MPa", "method": "ISO 6892-1" }],
    })
}

/// Seconds until the suppliers of a new request are there.
fn matched(ours: &Server, cookie: &str, lines: usize, nth: usize) -> f64 {
    let body = request(lines, nth).to_string();
    let rfq = ours.must(&wire("POST /api/v1/rfqs", cookie, Some(&format!("rfq-{lines}-{nth}")), &body));
    let began = Instant::now();
    let list = wire(&format!("GET /api/v1/rfqs/{}/matches", rfq["id"].as_str().unwrap()), cookie, None, "");
    while ours.must(&list)["items"].as_array().is_none_or(Vec::is_empty) {
        assert!(began.elapsed() < Duration::from_secs(60), "the request is never matched");
        std::thread::sleep(Duration::from_millis(2));
    }
    began.elapsed().as_secs_f64()
}

pub fn run(bench: &mut Bench) {
    let folder = bench.fresh("matching");
    data::apart(&folder, SIZE, None);
    let ours = Server::ours(&folder, None, None);
    let cookie = ours.demo("buyer");
    for lines in [1, 50] {
        let mut seconds: Vec<f64> = (0..EACH).map(|nth| matched(&ours, &cookie, lines, nth)).collect();
        seconds.sort_by(f64::total_cmp);
        let name = if lines == 1 { "matched, 1 line".to_owned() } else { format!("matched, {lines} lines") };
        bench.report.figure(&name, seconds[seconds.len() / 2], "s");
    }
    ours.stop();
    bench.report.part("matching", "SQLite, WAL, synchronous=FULL");
}
