//! Laying an order out: stages, shipments and cells from its terms, at agreement and when terms are amended.
//!
//! Promises amounts that add up (see [`super::plan`]). After the first payment only dates move, never amounts.

use std::sync::Arc;

use super::plan::Plan;
use super::state::{Cell, CellState, Order, OrderStatus, ShipDates, Shipment, ShipmentState, Stage, StageState};
use super::terms::{OrderTerms, Trigger};
use crate::kernel::MarketTime;

/// Builds stages, shipments and cells from the terms.
pub(super) fn lay_out(order: &mut Order, dates: &[ShipDates], first_due: MarketTime) {
    let Some(terms) = order.terms.clone() else { return };
    let Ok(plan) = Plan::of(&terms) else {
        debug_assert!(false, "agreed terms always have a plan");
        return;
    };
    order.total = plan.total;
    order.shipments.clear();
    // As many as there will be: an order lives long and thousands stand in memory.
    order.shipments.reserve_exact(plan.shipments.len());
    let rows = terms.shipments.iter().zip(&plan.shipments).zip(dates);
    for (no, ((shipment, value), dates)) in (1_i32..).zip(rows) {
        order.shipments.push(planned_shipment(no, shipment.ship_by, *value, *dates));
    }
    order.stages.clear();
    order.cells.clear();
    order.stages.reserve_exact(plan.stages.len());
    order.cells.reserve_exact(plan.stages.len() * plan.shipments.len());
    for (no, stage) in (1_i32..).zip(&plan.stages) {
        order.stages.push(Stage {
            no,
            kind: stage.kind,
            trigger: stage.trigger,
            shipment: stage.shipment,
            amount: stage.amount,
            state: if no == 1 { StageState::Due } else { StageState::Planned },
            opens_at: None,
            due_at: (no == 1).then_some(first_due),
            funded_at: None,
            method: None,
            fee: 0,
            released: 0,
            refunded: 0,
            held: 0,
        });
        order.cells.extend(stage.cells.iter().map(|amount| Cell { amount: *amount, state: CellState::Planned }));
    }
}

fn planned_shipment(no: i32, ship_by: crate::kernel::Day, value: i64, dates: ShipDates) -> Shipment {
    Shipment {
        no,
        ship_by,
        value,
        state: ShipmentState::Planned,
        dates,
        extended_days: 0,
        dispatched_at: None,
        papers: None,
        eta: None,
        eta_days: 0,
        assume_at: None,
        milestones: [None; 5],
        tracked_by: None,
        delivered_at: None,
        delivered_by: None,
        accept_by: None,
        extended_by_buyer: false,
        extended_by_seller: false,
        accepted_at: None,
    }
}

/// Puts amended terms in force: a new layout before any payment, new ship-by dates after.
pub(super) fn amended(order: &mut Order, terms: &Arc<OrderTerms>, dates: &[ShipDates]) {
    order.terms = Some(Arc::clone(terms));
    if order.status == OrderStatus::Agreed {
        let first_due = order.stages.first().and_then(|stage| stage.due_at).unwrap_or_default();
        let extended: Vec<i64> = order.shipments.iter().map(|shipment| shipment.extended_days).collect();
        let before: Vec<crate::kernel::Day> = order.shipments.iter().map(|shipment| shipment.ship_by).collect();
        lay_out(order, dates, first_due);
        for ((shipment, days), before) in order.shipments.iter_mut().zip(extended).zip(before) {
            shipment.extended_days = days + later_by(before, shipment.ship_by);
        }
        return;
    }
    for ((shipment, changed), dates) in order.shipments.iter_mut().zip(&terms.shipments).zip(dates) {
        if shipment.ship_by == changed.ship_by || shipment.state != ShipmentState::Planned {
            continue;
        }
        shipment.extended_days += later_by(shipment.ship_by, changed.ship_by);
        shipment.ship_by = changed.ship_by;
        shipment.dates = *dates;
        let waiting = order
            .stages
            .iter_mut()
            .filter(|stage| stage.shipment == Some(shipment.no) && stage.trigger == Trigger::BeforeDispatch);
        for stage in waiting.filter(|stage| stage.state.is_unpaid()) {
            stage.opens_at = stage.opens_at.max(Some(dates.balance_from));
            stage.due_at = stage.due_at.max(Some(dates.ship_by_end));
        }
    }
}

fn later_by(before: crate::kernel::Day, after: crate::kernel::Day) -> i64 {
    i64::from(after.0).saturating_sub(i64::from(before.0)).max(0)
}
