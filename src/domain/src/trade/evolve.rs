//! The fold: what an event does to the order.
//!
//! Promises determinism: the same events from [`Order::new`] give the same order, without clock, zone or parameters
//! (invariant 10). Refuses nothing: events are facts. An event that does not fit (a stage that is not there) changes
//! nothing, and trips an assertion in debug builds.

use std::sync::Arc;

use super::event::TradeEvent;
use super::layout::{amended, lay_out};
use super::settle::{
    Move, cancel_moves, carries_live_goods, releases_on_acceptance, releases_on_close, settled_status, stoppable,
};
use super::state::{CellState, Done, Order, OrderStatus, Shipment, ShipmentState, Stage, StageState, Totals, index_of};
use super::step::Step;
use super::terms::{StageKind, Trigger};
use crate::kernel::{Actor, MarketTime, Side};

/// Folds one event into the order.
pub fn evolve(order: &mut Order, event: &TradeEvent) {
    match event {
        TradeEvent::OrderDrafted { .. } => drafted(order, event),
        TradeEvent::OrderRevised { terms, discard_at } => {
            order.terms = Some(Arc::clone(terms));
            order.discard_at = Some(*discard_at);
        }
        TradeEvent::OfferMade { offer, terms } => {
            order.offer = Some(*offer);
            if let Some(terms) = terms {
                order.terms = Some(Arc::clone(terms));
            }
            order.status = OrderStatus::Offered;
        }
        TradeEvent::OfferAccepted { rules, first_due, dates } => {
            order.rules = Some(Arc::clone(rules));
            lay_out(order, dates, *first_due);
            order.status = OrderStatus::Agreed;
        }
        TradeEvent::OrderEnded { step, by, reason: _ } => ended(order, *step, *by),
        TradeEvent::StageFunded { .. } => funded(order, event),
        TradeEvent::StageFellDue { stage } => {
            if let Some(stage) = stage_mut(order, *stage) {
                stage.state = StageState::Due;
            }
        }
        TradeEvent::StageLapsed { stage, close_at } => lapsed(order, *stage, *close_at),
        TradeEvent::ShipmentsCancelled { .. } => cancelled(order, event),
        TradeEvent::ShipmentDispatched { .. }
        | TradeEvent::ShipmentTracked { .. }
        | TradeEvent::ShipmentDelivered { .. } => {
            moved_on(order, event);
        }
        TradeEvent::ShipmentAccepted { shipment, by, at, close_at } => accepted(order, *shipment, *by, *at, *close_at),
        TradeEvent::AcceptanceExtended { shipment, by, accept_by } => extended(order, *shipment, *by, *accept_by),
        TradeEvent::ProposalMade { proposal } => {
            order.proposal = Some(proposal.clone());
            order.answered = None;
        }
        TradeEvent::ProposalEnded { step, by } => answer(order, *step, *by),
        TradeEvent::TermsAmended { by, terms, dates } => {
            amended(order, terms, dates);
            answer(order, Step::AcceptProposal, Actor::from(*by));
        }
        TradeEvent::OrderClosed { at: _ } => closed(order),
    }
}

fn drafted(order: &mut Order, event: &TradeEvent) {
    let TradeEvent::OrderDrafted { id, number, by, terms, discard_at } = event else {
        return;
    };
    order.id = *id;
    order.number = Arc::clone(number);
    order.drafter = *by;
    order.terms = Some(Arc::clone(terms));
    order.discard_at = Some(*discard_at);
    order.status = OrderStatus::Draft;
}

fn ended(order: &mut Order, step: Step, by: Actor) {
    let by_silence = step == Step::ExpireOffer;
    order.status = if by_silence { OrderStatus::Expired } else { OrderStatus::Cancelled };
    order.ended = Some(Done { step, actor: by, number: 0 });
}

fn extended(order: &mut Order, no: i32, by: Side, accept_by: MarketTime) {
    let Some(shipment) = shipment_mut(order, no) else {
        return;
    };
    shipment.accept_by = Some(accept_by);
    match by {
        Side::Buyer => shipment.extended_by_buyer = true,
        Side::Seller => shipment.extended_by_seller = true,
    }
}

fn stage_mut(order: &mut Order, no: i32) -> Option<&mut Stage> {
    let stage = order.stages.get_mut(index_of(no)?);
    debug_assert!(stage.is_some(), "an event names stage {no}, which is not there");
    stage
}

fn shipment_mut(order: &mut Order, no: i32) -> Option<&mut Shipment> {
    let shipment = order.shipments.get_mut(index_of(no)?);
    debug_assert!(shipment.is_some(), "an event names shipment {no}, which is not there");
    shipment
}

