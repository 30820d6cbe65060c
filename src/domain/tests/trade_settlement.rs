//! Guards one by one, second part: settlement, agreement of both sides, drafts.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::sync::Arc;

use entrepot_domain::kernel::{AccountKind, Actor, Quantity};
use entrepot_domain::trade::{
    Amendment, LineChange, Order, OrderStatus, PayMethod, ShipmentChange, ShipmentState, StageKind, StageState,
    TradeCommand, TradeRejection, Trigger,
};
use support::{Bench, at, shipment, stage, terms, usd};

fn active() -> Bench {
    let mut bench = Bench::new();
    bench.activate(terms());
    bench
}

fn propose_cancellation(refund_minor: i64) -> TradeCommand {
    TradeCommand::ProposeCancellation { refund_minor }
}

fn ship_by(shipment: i32, day: &str) -> TradeCommand {
    let change = ShipmentChange { shipment, ship_by: Some(day.parse().unwrap()), quantities: None };
    TradeCommand::ProposeAmendment {
        amendment: Arc::new(Amendment { shipments: vec![change], ..Amendment::default() }),
    }
}

#[test]
fn a_balance_against_the_bill_of_lading_is_due_on_dispatch() {
    let mut bench = Bench::new();
    let mut bl_copy = terms();
    bl_copy.stages[1].trigger = Trigger::BlCopy;
    bl_copy.shipments = vec![shipment("2026-03-01", 1_000)];
    bench.activate(bl_copy);
    let fund = TradeCommand::Fund { stage: 2, method: PayMethod::Tt };
    assert_eq!(bench.run(Actor::Buyer, &fund), Err(TradeRejection::StageNotDue { stage: 2 }));
    bench.dispatch(1);
    assert_eq!(bench.order.stage(2).unwrap().due_at, Some(at("2026-01-11T00:00:00+08:00")));

    let mut unpaid = bench.clone();
    while unpaid.order.stage(2).unwrap().state != StageState::Lapsed {
        unpaid.fire_next();
    }
    unpaid.ok(Actor::Seller, TradeCommand::CancelForDefault { penalty_minor: 0 });
    assert_eq!(unpaid.order.shipment(1).unwrap().state, ShipmentState::Cancelled, "the seller still holds the papers");
    bench.fund(2);
}

#[test]
fn a_stage_due_on_delivery_is_released_at_once_when_the_goods_were_accepted_first() {
    let mut bench = Bench::new();
    let mut delivered = terms();
    delivered.stages[1].trigger = Trigger::Delivered;
    delivered.shipments = vec![shipment("2026-03-01", 1_000)];
    bench.activate(delivered);
    bench.dispatch(1);
    bench.deliver(1);
    bench.accept(1);
    assert_eq!(bench.order.status, OrderStatus::Active, "one payment is open");
    bench.fund(2);
    assert_eq!(bench.order.status, OrderStatus::Completed);
    assert_eq!(bench.order.money.released, 1_000_000);
}

#[test]
fn a_retention_is_held_until_the_order_closes() {
    let mut bench = Bench::new();
    let mut retained = terms();
    retained.stages[1].share_bps = 6_000;
    retained.stages.push(stage(StageKind::Retention, Trigger::BeforeDispatch, 1_000));
    retained.shipments = vec![shipment("2026-03-01", 1_000)];
    bench.activate(retained);
    bench.fund(2);
    bench.fund(3);
    bench.dispatch(1);
    bench.deliver(1);
    bench.accept(1);
    assert_eq!(bench.order.status, OrderStatus::Completed);
    assert_eq!(bench.balance(AccountKind::Escrow), 100_000);
    assert!(matches!(bench.run(Actor::System, &TradeCommand::Close {}), Err(TradeRejection::TooEarly { .. })));
    bench.fire_next();
    assert_eq!((bench.balance(AccountKind::Escrow), bench.balance(AccountKind::Reserve)), (0, 0));
    assert_eq!(bench.balance(AccountKind::Seller), 977_000);
}

