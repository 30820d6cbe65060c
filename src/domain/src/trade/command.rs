//! Commands: what people, deadlines and simulated agents ask of an order, and the context they ask in.
//!
//! Promises that `{"name": …, "params": …}` of the public interface is exactly the JSON of [`TradeCommand`]. Refuses
//! unknown names and misshapen parameters when read.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::amendment::Amendment;
use super::step::Step;
use super::stock::Goods;
use super::terms::{ContractHash, OrderTerms};
use crate::kernel::{Actor, MarketTime, OrderId, Zone};
use crate::market::RuleParams;

/// Is everything a decision may look at besides the order.
#[derive(Debug, Clone, Copy)]
pub struct TradeContext<'a> {
    /// Market time of the command; the due time when a deadline acts.
    pub now: MarketTime,
    /// Who acts, seen from the order.
    pub actor: Actor,
    /// Balance of the buyer's wallet in the order's currency, minor units.
    pub wallet_available: i64,
    /// What is free of the ready stock that the order takes from; empty for orders that take from none.
    pub stock: &'a Goods,
    /// Present rules of the market; running orders use the ones pinned at agreement.
    pub params: &'a RuleParams,
    /// Time zone of the market (ruling 50).
    pub zone: &'a Zone,
}

/// Names how a stage is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayMethod {
    /// By card: a percentage fee.
    Card,
    /// By bank transfer: a flat fee.
    Tt,
}

impl PayMethod {
    /// Lists the ways to pay.
    pub const ALL: [Self; 2] = [Self::Card, Self::Tt];
}

/// Names a point on a shipment's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// Space is booked.
    Booked,
    /// The container is in the port.
    GatedIn,
    /// The goods are on board.
    OnBoard,
    /// The ship has arrived.
    Arrived,
    /// Customs has released the goods.
    CustomsCleared,
}

impl Milestone {
    /// Lists the milestones in order.
    pub const ALL: [Self; 5] = [Self::Booked, Self::GatedIn, Self::OnBoard, Self::Arrived, Self::CustomsCleared];

    /// Gives the place in the order, from 0.
    #[must_use]
    pub const fn position(self) -> u8 {
        match self {
            Self::Booked => 0,
            Self::GatedIn => 1,
            Self::OnBoard => 2,
            Self::Arrived => 3,
            Self::CustomsCleared => 4,
        }
    }

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::GatedIn => "gated_in",
            Self::OnBoard => "on_board",
            Self::Arrived => "arrived",
            Self::CustomsCleared => "customs_cleared",
        }
    }
}

/// Holds what the seller states at dispatch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispatchPapers {
    /// Carrier's name.
    pub carrier: String,
    /// Tracking number.
    #[serde(default)]
    pub tracking_no: String,
    /// Names of the documents shown: bill of lading, packing list, invoice.
    #[serde(default)]
    pub documents: Vec<String>,
}

