//! What the routes answer: cards of the list, one thread, its messages, with contacts hidden where the era says so.
//!
//! Hiding is decided here, at reading: what is stored is what was written. The writer reads the own words whole and learns
//! that the other side does not; support and admins read everything, for they judge reports.

use super::read::Listed;
use super::read::messages::Message;
use crate::platform::schema::{FileCard, Side as SideWord, words};
use crate::platform::shelf::Card;
use entrepot_domain::inquiry as domain;
use entrepot_domain::inquiry::{
    ContactKind, HIDDEN, Part, Report, ResponseClock, Thread, find_contacts, mask, payment_hints,
};
use entrepot_domain::kernel::{Currency, MarketTime, Side, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    /// Where an inquiry stands.
    InquiryStatus = domain::ThreadStatus::ALL;
    /// Why an inquiry was closed.
    InquiryCloseReason = domain::CloseReason::ALL;
    /// What a company is reported for.
    InquiryReportReason = domain::ReportReason::ALL;
    /// What follows from a report.
    InquiryOutcome = domain::SettleOutcome::ALL;
    /// A kind of contact data.
    HiddenContact = domain::ContactKind::ALL;
    /// What a phrase about payment hints at.
    PaymentHint = domain::PaymentHint::ALL;
}

/// Characters of the last message shown in a list.
const SNIPPET: usize = 140;

/// A step that was taken.
#[derive(Serialize, ToSchema)]
pub struct InquiryReceipt {
    id: String,
    version: i64,
    #[schema(value_type = InquiryStatus)]
    status: &'static str,
    /// The message that was written.
    #[schema(required = true)]
    message: Option<String>,
}

impl InquiryReceipt {
    /// The receipt of a step that leads to this thread.
    pub fn of(id: u128, version: i64, thread: &Thread, message: Option<String>) -> Self {
        Self { id: format!("{id:032x}"), version, status: thread.status.as_str(), message }
    }
}

/// With whose eyes a thread is read.
#[derive(Debug, Clone, Copy)]
pub struct Eyes {
    /// The reader's side; `None` for moderators.
    pub side: Option<Side>,
    /// Contacts are hidden between the two companies.
    pub hidden: bool,
    /// Payment hints are shown.
    pub warned: bool,
}

impl Eyes {
    fn hides(self, by: &str) -> bool {
        self.hidden && self.side.is_some_and(|side| side.as_str() != by)
    }

    /// A text of a side as the reader reads it.
    fn read(self, text: &str, by: &str) -> Vec<Part> {
        if self.hides(by) { mask(text) } else { vec![Part { text: text.to_owned(), hidden: None }] }
    }

    fn plain(self, text: &str, by: &str) -> String {
        self.read(text, by).into_iter().map(|part| part.text).collect()
    }
}

/// A company of an inquiry.
#[derive(Serialize, ToSchema)]
pub struct InquiryCompany {
    id: String,
    name: String,
    country: String,
}

impl InquiryCompany {
    /// The card of a company with its name and country.
    pub fn named(id: u128, (name, country): &(String, String)) -> Self {
        Self { id: format!("{id:032x}"), name: name.clone(), country: country.clone() }
    }
}

/// The product an inquiry is about.
#[derive(Serialize, ToSchema)]
struct InquiryProduct {
    id: String,
    title: String,
}

fn product(listed: &Listed) -> Option<InquiryProduct> {
    let id = listed.thread.ask.product?;
    Some(InquiryProduct { id: id.to_string(), title: listed.product.clone().unwrap_or_default() })
}

/// A price per unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedPrice {
    /// Decimal number.
    pub price: String,
    /// ISO 4217 code.
    pub currency: String,
}

impl From<UnitPrice> for AskedPrice {
    fn from(price: UnitPrice) -> Self {
        Self { price: price.decimal(), currency: price.currency.to_string() }
    }
}

impl AskedPrice {
    /// The price, if number and currency can be read.
    pub fn read(&self) -> Option<UnitPrice> {
        UnitPrice::parse(self.price.trim(), Currency::parse(&self.currency)?).ok()
    }
}

