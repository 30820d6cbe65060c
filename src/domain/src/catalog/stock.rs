//! Ready stock: what lies at a supplier, what of it is kept for funded orders, and why either changed.
//!
//! Promises 0 <= reserved <= on hand whatever is asked, and a reason for every change. Refuses to keep what is not free, and
//! to take away or count less than what is kept for orders (CON-3…5).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kernel::{FieldError, OrderId, Quantity, Rejection, words};

/// Largest quantity on hand: a million million units, so that no sum of quantities leaves its range.
const ON_HAND_MAX: Quantity = Quantity(1_000_000_000_000_000);

words! {
    /// Says where the goods of a listing come from.
    Supply {
        /// They are made once an order is paid for; capacity and lead time say how many and how soon.
        MadeToOrder = "made_to_order",
        /// They lie ready; the stock says how many.
        ReadyStock = "ready_stock",
    }
}

impl Supply {
    /// Says whether goods lie ready.
    #[must_use]
    pub const fn is_ready(self) -> bool {
        match self {
            Self::ReadyStock => true,
            Self::MadeToOrder => false,
        }
    }

    /// Says whether this is what a listing says that says nothing.
    #[must_use]
    #[allow(clippy::trivially_copy_pass_by_ref)] // serde asks by reference
    pub const fn is_default(&self) -> bool {
        !self.is_ready()
    }
}

#[allow(clippy::derivable_impls)] // the macro derives the same for every list of words
impl Default for Supply {
    fn default() -> Self {
        Self::MadeToOrder
    }
}

words! {
    /// Says why a stock changed.
    StockReason {
        /// The listing, or a file of goods, says how many there are.
        Listed = "listed",
        /// Somebody counted; the quantity is what was found.
        Counted = "counted",
        /// Goods came in.
        Received = "received",
        /// Goods that were dispatched came back.
        Returned = "returned",
        /// Goods are spoiled or lost.
        Damaged = "damaged",
        /// Goods were sold somewhere else.
        SoldElsewhere = "sold_elsewhere",
        /// An order was paid for: its goods are kept.
        Reserved = "reserved",
        /// Kept goods left with a shipment.
        Dispatched = "dispatched",
        /// What was kept is free again: its order, or a part of it, was cancelled.
        Released = "released",
    }
}

impl StockReason {
    /// Lists the reasons people give; the others follow from listings and orders.
    pub const BY_HAND: [Self; 5] = [Self::Counted, Self::Received, Self::Returned, Self::Damaged, Self::SoldElsewhere];
}

/// Is one change of a stock; the amounts are thousandths of a unit and may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMove {
    /// Why.
    pub reason: StockReason,
    /// Order it was for, if it was for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Change of what is on hand.
    pub on_hand: i64,
    /// Change of what is kept for orders.
    pub reserved: i64,
}

impl StockMove {
    /// Says whether nothing would change.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.on_hand == 0 && self.reserved == 0
    }
}

/// Is what lies ready of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stock {
    /// What is there.
    pub on_hand: Quantity,
    /// What of it is kept for funded orders.
    pub reserved: Quantity,
}

impl Stock {
    /// Gives what nobody has a claim on.
    #[must_use]
    pub const fn free(self) -> Quantity {
        Quantity(self.on_hand.0.saturating_sub(self.reserved.0))
    }

    /// Gives the change by which exactly `quantity` is on hand, for a reason that states a total.
    ///
    /// Errors: a negative or too large quantity.
    pub fn set(self, reason: StockReason, quantity: Quantity) -> Result<StockMove, StockRejection> {
        if quantity.0 < 0 {
            return Err(StockRejection::Quantity);
        }
        Ok(StockMove { reason, order: None, on_hand: quantity.0.saturating_sub(self.on_hand.0), reserved: 0 })
    }