/// Asks an order to take a step; numbers of stages and shipments count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "params")]
pub enum TradeCommand {
    /// Drafts the order; id and number come from the server.
    #[serde(rename = "order.draft")]
    Draft {
        /// Identity of the new order.
        id: OrderId,
        /// Number for people.
        number: Arc<str>,
        /// Terms.
        terms: Arc<OrderTerms>,
    },
    /// Rewrites a draft.
    #[serde(rename = "order.revise")]
    Revise {
        /// New terms.
        terms: Arc<OrderTerms>,
    },
    /// Throws a draft away.
    #[serde(rename = "order.discard")]
    Discard {},
    /// Offers the draft to the other side.
    #[serde(rename = "order.offer")]
    Offer {
        /// Days the offer stands, 1 to 90; the market's default if absent.
        #[serde(default)]
        valid_days: Option<i64>,
        /// Hash of the draft's canonical terms, computed by the server.
        #[serde(default)]
        contract_hash: ContractHash,
    },
    /// Answers an offer with other terms.
    #[serde(rename = "order.counter")]
    Counter {
        /// Terms instead.
        terms: Arc<OrderTerms>,
        /// Days the counter-offer stands.
        #[serde(default)]
        valid_days: Option<i64>,
        /// Hash of the new canonical terms, computed by the server.
        #[serde(default)]
        contract_hash: ContractHash,
    },
    /// Accepts the offer on the table.
    #[serde(rename = "order.accept")]
    Accept {
        /// Number of the offer that was read.
        offer_no: i32,
        /// Hash of the terms that were read.
        contract_hash: ContractHash,
    },
    /// Takes one's own offer back.
    #[serde(rename = "order.withdraw")]
    Withdraw {
        /// Why.
        #[serde(default)]
        reason: Option<Arc<str>>,
    },
    /// Refuses the other side's offer.
    #[serde(rename = "order.decline")]
    Decline {
        /// Why.
        #[serde(default)]
        reason: Option<Arc<str>>,
    },
    /// Ends an offer nobody answered.
    #[serde(rename = "order.expire_offer")]
    ExpireOffer {},
    /// Pays a stage into escrow.
    #[serde(rename = "stage.fund")]
    Fund {
        /// Stage number.
        stage: i32,
        /// How it is paid.
        method: PayMethod,
    },
    /// Makes a planned stage due.
    #[serde(rename = "stage.fall_due")]
    FallDue {
        /// Stage number.
        stage: i32,
    },
    /// Gives up a stage that was not paid in time.
    #[serde(rename = "stage.lapse")]
    Lapse {
        /// Stage number.
        stage: i32,
    },
    /// Cancels because the buyer did not pay.
    #[serde(rename = "order.cancel_for_default")]
    CancelForDefault {
        /// Penalty the seller keeps, in minor units.
        #[serde(default, with = "crate::kernel::minor_text")]
        penalty_minor: i64,
    },
    /// Hands a shipment to the carrier.
    #[serde(rename = "shipment.dispatch")]
    Dispatch {
        /// Shipment number.
        shipment: i32,
        /// Carrier, tracking number, documents.
        #[serde(flatten)]
        papers: Arc<DispatchPapers>,
        /// Days until arrival.
        eta_days: i64,
    },
    /// Reports a milestone.
    #[serde(rename = "shipment.track")]
    Track {
        /// Shipment number.
        shipment: i32,
        /// Milestone; the next one if absent.
        #[serde(default)]
        milestone: Option<Milestone>,
    },
    /// Reports delivery.
    #[serde(rename = "shipment.deliver")]
    Deliver {
        /// Shipment number.
        shipment: i32,
    },
    /// Assumes delivery long after the ETA.
    #[serde(rename = "shipment.assume_delivered")]
    AssumeDelivered {
        /// Shipment number.
        shipment: i32,
    },
    /// Accepts the goods.
    #[serde(rename = "shipment.accept")]
    AcceptShipment {
        /// Shipment number.
        shipment: i32,
    },
    /// Accepts the goods by silence.
    #[serde(rename = "shipment.auto_accept")]
    AutoAccept {
        /// Shipment number.
        shipment: i32,
    },
    /// Extends the inspection, once per side.
    #[serde(rename = "shipment.extend_acceptance")]
    ExtendAcceptance {
        /// Shipment number.
        shipment: i32,
    },
    /// Proposes other terms.
    #[serde(rename = "amendment.propose")]
    ProposeAmendment {
        /// What changes.
        #[serde(flatten)]
        amendment: Arc<Amendment>,
    },
    /// Proposes to cancel what is not dispatched.
    #[serde(rename = "cancellation.propose")]
    ProposeCancellation {
        /// Part of the held undispatched money for the buyer, minor units; the rest is released to the seller.
        #[serde(with = "crate::kernel::minor_text")]
        refund_minor: i64,
    },
    /// Proposes a later ship-by date.
    #[serde(rename = "extension.propose")]
    ProposeExtension {
        /// Shipment number.
        shipment: i32,
        /// Days to add.
        days: i64,
    },
    /// Agrees to the open proposal.
    #[serde(rename = "proposal.accept")]
    AcceptProposal {},
    /// Refuses the open proposal.
    #[serde(rename = "proposal.decline")]
    DeclineProposal {},
    /// Takes one's own proposal back.
    #[serde(rename = "proposal.withdraw")]
    WithdrawProposal {},
    /// Drops a proposal nobody answered.
    #[serde(rename = "proposal.lapse")]
    LapseProposal {},
    /// Cancels what is not dispatched because it is late.
    #[serde(rename = "order.late_cancel")]
    LateCancel {},
    /// Closes the order after the claim window.
    #[serde(rename = "order.close")]
    Close {},
}

impl TradeCommand {
    /// Reads a command from its step name and JSON parameters; the text says what does not fit.
    pub fn from_json(name: &str, params: serde_json::Value) -> Result<Self, String> {
        let params = if params.is_null() { serde_json::json!({}) } else { params };
        serde_json::from_value(serde_json::json!({ "name": name, "params": params })).map_err(|error| error.to_string())
    }

