//! Guards of what both sides must agree on: amendments, cancellation by consent, extensions (c2, c4).

use std::sync::Arc;

use super::amendment::Amendment;
use super::command::TradeContext;
use super::decide::{Fx, not_before, rules};
use super::event::TradeEvent;
use super::negotiate::{all_dates, not_past, only, side, sound};
use super::pay::{Cancellation, cancel};
use super::rejection::TradeRejection;
use super::settle::held_stoppable;
use super::state::{Order, OrderStatus, Proposal, ProposalKind, ShipDates, ShipmentState, Stage};
use super::step::Step;
use super::terms::{OrderTerms, Trigger};

pub(super) fn amendment(
    order: &Order,
    amendment: &Arc<Amendment>,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    amended(order, amendment, ctx)?;
    made(order, Step::ProposeAmendment, ProposalKind::Amendment(Arc::clone(amendment)), ctx, fx)
}

pub(super) fn cancellation(
    order: &Order,
    refund_minor: i64,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    cancellable(order, refund_minor)?;
    made(order, Step::ProposeCancellation, ProposalKind::Cancellation { refund_minor }, ctx, fx)
}

pub(super) fn extension(
    order: &Order,
    shipment: i32,
    days: i64,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    extended(order, shipment, days, ctx)?;
    made(order, Step::ProposeExtension, ProposalKind::Extension { shipment, days }, ctx, fx)
}

fn made(
    order: &Order,
    step: Step,
    kind: ProposalKind,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    if order.proposal.is_some() {
        return Err(TradeRejection::ProposalOpen);
    }
    let answer_by = ctx.zone.end_of_day(ctx.now, rules(order, ctx).proposal_days);
    fx.events.push(TradeEvent::ProposalMade { proposal: Proposal { kind, by: side(step, ctx)?, answer_by } });
    Ok(())
}

pub(super) fn accept(order: &Order, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    let step = Step::AcceptProposal;
    let proposal = order.proposal.as_ref().ok_or(TradeRejection::NoProposal)?;
    only(proposal.by.other(), step, ctx)?;
    if ctx.now >= proposal.answer_by {
        return Err(TradeRejection::ProposalExpired { until: proposal.answer_by });
    }
    let terms = match &proposal.kind {
        ProposalKind::Cancellation { refund_minor } => {
            cancellable(order, *refund_minor)?;
            return cancel(order, Cancellation { step, refund: *refund_minor, asked: *refund_minor }, ctx, fx);
        }
        ProposalKind::Amendment(amendment) => amended(order, amendment, ctx)?,
        ProposalKind::Extension { shipment, days } => extended(order, *shipment, *days, ctx)?,
    };
    let mut dates = all_dates(&terms, rules(order, ctx), ctx.zone);
    for (shipment, dates) in order.shipments.iter().zip(&mut dates) {
        late_after_payment(order, shipment.no, dates, ctx);
    }
    fx.events.push(TradeEvent::TermsAmended { by: side(step, ctx)?, terms: Arc::new(terms), dates });
    Ok(())
}

/// Keeps lateness from counting before the last payment that had to come first, as [`super::pay::fund`] set it.
fn late_after_payment(order: &Order, number: i32, dates: &mut ShipDates, ctx: &TradeContext<'_>) {
    let rules = rules(order, ctx);
    let first = |stage: &&Stage| matches!(stage.trigger, Trigger::Agreed | Trigger::BeforeDispatch);
    let covering = order.stages.iter().filter(|stage| order.covers(stage, number));
    for paid_at in covering.filter(first).filter_map(|stage| stage.funded_at) {
        let end = |days| ctx.zone.end_of_day(paid_at, days);
        dates.late_from = dates.late_from.max(end(rules.late_cancel_after_days.saturating_sub(1)));
        dates.late_at = dates.late_at.max(end(rules.late_cancel_system_days));
    }
}

