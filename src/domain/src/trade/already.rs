//! Repeats: the same step by the same actor with the same parameters, already done (CON-1, ruling 36).

use super::command::TradeCommand;
use super::pay::defaulted;
use super::state::{Done, Offer, Order, OrderStatus, ProposalKind, ShipmentState, StageState};
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
        // A later default is another one: it can be acted on anew.
        TradeCommand::CancelForDefault { penalty_minor } => ended(*penalty_minor) && !defaulted(order),
        TradeCommand::Offer { contract_hash, valid_days } => stands(order, actor)
            .is_some_and(|offer| (offer.no, offer.contract_hash, offer.valid_days) == (1, *contract_hash, *valid_days)),
        TradeCommand::Counter { terms, valid_days, .. } => stands(order, actor).is_some_and(|offer| {
            offer.no > 1 && offer.valid_days == *valid_days && order.terms.as_ref() == Some(terms)
        }),
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

/// Gives the offer on the table if this actor made it.
fn stands(order: &Order, actor: Actor) -> Option<&Offer> {
    let on_the_table = order.offer.as_ref().filter(|_| order.status == OrderStatus::Offered);
    on_the_table.filter(|offer| Actor::from(offer.by) == actor)
}

fn proposed(order: &Order, actor: Actor, kind: &ProposalKind) -> bool {
    order.proposal.as_ref().is_some_and(|proposal| proposal.kind == *kind && Actor::from(proposal.by) == actor)
}

fn shipped(order: &Order, command: &TradeCommand, actor: Actor) -> bool {
    let Some(shipment) = command.part().and_then(|number| order.shipment(number)) else {
        return false;
    };
    match (command.step(), command) {
        (Step::Dispatch, TradeCommand::Dispatch { papers, eta_days, .. }) => {
            shipment.papers.as_ref() == Some(papers) && shipment.eta_days == *eta_days
        }
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