#[test]
fn consent_divides_the_undispatched_money_and_nothing_else() {
    let mut bench = active();
    bench.fund(2);
    bench.dispatch(1);
    assert_eq!(
        bench.run(Actor::Buyer, &propose_cancellation(120_001)),
        Err(TradeRejection::RefundExceedsHeld { held: usd(120_000) })
    );
    bench.ok(Actor::Buyer, propose_cancellation(90_000));
    assert_eq!(bench.run(Actor::Seller, &propose_cancellation(1)), Err(TradeRejection::ProposalOpen));
    assert!(matches!(
        bench.run(Actor::Buyer, &TradeCommand::AcceptProposal {}),
        Err(TradeRejection::WrongParty { .. })
    ));
    assert!(matches!(
        bench.run(Actor::Seller, &TradeCommand::WithdrawProposal {}),
        Err(TradeRejection::WrongParty { .. })
    ));
    bench.ok(Actor::Seller, TradeCommand::AcceptProposal {});

    assert_eq!(bench.order.status, OrderStatus::Active, "the first shipment goes on");
    assert_eq!((bench.order.money.released, bench.order.money.refunded), (30_000, 90_000));
    assert_eq!(bench.order.shipment(2).unwrap().state, ShipmentState::Cancelled);
    assert_eq!(bench.order.stage(3).unwrap().state, StageState::Lapsed);
    assert_eq!(bench.run(Actor::Buyer, &propose_cancellation(0)), Err(TradeRejection::NothingUndispatched));
}

#[test]
fn before_any_payment_consent_simply_ends_the_order() {
    let mut bench = Bench::new();
    bench.agree(terms());
    bench.ok(Actor::Seller, propose_cancellation(0));
    bench.ok(Actor::Buyer, TradeCommand::AcceptProposal {});
    assert_eq!(bench.order.status, OrderStatus::Cancelled);
    assert!(bench.journals.is_empty() && bench.due.is_empty());
}

#[test]
fn ship_by_moves_at_most_ninety_days_in_all() {
    let mut bench = active();
    let extend = |days| TradeCommand::ProposeExtension { shipment: 1, days };
    for days in [-1, 0, 91] {
        assert_eq!(bench.run(Actor::Seller, &extend(days)), Err(TradeRejection::ExtensionTooLong { left: 90 }));
    }
    bench.ok(Actor::Seller, extend(60));
    bench.ok(Actor::Buyer, TradeCommand::AcceptProposal {});
    assert_eq!(bench.order.shipment(1).unwrap().ship_by.to_string(), "2026-04-30");
    assert_eq!(bench.due[&("order.late_cancel".to_owned(), 1)], at("2026-05-31T00:00:00+08:00"));
    assert_eq!(bench.run(Actor::Seller, &extend(31)), Err(TradeRejection::ExtensionTooLong { left: 30 }));
    assert_eq!(bench.run(Actor::Seller, &ship_by(1, "2026-06-30")), Err(TradeRejection::ExtensionTooLong { left: 30 }));
    bench.assert_replays();
}

#[test]
fn a_proposal_is_answered_within_five_days_or_void() {
    let mut bench = active();
    bench.ok(Actor::Seller, TradeCommand::ProposeExtension { shipment: 1, days: 5 });
    let until = at("2026-01-11T00:00:00+08:00");
    assert_eq!(bench.run(Actor::System, &TradeCommand::LapseProposal {}), Err(TradeRejection::TooEarly { due: until }));
    bench.now = until;
    assert_eq!(
        bench.run(Actor::Buyer, &TradeCommand::AcceptProposal {}),
        Err(TradeRejection::ProposalExpired { until })
    );
    bench.ok(Actor::System, TradeCommand::LapseProposal {});
    assert_eq!(bench.run(Actor::Buyer, &TradeCommand::DeclineProposal {}), Err(TradeRejection::NoProposal));
}

