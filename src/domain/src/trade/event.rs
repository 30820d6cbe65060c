//! Events: what has happened to an order, one per accepted command (MON-7).
//!
//! Promises that an event carries everything [`super::evolve`] needs, above all instants that depend on the market's
//! zone, so that replay needs no context.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::command::{DispatchPapers, Milestone, PayMethod};
use super::state::{Offer, Proposal, ShipDates};
use super::step::Step;
use super::terms::OrderTerms;
use crate::kernel::{Actor, MarketTime, OrderId, Side};
use crate::market::RuleParams;

/// Says what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TradeEvent {
    /// The order was drafted.
    OrderDrafted {
        /// Identity.
        id: OrderId,
        /// Number for people.
        number: Arc<str>,
        /// Drafting side.
        by: Side,
        /// Terms.
        terms: Arc<OrderTerms>,
        /// When the system discards it, unless it is offered.
        discard_at: MarketTime,
    },
    /// The draft was rewritten.
    OrderRevised {
        /// New terms.
        terms: Arc<OrderTerms>,
        /// When the system discards it, unless it is offered.
        discard_at: MarketTime,
    },
    /// An offer was made; counter-offers bring terms.
    OfferMade {
        /// Offer now on the table.
        offer: Offer,
        /// Terms, when they changed.
        terms: Option<Arc<OrderTerms>>,
    },
    /// The offer was accepted: a contract.
    OfferAccepted {
        /// Rules pinned to this order.
        rules: Arc<RuleParams>,
        /// Until when the first stage can be paid.
        first_due: MarketTime,
        /// Dates of each shipment.
        dates: Vec<ShipDates>,
    },
    /// The order ended before any money moved: discarded, withdrawn, declined or expired.
    OrderEnded {
        /// Step that ended it.
        step: Step,
        /// Who ended it.
        by: Actor,
        /// Why, in the actor's words.
        reason: Option<Arc<str>>,
    },
    /// A stage was paid into escrow.
    StageFunded {
        /// Stage number.
        stage: i32,
        /// How.
        method: PayMethod,
        /// Payment fee in minor units.
        fee: i64,
        /// When.
        at: MarketTime,
        /// Earliest instant until which balances due before dispatch can be paid, should this payment start the order.
        pay_by: MarketTime,
        /// Lateness cannot begin before these instants for shipments that waited for this payment.
        late_from: MarketTime,
        /// Nor can the system cancel before this one.
        late_at: MarketTime,
        /// When the claim window ends, should this complete the order.
        close_at: MarketTime,
    },
    /// A planned stage fell due.
    StageFellDue {
        /// Stage number.
        stage: i32,
    },
    /// A stage was not paid in time.
    StageLapsed {
        /// Stage number.
        stage: i32,
        /// When the claim window ends, should this complete the order.
        close_at: MarketTime,
    },
    /// Everything that could still be stopped was cancelled.
    ShipmentsCancelled {
        /// Step that did it.
        step: Step,
        /// Who did it.
        by: Actor,
        /// Part of the held money that went to the buyer, minor units; the rest went to the seller.
        refund: i64,
        /// Parameter of the command (penalty or refund), minor units.
        asked: i64,
        /// When the claim window ends, should this complete the order.
        close_at: MarketTime,
    },
    /// A shipment left.
    ShipmentDispatched {
        /// Shipment number.
        shipment: i32,
        /// Carrier, tracking number, documents.
        papers: Arc<DispatchPapers>,
        /// When.
        at: MarketTime,
        /// Announced arrival.
        eta: MarketTime,
        /// Days until arrival, as announced.
        #[serde(default)]
        eta_days: i64,
        /// When the system assumes delivery.
        assume_at: MarketTime,
        /// Until when stages due against the bill of lading can be paid.
        pay_by: MarketTime,
    },
    /// A milestone was reached.
    ShipmentTracked {
        /// Shipment number.
        shipment: i32,
        /// Milestone.
        milestone: Milestone,
        /// Who reported it.
        by: Actor,
        /// When.
        at: MarketTime,
    },
    /// A shipment arrived, or is assumed to have.
    ShipmentDelivered {
        /// Shipment number.
        shipment: i32,
        /// Who says so.
        by: Actor,
        /// When.
        at: MarketTime,
        /// Until when the buyer can inspect.
        accept_by: MarketTime,
        /// Until when stages due on delivery can be paid.
        pay_by: MarketTime,
    },
    /// A shipment was accepted, in words or by silence.
    ShipmentAccepted {
        /// Shipment number.
        shipment: i32,
        /// Buyer, or system for silence.
        by: Actor,
        /// When.
        at: MarketTime,
        /// When the claim window ends, should this complete the order.
        close_at: MarketTime,
    },
    /// The inspection was extended.
    AcceptanceExtended {
        /// Shipment number.
        shipment: i32,
        /// Who asked.
        by: Side,
        /// New end of the inspection.
        accept_by: MarketTime,
    },
    /// A proposal was made.
    ProposalMade {
        /// Proposal.
        proposal: Proposal,
    },
    /// A proposal ended without effect: declined, withdrawn or lapsed.
    ProposalEnded {
        /// Step that ended it.
        step: Step,
        /// Who ended it.
        by: Actor,
    },
    /// An amendment or extension was agreed.
    TermsAmended {
        /// Side that accepted.
        by: Side,
        /// New terms.
        terms: Arc<OrderTerms>,
        /// Dates of each shipment under the new terms.
        dates: Vec<ShipDates>,
    },
    /// The order closed.
    OrderClosed {
        /// When.
        at: MarketTime,
    },
}

impl TradeEvent {
    /// Gives the snake_case type tag.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::OrderDrafted { .. } => "order_drafted",
            Self::OrderRevised { .. } => "order_revised",
            Self::OfferMade { .. } => "offer_made",
            Self::OfferAccepted { .. } => "offer_accepted",
            Self::OrderEnded { .. } => "order_ended",
            Self::StageFunded { .. } => "stage_funded",
            Self::StageFellDue { .. } => "stage_fell_due",
            Self::StageLapsed { .. } => "stage_lapsed",
            Self::ShipmentsCancelled { .. } => "shipments_cancelled",
            Self::ShipmentDispatched { .. } => "shipment_dispatched",
            Self::ShipmentTracked { .. } => "shipment_tracked",
            Self::ShipmentDelivered { .. } => "shipment_delivered",
            Self::ShipmentAccepted { .. } => "shipment_accepted",
            Self::AcceptanceExtended { .. } => "acceptance_extended",
            Self::ProposalMade { .. } => "proposal_made",
            Self::ProposalEnded { .. } => "proposal_ended",
            Self::TermsAmended { .. } => "terms_amended",
            Self::OrderClosed { .. } => "order_closed",
        }
    }
}
