//! The arithmetic of settlement, shared by decide (which books it) and evolve (which folds it).
//!
//! Promises that both compute the same numbers from the same state. Refuses overflow.

use super::command::PayMethod;
use super::state::{CellState, Order, OrderStatus, ShipmentState, index_of};
use super::step::Step;
use super::terms::{StageKind, Trigger};
use crate::kernel::{Bps, Currency, Few, MoneyError, Parts, split_largest_remainder};
use crate::market::RuleParams;

/// Is what a release leaves with the platform, in minor units (P3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cuts {
    /// Transaction fee.
    pub fee: i64,
    /// Guarantee premium.
    pub premium: i64,
    /// Kept in the seller's reserve.
    pub reserve: i64,
}

/// Computes fee, premium and reserve of one release, each rounded half up; together never more than the release.
pub fn release_cuts(rules: &RuleParams, gross: i64) -> Result<Cuts, MoneyError> {
    let fee = Bps(rules.fee_bps).of(gross)?.min(gross);
    let premium = Bps(rules.premium_bps).of(gross)?.min(gross.saturating_sub(fee));
    let rest = gross.saturating_sub(fee).saturating_sub(premium);
    let reserve = Bps(rules.reserve_bps).of(gross)?.min(rest);
    Ok(Cuts { fee, premium, reserve })
}

/// Computes the payment fee of a stage: a share by card, rounded half up; a flat amount by bank transfer.
pub fn payment_fee(rules: &RuleParams, method: PayMethod, amount: i64, currency: Currency) -> Result<i64, MoneyError> {
    match method {
        PayMethod::Card => Bps(rules.card_fee_bps).of(amount),
        // The parameter is stated for two decimals.
        PayMethod::Tt => match currency.exponent() {
            0 => Ok(rules.tt_fee_minor / 100),
            1 => Ok(rules.tt_fee_minor / 10),
            2 => Ok(rules.tt_fee_minor),
            more => {
                let factor = 10_i64.checked_pow(more.saturating_sub(2)).ok_or(MoneyError::Overflow)?;
                rules.tt_fee_minor.checked_mul(factor).ok_or(MoneyError::Overflow)
            }
        },
    }
}

/// Moves one cell: how much goes to each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub stage: i32,
    pub shipment: i32,
    pub release: i64,
    pub refund: i64,
    /// True when the goods were accepted, false when they were cancelled.
    pub is_sale: bool,
}

impl Move {
    /// Computes what the release leaves with the platform.
    ///
    /// The fee applies to every release. What a seller keeps after a cancellation is no sale: nothing can be claimed
    /// later, so it bears neither premium nor reserve.
    pub fn cuts(&self, rules: &RuleParams) -> Result<Cuts, MoneyError> {
        let cuts = release_cuts(rules, self.release)?;
        Ok(if self.is_sale { cuts } else { Cuts { premium: 0, reserve: 0, ..cuts } })
    }
}

/// Lists the held cells an acceptance releases: all but retention.
pub(crate) fn releases_on_acceptance(order: &Order, shipment: i32) -> impl Iterator<Item = Move> + '_ {
    let stages = order.stages.iter().filter(|stage| stage.kind != StageKind::Retention);
    stages.filter_map(move |stage| release_of(order, stage.no, shipment))
}

/// Lists the held retention cells a close releases.
pub(crate) fn releases_on_close(order: &Order) -> impl Iterator<Item = Move> + '_ {
    let stages = order.stages.iter().filter(|stage| stage.kind == StageKind::Retention);
    stages.flat_map(move |stage| {
        order.shipments.iter().filter_map(move |shipment| release_of(order, stage.no, shipment.no))
    })
}

fn release_of(order: &Order, stage: i32, shipment: i32) -> Option<Move> {
    let cell = order.cell(stage, shipment)?;
    let held = cell.state == CellState::Held && cell.amount > 0;
    held.then_some(Move { stage, shipment, release: cell.amount, refund: 0, is_sale: true })
}

