//! How much a listing tells its reader, in points of a hundred, and what to add to tell more.
//!
//! The study this product grew from asks for pages that are more detailed and substantial; buyers compare by what is written down.
//! The points are this market's own rule: each is for something a buyer needs in order to decide without asking, and can be earned by
//! writing it. Refuses nothing: a thin listing may be sold from.

use super::Attribute;
use std::collections::BTreeMap;

/// What is looked at of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingFacts<'a> {
    /// Title in English.
    pub title: &'a str,
    /// Title in Chinese, empty when there is none.
    pub title_zh: &'a str,
    /// Text for buyers.
    pub description: &'a str,
    /// Number of pictures.
    pub pictures: usize,
    /// Properties by key.
    pub attributes: &'a BTreeMap<String, String>,
    /// What the category's template asks for; empty where there is none.
    pub template: &'static [Attribute],
    /// Digits of the HS code.
    pub hs_digits: usize,
    /// Quantity breaks of the ladder.
    pub breaks: usize,
}

macro_rules! advice {
    ($($(#[$doc:meta])* $name:ident = $text:literal at $pointer:literal),* $(,)?) => {
        /// Is one thing to add.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AdviceKind {
            $($(#[$doc])* $name,)*
        }

        impl AdviceKind {
            /// Lists every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the snake_case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Points at the field it is about.
            #[must_use]
            pub const fn pointer(self) -> &'static str {
                match self { $(Self::$name => $pointer,)* }
            }
        }
    };
}

advice! {
    /// The title is shorter than 30 characters.
    LongerTitle = "longer_title" at "/title",
    /// No measure or number in the title.
    MeasureInTitle = "measure_in_title" at "/title",
    /// No Chinese title.
    ChineseTitle = "chinese_title" at "/title_zh",
    /// The description is shorter than 200 characters.
    LongerDescription = "longer_description" at "/description",
    /// Fewer than three pictures.
    MorePictures = "more_pictures" at "/pictures",
    /// Fewer than five properties, where the category has no template.
    MoreAttributes = "more_attributes" at "/attributes",
    /// A property of the category's template is missing.
    FillAttribute = "fill_attribute" at "/attributes",
    /// The HS code has fewer than eight digits, too few for a tariff.
    LongerHsCode = "longer_hs_code" at "/hs_code",
    /// Fewer than three quantity breaks.
    MoreBreaks = "more_breaks" at "/ladder",
}

/// One thing to add, and the points it brings at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// What to add.
    pub kind: AdviceKind,
    /// Points missing for want of it.
    pub gain: u8,
    /// The property to fill in, where it is one.
    pub attribute: Option<&'static str>,
}

/// Points of a hundred and what is missing, the most gainful first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingQuality {
    /// 0 to 100.
    pub score: u8,
    /// What to add; empty at 100.
    pub advice: Vec<Advice>,
    /// Whether everything is stated that the category's template asks of a full listing.
    pub full: bool,
}

/// Gives the points for an amount: all from `full` on, some from `half` on, else none.
const fn earned(amount: usize, half: usize, full: usize, some: u8, all: u8) -> u8 {
    if amount >= full {
        all
    } else if amount >= half {
        some
    } else {
        0
    }
}

/// Points for properties.
const ATTRIBUTE_POINTS: u8 = 15;

fn states(facts: &ListingFacts<'_>, attribute: &Attribute) -> bool {
    facts.attributes.get(&attribute.key).is_some_and(|value| !value.trim().is_empty())
}

/// The points for the template's properties, those of a full listing counting twice, and one advice for each that is missing.
/// Following one advice alone brings its gain.
fn template_points(facts: &ListingFacts<'_>) -> (u8, Vec<Advice>) {
    let sum = |wanted: &dyn Fn(&Attribute) -> bool| {
        facts.template.iter().filter(|a| wanted(a)).map(|a| u16::from(a.weight())).fold(0, u16::saturating_add)
    };
    let (whole, filled) = (sum(&|_| true).max(1), sum(&|a| states(facts, a)));
    let points = |filled: u16| {
        u8::try_from(filled.saturating_mul(u16::from(ATTRIBUTE_POINTS)) / whole).unwrap_or(ATTRIBUTE_POINTS)
    };
    let got = points(filled);
    let missing = facts.template.iter().filter(|a| !states(facts, a));
    let advice = missing.map(|attribute| Advice {
        kind: AdviceKind::FillAttribute,
        gain: points(filled.saturating_add(u16::from(attribute.weight()))).saturating_sub(got),
        attribute: Some(attribute.key.as_str()),
    });
    (got, advice.collect())
}

/// Judges a listing.
///
/// Lengths count characters without the spaces around them: a Chinese description of 200 characters says more than an English one,
/// and is not asked to say less.
#[must_use]
pub fn listing_quality(facts: &ListingFacts<'_>) -> ListingQuality {
    use AdviceKind as K;
    let length = |text: &str| text.trim().chars().count();
    let has_number = facts.title.chars().any(|c| c.is_ascii_digit());
    let mut points = vec![
        (K::LongerTitle, earned(length(facts.title), 15, 30, 8, 15), 15),
        (K::MeasureInTitle, if has_number { 5 } else { 0 }, 5),
        (K::ChineseTitle, if length(facts.title_zh) > 0 { 10 } else { 0 }, 10),
        (K::LongerDescription, earned(length(facts.description), 80, 200, 8, 15), 15),
        (K::MorePictures, earned(facts.pictures, 1, 3, 12, 20), 20),
        (K::LongerHsCode, earned(facts.hs_digits, 6, 8, 6, 10), 10),
        (K::MoreBreaks, earned(facts.breaks, 2, 3, 5, 10), 10),
    ];
    let (filled, mut advice) = template_points(facts);
    if facts.template.is_empty() {
        points.push((K::MoreAttributes, earned(facts.attributes.len(), 2, 5, 8, ATTRIBUTE_POINTS), ATTRIBUTE_POINTS));
    }
    let score = points.iter().fold(filled, |sum, (_, got, _)| sum.saturating_add(*got));
    let missing = points.iter().filter(|(_, got, whole)| got < whole);
    let others = missing.map(|(kind, got, whole)| Advice {
        kind: *kind,
        gain: u8::saturating_sub(*whole, *got),
        attribute: None,
    });
    advice.extend(others);
    advice.sort_by_key(|advice| (std::cmp::Reverse(advice.gain), advice.kind));
    let full = facts.template.iter().all(|attribute| !attribute.required || states(facts, attribute));
    ListingQuality { score, advice, full }
}

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
