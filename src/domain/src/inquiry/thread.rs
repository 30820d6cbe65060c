//! The thread of one inquiry: who asks whom about what, and where the talk stands.
//!
//! Promises that every open thread ends: by the buyer, or by [`SILENCE_DAYS`] market days without a word. Messages are rows
//! of their own; the thread knows their number, whose the last ones were, and when the seller first answered. Refuses words
//! to who blocked or is blocked, and to a closed thread.

use serde::{Deserialize, Serialize};

use super::rejection::InquiryRejection;
use super::settle::{Settlement, settle};
use super::today::Written;
use super::words::{
    Ask, CloseReason, Closing, MESSAGES_A_DAY, Report, ReportReason, SILENCE_DAYS, SettleOutcome, TEXT_MAX,
    ThreadStatus, Words,
};
use crate::kernel::{CompanyId, Day, Effects, MarketTime, Side, Zone};

/// Is the state of one inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Where it stands.
    pub status: ThreadStatus,
    /// Who asks.
    pub buyer: CompanyId,
    /// Who is asked.
    pub seller: CompanyId,
    /// What about.
    pub ask: Ask,
    /// When it was opened.
    pub opened_at: MarketTime,
    /// When the seller first answered.
    pub answered_at: Option<MarketTime>,
    /// When the last message was written, or the thread closed or reopened.
    pub last_at: MarketTime,
    /// Messages so far; they are numbered from 1.
    pub messages: i64,
    /// Number of the buyer's last message.
    pub last_of_buyer: i64,
    /// Number of the seller's last message; 0 before the first.
    pub last_of_seller: i64,
    /// How it ended.
    pub closed: Option<Closing>,
    /// Reports; of each side one at most that is not settled.
    pub reports: Vec<Report>,
    /// What was decided about them, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settlements: Vec<Settlement>,
    /// How much each side wrote on the day of the last message.
    #[serde(default)]
    pub today: Written,
}

impl Thread {
    /// Gives the thread before its first event.
    #[must_use]
    pub fn new(buyer: CompanyId, seller: CompanyId) -> Self {
        let ask = Ask {
            product: None,
            subject: String::new(),
            quantity: None,
            destination: None,
            target_price: None,
            listed_price: None,
        };
        Self {
            status: ThreadStatus::New,
            buyer,
            seller,
            ask,
            opened_at: MarketTime::default(),
            answered_at: None,
            last_at: MarketTime::default(),
            messages: 0,
            last_of_buyer: 0,
            last_of_seller: 0,
            closed: None,
            reports: Vec::new(),
            settlements: Vec::new(),
            today: Written::default(),
        }
    }

    /// Gives the side a company has here.
    #[must_use]
    pub fn side_of(&self, company: CompanyId) -> Option<Side> {
        if company == self.buyer {
            Some(Side::Buyer)
        } else if company == self.seller {
            Some(Side::Seller)
        } else {
            None
        }
    }

    /// Gives the number of the newest message of a side; 0 for none.
    #[must_use]
    pub const fn last_of(&self, side: Side) -> i64 {
        match side {
            Side::Buyer => self.last_of_buyer,
            Side::Seller => self.last_of_seller,
        }
    }

    fn is_running(&self) -> bool {
        matches!(self.status, ThreadStatus::Open | ThreadStatus::Answered)
    }
}

/// Names who acts on a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// One of its two companies.
    Side(Side),
    /// Somebody who leads the market.
    Moderator {
        /// Whether they have, or had, a seat in one of the companies.
        insider: bool,
    },
    /// The clock.
    Clock,
}

/// Says who keeps whom from writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// The other company blocked the one that acts.
    ByOther,
    /// The company that acts blocked the other.
    ByOwn,
}

/// Is what a decision may look at beside the state.
#[derive(Debug, Clone)]
pub struct InquiryContext<'a> {
    /// Market time.
    pub now: MarketTime,
    /// Who acts.
    pub speaker: Speaker,
    /// Whether one of the two blocked the other; the other's block counts first.
    pub block: Option<Block>,
    /// Whether the seller's company sells.
    pub sells: bool,
    /// The market's time zone.
    pub zone: &'a Zone,
}

