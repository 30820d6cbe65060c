//! What can be done now: every row of the process table, judged for one actor, with a preview of its effects.
//!
//! Promises that a preview is exactly what [`super::decide`] would do with the shown command. Refuses nothing.

use std::sync::Arc;

use super::amendment::Amendment;
use super::command::{DispatchPapers, PayMethod, TradeCommand, TradeContext};
use super::decide::decide;
use super::event::TradeEvent;
use super::rejection::TradeRejection;
use super::settle::held_stoppable;
use super::state::{Order, Shipment, ShipmentState};
use super::step::{Part, STEPS, Step, StepRow};
use crate::kernel::Effects;

/// Shows one step for one child, allowed or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionView {
    /// Step.
    pub step: Step,
    /// Stage or shipment number; `None` for the order as a whole.
    pub part: Option<i32>,
    /// Command that was judged, with sensible defaults for free parameters.
    pub command: TradeCommand,
    /// Effects it would have, or the rule that refuses.
    pub outcome: Result<Effects<TradeEvent>, TradeRejection>,
}

/// Judges every step for the actor in the context, child by child where the step is about one.
///
/// Steps of other actors appear once, refused. `order.draft` is left out: it makes a new order.
#[must_use]
pub fn actions(order: &Order, ctx: &TradeContext<'_>) -> Vec<ActionView> {
    let mut views = Vec::new();
    for row in STEPS.iter().filter(|row| row.step != Step::Draft) {
        for part in parts(order, row, ctx) {
            let Some(command) = sample(order, row.step, part.unwrap_or(1), ctx) else {
                continue;
            };
            let mut fx = Effects::new();
            let outcome = decide(order, &command, ctx, &mut fx).map(|()| fx);
            views.push(ActionView { step: row.step, part, command, outcome });
        }
    }
    views
}

fn parts(order: &Order, row: &StepRow, ctx: &TradeContext<'_>) -> Vec<Option<i32>> {
    let children: Vec<Option<i32>> = match row.part {
        Part::Order => Vec::new(),
        Part::Stage { .. } => order.stages.iter().map(|stage| Some(stage.no)).collect(),
        Part::Shipment { .. } => order.shipments.iter().map(|shipment| Some(shipment.no)).collect(),
    };
    if children.is_empty() || !row.admits(ctx.actor) { vec![None] } else { children }
}

/// Makes a command of a step with sensible defaults; `None` without terms to build one from.
fn sample(order: &Order, step: Step, part: i32, ctx: &TradeContext<'_>) -> Option<TradeCommand> {
    let contract_hash = order.offer.map(|offer| offer.contract_hash).unwrap_or_default();
    let terms = || order.terms.clone();
    let automatic = || TradeCommand::from_deadline(step.name(), part);
    Some(match step {
        Step::Draft => return None,
        Step::Discard | Step::ExpireOffer | Step::FallDue | Step::Lapse | Step::Track | Step::Deliver => automatic()?,
        Step::AssumeDelivered | Step::AutoAccept | Step::LapseProposal | Step::LateCancel | Step::Close => automatic()?,
        Step::Revise => TradeCommand::Revise { terms: terms()? },
        Step::Offer => TradeCommand::Offer { valid_days: None, contract_hash },
        Step::Counter => TradeCommand::Counter { terms: terms()?, valid_days: None, contract_hash },
        Step::Accept => TradeCommand::Accept { offer_no: order.offer.map_or(1, |offer| offer.no), contract_hash },
        Step::Withdraw => TradeCommand::Withdraw { reason: None },
        Step::Decline => TradeCommand::Decline { reason: None },
        Step::Fund => TradeCommand::Fund { stage: part, method: PayMethod::Tt },
        Step::CancelForDefault => TradeCommand::CancelForDefault { penalty_minor: 0 },
        Step::Dispatch => TradeCommand::Dispatch { shipment: part, papers: sample_papers(), eta_days: 30 },
        Step::AcceptShipment => TradeCommand::AcceptShipment { shipment: part },
        Step::ExtendAcceptance => TradeCommand::ExtendAcceptance { shipment: part },
        Step::ProposeAmendment => TradeCommand::ProposeAmendment { amendment: Arc::new(sample_amendment()) },
        Step::ProposeCancellation => {
            TradeCommand::ProposeCancellation { refund_minor: held_stoppable(order, Step::AcceptProposal, false) }
        }
        Step::ProposeExtension => {
            let planned = |shipment: &&Shipment| shipment.state == ShipmentState::Planned;
            TradeCommand::ProposeExtension {
                shipment: order.shipments.iter().find(planned).map_or(1, |shipment| shipment.no),
                days: ctx.params.extension_days_max.clamp(1, 7),
            }
        }
        Step::AcceptProposal => TradeCommand::AcceptProposal {},
        Step::DeclineProposal => TradeCommand::DeclineProposal {},
        Step::WithdrawProposal => TradeCommand::WithdrawProposal {},
    })
}

fn sample_papers() -> Arc<DispatchPapers> {
    let documents = ["bill of lading", "packing list", "invoice"].map(String::from).to_vec();
    Arc::new(DispatchPapers { carrier: "carrier".into(), tracking_no: String::new(), documents })
}

fn sample_amendment() -> Amendment {
    Amendment { notes: Some(String::new()), ..Amendment::default() }
}
