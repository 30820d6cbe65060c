//! Guards and journals of money: funding, lapse, cancellation, close (c3, P2, P3, P5, P12).

use super::command::{PayMethod, TradeContext};
use super::decide::{Fx, book_all, close_at, not_before, parties, rules};
use super::event::TradeEvent;
use super::rejection::TradeRejection;
use super::settle::{Move, cancel_moves, held_stoppable, payment_fee, releases_on_close, stoppable};
use super::state::{Order, OrderStatus, ShipmentState, Stage, StageState};
use super::step::Step;
use super::terms::{StageKind, Trigger};
use crate::kernel::{Actor, Bps, MarketTime, Money, MoneyError};
use crate::ledger::{Fund, p2_fund, p12_reserve};

pub(super) fn fund(
    order: &Order,
    number: i32,
    method: PayMethod,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let stage = order.stage(number).ok_or(TradeRejection::NoSuchStage(number))?;
    payable(order, stage, ctx)?;
    // Goods before money: nobody is asked to pay in what would buy nothing (CON-5).
    super::stock::enough(order, ctx.stock)?;
    let rules = rules(order, ctx);
    let fee = payment_fee(rules, method, stage.amount, order.currency())?;
    let need = stage.amount.checked_add(fee).ok_or(MoneyError::Overflow)?;
    if ctx.wallet_available < need {
        return Err(TradeRejection::InsufficientFunds {
            have: Money::new(ctx.wallet_available, order.currency()),
            need: Money::new(need, order.currency()),
        });
    }
    let (buyer, _) = parties(order);
    let amount = Money::new(stage.amount, order.currency());
    p2_fund(fx, &Fund { order: order.id, stage: number, buyer, amount, fee })?;
    // Goods accepted before this stage was paid: their part is the seller's at once.
    if stage.kind != StageKind::Retention {
        book_all(order, released_at_once(order, number), rules, fx)?;
    }
    fx.events.push(TradeEvent::StageFunded {
        stage: number,
        method,
        fee,
        at: ctx.now,
        pay_by: ctx.zone.end_of_day(ctx.now, rules.balance_days),
        late_from: ctx.zone.end_of_day(ctx.now, rules.late_cancel_after_days.saturating_sub(1)),
        late_at: ctx.zone.end_of_day(ctx.now, rules.late_cancel_system_days),
        close_at: close_at(order, ctx),
    });
    Ok(())
}

fn payable(order: &Order, stage: &Stage, ctx: &TradeContext<'_>) -> Result<(), TradeRejection> {
    let in_advance = order.status == OrderStatus::Active && stage.trigger == Trigger::BeforeDispatch;
    if stage.state == StageState::Planned && !in_advance {
        return Err(TradeRejection::StageNotDue { stage: stage.no });
    }
    match stage.due_at {
        Some(until) if ctx.now >= until => Err(TradeRejection::StageOverdue { stage: stage.no, until }),
        Some(_) | None => Ok(()),
    }
}

/// Lists the parts of a stage that belong to accepted shipments.
pub(super) fn released_at_once(order: &Order, stage: i32) -> impl Iterator<Item = Move> + '_ {
    let accepted = order.shipments.iter().filter(|shipment| shipment.state.is_accepted());
    accepted.filter_map(move |shipment| {
        let amount = order.cell(stage, shipment.no)?.amount;
        (amount > 0).then_some(Move { stage, shipment: shipment.no, release: amount, refund: 0, is_sale: true })
    })
}

pub(super) fn fall_due(order: &Order, number: i32, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    match order.stage(number).and_then(|stage| stage.opens_at) {
        Some(opens_at) => not_before(ctx, Some(opens_at))?,
        None => return Err(TradeRejection::StageNotDue { stage: number }),
    }
    fx.events.push(TradeEvent::StageFellDue { stage: number });
    Ok(())
}

