//! Reads what people wrote, field by field, and keeps every complaint with its pointer.

use crate::catalog::DraftIncoterm;
use crate::platform::problem::Refusal;
use crate::trade::AqlView;
use entrepot_domain::catalog::{Aql, Incoterm, IncotermCode, InspectionLevel, Measure};
use entrepot_domain::kernel::{BarePrice, Currency, Day, FieldError, Quantity};
use entrepot_domain::sourcing::SourcingRejection;
use std::str::FromStr;

/// Reads fields and keeps what is wrong with them.
#[derive(Default)]
pub struct Reader(pub Vec<FieldError>);

impl Reader {
    /// Keeps a complaint.
    pub fn wrong(&mut self, pointer: String, code: &str, detail: &str) {
        self.0.push(FieldError::new(pointer, code, detail));
    }

    /// Reads a quantity; nought where it cannot be read.
    pub fn quantity(&mut self, pointer: String, text: &str) -> Quantity {
        Quantity::parse(text.trim()).unwrap_or_else(|_| {
            self.wrong(pointer, "catalog.number", "a decimal number with at most three decimals");
            Quantity(0)
        })
    }

    /// Reads a price; nought where it cannot be read.
    pub fn price(&mut self, pointer: String, text: &str) -> BarePrice {
        BarePrice::parse(text.trim()).unwrap_or_else(|_| {
            self.wrong(pointer, "catalog.number", "a decimal number with at most six decimals");
            BarePrice(0)
        })
    }

    /// Reads a measured value; nought where it cannot be read.
    pub fn measure(&mut self, pointer: String, text: &str) -> Measure {
        Measure::parse(text.trim()).unwrap_or_else(|_| {
            self.wrong(pointer, "catalog.number", "a decimal number with at most six decimals");
            Measure(0)
        })
    }

    /// Reads an amount in minor units; nought where it cannot be read.
    pub fn minor(&mut self, pointer: &str, text: &str) -> i64 {
        text.trim().parse().unwrap_or_else(|_| {
            self.wrong(pointer.to_owned(), "catalog.number", "a whole number of minor units");
            0
        })
    }

    /// Reads a day.
    pub fn day(&mut self, pointer: &str, text: &str) -> Day {
        text.parse().unwrap_or_else(|_| {
            self.wrong(pointer.to_owned(), "sourcing.day", "a day is written YYYY-MM-DD");
            Day(0)
        })
    }

    /// Reads an identifier.
    pub fn id<T: FromStr + From<u128>>(&mut self, pointer: String, text: &str) -> T {
        text.parse().unwrap_or_else(|_| {
            self.wrong(pointer, "sourcing.id", "an identifier has 32 hexadecimal digits");
            T::from(0)
        })
    }

    /// Reads a currency.
    pub fn currency(&mut self, text: &str) -> Currency {
        Currency::parse(text).unwrap_or_else(|| {
            self.wrong("/currency".to_owned(), "catalog.currency", "the currency is a known ISO 4217 code");
            Currency::USD
        })
    }

    /// Reads a delivery term.
    pub fn incoterm(&mut self, draft: &DraftIncoterm) -> Incoterm {
        let code = IncotermCode::parse(&draft.code).unwrap_or_else(|| {
            let detail = "the delivery term is one of Incoterms 2020";
            self.wrong("/incoterm/code".to_owned(), "catalog.incoterm", detail);
            IncotermCode::Exw
        });
        Incoterm { code, place: draft.place.trim().to_owned() }
    }

    /// Takes what was found of a closed list, or complains.
    pub fn word<T>(&mut self, pointer: String, found: Option<T>, instead: T) -> T {
        found.unwrap_or_else(|| {
            self.wrong(pointer, "sourcing.word", "not one of the words this field knows");
            instead
        })
    }

    /// The value, unless something was wrong.
    pub fn done<T>(self, value: T, wrap: fn(Vec<FieldError>) -> SourcingRejection) -> Result<T, Refusal> {
        if self.0.is_empty() { Ok(value) } else { Err(wrap(self.0).into()) }
    }

    /// Reads how lots are sampled.
    pub fn aql(&mut self, draft: &AqlView) -> Aql {
        let level = InspectionLevel::ALL.into_iter().find(|level| level.as_str() == draft.level);
        Aql {
            level: self.word("/aql/level".to_owned(), level, InspectionLevel::Ii),
            critical: self.measure("/aql/critical".to_owned(), &draft.critical),
            major: self.measure("/aql/major".to_owned(), &draft.major),
            minor: self.measure("/aql/minor".to_owned(), &draft.minor),
        }
    }
}
