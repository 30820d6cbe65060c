//! Eras and capabilities: what a market can do.
//!
//! Promises that an era is nothing but a preset: each capability can be switched alone on top of it. Refuses unknown
//! names. Each era contains the ones before it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Names an age of the platform; later ages contain earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Era {
    /// 1.0: display of information; deals are made off the platform.
    #[serde(rename = "1.0")]
    Information,
    /// 2.0: transactions with escrow and guarantee.
    #[serde(rename = "2.0")]
    Transaction,
    /// 3.0: accumulated data becomes credit.
    #[serde(rename = "3.0")]
    Data,
}

impl Era {
    /// Lists the eras in order.
    pub const ALL: [Self; 3] = [Self::Information, Self::Transaction, Self::Data];

    /// Gives `1.0`, `2.0` or `3.0`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "1.0",
            Self::Transaction => "2.0",
            Self::Data => "3.0",
        }
    }

    /// Finds an era by its number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|era| era.as_str() == text)
    }
}

impl fmt::Display for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $text:literal @ $era:ident),* $(,)?) => {
        /// Is one thing a market can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Capability {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Capability {
            /// Lists every capability, era by era.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the snake_case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        /// Gives the era that brings a capability.
        #[must_use]
        pub const fn brings(capability: Capability) -> Era {
            match capability { $(Capability::$name => Era::$era,)* }
        }
    };
}

capabilities! {
    /// Pages of companies.
    CompanyPages = "company_pages" @ Information,
    /// Proofs of companies: licences, certificates, visits.
    CompanyProofs = "company_proofs" @ Information,
    /// Product listings.
    Listings = "listings" @ Information,
    /// Search over products and companies.
    Search = "search" @ Information,
    /// Inquiries to one supplier.
    Inquiry = "inquiry" @ Information,
    /// Requests for quotation to many suppliers.
    Rfq = "rfq" @ Information,
    /// Quotations.
    Quotes = "quotes" @ Information,
    /// Side-by-side comparison.
    Comparison = "comparison" @ Information,
    /// Exchange of contact details.
    ContactExchange = "contact_exchange" @ Information,
    /// Records of deals made off the platform.
    OffPlatformDeals = "off_platform_deals" @ Information,
    /// Contracts and proforma invoices.
    Contract = "contract" @ Transaction,
    /// Wallets.
    Wallet = "wallet" @ Transaction,
    /// Escrow.
    Escrow = "escrow" @ Transaction,
    /// Payment stages.
    Stages = "stages" @ Transaction,
    /// Shipments and tracking.
    Shipments = "shipments" @ Transaction,
    /// Inspection before dispatch.
    Inspection = "inspection" @ Transaction,
    /// The trade guarantee.
    Guarantee = "guarantee" @ Transaction,
    /// Disputes.
    Dispute = "dispute" @ Transaction,
    /// Platform fees.
    Fees = "fees" @ Transaction,
    /// Reviews.
    Reviews = "reviews" @ Transaction,
    /// Approval rules inside companies.
    CompanyControls = "company_controls" @ Transaction,
    /// Payment on net terms.
    NetTerms = "net_terms" @ Transaction,
    /// Accumulation of order data.
    OrderData = "order_data" @ Transaction,
    /// Scores and grades.
    Scores = "scores" @ Data,
    /// Computed limits.
    Limits = "limits" @ Data,
    /// Trade finance.
    TradeFinance = "trade_finance" @ Data,
    /// Ranking by record.
    RankingByRecord = "ranking_by_record" @ Data,
    /// Recommendations.
    Recommendations = "recommendations" @ Data,
    /// Customer segments.
    Segments = "segments" @ Data,
    /// Market analysis.
    MarketAnalysis = "market_analysis" @ Data,
    /// Customs declaration in one stop.
    Customs = "customs" @ Data,
    /// Export tax rebate and its advance.
    RebateAdvance = "rebate_advance" @ Data,
    /// Settlement of foreign exchange.
    ForeignExchange = "foreign_exchange" @ Data,
    /// Freight booking.
    Freight = "freight" @ Data,
    /// A look of the market at each listing before everybody sees it. No era switches it on.
    ListingReview = "listing_review" @ Information,
}

