//! Refusals in plain English, as a clerk would say them.
//!
//! Promises one whole sentence per refusal, with the numbers, amounts and times it is about. Other languages translate
//! the code and its parameters; they are not built from these sentences.

use std::fmt;

use super::rejection::TradeRejection;
use super::state::{OrderStatus, ShipmentState, StageState};
use super::step::Step;
use crate::kernel::{Actor, ActorKind, MarketTime};

impl fmt::Display for TradeRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongActor { step, actor } => {
                write!(f, "This step is taken by {}, not by {}.", takers(*step), who(*actor))
            }
            Self::WrongParty { actor, .. } => {
                write!(f, "This step is for the other side to take, not for {}.", who(*actor))
            }
            Self::WrongState { status, .. } => write!(f, "This is not possible while the order is {}.", order(*status)),
            Self::WrongStageState { stage: no, state } => {
                write!(f, "This is not possible while payment stage {no} is {}.", stage(*state))
            }
            Self::WrongShipmentState { shipment: no, state } => {
                write!(f, "This is not possible while shipment {no} is {}.", shipment(*state))
            }
            Self::NoSuchStage(no) => write!(f, "The order has no payment stage {no}."),
            Self::NoSuchShipment(no) => write!(f, "The order has no shipment {no}."),
            Self::StageNotDue { stage } => write!(f, "Payment stage {stage} cannot be paid yet."),
            Self::StageOverdue { stage, until } => {
                write!(f, "The time to pay stage {stage} ended on {}.", moment(*until))
            }
            Self::StageUnfunded { stage } => {
                write!(f, "Payment stage {stage} is due before dispatch and is not paid yet.")
            }
            Self::OwnDefault { stage } => {
                write!(f, "Payment stage {stage} is due before dispatch and unpaid, so the delay is the buyer's own.")
            }
            Self::InsufficientFunds { have, need } => {
                write!(f, "The wallet holds {have}; the stage and its fee come to {need}.")
            }
            Self::OutOfStock(short) => {
                f.write_str("The ready stock does not hold what the order takes from it: ")?;
                for (n, shortage) in short.iter().enumerate() {
                    write!(f, "{}{shortage}", if n == 0 { "" } else { "; " })?;
                }
                f.write_str(". Nothing was charged.")
            }
            Self::TooEarly { due } => write!(f, "This happens on {}, not before.", moment(*due)),
            Self::NotLate { from } => write!(f, "Nothing is late yet; the buyer may cancel from {} on.", moment(*from)),
            Self::AmountTooLarge => f.write_str("The amount is larger than the books can hold."),
            Self::AmountNotPositive => f.write_str("The amount must be more than zero."),
            Self::Books(error) => write!(f, "The books refuse this step: {error}."),
            Self::PenaltyTooHigh { max } => write!(f, "The penalty is at most {max}."),
            Self::RefundExceedsHeld { held } => {
                write!(f, "No more than {held} can be divided: that is held for goods not dispatched.")
            }
            Self::TermsInvalid(_) | Self::ShipByPast { .. } | Self::ValidDaysOutOfRange { .. } => self.about_terms(f),
            Self::OfferOutdated { .. } | Self::ContractHashMismatch | Self::OfferExpired { .. } => self.about_terms(f),
            Self::QualityMissing(_) => self.about_terms(f),
            Self::CarrierMissing | Self::DocumentsMissing | Self::EtaOutOfRange { .. } => self.about_goods(f),
            Self::MilestonePassed | Self::AlreadyExtended { .. } | Self::NoDefault => self.about_goods(f),
            Self::ProposalOpen | Self::NoProposal | Self::ProposalExpired { .. } => self.about_proposal(f),
            Self::NothingUndispatched | Self::ExtensionTooLong { .. } => self.about_proposal(f),
            Self::AmendmentEmpty | Self::AmendmentNotAllowed { .. } => self.about_proposal(f),
        }
    }
}

