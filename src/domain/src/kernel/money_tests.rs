use super::*;
use proptest::prelude::*;

const USD: Currency = Currency::USD;

#[test]
fn money_is_json_with_the_minor_amount_as_text() {
    let money = Money::new(123_456, USD);

    let json = serde_json::to_string(&money).unwrap();

    assert_eq!(json, r#"{"minor":"123456","currency":"USD"}"#);
    assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
}

#[test]
fn money_as_a_json_number_or_fraction_is_refused() {
    for json in [
        r#"{"minor":123456,"currency":"USD"}"#,
        r#"{"minor":"1.5","currency":"USD"}"#,
        r#"{"minor":"","currency":"USD"}"#,
        r#"{"minor":"1e3","currency":"USD"}"#,
        r#"{"minor":"1","currency":"XXX"}"#,
        r#"{"minor":"1","currency":"USD","x":1}"#,
        r#"{"minor":"9223372036854775808","currency":"USD"}"#,
    ] {
        assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
    }
}

#[test]
fn overflow_and_mixed_currencies_are_errors() {
    let max = Money::new(i64::MAX, USD);
    let one = Money::new(1, USD);

    assert_eq!(max.checked_add(one), Err(MoneyError::Overflow));
    assert_eq!(Money::new(i64::MIN, USD).checked_sub(one), Err(MoneyError::Overflow));
    assert_eq!(max.checked_mul(2), Err(MoneyError::Overflow));
    assert_eq!(Money::new(i64::MIN, USD).checked_neg(), Err(MoneyError::Overflow));
    assert_eq!(one.checked_add(Money::new(1, Currency::EUR)), Err(MoneyError::CurrencyMismatch));
    assert_eq!(Money::sum(USD, [one, one, one]), Ok(Money::new(3, USD)));
}

#[test]
fn money_reads_like_money() {
    assert_eq!(Money::new(123_456, USD).to_string(), "1234.56 USD");
    assert_eq!(Money::new(-5, USD).to_string(), "-0.05 USD");
    assert_eq!(Money::new(1_200, Currency::JPY).to_string(), "1200 JPY");
    assert_eq!(Money::new(1_200, Currency::parse("KWD").unwrap()).to_string(), "1.200 KWD");
}

#[test]
fn prices_and_quantities_are_decimal_text() {
    let price = UnitPrice::parse("0.0035", USD).unwrap();
    assert_eq!(price.micros, 3_500);
    assert_eq!(serde_json::to_string(&price).unwrap(), r#"{"price":"0.0035","currency":"USD"}"#);
    assert_eq!(serde_json::from_str::<UnitPrice>(r#"{"price":"0.0035","currency":"USD"}"#).unwrap(), price);
    assert!(UnitPrice::parse("0.0000001", USD).is_err());

    assert_eq!(Quantity::parse("12.5"), Ok(Quantity(12_500)));
    assert_eq!(serde_json::to_string(&Quantity(1_200_000)).unwrap(), r#""1200""#);
    assert_eq!(serde_json::from_str::<Quantity>(r#""12.5""#).unwrap(), Quantity(12_500));
    for bad in ["", ".", "1.", ".5", "1.2345", "+1", " 1", "1 ", "1e3", "--1", "９"] {
        assert!(Quantity::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_line_is_rounded_half_up_once() {
    let price = UnitPrice::parse("0.0035", USD).unwrap();
    assert_eq!(line_value(Quantity::parse("1200").unwrap(), price), Ok(Money::new(420, USD)));
    // 3 x 0.0035 = 0.0105 -> 0.01 ; 10 x 0.0035 = 0.035 -> 0.04 (half up)
    assert_eq!(line_value(Quantity::parse("3").unwrap(), price), Ok(Money::new(1, USD)));
    assert_eq!(line_value(Quantity::parse("10").unwrap(), price), Ok(Money::new(4, USD)));
    let yen = UnitPrice::parse("10.5", Currency::JPY).unwrap();
    assert_eq!(line_value(Quantity::parse("1").unwrap(), yen), Ok(Money::new(11, Currency::JPY)));
}

#[test]
fn a_line_refuses_negatives_and_overflow() {
    let huge = UnitPrice { micros: i64::MAX, currency: USD };
    assert_eq!(line_value(Quantity(i64::MAX), huge), Err(MoneyError::Overflow));
    assert_eq!(line_value(Quantity(-1), huge), Err(MoneyError::Negative));
}

proptest! {
    #[test]
    fn decimal_text_reads_back(value in any::<i64>(), scale in 0..7_u32) {
        prop_assume!(value != i64::MIN);
        prop_assert_eq!(parse_decimal(&decimal_text(value, scale, 0), scale), Ok(value));
        prop_assert_eq!(parse_decimal(&decimal_text(value, scale, scale), scale), Ok(value));
    }

    #[test]
    fn a_line_is_within_half_a_minor_unit(quantity in 0..10_000_000_000_i64, micros in 0..10_000_000_000_i64) {
        let value = line_value(Quantity(quantity), UnitPrice { micros, currency: USD });

        if let Ok(value) = value {
            let exact = i128::from(quantity) * i128::from(micros);
            let off = i128::from(value.minor) * 10_000_000 - exact;
            prop_assert!((-5_000_000..=5_000_000).contains(&off) && off != -5_000_000);
        }
    }

    #[test]
    fn addition_and_subtraction_undo_each_other(a in any::<i64>(), b in any::<i64>()) {
        let (a, b) = (Money::new(a, USD), Money::new(b, USD));
        if let Ok(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Ok(a));
        }
    }
}
