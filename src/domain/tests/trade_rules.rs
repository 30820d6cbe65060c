//! Guards one by one: what the rules refuse, and what they do when they do not.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::sync::Arc;

use entrepot_domain::kernel::{AccountKind, Actor};
use entrepot_domain::trade::{
    ContractHash, DispatchPapers, Milestone, OrderStatus, PayMethod, StageKind, StageState, TradeCommand,
    TradeRejection, Trigger,
};
use support::{Bench, HASH, at, papers, shipment, stage, terms, usd};

fn active() -> Bench {
    let mut bench = Bench::new();
    bench.activate(terms());
    bench
}

#[test]
fn only_the_latest_offer_read_in_full_can_be_accepted() {
    let mut bench = Bench::new();
    bench.draft(terms());
    bench.ok(Actor::Seller, TradeCommand::Offer { valid_days: None, contract_hash: HASH });
    let other = ContractHash([8; 32]);
    bench.ok(Actor::Buyer, TradeCommand::Counter { terms: Arc::new(terms()), valid_days: None, contract_hash: other });

    let accept = |offer_no, contract_hash| TradeCommand::Accept { offer_no, contract_hash };
    assert_eq!(bench.run(Actor::Seller, &accept(1, HASH)), Err(TradeRejection::OfferOutdated { read: 1, current: 2 }));
    assert_eq!(bench.run(Actor::Seller, &accept(2, HASH)), Err(TradeRejection::ContractHashMismatch));
    assert!(matches!(bench.run(Actor::Buyer, &accept(2, other)), Err(TradeRejection::WrongParty { .. })));
    bench.ok(Actor::Seller, accept(2, other));
    assert_eq!(bench.order.status, OrderStatus::Agreed);
}

#[test]
fn an_offer_ends_at_24_00_of_its_last_day_and_not_a_microsecond_before() {
    let mut bench = Bench::new();
    bench.draft(terms());
    bench.ok(Actor::Seller, TradeCommand::Offer { valid_days: Some(1), contract_hash: HASH });
    let end = at("2026-01-07T00:00:00+08:00");
    bench.now = end.plus_micros(-1);
    assert_eq!(bench.run(Actor::System, &TradeCommand::ExpireOffer {}), Err(TradeRejection::TooEarly { due: end }));
    let accept = TradeCommand::Accept { offer_no: 1, contract_hash: HASH };
    assert!(bench.judge(Actor::Buyer, &accept).is_ok());
    bench.now = end;
    assert_eq!(bench.run(Actor::Buyer, &accept), Err(TradeRejection::OfferExpired { until: end }));
    bench.ok(Actor::System, TradeCommand::ExpireOffer {});
    assert_eq!(bench.order.status, OrderStatus::Expired);
}

#[test]
fn offers_stand_one_to_ninety_days_and_ship_by_dates_lie_ahead() {
    let mut bench = Bench::new();
    bench.draft(terms());
    for days in [-1, 0, 91, i64::MAX] {
        let offer = TradeCommand::Offer { valid_days: Some(days), contract_hash: HASH };
        assert_eq!(bench.run(Actor::Seller, &offer), Err(TradeRejection::ValidDaysOutOfRange { max: 90 }));
    }
    bench.now = at("2026-03-02T00:00:00+08:00");
    let offer = TradeCommand::Offer { valid_days: None, contract_hash: HASH };
    assert_eq!(bench.run(Actor::Seller, &offer), Err(TradeRejection::ShipByPast { shipment: 1 }));
}

#[test]
fn a_counter_offer_cannot_swap_the_companies() {
    let mut bench = Bench::new();
    bench.draft(terms());
    bench.ok(Actor::Seller, TradeCommand::Offer { valid_days: None, contract_hash: HASH });
    let mut swapped = terms();
    (swapped.buyer, swapped.seller) = (swapped.seller, swapped.buyer);
    let counter = TradeCommand::Counter { terms: Arc::new(swapped), valid_days: None, contract_hash: HASH };
    assert!(matches!(bench.run(Actor::Buyer, &counter), Err(TradeRejection::AmendmentNotAllowed { .. })));
}

#[test]
fn a_wallet_one_cent_short_is_refused_and_the_exact_sum_suffices() {
    let mut bench = Bench::new();
    bench.pay_in(301_499);
    bench.agree(terms());
    let fund = TradeCommand::Fund { stage: 1, method: PayMethod::Tt };
    assert_eq!(
        bench.run(Actor::Buyer, &fund),
        Err(TradeRejection::InsufficientFunds { have: usd(301_499), need: usd(301_500) })
    );
    bench.pay_in(1);
    bench.ok(Actor::Buyer, fund);
    assert_eq!(bench.balance(AccountKind::Buyer), 0);
}