impl TradeRejection {
    fn about_terms(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TermsInvalid(errors) if errors.len() == 1 => {
                f.write_str("One entry of the terms is missing or wrong; it is named below.")
            }
            Self::TermsInvalid(errors) => {
                write!(f, "{} entries of the terms are missing or wrong; each is named below.", errors.len())
            }
            Self::QualityMissing(_) => {
                f.write_str("An offer says what the goods are measured on: at least one point with number and method.")
            }
            Self::ShipByPast { shipment } => write!(f, "The ship-by date of shipment {shipment} lies in the past."),
            Self::ValidDaysOutOfRange { max } => write!(f, "An offer stands for 1 to {max} days."),
            Self::OfferOutdated { read, current } => {
                write!(f, "You read offer {read}; offer {current} is on the table now.")
            }
            Self::ContractHashMismatch => f.write_str("The terms you read are not the terms on the table now."),
            Self::OfferExpired { until } => write!(f, "The offer ended on {}.", moment(*until)),
            // Unreachable from `fmt`; the test that says every refusal would hear the silence. The same below.
            _ => Ok(()),
        }
    }

    fn about_goods(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CarrierMissing => f.write_str("Dispatch needs the name of the carrier."),
            Self::DocumentsMissing => f.write_str("Dispatch needs at least one document, such as the bill of lading."),
            Self::EtaOutOfRange { max } => write!(f, "The goods arrive 1 to {max} days after dispatch."),
            Self::MilestonePassed => f.write_str("This milestone, or a later one, was reported before."),
            Self::AlreadyExtended { shipment } => {
                write!(f, "Your side has extended the inspection of shipment {shipment} once already.")
            }
            Self::NoDefault => f.write_str("No payment has lapsed for goods that are still with the seller."),
            _ => Ok(()),
        }
    }

    fn about_proposal(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ProposalOpen => f.write_str("Another proposal is waiting for an answer."),
            Self::NoProposal => f.write_str("There is no proposal to answer or take back."),
            Self::ProposalExpired { until } => {
                write!(f, "The time to answer the proposal ended on {}.", moment(*until))
            }
            Self::NothingUndispatched => f.write_str("Every shipment was dispatched, so nothing is left to cancel."),
            Self::ExtensionTooLong { left } if *left < 1 => f.write_str("The ship-by date cannot move any further."),
            Self::ExtensionTooLong { left } => write!(f, "The ship-by date can move by 1 to {left} days."),
            Self::AmendmentEmpty => f.write_str("The proposal changes nothing."),
            Self::AmendmentNotAllowed { pointer } => f.write_str(match amendment_fault(pointer) {
                "part" => "The proposal names a line or a shipment that the order does not have.",
                "date" => "A ship-by date cannot move into the past, nor once the shipment was dispatched.",
                _ => "Quantities and prices cannot change any more, because a payment was made.",
            }),
            _ => Ok(()),
        }
    }
}

/// Gives in a word what is wrong with the change that a pointer names: no such `part`, a `date`, or `money`.
pub(super) fn amendment_fault(pointer: &str) -> &'static str {
    if pointer.ends_with("/line") || pointer.ends_with("/shipment") {
        "part"
    } else if pointer.ends_with("/ship_by") {
        "date"
    } else {
        "money"
    }
}

/// Gives a moment to the minute; people read hours, the parameters keep the exact time.
fn moment(at: MarketTime) -> String {
    at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::Buyer => "the buyer",
        Actor::Seller => "the seller",
        Actor::Carrier => "the carrier",
        Actor::System => "the clock",
    }
}

fn takers(step: Step) -> String {
    let names: Vec<&str> = step
        .row()
        .actors
        .iter()
        .map(|kind| match kind {
            ActorKind::Buyer => "the buyer",
            ActorKind::Seller => "the seller",
            ActorKind::Either => "the buyer or the seller",
            ActorKind::Carrier => "the carrier",
            ActorKind::System => "the clock",
        })
        .collect();
    names.join(" or ")
}

fn order(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::New => "not written yet",
        OrderStatus::Draft => "a draft",
        OrderStatus::Offered => "offered and not yet accepted",
        OrderStatus::Agreed => "agreed and its first payment not made",
        OrderStatus::Active => "under way",
        OrderStatus::Completed => "completed",
        OrderStatus::Closed => "closed",
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Expired => "expired",
    }
}

fn stage(state: StageState) -> &'static str {
    match state {
        StageState::Planned => "not due yet",
        StageState::Due => "due and unpaid",
        StageState::Funded => "paid and held",
        StageState::PartlyReleased => "paid and partly released",
        StageState::Released => "released to the seller",
        StageState::Refunded => "refunded to the buyer",
        StageState::Split => "divided between both sides",
        StageState::Lapsed => "lapsed",
    }
}

fn shipment(state: ShipmentState) -> &'static str {
    match state {
        ShipmentState::Planned => "not dispatched",
        ShipmentState::Dispatched => "on its way",
        ShipmentState::Delivered => "delivered and not yet accepted",
        ShipmentState::Accepted => "accepted by the buyer",
        ShipmentState::AutoAccepted => "accepted because the time to inspect is over",
        ShipmentState::Cancelled => "cancelled",
    }
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
mod tests;