    /// Gives the command a due deadline stands for; `None` when the step is not one the system takes.
    #[must_use]
    pub fn from_deadline(step: &str, part: i32) -> Option<Self> {
        Some(match Step::parse(step)? {
            Step::Discard => Self::Discard {},
            Step::ExpireOffer => Self::ExpireOffer {},
            Step::FallDue => Self::FallDue { stage: part },
            Step::Lapse => Self::Lapse { stage: part },
            Step::Track => Self::Track { shipment: part, milestone: None },
            Step::Deliver => Self::Deliver { shipment: part },
            Step::AssumeDelivered => Self::AssumeDelivered { shipment: part },
            Step::AutoAccept => Self::AutoAccept { shipment: part },
            Step::LapseProposal => Self::LapseProposal {},
            Step::LateCancel => Self::LateCancel {},
            Step::Close => Self::Close {},
            Step::Draft | Step::Revise | Step::Offer | Step::Counter | Step::Accept | Step::Withdraw => return None,
            Step::Decline | Step::Fund | Step::CancelForDefault | Step::Dispatch | Step::AcceptShipment => return None,
            Step::ExtendAcceptance | Step::ProposeAmendment | Step::ProposeCancellation => return None,
            Step::ProposeExtension | Step::AcceptProposal | Step::DeclineProposal | Step::WithdrawProposal => {
                return None;
            }
        })
    }

    /// Gives the step the command asks for.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self {
            Self::Draft { .. } => Step::Draft,
            Self::Revise { .. } => Step::Revise,
            Self::Discard {} => Step::Discard,
            Self::Offer { .. } => Step::Offer,
            Self::Counter { .. } => Step::Counter,
            Self::Accept { .. } => Step::Accept,
            Self::Withdraw { .. } => Step::Withdraw,
            Self::Decline { .. } => Step::Decline,
            Self::ExpireOffer {} => Step::ExpireOffer,
            Self::Fund { .. } => Step::Fund,
            Self::FallDue { .. } => Step::FallDue,
            Self::Lapse { .. } => Step::Lapse,
            Self::CancelForDefault { .. } => Step::CancelForDefault,
            Self::Dispatch { .. } => Step::Dispatch,
            Self::Track { .. } => Step::Track,
            Self::Deliver { .. } => Step::Deliver,
            Self::AssumeDelivered { .. } => Step::AssumeDelivered,
            Self::AcceptShipment { .. } => Step::AcceptShipment,
            Self::AutoAccept { .. } => Step::AutoAccept,
            Self::ExtendAcceptance { .. } => Step::ExtendAcceptance,
            Self::ProposeAmendment { .. } => Step::ProposeAmendment,
            Self::ProposeCancellation { .. } => Step::ProposeCancellation,
            Self::ProposeExtension { .. } => Step::ProposeExtension,
            Self::AcceptProposal {} => Step::AcceptProposal,
            Self::DeclineProposal {} => Step::DeclineProposal,
            Self::WithdrawProposal {} => Step::WithdrawProposal,
            Self::LapseProposal {} => Step::LapseProposal,
            Self::LateCancel {} => Step::LateCancel,
            Self::Close {} => Step::Close,
        }
    }

    /// Gives the stage or shipment number the command is about, if it is about one.
    #[must_use]
    pub const fn part(&self) -> Option<i32> {
        match self {
            Self::Fund { stage, .. } | Self::FallDue { stage } | Self::Lapse { stage } => Some(*stage),
            Self::Dispatch { shipment, .. } | Self::Track { shipment, .. } => Some(*shipment),
            Self::Deliver { shipment } | Self::AssumeDelivered { shipment } => Some(*shipment),
            Self::AcceptShipment { shipment } | Self::AutoAccept { shipment } => Some(*shipment),
            Self::ExtendAcceptance { shipment } => Some(*shipment),
            Self::Draft { .. } | Self::Revise { .. } | Self::Discard {} | Self::Offer { .. } | Self::Counter { .. } => {
                None
            }
            Self::Accept { .. } | Self::Withdraw { .. } | Self::Decline { .. } | Self::ExpireOffer {} => None,
            Self::CancelForDefault { .. } | Self::ProposeAmendment { .. } | Self::ProposeCancellation { .. } => None,
            Self::ProposeExtension { .. } | Self::AcceptProposal {} | Self::DeclineProposal {} => None,
            Self::WithdrawProposal {} | Self::LapseProposal {} | Self::LateCancel {} | Self::Close {} => None,
        }
    }
}
