//! Money in minor units, prices in millionths of a major unit, quantities in thousandths.
//!
//! Promises checked arithmetic (MON-1) and one rounding per line, half up (MON-10, ruling 38). Refuses to add different
//! currencies, to overflow, and to read amounts from JSON numbers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::currency::Currency;

/// Says why an operation on money has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// The result does not fit in 64 bits.
    Overflow,
    /// Two currencies met in one sum.
    CurrencyMismatch,
    /// An amount that must not be negative was.
    Negative,
    /// A split was asked over no parts.
    NothingToSplitOver,
    /// The text is not a decimal number of the permitted precision.
    Malformed,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overflow => "the amount is too large",
            Self::CurrencyMismatch => "the currencies differ",
            Self::Negative => "the amount is negative",
            Self::NothingToSplitOver => "there is nothing to split the amount over",
            Self::Malformed => "not a decimal number of the permitted precision",
        })
    }
}

impl std::error::Error for MoneyError {}

/// Holds an amount in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Amount in minor units (cents for USD, yen for JPY).
    pub minor: i64,
    /// Currency of the amount.
    pub currency: Currency,
}

impl Money {
    /// Makes an amount from minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Makes the amount zero.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Adds two amounts of one currency; overflow and mixed currencies are errors.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Subtracts an amount of the same currency; overflow and mixed currencies are errors.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Multiplies by a whole number; overflow is an error.
    pub fn checked_mul(self, factor: i64) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(factor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Turns the sign; overflow (of the smallest number) is an error.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Adds up amounts of one currency; an empty sum is zero.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::CurrencyMismatch) }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        write!(f, "{} {}", decimal_text(self.minor, exponent, exponent), self.currency)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyText {
    minor: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        MoneyText { minor: self.minor.to_string(), currency: self.currency }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = MoneyText::deserialize(deserializer)?;
        let minor = parse_decimal(&text.minor, 0).map_err(D::Error::custom)?;
        Ok(Self { minor, currency: text.currency })
    }
}

/// Holds a price per unit in millionths of a major unit (screws cost 0.0035 USD, ruling 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitPrice {
    /// Price in 1e-6 major units.
    pub micros: i64,
    /// Currency of the price.
    pub currency: Currency,
}

impl UnitPrice {
    /// Reads a decimal number of major units with at most six decimals.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Ok(Self { micros: parse_decimal(text, 6)?, currency })
    }

    /// Writes the price as a decimal number without trailing zeros, such as `0.0035`.
    #[must_use]
    pub fn decimal(&self) -> String {
        decimal_text(self.micros, 6, 0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitPriceText {
    price: String,
    currency: Currency,
}

impl Serialize for UnitPrice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        UnitPriceText { price: self.decimal(), currency: self.currency }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UnitPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = UnitPriceText::deserialize(deserializer)?;
        Self::parse(&text.price, text.currency).map_err(D::Error::custom)
    }
}

/// Is a price per unit in millionths of a major unit, where the currency is known from the document around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BarePrice(pub i64);

impl BarePrice {
    /// Reads a decimal number of major units with at most six decimals.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 6).map(Self)
    }

    /// Attaches the currency.
    #[must_use]
    pub const fn in_currency(self, currency: Currency) -> UnitPrice {
        UnitPrice { micros: self.0, currency }
    }
}

impl Serialize for BarePrice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&decimal_text(self.0, 6, 0))
    }
}

impl<'de> Deserialize<'de> for BarePrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// Writes and reads an amount in minor units as JSON text, for fields whose currency stands elsewhere.
pub mod minor_text {
    use super::{Deserialize, Deserializer, Serializer, parse_decimal};
    use serde::de::Error as _;

    /// Writes the amount as text.
    pub fn serialize<S: Serializer>(minor: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(minor)
    }

    /// Reads the amount from text; numbers are refused.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        parse_decimal(&text, 0).map_err(D::Error::custom)
    }
}

/// Counts thousandths of a product's unit (fabric is sold by the metre, ruling 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(pub i64);

impl Quantity {
    /// Makes a quantity of whole units; overflow is an error.
    pub fn whole(units: i64) -> Result<Self, MoneyError> {
        units.checked_mul(1_000).map(Self).ok_or(MoneyError::Overflow)
    }

    /// Reads a decimal number of units with at most three decimals.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 3).map(Self)
    }

    /// Adds two quantities; overflow is an error.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyError::Overflow)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal_text(self.0, 3, 0))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// Values a line: quantity times unit price, rounded half up to the minor unit once (MON-10).
///
/// Negative input and overflow are errors.
pub fn line_value(quantity: Quantity, price: UnitPrice) -> Result<Money, MoneyError> {
    if quantity.0 < 0 || price.micros < 0 {
        return Err(MoneyError::Negative);
    }
    // 1e-3 units times 1e-6 major units leave 1e-9 major units; the minor unit is 1e-exponent.
    let decimals = 9_u32.saturating_sub(price.currency.exponent());
    // Nearly all lines fit 64 bits, where division is several times faster.
    let small = 10_i64.pow(decimals);
    if let Some(exact) = quantity.0.checked_mul(price.micros).and_then(|exact| exact.checked_add(small / 2)) {
        return Ok(Money::new(exact / small, price.currency));
    }
    let scale = i128::from(small);
    let exact = i128::from(quantity.0) * i128::from(price.micros);
    let minor = i64::try_from((exact + scale / 2) / scale).map_err(|_| MoneyError::Overflow)?;
    Ok(Money::new(minor, price.currency))
}

/// Reads `-?digits[.digits]` scaled by 10^`scale`; anything else, or more decimals, is malformed.
pub(crate) fn parse_decimal(text: &str, scale: u32) -> Result<i64, MoneyError> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let decimals = u32::try_from(fraction.len()).map_err(|_| MoneyError::Malformed)?;
    let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    let dot_without_digits = digits.contains('.') && fraction.is_empty();
    if whole.is_empty() || !all_digits || dot_without_digits || decimals > scale {
        return Err(MoneyError::Malformed);
    }
    let padding = scale.saturating_sub(decimals);
    let mut value = 0_i64;
    for byte in whole.bytes().chain(fraction.bytes()).chain((0..padding).map(|_| b'0')) {
        let digit = i64::from(byte - b'0');
        value = value.checked_mul(10).and_then(|v| v.checked_add(digit)).ok_or(MoneyError::Overflow)?;
    }
    if negative { value.checked_neg().ok_or(MoneyError::Overflow) } else { Ok(value) }
}

/// Writes `value / 10^scale` with at least `least` decimals and no further trailing zeros.
pub(crate) fn decimal_text(value: i64, scale: u32, least: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let power = 10_u64.pow(scale);
    let whole = value.unsigned_abs() / power;
    let fraction = value.unsigned_abs() % power;
    if scale == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(scale).unwrap_or(0);
    let least = usize::try_from(least).unwrap_or(0);
    let mut decimals = format!("{fraction:0width$}");
    while decimals.len() > least && decimals.ends_with('0') {
        decimals.pop();
    }
    if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
