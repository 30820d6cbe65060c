//! What the routes answer: badges for everybody, claims for their company and the market's admins.

use super::read::Listed;
use crate::platform::problem::Fault;
use crate::platform::schema::{FileCard, MoneyView, words};
use crate::platform::shelf::Card;
use entrepot_domain::kernel::{FileId, MarketTime, UserId, Zone};
use entrepot_domain::proof as domain;
use entrepot_domain::proof::{Claim, Dossier, GuaranteeLimit, Level, NotRated, Verdict};
use entrepot_domain::trade::TradeRecord;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use utoipa::ToSchema;

words! {
    /// What a claim is about.
    ProofKind = domain::ProofKind::ALL;
    /// Where a claim stands.
    ProofState = domain::ProofState::ALL;
    /// Why a claim was sent back or refused.
    ProofReason = domain::ProofReason::ALL;
}

/// Names of users by identifier.
pub type Names = HashMap<u128, String>;

/// With what a claim is shown: the moment, the zone, names and evidence.
pub struct Shown<'a> {
    /// Market time.
    pub now: MarketTime,
    /// The market's zone.
    pub zone: &'a Zone,
    /// Names of who submitted and checked.
    pub names: &'a Names,
    /// Cards of evidence.
    pub cards: &'a HashMap<u128, Card>,
}

impl Shown<'_> {
    fn name(&self, user: UserId) -> String {
        self.names.get(&user.0).cloned().unwrap_or_default()
    }
}

/// Users that claims name.
pub fn users_of<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<u128> {
    claims.into_iter().flat_map(|c| [Some(c.by.0), c.verdict.as_ref().map(|v| v.by.0)]).flatten().collect()
}

/// Evidence that claims name.
pub fn files_of<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<FileId> {
    claims.into_iter().flat_map(|claim| claim.paper.files.iter().copied()).collect()
}

/// A step that was taken.
#[derive(Serialize, ToSchema)]
pub struct ProofReceipt {
    /// The claim.
    id: String,
    /// The company's version.
    version: i64,
    #[schema(value_type = ProofState)]
    state: &'static str,
    /// The company's level of verification after the step, 0 to 3.
    level: u8,
}

impl ProofReceipt {
    /// The receipt of a step that leads to this claim.
    pub fn of(claim: &Claim, version: i64, level: u8) -> Self {
        Self { id: claim.id.to_string(), version, state: claim.state.as_str(), level }
    }
}

/// A badge: what was checked, by whom, on which day, and until when it counts.
#[derive(Serialize, ToSchema)]
pub struct ProofBadge {
    /// What it is about.
    #[schema(value_type = ProofKind)]
    pub kind: &'static str,
    /// `confirmed`, or `expired` once its last day is over.
    #[schema(value_type = ProofState)]
    pub state: &'static str,
    /// What the company claims, in its words.
    pub statement: String,
    /// Number of the paper; of accounts and persons the last characters only.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Name of the admin who checked it.
    pub checked_by: String,
    /// Market time of the check.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub checked_at: Option<MarketTime>,
    /// Last day, `YYYY-MM-DD`.
    #[schema(required = true)]
    pub valid_until: Option<String>,
}

impl ProofBadge {
    fn of(claim: &Claim, shown: &Shown<'_>) -> Self {
        let said = claim.verdict.as_ref();
        Self {
            kind: claim.kind.as_str(),
            state: claim.state_at(shown.now, shown.zone).as_str(),
            statement: claim.paper.statement.clone(),
            number: claim.public_number(),
            issuer: claim.paper.issuer.clone(),
            checked_by: said.map(|said| shown.name(said.by)).unwrap_or_default(),
            checked_at: said.map(|said| said.at),
            valid_until: claim.valid_until.map(|day| day.to_string()),
        }
    }
}

/// What a company has proved.
#[derive(Serialize, ToSchema)]
pub struct CompanyProofs {
    /// Level of verification at this moment, 0 to 3.
    pub level: u8,
    /// Valid proofs in the order of the checklist, then expired ones.
    pub proofs: Vec<ProofBadge>,
    /// SHA-256 over company, level and proofs; a printed report carries it, so that it can be held against this answer.
    pub sha256: String,
    /// Market time of this answer.
    #[schema(value_type = String, format = DateTime)]
    pub at: MarketTime,
}

