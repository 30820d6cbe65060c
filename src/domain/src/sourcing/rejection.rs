//! Refusals of the sourcing rules, each named after the rule that refuses.

use std::fmt;

use super::quote::QuoteState;
use super::rfq::RfqState;
use crate::kernel::{FieldError, MarketTime, Quantity, QuoteId, Rejection};

/// Says why a step was refused; nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourcingRejection {
    /// What the buyer wrote has faults.
    RfqInvalid(Vec<FieldError>),
    /// What the supplier wrote has faults.
    QuoteInvalid(Vec<FieldError>),
    /// The company does not buy.
    NotABuyer,
    /// The company does not sell.
    NotASeller,
    /// The request is the supplier's own.
    OwnRfq,
    /// The request's state does not allow the step.
    RfqState {
        /// Where it stands.
        state: RfqState,
    },
    /// The quote's state does not allow the step.
    QuoteState {
        /// Where it stands.
        state: QuoteState,
    },
    /// The last day for quotes is over.
    DeadlineOver {
        /// When it ended.
        deadline: MarketTime,
    },
    /// All seats are taken.
    SeatsFull {
        /// How many there are.
        seats: i64,
    },
    /// The supplier has a quote on this request already.
    AlreadyQuoted {
        /// That quote.
        quote: QuoteId,
    },
    /// The month's quotes are used up.
    QuotaUsed {
        /// Rights of a month.
        monthly: i64,
        /// When the next month begins.
        resets: MarketTime,
    },
    /// The new last day is not later than the present one, or too far away.
    DeadlineNotLater {
        /// The present end.
        deadline: MarketTime,
    },
    /// Nobody was chosen.
    NothingChosen,
    /// A chosen quote does not belong to the request, or stands twice in the choice.
    NoSuchQuote {
        /// The quote.
        quote: QuoteId,
    },
    /// The chosen version is not the newest of its quote.
    QuoteOutdated {
        /// The quote.
        quote: QuoteId,
        /// Version that was chosen.
        chosen: i32,
        /// The newest version.
        newest: i32,
    },
    /// The quote's validity is over.
    QuoteExpired {
        /// The quote.
        quote: QuoteId,
        /// When it ended.
        until: MarketTime,
    },
    /// The supplier has taken the quote back.
    QuoteWithdrawn {
        /// The quote.
        quote: QuoteId,
    },
    /// The request has no such line, it stands twice in one choice, or its quantity is not positive.
    NoSuchLine {
        /// Line number.
        line: i32,
    },
    /// The supplier did not quote this line.
    LineDeclined {
        /// The quote.
        quote: QuoteId,
        /// Line number.
        line: i32,
    },
    /// The quantity is below what the supplier sells at least.
    BelowMoq {
        /// The quote.
        quote: QuoteId,
        /// Line number.
        line: i32,
        /// Smallest quantity.
        moq: Quantity,
    },
    /// The choices together exceed the quantity of the request.
    TooMuch {
        /// Line number.
        line: i32,
        /// Quantity of the request.
        wanted: Quantity,
        /// Quantity chosen.
        chosen: Quantity,
    },
    /// The amount does not fit.
    AmountTooLarge,
    /// The quote was not awarded.
    NotAwarded {
        /// The quote.
        quote: QuoteId,
    },
    /// The note is too long.
    NoteTooLong,
    /// Somebody took or left a seat in the meantime.
    SeatsMoved,
    /// What the buyer asks for instead has faults.
    CounterInvalid(Vec<FieldError>),
    /// The buyer has made as many counters to this quote as there may be.
    CountersUsed {
        /// How many there may be.
        most: usize,
    },
    /// The counter does not stand: there is none of this number, or another version or counter came after it.
    NoCounter {
        /// The quote.
        quote: QuoteId,
        /// Its number.
        counter: i32,
    },
    /// A question, an answer or an explanation has faults.
    TalkInvalid(Vec<FieldError>),
    /// The supplier has asked as many questions about the request as it may.
    QuestionsUsed {
        /// How many there may be.
        most: usize,
    },
    /// The request holds as many questions and explanations as it may.
    TalkFull {
        /// How many there may be.
        most: usize,
    },
    /// There is no question of this number.
    NoQuestion {
        /// The number.
        no: i32,
    },
    /// The question was answered otherwise before.
    QuestionAnswered {
        /// The number.
        no: i32,
    },
}

use SourcingRejection as R;

