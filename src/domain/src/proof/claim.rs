//! One claim of a company: what it says, what it shows for it, and what became of it.

use serde::{Deserialize, Serialize};

use super::rejection::ProofRejection;
use super::words::{ProofKind, ProofReason, ProofState};
use crate::kernel::{Day, FieldError, FileId, MarketTime, ProofId, UserId, Zone};

/// Longest statement, in characters.
pub const STATEMENT_MAX: usize = 300;
/// Longest number and issuer, in characters.
pub const NUMBER_MAX: usize = 80;
/// Longest note of a checker, in characters.
pub const NOTE_MAX: usize = 1_000;
/// Files of a claim at most.
pub const EVIDENCE_MAX: usize = 10;
/// Days for which a proof may be confirmed at most.
pub const VALID_DAYS_MAX: i32 = 3_660;
/// Characters of a private number that others read.
const SHOWN: usize = 4;

/// Is what a company says and shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// What is claimed, in the company's words.
    pub statement: String,
    /// Number of the licence, the account, the certificate.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Evidence uploaded before.
    pub files: Vec<FileId>,
}

impl Paper {
    pub(super) fn check(&self, kind: ProofKind) -> Result<(), ProofRejection> {
        let length = |text: &str| text.chars().count();
        let empty = |text: &str| text.trim().is_empty();
        let checks = [
            (
                empty(&self.statement) || length(&self.statement) > STATEMENT_MAX,
                "/statement",
                "proof.statement",
                "The statement has 1 to 300 characters.",
            ),
            (
                (empty(&self.number) && kind != ProofKind::SiteVisit) || length(&self.number) > NUMBER_MAX,
                "/number",
                "proof.number",
                "The number has 1 to 80 characters.",
            ),
            (length(&self.issuer) > NUMBER_MAX, "/issuer", "proof.issuer", "The issuer has at most 80 characters."),
            (
                self.files.is_empty() || self.files.len() > EVIDENCE_MAX,
                "/file_ids",
                "proof.evidence",
                "A claim shows 1 to 10 files.",
            ),
        ];
        let errors: Vec<FieldError> =
            checks.into_iter().filter(|c| c.0).map(|(_, at, code, why)| FieldError::new(at, code, why)).collect();
        if errors.is_empty() { Ok(()) } else { Err(ProofRejection::Invalid(errors)) }
    }
}

/// Is what a checker said of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Who checked.
    pub by: UserId,
    /// Market time.
    pub at: MarketTime,
    /// Why it was sent back or refused; `None` for a confirmation.
    pub reason: Option<ProofReason>,
    /// What the checker adds.
    pub note: String,
}

/// Is one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its identity.
    pub id: ProofId,
    /// Its number within the company, from 1.
    pub no: i32,
    /// What it is about.
    pub kind: ProofKind,
    /// What it says and shows.
    pub paper: Paper,
    /// Where it stands.
    pub state: ProofState,
    /// Who submitted it.
    pub by: UserId,
    /// When it was submitted, or answered last.
    pub submitted_at: MarketTime,
    /// When its state changed last.
    pub since: MarketTime,
    /// What was said of it last.
    pub verdict: Option<Verdict>,
    /// Its last day; it is over at 24:00 of the market's zone.
    pub valid_until: Option<Day>,
    /// The day on which somebody should look again.
    pub recheck_on: Option<Day>,
}

impl Claim {
    /// Says whether it proves something at this moment.
    #[must_use]
    pub fn is_valid(&self, now: MarketTime, zone: &Zone) -> bool {
        self.expiry(zone).is_some_and(|end| now < end)
    }

    /// Gives when a confirmed claim is over: 24:00 of its last day (ruling 50).
    #[must_use]
    pub fn expiry(&self, zone: &Zone) -> Option<MarketTime> {
        let last = self.valid_until.filter(|_| self.state == ProofState::Confirmed)?;
        Some(zone.end_of(last))
    }

    /// Gives where it stands for a reader of this moment: expired from 24:00 of its last day on, whoever noted it.
    #[must_use]
    pub fn state_at(&self, now: MarketTime, zone: &Zone) -> ProofState {
        let over = self.state == ProofState::Confirmed && !self.is_valid(now, zone);
        if over { ProofState::Expired } else { self.state }
    }

    /// Says whether two claims are about the same thing, so that the newer takes the older one's place.
    #[must_use]
    pub fn is_same_sort(&self, kind: ProofKind, number: &str) -> bool {
        self.kind == kind && (!kind.is_many() || plain(&self.paper.number) == plain(number))
    }

    /// Gives the number as others read it: of private ones the last four characters.
    #[must_use]
    pub fn public_number(&self) -> String {
        let number = self.paper.number.trim();
        if !self.kind.is_private() {
            return number.to_owned();
        }
        let length = number.chars().count();
        // A short number would be told by its end.
        let shown = if length >= SHOWN * 2 { SHOWN } else { 0 };
        let end: String = number.chars().skip(length.saturating_sub(shown)).collect();
        if number.is_empty() { String::new() } else { format!("…{end}") }
    }
}

/// Gives a number without what people write differently: spaces, dashes, case.
#[must_use]
pub fn plain(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