/// An inquiry in the list.
#[derive(Serialize, ToSchema)]
pub struct InquiryCard {
    id: String,
    subject: String,
    #[schema(value_type = InquiryStatus)]
    status: &'static str,
    /// The reader's side; `null` for who judges reports.
    #[schema(required = true, value_type = Option<SideWord>)]
    side: Option<Side>,
    buyer: InquiryCompany,
    seller: InquiryCompany,
    #[schema(required = true)]
    product: Option<InquiryProduct>,
    /// Messages of the other side that the reader has not read and the own company has not answered.
    unread: i64,
    /// The beginning of the last message.
    last_text: String,
    /// Whose it is.
    #[schema(value_type = SideWord)]
    last_by: String,
    /// Whether one of the sides that the reader may know of reported the other.
    reported: bool,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    opened_at: MarketTime,
    /// Market time of the last message, or of closing or reopening.
    #[schema(value_type = String, format = DateTime)]
    last_at: MarketTime,
}

fn told(thread: &Thread, side: Option<Side>) -> Vec<&Report> {
    thread.reports.iter().filter(|report| side.is_none_or(|side| report.by == side)).collect()
}

impl InquiryCard {
    /// The card of a thread.
    pub fn of(listed: &Listed, eyes: Eyes) -> Self {
        let thread = &listed.thread;
        let last = eyes.plain(&listed.last_text, &listed.last_by);
        Self {
            id: format!("{:032x}", listed.id),
            subject: eyes.plain(&thread.ask.subject, "buyer"),
            status: thread.status.as_str(),
            side: eyes.side,
            buyer: InquiryCompany::named(thread.buyer.0, &listed.names[0]),
            seller: InquiryCompany::named(thread.seller.0, &listed.names[1]),
            product: product(listed),
            unread: listed.unread,
            last_text: last.chars().take(SNIPPET).collect(),
            last_by: listed.last_by.clone(),
            reported: thread.open_reports().iter().any(|report| eyes.side.is_none_or(|side| report.by == side)),
            opened_at: thread.opened_at,
            last_at: thread.last_at,
        }
    }
}

