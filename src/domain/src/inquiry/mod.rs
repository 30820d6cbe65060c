//! Inquiries: a buyer's question to one seller, the talk that follows, and what keeps it decent.
//!
//! * [`Thread`] with [`decide`] and [`evolve`]: open, write, close, reopen, report, settle a report, end by silence.
//! * [`Desk`]: how much a buyer may ask in one market day, and when an inquiry is really a request for quotation.
//! * [`mask`]: contact data in a text, found however it is spelled; [`masks_contacts`]: in which markets it is hidden.
//! * [`payment_hints`]: phrases that go before money lost outside of escrow.
//! * [`ResponseClock`]: how soon a seller answers, in market time.
//!
//! Refuses to know texts beyond judging them: messages are rows of their own, and the thread counts them only.

mod contact;
mod contact_phone;
mod contact_scan;
mod desk;
mod payment;
mod rejection;
mod response;
mod settle;
mod thread;
mod today;
mod words;

#[cfg(test)]
mod contact_tests;
#[cfg(test)]
mod thread_tests;

pub use contact::{ContactKind, HIDDEN, Part, Span, find_contacts, mask, masks_contacts, warns_of_payments};
pub use desk::{Desk, Fingerprint, INQUIRIES_A_DAY, SAME_TEXT_SELLERS, SentText, same_words};
pub use payment::{PaymentHint, payment_hints};
pub use rejection::InquiryRejection;
pub use response::{CLOCK_DAYS, CLOCK_MIN, Exchange, ResponseClock};
pub use settle::{SETTLE_NOTE_MAX, Settlement};
pub use thread::{
    Block, InquiryCommand, InquiryContext, InquiryEvent, Speaker, Thread, already_done, decide, evolve, expiry,
};
pub use today::Written;
pub use words::{
    Ask, CloseReason, Closing, FILES_MAX, MESSAGES_A_DAY, Report, ReportReason, SILENCE_DAYS, SUBJECT_MAX,
    SettleOutcome, TEXT_MAX, ThreadStatus, Words,
};
