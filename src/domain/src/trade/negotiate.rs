//! Guards of the negotiation: draft, offer, counter-offer, acceptance (c2).

use std::sync::Arc;

use super::command::TradeContext;
use super::decide::{Fx, not_before};
use super::event::TradeEvent;
use super::rejection::TradeRejection;
use super::state::{Offer, Order, ShipDates};
use super::step::Step;
use super::terms::{ContractHash, OrderTerms};
use crate::kernel::{Actor, Day, OrderId, Side, Zone};
use crate::market::RuleParams;

pub(super) fn draft(
    id: OrderId,
    number: &Arc<str>,
    terms: &Arc<OrderTerms>,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let by = side(Step::Draft, ctx)?;
    sound(terms)?;
    let discard_at = ctx.zone.end_of_day(ctx.now, ctx.params.draft_days);
    fx.events.push(TradeEvent::OrderDrafted {
        id,
        number: Arc::clone(number),
        by,
        terms: Arc::clone(terms),
        discard_at,
    });
    Ok(())
}

pub(super) fn revise(
    order: &Order,
    terms: &Arc<OrderTerms>,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    only(order.drafter, Step::Revise, ctx)?;
    sound(terms)?;
    if let Some(before) = &order.terms {
        same_drafter(order.drafter, before, terms)?;
    }
    let discard_at = ctx.zone.end_of_day(ctx.now, ctx.params.draft_days);
    fx.events.push(TradeEvent::OrderRevised { terms: Arc::clone(terms), discard_at });
    Ok(())
}

pub(super) fn discard(order: &Order, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    if ctx.actor == Actor::System {
        not_before(ctx, order.discard_at)?;
    } else {
        only(order.drafter, Step::Discard, ctx)?;
    }
    fx.events.push(TradeEvent::OrderEnded { step: Step::Discard, by: ctx.actor, reason: None });
    Ok(())
}

pub(super) fn offer(
    order: &Order,
    valid_days: Option<i64>,
    contract_hash: ContractHash,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    only(order.drafter, Step::Offer, ctx)?;
    if let Some(terms) = &order.terms {
        not_past(terms, ctx)?;
        measurable(terms)?;
    }
    let offer = made(order, order.drafter, valid_days, contract_hash, ctx)?;
    fx.events.push(TradeEvent::OfferMade { offer, terms: None });
    Ok(())
}

pub(super) fn counter(
    order: &Order,
    terms: &Arc<OrderTerms>,
    valid_days: Option<i64>,
    contract_hash: ContractHash,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let standing = answerable(order, Step::Counter, ctx)?;
    sound(terms)?;
    if let Some(before) = &order.terms {
        same_parties(before, terms)?;
    }
    not_past(terms, ctx)?;
    measurable(terms)?;
    let offer = made(order, standing.by.other(), valid_days, contract_hash, ctx)?;
    fx.events.push(TradeEvent::OfferMade { offer, terms: Some(Arc::clone(terms)) });
    Ok(())
}

pub(super) fn accept(
    order: &Order,
    offer_no: i32,
    contract_hash: ContractHash,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let standing = answerable(order, Step::Accept, ctx)?;
    if offer_no != standing.no {
        return Err(TradeRejection::OfferOutdated { read: offer_no, current: standing.no });
    }
    if contract_hash != standing.contract_hash {
        return Err(TradeRejection::ContractHashMismatch);
    }
    let Some(terms) = &order.terms else {
        return Err(TradeRejection::ContractHashMismatch);
    };
    not_past(terms, ctx)?;
    let rules = Arc::new(RuleParams {
        acceptance_days: terms.acceptance_days,
        claim_window_days: terms.claim_window_days,
        deposit_days: terms.deposit_days,
        ..*ctx.params
    });
    let first_due = ctx.zone.end_of_day(ctx.now, rules.deposit_days);
    let dates = all_dates(terms, &rules, ctx.zone);
    fx.events.push(TradeEvent::OfferAccepted { rules, first_due, dates });
    Ok(())
}

pub(super) fn end_offer(
    order: &Order,
    step: Step,
    reason: &Option<Arc<str>>,
    ctx: &TradeContext<'_>,
    fx: &mut Fx,
) -> Result<(), TradeRejection> {
    let owner = order.offer.map_or(order.drafter, |offer| offer.by);
    only(if step == Step::Withdraw { owner } else { owner.other() }, step, ctx)?;
    fx.events.push(TradeEvent::OrderEnded { step, by: ctx.actor, reason: reason.clone() });
    Ok(())
}

pub(super) fn expire(order: &Order, ctx: &TradeContext<'_>, fx: &mut Fx) -> Result<(), TradeRejection> {
    not_before(ctx, order.offer.map(|offer| offer.valid_until))?;
    fx.events.push(TradeEvent::OrderEnded { step: Step::ExpireOffer, by: ctx.actor, reason: None });
    Ok(())
}

