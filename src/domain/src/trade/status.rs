//! The states of an order and its children, and the phases shown on screens.
//!
//! Promises one snake_case name per state, the same in JSON, in the database and in translations.

use crate::kernel::words;

words! {
    /// Is where an order stands (c2).
    OrderStatus {
        /// Nothing drafted yet: the state before the first event.
        New = "new",
        /// Written by one side, not offered.
        Draft = "draft",
        /// Offered to the other side.
        Offered = "offered",
        /// Agreed, first stage not funded.
        Agreed = "agreed",
        /// Funded and under way.
        Active = "active",
        /// All shipments accepted or refunded; claim window open.
        Completed = "completed",
        /// Over, all money out.
        Closed = "closed",
        /// Ended without any accepted shipment.
        Cancelled = "cancelled",
        /// Ended by silence.
        Expired = "expired",
    }
}

impl OrderStatus {
    /// Says whether nothing can happen any more.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled | Self::Expired)
    }
}

words! {
    /// Is where a payment stage stands (c3).
    StageState {
        /// Not due yet.
        Planned = "planned",
        /// Due, not paid.
        Due = "due",
        /// Paid, all money held.
        Funded = "funded",
        /// Paid, part of the money out.
        PartlyReleased = "partly_released",
        /// All money with the seller.
        Released = "released",
        /// All money back with the buyer.
        Refunded = "refunded",
        /// All money out, some to each side.
        Split = "split",
        /// Not paid in time, or no longer payable.
        Lapsed = "lapsed",
    }
}

impl StageState {
    /// Says whether the stage waits for payment.
    #[must_use]
    pub const fn is_unpaid(self) -> bool {
        matches!(self, Self::Planned | Self::Due)
    }

    /// Says whether the stage was ever paid.
    #[must_use]
    pub const fn is_paid(self) -> bool {
        match self {
            Self::Funded | Self::PartlyReleased | Self::Released | Self::Refunded | Self::Split => true,
            Self::Planned | Self::Due | Self::Lapsed => false,
        }
    }
}

words! {
    /// Is where a shipment stands (c4).
    ShipmentState {
        /// Not dispatched.
        Planned = "planned",
        /// Under way.
        Dispatched = "dispatched",
        /// Arrived; the buyer inspects.
        Delivered = "delivered",
        /// Accepted by the buyer.
        Accepted = "accepted",
        /// Accepted by silence.
        AutoAccepted = "auto_accepted",
        /// Dropped.
        Cancelled = "cancelled",
    }
}

impl ShipmentState {
    /// Says whether the shipment is settled.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Accepted | Self::AutoAccepted | Self::Cancelled)
    }

    /// Says whether the buyer accepted, in words or by silence.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::AutoAccepted)
    }
}

words! {
    /// Is what became of the money of one stage for one shipment (ruling 13).
    CellState {
        /// Not funded.
        Planned = "planned",
        /// In escrow.
        Held = "held",
        /// All to the seller.
        Released = "released",
        /// All back to the buyer.
        Refunded = "refunded",
        /// Some to each side.
        Split = "split",
    }
}

words! {
    /// Is what to call the order's progress on a screen; a pure function of its children.
    Phase {
        /// Before agreement.
        Negotiating = "negotiating",
        /// Agreed, first payment open.
        AwaitingDeposit = "awaiting_deposit",
        /// Goods are being made.
        InProduction = "in_production",
        /// A further payment is due.
        AwaitingBalance = "awaiting_balance",
        /// Goods are under way.
        Shipping = "shipping",
        /// The buyer inspects.
        InspectionByBuyer = "inspection_by_buyer",
        /// Completed, claim window open.
        Covered = "covered",
        /// Over.
        Done = "done",
    }
}
