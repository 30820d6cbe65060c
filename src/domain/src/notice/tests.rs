//! Every step is told or silent for a reason; reminders come once, at their time, whatever the clock does.

use super::*;
use crate::kernel::{MarketTime, OrderId, Role, Side};
use crate::trade::{Order, STEPS};
use proptest::prelude::*;
use std::collections::BTreeSet;

const HOUR: i64 = 3_600_000_000;

fn deeds() -> Vec<Deed> {
    let orders = STEPS.iter().map(|row| Deed::Order(row.step));
    orders.chain(Other::ALL.iter().copied().map(Deed::Other)).collect()
}

#[test]
fn every_step_is_told_or_silent_for_a_reason_and_read_back_by_its_name() {
    let mut said = BTreeSet::new();
    for deed in deeds() {
        let name = match deed {
            Deed::Order(step) => step.name(),
            Deed::Other(other) => other.name(),
        };
        assert_eq!(Deed::parse(name), Some(deed));
        match told(deed) {
            Told::Silent(why) => assert!(why.len() > 10, "{name}"),
            Told::News(news) => {
                assert!(!news.is_empty(), "{name}");
                said.extend(news.iter().map(|one| one.kind));
            }
        }
    }
    said.extend(STEPS.iter().flat_map(|row| duties(row.name)).map(|duty| duty.kind));
    said.extend(Other::ALL.iter().flat_map(|other| duties(other.name())).map(|duty| duty.kind));
    said.insert(Kind::SearchMatched);
    let never: Vec<_> = Kind::ALL.iter().filter(|kind| !said.contains(kind)).collect();
    assert!(never.is_empty(), "kinds that nothing tells: {never:?}");
    assert_eq!(Deed::parse("order.dance"), None);
}

#[test]
fn every_step_the_clock_takes_has_a_duty_or_needs_nobody() {
    let nobody = ["stage.fall_due", "shipment.track", "shipment.deliver", "shipment.assume_delivered", "order.close"];
    for row in STEPS.iter().filter(|row| row.is_automatic()) {
        assert_eq!(duties(row.name).is_empty(), nobody.contains(&row.name), "{}", row.name);
    }
    for row in STEPS.iter().filter(|row| !row.is_automatic()) {
        assert!(duties(row.name).is_empty(), "{} has no deadline", row.name);
    }
    for clock in ["inquiry.expire", "rfq.lapse", "quote.lapse", "proof.expire"] {
        assert!(!duties(clock).is_empty(), "{clock}");
    }
}

#[test]
fn words_are_unique_and_read_back() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        assert_eq!(Kind::ALL.iter().filter(|other| other.as_str() == kind.as_str()).count(), 1);
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        let person = matches!(kind.topic(), Topic::Searches);
        let heard = Role::ALL.iter().filter(|role| hears(*kind, **role)).count();
        assert_eq!(heard == 0, person, "{kind:?} is heard by nobody");
        assert!(!hears(*kind, Role::Viewer) && !hears(*kind, Role::Carrier) && !hears(*kind, Role::Admin));
    }
    for topic in Topic::ALL {
        assert_eq!(Topic::parse(topic.as_str()), Some(*topic));
        assert!(topic.default_choice().app);
    }
    assert!(!Topic::Security.is_free() && Topic::Security.default_choice().letters == Letters::Now);
}

#[test]
fn who_must_answer_follows_from_the_order() {
    let mut order = Order::new(OrderId(1));
    order.drafter = Side::Seller;
    assert_eq!(side_of(&order, Who::Drafter), Some(Side::Seller));
    assert_eq!(side_of(&order, Who::OfferAsked), None, "no offer waits");
    assert_eq!(side_of(&order, Who::ProposalAsked), None, "no proposal waits");
    assert_eq!((side_of(&order, Who::Buyer), side_of(&order, Who::Seller)), (Some(Side::Buyer), Some(Side::Seller)));
    assert_eq!(side_of(&order, Who::Guests), None);
}

#[test]
fn a_leap_over_both_points_reminds_once_and_over_the_deadline_never() {
    let at = |hours: i64| MarketTime(hours * HOUR);
    let hits = |before: i64, now: i64, due: i64| -> Vec<i64> {
        let found = windows(at(before), at(now)).into_iter().filter(|window| window.holds(at(due)));
        found.map(|window| window.ahead.hours()).collect()
    };
    assert_eq!(hits(0, 27, 100), Vec::<i64>::new(), "73 hours are left");
    assert_eq!(hits(27, 28, 100), [72]);
    assert_eq!(hits(28, 75, 100), Vec::<i64>::new(), "between the points");
    assert_eq!(hits(75, 76, 100), [24]);
    assert_eq!(hits(0, 99, 100), [24], "both at once");
    assert_eq!(hits(0, 100, 100), Vec::<i64>::new(), "too late to act");
    assert_eq!(hits(5, 5, 29), Vec::<i64>::new(), "no time passed");
}

proptest! {
    #[test]
    fn each_point_is_met_once_however_the_clock_moves(due in 1i64..2_000, steps in prop::collection::vec(0i64..300, 1..40)) {
        let (mut now, mut met) = (0, Vec::new());
        for step in steps {
            let before = now;
            now += step;
            let found: Vec<_> = windows(MarketTime(before * HOUR), MarketTime(now * HOUR))
                .into_iter()
                .filter(|window| window.holds(MarketTime(due * HOUR)))
                .collect();
            prop_assert!(found.len() <= 1);
            for window in found {
                let point = due - window.ahead.hours();
                prop_assert!(before < point && point <= now && now < due, "{before} {now} {due} {window:?}");
                prop_assert!(!met.contains(&window.ahead.hours()));
                met.push(window.ahead.hours());
            }
        }
        // A point in front of the clock that was passed alone was met.
        if due > 24 && now >= due - 24 && now < due {
            prop_assert!(met.contains(&24));
        }
    }
}
