//! The versions of an order's terms: every offer that was made and every change that was agreed, as the log tells them.
//!
//! Promises that a version never changes: its terms are those of the event that made it, its hash is computed from them.
//! A draft is no version; nobody but its drafter has seen it.

use super::commands::contract_hash;
use super::record::Row;
use crate::platform::problem::Fault;
use entrepot_domain::kernel::{MarketTime, Side};
use entrepot_domain::trade::{ContractHash, OrderTerms, Step, TradeEvent};
use serde::Serialize;
use std::sync::Arc;

/// Who acted, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The user; `None` for the clock.
    pub user: Option<u128>,
    /// The company acted for.
    pub company: Option<u128>,
    /// The role acted in.
    pub role: String,
    /// The step taken.
    pub step: String,
    /// Market time.
    pub at: MarketTime,
}

/// How a version came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One side offered it.
    Offer,
    /// Both sides changed the agreed terms.
    Amendment,
}

impl Kind {
    /// Lists the kinds.
    pub const ALL: [Self; 2] = [Self::Offer, Self::Amendment];
}

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It waits for an answer.
    Standing,
    /// A newer offer took its place.
    Superseded,
    /// Both sides accepted it, and it is in force.
    Agreed,
    /// Both sides accepted it, and later a change of it.
    Amended,
    /// Nobody answered in time.
    Expired,
    /// Who offered it took it back.
    Withdrawn,
    /// The other side refused it.
    Declined,
}

impl Fate {
    /// Lists the fates.
    pub const ALL: [Self; 7] =
        [Self::Standing, Self::Superseded, Self::Agreed, Self::Amended, Self::Expired, Self::Withdrawn, Self::Declined];
}

/// Is one version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Number, counted from 1; offers keep their own numbers, changes follow them.
    pub no: i32,
    /// How it came to be.
    pub kind: Kind,
    /// What became of it.
    pub fate: Fate,
    /// The side that offered or proposed it.
    pub by: Side,
    /// Who did, and when.
    pub made: Told,
    /// Until when it could be accepted; for offers.
    pub valid_until: Option<MarketTime>,
    /// Who accepted it, and when.
    pub agreed: Option<Told>,
    /// What it says.
    pub terms: Arc<OrderTerms>,
    /// SHA-256 of its canonical terms.
    pub hash: ContractHash,
}

/// A row of the log.
pub struct Record {
    /// Who acted, and when.
    pub told: Told,
    /// What happened.
    pub events: Vec<TradeEvent>,
}

impl Record {
    /// Reads a row.
    pub fn of(row: &Row<'_>) -> Result<Self, Fault> {
        #[derive(serde::Deserialize)]
        struct Sealed {
            what: What,
        }
        #[derive(serde::Deserialize)]
        struct What {
            events: Vec<TradeEvent>,
        }
        let bytes = row.bytes_opt("bytes")?.unwrap_or_default();
        let sealed: Sealed = serde_json::from_slice(&bytes)?;
        let told = Told {
            user: row.id_opt("actor_user")?,
            company: row.id_opt("actor_company")?,
            role: row.text("actor_role")?,
            step: row.text("step")?,
            at: MarketTime(row.number("effective_at")?),
        };
        Ok(Self { told, events: sealed.what.events })
    }
}

#[derive(Default)]
struct Fold {
    versions: Vec<Version>,
    terms: Option<Arc<OrderTerms>>,
    proposed: Option<(Side, Told)>,
}

/// The versions that these rows of one order made, as they stand at `now`; the first is the oldest.
pub fn of(records: Vec<Record>, now: MarketTime) -> Vec<Version> {
    let mut fold = Fold::default();
    for Record { told, events } in records {
        for event in events {
            fold.take(event, &told);
        }
    }
    for version in &mut fold.versions {
        if version.fate == Fate::Standing && version.valid_until.is_some_and(|until| now >= until) {
            version.fate = Fate::Expired;
        }
    }
    fold.versions
}

impl Fold {
    fn take(&mut self, event: TradeEvent, told: &Told) {
        match event {
            TradeEvent::OrderDrafted { terms, .. } | TradeEvent::OrderRevised { terms, .. } => self.terms = Some(terms),
            TradeEvent::OfferMade { offer, terms } => {
                self.terms = terms.or(self.terms.take());
                self.end(Fate::Standing, Fate::Superseded);
                self.add(Kind::Offer, offer.by, told.clone(), Some(offer.valid_until), None);
            }
            TradeEvent::OfferAccepted { .. } => {
                if let Some(last) = self.versions.last_mut() {
                    (last.fate, last.agreed) = (Fate::Agreed, Some(told.clone()));
                }
            }
            TradeEvent::OrderEnded { step, .. } => match step {
                Step::Withdraw => self.end(Fate::Standing, Fate::Withdrawn),
                Step::Decline => self.end(Fate::Standing, Fate::Declined),
                _ => self.end(Fate::Standing, Fate::Expired),
            },
            TradeEvent::ProposalMade { proposal } => self.proposed = Some((proposal.by, told.clone())),
            TradeEvent::TermsAmended { by, terms, .. } => {
                self.terms = Some(terms);
                self.end(Fate::Agreed, Fate::Amended);
                let (side, made) = self.proposed.take().unwrap_or_else(|| (by.other(), told.clone()));
                self.add(Kind::Amendment, side, made, None, Some(told.clone()));
            }
            _ => {}
        }
    }