pub(super) fn lapse(order: &Order, number: i32, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    not_before(ctx, order.stage(number).and_then(|stage| stage.due_at))?;
    fx.events.push(TradeEvent::StageLapsed { stage: number, close_at: close_at(order, ctx) });
    Ok(())
}

/// Says whether a payment has lapsed for goods that are not out of the seller's hands.
pub(super) fn defaulted(order: &Order) -> bool {
    order.stages.iter().any(|stage| {
        let at_hand = |no| order.covers(stage, no) && stoppable(order, no, Step::CancelForDefault);
        stage.state == StageState::Lapsed && order.shipments.iter().any(|shipment| at_hand(shipment.no))
    })
}

pub(super) fn cancel_for_default(
    order: &Order,
    penalty: i64,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let step = Step::CancelForDefault;
    if !defaulted(order) {
        return Err(TradeRejection::NoDefault);
    }
    if penalty < 0 {
        return Err(TradeRejection::AmountNotPositive);
    }
    let deposit = order.stages.iter().find(|stage| stage.kind == StageKind::Deposit).map_or(0, |stage| stage.amount);
    let share = Bps(rules(order, ctx).penalty_max_bps).of(deposit)?;
    // The limit is one for the order, however often the buyer defaults.
    let max = share.saturating_sub(order.penalties).min(held_stoppable(order, step, true));
    if penalty > max {
        return Err(TradeRejection::PenaltyTooHigh { max: Money::new(max, order.currency()) });
    }
    let held = held_stoppable(order, step, false);
    let refund = held.checked_sub(penalty).ok_or(MoneyError::Overflow)?;
    cancel(order, Cancellation { step, refund, asked: penalty }, ctx, fx)
}

pub(super) fn late_cancel(order: &Order, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    let waiting = || order.shipments.iter().filter(|shipment| shipment.state == ShipmentState::Planned);
    let refuse_early = |from: Option<MarketTime>| match from {
        Some(from) if ctx.now < from => Err(TradeRejection::NotLate { from }),
        Some(_) => Ok(()),
        None => Err(TradeRejection::NothingUndispatched),
    };
    if ctx.actor == Actor::System {
        refuse_early(waiting().map(|shipment| shipment.dates.late_at).min())?;
    } else {
        refuse_early(waiting().map(|shipment| shipment.dates.late_from).min())?;
        let late = || waiting().filter(|shipment| ctx.now >= shipment.dates.late_from);
        let sellers_fault = late().any(|shipment| order.unpaid_before_dispatch(shipment.no).is_none());
        let own = late().find_map(|shipment| order.unpaid_before_dispatch(shipment.no));
        if let (false, Some(stage)) = (sellers_fault, own) {
            return Err(TradeRejection::OwnDefault { stage: stage.no });
        }
    }
    let step = Step::LateCancel;
    let refund = held_stoppable(order, step, false);
    cancel(order, Cancellation { step, refund, asked: 0 }, ctx, fx)
}

/// Describes a cancellation of everything a step can stop.
pub(super) struct Cancellation {
    pub step: Step,
    pub refund: i64,
    pub asked: i64,
}

pub(super) fn cancel(
    order: &Order,
    what: Cancellation,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let Cancellation { step, refund, asked } = what;
    let moves = cancel_moves(order, step, refund)?;
    book_all(order, moves, rules(order, ctx), fx)?;
    fx.events.push(TradeEvent::ShipmentsCancelled {
        step,
        by: ctx.actor,
        refund,
        asked,
        close_at: close_at(order, ctx),
    });
    Ok(())
}

pub(super) fn close(order: &Order, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    not_before(ctx, order.close_at)?;
    let kept = book_all(order, releases_on_close(order), rules(order, ctx), fx)?;
    let reserve = order.money.reserve.checked_add(kept).ok_or(MoneyError::Overflow)?;
    if reserve > 0 {
        let (_, seller) = parties(order);
        p12_reserve(fx, order.id, seller, Money::new(reserve, order.currency()))?;
    }
    fx.events.push(TradeEvent::OrderClosed { at: ctx.now });
    Ok(())
}
