//! The process table: every step an order can take, from where to where, by whom, under which guard and deadline.
//!
//! Promises that [`super::decide`] consults this table first, so the table *is* the access and state matrix (c2, c3, c4,
//! invariant 11). Refuses nothing itself.

use serde::{Deserialize, Serialize};

use super::state::{OrderStatus, ShipmentState, StageState};
use crate::kernel::{Actor, ActorKind, Rule};

/// Says which child a step is about, and how it changes that child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The order as a whole.
    Order,
    /// One stage.
    Stage {
        /// States it may start from.
        from: &'static [StageState],
        /// States it may lead to.
        to: &'static [StageState],
    },
    /// One shipment.
    Shipment {
        /// States it may start from.
        from: &'static [ShipmentState],
        /// States it may lead to.
        to: &'static [ShipmentState],
    },
}

/// Is one row of the process table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRow {
    /// Step.
    pub step: Step,
    /// Public name, such as `stage.fund`.
    pub name: &'static str,
    /// Order statuses it may start from.
    pub from: &'static [OrderStatus],
    /// Order statuses it may lead to.
    pub to: &'static [OrderStatus],
    /// Child it is about.
    pub part: Part,
    /// Who may take it.
    pub actors: &'static [ActorKind],
    /// Guard in words.
    pub guard: &'static str,
    /// Deadline in words; empty when none.
    pub deadline: &'static str,
    /// Posting rules it may book.
    pub money: &'static [Rule],
    /// Names of its parameters.
    pub params: &'static [&'static str],
    /// Section of the trade rules it implements, such as `c2`.
    pub source: &'static str,
}

impl StepRow {
    /// Says whether the table admits the actor.
    #[must_use]
    pub fn admits(&self, actor: Actor) -> bool {
        self.actors.iter().any(|kind| kind.admits(actor))
    }

    /// Says whether the system takes this step by itself when a deadline comes due.
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        self.admits(Actor::System)
    }
}

macro_rules! steps {
    ($($step:ident = $name:literal : $from:expr => $to:expr, $part:expr, $actors:expr, $guard:literal, $deadline:literal, $money:expr, $params:expr, $source:literal;)*) => {
        /// Names a step of the process table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Step {
            $(#[doc = concat!("Is `", $name, "`.")] #[serde(rename = $name)] $step,)*
        }

        impl Step {
            /// Gives the public name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$step => $name,)* }
            }

            /// Gives the row of the process table.
            #[must_use]
            pub const fn row(self) -> &'static StepRow {
                match self { $(Self::$step => {
                    const ROW: StepRow = StepRow {
                        step: Step::$step, name: $name, from: &$from, to: &$to, part: $part, actors: &$actors,
                        guard: $guard, deadline: $deadline, money: &$money, params: &$params, source: $source,
                    };
                    &ROW
                })* }
            }
        }

        /// Is the process table.
        pub const STEPS: &[StepRow] = &[$(*Step::$step.row()),*];
    };
}

use ActorKind::{Buyer, Carrier, Either, Seller, System};
use OrderStatus::{Active, Agreed, Cancelled, Closed, Completed, Draft, Expired, New, Offered};
use ShipmentState as H;
use StageState as S;

const PAID: &[S] = &[S::Funded, S::PartlyReleased, S::Released];

