//! Scores of known goods, and that order decides nothing.

use super::super::fixture::*;
use super::*;
use proptest::prelude::*;

fn candidate(supplier: u128) -> Candidate {
    Candidate {
        supplier: CompanyId(supplier),
        category: "fasteners".into(),
        hs_code: "731815".into(),
        origin: "CN".into(),
        moq: pieces(1_000),
        lead_days: 20,
        attributes: [("material".to_owned(), "STEEL ".to_owned())].into(),
    }
}

fn first_line() -> RfqTerms {
    let mut terms = rfq_terms();
    terms.lines.truncate(1);
    terms
}

fn ranked(terms: &RfqTerms, candidates: &[Candidate]) -> Vec<(u128, i64)> {
    let wish = Wish { buyer: BUYER, terms, today: "2026-01-05".parse().unwrap() };
    rank(&wish, candidates, MATCHED_MAX).into_iter().map(|m| (m.supplier.0, m.score)).collect()
}

#[test]
fn each_fact_that_does_not_fit_costs_its_points() {
    type Spoil = fn(&mut Candidate);
    let cases: [(&str, i64, Spoil); 9] = [
        ("fits whole", 100, |_| ()),
        ("another category", 65, |c| c.category = "nuts".into()),
        ("another subheading", 90, |c| c.hs_code = "731814".into()),
        ("another heading", 75, |c| c.hs_code = "740000".into()),
        ("a property missing", 85, |c| c.attributes.clear()),
        ("too much at once", 90, |c| c.moq = pieces(10_001)),
        ("too slow", 90, |c| c.lead_days = 31),
        ("from elsewhere", 95, |c| c.origin = "VN".into()),
        ("a longer code of the same goods", 100, |c| c.hs_code = "7318159001".into()),
    ];
    for (what, score, spoil) in cases {
        let mut one = candidate(5);
        spoil(&mut one);
        assert_eq!(ranked(&first_line(), &[one]), [(5, score)], "{what}");
    }
}

#[test]
fn what_was_not_asked_for_costs_nothing() {
    let mut terms = first_line();
    terms.lead_days = None;
    terms.origin = None;
    terms.lines[0].hs_code.clear();
    terms.lines[0].attributes.clear();
    let plain = Candidate { attributes: BTreeMap::new(), origin: "VN".into(), lead_days: 700, ..candidate(5) };
    assert_eq!(ranked(&terms, &[plain]), [(5, 100)]);
}

#[test]
fn other_goods_are_no_match_however_well_the_rest_fits() {
    let other = Candidate { category: "textiles".into(), hs_code: "520100".into(), ..candidate(5) };
    assert_eq!(ranked(&first_line(), &[other]), []);
    assert_eq!(ranked(&first_line(), &[candidate(BUYER.0)]), [], "nobody matches an own request");
}

#[test]
fn the_day_of_need_bounds_the_production_too() {
    let mut terms = first_line();
    terms.needed_by = Some("2026-01-20".parse().unwrap());
    assert_eq!(ranked(&terms, &[candidate(5)]), [(5, 90)], "20 days do not fit into 15");
    terms.lead_days = None;
    terms.needed_by = Some("2026-01-25".parse().unwrap());
    assert_eq!(ranked(&terms, &[candidate(5)]), [(5, 100)]);
}

#[test]
fn reasons_name_line_and_points_and_a_supplier_is_known_by_its_best_goods() {
    let worse = Candidate { hs_code: "740000".into(), attributes: BTreeMap::new(), ..candidate(5) };
    let wish = Wish { buyer: BUYER, terms: &rfq_terms(), today: "2026-01-05".parse().unwrap() };
    let found = rank(&wish, &[worse, candidate(5)], 10);

    let [only] = found.as_slice() else { panic!("{found:?}") };
    // The whole first line, and of the second the heading, property, quantity, time and origin: 15+15+10+10+5.
    assert_eq!(only.score, (100 + 55) / 2);
    let kinds: Vec<_> = only.reasons.iter().map(|r| (r.line, r.kind, r.points)).collect();
    assert_eq!(kinds[0], (1, ReasonKind::Category, 35));
    assert!(
        kinds.contains(&(1, ReasonKind::SameHs6, 25)) && kinds.contains(&(2, ReasonKind::SameHs4, 15)),
        "{kinds:?}"
    );
    assert!(kinds.iter().all(|(_, _, points)| *points > 0));
}

proptest! {
    #[test]
    fn the_same_goods_in_any_order_give_the_same_list(
        facts in prop::collection::vec((3..9_u128, 0..3_usize, 0..3_usize, 1..20_000_i64, 0..60_i64), 0..40),
        turn in 0..40_usize,
        top in 1..6_usize,
    ) {
        let goods: Vec<Candidate> = facts.iter().map(|(supplier, category, hs, moq, lead)| Candidate {
            category: ["fasteners", "nuts", "textiles"][*category].into(),
            hs_code: ["731815", "731816", "520100"][*hs].into(),
            moq: pieces(*moq),
            lead_days: *lead,
            ..candidate(*supplier)
        }).collect();
        let mut turned = goods.clone();
        turned.rotate_left(turn.min(goods.len()));
        let terms = rfq_terms();
        let wish = Wish { buyer: BUYER, terms: &terms, today: "2026-01-05".parse().unwrap() };

        let found = rank(&wish, &goods, top);

        prop_assert_eq!(&found, &rank(&wish, &turned, top));
        prop_assert!(found.len() <= top);
        prop_assert!(found.is_sorted_by_key(|m| (Reverse(m.score), m.supplier)));
        prop_assert!(found.iter().all(|m| (1..=100).contains(&m.score) && !m.reasons.is_empty()));
    }
}
