//! One step on a company's proofs on its way through the door.

use super::view::ProofReceipt;
use crate::identity::Company;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::{CompanyId, DeadlineChange, Effects, MarketTime, ProofId, Role, UserId, Zone};
use entrepot_domain::proof::{
    Claim, Dossier, Hand, ProofCommand, ProofContext, ProofEvent, Ruling, already_done, decide, evolve,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Kind of a company's dossier; its identifier is the company's.
pub const PROOF: &str = "proof";
/// The clock's step.
pub const EXPIRE: &str = "proof.expire";

/// A step on the proofs of one company.
pub struct Take {
    /// The company.
    pub company: u128,
    /// Whether the user who decides sits or sat in the company; looked at for decisions alone.
    pub insider: bool,
    /// The step and its parameters.
    pub command: ProofCommand,
}

/// What the event row tells. What a claim says and a checker adds is there as a hash: identity papers and account numbers
/// are not for everybody who reads the log.
#[derive(Serialize)]
struct Told<'a> {
    proof: ProofId,
    kind: &'static str,
    state: &'static str,
    files: Vec<String>,
    said_sha256: String,
    reason: Option<&'static str>,
    valid_until: Option<String>,
    recheck_on: Option<String>,
    level: u8,
    replaced: Vec<&'a ProofId>,
}

fn sha256(claim: &Claim) -> Result<String, Refusal> {
    let said = serde_json::to_vec(&(&claim.paper, &claim.verdict));
    let said = said.map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
    Ok(Sha256::digest(said).iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Take {
    fn key(&self) -> Key {
        Key { kind: PROOF, id: self.company }
    }

    fn hand(&self, actor: &Actor) -> Result<Hand, Refusal> {
        let user = UserId(actor.user);
        match actor.role {
            Role::System => Ok(Hand::Clock),
            Role::Admin => Ok(Hand::Checker { user, insider: self.insider || actor.company == Some(self.company) }),
            Role::Owner | Role::Trader => Ok(Hand::Company(user)),
            Role::Finance | Role::Viewer | Role::Support | Role::CreditAdmin | Role::Teacher | Role::Carrier => {
                Err(Refusal::forbidden())
            }
        }
    }

    /// The claim that the step is about, after it.
    fn claim<'a>(&self, after: &'a Dossier) -> Option<&'a Claim> {
        match &self.command {
            ProofCommand::Submit { id, .. } | ProofCommand::Answer { id, .. } | ProofCommand::Withdraw { id } => {
                after.claim(*id)
            }
            ProofCommand::Decide { id, .. } => after.claim(*id),
            ProofCommand::Expire { no } => after.claims.iter().find(|claim| claim.no == *no),
        }
    }

    fn told<'a>(&self, claim: &Claim, level: u8, events: &'a [ProofEvent]) -> Result<Told<'a>, Refusal> {
        let replaced = events.iter().filter_map(|event| match event {
            ProofEvent::Moved { id, .. } => (*id != claim.id).then_some(id),
            ProofEvent::Submitted { .. } | ProofEvent::Answered { .. } | ProofEvent::Dated { .. } => None,
        });
        Ok(Told {
            proof: claim.id,
            kind: claim.kind.as_str(),
            state: claim.state.as_str(),
            files: claim.paper.files.iter().map(ToString::to_string).collect(),
            said_sha256: sha256(claim)?,
            reason: claim.verdict.as_ref().and_then(|said| said.reason).map(|reason| reason.as_str()),
            valid_until: claim.valid_until.map(|day| day.to_string()),
            recheck_on: claim.recheck_on.map(|day| day.to_string()),
            level,
            replaced: replaced.collect(),
        })
    }
}

/// Ends of confirmed claims that are other than they were.
fn deadlines(before: &Dossier, after: &Dossier, zone: &Zone) -> Vec<DeadlineChange> {
    let end = |dossier: &Dossier, no: i32| -> Option<MarketTime> {
        dossier.claims.iter().find(|claim| claim.no == no).and_then(|claim| claim.expiry(zone))
    };
    let moved = after.claims.iter().map(|claim| claim.no).filter(|no| end(before, *no) != end(after, *no));
    moved.map(|no| DeadlineChange { step: EXPIRE, part: no, due: end(after, no) }).collect()
}

impl Command for Take {
    fn step(&self) -> &'static str {
        match &self.command {
            ProofCommand::Submit { .. } => "proof.submit",
            ProofCommand::Answer { .. } => "proof.answer",
            ProofCommand::Withdraw { .. } => "proof.withdraw",
            ProofCommand::Decide { ruling: Ruling::Ask(_), .. } => "proof.ask",
            ProofCommand::Decide { ruling: Ruling::Confirm { .. }, .. } => "proof.confirm",
            ProofCommand::Decide { ruling: Ruling::Refuse(_), .. } => "proof.refuse",
            ProofCommand::Decide { ruling: Ruling::Revoke(_), .. } => "proof.revoke",
            ProofCommand::Decide { ruling: Ruling::Recheck { .. }, .. } => "proof.recheck",
            ProofCommand::Expire { .. } => EXPIRE,
        }
    }

    fn subject(&self) -> Key {
        Company::key(self.company)
    }

    fn loads(&self) -> Vec<Key> {
        vec![self.subject(), self.key()]
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        match view.get::<Company>(self.subject()) {
            None => Relation::None,
            Some(_) if actor.oversees() => Relation::Overseer,
            Some(_) if actor.company == Some(self.company) => Relation::Party,
            // Companies are public within their market.
            Some(_) => Relation::Market,
        }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let company = view.get::<Company>(self.subject()).ok_or_else(Refusal::not_found)?;
        let empty = Dossier::default();
        let before = view.get::<Dossier>(self.key()).unwrap_or(&empty);
        let zone = Zone::parse(&cx.market.time_zone).map_err(|e| Refusal::new(500, "internal", e.to_string()))?;
        let context = ProofContext { now: cx.now, hand: self.hand(cx.actor)?, zone: &zone };
        let version = view.version(self.subject());
        if let Some(claim) = already_done(before, &self.command, &context) {
            let level = before.level(cx.now, &zone).number();
            out.reply(200, &ProofReceipt::of(claim, version, level))?;
            return Ok(Decision::Already);
        }
        let mut effects = Effects::new();
        decide(before, &self.command, &context, &mut effects)?;
        let mut after = before.clone();
        effects.events.iter().for_each(|event| evolve(&mut after, event));
        let claim = self.claim(&after).ok_or_else(Refusal::not_found)?;
        let level = after.level(cx.now, &zone).number();
        let status = if matches!(self.command, ProofCommand::Submit { .. }) { 201 } else { 200 };
        out.reply(status, &ProofReceipt::of(claim, version + 1, level))?;
        out.tell(&self.told(claim, level, &effects.events)?)?;
        out.deadlines = deadlines(before, &after, &zone);
        out.parties = [Some(self.company), None];
        let company = Company { id: CompanyId(self.company), verified_level: level, ..company.clone() };
        out.save(self.subject(), company);
        out.save(self.key(), after);
        Ok(Decision::Write)
    }
}
