//! Rules of submitting, revising, withdrawing and lapsing.

use super::fixture::*;
use super::*;
use crate::kernel::{BarePrice, CompanyId, MarketTime, QuoteId, Rejection, Zone};

fn cx<'a>(rfq: &'a Rfq, zone: &'a Zone) -> QuoteContext<'a> {
    QuoteContext { now: now(), zone, rfq }
}

fn code<T: std::fmt::Debug>(result: Result<T, SourcingRejection>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn a_submitted_quote_takes_a_seat_and_a_right_and_stands_until_midnight() {
    let (zone, rfq, terms) = (zone(), rfq(), quote_terms());
    let (quote, seats, quota) =
        submit(&submission(&terms), &Seats::new(10), &QuoteQuota::default(), &cx(&rfq, &zone)).unwrap();

    assert_eq!((seats.left(), seats.of(SUPPLIER)), (9, Some(QuoteId(20))));
    assert_eq!(quota.left(&Month::of(now(), &zone)), MONTHLY - 1);
    assert_eq!(quote.state, QuoteState::Live);
    assert_eq!(quote.newest().unwrap().valid_until.to_string(), "2026-01-25T16:00:00Z", "24:00 in Shanghai");
    let deadline = quote.deadline_change(None).unwrap();
    assert_eq!((deadline.step, deadline.due), (QUOTE_LAPSE, quote.due()));
}

#[test]
fn every_reason_against_a_quote_has_its_own_refusal() {
    let (zone, terms) = (zone(), quote_terms());
    let (open, seats, quota) = (rfq(), Seats::new(1), QuoteQuota::default());
    let new = submission(&terms);
    let full = seats.with(CompanyId(7), QuoteId(70)).unwrap();
    let mine = Seats::new(9).with(SUPPLIER, QuoteId(20)).unwrap();
    let month = Month::of(now(), &zone);
    let spent = (0..MONTHLY).try_fold(quota, |quota, _| quota.spend(&month)).unwrap();
    let own = Submission { supplier: BUYER, ..new };
    let buys = Submission { sells: false, ..new };
    let with = |state: RfqState| Rfq { state, ..rfq() };
    let late = QuoteContext { now: open.deadline, ..cx(&open, &zone) };
    let wrong = QuoteTerms { validity_days: 0, ..quote_terms() };
    let cases = [
        ("sourcing.own_rfq", code(submit(&own, &seats, &quota, &cx(&open, &zone)))),
        ("sourcing.not_a_seller", code(submit(&buys, &seats, &quota, &cx(&open, &zone)))),
        ("sourcing.deadline_over", code(submit(&new, &seats, &quota, &late))),
        ("sourcing.rfq_state", code(submit(&new, &seats, &quota, &cx(&with(RfqState::Closed), &zone)))),
        ("sourcing.rfq_state", code(submit(&new, &seats, &quota, &cx(&with(RfqState::Awarded), &zone)))),
        ("sourcing.already_quoted", code(submit(&new, &mine, &quota, &cx(&open, &zone)))),
        ("sourcing.seats_full", code(submit(&new, &full, &quota, &cx(&open, &zone)))),
        ("sourcing.quota_used", code(submit(&new, &seats, &spent, &cx(&open, &zone)))),
        ("sourcing.quote_invalid", code(submit(&submission(&wrong), &seats, &quota, &cx(&open, &zone)))),
    ];
    for (expected, found) in cases {
        assert_eq!(found, expected);
    }
    let just = QuoteContext { now: MarketTime(open.deadline.0 - 1), ..cx(&open, &zone) };
    assert!(submit(&new, &seats, &quota, &just).is_ok(), "control: a moment before the deadline it is taken");
    assert!(submit(&new, &seats, &spent.earn(), &cx(&open, &zone)).is_ok(), "control: an earned right lets it through");
}

#[test]
fn each_fault_of_a_quote_is_blamed_on_its_field() {
    type Spoil = fn(&mut QuoteTerms);
    let cases: [(&str, &str, Spoil); 22] = [
        ("/lines", "quote.lines", |t| t.lines.clear()),
        ("/lines/1/line", "quote.line", |t| t.lines[1].line = 1),
        ("/lines/0/line", "quote.line", |t| t.lines[0].line = 3),
        ("/lines/0/line", "quote.line", |t| t.lines[0].line = 0),
        ("/lines/1/product_id", "quote.product_twice", |t| t.lines[1].product = t.lines[0].product),
        ("/lines/0/sku", "quote.text", |t| t.lines[0].sku = "x".repeat(65)),
        ("/lines/0/hs_code", "quote.hs_code", |t| t.lines[0].hs_code = "7318".into()),
        ("/lines/0/ladder", "quote.ladder_length", |t| t.lines[0].ladder.clear()),
        ("/lines/0/ladder/1/from_quantity", "quote.ladder_order", |t| {
            t.lines[0].ladder[1].from_quantity = pieces(1_000)
        }),
        ("/lines/0/ladder/1/unit_price", "quote.ladder_price", |t| t.lines[0].ladder[1].unit_price = BarePrice(3_501)),
        ("/lines/0/ladder/0/unit_price", "quote.price", |t| t.lines[0].ladder[0].unit_price = BarePrice(0)),
        ("/lines", "quote.amount", |t| t.lines[1].ladder[0].unit_price = BarePrice(i64::MAX)),
        ("/lead_days", "quote.lead_days", |t| t.lead_days = 731),
        ("/freight_minor", "quote.negative", |t| t.freight_minor = -1),
        ("/sample/price_minor", "quote.negative", |t| t.sample = Some(Sample { price_minor: -1, lead_days: 1 })),
        ("/validity_days", "quote.validity", |t| t.validity_days = 91),
        ("/incoterm/place", "quote.text", |t| t.incoterm.place = " ".into()),
        ("/stages", "quote.shares_not_whole", |t| t.stages[0].share_bps = 3_001),
        ("/stages/0/trigger", "quote.trigger", |t| t.stages[0].trigger = Trigger::Delivered),
        ("/stages/1/kind", "quote.deposit_first", |t| {
            t.stages[1] = StageProposal { share_bps: 7_000, ..t.stages[0] };
        }),
        ("/stages", "quote.retention", |t| t.stages[1].kind = StageKind::Retention),
        ("/stages/0/trigger", "quote.first_stage", |t| {
            t.stages.remove(0);
            t.stages[0] = StageProposal { share_bps: 10_000, trigger: Trigger::BlCopy, ..t.stages[0] };
        }),
    ];
    let rfq = rfq();
    assert_eq!(quote_terms().validate(&rfq), []);
    for (pointer, code, spoil) in cases {
        let mut terms = quote_terms();
        spoil(&mut terms);
        let errors = terms.validate(&rfq);
        assert!(errors.iter().any(|e| e.pointer == pointer && e.code == code), "{pointer} {code}: {errors:?}");
    }
}

#[test]
fn a_revision_adds_a_version_and_leaves_the_old_one_as_it_was() {
    let (zone, rfq) = (zone(), rfq());
    let mut standing = quote(2, &quote_terms());
    let first = standing.versions[0].clone();
    let dearer = QuoteTerms { freight_minor: 20_000, ..quote_terms() };
    let revise = QuoteCommand::Revise { terms: dearer.clone() };
    let at = |now| QuoteContext { now, ..cx(&rfq, &zone) };

    let QuoteVerdict::Do(event) = judge_quote(&standing, &revise, &at(now().plus_days(1))).unwrap() else {
        panic!("a new version was taken for a repeat")
    };
    evolve_quote(&mut standing, &event);

    assert_eq!((standing.versions.len(), &standing.versions[0]), (2, &first));
    assert_eq!(standing.newest().map(|v| (v.no, &v.terms)), Some((2, &dearer)));
    assert_eq!(judge_quote(&standing, &revise, &at(now())), Ok(QuoteVerdict::Already), "the second click");
    assert_eq!(
        code(judge_quote(&standing, &QuoteCommand::Revise { terms: quote_terms() }, &at(rfq.deadline))),
        "sourcing.deadline_over"
    );
}

#[test]
fn a_quote_lapses_at_its_end_and_a_revision_brings_it_back() {
    let (zone, rfq) = (zone(), Rfq { deadline: now().plus_days(60), ..rfq() });
    let mut standing = quote(2, &quote_terms());
    let until = standing.due().unwrap();
    assert_eq!(code(standing.lapse(MarketTime(until.0 - 1))), "sourcing.quote_state");
    let event = standing.lapse(until).unwrap();
    evolve_quote(&mut standing, &event);
    assert_eq!((standing.state, standing.due()), (QuoteState::Lapsed, None));
    assert_eq!(code(standing.lapse(until)), "sourcing.quote_state");

    let revise = QuoteCommand::Revise { terms: quote_terms() };
    let later = QuoteContext { now: until, ..cx(&rfq, &zone) };
    let QuoteVerdict::Do(event) = judge_quote(&standing, &revise, &later).unwrap() else {
        panic!("the same terms with a new end are a new version")
    };
    evolve_quote(&mut standing, &event);
    assert_eq!((standing.state, standing.versions.len()), (QuoteState::Live, 2));
}

#[test]
fn what_was_taken_back_stays_back_and_what_was_awarded_cannot_be() {
    let (zone, rfq) = (zone(), rfq());
    let mut standing = quote(2, &quote_terms());
    let withdraw = |quote: &Quote, rfq: &Rfq| judge_quote(quote, &QuoteCommand::Withdraw, &cx(rfq, &zone));
    let award = Award {
        quote: standing.id,
        supplier: SUPPLIER,
        version: 1,
        lines: Vec::new(),
        freight_minor: 0,
        total_minor: 0,
    };
    let awarded = Rfq { state: RfqState::Awarded, awards: vec![award], ..rfq.clone() };
    assert_eq!(code(withdraw(&standing, &awarded)), "sourcing.rfq_state");

    let QuoteVerdict::Do(event) = withdraw(&standing, &rfq).unwrap() else { panic!("not a repeat") };
    evolve_quote(&mut standing, &event);
    assert_eq!((standing.state, standing.due()), (QuoteState::Withdrawn, None));
    assert_eq!(withdraw(&standing, &rfq), Ok(QuoteVerdict::Already));
    let revise = QuoteCommand::Revise { terms: quote_terms() };
    assert_eq!(code(judge_quote(&standing, &revise, &cx(&rfq, &zone))), "sourcing.quote_state");
}

#[test]
fn words_of_stages_read_back_and_others_are_none() {
    for kind in StageKind::ALL {
        assert_eq!(StageKind::parse(kind.as_str()), Some(*kind));
    }
    for trigger in Trigger::ALL {
        assert_eq!(Trigger::parse(trigger.as_str()), Some(*trigger));
    }
    assert_eq!((StageKind::parse("gift"), Trigger::parse("Agreed")), (None, None));
}
