//! What inquiries are spoken in: closed lists of words, the question, a message's words, reports and endings.

use serde::{Deserialize, Serialize};

use super::rejection::InquiryRejection;
use crate::kernel::{FieldError, FileId, MarketTime, ProductId, Quantity, Side, UnitPrice, words};

/// Longest text of a message, in characters.
pub const TEXT_MAX: usize = 4_000;
/// Longest subject and note, in characters.
pub const SUBJECT_MAX: usize = 200;
/// Files a message names at most.
pub const FILES_MAX: usize = 10;
/// Messages one side may write in one thread in one market day.
pub const MESSAGES_A_DAY: i64 = 60;
/// Market days without a word after which an open thread ends.
pub const SILENCE_DAYS: i64 = 60;

words! {
    /// Is where a thread stands.
    ThreadStatus {
        /// Nothing asked yet: the state before the first event.
        New = "new",
        /// Asked, no word of the seller yet.
        Open = "open",
        /// The seller has answered.
        Answered = "answered",
        /// Ended by the buyer or by silence.
        Closed = "closed",
    }
}

words! {
    /// Says why a thread was closed.
    CloseReason {
        /// The buyer ordered.
        Ordered = "ordered",
        /// The buyer found it elsewhere.
        Elsewhere = "elsewhere",
        /// It costs too much.
        TooExpensive = "too_expensive",
        /// It is not needed any more.
        NotNeeded = "not_needed",
        /// The seller gave no answer, or none that helped.
        NoAnswer = "no_answer",
        /// Another reason.
        Other = "other",
        /// Nobody wrote for [`SILENCE_DAYS`]; the clock's reason alone.
        Silence = "silence",
    }
}

words! {
    /// Says what a company is reported for.
    ReportReason {
        /// Unwanted mass mail.
        Spam = "spam",
        /// An attempt to deceive.
        Fraud = "fraud",
        /// Payment is asked for around the platform.
        OffPlatformPayment = "off_platform_payment",
        /// Goods that must not be sold.
        ForbiddenGoods = "forbidden_goods",
        /// Insult or threat.
        Abuse = "abuse",
        /// Another reason.
        Other = "other",
    }
}

words! {
    /// Says what follows from a report.
    SettleOutcome {
        /// Nothing.
        NoAction = "no_action",
        /// One side is warned.
        Warn = "warn",
        /// One side cannot write to the other any more, unless the other lets it.
        Block = "block",
    }
}

impl SettleOutcome {
    /// Says whether it is against one of the sides.
    #[must_use]
    pub const fn is_against(self) -> bool {
        matches!(self, Self::Warn | Self::Block)
    }
}

/// Is what a buyer asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Product asked about; `None` for the company as such.
    pub product: Option<ProductId>,
    /// One line saying what it is about.
    pub subject: String,
    /// Quantity wanted.
    pub quantity: Option<Quantity>,
    /// Country of destination, ISO 3166 alpha-2.
    pub destination: Option<String>,
    /// Price per unit the buyer hopes for.
    pub target_price: Option<UnitPrice>,
    /// The ladder's price at the quantity when the question was asked.
    pub listed_price: Option<UnitPrice>,
}

impl Ask {
    /// Lists everything wrong with the question, each complaint pointing at its field.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let length = self.subject.chars().count();
        let country = |c: &String| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase());
        let checks = [
            (
                self.subject.trim().is_empty() || length > SUBJECT_MAX,
                "/subject",
                "inquiry.subject",
                "The subject has 1 to 200 characters.",
            ),
            (self.quantity.is_some_and(|q| q.0 <= 0), "/quantity", "inquiry.quantity", "A quantity is positive."),
            (
                self.destination.as_ref().is_some_and(|c| !country(c)),
                "/destination",
                "inquiry.destination",
                "The destination is a two-letter country code.",
            ),
            (
                self.target_price.is_some_and(|p| p.micros <= 0),
                "/target_price",
                "inquiry.price",
                "A price is positive.",
            ),
        ];
        checks.into_iter().filter(|check| check.0).map(|(_, at, code, why)| FieldError::new(at, code, why)).collect()
    }
}

/// Is what a message says: its words and its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The text.
    pub text: String,
    /// Files uploaded before.
    pub files: Vec<FileId>,
}

impl Words {
    pub(super) fn check(&self) -> Result<(), InquiryRejection> {
        if self.text.trim().is_empty() && self.files.is_empty() {
            return Err(InquiryRejection::Empty);
        }
        if self.text.chars().count() > TEXT_MAX {
            return Err(InquiryRejection::TooLong { max: TEXT_MAX });
        }
        if self.files.len() > FILES_MAX {
            return Err(InquiryRejection::TooManyFiles { max: FILES_MAX });
        }
        Ok(())
    }
}

/// Is one side's word to the market's admins about the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Who reports.
    pub by: Side,
    /// What for.
    pub reason: ReportReason,
    /// What the reporter adds.
    pub note: String,
    /// Market time.
    pub at: MarketTime,
}

/// Is how a thread ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Why.
    pub reason: CloseReason,
    /// Market time.
    pub at: MarketTime,
}
