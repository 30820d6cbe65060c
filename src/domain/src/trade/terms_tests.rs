use super::*;

const JSON: &str = r#"{
    "buyer":"00000000000000000000000000000001","seller":"00000000000000000000000000000002","currency":"USD",
    "lines":[{"product":null,"sku":"S","title":"Screws","hs_code":"731815","unit":"piece","quantity":"1200","unit_price":"0.35"}],
    "freight_minor":"100","incoterm":{"code":"FOB","place":"Ningbo"},
    "stages":[{"kind":"deposit","trigger":"agreed","share_bps":3000,"shipment":null},
              {"kind":"balance","trigger":"before_dispatch","share_bps":7000}],
    "shipments":[{"ship_by":"2026-02-01","quantities":["600"]},{"ship_by":"2026-03-01","quantities":["600"]}]
}"#;

fn stated(text: &str) -> crate::trade::QualityPoint {
    crate::trade::QualityPoint::Stated(text.into())
}

fn sound() -> OrderTerms {
    serde_json::from_str(JSON).unwrap()
}

#[test]
fn the_public_json_is_read_with_defaults() {
    let terms = sound();

    assert_eq!((terms.acceptance_days, terms.claim_window_days, terms.deposit_days), (15, 30, 10));
    assert_eq!((terms.freight_minor, terms.tax_minor), (100, 0));
    assert_eq!(terms.validate(), []);
    assert_eq!(terms.title(), "Screws");
}

#[test]
fn canonical_bytes_are_the_same_however_the_json_was_written() {
    let terms = sound();
    let rewritten: serde_json::Value = serde_json::from_str(&serde_json::to_string(&terms).unwrap()).unwrap();
    let reread: OrderTerms = serde_json::from_value(rewritten).unwrap();

    assert_eq!(reread.canonical_bytes(), terms.canonical_bytes());
    assert!(terms.canonical_bytes().starts_with(b"entrepot-terms-v1\n{\"buyer\":"));
    let text = String::from_utf8(terms.canonical_bytes()).unwrap();
    assert!(!text.contains("aql"), "terms of before keep their hash: {text}");
    let mut other = terms.clone();
    other.notes = "!".into();
    assert_ne!(other.canonical_bytes(), terms.canonical_bytes());
}

