//! The order as it stands: statuses, stages, shipments, cells, running totals.
//!
//! Promises that the order is a pure fold of its events ([`super::evolve`]); terminal states are never left. Refuses
//! nothing; rules are in [`super::decide`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::command::{DispatchPapers, Milestone, PayMethod};
pub use super::status::{CellState, OrderStatus, Phase, ShipmentState, StageState};
use super::step::Step;
use super::terms::{ContractHash, OrderTerms, StageKind, Trigger};
use crate::kernel::{Actor, Currency, Day, MarketTime, OrderId, Side};
use crate::market::RuleParams;

/// Is the offer on the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Number, counted from 1.
    pub no: i32,
    /// Side that made it.
    pub by: Side,
    /// Last instant it can be accepted.
    pub valid_until: MarketTime,
    /// Hash of its canonical terms.
    pub contract_hash: ContractHash,
    /// Days it was asked to stand; the market's default if absent.
    #[serde(default)]
    pub valid_days: Option<i64>,
}

/// Is one payment stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Number, counted from 1.
    pub no: i32,
    /// What the payment is.
    pub kind: StageKind,
    /// What makes it due.
    pub trigger: Trigger,
    /// Shipment it belongs to; `None` for the whole order.
    pub shipment: Option<i32>,
    /// Amount in minor units.
    pub amount: i64,
    /// Where it stands.
    pub state: StageState,
    /// When it becomes due by itself.
    pub opens_at: Option<MarketTime>,
    /// Until when it can be paid.
    pub due_at: Option<MarketTime>,
    /// When it was paid.
    pub funded_at: Option<MarketTime>,
    /// How it was paid.
    pub method: Option<PayMethod>,
    /// Payment fee in minor units.
    pub fee: i64,
    /// Gross amount released to the seller, minor units.
    pub released: i64,
    /// Amount refunded to the buyer, minor units.
    pub refunded: i64,
    /// Amount in escrow, minor units.
    pub held: i64,
}

/// Is one shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Number, counted from 1.
    pub no: i32,
    /// Last day of dispatch.
    pub ship_by: Day,
    /// Value in minor units, with its part of freight, discount and tax.
    pub value: i64,
    /// Where it stands.
    pub state: ShipmentState,
    /// Instants that follow from the ship-by date.
    pub dates: ShipDates,
    /// Days by which the ship-by date was extended so far.
    pub extended_days: i64,
    /// When it was dispatched.
    pub dispatched_at: Option<MarketTime>,
    /// Carrier, tracking number and documents.
    pub papers: Option<Arc<DispatchPapers>>,
    /// Announced arrival.
    pub eta: Option<MarketTime>,
    /// Days until arrival, as announced.
    #[serde(default)]
    pub eta_days: i64,
    /// When the system assumes delivery.
    pub assume_at: Option<MarketTime>,
    /// When each milestone was reached, in the order of [`Milestone::ALL`].
    pub milestones: [Option<MarketTime>; 5],
    /// Who reported the last milestone.
    pub tracked_by: Option<Actor>,
    /// When it was delivered.
    pub delivered_at: Option<MarketTime>,
    /// Who reported the delivery.
    pub delivered_by: Option<Actor>,
    /// Until when the buyer can inspect.
    pub accept_by: Option<MarketTime>,
    /// Whether the buyer has used the extension of the inspection.
    pub extended_by_buyer: bool,
    /// Whether the seller has used it.
    pub extended_by_seller: bool,
    /// When it was accepted.
    pub accepted_at: Option<MarketTime>,
}

impl Shipment {
    /// Gives the milestone that comes next, if any is left.
    #[must_use]
    pub fn next_milestone(&self) -> Option<Milestone> {
        let done = self.milestones.iter().rposition(Option::is_some).map_or(0, |index| index + 1);
        Milestone::ALL.get(done).copied()
    }

    /// Gives the instant at which the robot carrier reaches a milestone: spread evenly from dispatch to ETA.
    #[must_use]
    pub fn milestone_due(&self, milestone: Milestone) -> Option<MarketTime> {
        let (from, to) = (self.dispatched_at?, self.eta?);
        let steps = i64::from(milestone.position()) + 1;
        Some(from.plus_micros(to.0.saturating_sub(from.0) / 6 * steps))
    }
}

/// Holds the instants that follow from a ship-by date in the market's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShipDates {
    /// 24:00 of the ship-by date.
    pub ship_by_end: MarketTime,
    /// When a balance due before dispatch falls due.
    pub balance_from: MarketTime,
    /// From when the buyer may cancel for lateness.
    pub late_from: MarketTime,
    /// When the system cancels for lateness.
    pub late_at: MarketTime,
}

/// Is the money of one stage for one shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Amount in minor units.
    pub amount: i64,
    /// What became of it.
    pub state: CellState,
}

/// Asks the other side for a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum ProposalKind {
    /// Changes terms.
    Amendment(Arc<super::amendment::Amendment>),
    /// Cancels what is not dispatched.
    Cancellation {
        /// Part of the held undispatched money that goes back to the buyer, minor units; the rest is released.
        #[serde(with = "crate::kernel::minor_text")]
        refund_minor: i64,
    },
    /// Moves a ship-by date.
    Extension {
        /// Shipment number.
        shipment: i32,
        /// Days to add.
        days: i64,
    },
}

/// Is the open proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What is asked.
    #[serde(flatten)]
    pub kind: ProposalKind,
    /// Who asks.
    pub by: Side,
    /// Until when it can be answered.
    pub answer_by: MarketTime,
}

