//! Thousands of random lives: every invariant after every step, a way out of every state, nothing left in escrow.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::sync::Arc;

use entrepot_domain::kernel::{AccountKind, Actor, BarePrice, OrderId, Quantity};
use entrepot_domain::trade::{
    Amendment, Milestone, OrderStatus, OrderTerms, PayMethod, STEPS, ShipmentChange, ShipmentTerms, StageKind,
    StageTerms, Step, TradeCommand, Trigger,
};
use support::{Bench, HASH, papers, terms};

/// A small counter-based generator (splitmix64): the same seed gives the same walk.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn range(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.roll(u64::try_from(high - low + 1).unwrap())).unwrap()
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.roll(items.len() as u64)).unwrap()]
    }
}

fn random_stages(dice: &mut Dice, shipments: i32) -> Vec<StageTerms> {
    let mut stages = Vec::new();
    let mut left = 10_000;
    let mut add = |stages: &mut Vec<StageTerms>, kind, trigger, share_bps: i64, shipment| {
        stages.push(StageTerms { kind, trigger, share_bps, shipment });
        left -= share_bps;
        left
    };
    if dice.roll(4) > 0 {
        let share = dice.range(1, 6_000);
        add(&mut stages, StageKind::Deposit, Trigger::Agreed, share, None);
    } else {
        let share = dice.range(1_000, 5_000);
        add(&mut stages, StageKind::Balance, Trigger::BeforeDispatch, share, None);
    }
    let triggers = [Trigger::BeforeDispatch, Trigger::BlCopy, Trigger::Delivered];
    if dice.roll(3) == 0 {
        let share = dice.range(1, 1_000);
        let shipment = (dice.roll(2) == 0).then(|| i32::try_from(dice.range(1, i64::from(shipments))).unwrap());
        add(&mut stages, StageKind::Retention, *dice.pick(&triggers), share, shipment);
    }
    if dice.roll(2) == 0 {
        let share = dice.range(1, 1_500);
        let shipment = Some(i32::try_from(dice.range(1, i64::from(shipments))).unwrap());
        add(&mut stages, StageKind::Balance, *dice.pick(&triggers), share, shipment);
    }
    let rest = 10_000 - stages.iter().map(|stage| stage.share_bps).sum::<i64>();
    stages.push(StageTerms {
        kind: StageKind::Balance,
        trigger: *dice.pick(&triggers),
        share_bps: rest,
        shipment: None,
    });
    stages
}

fn random_terms(dice: &mut Dice) -> OrderTerms {
    let count = dice.range(1, 4);
    let mut terms = terms();
    let start: entrepot_domain::kernel::Day = "2026-01-10".parse().unwrap();
    terms.shipments = (0..count)
        .map(|_| ShipmentTerms {
            ship_by: start.plus(i32::try_from(dice.range(0, 90)).unwrap()),
            quantities: vec![Quantity(dice.range(1, 900_000))],
        })
        .collect();
    terms.lines[0].quantity = Quantity(terms.shipments.iter().map(|shipment| shipment.quantities[0].0).sum());
    terms.lines[0].unit_price = BarePrice(dice.range(2_000_000, 30_000_000));
    terms.freight_minor = dice.range(0, 50_000);
    terms.discount_minor = dice.range(0, 100);
    terms.acceptance_days = dice.range(3, 30);
    terms.claim_window_days = dice.range(0, 30);
    terms.stages = random_stages(dice, i32::try_from(count).unwrap());
    if dice.roll(12) == 0 {
        terms.quality_points.clear();
    }
    terms
}

/// Mostly a step the table allows here, by an actor it admits; sometimes anything by anyone.
fn random_step(dice: &mut Dice, bench: &Bench) -> (Step, Actor) {
    let wild = dice.roll(10) == 0;
    let rows: Vec<_> = STEPS.iter().filter(|row| wild || row.from.contains(&bench.order.status)).collect();
    if rows.is_empty() {
        return (dice.pick(STEPS).step, *dice.pick(&Actor::ALL));
    }
    let row = **dice.pick(&rows);
    let actors: Vec<_> = Actor::ALL.into_iter().filter(|actor| wild || row.admits(*actor)).collect();
    (row.step, *dice.pick(&actors))
}

