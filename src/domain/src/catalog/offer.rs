//! What a listing says beside product and price: its state, samples, certificates, and the family it is a variant of.
//!
//! Promises that only published listings are found, ordered, asked about and quoted, and that what was published once never
//! becomes a draft again: somebody may hold a link to it. Refuses samples without price or number, certificates without a name,
//! and variants without an option.

use super::Product;
use crate::kernel::{BarePrice, Day, FieldError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most samples one buyer may be offered of one product.
const SAMPLES_MAX: i64 = 1_000;
/// Longest time until a sample is ready, in days.
const SAMPLE_DAYS_MAX: i64 = 365;
/// Most certificates of one listing.
pub const CERTIFICATES_MAX: usize = 10;
/// Most options of a variant.
const OPTIONS_MAX: usize = 3;
/// Longest name of a family, an option or its value, in characters.
const OPTION_CHARS_MAX: usize = 40;
/// Bounds of a change of prices in basis points: from a tenth of the price to eleven times of it.
const REPRICE_BPS: std::ops::RangeInclusive<i64> = -9_000..=100_000;

/// Says who sees a listing and whether business may be done on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListingState {
    /// Seen by its company only.
    Draft,
    /// Seen by its company and by those who lead the market, who look at it before everybody does.
    InReview,
    /// Found, ordered, asked about and quoted.
    #[default]
    Published,
    /// Taken from the market; its page says so to who has a link.
    Withdrawn,
}

impl ListingState {
    /// Lists the states.
    pub const ALL: [Self; 4] = [Self::Draft, Self::InReview, Self::Published, Self::Withdrawn];

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Finds a state by its name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Says whether only its company and those who oversee the market see it.
    #[must_use]
    pub const fn is_inside(self) -> bool {
        matches!(self, Self::Draft | Self::InReview)
    }

    /// Says whether a listing in this state may be put into `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Draft, Self::Withdrawn) => false,
            (_, Self::Draft) => matches!(self, Self::Draft | Self::InReview),
            (_, Self::InReview | Self::Published | Self::Withdrawn) => true,
        }
    }
}

/// Says what a sample costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Price of one sample in the product's currency; nought for a free one.
    pub unit_price: BarePrice,
    /// Most samples a buyer may ask for.
    pub max_quantity: i64,
    /// Days until it is ready.
    pub lead_days: i64,
}

impl Sample {
    /// Lists what is wrong with it.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let checks = [
            (self.unit_price.0 < 0, "/sample/unit_price", "a sample's price is not negative"),
            (!(1..=SAMPLES_MAX).contains(&self.max_quantity), "/sample/max_quantity", "1 to 1,000 samples"),
            (
                !(0..=SAMPLE_DAYS_MAX).contains(&self.lead_days),
                "/sample/lead_days",
                "a sample is ready in 0 to 365 days",
            ),
        ];
        let wrong = checks.into_iter().filter(|check| check.0);
        wrong.map(|(_, at, detail)| FieldError::new(at, "catalog.sample", detail)).collect()
    }
}

/// Names a certificate of the goods, as the supplier states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// What it certifies, such as `CE` or `OEKO-TEX 100`.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Last day it is valid, in the market's time zone; none where it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
}

impl Certificate {
    /// Says whether it still holds on the market's day `today`.
    #[must_use]
    pub fn holds_on(&self, today: Day) -> bool {
        self.valid_until.is_none_or(|last| today <= last)
    }

    /// Lists what is wrong with the certificate at `place`.
    #[must_use]
    pub fn validate(&self, place: usize) -> Vec<FieldError> {
        let checks = [
            (bad(&self.kind, 60), "kind", "its kind has 1 to 60 characters"),
            (bad(&self.number, 60), "number", "its number has 1 to 60 characters"),
            (bad(&self.issuer, 120), "issuer", "its issuer has 1 to 120 characters"),
        ];
        let wrong = checks.into_iter().filter(|check| check.0);
        let at = |field: &str| format!("/certificates/{place}/{field}");
        wrong.map(|(_, field, detail)| FieldError::new(at(field), "catalog.certificate", detail)).collect()
    }
}

/// Makes a listing one of several variants: siblings of one company share the key and differ in their options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// The supplier's word for the family, the same in every variant.
    pub key: String,
    /// What this variant is, by option, such as `colour` → `blue`.
    pub options: BTreeMap<String, String>,
}

impl Family {
    /// Lists what is wrong with it.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if bad(&self.key, OPTION_CHARS_MAX) {
            errors.push(FieldError::new("/family/key", "catalog.family", "a family's key has 1 to 40 characters"));
        }
        let said =
            self.options.iter().all(|(name, value)| !bad(name, OPTION_CHARS_MAX) && !bad(value, OPTION_CHARS_MAX));
        if self.options.is_empty() || self.options.len() > OPTIONS_MAX || !said {
            let detail = "a variant has 1 to 3 options of 1 to 40 characters";
            errors.push(FieldError::new("/family/options", "catalog.family", detail));
        }
        errors
    }
}

fn bad(text: &str, max: usize) -> bool {
    text.trim().is_empty() || text.chars().count() > max
}

impl Product {
    /// Changes all prices by `bps` basis points, each rounded half up to a ten-thousandth of the currency's unit.
    ///
    /// Errors: a change out of bounds, or one that leaves nothing of a price.
    pub fn repriced(&self, bps: i64) -> Result<Self, FieldError> {
        let refuse = |detail: &str| FieldError::new("/ladder", "product.price", detail);
        if !REPRICE_BPS.contains(&bps) {
            return Err(refuse("prices change by -90 to +1000 per cent"));
        }
        let mut product = self.clone();
        for row in &mut product.ladder {
            // Micros times ten thousandths, down to hundreds of micros.
            let exact = i128::from(row.unit_price.0) * i128::from(10_000_i64.saturating_add(bps));
            let hundreds = (exact + 500_000) / 1_000_000;
            row.unit_price =
                i64::try_from(hundreds * 100).map(BarePrice).map_err(|_| refuse("the price is too large"))?;
            if row.unit_price.0 <= 0 {
                return Err(refuse("nothing would be left of a price"));
            }
        }
        Ok(product)
    }
}

#[cfg(test)]
#[path = "offer_tests.rs"]
mod tests;
