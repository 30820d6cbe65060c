//! The numbers of the rule book: 10,000.00 USD, 30/70, shipments of 6,000 and 4,000.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use entrepot_domain::kernel::{AccountKind, Actor};
use entrepot_domain::trade::{OrderStatus, PayMethod, Phase, StageState, TradeCommand};
use support::{Bench, at, terms};

fn paid_by_card_then_transfer() -> Bench {
    let mut bench = Bench::new();
    bench.pay_in(1_100_000);
    bench.agree(terms());
    bench.ok(Actor::Buyer, TradeCommand::Fund { stage: 1, method: PayMethod::Card });
    bench.fund(2);
    bench.dispatch(1);
    bench.deliver(1);
    bench.accept(1);
    bench
}

#[test]
fn the_happy_path_pays_everyone_to_the_cent() {
    let mut bench = paid_by_card_then_transfer();
    bench.fund(3);
    bench.dispatch(2);
    bench.deliver(2);
    bench.accept(2);

    assert_eq!(bench.order.status, OrderStatus::Completed);
    assert_eq!(bench.balance(AccountKind::PaymentFee), 11_970);
    assert_eq!(bench.balance(AccountKind::TxnFee), 20_000);
    assert_eq!(bench.balance(AccountKind::Premium), 3_000);
    assert_eq!(bench.balance(AccountKind::Seller), 927_000);
    assert_eq!(bench.balance(AccountKind::Reserve), 50_000);
    assert_eq!(bench.balance(AccountKind::Buyer), 88_030);
    assert_eq!(bench.balance(AccountKind::Escrow), 0);

    bench.fire_next();

    assert_eq!(bench.order.status, OrderStatus::Closed);
    assert_eq!((bench.balance(AccountKind::Seller), bench.balance(AccountKind::Reserve)), (977_000, 0));
    // P1, three P2, four P3, P12 (the rule book's tenth is a second pay-in).
    assert_eq!(bench.journals.len(), 9);
    assert!(!bench.fire_next());
    bench.assert_replays();
}

#[test]
fn late_cancel_after_the_first_acceptance_returns_the_second_shipment() {
    let mut bench = paid_by_card_then_transfer();
    bench.fund(3);
    let before = bench.balance(AccountKind::Buyer);
    bench.now = at("2026-04-02T00:00:00+08:00");

    bench.ok(Actor::Buyer, TradeCommand::LateCancel {});

    assert_eq!(bench.balance(AccountKind::Buyer) - before, 400_000);
    assert_eq!(bench.order.cell(1, 2).unwrap().amount, 120_000);
    assert_eq!(bench.order.cell(3, 2).unwrap().amount, 280_000);
    assert_eq!(bench.balance(AccountKind::Escrow), 0);
    assert_eq!(bench.order.status, OrderStatus::Completed, "something was accepted: completed, not cancelled");
    assert_eq!(bench.order.stage(1).unwrap().state, StageState::Split);
    assert_eq!(bench.order.stage(2).unwrap().state, StageState::Released);
    assert_eq!(bench.order.stage(3).unwrap().state, StageState::Refunded);
    bench.assert_replays();
}

#[test]
fn moving_the_clock_alone_delivers_accepts_and_closes() {
    let mut bench = Bench::new();
    bench.activate(terms());
    bench.fund(2);
    bench.fund(3);
    bench.dispatch(1);
    bench.dispatch(2);
    assert_eq!(bench.order.phase(), Phase::Shipping);

    while bench.fire_next() {}

    assert_eq!(bench.order.status, OrderStatus::Closed);
    assert!(bench.order.shipments.iter().all(|shipment| shipment.milestones.iter().all(Option::is_some)));
    assert_eq!(bench.order.money.released, 1_000_000);
    bench.assert_replays();
}

#[test]
fn the_phase_follows_the_children() {
    let mut bench = Bench::new();
    let mut one = terms();
    one.shipments = vec![support::shipment("2026-03-01", 1_000)];
    bench.pay_in(2_000_000);
    bench.draft(one);
    assert_eq!(bench.order.phase(), Phase::Negotiating);
    bench.ok(Actor::Seller, TradeCommand::Offer { valid_days: Some(20), contract_hash: support::HASH });
    bench.ok(Actor::Buyer, TradeCommand::Accept { offer_no: 1, contract_hash: support::HASH });
    assert_eq!(bench.order.phase(), Phase::AwaitingDeposit);
    bench.fund(1);
    assert_eq!(bench.order.phase(), Phase::InProduction);
    bench.fire_next();
    assert_eq!(bench.order.phase(), Phase::AwaitingBalance, "ten days before the ship-by date the balance falls due");
    bench.fund(2);
    assert_eq!(bench.order.phase(), Phase::InProduction);
    bench.dispatch(1);
    assert_eq!(bench.order.phase(), Phase::Shipping);
    bench.deliver(1);
    assert_eq!(bench.order.phase(), Phase::InspectionByBuyer);
    bench.accept(1);
    assert_eq!(bench.order.phase(), Phase::Covered);
    bench.fire_next();
    assert_eq!(bench.order.phase(), Phase::Done);
}
