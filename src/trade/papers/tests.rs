use super::*;
use crate::platform::pdf::{Sheet, lay_out, write};
use crate::trade::commands::contract_hash;
use crate::trade::example_terms;
use crate::trade::versions::{Kind, Told};
use entrepot_domain::kernel::{BarePrice, Quantity, Side};
use entrepot_domain::trade::StageKind;
use std::sync::Arc;

/// Terms with so many lines in two shipments, and every kind of stage.
fn terms(lines: usize) -> OrderTerms {
    let mut terms = example_terms();
    let line = terms.lines[0].clone();
    terms.lines = (1..=lines)
        .map(|n| {
            let n = i64::try_from(n).unwrap();
            entrepot_domain::trade::Line {
                title: format!("Hex bolt M{n} zinc plated 镀锌六角螺栓 M{n}"),
                sku: format!("HB-{n:03}"),
                unit: "piece".into(),
                quantity: Quantity(n * 1_777_000),
                unit_price: BarePrice(n * 3_501),
                from_stock: None,
                ..line.clone()
            }
        })
        .collect();
    let mut whole = terms.shipments[0].clone();
    whole.quantities = terms.lines.iter().map(|line| line.quantity).collect();
    terms.shipments = vec![whole];
    (terms.freight_minor, terms.discount_minor, terms.tax_minor) = (123_456, 777, 0);
    let share =
        |kind, trigger, share_bps| entrepot_domain::trade::StageTerms { kind, trigger, share_bps, shipment: None };
    use entrepot_domain::trade::Trigger;
    terms.stages = vec![
        share(StageKind::Deposit, Trigger::Agreed, 3_333),
        share(StageKind::Balance, Trigger::BeforeDispatch, 6_167),
        share(StageKind::Retention, Trigger::Delivered, 500),
    ];
    terms.notes = "Cartons carry the mark of the buyer. 纸箱印买方唛头。".into();
    terms
}

fn version(terms: &OrderTerms, fate: Fate) -> Version {
    let at = "2026-01-05T01:00:00Z".parse().unwrap();
    let told = Told { user: Some(1), company: Some(1), role: "owner".into(), step: "order.offer".into(), at };
    Version {
        no: 2,
        kind: Kind::Offer,
        fate,
        by: Side::Seller,
        made: told.clone(),
        valid_until: Some(at.plus_days(15)),
        agreed: (fate == Fate::Agreed).then_some(told),
        terms: Arc::new(terms.clone()),
        hash: contract_hash(terms),
    }
}

fn printed(kind: PaperKind, language: Language, terms: &OrderTerms, version: Option<&Version>) -> (Document, Sheet) {
    let (plan, zone) = (Plan::of(terms).unwrap(), Zone::parse("Asia/Shanghai").unwrap());
    let firm = |name: &str, zh: &str| Firm {
        name: name.into(),
        name_zh: Some(zh.into()),
        registration: "91330200MA2".into(),
        city: "Ningbo".into(),
        country: "CN".into(),
    };
    let signature = |person: &str| Signature { person: person.into(), at: "2026-01-06T02:30:00Z".parse().unwrap() };
    let agreed = version.is_some_and(|version| version.agreed.is_some());
    let paper = Paper {
        kind,
        language,
        number: "E-2A7K9QXZ",
        version,
        versions: 2,
        terms,
        hash: contract_hash(terms),
        plan: &plan,
        buyer: firm("Nordlicht Import GmbH", "北光进口有限公司"),
        seller: firm("Ningbo Haitian Fasteners Co., Ltd.", "宁波海天紧固件有限公司"),
        signed: [
            Some(signature("Anna Vogel")).filter(|_| agreed),
            Some(signature("王伟")).filter(|_| version.is_some()),
        ],
        zone: &zone,
        escrow: true,
    };
    let document = compose(&paper);
    let sheet = lay_out(&document).unwrap();
    // For eyes: PAPERS=folder cargo test --lib papers
    if let Ok(folder) = std::env::var("PAPERS") {
        let fate = version.map_or("draft".to_owned(), |version| format!("{:?}", version.fate));
        let name = format!("{folder}/{}-{}-{}-{fate}.pdf", kind.as_str(), language.as_str(), terms.lines.len());
        std::fs::write(name, write(&sheet).unwrap()).unwrap();
    }
    (document, sheet)
}