    /// Gives the last version that has one fate another.
    fn end(&mut self, from: Fate, to: Fate) {
        if let Some(version) = self.versions.iter_mut().rev().find(|version| version.fate == from) {
            version.fate = to;
        }
    }

    fn add(&mut self, kind: Kind, by: Side, made: Told, valid_until: Option<MarketTime>, agreed: Option<Told>) {
        let Some(terms) = self.terms.clone() else { return };
        let no = i32::try_from(self.versions.len()).unwrap_or(i32::MAX).saturating_add(1);
        let fate = if agreed.is_some() { Fate::Agreed } else { Fate::Standing };
        let hash = contract_hash(&terms);
        self.versions.push(Version { no, kind, fate, by, made, valid_until, agreed, terms, hash });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trade::example_terms;
    use entrepot_domain::kernel::{Actor, OrderId};
    use entrepot_domain::market::RuleParams;
    use entrepot_domain::trade::{Amendment, Offer, Proposal, ProposalKind};

    const UNTIL: MarketTime = MarketTime(1_000);

    fn told(user: u128) -> Told {
        Told { user: Some(user), company: None, role: "owner".into(), step: String::new(), at: MarketTime(0) }
    }

    fn terms(notes: &str) -> Arc<OrderTerms> {
        Arc::new(OrderTerms { notes: notes.into(), ..example_terms() })
    }

    fn offer(no: i32, by: Side, terms: Option<Arc<OrderTerms>>) -> TradeEvent {
        let offer = Offer { no, by, valid_until: UNTIL, contract_hash: ContractHash::default(), valid_days: None };
        TradeEvent::OfferMade { offer, terms }
    }

    fn drafted() -> TradeEvent {
        let (id, number) = (OrderId(1), Arc::from("E-1"));
        TradeEvent::OrderDrafted { id, number, by: Side::Seller, terms: terms("draft"), discard_at: UNTIL }
    }

    fn negotiated(then: Vec<(u128, TradeEvent)>) -> Vec<Version> {
        let revised = TradeEvent::OrderRevised { terms: terms("one"), discard_at: UNTIL };
        let first = vec![(1, drafted()), (1, revised), (1, offer(1, Side::Seller, None))];
        let records = first.into_iter().chain(then);
        let records = records.map(|(user, event)| Record { told: told(user), events: vec![event] });
        of(records.collect(), MarketTime(999))
    }

    fn fates(versions: &[Version]) -> Vec<Fate> {
        versions.iter().map(|version| version.fate).collect()
    }

    #[test]
    fn offers_counter_offers_and_changes_are_versions_with_their_own_terms_and_hash() {
        let accepted =
            TradeEvent::OfferAccepted { rules: Arc::new(RuleParams::default()), first_due: UNTIL, dates: vec![] };
        let change = ProposalKind::Amendment(Arc::new(Amendment::default()));
        let proposal = Proposal { kind: change, by: Side::Seller, answer_by: UNTIL };
        let amended = TradeEvent::TermsAmended { by: Side::Buyer, terms: terms("three"), dates: vec![] };
        let versions = negotiated(vec![
            (2, offer(2, Side::Buyer, Some(terms("two")))),
            (1, accepted),
            (3, TradeEvent::ProposalMade { proposal }),
            (2, amended),
        ]);

        assert_eq!(fates(&versions), [Fate::Superseded, Fate::Amended, Fate::Agreed]);
        let notes: Vec<&str> = versions.iter().map(|version| version.terms.notes.as_str()).collect();
        assert_eq!(notes, ["one", "two", "three"], "the last draft is what was offered");
        assert!(versions.iter().all(|version| version.hash == contract_hash(&version.terms)));
        let signed: Vec<_> = versions.iter().map(|v| (v.made.user, v.agreed.as_ref().and_then(|t| t.user))).collect();
        assert_eq!(signed, [(Some(1), None), (Some(2), Some(1)), (Some(3), Some(2))]);
        assert_eq!((versions[2].kind, versions[2].by, versions[2].no), (Kind::Amendment, Side::Seller, 3));
    }

    #[test]
    fn an_offer_without_answer_ends_as_it_was_ended() {
        let ended = |step| TradeEvent::OrderEnded { step, by: Actor::Seller, reason: None };
        assert_eq!(fates(&negotiated(vec![])), [Fate::Standing]);
        for (step, fate) in
            [(Step::Withdraw, Fate::Withdrawn), (Step::Decline, Fate::Declined), (Step::ExpireOffer, Fate::Expired)]
        {
            assert_eq!(fates(&negotiated(vec![(1, ended(step))])), [fate]);
        }
        let records = vec![Record { told: told(1), events: vec![drafted(), offer(1, Side::Seller, None)] }];
        assert_eq!(fates(&of(records, UNTIL)), [Fate::Expired], "also before the clock has said so");
    }
}