fn funded(order: &mut Order, event: &TradeEvent) {
    let TradeEvent::StageFunded { stage: no, method, fee, at, pay_by, late_from, late_at, close_at } = event else {
        return;
    };
    let shipments = order.shipments.len();
    let Some(stage) = stage_mut(order, *no) else { return };
    stage.state = StageState::Funded;
    stage.funded_at = Some(*at);
    stage.method = Some(*method);
    stage.fee = *fee;
    stage.held = stage.amount;
    let (amount, kind, trigger, own) = (stage.amount, stage.kind, stage.trigger, stage.shipment);
    for number in (1_i32..).take(shipments) {
        if let Some(cell) = order.cell_index(*no, number).and_then(|index| order.cells.get_mut(index))
            && cell.amount > 0
        {
            cell.state = CellState::Held;
        }
    }
    order.money.paid += amount;
    order.money.held += amount;
    order.money.payment_fees += fee;
    if matches!(trigger, Trigger::Agreed | Trigger::BeforeDispatch) {
        for shipment in order.shipments.iter_mut().filter(|shipment| own.is_none_or(|own| own == shipment.no)) {
            if shipment.state == ShipmentState::Planned {
                shipment.dates.late_from = shipment.dates.late_from.max(*late_from);
                shipment.dates.late_at = shipment.dates.late_at.max(*late_at);
            }
        }
    }
    if order.status == OrderStatus::Agreed {
        activate(order, *at, *pay_by);
    }
    if kind != StageKind::Retention {
        for number in (1_i32..).take(shipments) {
            if order.shipment(number).is_some_and(|shipment| shipment.state.is_accepted()) {
                release_shipment(order, number);
            }
        }
    }
    settle_if_done(order, *close_at);
}

/// Starts the order: balances due before dispatch get their dates.
fn activate(order: &mut Order, at: MarketTime, pay_by: MarketTime) {
    order.status = OrderStatus::Active;
    for stage in order.stages.iter_mut().filter(|stage| stage.trigger == Trigger::BeforeDispatch) {
        if stage.state != StageState::Planned {
            continue;
        }
        let covered = order.shipments.iter().filter(|shipment| stage.shipment.is_none_or(|own| own == shipment.no));
        let Some(dates) = covered.map(|shipment| shipment.dates).min_by_key(|dates| dates.ship_by_end) else {
            continue;
        };
        stage.opens_at = Some(dates.balance_from);
        stage.due_at = Some(dates.ship_by_end.max(pay_by));
        if dates.balance_from <= at {
            stage.state = StageState::Due;
        }
    }
}

fn lapsed(order: &mut Order, no: i32, close_at: MarketTime) {
    if let Some(stage) = stage_mut(order, no) {
        stage.state = StageState::Lapsed;
    }
    if order.status == OrderStatus::Agreed {
        order.status = OrderStatus::Expired;
        order.proposal = None;
        return;
    }
    settle_if_done(order, close_at);
}

fn cancelled(order: &mut Order, event: &TradeEvent) {
    let TradeEvent::ShipmentsCancelled { step, by, refund, asked, close_at } = event else {
        return;
    };
    let done = Done { step: *step, actor: *by, number: *asked };
    if *step == Step::CancelForDefault {
        order.penalties += *asked;
    }
    let moves = cancel_moves(order, done.step, *refund);
    debug_assert!(moves.is_ok(), "a booked cancellation always divides");
    let stopped: Vec<i32> =
        order.shipments.iter().map(|shipment| shipment.no).filter(|no| stoppable(order, *no, done.step)).collect();
    for moved in moves.unwrap_or_default() {
        settle_cell(order, &moved);
    }
    for no in &stopped {
        if let Some(shipment) = shipment_mut(order, *no) {
            shipment.state = ShipmentState::Cancelled;
        }
    }
    drop_unpaid(order, &stopped);
    if done.step == Step::AcceptProposal {
        answer(order, done.step, done.actor);
    }
    order.ended = Some(done);
    if order.status == OrderStatus::Agreed {
        order.status = OrderStatus::Active;
    }
    settle_if_done(order, *close_at);
}

/// Takes the cancelled shipments out of stages that were never paid.
fn drop_unpaid(order: &mut Order, stopped: &[i32]) {
    for no in (1_i32..).take(order.stages.len()) {
        let unpaid = order.stage(no).is_some_and(|stage| stage.state.is_unpaid());
        if !unpaid {
            continue;
        }
        if !carries_live_goods(order, no) {
            if let Some(stage) = stage_mut(order, no) {
                stage.state = StageState::Lapsed;
            }
            continue;
        }
        for shipment in stopped {
            let Some(cell) = order.cell_index(no, *shipment).and_then(|index| order.cells.get_mut(index)) else {
                continue;
            };
            let amount = std::mem::take(&mut cell.amount);
            order.dropped += amount;
            if let Some(stage) = stage_mut(order, no) {
                stage.amount -= amount;
            }
        }
        // Nothing left to pay for what goes on.
        if let Some(stage) = stage_mut(order, no).filter(|stage| stage.amount == 0) {
            stage.state = StageState::Lapsed;
        }
    }
}