fn random_command(dice: &mut Dice, bench: &Bench, step: Step) -> TradeCommand {
    let part = i32::try_from(dice.range(1, 6)).unwrap();
    let method = *dice.pick(&[PayMethod::Card, PayMethod::Tt]);
    match step {
        Step::Draft => {
            TradeCommand::Draft { id: OrderId(100), number: Arc::from("1"), terms: Arc::new(random_terms(dice)) }
        }
        Step::Revise => TradeCommand::Revise { terms: Arc::new(random_terms(dice)) },
        Step::Offer => TradeCommand::Offer { valid_days: Some(dice.range(0, 60)), contract_hash: HASH },
        Step::Counter => {
            TradeCommand::Counter { terms: Arc::new(random_terms(dice)), valid_days: None, contract_hash: HASH }
        }
        Step::Accept => {
            TradeCommand::Accept { offer_no: bench.order.offer.map_or(1, |offer| offer.no), contract_hash: HASH }
        }
        // Endings are rare, or no walk would get far.
        Step::Discard | Step::Withdraw | Step::Decline if dice.roll(10) > 0 => {
            TradeCommand::Fund { stage: part, method }
        }
        Step::Discard => TradeCommand::Discard {},
        Step::Withdraw => TradeCommand::Withdraw { reason: None },
        Step::Decline => TradeCommand::Decline { reason: None },
        Step::ExpireOffer => TradeCommand::ExpireOffer {},
        Step::Fund => TradeCommand::Fund { stage: part, method },
        Step::FallDue => TradeCommand::FallDue { stage: part },
        Step::Lapse => TradeCommand::Lapse { stage: part },
        Step::CancelForDefault => TradeCommand::CancelForDefault { penalty_minor: dice.range(-1, 50_000) },
        Step::Dispatch => TradeCommand::Dispatch { shipment: part, papers: papers(), eta_days: dice.range(0, 60) },
        Step::Track => TradeCommand::Track { shipment: part, milestone: Some(*dice.pick(&Milestone::ALL)) },
        Step::Deliver => TradeCommand::Deliver { shipment: part },
        Step::AssumeDelivered => TradeCommand::AssumeDelivered { shipment: part },
        Step::AcceptShipment => TradeCommand::AcceptShipment { shipment: part },
        Step::AutoAccept => TradeCommand::AutoAccept { shipment: part },
        Step::ExtendAcceptance => TradeCommand::ExtendAcceptance { shipment: part },
        Step::ProposeAmendment => {
            let ship_by = bench.zone.day_of(bench.now).plus(i32::try_from(dice.range(-2, 60)).unwrap());
            let change = ShipmentChange { shipment: part, ship_by: Some(ship_by), quantities: None };
            TradeCommand::ProposeAmendment {
                amendment: Arc::new(Amendment { shipments: vec![change], ..Amendment::default() }),
            }
        }
        Step::ProposeCancellation => TradeCommand::ProposeCancellation { refund_minor: dice.range(-1, 400_000) },
        Step::ProposeExtension => TradeCommand::ProposeExtension { shipment: part, days: dice.range(0, 50) },
        Step::AcceptProposal => TradeCommand::AcceptProposal {},
        Step::DeclineProposal => TradeCommand::DeclineProposal {},
        Step::WithdrawProposal => TradeCommand::WithdrawProposal {},
        Step::LapseProposal => TradeCommand::LapseProposal {},
        Step::LateCancel => TradeCommand::LateCancel {},
        Step::Close => TradeCommand::Close {},
    }
}

fn assert_ends_by_silence(mut bench: Bench) -> OrderStatus {
    let mut fired = 0;
    while bench.fire_next() {
        fired += 1;
        assert!(fired < 200, "the deadlines never end: {:#?}", bench.order);
    }
    if bench.order.status == OrderStatus::New {
        return OrderStatus::New;
    }
    assert!(bench.order.status.is_terminal(), "stuck: {:#?}", bench.order);
    assert_eq!(bench.balance(AccountKind::Escrow), 0);
    assert_eq!(bench.balance(AccountKind::Reserve), 0);
    assert_eq!(bench.order.money.paid, bench.order.money.released + bench.order.money.refunded);
    bench.assert_replays();
    bench.order.status
}

fn walk(seed: u64) -> (OrderStatus, usize) {
    let mut dice = Dice(seed);
    let mut bench = Bench::new();
    bench.pay_in(dice.range(1_000_000, 20_000_000));
    let mut accepted = 0;
    for _ in 0..dice.range(10, 250) {
        if dice.roll(40) == 0 {
            bench.now = bench.now.plus_hours(dice.range(1, 200));
        }
        // Deadlines that have come due act first, as the worker would have them.
        while bench.due.values().any(|due| *due <= bench.now)
            && bench.due.values().min().is_some_and(|due| *due <= bench.now)
        {
            bench.fire_next();
        }
        let (step, actor) = random_step(&mut dice, &bench);
        let command = random_command(&mut dice, &bench, step);
        if bench.run(actor, &command).is_ok() {
            accepted += 1;
            if dice.roll(6) == 0 {
                assert_ends_by_silence(bench.clone());
            }
        }
    }
    (assert_ends_by_silence(bench), accepted)
}

#[test]
fn random_lives_keep_every_invariant_and_end_with_nothing_in_escrow() {
    let mut seen = std::collections::BTreeMap::new();
    let mut steps = 0;
    for seed in 0..3_000 {
        let (status, accepted) = walk(seed);
        *seen.entry(status).or_insert(0) += 1;
        steps += accepted;
    }
    for status in [OrderStatus::Closed, OrderStatus::Cancelled, OrderStatus::Expired] {
        assert!(seen.get(&status).is_some_and(|count| *count > 200), "the walks hardly reach {status:?}: {seen:?}");
    }
    assert!(steps > 20_000, "{steps} accepted steps are too few");
}