#[test]
fn amounts_change_before_payment_only() {
    let quantities = |bench: &Bench| bench.order.terms.as_ref().unwrap().lines[0].quantity;
    let more = || {
        let line = LineChange { line: 1, title: None, quantity: Some(Quantity(1_100_000)), unit_price: None };
        let change = ShipmentChange { shipment: 1, ship_by: None, quantities: Some(vec![Quantity(700_000)]) };
        let amendment = Amendment { lines: vec![line], shipments: vec![change], ..Amendment::default() };
        TradeCommand::ProposeAmendment { amendment: Arc::new(amendment) }
    };
    let mut bench = Bench::new();
    bench.agree(terms());
    bench.ok(Actor::Buyer, more());
    bench.ok(Actor::Seller, TradeCommand::AcceptProposal {});
    assert_eq!((quantities(&bench), bench.order.total), (Quantity(1_100_000), 1_100_000));

    let mut paid = active();
    assert!(matches!(paid.run(Actor::Buyer, &more()), Err(TradeRejection::AmendmentNotAllowed { .. })));
    let empty = TradeCommand::ProposeAmendment { amendment: Arc::default() };
    assert_eq!(paid.run(Actor::Buyer, &empty), Err(TradeRejection::AmendmentEmpty));
    assert!(matches!(
        paid.run(Actor::Buyer, &ship_by(1, "2026-01-01")),
        Err(TradeRejection::AmendmentNotAllowed { .. })
    ));
    assert!(matches!(
        paid.run(Actor::Buyer, &ship_by(7, "2026-06-01")),
        Err(TradeRejection::AmendmentNotAllowed { .. })
    ));
    let notes = Amendment { notes: Some("Blue ones".into()), po_number: Some("PO 7".into()), ..Amendment::default() };
    paid.ok(Actor::Buyer, TradeCommand::ProposeAmendment { amendment: Arc::new(notes) });
    paid.ok(Actor::Seller, TradeCommand::AcceptProposal {});
    assert_eq!(paid.order.terms.as_ref().unwrap().notes, "Blue ones");
}

#[test]
fn running_orders_keep_the_rules_they_were_agreed_under() {
    let mut bench = active();
    bench.params.fee_bps = 2_000;
    bench.params.bl_copy_days = 90;
    bench.fund(2);
    bench.dispatch(1);
    bench.deliver(1);
    bench.accept(1);
    assert_eq!(bench.balance(AccountKind::TxnFee), 12_000, "two percent, not twenty");
}

#[test]
fn a_forgotten_draft_is_discarded_by_the_system() {
    let mut bench = Bench::new();
    bench.draft(terms());
    assert!(matches!(bench.run(Actor::Buyer, &TradeCommand::Discard {}), Err(TradeRejection::WrongParty { .. })));
    assert!(matches!(bench.run(Actor::System, &TradeCommand::Discard {}), Err(TradeRejection::TooEarly { .. })));
    bench.fire_next();
    assert_eq!(bench.order.status, OrderStatus::Cancelled);
}

#[test]
fn faulty_terms_are_refused_field_by_field() {
    use entrepot_domain::kernel::Rejection as _;
    let bench = Bench::new();
    let mut faulty = terms();
    faulty.lines[0].quantity = Quantity(0);
    faulty.acceptance_days = 99;
    let draft =
        TradeCommand::Draft { id: Order::new(Default::default()).id, number: Arc::from("1"), terms: Arc::new(faulty) };
    let refusal = bench.judge(Actor::Seller, &draft).unwrap_err();
    assert_eq!((refusal.code(), refusal.status()), ("trade.terms_invalid", 422));
    assert!(refusal.errors().iter().any(|error| error.pointer == "/acceptance_days"));
    assert_eq!(refusal.pointer().as_deref(), Some("/lines/0/quantity"));
}