/// Every code with its status, in the order of the variants.
pub const CODES: [(&str, u16); 33] = [
    ("sourcing.rfq_invalid", 422),
    ("sourcing.quote_invalid", 422),
    ("sourcing.not_a_buyer", 403),
    ("sourcing.not_a_seller", 403),
    ("sourcing.own_rfq", 409),
    ("sourcing.rfq_state", 409),
    ("sourcing.quote_state", 409),
    ("sourcing.deadline_over", 409),
    ("sourcing.seats_full", 409),
    ("sourcing.already_quoted", 409),
    ("sourcing.quota_used", 409),
    ("sourcing.deadline_not_later", 422),
    ("sourcing.nothing_chosen", 422),
    ("sourcing.no_such_quote", 422),
    ("sourcing.quote_outdated", 409),
    ("sourcing.quote_expired", 409),
    ("sourcing.quote_withdrawn", 409),
    ("sourcing.no_such_line", 422),
    ("sourcing.line_declined", 422),
    ("sourcing.below_moq", 422),
    ("sourcing.too_much", 422),
    ("sourcing.amount_too_large", 422),
    ("sourcing.not_awarded", 409),
    ("sourcing.note_too_long", 422),
    ("sourcing.seats_moved", 409),
    ("sourcing.counter_invalid", 422),
    ("sourcing.counters_used", 409),
    ("sourcing.no_counter", 409),
    ("sourcing.talk_invalid", 422),
    ("sourcing.questions_used", 409),
    ("sourcing.talk_full", 409),
    ("sourcing.no_question", 422),
    ("sourcing.question_answered", 409),
];

impl SourcingRejection {
    const fn index(&self) -> usize {
        match self {
            R::RfqInvalid(_) => 0,
            R::QuoteInvalid(_) => 1,
            R::NotABuyer => 2,
            R::NotASeller => 3,
            R::OwnRfq => 4,
            R::RfqState { .. } => 5,
            R::QuoteState { .. } => 6,
            R::DeadlineOver { .. } => 7,
            R::SeatsFull { .. } => 8,
            R::AlreadyQuoted { .. } => 9,
            R::QuotaUsed { .. } => 10,
            R::DeadlineNotLater { .. } => 11,
            R::NothingChosen => 12,
            R::NoSuchQuote { .. } => 13,
            R::QuoteOutdated { .. } => 14,
            R::QuoteExpired { .. } => 15,
            R::QuoteWithdrawn { .. } => 16,
            R::NoSuchLine { .. } => 17,
            R::LineDeclined { .. } => 18,
            R::BelowMoq { .. } => 19,
            R::TooMuch { .. } => 20,
            R::AmountTooLarge => 21,
            R::NotAwarded { .. } => 22,
            R::NoteTooLong => 23,
            R::SeatsMoved => 24,
            R::CounterInvalid(_) => 25,
            R::CountersUsed { .. } => 26,
            R::NoCounter { .. } => 27,
            R::TalkInvalid(_) => 28,
            R::QuestionsUsed { .. } => 29,
            R::TalkFull { .. } => 30,
            R::NoQuestion { .. } => 31,
            R::QuestionAnswered { .. } => 32,
        }
    }

    fn row(&self) -> (&'static str, u16) {
        CODES.get(self.index()).copied().unwrap_or(("internal", 500))
    }
}

