//! What must hold of every order at every moment (c10, invariants 4 and 5; ruling 13).

use super::deadlines::deadlines;
use super::state::{CellState, Order, OrderStatus, Stage};

/// Lists what is broken; empty means sound.
#[must_use]
pub fn check(order: &Order) -> Vec<String> {
    let mut broken = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    let stages: i64 = order.stages.iter().map(|stage| stage.amount).sum();
    must(
        order.stages.is_empty() || stages + order.dropped == order.total,
        format!("stages {stages} + dropped {} != total {}", order.dropped, order.total),
    );
    let shipments: i64 = order.shipments.iter().map(|shipment| shipment.value).sum();
    must(
        order.shipments.is_empty() || shipments == order.total,
        format!("shipments {shipments} != total {}", order.total),
    );
    for stage in &order.stages {
        check_stage(order, stage, &mut must);
    }
    let money = order.money;
    let sum_of = |field: fn(&Stage) -> i64| order.stages.iter().map(field).sum::<i64>();
    must(money.paid == money.released + money.refunded + money.held, "paid != released + refunded + held".into());
    must(money.held == sum_of(|stage| stage.held), "held differs from the stages".into());
    must(money.released == sum_of(|stage| stage.released), "released differs from the stages".into());
    must(money.refunded == sum_of(|stage| stage.refunded), "refunded differs from the stages".into());
    must(money.payment_fees == sum_of(|stage| stage.fee), "payment fees differ from the stages".into());
    must(money.txn_fees + money.premiums + money.reserve <= money.released, "cuts exceed releases".into());
    if order.status.is_terminal() {
        must(
            money.held == 0 && money.reserve == 0,
            format!("an ended order holds {} and reserves {}", money.held, money.reserve),
        );
        must(order.proposal.is_none(), "an ended order has an open proposal".into());
    }
    let waits = order.status != OrderStatus::New && !order.status.is_terminal();
    must(waits != deadlines(order).is_empty(), format!("status {} and deadlines do not fit", order.status.as_str()));
    broken
}

fn check_stage(order: &Order, stage: &Stage, must: &mut impl FnMut(bool, String)) {
    let no = stage.no;
    let cells: Vec<_> = order.shipments.iter().filter_map(|shipment| order.cell(no, shipment.no)).collect();
    must(
        cells.iter().map(|cell| cell.amount).sum::<i64>() == stage.amount,
        format!("cells of stage {no} do not add up"),
    );
    let funded = if stage.state.is_paid() { stage.amount } else { 0 };
    must(
        funded == stage.released + stage.refunded + stage.held,
        format!("stage {no}: funded != released + refunded + held"),
    );
    let in_state = |state| cells.iter().filter(|cell| cell.state == state).map(|cell| cell.amount).sum::<i64>();
    must(in_state(CellState::Held) == stage.held, format!("stage {no}: held cells differ"));
    must(stage.released >= 0 && stage.refunded >= 0 && stage.held >= 0, format!("stage {no}: negative amount"));
    must(in_state(CellState::Released) <= stage.released, format!("stage {no}: released cells differ"));
    must(in_state(CellState::Refunded) <= stage.refunded, format!("stage {no}: refunded cells differ"));
}
