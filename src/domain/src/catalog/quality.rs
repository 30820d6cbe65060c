//! How much a listing tells its reader, in points of a hundred, and what to add to tell more.
//!
//! The study this product grew from asks for pages that are more detailed and substantial; buyers compare by what is written down.
//! The points are this market's own rule: each is for something a buyer needs in order to decide without asking, and can be earned by
//! writing it. Refuses nothing: a thin listing may be sold from.

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
    /// Number of properties.
    pub attributes: usize,
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
    /// Fewer than five properties.
    MoreAttributes = "more_attributes" at "/attributes",
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
}

/// Points of a hundred and what is missing, the most gainful first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingQuality {
    /// 0 to 100.
    pub score: u8,
    /// What to add; empty at 100.
    pub advice: Vec<Advice>,
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

/// Judges a listing.
///
/// Lengths count characters without the spaces around them: a Chinese description of 200 characters says more than an English one,
/// and is not asked to say less.
#[must_use]
pub fn listing_quality(facts: &ListingFacts<'_>) -> ListingQuality {
    use AdviceKind as K;
    let length = |text: &str| text.trim().chars().count();
    let has_number = facts.title.chars().any(|c| c.is_ascii_digit());
    let points: [(K, u8, u8); 8] = [
        (K::LongerTitle, earned(length(facts.title), 15, 30, 8, 15), 15),
        (K::MeasureInTitle, if has_number { 5 } else { 0 }, 5),
        (K::ChineseTitle, if length(facts.title_zh) > 0 { 10 } else { 0 }, 10),
        (K::LongerDescription, earned(length(facts.description), 80, 200, 8, 15), 15),
        (K::MorePictures, earned(facts.pictures, 1, 3, 12, 20), 20),
        (K::MoreAttributes, earned(facts.attributes, 2, 5, 8, 15), 15),
        (K::LongerHsCode, earned(facts.hs_digits, 6, 8, 6, 10), 10),
        (K::MoreBreaks, earned(facts.breaks, 2, 3, 5, 10), 10),
    ];
    let score = points.iter().fold(0_u8, |sum, (_, got, _)| sum.saturating_add(*got));
    let missing = points.iter().filter(|(_, got, whole)| got < whole);
    let mut advice: Vec<Advice> =
        missing.map(|(kind, got, whole)| Advice { kind: *kind, gain: whole.saturating_sub(*got) }).collect();
    advice.sort_by_key(|advice| (std::cmp::Reverse(advice.gain), advice.kind));
    ListingQuality { score, advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: ListingFacts<'_> = ListingFacts {
        title: "Hex head bolt M8 x 40, zinc plated, 8.8",
        title_zh: "六角螺栓",
        description: "",
        pictures: 3,
        attributes: 5,
        hs_digits: 10,
        breaks: 3,
    };

    #[test]
    fn a_whole_listing_has_a_hundred_points_and_no_advice() {
        let long = "x".repeat(200);
        let quality = listing_quality(&ListingFacts { description: &long, ..WHOLE });
        assert_eq!(quality, ListingQuality { score: 100, advice: Vec::new() });
    }

    #[test]
    fn an_empty_listing_is_told_everything_the_most_gainful_first() {
        let facts = ListingFacts {
            title: "",
            title_zh: " ",
            description: "",
            pictures: 0,
            attributes: 0,
            hs_digits: 0,
            breaks: 0,
        };
        let quality = listing_quality(&facts);
        assert_eq!(quality.score, 0);
        let kinds: Vec<_> = quality.advice.iter().map(|a| a.kind).collect();
        assert_eq!(kinds.first(), Some(&AdviceKind::MorePictures));
        assert_eq!(kinds.len(), AdviceKind::ALL.len());
        assert_eq!(quality.advice.iter().map(|a| u32::from(a.gain)).sum::<u32>(), 100);
    }

    #[test]
    fn each_step_earns_what_it_says() {
        let score = |facts: ListingFacts<'_>| listing_quality(&facts).score;
        let base = score(WHOLE);
        assert_eq!(base, 85);
        for (facts, wanted) in [
            (ListingFacts { title: "Hex head bolt M8", ..WHOLE }, base - 7),
            (ListingFacts { title: "Bolt 8", ..WHOLE }, base - 15),
            (ListingFacts { title: "Hexagon head bolt of plated steel", ..WHOLE }, base - 5),
            (ListingFacts { title_zh: "", ..WHOLE }, base - 10),
            (ListingFacts { pictures: 1, ..WHOLE }, base - 8),
            (ListingFacts { attributes: 2, ..WHOLE }, base - 7),
            (ListingFacts { hs_digits: 6, ..WHOLE }, base - 4),
            (ListingFacts { breaks: 1, ..WHOLE }, base - 10),
            (ListingFacts { pictures: 500, attributes: 500, breaks: 500, ..WHOLE }, base),
        ] {
            assert_eq!(score(facts), wanted, "{facts:?}");
        }
    }

    #[test]
    fn following_an_advice_brings_its_gain() {
        let thin = ListingFacts { pictures: 0, ..WHOLE };
        let quality = listing_quality(&thin);
        let gain = quality.advice.iter().find(|a| a.kind == AdviceKind::MorePictures).map(|a| a.gain);
        assert_eq!(gain, Some(listing_quality(&WHOLE).score - quality.score));
    }

    #[test]
    fn names_and_pointers_are_unlike_or_named_alike_on_purpose() {
        let names: std::collections::BTreeSet<_> = AdviceKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), AdviceKind::ALL.len());
        assert!(AdviceKind::ALL.iter().all(|kind| kind.pointer().starts_with('/')));
    }
}
