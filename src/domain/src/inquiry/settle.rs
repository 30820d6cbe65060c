//! How a report is settled by those who lead the market: nothing, a warning, or a block, with a reason both sides read.
//!
//! Promises that a settlement answers every report that is open then and is never changed. Refuses one where nothing is reported,
//! by somebody who belongs or belonged to one of the two companies, and a measure against nobody.

use serde::{Deserialize, Serialize};

use super::rejection::InquiryRejection;
use super::thread::{InquiryEvent, Speaker, Thread};
use super::words::{Report, SettleOutcome};
use crate::kernel::{FieldError, MarketTime, Side};

/// Longest reason of a settlement, in characters.
pub const SETTLE_NOTE_MAX: usize = 1_000;

/// Is what was decided about the reports of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What follows.
    pub outcome: SettleOutcome,
    /// Which side it is against; `None` when nothing follows.
    pub against: Option<Side>,
    /// Why, as both sides read it.
    pub note: String,
    /// Market time.
    pub at: MarketTime,
    /// How many reports were there: those and no later ones are settled by it.
    pub reports: usize,
}

impl Thread {
    /// Gives the reports that nobody has settled yet.
    #[must_use]
    pub fn open_reports(&self) -> &[Report] {
        let settled = self.settlements.last().map_or(0, |settlement| settlement.reports);
        self.reports.get(settled..).unwrap_or_default()
    }

    /// Gives the open report of one side.
    #[must_use]
    pub fn open_report_of(&self, side: Side) -> Option<&Report> {
        self.open_reports().iter().find(|report| report.by == side)
    }

    /// Says whether the newest settlement said exactly this and nothing was reported since.
    pub(super) fn is_settled_so(&self, outcome: SettleOutcome, against: Option<Side>, note: &str) -> bool {
        let same = |last: &Settlement| (last.outcome, last.against, last.note.as_str()) == (outcome, against, note);
        self.open_reports().is_empty() && self.settlements.last().is_some_and(same)
    }
}

/// Judges a settlement.
pub(super) fn settle(
    thread: &Thread,
    (outcome, against, note): (SettleOutcome, Option<Side>, &str),
    speaker: Speaker,
    at: MarketTime,
) -> Result<InquiryEvent, InquiryRejection> {
    match speaker {
        Speaker::Moderator { insider: false } => {}
        Speaker::Moderator { insider: true } | Speaker::Side(_) | Speaker::Clock => {
            return Err(InquiryRejection::Insider);
        }
    }
    if thread.open_reports().is_empty() {
        return Err(InquiryRejection::NothingReported);
    }
    let mut errors = Vec::new();
    if against.is_some() != outcome.is_against() {
        let detail = "A warning or a block is against one side; without either it is against none.";
        errors.push(FieldError::new("/against", "inquiry.against", detail));
    }
    if note.trim().is_empty() || note.chars().count() > SETTLE_NOTE_MAX {
        errors.push(FieldError::new("/note", "inquiry.settle_note", "The reason has 1 to 1,000 characters."));
    }
    if !errors.is_empty() {
        return Err(InquiryRejection::Invalid(errors));
    }
    let reports = thread.reports.len();
    Ok(InquiryEvent::Settled { settlement: Settlement { outcome, against, note: note.to_owned(), at, reports } })
}
