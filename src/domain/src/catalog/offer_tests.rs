use super::super::product::tests::screws;
use super::*;
use proptest::prelude::*;

#[test]
fn what_was_published_never_becomes_a_draft_again() {
    use ListingState as S;
    let allowed: Vec<_> = S::ALL
        .iter()
        .flat_map(|from| S::ALL.iter().filter(|to| from.may_become(**to)).map(|to| (*from, *to)))
        .collect();
    assert_eq!(
        allowed,
        [
            (S::Draft, S::Draft),
            (S::Draft, S::InReview),
            (S::Draft, S::Published),
            (S::InReview, S::Draft),
            (S::InReview, S::InReview),
            (S::InReview, S::Published),
            (S::InReview, S::Withdrawn),
            (S::Published, S::InReview),
            (S::Published, S::Published),
            (S::Published, S::Withdrawn),
            (S::Withdrawn, S::InReview),
            (S::Withdrawn, S::Published),
            (S::Withdrawn, S::Withdrawn),
        ]
    );
    assert!(S::ALL.iter().all(|state| S::parse(state.as_str()) == Some(*state)));
    assert_eq!(S::parse("deleted"), None);
}

#[test]
fn a_certificate_holds_through_its_last_day() {
    let until = |day: Option<Day>| Certificate {
        kind: "CE".into(),
        number: "1".into(),
        issuer: "TÜV".into(),
        valid_until: day,
    };
    let last: Day = "2026-03-31".parse().unwrap();
    assert!(until(Some(last)).holds_on(last));
    assert!(!until(Some(last)).holds_on(last.plus(1)));
    assert!(until(None).holds_on(last.plus(40_000)));
}

#[test]
fn each_fault_is_blamed_on_its_field() {
    let sample = Sample { unit_price: BarePrice(-1), max_quantity: 0, lead_days: 366 };
    let at: Vec<String> = sample.validate().into_iter().map(|e| e.pointer).collect();
    assert_eq!(at, ["/sample/unit_price", "/sample/max_quantity", "/sample/lead_days"]);
    let free = Sample { unit_price: BarePrice(0), max_quantity: 1, lead_days: 0 };
    assert_eq!(free.validate(), []);
    let nameless = Certificate { kind: " ".into(), number: "x".repeat(61), issuer: String::new(), valid_until: None };
    assert_eq!(nameless.validate(2).len(), 3);
    assert_eq!(nameless.validate(2)[0].pointer, "/certificates/2/kind");
    let options = |n: usize| (0..n).map(|n| (format!("o{n}"), "x".to_owned())).collect::<BTreeMap<_, _>>();
    for (n, faults) in [(0, 1), (1, 0), (3, 0), (4, 1)] {
        assert_eq!(Family { key: "F".into(), options: options(n) }.validate().len(), faults, "{n}");
    }
}

#[test]
fn prices_change_by_the_share_and_are_rounded_half_up() {
    let product = screws();
    let prices =
        |bps: i64| product.repriced(bps).map(|p| p.ladder.iter().map(|row| row.unit_price.0).collect::<Vec<_>>());
    assert_eq!(prices(0).unwrap(), [3_500, 3_000, 2_500]);
    assert_eq!(prices(1_000).unwrap(), [3_900, 3_300, 2_800]);
    assert_eq!(prices(-5_000).unwrap(), [1_800, 1_500, 1_300]);
    for bps in [-9_001, 100_001] {
        assert_eq!(prices(bps).unwrap_err().code, "product.price");
    }
    let mut cheap = screws();
    cheap.ladder[2].unit_price = BarePrice(100);
    assert_eq!(cheap.repriced(-6_000).unwrap_err().code, "product.price");
}

proptest! {
    #[test]
    fn a_repriced_ladder_is_still_sound(a in 1_000..1_000_000_000_i64, b in 1_000..1_000_000_000_i64, bps in -8_000..100_000_i64) {
        let mut product = screws();
        product.ladder.truncate(2);
        (product.ladder[0].unit_price, product.ladder[1].unit_price) = (BarePrice(a.max(b)), BarePrice(a.min(b)));
        let repriced = product.repriced(bps).unwrap();
        prop_assert_eq!(repriced.validate(), []);
        let exact = i128::from(a.max(b)) * i128::from(10_000 + bps) / 10_000;
        prop_assert!((i128::from(repriced.ladder[0].unit_price.0) - exact).abs() <= 50);
    }
}
