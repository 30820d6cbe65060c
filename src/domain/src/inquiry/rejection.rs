//! Refusals of the inquiry rules, each named after the rule that refuses.

use std::fmt;

use crate::kernel::{FieldError, Rejection};

/// Says why a step on an inquiry was refused; nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryRejection {
    /// Neither a word nor a file.
    Empty,
    /// More characters than a message may have.
    TooLong {
        /// Characters a message may have.
        max: usize,
    },
    /// More files than a message may name.
    TooManyFiles {
        /// Files a message may name.
        max: usize,
    },
    /// Fields of the question have faults.
    Invalid(Vec<FieldError>),
    /// A company asks itself.
    OwnCompany,
    /// The company asked does not sell.
    NotASeller,
    /// The buyer's number of new inquiries of this market day is used up.
    TooManyToday {
        /// New inquiries a company may open in one market day.
        max: i64,
    },
    /// The same words went to many sellers today already.
    SameText {
        /// Sellers who may get the same words in one market day.
        max: usize,
    },
    /// The thread is closed.
    Closed,
    /// The other company takes no messages from this one. The sentence does not say why: nobody is told off.
    NotTaken,
    /// The own company blocked the other one.
    BlockedByYou,
    /// Only the buyer closes and reopens an inquiry.
    BuyersOnly,
    /// One side has written as much in this thread today as it may.
    TooManyMessages {
        /// Messages a side may write in one thread in one market day.
        max: i64,
    },
    /// No report waits to be settled.
    NothingReported,
    /// Who settles belongs or belonged to one of the two companies, or does not lead the market.
    Insider,
    /// A note beside a report is too long.
    NoteTooLong {
        /// Characters it may have.
        max: usize,
    },
}

impl fmt::Display for InquiryRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The message is empty."),
            Self::TooLong { max } => write!(f, "The message has more than {max} characters."),
            Self::TooManyFiles { max } => write!(f, "A message names {max} files at most."),
            Self::Invalid(_) => f.write_str("The inquiry cannot be sent as it is."),
            Self::OwnCompany => f.write_str("This is your own company."),
            Self::NotASeller => f.write_str("This company does not sell."),
            Self::TooManyToday { max } => write!(f, "Your company opened {max} inquiries today already."),
            Self::SameText { max } => write!(f, "The same words went to {max} suppliers today already."),
            Self::Closed => f.write_str("This inquiry is closed."),
            Self::NotTaken => f.write_str("This company is not taking messages from yours at the moment."),
            Self::BlockedByYou => f.write_str("Your company has blocked this company."),
            Self::BuyersOnly => f.write_str("The buyer closes and reopens an inquiry."),
            Self::TooManyMessages { max } => {
                write!(f, "Your company has written {max} messages in this inquiry today.")
            }
            Self::NothingReported => f.write_str("No report waits to be settled here."),
            Self::Insider => f.write_str("Nobody settles a report about a company they belong or belonged to."),
            Self::NoteTooLong { max } => write!(f, "The note has more than {max} characters."),
        }
    }
}

impl Rejection for InquiryRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "inquiry.empty",
            Self::TooLong { .. } => "inquiry.too_long",
            Self::TooManyFiles { .. } => "inquiry.too_many_files",
            Self::Invalid(_) => "inquiry.invalid",
            Self::OwnCompany => "inquiry.own_company",
            Self::NotASeller => "inquiry.not_a_seller",
            Self::TooManyToday { .. } => "inquiry.too_many_today",
            Self::SameText { .. } => "inquiry.same_text",
            Self::Closed => "inquiry.closed",
            Self::NotTaken => "inquiry.not_taken",
            Self::BlockedByYou => "inquiry.blocked_by_you",
            Self::BuyersOnly => "inquiry.buyers_only",
            Self::TooManyMessages { .. } => "inquiry.too_many_messages",
            Self::NothingReported => "inquiry.nothing_reported",
            Self::Insider => "inquiry.insider",
            Self::NoteTooLong { .. } => "inquiry.note_too_long",
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::BuyersOnly | Self::Insider => 403,
            Self::TooManyMessages { .. } | Self::NothingReported => 409,
            Self::TooManyToday { .. } | Self::SameText { .. } | Self::Closed | Self::NotTaken | Self::BlockedByYou => {
                409
            }
            Self::Empty | Self::TooLong { .. } | Self::TooManyFiles { .. } | Self::Invalid(_) => 422,
            Self::OwnCompany | Self::NotASeller | Self::NoteTooLong { .. } => 422,
        }
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { max } | Self::TooManyFiles { max } | Self::SameText { max } | Self::NoteTooLong { max } => {
                vec![("max", max.to_string())]
            }
            Self::TooManyToday { max } | Self::TooManyMessages { max } => vec![("max", max.to_string())],
            Self::Empty | Self::Invalid(_) | Self::OwnCompany | Self::NotASeller | Self::Closed => Vec::new(),
            Self::NotTaken | Self::BlockedByYou | Self::BuyersOnly | Self::NothingReported | Self::Insider => {
                Vec::new()
            }
        }
    }

    fn pointer(&self) -> Option<String> {
        match self {
            Self::Empty | Self::TooLong { .. } | Self::SameText { .. } => Some("/text".to_owned()),
            Self::TooManyFiles { .. } => Some("/file_ids".to_owned()),
            Self::NoteTooLong { .. } => Some("/note".to_owned()),
            Self::OwnCompany | Self::NotASeller => Some("/seller".to_owned()),
            Self::Invalid(_) | Self::TooManyToday { .. } | Self::Closed | Self::NotTaken => None,
            Self::BlockedByYou | Self::BuyersOnly | Self::NothingReported | Self::Insider => None,
            Self::TooManyMessages { .. } => Some("/text".to_owned()),
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        if let Self::Invalid(errors) = self { errors.clone() } else { Vec::new() }
    }
}
