//! Currencies and how many decimals each has.
//!
//! Promises that every value of [`Currency`] is in the table of ISO 4217 codes below, so its exponent is known
//! (MON-1: including currencies with 0 and 3 decimals). Refuses unknown codes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Names a currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// ISO 4217 codes with their exponent (digits after the decimal point).
const KNOWN: &[(&str, u32)] = &[
    ("AED", 2),
    ("AUD", 2),
    ("BDT", 2),
    ("BHD", 3),
    ("BRL", 2),
    ("CAD", 2),
    ("CHF", 2),
    ("CLP", 0),
    ("CNY", 2),
    ("COP", 2),
    ("CZK", 2),
    ("DKK", 2),
    ("EGP", 2),
    ("EUR", 2),
    ("GBP", 2),
    ("HKD", 2),
    ("HUF", 2),
    ("IDR", 2),
    ("ILS", 2),
    ("INR", 2),
    ("JOD", 3),
    ("JPY", 0),
    ("KES", 2),
    ("KRW", 0),
    ("KWD", 3),
    ("MXN", 2),
    ("MYR", 2),
    ("NGN", 2),
    ("NOK", 2),
    ("NZD", 2),
    ("OMR", 3),
    ("PEN", 2),
    ("PHP", 2),
    ("PKR", 2),
    ("PLN", 2),
    ("RON", 2),
    ("SAR", 2),
    ("SEK", 2),
    ("SGD", 2),
    ("THB", 2),
    ("TND", 3),
    ("TRY", 2),
    ("TWD", 2),
    ("USD", 2),
    ("VND", 0),
    ("ZAR", 2),
];

impl Currency {
    /// The US dollar.
    pub const USD: Self = Self(*b"USD");
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The Chinese yuan renminbi.
    pub const CNY: Self = Self(*b"CNY");
    /// The Japanese yen (no decimals).
    pub const JPY: Self = Self(*b"JPY");

    /// Reads an ISO 4217 code in upper case; `None` when it is not in the table.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        KNOWN.iter().find(|(known, _)| *known == code)?;
        Some(Self(code.as_bytes().try_into().ok()?))
    }

    /// Gives the three-letter code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Gives the number of decimals of the minor unit (USD 2, JPY 0, KWD 3).
    #[must_use]
    pub fn exponent(&self) -> u32 {
        if matches!(*self, Self::USD | Self::EUR | Self::CNY) {
            return 2;
        }
        KNOWN.iter().find(|(known, _)| known.as_bytes() == self.0).map_or(2, |(_, exponent)| *exponent)
    }

    /// Lists every known currency in alphabetical order.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().filter_map(|(code, _)| Self::parse(code))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("unknown currency {text:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_currencies_carry_their_iso_exponent() {
        for (code, exponent) in [("USD", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("KWD", 3), ("CNY", 2)] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!((currency.code(), currency.exponent()), (code, exponent));
        }
    }

    #[test]
    fn unknown_codes_are_refused() {
        for code in ["usd", "US", "USDX", "", "XXX"] {
            assert_eq!(Currency::parse(code), None);
        }
        assert!(serde_json::from_str::<Currency>("\"XXX\"").is_err());
    }

    #[test]
    fn the_table_is_sorted_and_free_of_duplicates() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(Currency::all().count(), KNOWN.len());
    }
}
