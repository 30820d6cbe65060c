//! All claims of one company, and the steps on them.
//!
//! Promises that a claim is decided once, by somebody outside the company, in one step (two when more was asked), and that
//! what is confirmed ends at 24:00 of its last day. Refuses a second open claim of the same sort.

use serde::{Deserialize, Serialize};

use super::claim::{Claim, NOTE_MAX, Paper, VALID_DAYS_MAX, Verdict};
use super::level::Level;
use super::rejection::ProofRejection;
use super::words::{ProofKind, ProofReason, ProofState};
use crate::kernel::{Day, Effects, FieldError, MarketTime, ProofId, UserId, Zone};

/// Claims of a company that are kept.
pub const CLAIMS_MAX: usize = 120;

/// Is the state: a company's claims in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Dossier {
    /// The claims.
    pub claims: Vec<Claim>,
}

impl Dossier {
    /// Finds a claim.
    #[must_use]
    pub fn claim(&self, id: ProofId) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.id == id)
    }

    /// Gives the level that the proofs valid at this moment reach.
    #[must_use]
    pub fn level(&self, now: MarketTime, zone: &Zone) -> Level {
        Level::of(|kind| self.claims.iter().any(|claim| claim.kind == kind && claim.is_valid(now, zone)))
    }

    /// Lists what is missing for the next level at this moment.
    #[must_use]
    pub fn missing(&self, now: MarketTime, zone: &Zone) -> Vec<ProofKind> {
        let there = |kind: &ProofKind| self.claims.iter().any(|c| c.kind == *kind && c.is_valid(now, zone));
        self.level(now, zone).demands_of_next().iter().copied().filter(|kind| !there(kind)).collect()
    }
}

/// Names who acts on a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// Somebody of the company.
    Company(UserId),
    /// An admin of the market.
    Checker {
        /// Who.
        user: UserId,
        /// Whether they have, or had, a seat in the company.
        insider: bool,
    },
    /// The clock.
    Clock,
}

/// Is what a decision may look at beside the state.
#[derive(Debug, Clone, Copy)]
pub struct ProofContext<'a> {
    /// Market time.
    pub now: MarketTime,
    /// Who acts.
    pub hand: Hand,
    /// The market's time zone.
    pub zone: &'a Zone,
}

/// Is what somebody wants of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofCommand {
    /// The company makes a claim.
    Submit {
        /// The identity it gets.
        id: ProofId,
        /// What it is about.
        kind: ProofKind,
        /// What it says and shows.
        paper: Paper,
    },
    /// The company answers what was asked.
    Answer {
        /// The claim.
        id: ProofId,
        /// What it says and shows now.
        paper: Paper,
    },
    /// The company takes a claim back.
    Withdraw {
        /// The claim.
        id: ProofId,
    },
    /// A checker decides.
    Decide {
        /// The claim.
        id: ProofId,
        /// How.
        ruling: Ruling,
        /// What the checker adds.
        note: String,
    },
    /// The clock ends a confirmed claim.
    Expire {
        /// Its number.
        no: i32,
    },
}

/// Is how a checker decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// Asks the company for more.
    Ask(ProofReason),
    /// Finds the claim right.
    Confirm {
        /// Its last day.
        valid_until: Day,
        /// The day on which somebody should look again.
        recheck_on: Option<Day>,
    },
    /// Does not find it right.
    Refuse(ProofReason),
    /// Takes a confirmation back.
    Revoke(ProofReason),
    /// Has looked again and found it still right.
    Recheck {
        /// The day on which somebody should look next.
        recheck_on: Option<Day>,
    },
}

/// Is a fact about a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ProofEvent {
    /// A claim was made.
    Submitted {
        /// The claim as it stands then.
        claim: Box<Claim>,
    },
    /// The company answered.
    Answered {
        /// The claim.
        id: ProofId,
        /// What it says and shows now.
        paper: Paper,
        /// Market time.
        at: MarketTime,
    },
    /// A claim's state changed.
    Moved {
        /// The claim.
        id: ProofId,
        /// Where it stands now.
        to: ProofState,
        /// What was said of it, if anything.
        verdict: Option<Verdict>,
        /// Market time.
        at: MarketTime,
    },
    /// Last day and next look were set.
    Dated {
        /// The claim.
        id: ProofId,
        /// Its last day.
        valid_until: Option<Day>,
        /// The day on which somebody should look again.
        recheck_on: Option<Day>,
        /// What was said of it.
        verdict: Verdict,
    },
}

