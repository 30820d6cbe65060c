//! Identifiers: 128-bit numbers, one type per thing named, written as 32 lowercase hexadecimal characters.
//!
//! Promises that text and number forms round-trip. Refuses any other spelling (upper case, dashes, other lengths).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Says that a text is not an id: ids are exactly 32 lowercase hexadecimal characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseIdError;

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 32 lowercase hexadecimal characters")
    }
}

impl std::error::Error for ParseIdError {}

fn parse_hex(text: &str) -> Result<u128, ParseIdError> {
    let well_formed = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !well_formed {
        return Err(ParseIdError);
    }
    u128::from_str_radix(text, 16).map_err(|_| ParseIdError)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u128);

        impl From<u128> for $name {
            fn from(raw: u128) -> Self {
                Self(raw)
            }
        }

        impl From<$name> for u128 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:032x})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse_hex(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

ids! {
    /// Names a market: tenant, stage and shard.
    MarketId,
    /// Names a company, buyer or seller or both.
    CompanyId,
    /// Names a person who signs in.
    UserId,
    /// Names an order.
    OrderId,
    /// Names a listed product.
    ProductId,
    /// Names a request for quotation.
    RfqId,
    /// Names a supplier's quote.
    QuoteId,
    /// Names one accepted command in the log.
    EventId,
    /// Names one message in a negotiation room.
    MessageId,
    /// Names one stored file.
    FileId,
    /// Names one claim of a company.
    ProofId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_as_32_hex_characters_and_read_back() {
        let id = OrderId(0xab);

        let text = id.to_string();

        assert_eq!(text, "000000000000000000000000000000ab");
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<OrderId>(&format!("\"{text}\"")).unwrap(), id);
    }

    #[test]
    fn other_spellings_of_an_id_are_refused() {
        for text in [
            "",
            "ab",
            "000000000000000000000000000000AB",
            "+00000000000000000000000000000ab",
            "0x0000000000000000000000000000ab",
        ] {
            assert_eq!(text.parse::<OrderId>(), Err(ParseIdError), "{text}");
        }
        assert!(serde_json::from_str::<OrderId>("12").is_err());
    }

    #[test]
    fn raw_numbers_convert_both_ways() {
        assert_eq!(u128::from(CompanyId::from(7)), 7);
        assert_eq!(format!("{:?}", UserId(1)), "UserId(00000000000000000000000000000001)");
    }
}