#[test]
fn a_stage_is_paid_once_in_its_time() {
    let mut bench = Bench::new();
    bench.pay_in(2_000_000);
    bench.agree(terms());
    let fund = |stage| TradeCommand::Fund { stage, method: PayMethod::Tt };
    assert_eq!(
        bench.run(Actor::Buyer, &fund(2)),
        Err(TradeRejection::StageNotDue { stage: 2 }),
        "the deposit comes first"
    );
    assert_eq!(bench.run(Actor::Buyer, &fund(9)), Err(TradeRejection::NoSuchStage(9)));
    let until = at("2026-01-16T00:00:00+08:00");
    let mut late = bench.clone();
    late.now = until;
    assert_eq!(late.run(Actor::Buyer, &fund(1)), Err(TradeRejection::StageOverdue { stage: 1, until }));
    bench.fund(1);
    assert_eq!(
        bench.run(Actor::Buyer, &fund(1)),
        Err(TradeRejection::WrongStageState { stage: 1, state: StageState::Funded })
    );
}

#[test]
fn an_unpaid_deposit_lets_the_order_expire() {
    let mut bench = Bench::new();
    bench.agree(terms());
    let due = at("2026-01-16T00:00:00+08:00");
    assert_eq!(bench.run(Actor::System, &TradeCommand::Lapse { stage: 1 }), Err(TradeRejection::TooEarly { due }));
    bench.fire_next();
    assert_eq!(bench.order.status, OrderStatus::Expired);
}

#[test]
fn without_a_deposit_the_first_balance_starts_the_order() {
    let mut bench = Bench::new();
    let mut no_deposit = terms();
    no_deposit.stages = vec![stage(StageKind::Balance, Trigger::BeforeDispatch, 10_000)];
    bench.activate(no_deposit);
    assert_eq!(bench.order.status, OrderStatus::Active);
    bench.dispatch(1);
    let dispatch = TradeCommand::Dispatch { shipment: 2, papers: papers(), eta_days: 20 };
    assert_eq!(bench.run(Actor::Seller, &dispatch), Err(TradeRejection::StageUnfunded { stage: 2 }));
}

#[test]
fn dispatch_needs_payment_papers_and_an_arrival() {
    let mut bench = active();
    let dispatch = |carrier: &str, documents: &[&str], eta_days| TradeCommand::Dispatch {
        shipment: 1,
        papers: Arc::new(DispatchPapers {
            carrier: carrier.into(),
            tracking_no: String::new(),
            documents: documents.iter().map(|d| (*d).to_owned()).collect(),
        }),
        eta_days,
    };
    assert_eq!(
        bench.run(Actor::Seller, &dispatch("COSCO", &["B/L"], 10)),
        Err(TradeRejection::StageUnfunded { stage: 2 })
    );
    bench.fund(2);
    assert_eq!(bench.run(Actor::Seller, &dispatch(" ", &["B/L"], 10)), Err(TradeRejection::CarrierMissing));
    assert_eq!(bench.run(Actor::Seller, &dispatch("COSCO", &[], 10)), Err(TradeRejection::DocumentsMissing));
    for eta in [-1, 0, 121] {
        assert_eq!(
            bench.run(Actor::Seller, &dispatch("COSCO", &["B/L"], eta)),
            Err(TradeRejection::EtaOutOfRange { max: 120 })
        );
    }
    bench.ok(Actor::Seller, dispatch("COSCO", &["B/L"], 120));
}

#[test]
fn milestones_come_in_order_and_once() {
    let mut bench = active();
    bench.fund(2);
    bench.dispatch(1);
    let track = |milestone| TradeCommand::Track { shipment: 1, milestone };
    bench.ok(Actor::Carrier, track(Some(Milestone::OnBoard)));
    for milestone in [Milestone::Booked, Milestone::OnBoard] {
        assert_eq!(bench.run(Actor::Carrier, &track(Some(milestone))), Err(TradeRejection::MilestonePassed));
    }
    assert!(matches!(bench.run(Actor::System, &track(None)), Err(TradeRejection::TooEarly { .. })));
    bench.ok(Actor::Carrier, track(None));
    assert!(bench.order.shipment(1).unwrap().milestones[3].is_some());
}