/// Gives the claim that a step was about when it was taken before in the same words, so that repeating it changes nothing.
#[must_use]
pub fn already_done<'a>(dossier: &'a Dossier, command: &ProofCommand, cx: &ProofContext<'_>) -> Option<&'a Claim> {
    match command {
        ProofCommand::Submit { kind, paper, .. } => {
            dossier.claims.iter().find(|c| c.state == ProofState::Submitted && c.kind == *kind && c.paper == *paper)
        }
        ProofCommand::Answer { id, paper } => {
            dossier.claim(*id).filter(|c| c.state == ProofState::Submitted && c.verdict.is_some() && c.paper == *paper)
        }
        ProofCommand::Withdraw { id } => dossier.claim(*id).filter(|c| c.state == ProofState::Withdrawn),
        ProofCommand::Decide { id, ruling, note } => {
            let Hand::Checker { user, .. } = cx.hand else { return None };
            let claim = dossier.claim(*id)?;
            let said = claim.verdict.as_ref().filter(|v| v.by == user && v.note == *note)?;
            let same = match ruling {
                Ruling::Ask(reason) => claim.state == ProofState::MoreAsked && said.reason == Some(*reason),
                Ruling::Refuse(reason) | Ruling::Revoke(reason) => {
                    claim.state == ProofState::Refused && said.reason == Some(*reason)
                }
                Ruling::Confirm { valid_until, recheck_on } => {
                    claim.state == ProofState::Confirmed
                        && (claim.valid_until, claim.recheck_on) == (Some(*valid_until), *recheck_on)
                }
                Ruling::Recheck { recheck_on } => {
                    claim.state == ProofState::Confirmed && claim.recheck_on == *recheck_on
                }
            };
            same.then_some(claim)
        }
        ProofCommand::Expire { no } => dossier.claims.iter().find(|c| c.no == *no && c.state != ProofState::Confirmed),
    }
}

/// Judges a command; what it does is written into `out`.
///
/// Errors: the rule that refuses; nothing has happened then.
pub fn decide(
    dossier: &Dossier,
    command: &ProofCommand,
    cx: &ProofContext<'_>,
    out: &mut Effects<ProofEvent>,
) -> Result<(), ProofRejection> {
    match command {
        ProofCommand::Submit { id, kind, paper } => submit(dossier, (*id, *kind, paper), cx, out),
        ProofCommand::Answer { id, paper } => {
            of_company(cx)?;
            let claim = dossier.claim(*id).ok_or(ProofRejection::Unknown)?;
            if claim.state != ProofState::MoreAsked {
                return Err(ProofRejection::WrongState { state: claim.state });
            }
            paper.check(claim.kind)?;
            if claim.kind.is_many() && waits(dossier, claim.kind, &paper.number, Some(*id)) {
                return Err(ProofRejection::Open);
            }
            out.events.push(ProofEvent::Answered { id: *id, paper: paper.clone(), at: cx.now });
            Ok(())
        }
        ProofCommand::Withdraw { id } => {
            of_company(cx)?;
            let claim = dossier.claim(*id).ok_or(ProofRejection::Unknown)?;
            if !claim.state.is_open() && claim.state != ProofState::Confirmed {
                return Err(ProofRejection::WrongState { state: claim.state });
            }
            out.events.push(moved(claim, ProofState::Withdrawn, claim.verdict.clone(), cx.now));
            Ok(())
        }
        ProofCommand::Decide { id, ruling, note } => rule(dossier, *id, *ruling, note, cx, out),
        ProofCommand::Expire { no } => {
            let claim = dossier.claims.iter().find(|claim| claim.no == *no).ok_or(ProofRejection::Unknown)?;
            if claim.expiry(cx.zone).is_none_or(|end| end > cx.now) {
                return Err(ProofRejection::WrongState { state: claim.state });
            }
            out.events.push(moved(claim, ProofState::Expired, claim.verdict.clone(), cx.now));
            Ok(())
        }
    }
}

fn moved(claim: &Claim, to: ProofState, verdict: Option<Verdict>, at: MarketTime) -> ProofEvent {
    ProofEvent::Moved { id: claim.id, to, verdict, at }
}

fn of_company(cx: &ProofContext<'_>) -> Result<UserId, ProofRejection> {
    if let Hand::Company(user) = cx.hand { Ok(user) } else { Err(ProofRejection::NotYours) }
}

/// Whether another claim of the same sort is open.
fn waits(dossier: &Dossier, kind: ProofKind, number: &str, beside: Option<ProofId>) -> bool {
    dossier.claims.iter().any(|c| c.state.is_open() && c.is_same_sort(kind, number) && Some(c.id) != beside)
}

fn submit(
    dossier: &Dossier,
    (id, kind, paper): (ProofId, ProofKind, &Paper),
    cx: &ProofContext<'_>,
    out: &mut Effects<ProofEvent>,
) -> Result<(), ProofRejection> {
    let by = of_company(cx)?;
    paper.check(kind)?;
    if waits(dossier, kind, &paper.number, None) {
        return Err(ProofRejection::Open);
    }
    if dossier.claims.len() >= CLAIMS_MAX {
        return Err(ProofRejection::TooMany { max: CLAIMS_MAX });
    }
    let no = dossier.claims.last().map_or(0, |last| last.no).saturating_add(1);
    let claim = Claim {
        id,
        no,
        kind,
        paper: paper.clone(),
        state: ProofState::Submitted,
        by,
        submitted_at: cx.now,
        since: cx.now,
        verdict: None,
        valid_until: None,
        recheck_on: None,
    };
    out.events.push(ProofEvent::Submitted { claim: Box::new(claim) });
    Ok(())
}

