//! Rules of publishing, changing, ending and awarding a request.

use super::fixture::*;
use super::*;
use crate::catalog::MeasuredPoint;
use crate::kernel::{BarePrice, CompanyId, Day, MarketTime, ProductId, Quantity, QuoteId, Rejection, RfqId, Side};
use proptest::prelude::*;

fn stated(measure: &str) -> QualityPoint {
    QualityPoint::Stated { point: "Strength".into(), measure: measure.into() }
}

fn judge(
    rfq: &Rfq,
    command: &RfqCommand,
    now: MarketTime,
    quotes: &[&Quote],
) -> Result<Option<RfqEvent>, &'static str> {
    let mut seats = Seats::new(rfq.terms.seats);
    for quote in quotes {
        seats = seats.with(quote.supplier, quote.id).unwrap();
    }
    let cx = RfqContext { now, zone: &zone(), seats: &seats, quotes };
    judge_rfq(rfq, command, &cx).map_err(|rejection| rejection.code())
}

fn after(rfq: &Rfq, command: &RfqCommand, now: MarketTime, quotes: &[&Quote]) -> Rfq {
    let mut after = rfq.clone();
    evolve_rfq(&mut after, &judge(rfq, command, now, quotes).unwrap().expect("something happens"));
    after
}

fn choice(quote: &Quote, lines: &[(i32, i64)]) -> AwardChoice {
    let lines = lines.iter().map(|(line, units)| (*line, pieces(*units))).collect();
    AwardChoice { quote: quote.id, version: quote.newest().unwrap().no, lines }
}

fn award(choices: &[AwardChoice]) -> RfqCommand {
    RfqCommand::Award { choices: choices.to_vec() }
}

#[test]
fn a_request_ends_at_24_00_of_its_last_day_and_only_who_buys_publishes() {
    assert_eq!(rfq().deadline.to_string(), "2026-01-15T16:00:00Z");
    assert_eq!(rfq().deadline_change(None).unwrap().due, Some(rfq().deadline));
    let terms = rfq_terms();
    let new = Publication { id: RfqId(9), number: "R-9", buyer: BUYER, buys: false, terms: &terms };
    assert_eq!(publish(&new, now(), &zone()).unwrap_err().code(), "sourcing.not_a_buyer");
}

#[test]
fn each_fault_of_a_request_is_blamed_on_its_field() {
    type Spoil = fn(&mut RfqTerms);
    let cases: [(&str, &str, Spoil); 22] = [
        ("/title", "rfq.text", |t| t.title = "  ".into()),
        ("/lines", "rfq.lines", |t| t.lines.clear()),
        ("/lines", "rfq.lines", |t| t.lines = vec![t.lines[0].clone(); 51]),
        ("/lines/1/product_id", "rfq.product_twice", |t| {
            t.lines.iter_mut().for_each(|l| l.product = Some(ProductId(5)))
        }),
        ("/lines/0/title", "rfq.text", |t| t.lines[0].title = "x".repeat(201)),
        ("/lines/0/unit", "rfq.text", |t| t.lines[0].unit.clear()),
        ("/lines/0/category", "rfq.category", |t| t.lines[0].category = "Big Bolts".into()),
        ("/lines/0/hs_code", "rfq.hs_code", |t| t.lines[0].hs_code = "73".into()),
        ("/lines/0/quantity", "rfq.quantity", |t| t.lines[0].quantity = Quantity(0)),
        ("/lines/0/target_price", "rfq.price", |t| t.lines[0].target_price = Some(BarePrice(0))),
        ("/lines/1/target_price", "rfq.amount", |t| t.lines[1].target_price = Some(BarePrice(i64::MAX))),
        ("/lines/0/attributes", "rfq.attributes", |t| drop(t.lines[0].attributes.insert("Colour".into(), " ".into()))),
        ("/destination", "rfq.country", |t| t.destination = "Germany".into()),
        ("/origin", "rfq.country", |t| t.origin = Some("cn".into())),
        ("/deadline", "rfq.deadline", |t| t.deadline = "2026-01-05".parse().unwrap()),
        ("/deadline", "rfq.deadline", |t| t.deadline = "2026-03-07".parse().unwrap()),
        ("/needed_by", "rfq.needed_by", |t| t.needed_by = Some("2026-01-05".parse().unwrap())),
        ("/seats", "rfq.seats", |t| t.seats = 31),
        ("/invited/1", "rfq.invited", |t| t.invited = vec![SUPPLIER, SUPPLIER]),
        ("/invited/0", "rfq.invited", |t| t.invited = vec![BUYER]),
        ("/quality_points/0", "rfq.not_measurable", |t| t.quality_points[0] = stated("very strong")),
        ("/quality_points/1/method", "terms.point_text", |t| {
            t.quality_points.push(QualityPoint::Measured(MeasuredPoint { method: String::new(), ..strength() }));
        }),
    ];
    let today: Day = "2026-01-05".parse().unwrap();
    assert_eq!(rfq_terms().validate(BUYER, today), []);
    for (pointer, code, spoil) in cases {
        let mut terms = rfq_terms();
        spoil(&mut terms);
        let errors = terms.validate(BUYER, today);
        assert!(errors.iter().any(|e| e.pointer == pointer && e.code == code), "{pointer} {code}: {errors:?}");
    }
    let last = RfqTerms { deadline: "2026-03-06".parse().unwrap(), ..rfq_terms() };
    assert_eq!(last.validate(BUYER, today), [], "control: sixty days ahead are fine");
}

