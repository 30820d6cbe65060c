//! The judge: table first, then guards, then one event with its journals.
//!
//! Promises to change nothing when it refuses (the effects are cleared). Answers 403 before 409: a forbidden actor learns
//! nothing about the state (invariant 11).

use super::command::{TradeCommand, TradeContext};
use super::deadlines::{deadlines, diff_deadlines};
use super::event::TradeEvent;
use super::evolve::evolve;
use super::rejection::TradeRejection;
use super::settle::Move;
use super::state::Order;
use super::step::Part;
use super::{negotiate, pay, propose, ship};
use crate::kernel::{CompanyId, Effects, MarketTime, Money, MoneyError};
use crate::ledger::{Release, p3_release, p5_refund};
use crate::market::RuleParams;

/// Collects the effects of one decision.
pub(crate) type Fx = Effects<TradeEvent>;

/// Judges a command: on success the effects hold one event, its journals and the deadline changes; a refusal clears them.
pub fn decide(
    order: &Order,
    command: &TradeCommand,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    judge(order, command, ctx, fx)?;
    let mut next = order.clone();
    for event in &fx.events {
        evolve(&mut next, event);
    }
    diff_deadlines(&deadlines(order), &deadlines(&next), &mut fx.deadlines);
    Ok(())
}

/// Judges like [`decide`] but leaves the deadline changes to the caller, who has the next state at hand anyway.
pub fn judge(order: &Order, command: &TradeCommand, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    fx.clear();
    let verdict = permitted(order, command, ctx).and_then(|()| guarded(order, command, ctx, fx));
    if verdict.is_err() {
        fx.clear();
    }
    verdict
}

/// Consults the process table: actor, status, state of the child.
fn permitted(order: &Order, command: &TradeCommand, ctx: &TradeContext<'_>) -> Result<(), TradeRejection> {
    let step = command.step();
    let row = step.row();
    if !row.admits(ctx.actor) {
        return Err(TradeRejection::WrongActor { step, actor: ctx.actor });
    }
    if !row.from.contains(&order.status) {
        return Err(TradeRejection::WrongState { step, status: order.status });
    }
    let number = command.part().unwrap_or(0);
    match row.part {
        Part::Order => Ok(()),
        Part::Stage { from, .. } => {
            let Some(stage) = order.stage(number) else { return Err(TradeRejection::NoSuchStage(number)) };
            if !from.contains(&stage.state) {
                return Err(TradeRejection::WrongStageState { stage: number, state: stage.state });
            }
            Ok(())
        }
        Part::Shipment { from, .. } => {
            let Some(shipment) = order.shipment(number) else { return Err(TradeRejection::NoSuchShipment(number)) };
            if !from.contains(&shipment.state) {
                return Err(TradeRejection::WrongShipmentState { shipment: number, state: shipment.state });
            }
            Ok(())
        }
    }
}

