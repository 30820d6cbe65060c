//! Proofs of the demo market's suppliers: most prove something, some everything; some proofs run out during the year and
//! not all of them are renewed; at its end a few wait for the admins.

use super::people::Trader;
use super::play::{DAYS, Stage};
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Fault};
use crate::platform::shelf::Card;
use crate::proof::{FILES, Take};
use entrepot_domain::kernel::{Day, FileId, ProofId, Role, Zone};
use entrepot_domain::proof::{Paper, ProofCommand, ProofKind, ProofReason, Ruling};
use std::collections::HashMap;

/// Days before its end on which a proof is renewed.
const RENEWED_BEFORE: u64 = 9;
/// Days from a claim to its decision at most.
const CHECKED_WITHIN: u64 = 3;

/// A claim and what becomes of it.
pub(super) struct Papers {
    id: u128,
    company: u128,
    kind: ProofKind,
    paper: Paper,
    submitted: u64,
    /// The day of the decision, and how long a confirmation is good for; `None` asks for more.
    decided: Option<(u64, Option<i32>)>,
}

/// What is claimed of a kind: the company's words, the number, who issued it.
fn words(trader: &Trader, kind: ProofKind, digits: u64) -> (String, String, String) {
    let (name, city, country) = (&trader.name, &trader.city, &trader.country);
    match kind {
        ProofKind::BusinessLicence => (
            format!("{name} is entered in the register of companies"),
            trader.registration.clone(),
            format!("Register of companies, {country}"),
        ),
        ProofKind::LegalRepresentative => (
            format!("{} signs for the company", trader.clerk.name),
            format!("{country}{digits:09}"),
            format!("Identity office, {country}"),
        ),
        ProofKind::BankAccount => (
            "Account in the company's own name".to_owned(),
            format!("{country}{digits:018}"),
            "The company's bank".to_owned(),
        ),
        ProofKind::SiteVisit => {
            (format!("Works in {city}, seen by a visitor"), String::new(), "Visitor of the market".to_owned())
        }
        ProofKind::ExportRegistration => (
            "Registered to export in its own name".to_owned(),
            format!("EXP-{country}-{digits:08}"),
            format!("Customs, {country}"),
        ),
        ProofKind::QualityCertificate => (
            "ISO 9001:2015, quality management".to_owned(),
            format!("QMS-{digits:06}"),
            "Certification body".to_owned(),
        ),
    }
}

/// Days a proof of this kind is good for: at least, and how many may be added.
const fn term(kind: ProofKind) -> (u64, u64) {
    match kind {
        ProofKind::BusinessLicence => (320, 1_200),
        ProofKind::LegalRepresentative => (400, 900),
        ProofKind::BankAccount => (250, 500),
        ProofKind::SiteVisit => (150, 300),
        ProofKind::ExportRegistration => (300, 700),
        ProofKind::QualityCertificate => (200, 800),
    }
}