impl Rejection for SourcingRejection {
    fn code(&self) -> &'static str {
        self.row().0
    }

    fn status(&self) -> u16 {
        self.row().1
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            R::RfqState { state } => vec![("state", state.as_str().to_owned())],
            R::QuoteState { state } => vec![("state", state.as_str().to_owned())],
            R::DeadlineOver { deadline } | R::DeadlineNotLater { deadline } => vec![("deadline", deadline.to_string())],
            R::SeatsFull { seats } => vec![("seats", seats.to_string())],
            R::AlreadyQuoted { quote } | R::NoSuchQuote { quote } => vec![("quote", quote.to_string())],
            R::QuoteWithdrawn { quote } | R::NotAwarded { quote } => vec![("quote", quote.to_string())],
            R::QuotaUsed { monthly, resets } => vec![("monthly", monthly.to_string()), ("resets", resets.to_string())],
            R::QuoteOutdated { quote, chosen, newest } => {
                vec![("quote", quote.to_string()), ("chosen", chosen.to_string()), ("newest", newest.to_string())]
            }
            R::QuoteExpired { quote, until } => vec![("quote", quote.to_string()), ("until", until.to_string())],
            R::NoSuchLine { line } => vec![("line", line.to_string())],
            R::LineDeclined { quote, line } => vec![("quote", quote.to_string()), ("line", line.to_string())],
            R::BelowMoq { quote, line, moq } => {
                vec![("quote", quote.to_string()), ("line", line.to_string()), ("moq", moq.to_string())]
            }
            R::TooMuch { line, wanted, chosen } => {
                vec![("line", line.to_string()), ("wanted", wanted.to_string()), ("chosen", chosen.to_string())]
            }
            R::CountersUsed { most } | R::QuestionsUsed { most } | R::TalkFull { most } => {
                vec![("most", most.to_string())]
            }
            R::NoQuestion { no } | R::QuestionAnswered { no } => vec![("no", no.to_string())],
            R::NoCounter { quote, counter } => vec![("quote", quote.to_string()), ("counter", counter.to_string())],
            R::RfqInvalid(_) | R::QuoteInvalid(_) | R::CounterInvalid(_) | R::NotABuyer | R::NotASeller | R::OwnRfq => {
                Vec::new()
            }
            R::NothingChosen | R::AmountTooLarge | R::NoteTooLong | R::SeatsMoved | R::TalkInvalid(_) => Vec::new(),
        }
    }

    fn pointer(&self) -> Option<String> {
        match self {
            R::DeadlineNotLater { .. } => Some("/deadline".to_owned()),
            R::NothingChosen => Some("/awards".to_owned()),
            R::NoteTooLong => Some("/note".to_owned()),
            R::NoQuestion { .. } => Some("/no".to_owned()),
            _ => None,
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        match self {
            R::RfqInvalid(errors) | R::QuoteInvalid(errors) | R::CounterInvalid(errors) => errors.clone(),
            R::TalkInvalid(errors) => errors.clone(),
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for SourcingRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            R::RfqInvalid(_) => f.write_str("The request for quotation is not right."),
            R::QuoteInvalid(_) => f.write_str("The quote is not right."),
            R::NotABuyer => f.write_str("This company sells; it does not buy."),
            R::NotASeller => f.write_str("This company buys; it does not sell."),
            R::OwnRfq => f.write_str("A company does not quote on its own request."),
            R::RfqState { state } => write!(f, "The request is {}.", state.as_str()),
            R::QuoteState { state } => write!(f, "The quote is {}.", state.as_str()),
            R::DeadlineOver { deadline } => write!(f, "Quotes were taken until {deadline}."),
            R::SeatsFull { seats } => write!(f, "All {seats} seats of this request are taken."),
            R::AlreadyQuoted { .. } => f.write_str("Your company has a quote on this request already."),
            R::QuotaUsed { monthly, resets } => {
                write!(f, "The {monthly} quotes of this month are used up; the next month begins at {resets}.")
            }
            R::DeadlineNotLater { deadline } => {
                write!(f, "The new last day is later than {deadline} and at most 60 days ahead.")
            }
            R::NothingChosen => {
                f.write_str("An award names at least one quote with at least one line, and no more than 30 quotes.")
            }
            R::NoSuchQuote { .. } => {
                f.write_str("A chosen quote is none of this request, or stands twice in the award.")
            }
            R::QuoteOutdated { chosen, newest, .. } => {
                write!(f, "Version {chosen} was chosen; version {newest} is the newest.")
            }
            R::QuoteExpired { until, .. } => write!(f, "The quote stood until {until}."),
            R::QuoteWithdrawn { .. } => f.write_str("The supplier has taken the quote back."),
            R::NoSuchLine { line } => {
                write!(f, "Line {line} is not in the request, stands twice, or has no positive quantity.")
            }
            R::LineDeclined { line, .. } => write!(f, "The supplier did not quote line {line}."),
            R::BelowMoq { line, moq, .. } => write!(f, "The supplier sells at least {moq} of line {line}."),
            R::TooMuch { line, wanted, chosen } => {
                write!(f, "{chosen} of line {line} were chosen; the request asks for {wanted}.")
            }
            R::AmountTooLarge => f.write_str("The amount is too large."),
            R::NotAwarded { .. } => f.write_str("The quote was not awarded."),
            R::NoteTooLong => f.write_str("The note has at most 2,000 characters."),
            R::SeatsMoved => f.write_str("A supplier took or left a seat in the meantime."),
            R::CounterInvalid(_) => f.write_str("The counter-offer is not right."),
            R::CountersUsed { most } => write!(f, "{most} counter-offers were made to this quote."),
            R::TalkInvalid(_) => f.write_str("The text is not right."),
            R::QuestionsUsed { most } => write!(f, "Your company has asked {most} questions about this request."),
            R::TalkFull { most } => write!(f, "This request holds {most} questions and explanations, and no more."),
            R::NoQuestion { no } => write!(f, "There is no question {no}."),
            R::QuestionAnswered { no } => write!(f, "Question {no} was answered before."),
            R::NoCounter { counter, .. } => write!(f, "Counter-offer {counter} does not stand any more."),
        }
    }
}

impl std::error::Error for SourcingRejection {}