fn moved_on(order: &mut Order, event: &TradeEvent) {
    match event {
        TradeEvent::ShipmentDispatched { shipment: no, papers, at, eta, eta_days, assume_at, pay_by } => {
            if let Some(shipment) = shipment_mut(order, *no) {
                shipment.state = ShipmentState::Dispatched;
                shipment.dispatched_at = Some(*at);
                shipment.papers = Some(Arc::clone(papers));
                shipment.eta = Some(*eta);
                shipment.eta_days = *eta_days;
                shipment.assume_at = Some(*assume_at);
            }
            trigger(order, *no, Trigger::BlCopy, *pay_by);
        }
        TradeEvent::ShipmentTracked { shipment, milestone, by, at } => {
            if let Some(shipment) = shipment_mut(order, *shipment)
                && let Some(reached) = shipment.milestones.get_mut(usize::from(milestone.position()))
            {
                *reached = Some(*at);
                shipment.tracked_by = Some(*by);
            }
        }
        TradeEvent::ShipmentDelivered { shipment: no, by, at, accept_by, pay_by } => {
            if let Some(shipment) = shipment_mut(order, *no) {
                shipment.state = ShipmentState::Delivered;
                shipment.delivered_at = Some(*at);
                shipment.delivered_by = Some(*by);
                shipment.accept_by = Some(*accept_by);
            }
            trigger(order, *no, Trigger::Delivered, *pay_by);
        }
        TradeEvent::OrderDrafted { .. } | TradeEvent::OrderRevised { .. } | TradeEvent::OfferMade { .. } => {}
        TradeEvent::OfferAccepted { .. } | TradeEvent::OrderEnded { .. } | TradeEvent::StageFunded { .. } => {}
        TradeEvent::StageFellDue { .. } | TradeEvent::StageLapsed { .. } | TradeEvent::ShipmentsCancelled { .. } => {}
        TradeEvent::ShipmentAccepted { .. }
        | TradeEvent::AcceptanceExtended { .. }
        | TradeEvent::ProposalMade { .. } => {}
        TradeEvent::ProposalEnded { .. } | TradeEvent::TermsAmended { .. } | TradeEvent::OrderClosed { .. } => {}
    }
}

/// Makes the stages due that waited for this to happen to the shipment.
fn trigger(order: &mut Order, shipment: i32, trigger: Trigger, pay_by: MarketTime) {
    for stage in &mut order.stages {
        let own = stage.shipment.is_none_or(|own| own == shipment);
        if own && stage.trigger == trigger && stage.state == StageState::Planned {
            stage.state = StageState::Due;
            stage.due_at = Some(pay_by);
        }
    }
}

fn accepted(order: &mut Order, no: i32, by: Actor, at: MarketTime, close_at: MarketTime) {
    if let Some(shipment) = shipment_mut(order, no) {
        shipment.state = if by == Actor::System { ShipmentState::AutoAccepted } else { ShipmentState::Accepted };
        shipment.accepted_at = Some(at);
    }
    release_shipment(order, no);
    settle_if_done(order, close_at);
}

fn release_shipment(order: &mut Order, shipment: i32) {
    for no in (1_i32..).take(order.stages.len()) {
        let moved = releases_on_acceptance(order, shipment).find(|moved| moved.stage == no);
        if let Some(moved) = moved {
            settle_cell(order, &moved);
        }
    }
}

fn closed(order: &mut Order) {
    let moves: Vec<Move> = releases_on_close(order).collect();
    for moved in &moves {
        settle_cell(order, moved);
    }
    order.money.reserve = 0;
    order.status = OrderStatus::Closed;
}

/// Settles one cell and keeps stage and totals in step.
fn settle_cell(order: &mut Order, moved: &Move) {
    let Move { stage: no, shipment, release, refund, is_sale: _ } = *moved;
    if let Some(cell) = order.cell_index(no, shipment).and_then(|index| order.cells.get_mut(index)) {
        debug_assert!(cell.state == CellState::Held && cell.amount == release + refund, "a cell is settled once");
        cell.state = match (release > 0, refund > 0) {
            (true, true) => CellState::Split,
            (false, true) => CellState::Refunded,
            (true, false) | (false, false) => CellState::Released,
        };
    }
    if let Some(stage) = stage_mut(order, no) {
        stage.released += release;
        stage.refunded += refund;
        stage.held -= release + refund;
        stage.state = match (stage.held > 0, stage.released > 0, stage.refunded > 0) {
            (true, false, false) => StageState::Funded,
            (true, _, _) => StageState::PartlyReleased,
            (false, true, true) => StageState::Split,
            (false, false, true) => StageState::Refunded,
            (false, _, false) => StageState::Released,
        };
    }
    let Some(rules) = &order.rules else { return };
    let cuts = moved.cuts(rules);
    let money: &mut Totals = &mut order.money;
    money.held -= release + refund;
    money.released += release;
    money.refunded += refund;
    if let Ok(cuts) = cuts {
        money.txn_fees += cuts.fee;
        money.premiums += cuts.premium;
        money.reserve += cuts.reserve;
    }
}

fn settle_if_done(order: &mut Order, close_at: MarketTime) {
    let Some(status) = settled_status(order) else { return };
    order.status = status;
    order.proposal = None;
    if status == OrderStatus::Completed {
        order.close_at = Some(close_at);
    }
}

fn answer(order: &mut Order, step: Step, actor: Actor) {
    order.proposal = None;
    order.answered = Some(Done { step, actor, number: 0 });
}
