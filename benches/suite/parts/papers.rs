//! A bilingual contract of fifty lines, from its terms to the bytes of the PDF, on one core.

use super::Bench;
use crate::stats::Middle;
use entrepot::platform::pdf;
use entrepot::trade::{Firm, Language, Paper, PaperKind, compose, contract_hash};
use entrepot_domain::kernel::Zone;
use entrepot_domain::trade::{OrderTerms, Plan};
use serde_json::json;
use std::time::Instant;

const LINES: usize = 50;
const DOCUMENTS: usize = 60;

fn terms() -> OrderTerms {
    let line = |n: usize| {
        json!({ "product": null, "sku": format!("HB-{n:03}"), "title": format!("Hex bolt M{n}, zinc plated 镀锌六角螺栓 M{n}"),
            "hs_code": "731815", "unit": "piece", "quantity": format!("{}.5", n * 1_777), "unit_price": format!("0.{:04}", 35 + n) })
    };
    let lines: Vec<_> = (1..=LINES).map(line).collect();
    let quantities: Vec<_> = lines.iter().map(|line| line["quantity"].clone()).collect();
    let point =
        json!({ "point": "Zinc layer 锌层", "bound": "at_least", "value": "5", "unit": "µm", "method": "ISO 2178" });
    let terms = json!({
        "buyer": "00000000000000000000000000000001", "seller": "00000000000000000000000000000002", "currency": "USD",
        "lines": lines, "freight_minor": "123456", "incoterm": { "code": "FOB", "place": "Ningbo" },
        "stages": [
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3000 },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 6000 },
            { "kind": "retention", "trigger": "delivered", "share_bps": 1000 },
        ],
        "shipments": [{ "ship_by": "2026-03-01", "quantities": quantities }],
        "quality_points": [point.clone(), point.clone(), point],
        "aql": { "level": "II", "critical": "0", "major": "2.5", "minor": "4" },
        "notes": "Cartons carry the mark of the buyer. 纸箱印买方唛头。",
    });
    serde_json::from_value(terms).unwrap()
}

pub fn run(bench: &mut Bench) {
    let terms = terms();
    let (plan, zone) = (Plan::of(&terms).unwrap(), Zone::parse("Asia/Shanghai").unwrap());
    let firm = |name: &str, zh: &str| Firm {
        name: name.into(),
        name_zh: Some(zh.into()),
        registration: "91330200MA2".into(),
        city: "Ningbo".into(),
        country: "CN".into(),
    };
    let make = || {
        let paper = Paper {
            kind: PaperKind::Contract,
            language: Language::Both,
            number: "E-2A7K9QXZ",
            version: None,
            versions: 0,
            terms: &terms,
            hash: contract_hash(&terms),
            plan: &plan,
            buyer: firm("Nordlicht Import GmbH", "北光进口有限公司"),
            seller: firm("Ningbo Haitian Fasteners Co., Ltd.", "宁波海天紧固件有限公司"),
            signed: [None, None],
            zone: &zone,
            escrow: true,
        };
        let sheet = pdf::lay_out(&compose(&paper)).unwrap();
        (sheet.pages.len(), pdf::write(&sheet).unwrap().len())
    };
    let begun = Instant::now();
    let (pages, bytes) = make();
    bench.report.figure("first contract, fonts unpacked", begun.elapsed().as_secs_f64() * 1_000.0, "ms");
    let times: Vec<f64> = (0..DOCUMENTS)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(make(), (pages, bytes), "equal documents");
            begun.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    let middle = Middle::of(times);
    bench.report.figure("contract of 50 lines", middle.median, "ms per document, median");
    bench.report.figure("contract of 50 lines, slowest", middle.highest, "ms");
    bench.report.figure("contract of 50 lines, pages", pages as f64, "pages");
    bench.report.figure("contract of 50 lines, size", bytes as f64 / 1_024.0, "KiB");
    bench.report.part("papers", "one core, in process");
}