/// How an inquiry ended.
#[derive(Serialize, ToSchema)]
struct InquiryClosing {
    #[schema(value_type = InquiryCloseReason)]
    reason: &'static str,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

/// A report of one side about the other.
#[derive(Serialize, ToSchema)]
struct InquiryReport {
    #[schema(value_type = SideWord)]
    by: Side,
    #[schema(value_type = InquiryReportReason)]
    reason: &'static str,
    note: String,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

/// What was decided about reports.
#[derive(Serialize, ToSchema)]
struct InquirySettlement {
    #[schema(value_type = InquiryOutcome)]
    outcome: &'static str,
    /// Which side it is against; `null` when nothing follows.
    #[schema(required = true, value_type = Option<SideWord>)]
    against: Option<Side>,
    /// Why.
    note: String,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

fn settlement(settled: &domain::Settlement) -> InquirySettlement {
    InquirySettlement {
        outcome: settled.outcome.as_str(),
        against: settled.against,
        note: settled.note.clone(),
        at: settled.at,
    }
}

/// What the reader may do now.
#[derive(Serialize, ToSchema)]
pub struct InquiryCan {
    /// Write a message.
    pub write: bool,
    /// Close the inquiry.
    pub close: bool,
    /// Take it up again.
    pub reopen: bool,
    /// Report the other side.
    pub report: bool,
    /// Settle what was reported.
    pub settle: bool,
    /// Block or unblock the other company.
    pub block: bool,
}

/// One inquiry; its messages are a list of their own.
#[derive(Serialize, ToSchema)]
pub struct InquiryView {
    #[serde(flatten)]
    card: InquiryCard,
    version: i64,
    /// Decimal number.
    #[schema(required = true)]
    quantity: Option<String>,
    /// Country of destination, two capital letters.
    #[schema(required = true)]
    destination: Option<String>,
    #[schema(required = true)]
    target_price: Option<AskedPrice>,
    /// The ladder's price at the quantity when the inquiry was opened.
    #[schema(required = true)]
    listed_price: Option<AskedPrice>,
    /// When the seller first answered, market time.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    answered_at: Option<MarketTime>,
    /// Messages so far.
    messages: i64,
    /// Number of the last message the reader has read.
    read: i64,
    #[schema(required = true)]
    closed: Option<InquiryClosing>,
    /// The own reports; all for who judges them.
    reports: Vec<InquiryReport>,
    /// What those who lead the market decided about reports, the oldest first; both sides read it.
    settlements: Vec<InquirySettlement>,
    /// Contact data is hidden from the other side until the companies share an agreed order.
    contacts_hidden: bool,
    /// The own company keeps the other from writing.
    blocked_by_us: bool,
    can: InquiryCan,
}

impl InquiryView {
    /// The page of a thread.
    pub fn of(listed: &Listed, version: i64, eyes: Eyes, (blocked_by_us, can): (bool, InquiryCan)) -> Self {
        let thread = &listed.thread;
        let report = |report: &&Report| InquiryReport {
            by: report.by,
            reason: report.reason.as_str(),
            note: report.note.clone(),
            at: report.at,
        };
        let ask = &thread.ask;
        Self {
            card: InquiryCard::of(listed, eyes),
            version,
            quantity: ask.quantity.map(|quantity| quantity.to_string()),
            destination: ask.destination.clone(),
            target_price: ask.target_price.map(AskedPrice::from),
            listed_price: ask.listed_price.map(AskedPrice::from),
            answered_at: thread.answered_at,
            messages: thread.messages,
            read: listed.read,
            closed: thread.closed.map(|c| InquiryClosing { reason: c.reason.as_str(), at: c.at }),
            reports: told(thread, eyes.side).iter().map(report).collect(),
            settlements: thread.settlements.iter().map(settlement).collect(),
            contacts_hidden: eyes.hidden,
            blocked_by_us,
            can,
        }
    }
}

/// A part of a message's text.
#[derive(Serialize, ToSchema)]
struct MessagePart {
    text: String,
    /// What is hidden here until the companies share an agreed order.
    #[schema(required = true, value_type = Option<HiddenContact>)]
    hidden: Option<ContactKind>,
}

/// A message of an inquiry.
#[derive(Serialize, ToSchema)]
pub struct InquiryMessage {
    id: String,
    /// Number within the inquiry, from 1.
    no: i64,
    #[schema(value_type = SideWord)]
    by: String,
    /// Name of who wrote it.
    user: String,
    /// The whole text, part by part.
    parts: Vec<MessagePart>,
    /// The reader's own company wrote it, and the other side does not read its contact data.
    hidden_from_other: bool,
    /// What it says about payment that both sides should look at twice.
    #[schema(value_type = Vec<PaymentHint>)]
    warnings: Vec<domain::PaymentHint>,
    files: Vec<FileCard>,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

impl InquiryMessage {
    /// The view of a message with its writer's name and its files.
    pub fn of(message: &Message, user: String, files: &[Card], eyes: Eyes) -> Self {
        let by = message.by.as_str();
        let own = eyes.side.is_some_and(|side| side.as_str() == by);
        let part = |part: Part| MessagePart { text: part.text, hidden: part.hidden };
        let named = |card: &Card| FileCard { name: eyes.plain(&card.name, by), ..FileCard::from(card) };
        Self {
            id: format!("{:032x}", message.id),
            no: message.no,
            by: message.by.clone(),
            user,
            parts: eyes.read(&message.text, by).into_iter().map(part).collect(),
            hidden_from_other: own && eyes.hidden && !find_contacts(&message.text).is_empty(),
            warnings: if eyes.warned { payment_hints(&message.text) } else { Vec::new() },
            files: files.iter().map(named).collect(),
            at: MarketTime(message.at),
        }
    }
}

/// A file's name for who did not upload it: without contact data.
pub fn foreign_name(name: &str) -> String {
    mask(name).into_iter().map(|part| if part.text == HIDDEN { "___".to_owned() } else { part.text }).collect()
}

/// How soon a seller answers inquiries of the last 90 market days.
#[derive(Serialize, ToSchema)]
pub struct ResponseClockView {
    /// Inquiries counted.
    inquiries: i64,
    /// Of these, answered.
    answered: i64,
    /// Median from question to first answer, in minutes of market time; `null` with fewer than five inquiries, or when half
    /// of them went unanswered.
    #[schema(required = true)]
    median_minutes: Option<i64>,
    /// Share answered within 24 hours, in hundredths of a per cent; `null` with fewer than five inquiries.
    #[schema(required = true)]
    within_day_bps: Option<i64>,
}

impl From<ResponseClock> for ResponseClockView {
    fn from(clock: ResponseClock) -> Self {
        Self {
            inquiries: clock.inquiries,
            answered: clock.answered,
            median_minutes: clock.median_minutes,
            within_day_bps: clock.within_day.map(|bps| bps.0),
        }
    }
}