#[test]
fn who_is_not_invited_does_not_see_a_request_that_is_not_on_the_board() {
    let invited = RfqTerms { visibility: Visibility::Invited, invited: vec![SUPPLIER], ..rfq_terms() };
    let hidden = Rfq { terms: invited, ..rfq() };
    let sees = |rfq: &Rfq| [BUYER, SUPPLIER, CompanyId(3)].map(|company| rfq.is_open_to(company));
    assert_eq!(sees(&hidden), [true, true, false]);
    assert_eq!(sees(&rfq()), [true; 3]);
    let asked = after(&hidden, &RfqCommand::Invite { suppliers: vec![SUPPLIER, CompanyId(3)] }, now(), &[]);
    assert_eq!(sees(&asked), [true; 3]);
    assert_eq!(asked.terms.invited.len(), 2, "who was asked before is not asked again");
    assert_eq!(judge(&asked, &RfqCommand::Invite { suppliers: vec![SUPPLIER] }, now(), &[]), Ok(None));
    assert_eq!(judge(&asked, &RfqCommand::Invite { suppliers: vec![BUYER] }, now(), &[]), Err("sourcing.rfq_invalid"));
}

#[test]
fn a_deadline_moves_later_only_and_not_once_it_is_over() {
    let extend = |day: &str| RfqCommand::Extend { deadline: day.parse().unwrap() };
    let rfq = rfq();
    let later = after(&rfq, &extend("2026-02-01"), now(), &[]);
    assert_eq!(later.deadline.to_string(), "2026-02-01T16:00:00Z");
    assert_eq!(later.deadline_change(Some(&rfq)).unwrap().due, Some(later.deadline));
    assert_eq!(judge(&rfq, &extend("2026-01-15"), now(), &[]), Ok(None), "the day it has");
    for day in ["2026-01-14", "2026-03-07"] {
        assert_eq!(judge(&rfq, &extend(day), now(), &[]), Err("sourcing.deadline_not_later"), "{day}");
    }
    assert_eq!(judge(&rfq, &extend("2026-02-01"), rfq.deadline, &[]), Err("sourcing.deadline_over"));
}

#[test]
fn time_closes_a_request_with_quotes_and_ends_one_without() {
    let (rfq, quote) = (rfq(), quote(2, &quote_terms()));
    assert_eq!(judge(&rfq, &RfqCommand::Lapse, now(), &[]), Err("sourcing.rfq_state"), "too early");
    assert_eq!(after(&rfq, &RfqCommand::Lapse, rfq.deadline, &[]).state, RfqState::Lapsed);

    let closed = after(&rfq, &RfqCommand::Lapse, rfq.deadline, &[&quote]);
    assert_eq!(closed.state, RfqState::Closed);
    let decide_by = closed.due().expect("a closed request waits for its end");
    assert_eq!(zone().day_of(MarketTime(decide_by.0 - 1)).to_string(), "2026-04-16", "90 days on");
    assert_eq!(judge(&closed, &RfqCommand::Lapse, rfq.deadline, &[&quote]), Err("sourcing.rfq_state"));
    let lapsed = after(&closed, &RfqCommand::Lapse, decide_by, &[&quote]);
    assert_eq!((lapsed.state, lapsed.due()), (RfqState::Lapsed, None));
}