    /// Gives the change a person asks for: a count states what is there, every other reason how much came or went.
    ///
    /// Errors: a reason that is not a person's to give, or a quantity that is not positive (a count may be nought).
    pub fn adjust(self, reason: StockReason, quantity: Quantity) -> Result<StockMove, StockRejection> {
        let by = |on_hand: i64| {
            let moved = StockMove { reason, order: None, on_hand, reserved: 0 };
            if quantity.0 > 0 { Ok(moved) } else { Err(StockRejection::Quantity) }
        };
        match reason {
            StockReason::Counted => self.set(reason, quantity),
            StockReason::Received | StockReason::Returned => by(quantity.0),
            StockReason::Damaged | StockReason::SoldElsewhere => by(quantity.0.saturating_neg()),
            StockReason::Listed | StockReason::Reserved | StockReason::Dispatched | StockReason::Released => {
                Err(StockRejection::Reason)
            }
        }
    }

    /// Gives the stock after a change.
    ///
    /// Errors: what is kept for orders would not be there, or more would be given free than is kept.
    pub fn after(self, moved: &StockMove) -> Result<Self, StockRejection> {
        let add = |quantity: Quantity, delta: i64| {
            quantity
                .0
                .checked_add(delta)
                .map(Quantity)
                .filter(|sum| *sum <= ON_HAND_MAX)
                .ok_or(StockRejection::TooLarge)
        };
        let next = Self { on_hand: add(self.on_hand, moved.on_hand)?, reserved: add(self.reserved, moved.reserved)? };
        if next.reserved.0 < 0 || next.on_hand < next.reserved {
            return Err(StockRejection::Kept { on_hand: self.on_hand, reserved: self.reserved });
        }
        Ok(next)
    }
}

/// Says why a stock was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockRejection {
    /// Less would be there than is kept for orders.
    Kept {
        /// What is on hand.
        on_hand: Quantity,
        /// What of it is kept.
        reserved: Quantity,
    },
    /// The quantity is not positive.
    Quantity,
    /// The quantity is out of range.
    TooLarge,
    /// The reason is none that people give.
    Reason,
}

impl StockRejection {
    /// Lists every code with its status.
    pub const CODES: &'static [(&'static str, u16)] =
        &[("stock.kept", 409), ("stock.quantity", 422), ("stock.too_large", 422), ("stock.reason", 422)];

    const fn entry(self) -> (&'static str, u16) {
        match self {
            Self::Kept { .. } => ("stock.kept", 409),
            Self::Quantity => ("stock.quantity", 422),
            Self::TooLarge => ("stock.too_large", 422),
            Self::Reason => ("stock.reason", 422),
        }
    }
}

impl Rejection for StockRejection {
    fn code(&self) -> &'static str {
        self.entry().0
    }

    fn status(&self) -> u16 {
        self.entry().1
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Kept { on_hand, reserved } => {
                let free = Stock { on_hand: *on_hand, reserved: *reserved }.free();
                let text = |quantity: &Quantity| quantity.to_string();
                vec![("on_hand", text(on_hand)), ("reserved", text(reserved)), ("free", text(&free))]
            }
            Self::Quantity | Self::TooLarge | Self::Reason => vec![],
        }
    }

    fn pointer(&self) -> Option<String> {
        match self {
            Self::Kept { .. } | Self::Quantity | Self::TooLarge => Some("/quantity".into()),
            Self::Reason => Some("/reason".into()),
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        Vec::new()
    }
}

impl fmt::Display for StockRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept { on_hand, reserved } => {
                write!(f, "{reserved} of the {on_hand} on hand are reserved for orders that were paid for.")
            }
            Self::Quantity => f.write_str("The quantity must be more than zero; a count may be zero."),
            Self::TooLarge => f.write_str("The quantity is larger than a stock can hold."),
            Self::Reason => f.write_str("This is no reason for a change by hand."),
        }
    }
}

impl std::error::Error for StockRejection {}

#[cfg(test)]
#[path = "stock_tests.rs"]
mod tests;