/// Is what somebody wants of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryCommand {
    /// The buyer asks.
    Open {
        /// What for.
        ask: Ask,
        /// The first message.
        words: Words,
    },
    /// One side writes.
    Write {
        /// What.
        words: Words,
    },
    /// The buyer closes the thread.
    Close {
        /// Why.
        reason: CloseReason,
    },
    /// The buyer takes it up again.
    Reopen,
    /// One side reports the other.
    Report {
        /// What for.
        reason: ReportReason,
        /// What it adds.
        note: String,
    },
    /// Who leads the market settles what was reported.
    Settle {
        /// What follows.
        outcome: SettleOutcome,
        /// Against which side.
        against: Option<Side>,
        /// Why, as both sides read it.
        note: String,
    },
    /// The clock ends a silent thread.
    Expire,
}

/// Is a fact about a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum InquiryEvent {
    /// The buyer asked; the first message has number 1.
    Opened {
        /// What for.
        ask: Ask,
        /// Market time.
        at: MarketTime,
    },
    /// A message was written.
    Written {
        /// Its number.
        no: i64,
        /// Whose it is.
        by: Side,
        /// Market time.
        at: MarketTime,
        /// The market's day then.
        #[serde(default)]
        day: Day,
    },
    /// The thread ended.
    Closed {
        /// How.
        closing: Closing,
    },
    /// The thread goes on.
    Reopened {
        /// Market time.
        at: MarketTime,
    },
    /// One side reported the other.
    Reported {
        /// What it said.
        report: Report,
    },
    /// The reports were settled.
    Settled {
        /// How.
        settlement: Settlement,
    },
}

/// Says whether a step was done before by the same side with the same words, so that repeating it changes nothing.
#[must_use]
pub fn already_done(thread: &Thread, command: &InquiryCommand, speaker: Speaker) -> bool {
    match (command, speaker) {
        (InquiryCommand::Close { reason }, Speaker::Side(Side::Buyer)) => {
            thread.closed.is_some_and(|closing| closing.reason == *reason)
        }
        (InquiryCommand::Reopen, Speaker::Side(Side::Buyer)) => thread.is_running(),
        (InquiryCommand::Report { .. }, Speaker::Side(side)) => thread.open_report_of(side).is_some(),
        (InquiryCommand::Settle { outcome, against, note }, Speaker::Moderator { insider: false }) => {
            thread.is_settled_so(*outcome, *against, note)
        }
        (InquiryCommand::Expire, _) => !thread.is_running(),
        (_, _) => false,
    }
}

/// Judges a command; what it does is written into `out`.
///
/// Errors: the rule that refuses; nothing has happened then.
pub fn decide(
    thread: &Thread,
    command: &InquiryCommand,
    cx: &InquiryContext<'_>,
    out: &mut Effects<InquiryEvent>,
) -> Result<(), InquiryRejection> {
    let (at, day) = (cx.now, cx.zone.day_of(cx.now));
    match command {
        InquiryCommand::Open { ask, words } => {
            opens(thread, ask, words, cx)?;
            out.events.push(InquiryEvent::Opened { ask: ask.clone(), at });
            out.events.push(InquiryEvent::Written { no: 1, by: Side::Buyer, at, day });
        }
        InquiryCommand::Write { words } => {
            let Speaker::Side(by) = cx.speaker else { return Err(InquiryRejection::BuyersOnly) };
            unblocked(cx)?;
            if !thread.is_running() {
                return Err(InquiryRejection::Closed);
            }
            words.check()?;
            if thread.today.of(by, day) >= MESSAGES_A_DAY {
                return Err(InquiryRejection::TooManyMessages { max: MESSAGES_A_DAY });
            }
            out.events.push(InquiryEvent::Written { no: thread.messages.saturating_add(1), by, at, day });
        }
        InquiryCommand::Close { reason } => {
            buyer(cx)?;
            if !thread.is_running() {
                return Err(InquiryRejection::Closed);
            }
            // The clock's reason is nobody's word.
            let reason = if *reason == CloseReason::Silence { CloseReason::NoAnswer } else { *reason };
            out.events.push(InquiryEvent::Closed { closing: Closing { reason, at } });
        }
        InquiryCommand::Reopen => {
            buyer(cx)?;
            unblocked(cx)?;
            out.events.push(InquiryEvent::Reopened { at });
        }
        InquiryCommand::Report { reason, note } => {
            let Speaker::Side(by) = cx.speaker else { return Err(InquiryRejection::BuyersOnly) };
            if note.chars().count() > TEXT_MAX {
                return Err(InquiryRejection::NoteTooLong { max: TEXT_MAX });
            }
            out.events.push(InquiryEvent::Reported { report: Report { by, reason: *reason, note: note.clone(), at } });
        }
        InquiryCommand::Settle { outcome, against, note } => {
            out.events.push(settle(thread, (*outcome, *against, note), cx.speaker, at)?);
        }
        InquiryCommand::Expire => {
            if !thread.is_running() || expiry(thread, cx.zone).is_none_or(|due| due > cx.now) {
                return Err(InquiryRejection::Closed);
            }
            out.events.push(InquiryEvent::Closed { closing: Closing { reason: CloseReason::Silence, at } });
        }
    }
    Ok(())
}