/// Computes the dates of every shipment from its ship-by date.
pub(super) fn all_dates(terms: &OrderTerms, rules: &RuleParams, zone: &Zone) -> Vec<ShipDates> {
    terms.shipments.iter().map(|shipment| dates(shipment.ship_by, rules, zone)).collect()
}

fn dates(ship_by: Day, rules: &RuleParams, zone: &Zone) -> ShipDates {
    let end = |days: i64| zone.end_of(ship_by.plus(i32::try_from(days).unwrap_or(i32::MAX)));
    ShipDates {
        ship_by_end: end(0),
        balance_from: end(rules.balance_days.saturating_neg()),
        late_from: end(rules.late_cancel_after_days.saturating_sub(1)),
        late_at: end(rules.late_cancel_system_days),
    }
}

/// Gives the side of the actor; the table has already admitted it.
pub(super) fn side(step: Step, ctx: &TradeContext<'_>) -> Result<Side, TradeRejection> {
    ctx.actor.side().ok_or(TradeRejection::WrongActor { step, actor: ctx.actor })
}

/// Refuses everyone but one side.
pub(super) fn only(owner: Side, step: Step, ctx: &TradeContext<'_>) -> Result<(), TradeRejection> {
    if side(step, ctx)? == owner { Ok(()) } else { Err(TradeRejection::WrongParty { step, actor: ctx.actor }) }
}

/// Lists faults of the terms as one refusal.
pub(super) fn sound(terms: &OrderTerms) -> Result<(), TradeRejection> {
    let errors = terms.validate();
    if errors.is_empty() { Ok(()) } else { Err(TradeRejection::TermsInvalid(errors)) }
}

/// Refuses terms that leave quality to taste. Drafts may still lack it, and offers made before this rule stand.
fn measurable(terms: &OrderTerms) -> Result<(), TradeRejection> {
    let errors = terms.unmeasured();
    if errors.is_empty() { Ok(()) } else { Err(TradeRejection::QualityMissing(errors)) }
}

/// Refuses ship-by dates before today in the market's zone.
pub(super) fn not_past(terms: &OrderTerms, ctx: &TradeContext<'_>) -> Result<(), TradeRejection> {
    let today = ctx.zone.day_of(ctx.now);
    for (number, shipment) in (1_i32..).zip(&terms.shipments) {
        if shipment.ship_by < today {
            return Err(TradeRejection::ShipByPast { shipment: number });
        }
    }
    Ok(())
}

/// Refuses to swap companies or the currency during a negotiation.
/// A draft may look for another counterparty; its own side stays, or it would be foisted on somebody.
fn same_drafter(drafter: Side, before: &OrderTerms, after: &OrderTerms) -> Result<(), TradeRejection> {
    let (pointer, same) = match drafter {
        Side::Buyer => ("/terms/buyer", before.buyer == after.buyer),
        Side::Seller => ("/terms/seller", before.seller == after.seller),
    };
    if same { Ok(()) } else { Err(TradeRejection::AmendmentNotAllowed { pointer: pointer.into() }) }
}

fn same_parties(before: &OrderTerms, after: &OrderTerms) -> Result<(), TradeRejection> {
    let changes = [
        ("/terms/buyer", before.buyer != after.buyer),
        ("/terms/seller", before.seller != after.seller),
        ("/terms/currency", before.currency != after.currency),
    ];
    match changes.into_iter().find(|(_, changed)| *changed) {
        Some((pointer, _)) => Err(TradeRejection::AmendmentNotAllowed { pointer: pointer.into() }),
        None => Ok(()),
    }
}

/// Gives the standing offer if this actor may answer it.
fn answerable(order: &Order, step: Step, ctx: &TradeContext<'_>) -> Result<Offer, TradeRejection> {
    let Some(offer) = order.offer else {
        return Err(TradeRejection::WrongState { step, status: order.status });
    };
    only(offer.by.other(), step, ctx)?;
    if ctx.now >= offer.valid_until {
        return Err(TradeRejection::OfferExpired { until: offer.valid_until });
    }
    Ok(offer)
}

fn made(
    order: &Order,
    by: Side,
    valid_days: Option<i64>,
    contract_hash: ContractHash,
    ctx: &TradeContext<'_>,
) -> Result<Offer, TradeRejection> {
    let days = valid_days.unwrap_or(ctx.params.offer_days);
    if !(1..=ctx.params.offer_days_max).contains(&days) {
        return Err(TradeRejection::ValidDaysOutOfRange { max: ctx.params.offer_days_max });
    }
    let no = order.offer.map_or(0, |offer| offer.no).saturating_add(1);
    Ok(Offer { no, by, valid_until: ctx.zone.end_of_day(ctx.now, days), contract_hash, valid_days })
}