#[test]
fn texts_of_older_orders_keep_their_canonical_form() {
    let terms = OrderTerms { quality_points: vec![stated("AQL 2.5 major")], ..sound() };
    let text = String::from_utf8(terms.canonical_bytes()).unwrap();
    assert!(text.ends_with(r#""quality_points":["AQL 2.5 major"],"notes":""}"#), "{text}");
    let reread: OrderTerms = serde_json::from_str(text.split_once('\n').unwrap().1).unwrap();
    assert_eq!((&reread, reread.validate()), (&terms, vec![]));
}

#[test]
fn only_measurable_terms_can_be_offered() {
    let measured = r#"{"point":"Thread","bound":"at_most","value":"1","unit":"mm","method":"gauge"}"#;
    let point: crate::trade::QualityPoint = serde_json::from_str(measured).unwrap();
    let codes = |points| {
        let terms = OrderTerms { quality_points: points, ..sound() };
        terms.unmeasured().into_iter().map(|e| (e.pointer, e.code)).collect::<Vec<_>>()
    };
    assert_eq!(codes(vec![point.clone()]), []);
    assert_eq!(codes(vec![]), [("/quality_points".into(), "terms.quality_missing".into())]);
    assert_eq!(codes(vec![point, stated("good")]), [("/quality_points/1".into(), "terms.quality_not_measured".into())]);
}

#[test]
fn each_fault_is_blamed_on_its_field() {
    type Spoil = fn(&mut OrderTerms);
    let cases: Vec<(&str, &str, Spoil)> = vec![
        ("/seller", "terms.same_company", |t| t.seller = t.buyer),
        ("/lines", "terms.lines", |t| t.lines.clear()),
        ("/lines/0/quantity", "terms.quantity", |t| t.lines[0].quantity.0 = 0),
        ("/lines/0/quantity", "terms.quantities_differ", |t| t.lines[0].quantity.0 += 1),
        ("/lines/0/unit_price", "terms.unit_price", |t| t.lines[0].unit_price.0 = -1),
        ("/lines/0/title", "terms.title", |t| t.lines[0].title = " ".into()),
        ("/lines/0/hs_code", "terms.hs_code", |t| t.lines[0].hs_code = "12".into()),
        ("/freight_minor", "terms.negative", |t| t.freight_minor = -1),
        ("/discount_minor", "terms.negative", |t| t.discount_minor = -1),
        ("/lines", "terms.total", |t| t.discount_minor = 1_000_000),
        ("/lines", "terms.total", |t| t.freight_minor = i64::MAX),
        ("/shipments", "terms.shipments", |t| t.shipments.clear()),
        ("/shipments/0/quantities", "terms.shipment_lines", |t| t.shipments[0].quantities.clear()),
        ("/shipments/0/quantities", "terms.shipment_empty", |t| t.shipments[0].quantities[0].0 = 0),
        ("/shipments/0/quantities", "terms.quantity", |t| t.shipments[0].quantities[0].0 = -1),
        ("/stages", "terms.stages", |t| t.stages.clear()),
        ("/stages", "terms.shares_not_whole", |t| t.stages[1].share_bps = 6_999),
        ("/stages/1/share_bps", "terms.share", |t| t.stages[1].share_bps = 0),
        ("/stages/1/shipment", "terms.no_such_shipment", |t| t.stages[1].shipment = Some(3)),
        ("/stages/1/shipment", "terms.no_such_shipment", |t| t.stages[1].shipment = Some(0)),
        ("/stages/0/trigger", "terms.trigger", |t| t.stages[0].trigger = Trigger::Delivered),
        ("/stages/1/trigger", "terms.trigger", |t| t.stages[1].trigger = Trigger::Agreed),
        ("/stages/1/kind", "terms.deposit_first", |t| t.stages.swap(0, 1)),
        ("/stages/0/trigger", "terms.first_stage", |t| t.stages[0].kind = StageKind::Retention),
        ("/stages", "terms.retention", |t| t.stages[1].kind = StageKind::Retention),
        ("/acceptance_days", "terms.days", |t| t.acceptance_days = 2),
        ("/claim_window_days", "terms.days", |t| t.claim_window_days = 31),
        ("/deposit_days", "terms.days", |t| t.deposit_days = 0),
        ("/incoterm/place", "terms.place", |t| t.incoterm.place.clear()),
        ("/notes", "terms.too_long", |t| t.notes = "x".repeat(4_001)),
        ("/quality_points", "terms.too_long", |t| t.quality_points = vec![stated(""); 51]),
        ("/quality_points", "terms.too_long", |t| t.quality_points = vec![stated(&"x".repeat(4_001))]),
        ("/quality_points/0/method", "terms.point_text", |t| {
            t.quality_points =
                serde_json::from_str(r#"[{"point":"Thread","bound":"at_most","value":"1","method":" "}]"#).unwrap();
        }),
        ("/aql/minor", "terms.aql_limit", |t| {
            t.aql = serde_json::from_str(r#"{"level":"II","critical":"0","major":"2.5","minor":"3"}"#).unwrap();
        }),
        ("/stages", "terms.stage_amount", |t| {
            t.lines[0].unit_price.0 = 10;
            t.freight_minor = 0;
        }),
    ];
    for (pointer, code, spoil) in cases {
        let mut terms = sound();
        spoil(&mut terms);
        let errors = terms.validate();
        assert!(errors.iter().any(|e| e.pointer == pointer && e.code == code), "{pointer} {code}: {errors:?}");
    }
}

#[test]
fn a_contract_hash_is_64_hex_characters() {
    use super::super::terms::ContractHash;
    let hash = ContractHash([0xab; 32]);
    assert_eq!(hash.to_string().parse(), Ok(hash));
    assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{}\"", "ab".repeat(32)));
    for bad in ["", "ab", &"AB".repeat(32), &"gg".repeat(32), &"é".repeat(32)] {
        assert!(bad.parse::<ContractHash>().is_err());
    }
}
