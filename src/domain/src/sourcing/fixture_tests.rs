//! A request and quotes the tests of this module share.

use super::*;
use crate::catalog::{Bound, Incoterm, IncotermCode, Measure, MeasuredPoint, PriceBreak};
use crate::kernel::{BarePrice, CompanyId, Currency, MarketTime, ProductId, Quantity, QuoteId, RfqId, Zone};

pub(crate) const BUYER: CompanyId = CompanyId(1);
pub(crate) const SUPPLIER: CompanyId = CompanyId(2);

pub(crate) fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").unwrap()
}

/// 09:00 in Shanghai on 2026-01-05.
pub(crate) fn now() -> MarketTime {
    "2026-01-05T01:00:00Z".parse().unwrap()
}

pub(crate) fn pieces(units: i64) -> Quantity {
    Quantity(units * 1_000)
}

pub(crate) fn fob() -> Incoterm {
    Incoterm { code: IncotermCode::Fob, place: "Ningbo".into() }
}

fn line(title: &str, category: &str, hs: &str, units: i64) -> RfqLine {
    RfqLine {
        title: title.into(),
        product: None,
        category: category.into(),
        hs_code: hs.into(),
        unit: "pcs".into(),
        quantity: pieces(units),
        target_price: Some(BarePrice(3_000)),
        attributes: [("Material".to_owned(), "Steel".to_owned())].into(),
        notes: String::new(),
    }
}

pub(crate) fn strength() -> MeasuredPoint {
    MeasuredPoint {
        point: "Strength".into(),
        bound: Bound::AtLeast,
        value: Measure(400_000_000),
        tolerance: None,
        unit: "MPa".into(),
        method: "ISO 6892-1".into(),
    }
}

pub(crate) fn rfq_terms() -> RfqTerms {
    RfqTerms {
        title: "Bolts and nuts".into(),
        lines: vec![line("Bolt M8", "fasteners", "731815", 10_000), line("Nut M8", "nuts", "731816", 20_000)],
        currency: Currency::USD,
        destination: "DE".into(),
        origin: Some("CN".into()),
        incoterm: fob(),
        needed_by: None,
        lead_days: Some(30),
        seats: 10,
        visibility: Visibility::Board,
        invited: Vec::new(),
        deadline: "2026-01-15".parse().unwrap(),
        quality_points: vec![QualityPoint::Measured(strength())],
        aql: None,
        files: Vec::new(),
        notes: String::new(),
    }
}

pub(crate) fn rfq() -> Rfq {
    let new = Publication { id: RfqId(9), number: "R-9", buyer: BUYER, buys: true, terms: &rfq_terms() };
    publish(&new, now(), &zone()).unwrap()
}

fn quoted(line: i32, ladder: &[(i64, i64)]) -> QuoteLine {
    let row =
        |(units, micros): &(i64, i64)| PriceBreak { from_quantity: pieces(*units), unit_price: BarePrice(*micros) };
    QuoteLine {
        line,
        product: Some(ProductId(line.unsigned_abs().into())),
        sku: format!("S-{line}"),
        title: String::new(),
        hs_code: String::new(),
        ladder: ladder.iter().map(row).collect(),
    }
}

/// Bolts 0.0035, 0.003 from 10,000; nuts 0.002. Freight 100.00.
pub(crate) fn quote_terms() -> QuoteTerms {
    QuoteTerms {
        lines: vec![quoted(1, &[(1_000, 3_500), (10_000, 3_000)]), quoted(2, &[(5_000, 2_000)])],
        lead_days: 20,
        sample: Some(Sample { price_minor: 500, lead_days: 3 }),
        incoterm: fob(),
        freight_minor: 10_000,
        validity_days: 20,
        stages: vec![
            StageProposal { kind: StageKind::Deposit, trigger: Trigger::Agreed, share_bps: 3_000 },
            StageProposal { kind: StageKind::Balance, trigger: Trigger::BeforeDispatch, share_bps: 7_000 },
        ],
        aql: None,
        files: Vec::new(),
        note: String::new(),
    }
}

pub(crate) fn submission(terms: &QuoteTerms) -> Submission<'_> {
    Submission { id: QuoteId(20), number: "Q-20", supplier: SUPPLIER, sells: true, terms }
}

/// A quote of a supplier on [`rfq`].
pub(crate) fn quote(supplier: u128, terms: &QuoteTerms) -> Quote {
    let (zone, rfq) = (zone(), rfq());
    let new = Submission { id: QuoteId(supplier * 10), supplier: CompanyId(supplier), ..submission(terms) };
    let cx = QuoteContext { now: now(), zone: &zone, rfq: &rfq };
    submit(&new, &Seats::new(10), &QuoteQuota::default(), &cx).unwrap().0
}
