//! Looking at a listing before everybody sees it: what the market agreed to, and why a listing went back.
//!
//! Where a market reviews listings, what people read of goods is looked at once: titles, description, category, pictures,
//! properties, HS code, origin, unit, certificates and what it is a variant of. Prices, quantities, lead time, delivery term and
//! samples change without a look. Promises that what was looked at and taken from the market comes back without another look.

use serde::{Deserialize, Serialize};

use super::offer::ListingState;
use crate::kernel::{FieldError, MarketTime};

/// Longest note beside a return, in characters.
pub const REVIEW_NOTE_MAX: usize = 1_000;

/// Says why a listing was returned; used again and again, so that each company reads it in its own language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// Title or description do not say what the goods are.
    UnclearText,
    /// It stands in a category it does not belong to.
    WrongCategory,
    /// A picture shows other goods, or what must not be shown.
    Picture,
    /// A property, a code or a certificate is not credible.
    DoubtfulClaim,
    /// These goods must not be sold here.
    ForbiddenGoods,
    /// Contact data or payment around the platform.
    ContactData,
    /// Another reason, told in the note.
    Other,
}

impl ReturnReason {
    /// Lists the reasons.
    pub const ALL: [Self; 7] = [
        Self::UnclearText,
        Self::WrongCategory,
        Self::Picture,
        Self::DoubtfulClaim,
        Self::ForbiddenGoods,
        Self::ContactData,
        Self::Other,
    ];

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnclearText => "unclear_text",
            Self::WrongCategory => "wrong_category",
            Self::Picture => "picture",
            Self::DoubtfulClaim => "doubtful_claim",
            Self::ForbiddenGoods => "forbidden_goods",
            Self::ContactData => "contact_data",
            Self::Other => "other",
        }
    }
}

/// Is what a company reads of a listing that was returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Why, one reason at least.
    pub reasons: Vec<ReturnReason>,
    /// What the reviewer adds; demanded beside "other".
    pub note: String,
    /// Market time.
    pub at: MarketTime,
}

impl Returned {
    /// Lists everything wrong with it, each complaint pointing at its field.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut once = self.reasons.clone();
        once.sort_unstable();
        once.dedup();
        if self.reasons.is_empty() || once.len() != self.reasons.len() {
            errors.push(FieldError::new("/reasons", "catalog.return_reasons", "one reason at least, each once"));
        }
        let alone = self.reasons.contains(&ReturnReason::Other) && self.note.trim().is_empty();
        if alone || self.note.chars().count() > REVIEW_NOTE_MAX {
            let detail = "at most 1,000 characters; another reason is told here";
            errors.push(FieldError::new("/note", "catalog.return_note", detail));
        }
        errors
    }
}

/// Gives the state of a listing that its company wants in `wanted`: where the market reviews and has not `cleared` what people
/// read of it, it waits instead of being published.
#[must_use]
pub const fn reviewed_state(wanted: ListingState, reviews: bool, cleared: bool) -> ListingState {
    match wanted {
        ListingState::Published | ListingState::InReview if reviews && !cleared => ListingState::InReview,
        ListingState::Published | ListingState::InReview => ListingState::Published,
        ListingState::Draft | ListingState::Withdrawn => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_market_that_reviews_keeps_a_listing_waiting_and_only_until_it_was_looked_at() {
        use ListingState as S;
        for wanted in [S::Published, S::InReview] {
            assert_eq!(reviewed_state(wanted, true, false), S::InReview);
            assert_eq!(reviewed_state(wanted, true, true), S::Published);
            assert_eq!(reviewed_state(wanted, false, false), S::Published);
        }
        for kept in [S::Draft, S::Withdrawn] {
            assert_eq!(reviewed_state(kept, true, false), kept);
        }
    }

    #[test]
    fn a_return_has_a_reason_and_another_reason_a_note() {
        let of = |reasons: &[ReturnReason], note: &str| {
            let returned = Returned { reasons: reasons.to_vec(), note: note.into(), at: MarketTime(0) };
            returned.validate().into_iter().map(|error| error.pointer).collect::<Vec<_>>()
        };
        assert_eq!(of(&[ReturnReason::Picture], ""), Vec::<String>::new());
        assert_eq!(of(&[ReturnReason::Other], "Ask us."), Vec::<String>::new());
        assert_eq!(of(&[], ""), ["/reasons"]);
        assert_eq!(of(&[ReturnReason::Picture, ReturnReason::Picture], ""), ["/reasons"]);
        assert_eq!(of(&[ReturnReason::Other], " "), ["/note"]);
        assert_eq!(of(&[ReturnReason::Picture], &"x".repeat(REVIEW_NOTE_MAX + 1)), ["/note"]);
    }
}