/// Steps by state: what is neither done nor done before is refused.
#[test]
fn every_step_fits_the_states_it_fits_and_no_other() {
    use RfqState::{Awarded, Closed, Lapsed, Open, Withdrawn};
    let quote = quote(2, &quote_terms());
    let give = [choice(&quote, &[(1, 10_000)])];
    let awarded = after(&rfq(), &award(&give), now(), &[&quote]);
    let extend = RfqCommand::Extend { deadline: "2026-02-01".parse().unwrap() };
    let invite = RfqCommand::Invite { suppliers: vec![CompanyId(3)] };
    let table: [(RfqCommand, &[RfqState], &[RfqState]); 5] = [
        (extend, &[Open], &[]),
        (invite, &[Open], &[]),
        (RfqCommand::Close, &[Open], &[Closed]),
        (RfqCommand::Withdraw, &[Open, Closed], &[Withdrawn]),
        (award(&give), &[Open, Closed], &[Awarded]),
    ];
    for (command, does, repeats) in table {
        for state in RfqState::ALL {
            let rfq = if state == Awarded { awarded.clone() } else { Rfq { state, ..rfq() } };
            let found = judge(&rfq, &command, now(), &[&quote]);
            match (does.contains(&state), repeats.contains(&state)) {
                (true, _) => assert!(matches!(found, Ok(Some(_))), "{command:?} {state:?}: {found:?}"),
                (false, true) => assert_eq!(found, Ok(None), "{command:?} {state:?}"),
                (false, false) => assert_eq!(found, Err("sourcing.rfq_state"), "{command:?} {state:?}"),
            }
        }
    }
    for state in [Awarded, Withdrawn, Lapsed] {
        assert_eq!(Rfq { state, ..rfq() }.due(), None, "an end waits for nothing");
    }
}

#[test]
fn a_split_award_prices_each_part_by_its_own_ladder_and_shares_the_freight() {
    let dear = quote(2, &quote_terms());
    let cheap = quote(3, &quote_terms());
    let rfq = after(
        &rfq(),
        &award(&[choice(&dear, &[(1, 4_000), (2, 20_000)]), choice(&cheap, &[(1, 6_000)])]),
        now(),
        &[&dear, &cheap],
    );

    let [first, second] = rfq.awards.as_slice() else { panic!("{:?}", rfq.awards) };
    // Bolts at 10,000: 30.00; nuts: 40.00; freight 100.00 by value: 42.86 and 57.14.
    assert_eq!(freight_shares(&rfq, &quote_terms()), Ok(vec![4_286, 5_714]));
    let prices = |award: &Award| award.lines.iter().map(|l| (l.unit_price.0, l.value_minor)).collect::<Vec<_>>();
    assert_eq!(prices(first), [(3_500, 1_400), (2_000, 4_000)], "below 10,000 the first break counts");
    assert_eq!((first.freight_minor, first.total_minor), (1_714 + 5_714, 1_400 + 4_000 + 7_428));
    assert_eq!(prices(second), [(3_500, 2_100)]);
    assert_eq!((second.freight_minor, second.total_minor), (2_572, 4_672));
    assert_eq!((rfq.state, rfq.awarded_at), (RfqState::Awarded, Some(now())));

    let whole = after(&self::rfq(), &award(&[choice(&dear, &[(1, 10_000), (2, 20_000)])]), now(), &[&dear]);
    assert_eq!(whole.awards[0].freight_minor, 10_000, "all of it carries all of the freight");
}

#[test]
fn every_reason_against_an_award_has_its_own_refusal() {
    let (rfq, quote, other) = (rfq(), quote(2, &quote_terms()), quote(3, &quote_terms()));
    let good = choice(&quote, &[(1, 5_000)]);
    let judge = |choices: &[AwardChoice], quote: &Quote, now| judge(&rfq, &award(choices), now, &[quote, &other]);
    let with = |lines: &[(i32, i64)]| vec![choice(&quote, lines)];
    let mut second = quote.clone();
    second.versions.push(QuoteVersion { no: 2, ..quote.versions[0].clone() });
    let gone = Quote { state: QuoteState::Withdrawn, ..quote.clone() };
    let lapsed = Quote { state: QuoteState::Lapsed, ..quote.clone() };
    let one_line = self::quote(2, &QuoteTerms { lines: vec![quote_terms().lines[0].clone()], ..quote_terms() });
    let foreign = Quote { rfq: RfqId(8), ..quote.clone() };
    let unknown = AwardChoice { quote: QuoteId(99), ..good.clone() };
    let until = quote.due().unwrap();
    let cases = [
        ("sourcing.nothing_chosen", judge(&[], &quote, now())),
        ("sourcing.nothing_chosen", judge(&with(&[]), &quote, now())),
        ("sourcing.no_such_quote", judge(&[unknown], &quote, now())),
        ("sourcing.no_such_quote", judge(std::slice::from_ref(&good), &foreign, now())),
        ("sourcing.no_such_quote", judge(&[good.clone(), good.clone()], &quote, now())),
        ("sourcing.quote_outdated", judge(std::slice::from_ref(&good), &second, now())),
        ("sourcing.quote_withdrawn", judge(std::slice::from_ref(&good), &gone, now())),
        ("sourcing.quote_expired", judge(std::slice::from_ref(&good), &lapsed, now())),
        ("sourcing.quote_expired", judge(std::slice::from_ref(&good), &quote, until)),
        ("sourcing.no_such_line", judge(&with(&[(3, 1)]), &quote, now())),
        ("sourcing.no_such_line", judge(&with(&[(1, 0)]), &quote, now())),
        ("sourcing.no_such_line", judge(&with(&[(1, 1_000), (1, 1_000)]), &quote, now())),
        ("sourcing.line_declined", judge(&with(&[(2, 5_000)]), &one_line, now())),
        ("sourcing.below_moq", judge(&with(&[(1, 999)]), &quote, now())),
        ("sourcing.too_much", judge(&with(&[(1, 10_001)]), &quote, now())),
        ("sourcing.too_much", judge(&[good.clone(), choice(&other, &[(1, 5_001)])], &quote, now())),
    ];
    for (n, (expected, found)) in cases.into_iter().enumerate() {
        assert_eq!(found, Err(expected), "case {n}");
    }
    let last = MarketTime(until.0 - 1);
    assert!(judge(&[good.clone(), choice(&other, &[(1, 5_000)])], &quote, last).is_ok(), "control: it fits exactly");
}