/// Says whether a cancelling step can still stop this shipment.
///
/// What is not dispatched can always be stopped. After the buyer's default the seller also stops goods whose bill of
/// lading was never paid for.
pub(crate) fn stoppable(order: &Order, shipment: i32, step: Step) -> bool {
    let Some(state) = order.shipment(shipment).map(|shipment| shipment.state) else {
        return false;
    };
    let unpaid_papers = || {
        order.stages.iter().any(|stage| {
            stage.trigger == Trigger::BlCopy
                && stage.state == super::state::StageState::Lapsed
                && order.covers(stage, shipment)
        })
    };
    match state {
        ShipmentState::Planned => true,
        ShipmentState::Dispatched => step == Step::CancelForDefault && unpaid_papers(),
        ShipmentState::Delivered | ShipmentState::Accepted | ShipmentState::AutoAccepted | ShipmentState::Cancelled => {
            false
        }
    }
}

/// Adds up the money held for everything a cancelling step can stop; with `deposit_only`, of the deposit alone.
pub(crate) fn held_stoppable(order: &Order, step: Step, deposit_only: bool) -> i64 {
    stoppable_cells(order, step)
        .filter(|(stage, _, _)| !deposit_only || is_deposit(order, *stage))
        .fold(0, |sum: i64, (_, _, amount)| sum.saturating_add(amount))
}

fn is_deposit(order: &Order, stage: i32) -> bool {
    order.stage(stage).is_some_and(|stage| stage.kind == StageKind::Deposit)
}

fn stoppable_cells(order: &Order, step: Step) -> impl Iterator<Item = (i32, i32, i64)> + '_ {
    let shipments = order.shipments.iter().filter(move |shipment| stoppable(order, shipment.no, step));
    shipments.flat_map(move |shipment| {
        order.stages.iter().filter_map(move |stage| {
            let cell = order.cell(stage.no, shipment.no)?;
            let held = cell.state == CellState::Held && cell.amount > 0;
            held.then_some((stage.no, shipment.no, cell.amount))
        })
    })
}

/// Divides the held money of everything a cancelling step stops: `refund` to the buyer, the rest to the seller.
///
/// The seller's part is spread over the cells by largest remainder; a penalty comes out of the deposit only.
pub(crate) fn cancel_moves(order: &Order, step: Step, refund: i64) -> Result<Vec<Move>, MoneyError> {
    let cells: Vec<(i32, i32, i64)> = stoppable_cells(order, step).collect();
    let held = cells.iter().try_fold(0_i64, |sum, cell| sum.checked_add(cell.2)).ok_or(MoneyError::Overflow)?;
    let keep = held.checked_sub(refund).filter(|keep| *keep >= 0).ok_or(MoneyError::Negative)?;
    let weigh = |(stage, _, amount): &(i32, i32, i64)| {
        let counts = step != Step::CancelForDefault || is_deposit(order, *stage);
        if counts { *amount } else { 0 }
    };
    let parts = if keep == 0 || cells.is_empty() {
        Parts::filled(0, cells.len())
    } else {
        split_largest_remainder(keep, &cells.iter().map(weigh).collect::<Few<_, 8>>())?
    };
    let moves = cells.into_iter().zip(&parts).map(|((stage, shipment, amount), release)| {
        let release = *release;
        let refund = amount.checked_sub(release).filter(|refund| *refund >= 0).ok_or(MoneyError::Negative)?;
        Ok(Move { stage, shipment, release, refund, is_sale: false })
    });
    moves.collect()
}

/// Gives the status once nothing is left to happen to shipments and stages, or `None` while something is.
///
/// Unpaid stages count only while they carry money of a shipment that was not cancelled.
pub(crate) fn settled_status(order: &Order) -> Option<OrderStatus> {
    let open_shipment = order.shipments.iter().any(|shipment| !shipment.state.is_final());
    let open_stage = order.stages.iter().any(|stage| stage.state.is_unpaid());
    if open_shipment || open_stage {
        return None;
    }
    let any_accepted = order.shipments.iter().any(|shipment| shipment.state.is_accepted());
    Some(if any_accepted { OrderStatus::Completed } else { OrderStatus::Cancelled })
}

/// Says whether a stage carries money of a shipment that was not cancelled.
pub(crate) fn carries_live_goods(order: &Order, stage: i32) -> bool {
    let Some(stage) = index_of(stage).and_then(|index| order.stages.get(index)) else {
        return false;
    };
    order
        .shipments
        .iter()
        .any(|shipment| shipment.state != ShipmentState::Cancelled && order.covers(stage, shipment.no))
}
