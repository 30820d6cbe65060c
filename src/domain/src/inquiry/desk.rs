//! What one buyer sends out in a market day: the wall against mass mail (API6 of OWASP: bulk inquiries).
//!
//! The desk is an aggregate of the buying company and is loaded with every new inquiry, so that two clerks at once cannot
//! both take the last place. It remembers one market day only. Same words to many sellers are not forbidden because they
//! are bad, but because there is a better form for them: a request for quotation.

use serde::{Deserialize, Serialize};

use super::contact::folded;
use super::rejection::InquiryRejection;
use crate::kernel::{CompanyId, Day};

/// New inquiries a company may open in one market day.
pub const INQUIRIES_A_DAY: i64 = 20;
/// Sellers who may get the same words in one market day.
pub const SAME_TEXT_SELLERS: usize = 5;

/// A digest of a message's words; the caller computes it over [`same_words`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// Words that went out today, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentText {
    /// Digest of the words.
    pub words: Fingerprint,
    /// Sellers who got them.
    pub sellers: Vec<CompanyId>,
}

/// Is what a company asked today.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Desk {
    /// The market day the rest is about; days since 1970-01-01.
    pub day: Day,
    /// Inquiries opened on that day.
    pub opened: i64,
    /// First messages of that day.
    pub texts: Vec<SentText>,
}

impl Desk {
    /// Gives the desk after one more inquiry to `seller` on `today`.
    ///
    /// Errors: the day's number is used up, or the same words went to [`SAME_TEXT_SELLERS`] others already.
    pub fn admit(&self, today: Day, words: &Fingerprint, seller: CompanyId) -> Result<Self, InquiryRejection> {
        let mut after = if self.day == today { self.clone() } else { Self { day: today, ..Self::default() } };
        if after.opened >= INQUIRIES_A_DAY {
            return Err(InquiryRejection::TooManyToday { max: INQUIRIES_A_DAY });
        }
        after.opened += 1;
        match after.texts.iter_mut().find(|sent| sent.words == *words) {
            Some(sent) if sent.sellers.contains(&seller) => {}
            Some(sent) if sent.sellers.len() >= SAME_TEXT_SELLERS => {
                return Err(InquiryRejection::SameText { max: SAME_TEXT_SELLERS });
            }
            Some(sent) => sent.sellers.push(seller),
            None => after.texts.push(SentText { words: words.clone(), sellers: vec![seller] }),
        }
        Ok(after)
    }
}

/// Gives a text as it is compared with others: letters and digits only, without case, width or spacing, so that a comma
/// more does not make another text. A text without letters and digits stays as it is.
#[must_use]
pub fn same_words(text: &str) -> String {
    let kept: String = folded(text).into_iter().filter(|c| c.is_alphanumeric()).collect();
    if kept.is_empty() { text.to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Fingerprint {
        Fingerprint(same_words(text))
    }

    fn sent(desk: &Desk, day: i32, text: &str, seller: u128) -> Result<Desk, InquiryRejection> {
        desk.admit(Day(day), &words(text), CompanyId(seller))
    }

    #[test]
    fn the_twenty_first_inquiry_of_a_day_waits_for_tomorrow() {
        let mut desk = Desk::default();
        for n in 0..20_u128 {
            desk = sent(&desk, 9, &format!("question {n}"), n).unwrap();
        }

        assert_eq!(sent(&desk, 9, "one more", 99), Err(InquiryRejection::TooManyToday { max: 20 }));
        assert_eq!(sent(&desk, 10, "one more", 99).unwrap().opened, 1);
    }

    #[test]
    fn the_same_words_reach_five_sellers_however_they_are_spaced() {
        let mut desk = Desk::default();
        for n in 0..5_u128 {
            desk = sent(&desk, 9, &format!("Best price,{} please!", " ".repeat(1 + usize::try_from(n).unwrap())), n)
                .unwrap();
        }

        assert_eq!(sent(&desk, 9, "ＢＥＳＴ price please", 5), Err(InquiryRejection::SameText { max: 5 }));
        assert!(sent(&desk, 9, "best price please", 4).is_ok(), "a seller who has them may get them again");
        assert!(sent(&desk, 9, "Best price for M8 bolts please", 5).is_ok());
        assert!(sent(&desk, 10, "best price please", 5).is_ok());
    }

    #[test]
    fn a_refused_inquiry_leaves_the_desk_as_it_was() {
        let desk = sent(&Desk::default(), 9, "a", 1).unwrap();
        let before = desk.clone();
        let _ = sent(&desk, 9, "b", 2);
        assert_eq!(desk, before);
    }

    #[test]
    fn texts_of_marks_alone_are_told_apart() {
        assert_ne!(same_words("???"), same_words("!!!"));
        assert_eq!(same_words("你好，请报价。"), same_words("你好 请报价"));
    }
}