/// Claims everybody sees: valid ones first, and expired ones that no newer one has replaced.
pub fn public<'a>(dossier: &'a Dossier, now: MarketTime, zone: &Zone) -> Vec<&'a Claim> {
    let state = |claim: &Claim| claim.state_at(now, zone);
    let renewed = |old: &Claim| {
        let mut others =
            dossier.claims.iter().filter(|c| c.id != old.id && c.is_same_sort(old.kind, &old.paper.number));
        others.any(|c| c.is_valid(now, zone) || (c.no > old.no && state(c) == domain::ProofState::Expired))
    };
    let mut seen: Vec<&Claim> = dossier
        .claims
        .iter()
        .filter(|claim| match state(claim) {
            domain::ProofState::Confirmed => true,
            domain::ProofState::Expired => !renewed(claim),
            domain::ProofState::Submitted | domain::ProofState::MoreAsked | domain::ProofState::Refused => false,
            domain::ProofState::Withdrawn | domain::ProofState::Replaced => false,
        })
        .collect();
    seen.sort_by_key(|claim| (state(claim) == domain::ProofState::Expired, claim.kind, claim.no));
    seen
}

impl CompanyProofs {
    /// What everybody sees of a company's dossier.
    pub fn of(company: u128, dossier: &Dossier, shown: &Shown<'_>) -> Result<Self, Fault> {
        let level = dossier.level(shown.now, shown.zone).number();
        let claims = public(dossier, shown.now, shown.zone);
        let proofs: Vec<ProofBadge> = claims.into_iter().map(|claim| ProofBadge::of(claim, shown)).collect();
        let said = serde_json::to_vec(&(format!("{company:032x}"), level, &proofs))?;
        let hash = Sha256::new().chain_update(b"entrepot.proofs.v1").chain_update(said).finalize();
        let sha256 = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { level, proofs, sha256, at: shown.now })
    }
}

/// What a checker said.
#[derive(Serialize, ToSchema)]
struct ProofVerdict {
    /// Name of the admin.
    by: String,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
    /// Why it was sent back or refused; `null` for a confirmation.
    #[schema(required = true, value_type = Option<ProofReason>)]
    reason: Option<&'static str>,
    note: String,
}

/// A claim as its company and the market's admins see it.
#[derive(Serialize, ToSchema)]
pub struct ProofView {
    id: String,
    /// Number within the company, from 1.
    no: i32,
    #[schema(value_type = ProofKind)]
    kind: &'static str,
    #[schema(value_type = ProofState)]
    state: &'static str,
    statement: String,
    number: String,
    issuer: String,
    files: Vec<FileCard>,
    /// Name of who submitted it.
    submitted_by: String,
    /// Market time of submission, or of the last answer.
    #[schema(value_type = String, format = DateTime)]
    submitted_at: MarketTime,
    /// Market time of the last change of state.
    #[schema(value_type = String, format = DateTime)]
    since: MarketTime,
    /// What was said of it last.
    #[schema(required = true)]
    verdict: Option<ProofVerdict>,
    /// Last day, `YYYY-MM-DD`; the proof ends at 24:00 in the market's zone.
    #[schema(required = true)]
    valid_until: Option<String>,
    /// Market time at which a confirmed proof ends.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    ends_at: Option<MarketTime>,
    /// Day on which an admin should look again, `YYYY-MM-DD`.
    #[schema(required = true)]
    recheck_on: Option<String>,
}

impl ProofView {
    /// The whole claim.
    pub fn of(claim: &Claim, shown: &Shown<'_>) -> Self {
        let verdict = |said: &Verdict| ProofVerdict {
            by: shown.name(said.by),
            at: said.at,
            reason: said.reason.map(|reason| reason.as_str()),
            note: said.note.clone(),
        };
        Self {
            id: claim.id.to_string(),
            no: claim.no,
            kind: claim.kind.as_str(),
            state: claim.state_at(shown.now, shown.zone).as_str(),
            statement: claim.paper.statement.clone(),
            number: claim.paper.number.clone(),
            issuer: claim.paper.issuer.clone(),
            files: claim.paper.files.iter().filter_map(|id| shown.cards.get(&id.0)).map(FileCard::from).collect(),
            submitted_by: shown.name(claim.by),
            submitted_at: claim.submitted_at,
            since: claim.since,
            verdict: claim.verdict.as_ref().map(verdict),
            valid_until: claim.valid_until.map(|day| day.to_string()),
            ends_at: claim.expiry(shown.zone),
            recheck_on: claim.recheck_on.map(|day| day.to_string()),
        }
    }
}

