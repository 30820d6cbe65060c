//! Guards of shipments: dispatch, tracking, delivery, acceptance (c4).

use std::sync::Arc;

use super::command::{DispatchPapers, Milestone, TradeContext};
use super::decide::{Fx, book_all, close_at, not_before, rules};
use super::event::TradeEvent;
use super::negotiate::side;
use super::rejection::TradeRejection;
use super::settle::releases_on_acceptance;
use super::state::{Order, Shipment};
use super::step::Step;
use crate::kernel::{Actor, Side};

fn find(order: &Order, number: i32) -> Result<&Shipment, TradeRejection> {
    order.shipment(number).ok_or(TradeRejection::NoSuchShipment(number))
}

pub(super) fn dispatch(
    order: &Order,
    number: i32,
    papers: &Arc<DispatchPapers>,
    eta_days: i64,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let rules = rules(order, ctx);
    if papers.carrier.trim().is_empty() {
        return Err(TradeRejection::CarrierMissing);
    }
    if papers.documents.is_empty() {
        return Err(TradeRejection::DocumentsMissing);
    }
    if !(1..=rules.eta_days_max).contains(&eta_days) {
        return Err(TradeRejection::EtaOutOfRange { max: rules.eta_days_max });
    }
    if let Some(stage) = order.unpaid_before_dispatch(number) {
        return Err(TradeRejection::StageUnfunded { stage: stage.no });
    }
    let eta = ctx.zone.end_of_day(ctx.now, eta_days);
    let assume_at = ctx.zone.end_of_day(ctx.now, eta_days.saturating_add(rules.assume_delivered_days));
    let pay_by = ctx.zone.end_of_day(ctx.now, rules.bl_copy_days);
    fx.events.push(TradeEvent::ShipmentDispatched {
        shipment: number,
        papers: Arc::clone(papers),
        at: ctx.now,
        eta,
        eta_days,
        assume_at,
        pay_by,
    });
    Ok(())
}

pub(super) fn track(
    order: &Order,
    number: i32,
    milestone: Option<Milestone>,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let shipment = find(order, number)?;
    let next = shipment.next_milestone().ok_or(TradeRejection::MilestonePassed)?;
    let milestone = milestone.unwrap_or(next);
    if milestone < next {
        return Err(TradeRejection::MilestonePassed);
    }
    if ctx.actor == Actor::System {
        not_before(ctx, shipment.milestone_due(milestone))?;
    }
    fx.events.push(TradeEvent::ShipmentTracked { shipment: number, milestone, by: ctx.actor, at: ctx.now });
    Ok(())
}

pub(super) fn deliver(order: &Order, number: i32, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    if ctx.actor == Actor::System {
        not_before(ctx, find(order, number)?.eta)?;
    }
    delivered(order, number, ctx, fx);
    Ok(())
}

pub(super) fn assume_delivered(
    order: &Order,
    number: i32,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    not_before(ctx, find(order, number)?.assume_at)?;
    delivered(order, number, ctx, fx);
    Ok(())
}

fn delivered(order: &Order, number: i32, ctx: &TradeContext<'_>, fx: &mut Fx) {
    let rules = rules(order, ctx);
    fx.events.push(TradeEvent::ShipmentDelivered {
        shipment: number,
        by: ctx.actor,
        at: ctx.now,
        accept_by: ctx.zone.end_of_day(ctx.now, rules.acceptance_days),
        pay_by: ctx.zone.end_of_day(ctx.now, rules.delivered_days),
    });
}

pub(super) fn accept(order: &Order, number: i32, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    book_all(order, releases_on_acceptance(order, number), rules(order, ctx), fx)?;
    fx.events.push(TradeEvent::ShipmentAccepted {
        shipment: number,
        by: ctx.actor,
        at: ctx.now,
        close_at: close_at(order, ctx),
    });
    Ok(())
}

pub(super) fn auto_accept(
    order: &Order,
    number: i32,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    not_before(ctx, find(order, number)?.accept_by)?;
    accept(order, number, ctx, fx)
}

pub(super) fn extend_acceptance(
    order: &Order,
    number: i32,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let by = side(Step::ExtendAcceptance, ctx)?;
    let shipment = find(order, number)?;
    let used = match by {
        Side::Buyer => shipment.extended_by_buyer,
        Side::Seller => shipment.extended_by_seller,
    };
    if used {
        return Err(TradeRejection::AlreadyExtended { shipment: number });
    }
    let old = shipment.accept_by.unwrap_or(ctx.now);
    // 24:00 belongs to the day it ends.
    let accept_by = ctx.zone.end_of_day(old.plus_micros(-1), rules(order, ctx).acceptance_extension_days);
    fx.events.push(TradeEvent::AcceptanceExtended { shipment: number, by, accept_by });
    Ok(())
}