steps! {
    Draft = "order.draft": [New] => [Draft], Part::Order, [Either],
        "The terms are complete and add up.", "", [], ["terms"], "c2";
    Revise = "order.revise": [Draft] => [Draft], Part::Order, [Either],
        "Only the side that drafted it; the terms are complete and add up.", "", [], ["terms"], "c2";
    Discard = "order.discard": [Draft] => [Cancelled], Part::Order, [Either, System],
        "Only the side that drafted it; the system when it was forgotten.", "90 days after its last change.", [], [], "c2";
    Offer = "order.offer": [Draft] => [Offered], Part::Order, [Either],
        "Only the side that drafted it; valid 1 to 90 days; no ship-by date in the past; at least one measurable quality point.", "", [], ["valid_days"], "c2";
    Counter = "order.counter": [Offered] => [Offered], Part::Order, [Either],
        "Only the side the last offer was made to; the offer still stands; at least one measurable quality point.", "", [], ["terms", "valid_days"], "c2";
    Accept = "order.accept": [Offered] => [Agreed], Part::Order, [Either],
        "Only the side the last offer was made to; the latest offer, read in full (its hash), still standing.", "", [], ["offer_no", "contract_hash"], "c2";
    Withdraw = "order.withdraw": [Offered] => [Cancelled], Part::Order, [Either],
        "Only the side that made the last offer.", "", [], ["reason"], "c2";
    Decline = "order.decline": [Offered] => [Cancelled], Part::Order, [Either],
        "Only the side the last offer was made to.", "", [], ["reason"], "c2";
    ExpireOffer = "order.expire_offer": [Offered] => [Expired], Part::Order, [System],
        "Nobody answered the offer in time.", "The end of the offer's last day (15 days unless the offer says 1 to 90).", [], [], "c2";
    Fund = "stage.fund": [Agreed, Active] => [Agreed, Active, Completed], Part::Stage { from: &[S::Planned, S::Due], to: PAID }, [Buyer],
        "The stage is due, or payable in advance; the wallet holds the amount and the fee; the first payment finds all goods from ready stock free.", "", [Rule::P2, Rule::P3], ["stage", "method"], "c3";
    FallDue = "stage.fall_due": [Active] => [Active], Part::Stage { from: &[S::Planned], to: &[S::Due] }, [System],
        "The ship-by date approaches.", "10 days before the ship-by date.", [], ["stage"], "c3";
    Lapse = "stage.lapse": [Agreed, Active] => [Active, Completed, Expired], Part::Stage { from: &[S::Due], to: &[S::Lapsed] }, [System],
        "The stage was not paid in time.", "Deposit 10 days after agreement; balance before dispatch 10 days; against the bill of lading 5 days.", [], ["stage"], "c3";
    CancelForDefault = "order.cancel_for_default": [Active] => [Active, Completed, Cancelled], Part::Order, [Seller],
        "A balance has lapsed for goods that are not out of the seller's hands; the penalty is at most 20 % of the deposit.", "", [Rule::P3, Rule::P5], ["penalty_minor"], "c3";
    Dispatch = "shipment.dispatch": [Active] => [Active], Part::Shipment { from: &[H::Planned], to: &[H::Dispatched] }, [Seller],
        "Every stage due before dispatch is paid; carrier, documents and arrival are stated.", "", [], ["shipment", "carrier", "tracking_no", "documents", "eta_days"], "c4";
    Track = "shipment.track": [Active] => [Active], Part::Shipment { from: &[H::Dispatched], to: &[H::Dispatched] }, [Carrier, System],
        "A milestone that was not reported yet.", "Spread evenly between dispatch and arrival while a robot plays the carrier.", [], ["shipment", "milestone"], "c4";
    Deliver = "shipment.deliver": [Active] => [Active], Part::Shipment { from: &[H::Dispatched], to: &[H::Delivered] }, [Carrier, Buyer, System],
        "The carrier or the buyer says so; one report suffices.", "The announced arrival while a robot plays the carrier.", [], ["shipment"], "c4";
    AssumeDelivered = "shipment.assume_delivered": [Active] => [Active], Part::Shipment { from: &[H::Dispatched], to: &[H::Delivered] }, [System],
        "Nobody has reported anything.", "30 days after the announced arrival.", [], ["shipment"], "c4";
    AcceptShipment = "shipment.accept": [Active] => [Active, Completed], Part::Shipment { from: &[H::Delivered], to: &[H::Accepted] }, [Buyer],
        "The shipment was delivered.", "", [Rule::P3], ["shipment"], "c4";
    AutoAccept = "shipment.auto_accept": [Active] => [Active, Completed], Part::Shipment { from: &[H::Delivered], to: &[H::AutoAccepted] }, [System],
        "The buyer stayed silent.", "15 days after delivery (contract: 3 to 30), plus extensions.", [Rule::P3], ["shipment"], "c4";
    ExtendAcceptance = "shipment.extend_acceptance": [Active] => [Active], Part::Shipment { from: &[H::Delivered], to: &[H::Delivered] }, [Either],
        "Once for each side, 15 days.", "", [], ["shipment"], "c4";
    ProposeAmendment = "amendment.propose": [Agreed, Active] => [Agreed, Active], Part::Order, [Either],
        "No other proposal is open; amounts can change only before any payment.", "", [], ["shipments", "lines", "notes", "delivery_address", "consignee", "buyer_contact", "seller_contact", "po_number"], "c2";
    ProposeCancellation = "cancellation.propose": [Agreed, Active] => [Agreed, Active], Part::Order, [Either],
        "No other proposal is open; only money of undispatched goods can be divided.", "", [], ["refund_minor"], "c2";
    ProposeExtension = "extension.propose": [Agreed, Active] => [Agreed, Active], Part::Order, [Either],
        "No other proposal is open; the shipment is not dispatched; at most 90 days in total.", "", [], ["shipment", "days"], "c4";
    AcceptProposal = "proposal.accept": [Agreed, Active] => [Agreed, Active, Completed, Cancelled], Part::Order, [Either],
        "Only the side that was asked; what was proposed is still possible.", "", [Rule::P3, Rule::P5], [], "c2";
    DeclineProposal = "proposal.decline": [Agreed, Active] => [Agreed, Active], Part::Order, [Either],
        "Only the side that was asked.", "", [], [], "c2";
    WithdrawProposal = "proposal.withdraw": [Agreed, Active] => [Agreed, Active], Part::Order, [Either],
        "Only the side that asked.", "", [], [], "c2";
    LapseProposal = "proposal.lapse": [Agreed, Active] => [Agreed, Active], Part::Order, [System],
        "Nobody answered the proposal.", "5 days after the proposal.", [], [], "c2";
    LateCancel = "order.late_cancel": [Active] => [Active, Completed, Cancelled], Part::Order, [Buyer, System],
        "A shipment is late and not by the buyer's own default; the money of undispatched goods goes back in full.", "30 days after the ship-by date; the buyer may from the day after it.", [Rule::P5], [], "c2";
    Close = "order.close": [Completed] => [Closed], Part::Order, [System],
        "The claim window is over.", "30 days after completion (contract: 0 to 30).", [Rule::P3, Rule::P12], [], "c2";
}

impl Step {
    /// Finds a step by its public name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        STEPS.iter().find(|row| row.name == name).map(|row| row.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for row in STEPS {
            assert_eq!(Step::parse(row.name), Some(row.step));
            assert_eq!(serde_json::to_string(&row.step).unwrap(), format!("\"{}\"", row.name));
            assert_eq!(STEPS.iter().filter(|other| other.name == row.name).count(), 1);
            assert!(row.guard.ends_with('.') && !row.source.is_empty());
        }
    }

    #[test]
    fn no_step_leaves_a_terminal_status_and_every_automatic_step_has_a_deadline() {
        for row in STEPS {
            assert!(row.from.iter().all(|status| !status.is_terminal()), "{}", row.name);
            assert_eq!(row.is_automatic(), !row.deadline.is_empty(), "{}", row.name);
        }
    }
}