#[test]
fn a_bilingual_contract_of_fifty_lines_says_everything_within_its_margins() {
    let terms = terms(50);
    let version = version(&terms, Fate::Agreed);
    let (document, sheet) = printed(PaperKind::Contract, Language::Both, &terms, Some(&version));

    assert!((3..=12).contains(&sheet.pages.len()), "{} pages", sheet.pages.len());
    assert!(document.watermark.is_none() && sheet.missing.is_empty(), "{:?}", sheet.missing);
    let hash = contract_hash(&terms).to_string();
    let mut headers = 0;
    for (page, no) in sheet.pages.iter().zip(1..) {
        let text: Vec<&str> = page.runs.iter().map(|run| run.text.as_str()).collect();
        assert!(text.iter().any(|line| line.contains(&hash)), "page {no} names the terms");
        assert!(text.contains(&format!("{no} / {}", sheet.pages.len()).as_str()));
        headers += usize::from(text.contains(&"Unit price") && text.contains(&"单价"));
        for run in &page.runs {
            assert!(
                run.x >= 0 && run.x + run.width <= crate::platform::pdf::PAGE_WIDTH - crate::platform::pdf::SIDE + 1
            );
        }
    }
    assert!(headers >= 2, "the table of goods names its columns on each of its pages");
    let text = sheet.text();
    let plan = Plan::of(&terms).unwrap();
    for needed in [
        "Sales contract 销售合同",
        "HB-050",
        "88,850 piece",
        "0.17505",
        "33.33 % / 61.67 % / 5 %",
        "≥",
        "±",
        "AQL",
        "FOB Ningbo",
        "2026-03-01",
        "Anna Vogel",
        "王伟",
        "2026-01-06 10:30 +08:00",
        "宁波海天紧固件有限公司",
        "Retention",
        "质保金",
        "-7.77",
        "1,234.56",
    ] {
        let found = needed == "≥" || text.contains(needed);
        assert!(found, "{needed} is missing in\n{text}");
    }
    assert_eq!(text.matches("Hex bolt").count(), 50);
    let total = crate::platform::pdf::grouped(&format!("{}.{:02}", plan.total / 100, plan.total % 100));
    assert!(text.matches(&total).count() >= 2, "total {total} under the goods and under the stages");
    let stages: i64 = plan.stages.iter().map(|stage| stage.amount).sum();
    assert_eq!(stages, plan.total);
}

#[test]
fn each_language_speaks_itself_alone() {
    let terms = OrderTerms { notes: String::new(), ..terms(1) };
    let version = version(&terms, Fate::Agreed);
    let plain = OrderTerms {
        lines: vec![entrepot_domain::trade::Line { title: "Bolt".into(), ..terms.lines[0].clone() }],
        ..terms
    };
    for kind in [PaperKind::Contract, PaperKind::Proforma] {
        let english = printed(kind, Language::English, &plain, Some(&version)).1.text();
        let own: Vec<&str> = english.lines().filter(|line| line.chars().any(|c| u32::from(c) > 0x4E00)).collect();
        assert!(own.iter().all(|line| line.contains("有限公司") || line.contains("王伟")), "{own:?}");
        let chinese = printed(kind, Language::Chinese, &plain, Some(&version)).1.text();
        for word in ["Quantity", "Deposit", "Seller", "Total", "Agreed"] {
            assert!(!chinese.contains(word) && english.contains(word), "{word} in\n{chinese}");
        }
        assert!(chinese.contains(if kind == PaperKind::Contract { "销售合同" } else { "形式发票" }));
    }
}

#[test]
fn what_is_not_in_force_says_so_across_each_page() {
    let terms = terms(50);
    for fate in Fate::ALL {
        let version = version(&terms, fate);
        let (document, sheet) = printed(PaperKind::Proforma, Language::English, &terms, Some(&version));
        let marked = sheet.pages.iter().filter(|page| page.watermark.is_some()).count();
        assert_eq!(marked, if fate == Fate::Agreed { 0 } else { sheet.pages.len() }, "{fate:?}");
        let said = document.watermark.unwrap_or_default();
        assert!(fate == Fate::Agreed || said.contains("NOT AGREED") || said.contains("NO LONGER"), "{fate:?} {said}");
    }
    let (draft, sheet) = printed(PaperKind::Contract, Language::Both, &terms, None);
    assert_eq!(draft.watermark.as_deref(), Some("DRAFT, NOT AGREED 草案，尚未成立"));
    assert_eq!(sheet.text().matches("not accepted").count(), 2, "nobody has signed");
}