#[test]
fn each_side_extends_the_inspection_once_by_fifteen_days() {
    let mut bench = active();
    bench.fund(2);
    bench.dispatch(1);
    bench.deliver(1);
    let extend = TradeCommand::ExtendAcceptance { shipment: 1 };
    assert_eq!(bench.order.shipment(1).unwrap().accept_by, Some(at("2026-01-21T00:00:00+08:00")));
    bench.ok(Actor::Buyer, extend.clone());
    assert_eq!(bench.order.shipment(1).unwrap().accept_by, Some(at("2026-02-05T00:00:00+08:00")));
    assert_eq!(bench.run(Actor::Buyer, &extend), Err(TradeRejection::AlreadyExtended { shipment: 1 }));
    bench.ok(Actor::Seller, extend);
    assert_eq!(bench.order.shipment(1).unwrap().accept_by, Some(at("2026-02-20T00:00:00+08:00")));
    let auto = TradeCommand::AutoAccept { shipment: 1 };
    assert!(matches!(bench.run(Actor::System, &auto), Err(TradeRejection::TooEarly { .. })));
}

#[test]
fn without_a_robot_the_system_assumes_delivery_thirty_days_after_the_eta() {
    let mut bench = Bench::new();
    bench.params.robot_carrier = 0;
    bench.activate(terms());
    bench.fund(2);
    bench.dispatch(1);
    let steps: Vec<_> = bench.due.keys().filter(|(step, _)| step.starts_with("shipment.")).cloned().collect();
    assert_eq!(steps, [("shipment.assume_delivered".to_owned(), 1)]);
    assert_eq!(bench.due[&steps[0]], at("2026-02-25T00:00:00+08:00"));
}

#[test]
fn the_buyer_cancels_from_the_day_after_ship_by_but_not_over_an_own_default() {
    let mut bench = active();
    bench.now = at("2026-03-02T00:00:00+08:00").plus_micros(-1);
    let cancel = TradeCommand::LateCancel {};
    let from = at("2026-03-02T00:00:00+08:00");
    assert_eq!(bench.run(Actor::Buyer, &cancel), Err(TradeRejection::NotLate { from }));
    bench.now = from;
    assert_eq!(bench.run(Actor::Buyer, &cancel), Err(TradeRejection::OwnDefault { stage: 2 }), "the balance is unpaid");
    let system = bench.run(Actor::System, &cancel);
    assert_eq!(system, Err(TradeRejection::NotLate { from: at("2026-04-01T00:00:00+08:00") }));

    let mut paid = active();
    paid.fund(2);
    paid.now = from;
    paid.ok(Actor::Buyer, cancel);
    assert_eq!(paid.order.status, OrderStatus::Cancelled);
    assert_eq!(paid.balance(AccountKind::Buyer), 2_000_000 - 2 * 1_500, "all but the payment fees comes back");
}

#[test]
fn a_seller_paid_late_is_not_late_the_same_day() {
    let mut bench = Bench::new();
    let mut tight = terms();
    tight.shipments = vec![shipment("2026-01-08", 1_000)];
    bench.activate(tight);
    bench.now = at("2026-01-12T12:00:00+08:00");
    bench.fund(2);
    let late = bench.run(Actor::Buyer, &TradeCommand::LateCancel {});
    assert_eq!(late, Err(TradeRejection::NotLate { from: at("2026-01-13T00:00:00+08:00") }));
}

#[test]
fn after_a_lapsed_balance_the_seller_keeps_at_most_a_fifth_of_the_deposit() {
    let mut bench = active();
    let cancel = |penalty_minor| TradeCommand::CancelForDefault { penalty_minor };
    assert_eq!(bench.run(Actor::Seller, &cancel(0)), Err(TradeRejection::NoDefault));
    while bench.order.stage(2).unwrap().state != StageState::Lapsed {
        bench.fire_next();
    }
    assert_eq!(bench.run(Actor::Seller, &cancel(60_001)), Err(TradeRejection::PenaltyTooHigh { max: usd(60_000) }));
    assert_eq!(bench.run(Actor::Seller, &cancel(-1)), Err(TradeRejection::AmountNotPositive));
    bench.ok(Actor::Seller, cancel(60_000));

    assert_eq!(bench.order.status, OrderStatus::Cancelled);
    assert_eq!(bench.order.stage(1).unwrap().state, StageState::Split);
    assert_eq!((bench.order.money.released, bench.order.money.refunded), (60_000, 240_000));
    assert_eq!(bench.balance(AccountKind::Seller), 58_800, "the fee applies; premium and reserve do not");
    bench.assert_replays();
}
