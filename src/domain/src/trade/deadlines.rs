//! Deadlines as a pure function of the order: what the system will do, and when, if nobody acts (invariant 9).
//!
//! Promises that every non-terminal order has at least one, and that the changes in the effects are
//! exactly the difference between two such lists.

use super::state::{Order, OrderStatus, ShipmentState, StageState};
use super::step::Step;
use crate::kernel::{DeadlineChange, MarketTime};

/// Is one thing the system will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// When.
    pub due: MarketTime,
    /// Step it takes.
    pub step: Step,
    /// Stage or shipment number, or 0.
    pub part: i32,
}

/// Lists the deadlines of an order; terminal orders have none.
#[must_use]
pub fn deadlines(order: &Order) -> Vec<Deadline> {
    let mut list = Vec::new();
    each_deadline(order, |deadline| list.push(deadline));
    list
}

/// Gives the deadline that comes first, if there is one; among equals the first step, then the first part.
pub(crate) fn earliest_deadline(order: &Order) -> Option<Deadline> {
    let mut first: Option<Deadline> = None;
    each_deadline(order, |deadline| {
        if first.is_none_or(|first| deadline < first) {
            first = Some(deadline);
        }
    });
    first
}

fn each_deadline(order: &Order, mut found: impl FnMut(Deadline)) {
    let mut add = |step, part, due: Option<MarketTime>| {
        if let Some(due) = due {
            found(Deadline { due, step, part });
        }
    };
    match order.status {
        OrderStatus::New => {}
        OrderStatus::Draft => add(Step::Discard, 0, order.discard_at),
        OrderStatus::Closed | OrderStatus::Cancelled | OrderStatus::Expired => {}
        OrderStatus::Offered => add(Step::ExpireOffer, 0, order.offer.map(|offer| offer.valid_until)),
        OrderStatus::Completed => add(Step::Close, 0, order.close_at),
        OrderStatus::Agreed | OrderStatus::Active => {
            add(Step::LapseProposal, 0, order.proposal.as_ref().map(|proposal| proposal.answer_by));
            list_stages(order, &mut add);
            if order.status == OrderStatus::Active {
                list_shipments(order, &mut add);
            }
        }
    }
}

fn list_stages(order: &Order, add: &mut impl FnMut(Step, i32, Option<MarketTime>)) {
    for stage in &order.stages {
        match stage.state {
            StageState::Planned => add(Step::FallDue, stage.no, stage.opens_at),
            StageState::Due => add(Step::Lapse, stage.no, stage.due_at),
            StageState::Funded | StageState::PartlyReleased | StageState::Released => {}
            StageState::Refunded | StageState::Split | StageState::Lapsed => {}
        }
    }
}

fn list_shipments(order: &Order, add: &mut impl FnMut(Step, i32, Option<MarketTime>)) {
    let robot = order.rules.as_ref().is_none_or(|rules| rules.robot_carrier != 0);
    for shipment in &order.shipments {
        match shipment.state {
            ShipmentState::Planned => add(Step::LateCancel, shipment.no, Some(shipment.dates.late_at)),
            ShipmentState::Dispatched => {
                if robot {
                    match shipment.next_milestone() {
                        Some(next) => add(Step::Track, shipment.no, shipment.milestone_due(next)),
                        None => add(Step::Deliver, shipment.no, shipment.eta),
                    }
                }
                add(Step::AssumeDelivered, shipment.no, shipment.assume_at);
            }
            ShipmentState::Delivered => add(Step::AutoAccept, shipment.no, shipment.accept_by),
            ShipmentState::Accepted | ShipmentState::AutoAccepted | ShipmentState::Cancelled => {}
        }
    }
}

/// Appends the changes that lead from one list of deadlines to another.
pub fn diff_deadlines(before: &[Deadline], after: &[Deadline], changes: &mut Vec<DeadlineChange>) {
    let find = |list: &[Deadline], wanted: &Deadline| {
        list.iter()
            .find(|deadline| deadline.step == wanted.step && deadline.part == wanted.part)
            .map(|deadline| deadline.due)
    };
    for old in before {
        if find(after, old).is_none() {
            changes.push(DeadlineChange { step: old.step.name(), part: old.part, due: None });
        }
    }
    for new in after {
        if find(before, new) != Some(new.due) {
            changes.push(DeadlineChange { step: new.step.name(), part: new.part, due: Some(new.due) });
        }
    }
}