fn opens(thread: &Thread, ask: &Ask, words: &Words, cx: &InquiryContext<'_>) -> Result<(), InquiryRejection> {
    buyer(cx)?;
    if thread.buyer == thread.seller {
        return Err(InquiryRejection::OwnCompany);
    }
    if !cx.sells {
        return Err(InquiryRejection::NotASeller);
    }
    unblocked(cx)?;
    let errors = ask.validate();
    if !errors.is_empty() {
        return Err(InquiryRejection::Invalid(errors));
    }
    words.check()
}

fn buyer(cx: &InquiryContext<'_>) -> Result<(), InquiryRejection> {
    if cx.speaker == Speaker::Side(Side::Buyer) { Ok(()) } else { Err(InquiryRejection::BuyersOnly) }
}

fn unblocked(cx: &InquiryContext<'_>) -> Result<(), InquiryRejection> {
    match cx.block {
        Some(Block::ByOther) => Err(InquiryRejection::NotTaken),
        Some(Block::ByOwn) => Err(InquiryRejection::BlockedByYou),
        None => Ok(()),
    }
}

/// Applies a fact.
pub fn evolve(thread: &mut Thread, event: &InquiryEvent) {
    match event {
        InquiryEvent::Opened { ask, at } => {
            thread.status = ThreadStatus::Open;
            thread.ask = ask.clone();
            (thread.opened_at, thread.last_at) = (*at, *at);
        }
        InquiryEvent::Written { no, by, at, day } => {
            thread.today.count(*by, *day);
            (thread.messages, thread.last_at) = (*no, *at);
            match by {
                Side::Buyer => thread.last_of_buyer = *no,
                Side::Seller => {
                    thread.last_of_seller = *no;
                    thread.answered_at.get_or_insert(*at);
                    thread.status = ThreadStatus::Answered;
                }
            }
        }
        InquiryEvent::Closed { closing } => {
            thread.status = ThreadStatus::Closed;
            (thread.closed, thread.last_at) = (Some(*closing), closing.at);
        }
        InquiryEvent::Reopened { at } => {
            thread.status = if thread.answered_at.is_some() { ThreadStatus::Answered } else { ThreadStatus::Open };
            (thread.closed, thread.last_at) = (None, *at);
        }
        InquiryEvent::Reported { report } => thread.reports.push(report.clone()),
        InquiryEvent::Settled { settlement } => thread.settlements.push(settlement.clone()),
    }
}

/// Gives when the clock ends a running thread: 24:00 of the day [`SILENCE_DAYS`] after the last word (ruling 50).
#[must_use]
pub fn expiry(thread: &Thread, zone: &Zone) -> Option<MarketTime> {
    thread.is_running().then(|| zone.end_of_day(thread.last_at, SILENCE_DAYS))
}