fn guarded(order: &Order, command: &TradeCommand, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    match command {
        TradeCommand::Draft { id, number, terms } => negotiate::draft(*id, number, terms, ctx, fx),
        TradeCommand::Revise { terms } => negotiate::revise(order, terms, ctx, fx),
        TradeCommand::Discard {} => negotiate::discard(order, ctx, fx),
        TradeCommand::Offer { valid_days, contract_hash } => {
            negotiate::offer(order, *valid_days, *contract_hash, ctx, fx)
        }
        TradeCommand::Counter { terms, valid_days, contract_hash } => {
            negotiate::counter(order, terms, *valid_days, *contract_hash, ctx, fx)
        }
        TradeCommand::Accept { offer_no, contract_hash } => {
            negotiate::accept(order, *offer_no, *contract_hash, ctx, fx)
        }
        TradeCommand::Withdraw { reason } | TradeCommand::Decline { reason } => {
            negotiate::end_offer(order, command.step(), reason, ctx, fx)
        }
        TradeCommand::ExpireOffer {} => negotiate::expire(order, ctx, fx),
        TradeCommand::Fund { stage, method } => pay::fund(order, *stage, *method, ctx, fx),
        TradeCommand::FallDue { stage } => pay::fall_due(order, *stage, ctx, fx),
        TradeCommand::Lapse { stage } => pay::lapse(order, *stage, ctx, fx),
        TradeCommand::CancelForDefault { penalty_minor } => pay::cancel_for_default(order, *penalty_minor, ctx, fx),
        TradeCommand::LateCancel {} => pay::late_cancel(order, ctx, fx),
        TradeCommand::Close {} => pay::close(order, ctx, fx),
        TradeCommand::Dispatch { shipment, papers, eta_days } => {
            ship::dispatch(order, *shipment, papers, *eta_days, ctx, fx)
        }
        TradeCommand::Track { shipment, milestone } => ship::track(order, *shipment, *milestone, ctx, fx),
        TradeCommand::Deliver { shipment } => ship::deliver(order, *shipment, ctx, fx),
        TradeCommand::AssumeDelivered { shipment } => ship::assume_delivered(order, *shipment, ctx, fx),
        TradeCommand::AcceptShipment { shipment } => ship::accept(order, *shipment, ctx, fx),
        TradeCommand::AutoAccept { shipment } => ship::auto_accept(order, *shipment, ctx, fx),
        TradeCommand::ExtendAcceptance { shipment } => ship::extend_acceptance(order, *shipment, ctx, fx),
        TradeCommand::ProposeAmendment { amendment } => propose::amendment(order, amendment, ctx, fx),
        TradeCommand::ProposeCancellation { refund_minor } => propose::cancellation(order, *refund_minor, ctx, fx),
        TradeCommand::ProposeExtension { shipment, days } => propose::extension(order, *shipment, *days, ctx, fx),
        TradeCommand::AcceptProposal {} => propose::accept(order, ctx, fx),
        TradeCommand::DeclineProposal {} | TradeCommand::WithdrawProposal {} => {
            propose::end(order, command.step(), ctx, fx)
        }
        TradeCommand::LapseProposal {} => propose::lapse(order, ctx, fx),
    }
}

/// Gives the rules an order runs under: pinned at agreement, before that the market's.
pub(crate) fn rules<'a>(order: &'a Order, ctx: &TradeContext<'a>) -> &'a RuleParams {
    order.rules.as_deref().unwrap_or(ctx.params)
}

/// Gives the buying and the selling company.
pub(crate) fn parties(order: &Order) -> (CompanyId, CompanyId) {
    order.terms.as_ref().map_or((CompanyId(0), CompanyId(0)), |terms| (terms.buyer, terms.seller))
}

/// Gives the end of the claim window, should the command complete the order.
pub(crate) fn close_at(order: &Order, ctx: &TradeContext<'_>) -> MarketTime {
    ctx.zone.end_of_day(ctx.now, rules(order, ctx).claim_window_days)
}

/// Refuses a deadline that acts before its time (TIME-4).
pub(crate) fn not_before(ctx: &TradeContext<'_>, due: Option<MarketTime>) -> Result<(), TradeRejection> {
    match due {
        Some(due) if ctx.now < due => Err(TradeRejection::TooEarly { due }),
        Some(_) | None => Ok(()),
    }
}

/// Books one move of held money: P3 for what is released, P5 for what is refunded.
pub(crate) fn book(order: &Order, moved: &Move, rules: &RuleParams, fx: &mut Fx) -> Result<i64, TradeRejection> {
    let (buyer, seller) = parties(order);
    let currency = order.currency();
    let mut reserve = 0;
    if moved.release > 0 {
        let cuts = moved.cuts(rules)?;
        reserve = cuts.reserve;
        let release = Release {
            order: order.id,
            stage: moved.stage,
            shipment: moved.shipment,
            seller,
            amount: Money::new(moved.release, currency),
            fee: cuts.fee,
            premium: cuts.premium,
            reserve: cuts.reserve,
        };
        p3_release(fx, &release)?;
    }
    if moved.refund > 0 {
        p5_refund(fx, order.id, (moved.stage, moved.shipment), buyer, Money::new(moved.refund, currency))?;
    }
    Ok(reserve)
}

/// Books several moves and adds up what goes into the reserve.
pub(crate) fn book_all(
    order: &Order,
    moves: impl IntoIterator<Item = Move>,
    rules: &RuleParams,
    fx: &mut Fx,
) -> Result<i64, TradeRejection> {
    let mut reserve = 0_i64;
    for moved in moves {
        reserve = reserve.checked_add(book(order, &moved, rules, fx)?).ok_or(MoneyError::Overflow)?;
    }
    Ok(reserve)
}