#[test]
fn a_repeated_award_is_the_same_award_and_another_one_is_refused() {
    let quote = quote(2, &quote_terms());
    let give = [choice(&quote, &[(1, 5_000)])];
    let awarded = after(&rfq(), &award(&give), now(), &[&quote]);

    assert_eq!(judge(&awarded, &award(&give), now().plus_days(80), &[&quote]), Ok(None));
    let more = [choice(&quote, &[(1, 6_000)])];
    assert_eq!(judge(&awarded, &award(&more), now(), &[&quote]), Err("sourcing.rfq_state"));
}

#[test]
fn each_side_says_once_what_became_of_an_award_and_may_correct_itself() {
    let quote = quote(2, &quote_terms());
    let open = rfq();
    let told = |by, dealt, note: &str| RfqCommand::Outcome { quote: quote.id, by, dealt, note: note.into() };
    assert_eq!(judge(&open, &told(Side::Buyer, true, ""), now(), &[]), Err("sourcing.not_awarded"));
    let awarded = after(&open, &award(&[choice(&quote, &[(1, 5_000)])]), now(), &[&quote]);

    let one = after(&awarded, &told(Side::Buyer, true, "Paid."), now(), &[]);
    assert_eq!(judge(&one, &told(Side::Buyer, true, "Paid."), now(), &[]), Ok(None));
    let two = after(&one, &told(Side::Seller, false, "Never paid."), now(), &[]);
    let three = after(&two, &told(Side::Buyer, false, "Fell through."), now(), &[]);
    assert_eq!((two.outcomes.len(), three.outcomes.len()), (2, 2));
    assert!(three.outcomes.iter().all(|outcome| !outcome.dealt));
    let long = "x".repeat(2_001);
    assert_eq!(judge(&awarded, &told(Side::Buyer, true, &long), now(), &[]), Err("sourcing.note_too_long"));
}

proptest! {
    /// However the lines are split, no supplier is paid for more freight than it charges, by less than a cent a part.
    #[test]
    fn freight_of_a_split_adds_up_to_the_whole_within_half_a_cent_a_part(part in 1_000..9_000_i64, freight in 0..10_000_000_i64) {
        let terms = QuoteTerms { freight_minor: freight, ..quote_terms() };
        let (a, b) = (quote(2, &terms), quote(3, &terms));
        let give = [choice(&a, &[(1, part)]), choice(&b, &[(1, 10_000 - part)])];
        let rfq = after(&rfq(), &award(&give), now(), &[&a, &b]);
        let share = freight_shares(&rfq, &terms).unwrap()[0];
        let sum: i64 = rfq.awards.iter().map(|award| award.freight_minor).sum();
        prop_assert!((sum - share).abs() <= 1);
        for award in &rfq.awards {
            let lines: i64 = award.lines.iter().map(|line| line.value_minor).sum();
            prop_assert_eq!(award.total_minor, lines + award.freight_minor);
        }
    }
}

#[test]
fn codes_and_statuses_of_the_table_are_all_different_and_sane() {
    let mut codes: Vec<_> = CODES.iter().map(|(code, _)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), CODES.len());
    assert!(CODES.iter().all(|(code, status)| code.starts_with("sourcing.") && [403, 409, 422].contains(status)));
    let last = SourcingRejection::QuestionAnswered { no: 1 };
    assert_eq!(last.code(), CODES[CODES.len() - 1].0);
    let outdated = SourcingRejection::QuoteOutdated { quote: QuoteId(1), chosen: 1, newest: 2 };
    assert!(outdated.params().contains(&("newest", "2".to_owned())), "a refusal names the newest version");
}