fn rule(
    dossier: &Dossier,
    id: ProofId,
    ruling: Ruling,
    note: &str,
    cx: &ProofContext<'_>,
    out: &mut Effects<ProofEvent>,
) -> Result<(), ProofRejection> {
    let Hand::Checker { user, insider } = cx.hand else { return Err(ProofRejection::NotYours) };
    let claim = dossier.claim(id).ok_or(ProofRejection::Unknown)?;
    if insider || user == claim.by {
        return Err(ProofRejection::OwnClaim);
    }
    let verdict = |reason: Option<ProofReason>| -> Result<Verdict, ProofRejection> {
        if note.chars().count() > NOTE_MAX {
            let why = "A note has at most 1,000 characters.";
            return Err(ProofRejection::Invalid(vec![FieldError::new("/note", "proof.note", why)]));
        }
        if reason == Some(ProofReason::Other) && note.trim().is_empty() {
            return Err(ProofRejection::ReasonMissing);
        }
        Ok(Verdict { by: user, at: cx.now, reason, note: note.to_owned() })
    };
    match ruling {
        Ruling::Ask(reason) => {
            undecided(claim)?;
            if claim.state != ProofState::Submitted {
                return Err(ProofRejection::WrongState { state: claim.state });
            }
            out.events.push(moved(claim, ProofState::MoreAsked, Some(verdict(Some(reason))?), cx.now));
        }
        Ruling::Refuse(reason) => {
            undecided(claim)?;
            out.events.push(moved(claim, ProofState::Refused, Some(verdict(Some(reason))?), cx.now));
        }
        Ruling::Confirm { valid_until, recheck_on } => {
            undecided(claim)?;
            dates(valid_until, recheck_on, cx)?;
            let said = verdict(None)?;
            let older = dossier.claims.iter().filter(|c| c.state == ProofState::Confirmed);
            for old in older.filter(|c| c.is_same_sort(claim.kind, &claim.paper.number)) {
                out.events.push(moved(old, ProofState::Replaced, old.verdict.clone(), cx.now));
            }
            out.events.push(moved(claim, ProofState::Confirmed, Some(said.clone()), cx.now));
            out.events.push(ProofEvent::Dated { id, valid_until: Some(valid_until), recheck_on, verdict: said });
        }
        Ruling::Revoke(reason) => {
            confirmed(claim, cx)?;
            out.events.push(moved(claim, ProofState::Refused, Some(verdict(Some(reason))?), cx.now));
        }
        Ruling::Recheck { recheck_on } => {
            confirmed(claim, cx)?;
            dates(claim.valid_until.unwrap_or_default(), recheck_on, cx)?;
            let verdict = verdict(None)?;
            out.events.push(ProofEvent::Dated { id, valid_until: claim.valid_until, recheck_on, verdict });
        }
    }
    Ok(())
}

fn undecided(claim: &Claim) -> Result<(), ProofRejection> {
    if claim.state.is_open() {
        return Ok(());
    }
    Err(ProofRejection::Decided { state: claim.state, at: claim.since })
}

fn confirmed(claim: &Claim, cx: &ProofContext<'_>) -> Result<(), ProofRejection> {
    if claim.is_valid(cx.now, cx.zone) {
        return Ok(());
    }
    Err(ProofRejection::WrongState { state: claim.state_at(cx.now, cx.zone) })
}

fn dates(valid_until: Day, recheck_on: Option<Day>, cx: &ProofContext<'_>) -> Result<(), ProofRejection> {
    let today = cx.zone.day_of(cx.now);
    if valid_until < today || valid_until > today.plus(VALID_DAYS_MAX) {
        return Err(ProofRejection::ValidUntil);
    }
    if recheck_on.is_some_and(|day| day <= today || day > valid_until) {
        return Err(ProofRejection::RecheckOn);
    }
    Ok(())
}

/// Applies a fact.
pub fn evolve(dossier: &mut Dossier, event: &ProofEvent) {
    let id = match event {
        ProofEvent::Submitted { claim } => {
            dossier.claims.push(claim.as_ref().clone());
            return;
        }
        ProofEvent::Answered { id, .. } | ProofEvent::Moved { id, .. } | ProofEvent::Dated { id, .. } => *id,
    };
    let Some(claim) = dossier.claims.iter_mut().find(|claim| claim.id == id) else { return };
    match event {
        ProofEvent::Submitted { .. } => {}
        ProofEvent::Answered { paper, at, .. } => {
            claim.paper = paper.clone();
            claim.state = ProofState::Submitted;
            (claim.submitted_at, claim.since) = (*at, *at);
        }
        ProofEvent::Moved { to, verdict, at, .. } => {
            (claim.state, claim.since) = (*to, *at);
            claim.verdict = verdict.clone();
        }
        ProofEvent::Dated { valid_until, recheck_on, verdict, .. } => {
            (claim.valid_until, claim.recheck_on) = (*valid_until, *recheck_on);
            claim.verdict = Some(verdict.clone());
        }
    }
}
