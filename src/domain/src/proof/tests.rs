//! The rules of proofs: the table of levels, the end of a day, one decision by somebody outside the company.

use super::*;
use crate::kernel::{Day, Effects, FileId, MarketTime, ProofId, Rejection, UserId, Zone};
use proptest::prelude::*;
use std::collections::BTreeSet;

const CLERK: UserId = UserId(1);
const ADMIN: UserId = UserId(2);

fn shanghai() -> Zone {
    Zone::parse("Asia/Shanghai").unwrap()
}

fn at(text: &str) -> MarketTime {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn paper(number: &str) -> Paper {
    let words = "Registered with the city".to_owned();
    Paper { statement: words, number: number.to_owned(), issuer: "City".to_owned(), files: vec![FileId(9)] }
}

struct Desk {
    dossier: Dossier,
    now: MarketTime,
    zone: Zone,
}

impl Desk {
    fn new() -> Self {
        Self { dossier: Dossier::default(), now: at("2026-01-05T09:00:00+08:00"), zone: shanghai() }
    }

    fn take(&mut self, hand: Hand, command: &ProofCommand) -> Result<(), ProofRejection> {
        let cx = ProofContext { now: self.now, hand, zone: &self.zone };
        let mut out = Effects::new();
        decide(&self.dossier, command, &cx, &mut out)?;
        out.events.iter().for_each(|event| evolve(&mut self.dossier, event));
        Ok(())
    }

    fn submit(&mut self, id: u128, kind: ProofKind, number: &str) -> Result<(), ProofRejection> {
        let command = ProofCommand::Submit { id: ProofId(id), kind, paper: paper(number) };
        self.take(Hand::Company(CLERK), &command)
    }

    fn rule(&mut self, id: u128, ruling: Ruling) -> Result<(), ProofRejection> {
        let hand = Hand::Checker { user: ADMIN, insider: false };
        self.take(hand, &ProofCommand::Decide { id: ProofId(id), ruling, note: "Looked at.".to_owned() })
    }

    fn confirm(&mut self, id: u128, until: &str) -> Result<(), ProofRejection> {
        self.rule(id, Ruling::Confirm { valid_until: day(until), recheck_on: None })
    }

    fn level(&self) -> u8 {
        self.dossier.level(self.now, &self.zone).number()
    }

    fn state(&self, id: u128) -> ProofState {
        self.dossier.claim(ProofId(id)).unwrap().state
    }
}

#[test]
fn each_level_demands_what_the_table_says_and_everything_below() {
    use ProofKind::{
        BankAccount, BusinessLicence, ExportRegistration, LegalRepresentative, QualityCertificate, SiteVisit,
    };
    for (valid, level) in [
        (vec![], 0),
        (vec![BusinessLicence], 0),
        (vec![LegalRepresentative, BankAccount, SiteVisit], 0),
        (vec![BusinessLicence, LegalRepresentative], 1),
        (vec![BusinessLicence, LegalRepresentative, SiteVisit], 1),
        (vec![BusinessLicence, LegalRepresentative, BankAccount], 2),
        (vec![BusinessLicence, LegalRepresentative, BankAccount, SiteVisit], 3),
        (vec![ExportRegistration, QualityCertificate], 0),
    ] {
        assert_eq!(Level::of(|kind| valid.contains(&kind)).number(), level, "{valid:?}");
    }
}

#[test]
fn caps_and_limits_without_a_score_are_those_of_the_ruling() {
    let levels = [vec![], DEMANDS[0].to_vec(), DEMANDS[..2].concat(), DEMANDS.concat()];
    let levels = levels.map(|valid| Level::of(|kind| valid.contains(&kind)));
    assert_eq!(levels.map(|level| level.cap().minor), [0, 500_000, 10_000_000, 200_000_000]);
    assert_eq!(levels.map(|level| NotRated.limit(level).minor), [0, 250_000, 250_000, 250_000]);
    assert!(levels[3].demands_of_next().is_empty());
}

proptest! {
    #[test]
    fn one_more_proof_never_lowers_the_level(kinds in prop::collection::btree_set(0..ProofKind::ALL.len(), 0..6), more in 0..ProofKind::ALL.len()) {
        let level = |set: &BTreeSet<usize>| Level::of(|kind| set.iter().any(|n| ProofKind::ALL[*n] == kind));
        let before = level(&kinds);
        let mut after = kinds.clone();
        after.insert(more);
        prop_assert!(level(&after) >= before);
        prop_assert!(level(&after).cap().minor >= before.cap().minor);
    }
}

#[test]
fn a_proof_ends_at_24_00_of_its_last_day_in_the_markets_zone() {
    let mut desk = Desk::new();
    desk.submit(1, ProofKind::BusinessLicence, "L1").unwrap();
    desk.submit(2, ProofKind::LegalRepresentative, "R1").unwrap();
    desk.confirm(1, "2026-03-31").unwrap();
    assert_eq!(desk.level(), 0, "half of a level is none");
    desk.confirm(2, "2026-12-31").unwrap();
    assert_eq!(desk.level(), 1);
    let claim = desk.dossier.claim(ProofId(1)).unwrap().clone();
    let midnight = at("2026-04-01T00:00:00+08:00");
    assert_eq!(claim.expiry(&desk.zone), Some(midnight));

    desk.now = midnight.plus_micros(-1);
    assert_eq!(desk.level(), 1);
    let early = desk.take(Hand::Clock, &ProofCommand::Expire { no: 1 });
    assert_eq!(early, Err(ProofRejection::WrongState { state: ProofState::Confirmed }));

    desk.now = midnight;
    assert_eq!(desk.level(), 0, "before anybody noted it");
    assert_eq!(claim.state_at(midnight, &desk.zone), ProofState::Expired);
    desk.take(Hand::Clock, &ProofCommand::Expire { no: 1 }).unwrap();
    assert_eq!((desk.state(1), desk.state(2), desk.level()), (ProofState::Expired, ProofState::Confirmed, 0));
    assert_eq!(desk.dossier.missing(desk.now, &desk.zone), [ProofKind::BusinessLicence]);
}

#[test]
fn a_claim_is_decided_once() {
    let mut desk = Desk::new();
    desk.submit(1, ProofKind::BankAccount, "DE89 3704").unwrap();
    desk.rule(1, Ruling::Ask(ProofReason::PageMissing)).unwrap();
    assert_eq!(desk.state(1), ProofState::MoreAsked);
    let answer = ProofCommand::Answer { id: ProofId(1), paper: paper("DE89 3704 0044") };
    desk.take(Hand::Company(CLERK), &answer).unwrap();
    let decided_at = desk.now;
    desk.confirm(1, "2026-12-31").unwrap();
    for second in [
        Ruling::Ask(ProofReason::Unreadable),
        Ruling::Refuse(ProofReason::Unreadable),
        Ruling::Confirm { valid_until: day("2026-11-30"), recheck_on: None },
    ] {
        desk.now = desk.now.plus_hours(1);
        let refused = desk.rule(1, second).unwrap_err();
        assert_eq!(refused, ProofRejection::Decided { state: ProofState::Confirmed, at: decided_at });
        assert_eq!(refused.status(), 409);
    }
    let cx = ProofContext { now: desk.now, hand: Hand::Checker { user: ADMIN, insider: false }, zone: &desk.zone };
    let confirm = Ruling::Confirm { valid_until: day("2026-12-31"), recheck_on: None };
    let same = ProofCommand::Decide { id: ProofId(1), ruling: confirm, note: "Looked at.".to_owned() };
    assert!(already_done(&desk.dossier, &same, &cx).is_some());
    let other = ProofContext { hand: Hand::Checker { user: UserId(3), insider: false }, ..cx };
    assert!(already_done(&desk.dossier, &same, &other).is_none(), "another checker's decision is a second one");
}

#[test]
fn nobody_decides_on_a_claim_of_their_own_company() {
    let mut desk = Desk::new();
    desk.submit(1, ProofKind::SiteVisit, "").unwrap();
    let ruling = Ruling::Confirm { valid_until: day("2026-12-31"), recheck_on: None };
    let decide = ProofCommand::Decide { id: ProofId(1), ruling, note: String::new() };
    let insider = Hand::Checker { user: ADMIN, insider: true };
    let submitter = Hand::Checker { user: CLERK, insider: false };
    for (hand, refusal) in [
        (insider, ProofRejection::OwnClaim),
        (submitter, ProofRejection::OwnClaim),
        (Hand::Company(CLERK), ProofRejection::NotYours),
        (Hand::Clock, ProofRejection::NotYours),
    ] {
        assert_eq!(desk.take(hand, &decide), Err(refusal), "{hand:?}");
    }
    assert_eq!(desk.state(1), ProofState::Submitted);
}

#[test]
fn a_newer_proof_replaces_the_older_when_it_is_confirmed_and_certificates_stand_beside_each_other() {
    let mut desk = Desk::new();
    desk.submit(1, ProofKind::BusinessLicence, "L-1").unwrap();
    desk.confirm(1, "2026-06-30").unwrap();
    desk.submit(2, ProofKind::BusinessLicence, "L-2").unwrap();
    assert_eq!(desk.submit(3, ProofKind::BusinessLicence, "L-3"), Err(ProofRejection::Open));
    assert_eq!(desk.state(1), ProofState::Confirmed, "the old one stands until the new one is confirmed");
    desk.confirm(2, "2027-06-30").unwrap();
    assert_eq!((desk.state(1), desk.state(2)), (ProofState::Replaced, ProofState::Confirmed));

    desk.submit(4, ProofKind::QualityCertificate, "ISO 9001-77").unwrap();
    desk.submit(5, ProofKind::QualityCertificate, "CE 12").unwrap();
    assert_eq!(desk.submit(6, ProofKind::QualityCertificate, "iso-9001 77"), Err(ProofRejection::Open));
    desk.confirm(4, "2026-06-30").unwrap();
    desk.confirm(5, "2026-06-30").unwrap();
    assert_eq!((desk.state(4), desk.state(5)), (ProofState::Confirmed, ProofState::Confirmed));
}

#[test]
fn a_confirmation_can_be_taken_back_and_looked_at_again_but_not_after_its_end() {
    let mut desk = Desk::new();
    desk.submit(1, ProofKind::SiteVisit, "").unwrap();
    desk.rule(1, Ruling::Confirm { valid_until: day("2026-03-31"), recheck_on: Some(day("2026-02-01")) }).unwrap();
    desk.rule(1, Ruling::Recheck { recheck_on: Some(day("2026-03-01")) }).unwrap();
    assert_eq!(desk.dossier.claim(ProofId(1)).unwrap().recheck_on, Some(day("2026-03-01")));
    let late = Ruling::Recheck { recheck_on: Some(day("2026-04-01")) };
    assert_eq!(desk.rule(1, late), Err(ProofRejection::RecheckOn));
    desk.rule(1, Ruling::Revoke(ProofReason::IssuerDenies)).unwrap();
    assert_eq!((desk.state(1), desk.level()), (ProofState::Refused, 0));
    assert_eq!(
        desk.rule(1, Ruling::Revoke(ProofReason::Unreadable)),
        Err(ProofRejection::WrongState { state: ProofState::Refused })
    );
}

#[test]
fn what_cannot_be_taken_is_named_by_field() {
    let mut desk = Desk::new();
    let blank = Paper { statement: " ".into(), number: String::new(), issuer: "i".repeat(81), files: vec![] };
    let command = ProofCommand::Submit { id: ProofId(1), kind: ProofKind::BankAccount, paper: blank };
    let refused = desk.take(Hand::Company(CLERK), &command).unwrap_err();
    let pointers: Vec<String> = refused.errors().into_iter().map(|e| e.pointer).collect();
    assert_eq!(pointers, ["/statement", "/number", "/issuer", "/file_ids"]);

    desk.submit(1, ProofKind::BankAccount, "12345678").unwrap();
    assert_eq!(desk.confirm(1, "2026-01-04"), Err(ProofRejection::ValidUntil));
    assert_eq!(desk.confirm(1, "2046-01-04"), Err(ProofRejection::ValidUntil));
    let hand = Hand::Checker { user: ADMIN, insider: false };
    let mute =
        ProofCommand::Decide { id: ProofId(1), ruling: Ruling::Refuse(ProofReason::Other), note: " ".to_owned() };
    assert_eq!(desk.take(hand, &mute), Err(ProofRejection::ReasonMissing));
    desk.confirm(1, "2026-01-05").unwrap();
    assert_eq!(desk.state(1), ProofState::Confirmed, "a proof may end today");
}

#[test]
fn private_numbers_show_their_end_only() {
    let mut desk = Desk::new();
    desk.submit(1, ProofKind::BankAccount, "DE89370400440532013000").unwrap();
    desk.submit(2, ProofKind::LegalRepresentative, "12345").unwrap();
    desk.submit(3, ProofKind::BusinessLicence, "91330603MAUQMMC60B").unwrap();
    let shown = |id| desk.dossier.claim(ProofId(id)).unwrap().public_number();
    assert_eq!([shown(1), shown(2), shown(3)], ["…3000", "…", "91330603MAUQMMC60B"]);
}

#[test]
fn a_company_takes_back_what_it_claimed_and_its_level_goes_with_it() {
    let mut desk = Desk::new();
    for (id, kind) in [(1, ProofKind::BusinessLicence), (2, ProofKind::LegalRepresentative)] {
        desk.submit(id, kind, "N").unwrap();
        desk.confirm(id, "2026-12-31").unwrap();
    }
    assert_eq!(desk.level(), 1);
    let withdraw = ProofCommand::Withdraw { id: ProofId(2) };
    desk.take(Hand::Company(CLERK), &withdraw).unwrap();
    assert_eq!((desk.state(2), desk.level()), (ProofState::Withdrawn, 0));
    let again = desk.take(Hand::Company(CLERK), &withdraw);
    assert_eq!(again, Err(ProofRejection::WrongState { state: ProofState::Withdrawn }));
}
