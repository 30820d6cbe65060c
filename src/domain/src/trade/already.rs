//! Repeats: the same step by the same actor with the same parameters, already done (CON-1, ruling 36).

use super::command::TradeCommand;
use super::state::{Done, Order, OrderStatus, ProposalKind, ShipmentState, StageState};
use super::step::Step;
use crate::kernel::{Actor, Side};

/// Says whether the order already shows the result of this very command by this very actor.
///
/// The platform answers such a repeat with success and `already: true` instead of a refusal.
#[must_use]
pub fn already_done(order: &Order, command: &TradeCommand, actor: Actor) -> bool {
    let step = command.step();
    if !step.row().admits(actor) {
        return false;
    }
    let ended = |number: i64| order.ended == Some(Done { step, actor, number });
    let answered = order.answered == Some(Done { step, actor, number: 0 });
    match command {
        TradeCommand::Draft { id, .. } => {
            order.id == *id && order.status != OrderStatus::New && actor.side() == Some(order.drafter)
        }
        TradeCommand::Revise { .. } => false,
        TradeCommand::Discard {} | TradeCommand::Withdraw { .. } | TradeCommand::Decline { .. } => ended(0),
        TradeCommand::ExpireOffer {} | TradeCommand::LateCancel {} => ended(0),
        TradeCommand::CancelForDefault { penalty_minor } => ended(*penalty_minor),
        TradeCommand::Offer { contract_hash, .. } => {
            let same = |no| no == 1;
            stands(order, actor)
                && order.offer.is_some_and(|offer| same(offer.no) && offer.contract_hash == *contract_hash)
        }
        TradeCommand::Counter { terms, .. } => {
            stands(order, actor) && order.offer.is_some_and(|offer| offer.no > 1) && order.terms.as_ref() == Some(terms)
        }
        TradeCommand::Accept { offer_no, contract_hash } => {
            let agreed = order.rules.is_some();
            let same = |no: i32, hash| no == *offer_no && hash == *contract_hash;
            agreed
                && order
                    .offer
                    .is_some_and(|offer| same(offer.no, offer.contract_hash) && Actor::from(offer.by.other()) == actor)
        }
        TradeCommand::Fund { stage, method } => {
            order.stage(*stage).is_some_and(|stage| stage.state.is_paid() && stage.method == Some(*method))
        }
        TradeCommand::FallDue { stage } => order.stage(*stage).is_some_and(|stage| stage.state != StageState::Planned),
        TradeCommand::Lapse { stage } => order.stage(*stage).is_some_and(|stage| stage.state == StageState::Lapsed),
        TradeCommand::Close {} => order.status == OrderStatus::Closed,
        TradeCommand::AcceptProposal {} | TradeCommand::DeclineProposal {} => answered && order.proposal.is_none(),
        TradeCommand::WithdrawProposal {} | TradeCommand::LapseProposal {} => answered && order.proposal.is_none(),
        TradeCommand::ProposeAmendment { amendment } => {
            proposed(order, actor, &ProposalKind::Amendment(amendment.clone()))
        }
        TradeCommand::ProposeCancellation { refund_minor } => {
            proposed(order, actor, &ProposalKind::Cancellation { refund_minor: *refund_minor })
        }
        TradeCommand::ProposeExtension { shipment, days } => {
            proposed(order, actor, &ProposalKind::Extension { shipment: *shipment, days: *days })
        }
        TradeCommand::Dispatch { .. } | TradeCommand::Track { .. } | TradeCommand::Deliver { .. } => {
            shipped(order, command, actor)
        }
        TradeCommand::AssumeDelivered { .. } | TradeCommand::AcceptShipment { .. } => shipped(order, command, actor),
        TradeCommand::AutoAccept { .. } | TradeCommand::ExtendAcceptance { .. } => shipped(order, command, actor),
    }
}

/// Says whether this actor's offer is the one on the table.
fn stands(order: &Order, actor: Actor) -> bool {
    order.status == OrderStatus::Offered && order.offer.is_some_and(|offer| Actor::from(offer.by) == actor)
}

fn proposed(order: &Order, actor: Actor, kind: &ProposalKind) -> bool {
    order.proposal.as_ref().is_some_and(|proposal| proposal.kind == *kind && Actor::from(proposal.by) == actor)
}

fn shipped(order: &Order, command: &TradeCommand, actor: Actor) -> bool {
    let Some(shipment) = command.part().and_then(|number| order.shipment(number)) else {
        return false;
    };
    match (command.step(), command) {
        (Step::Dispatch, TradeCommand::Dispatch { papers, .. }) => shipment.papers.as_ref() == Some(papers),
        (Step::Track, TradeCommand::Track { milestone: Some(milestone), .. }) => {
            let last = shipment.milestones.iter().rposition(Option::is_some);
            last == Some(usize::from(milestone.position())) && shipment.tracked_by == Some(actor)
        }
        (Step::Deliver | Step::AssumeDelivered, _) => shipment.delivered_by == Some(actor),
        (Step::AcceptShipment, _) => shipment.state == ShipmentState::Accepted,
        (Step::AutoAccept, _) => shipment.state == ShipmentState::AutoAccepted,
        (Step::ExtendAcceptance, _) => match actor.side() {
            Some(Side::Buyer) => shipment.extended_by_buyer,
            Some(Side::Seller) => shipment.extended_by_seller,
            None => false,
        },
        _ => false,
    }
}