/// Remembers the last step of a kind that does not leave its parameters in the state (CON-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Step taken.
    pub step: Step,
    /// Who took it.
    pub actor: Actor,
    /// Amount or number it carried, 0 if none.
    pub number: i64,
}

/// Adds up the money of an order in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Paid into escrow by the buyer.
    pub paid: i64,
    /// In escrow now.
    pub held: i64,
    /// Released to the seller, gross.
    pub released: i64,
    /// Refunded to the buyer.
    pub refunded: i64,
    /// Payment fees paid by the buyer on top.
    pub payment_fees: i64,
    /// Transaction fees taken from releases.
    pub txn_fees: i64,
    /// Premiums taken from releases.
    pub premiums: i64,
    /// In the seller's reserve for this order now.
    pub reserve: i64,
}

/// Is an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Identity.
    pub id: OrderId,
    /// Number for people.
    pub number: Arc<str>,
    /// Where it stands.
    pub status: OrderStatus,
    /// Side that drafted it.
    pub drafter: Side,
    /// When the system discards a draft nobody offered.
    pub discard_at: Option<MarketTime>,
    /// Terms; `None` only before the draft.
    pub terms: Option<Arc<OrderTerms>>,
    /// Offer on the table, or the accepted one.
    pub offer: Option<Offer>,
    /// Rules pinned at agreement.
    pub rules: Option<Arc<RuleParams>>,
    /// Total in minor units (0 before agreement).
    pub total: i64,
    /// Part of the total that fell away unpaid with cancelled shipments, minor units.
    pub dropped: i64,
    /// Penalties the seller kept for the buyer's default so far, minor units.
    #[serde(default)]
    pub penalties: i64,
    /// Payment stages (empty before agreement).
    pub stages: Vec<Stage>,
    /// Shipments (empty before agreement).
    pub shipments: Vec<Shipment>,
    /// Cells, stage by stage, one per shipment.
    pub cells: Vec<Cell>,
    /// Running totals.
    pub money: Totals,
    /// Open proposal.
    pub proposal: Option<Proposal>,
    /// When the claim window ends.
    pub close_at: Option<MarketTime>,
    /// Last step that ended or cut the order.
    pub ended: Option<Done>,
    /// Last answer to a proposal.
    pub answered: Option<Done>,
}

impl Order {
    /// Makes the state before the first event.
    #[must_use]
    pub fn new(id: OrderId) -> Self {
        Self {
            id,
            number: Arc::from(""),
            status: OrderStatus::New,
            drafter: Side::Buyer,
            discard_at: None,
            terms: None,
            offer: None,
            rules: None,
            total: 0,
            dropped: 0,
            penalties: 0,
            stages: Vec::new(),
            shipments: Vec::new(),
            cells: Vec::new(),
            money: Totals::default(),
            proposal: None,
            close_at: None,
            ended: None,
            answered: None,
        }
    }

    /// Gives the contract currency (US dollars before the draft).
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.terms.as_ref().map_or(Currency::USD, |terms| terms.currency)
    }

    /// Finds a stage by its number.
    #[must_use]
    pub fn stage(&self, no: i32) -> Option<&Stage> {
        self.stages.get(index_of(no)?)
    }

    /// Finds a shipment by its number.
    #[must_use]
    pub fn shipment(&self, no: i32) -> Option<&Shipment> {
        self.shipments.get(index_of(no)?)
    }

    /// Finds the cell of a stage for a shipment, both by number.
    #[must_use]
    pub fn cell(&self, stage: i32, shipment: i32) -> Option<&Cell> {
        self.cells.get(self.cell_index(stage, shipment)?)
    }

    pub(crate) fn cell_index(&self, stage: i32, shipment: i32) -> Option<usize> {
        let row = index_of(stage)?.checked_mul(self.shipments.len())?;
        row.checked_add(index_of(shipment)?)
    }

    /// Says whether a stage carries money of a shipment.
    #[must_use]
    pub fn covers(&self, stage: &Stage, shipment: i32) -> bool {
        stage.shipment.is_none_or(|own| own == shipment)
    }

    /// Gives the stage that must be paid before this shipment can leave and is not, if any.
    #[must_use]
    pub fn unpaid_before_dispatch(&self, shipment: i32) -> Option<&Stage> {
        self.stages.iter().find(|stage| {
            matches!(stage.trigger, Trigger::Agreed | Trigger::BeforeDispatch)
                && !stage.state.is_paid()
                && self.covers(stage, shipment)
        })
    }

    /// Gives the display phase, a pure function of the order and its children.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.status {
            OrderStatus::New | OrderStatus::Draft | OrderStatus::Offered => Phase::Negotiating,
            OrderStatus::Agreed => Phase::AwaitingDeposit,
            OrderStatus::Active => self.active_phase(),
            OrderStatus::Completed => Phase::Covered,
            OrderStatus::Closed | OrderStatus::Cancelled | OrderStatus::Expired => Phase::Done,
        }
    }

    fn active_phase(&self) -> Phase {
        let any = |state| self.shipments.iter().any(|shipment| shipment.state == state);
        let unpaid = self.stages.iter().any(|stage| stage.state == StageState::Due);
        if any(ShipmentState::Delivered) {
            Phase::InspectionByBuyer
        } else if any(ShipmentState::Dispatched) {
            Phase::Shipping
        } else if unpaid {
            Phase::AwaitingBalance
        } else {
            Phase::InProduction
        }
    }
}

/// Turns a number counted from 1 into an index.
pub(crate) fn index_of(no: i32) -> Option<usize> {
    usize::try_from(no).ok()?.checked_sub(1)
}