/// The own company's proofs: where it stands and what the next level demands.
#[derive(Serialize, ToSchema)]
pub struct OwnProofs {
    /// Level of verification at this moment, 0 to 3.
    level: u8,
    /// The most that the platform stands up for with a company of this level.
    cap: MoneyView,
    /// The guarantee limit of a company of this level that has no score.
    limit_unrated: MoneyView,
    /// What is missing for the next level; empty at the highest.
    #[schema(value_type = Vec<ProofKind>)]
    missing: Vec<&'static str>,
    /// The newest first.
    proofs: Vec<ProofView>,
    /// Whether the reader may submit, answer and withdraw.
    can_submit: bool,
}

impl OwnProofs {
    /// What the company sees of its dossier.
    pub fn of(dossier: &Dossier, shown: &Shown<'_>, can_submit: bool) -> Self {
        let level: Level = dossier.level(shown.now, shown.zone);
        Self {
            level: level.number(),
            cap: level.cap().into(),
            limit_unrated: NotRated.limit(level).into(),
            missing: dossier.missing(shown.now, shown.zone).into_iter().map(domain::ProofKind::as_str).collect(),
            proofs: dossier.claims.iter().rev().map(|claim| ProofView::of(claim, shown)).collect(),
            can_submit,
        }
    }
}

/// The company behind a claim.
#[derive(Serialize, ToSchema)]
struct ProofCompany {
    id: String,
    name: String,
    country: String,
}

/// A claim in the admins' queue.
#[derive(Serialize, ToSchema)]
pub struct QueuedProof {
    #[serde(flatten)]
    proof: ProofView,
    company: ProofCompany,
    /// The company's registration number, to hold the claim against.
    registration_number: String,
    /// Other companies of the market that claimed the same number.
    same_number: i64,
    /// The reader sits or sat in the company and may not decide.
    own_company: bool,
}

/// What an admin needs beside a claim to decide on it.
pub struct Beside {
    /// The company's registration number.
    pub registration_number: String,
    /// Other companies with the same number.
    pub same_number: i64,
    /// The reader belongs or belonged to the company.
    pub insider: bool,
}

impl QueuedProof {
    /// A claim with what an admin needs beside it.
    pub fn of(listed: &Listed, shown: &Shown<'_>, beside: Beside) -> Self {
        let (name, country) = listed.named.clone();
        Self {
            proof: ProofView::of(&listed.claim, shown),
            company: ProofCompany { id: format!("{:032x}", listed.company), name, country },
            registration_number: beside.registration_number,
            same_number: beside.same_number,
            own_company: beside.insider,
        }
    }
}

/// A page of the admins' queue.
#[derive(Serialize, ToSchema)]
pub struct ProofQueue {
    /// The rows.
    pub items: Vec<QueuedProof>,
    /// Send it back as `cursor` for the next page; `null` on the last.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    /// Claims that wait for a decision, counted up to 1,000.
    pub waiting: i64,
    /// Confirmed claims that should be looked at again by today, counted up to 1,000.
    pub recheck: i64,
}

/// What a seller's orders of the last 180 market days say.
#[derive(Serialize, ToSchema)]
pub struct TradeRecordView {
    /// Days looked back over.
    days: i64,
    /// Orders closed.
    closed: i64,
    /// Shipments whose date is over or that were dispatched.
    shipments: i64,
    /// Of these, dispatched in time.
    on_time: i64,
    /// Of these, dispatched late or not at all.
    late: i64,
    /// Orders cut or ended because the seller was late.
    cancelled_late: i64,
    /// Orders cut or ended by consent at the seller's request.
    cancelled_by_seller: i64,
    /// Share dispatched in time, in hundredths of a per cent; `null` with fewer than five shipments.
    #[schema(required = true)]
    on_time_bps: Option<i64>,
}

impl From<TradeRecord> for TradeRecordView {
    fn from(record: TradeRecord) -> Self {
        Self {
            days: entrepot_domain::trade::RECORD_DAYS,
            closed: record.closed,
            shipments: record.shipments,
            on_time: record.on_time,
            late: record.late,
            cancelled_late: record.cancelled_late,
            cancelled_by_seller: record.cancelled_by_seller,
            on_time_bps: record.on_time_share.map(|share| share.0),
        }
    }
}

/// A seller's trade record, or the era that brings one.
#[derive(Serialize, ToSchema)]
pub struct SupplierRecord {
    /// `null` where the market keeps no data of orders.
    #[schema(required = true)]
    pub record: Option<TradeRecordView>,
    /// The era that brings trade records.
    pub era: &'static str,
}