impl Stage<'_> {
    /// Who proves what, and when; the evidence is there already.
    pub(super) async fn proofs(&self) -> Result<Vec<Papers>, Failure> {
        let evidence = self.evidence().await?;
        let mut all = Vec::new();
        for (n, trader) in (0u64..).zip(&self.sellers) {
            for kind in self.kinds(n) {
                self.life_of(n, trader, kind, &evidence, &mut all);
            }
            if n % 8 == 3 {
                all.extend(self.undecided(n, trader, &evidence));
            }
        }
        Ok(all)
    }

    /// The kinds a supplier proves: the first one, whom visitors play, proves what the second level demands.
    fn kinds(&self, n: u64) -> Vec<ProofKind> {
        let core =
            [ProofKind::BusinessLicence, ProofKind::LegalRepresentative, ProofKind::BankAccount, ProofKind::SiteVisit];
        let wanted = match self.draw.below("proofs", n, 20) {
            _ if n == 0 => 3,
            0..2 => 0,
            2..4 => 1,
            4..8 => 2,
            8..14 => 3,
            _ => 4,
        };
        let more = [(ProofKind::ExportRegistration, "exports", 2), (ProofKind::QualityCertificate, "certified", 3)];
        let more = more.into_iter().filter(|(_, purpose, of)| n > 0 && self.draw.below(purpose, n, *of) == 0);
        core.into_iter().take(wanted).chain(more.map(|(kind, _, _)| kind)).collect()
    }

    /// A proof from its first claim through its renewals to the end of the year.
    fn life_of(
        &self,
        n: u64,
        trader: &Trader,
        kind: ProofKind,
        evidence: &HashMap<(u128, ProofKind), FileId>,
        all: &mut Vec<Papers>,
    ) {
        let Some(file) = evidence.get(&(trader.id, kind)) else { return };
        let purpose = kind.as_str();
        let (statement, number, issuer) = words(trader, kind, self.draw.below(purpose, n, 100_000_000));
        let paper = Paper { statement, number, issuer, files: vec![*file] };
        let (least, span) = term(kind);
        let mut submitted = self.draw.below(purpose, n + 1_000, 12);
        for turn in 0u64.. {
            let draw = |what: &str, bound: u64| self.draw.below(what, n * 64 + turn, bound);
            let decided = submitted + 1 + draw(purpose, CHECKED_WITHIN);
            let days = least + draw("good for", span);
            let asked = turn == 0 && kind == ProofKind::QualityCertificate && draw("asked", 4) == 0;
            let good = (!asked).then(|| i32::try_from(days).unwrap_or(365));
            let decided = (decided < DAYS).then_some((decided, good));
            let (id, company) = (self.state.engine.ids().next(), trader.id);
            all.push(Papers { id, company, kind, paper: paper.clone(), submitted, decided });
            submitted += days.saturating_sub(RENEWED_BEFORE);
            if decided.is_none_or(|(_, good)| good.is_none()) || submitted >= DAYS || draw("lets lapse", 3) == 0 {
                break;
            }
        }
    }

    /// A claim that waits when the year is over, so that the admins' queue has something to show.
    fn undecided(&self, n: u64, trader: &Trader, evidence: &HashMap<(u128, ProofKind), FileId>) -> Option<Papers> {
        let kind = ProofKind::QualityCertificate;
        let paper = Paper {
            statement: "CE, declaration of conformity".to_owned(),
            number: format!("CE-{:06}", self.draw.below("conforms", n, 1_000_000)),
            issuer: trader.name.chars().take(60).collect(),
            files: vec![*evidence.get(&(trader.id, kind))?],
        };
        let (id, submitted) = (self.state.engine.ids().next(), DAYS - 2 - n % 5);
        Some(Papers { id, company: trader.id, kind, paper, submitted, decided: None })
    }

    /// A specimen for each kind, uploaded by every supplier: demo papers hold no real data.
    async fn evidence(&self) -> Result<HashMap<(u128, ProofKind), FileId>, Failure> {
        let (mut files, mut found) = (Vec::new(), HashMap::new());
        for kind in ProofKind::ALL {
            let text =
                format!("SPECIMEN\n\nStands for: {}\nMade for the demo market; certifies nothing.\n", kind.as_str());
            let sha256 = self.state.files.put(text.as_bytes()).await?;
            let size = i64::try_from(text.len()).unwrap_or(i64::MAX);
            for trader in &self.sellers {
                let id = self.state.engine.ids().next();
                found.insert((trader.id, *kind), FileId(id));
                let (name, content_type) = (format!("{}.txt", kind.as_str()), "text/plain".to_owned());
                files.push((
                    trader.id,
                    trader.clerk.user,
                    Card { id, name, size, sha256: sha256.clone(), content_type },
                ));
            }
        }
        FILES.record_all(self.state.engine.db(), self.market, &files, self.state.engine.clock().now()).await?;
        Ok(found)
    }

    /// What is claimed and decided on this day.
    pub(super) async fn prove(&self, day: u64, admin: u128, papers: &[Papers]) -> Result<(), Failure> {
        let market = self.state.engine.market(self.market).await?;
        let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
        let today: Day = zone.day_of(market.now(self.state.engine.clock().now()));
        let admin = Actor { market: self.market, user: admin, session: 0, company: None, role: Role::Admin };
        for one in papers {
            if one.submitted == day {
                let command = ProofCommand::Submit { id: ProofId(one.id), kind: one.kind, paper: one.paper.clone() };
                self.take_proof(self.owner(one.company), one.company, command).await?;
            }
            let Some((_, good)) = one.decided.filter(|(decided, _)| *decided == day) else { continue };
            let (ruling, note) = match good {
                None => (Ruling::Ask(ProofReason::PageMissing), "Please add the second page."),
                Some(days) => {
                    let recheck_on = (one.kind == ProofKind::SiteVisit && days > 200).then(|| today.plus(180));
                    (Ruling::Confirm { valid_until: today.plus(days), recheck_on }, "")
                }
            };
            let command = ProofCommand::Decide { id: ProofId(one.id), ruling, note: note.to_owned() };
            self.take_proof(admin.clone(), one.company, command).await?;
        }
        Ok(())
    }

    /// A refusal by the rules is part of life.
    async fn take_proof(&self, actor: Actor, company: u128, command: ProofCommand) -> Result<(), Failure> {
        let take = Take { company, insider: false, command };
        match self.state.engine.execute(Request::new(actor, take)).await {
            Ok(_) => Ok(()),
            Err(Failure::Refused(refusal)) => {
                tracing::debug!(code = %refusal.code, "demo proof refused: {}", refusal.detail);
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }
}
