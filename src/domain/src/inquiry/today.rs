//! How much each side has written in a thread on one market day: the wall against a flood of messages.

use serde::{Deserialize, Serialize};

use crate::kernel::{Day, Side};

/// Counts the messages of one market day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Written {
    /// The day.
    pub day: Day,
    /// Messages of the buyer.
    pub buyer: i64,
    /// Messages of the seller.
    pub seller: i64,
}

impl Written {
    /// Gives how much a side wrote on `day`.
    #[must_use]
    pub fn of(&self, side: Side, day: Day) -> i64 {
        match side {
            _ if self.day != day => 0,
            Side::Buyer => self.buyer,
            Side::Seller => self.seller,
        }
    }

    /// Counts one more; another day begins anew.
    pub(super) fn count(&mut self, side: Side, day: Day) {
        if self.day != day {
            *self = Self { day, ..Self::default() };
        }
        match side {
            Side::Buyer => self.buyer = self.buyer.saturating_add(1),
            Side::Seller => self.seller = self.seller.saturating_add(1),
        }
    }
}