impl Capability {
    /// Says whether no era switches it on: who leads the market does, and it stays when the era changes.
    #[must_use]
    pub const fn is_option(self) -> bool {
        matches!(self, Self::ListingReview)
    }

    /// Finds a capability by its snake_case name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|capability| capability.as_str() == name)
    }

    fn bit(self) -> u64 {
        // The discriminant counts the variants from 0 in declaration order; there are fewer than 64.
        1_u64 << (self as u64)
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Is a set of capabilities.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Capabilities(u64);

impl Capabilities {
    /// Says whether the capability is on.
    #[must_use]
    pub fn has(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// Switches one capability, leaving the others.
    #[must_use]
    pub fn with(self, capability: Capability, on: bool) -> Self {
        if on { Self(self.0 | capability.bit()) } else { Self(self.0 & !capability.bit()) }
    }

    /// Gives the set of `preset` with the options that are on here.
    #[must_use]
    pub fn carried_into(self, preset: Self) -> Self {
        self.iter().filter(|capability| capability.is_option()).fold(preset, |set, option| set.with(option, true))
    }

    /// Lists what is on.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.iter().copied().filter(move |capability| self.has(*capability))
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Capability::as_str)).finish()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        capabilities.into_iter().fold(Self::default(), |set, capability| set.with(capability, true))
    }
}

impl Serialize for Capabilities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        let parse = |name: &String| {
            Capability::parse(name).ok_or_else(|| D::Error::custom(format!("unknown capability {name:?}")))
        };
        names.iter().map(parse).collect()
    }
}

/// Gives the preset of an era: all it brings and all earlier eras brought, without options.
#[must_use]
pub fn era_capabilities(era: Era) -> Capabilities {
    Capability::ALL.iter().copied().filter(|capability| brings(*capability) <= era && !capability.is_option()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_era_contains_the_one_before() {
        for pair in Era::ALL.windows(2) {
            let (earlier, later) = (era_capabilities(pair[0]), era_capabilities(pair[1]));
            assert!(earlier.iter().all(|capability| later.has(capability)));
            assert!(later.iter().count() > earlier.iter().count());
        }
        let options = Capability::ALL.iter().filter(|capability| capability.is_option()).count();
        assert_eq!(era_capabilities(Era::Data).iter().count(), Capability::ALL.len() - options);
    }

    #[test]
    fn escrow_comes_with_transactions_and_scores_with_data() {
        assert_eq!(brings(Capability::Escrow), Era::Transaction);
        assert_eq!(brings(Capability::Scores), Era::Data);
        assert!(!era_capabilities(Era::Information).has(Capability::Escrow));
    }

    #[test]
    fn one_capability_can_be_switched_alone() {
        let set = era_capabilities(Era::Information).with(Capability::Escrow, true).with(Capability::Search, false);

        assert!(set.has(Capability::Escrow) && !set.has(Capability::Search) && set.has(Capability::Listings));
    }

    #[test]
    fn an_option_is_off_in_every_era_and_stays_when_the_era_changes() {
        for era in Era::ALL {
            assert!(!era_capabilities(era).has(Capability::ListingReview));
            let on = era_capabilities(Era::Information).with(Capability::ListingReview, true);
            assert!(on.carried_into(era_capabilities(era)).has(Capability::ListingReview));
        }
        let set = era_capabilities(Era::Data).carried_into(era_capabilities(Era::Information));
        assert_eq!(set, era_capabilities(Era::Information), "nothing else is carried over");
    }

    #[test]
    fn names_are_unique_snake_case_and_read_back() {
        assert!(Capability::ALL.len() < 64);
        for capability in Capability::ALL {
            let name = capability.as_str();
            assert_eq!(Capability::parse(name), Some(*capability));
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
            assert_eq!(serde_json::to_string(capability).unwrap(), format!("\"{name}\""));
        }
        let set = era_capabilities(Era::Transaction);
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(serde_json::from_str::<Capabilities>(&json).unwrap(), set);
        assert_eq!(serde_json::to_string(&Era::Data).unwrap(), "\"3.0\"");
        assert_eq!(Era::parse("2.0"), Some(Era::Transaction));
    }
}