pub(super) fn end(order: &Order, step: Step, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    let proposal = order.proposal.as_ref().ok_or(TradeRejection::NoProposal)?;
    only(if step == Step::WithdrawProposal { proposal.by } else { proposal.by.other() }, step, ctx)?;
    fx.events.push(TradeEvent::ProposalEnded { step, by: ctx.actor });
    Ok(())
}

pub(super) fn lapse(order: &Order, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    let proposal = order.proposal.as_ref().ok_or(TradeRejection::NoProposal)?;
    not_before(ctx, Some(proposal.answer_by))?;
    fx.events.push(TradeEvent::ProposalEnded { step: Step::LapseProposal, by: ctx.actor });
    Ok(())
}

fn cancellable(order: &Order, refund_minor: i64) -> Result<(), TradeRejection> {
    if !order.shipments.iter().any(|shipment| shipment.state == ShipmentState::Planned) {
        return Err(TradeRejection::NothingUndispatched);
    }
    let held = held_stoppable(order, Step::AcceptProposal, false);
    if refund_minor < 0 {
        return Err(TradeRejection::AmountNotPositive);
    }
    if refund_minor > held { Err(TradeRejection::RefundExceedsHeld { held }) } else { Ok(()) }
}

/// Gives the terms with a later ship-by date, or refuses.
fn extended(order: &Order, number: i32, days: i64, ctx: &TradeContext<'_>) -> Result<OrderTerms, TradeRejection> {
    let shipment = order.shipment(number).ok_or(TradeRejection::NoSuchShipment(number))?;
    if shipment.state != ShipmentState::Planned {
        return Err(TradeRejection::WrongShipmentState { shipment: number, state: shipment.state });
    }
    let left = rules(order, ctx).extension_days_max.saturating_sub(shipment.extended_days);
    if days < 1 || days > left {
        return Err(TradeRejection::ExtensionTooLong { left });
    }
    let change = super::amendment::ShipmentChange {
        shipment: number,
        ship_by: Some(shipment.ship_by.plus(i32::try_from(days).unwrap_or(i32::MAX))),
        quantities: None,
    };
    let amendment = Amendment { shipments: vec![change], ..Amendment::default() };
    let terms = order.terms.as_ref().ok_or(TradeRejection::NoProposal)?;
    amendment.apply(terms).map_err(|pointer| TradeRejection::AmendmentNotAllowed { pointer })
}

/// Gives the amended terms, or refuses.
fn amended(order: &Order, amendment: &Amendment, ctx: &TradeContext<'_>) -> Result<OrderTerms, TradeRejection> {
    if amendment.is_empty() {
        return Err(TradeRejection::AmendmentEmpty);
    }
    let not_allowed = |pointer: String| TradeRejection::AmendmentNotAllowed { pointer };
    if order.status != OrderStatus::Agreed
        && let Some(pointer) = amendment.money_pointer()
    {
        return Err(not_allowed(pointer));
    }
    let terms = order.terms.as_ref().ok_or(TradeRejection::NoProposal)?;
    let next = amendment.apply(terms).map_err(not_allowed)?;
    sound(&next)?;
    let left_max = rules(order, ctx).extension_days_max;
    for (index, change) in amendment.shipments.iter().enumerate() {
        let (Some(ship_by), Some(shipment)) = (change.ship_by, order.shipment(change.shipment)) else {
            continue;
        };
        if shipment.state != ShipmentState::Planned || ship_by < ctx.zone.day_of(ctx.now) {
            return Err(not_allowed(format!("/shipments/{index}/ship_by")));
        }
        let added = i64::from(ship_by.0).saturating_sub(i64::from(shipment.ship_by.0));
        let left = left_max.saturating_sub(shipment.extended_days);
        if order.status == OrderStatus::Active && added > left {
            return Err(TradeRejection::ExtensionTooLong { left });
        }
    }
    if order.status == OrderStatus::Agreed {
        not_past(&next, ctx)?;
    }
    Ok(next)
}
