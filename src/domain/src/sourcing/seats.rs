//! The seats of a request: who quotes on it. Kept apart from the request, so that a rival learns nothing from its version.
//!
//! Promises that no more suppliers hold a seat than the request has, and each at most one: submitting loads and saves this
//! aggregate in the same command, so two suppliers cannot take the last seat. Refuses a full house and a second quote.

use serde::{Deserialize, Serialize};

use super::rejection::SourcingRejection;
use crate::kernel::{CompanyId, QuoteId};

/// Is one taken seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Who sits there.
    pub supplier: CompanyId,
    /// The supplier's quote.
    pub quote: QuoteId,
}

/// Holds the seats of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// How many there are.
    pub total: i64,
    /// Those taken, in the order in which they were. A quote whose validity ended keeps its seat: it may be revised.
    pub taken: Vec<Seat>,
}

impl Seats {
    /// Makes empty seats.
    #[must_use]
    pub const fn new(total: i64) -> Self {
        Self { total, taken: Vec::new() }
    }

    /// Counts the seats left.
    #[must_use]
    pub fn left(&self) -> i64 {
        let taken = i64::try_from(self.taken.len()).unwrap_or(i64::MAX);
        self.total.saturating_sub(taken).max(0)
    }

    /// Gives the quote a supplier sits there with.
    #[must_use]
    pub fn of(&self, supplier: CompanyId) -> Option<QuoteId> {
        self.taken.iter().find(|seat| seat.supplier == supplier).map(|seat| seat.quote)
    }

    /// Gives the seats after one more is taken; refuses a supplier that has one and a full house.
    pub fn with(&self, supplier: CompanyId, quote: QuoteId) -> Result<Self, SourcingRejection> {
        if let Some(quote) = self.of(supplier) {
            return Err(SourcingRejection::AlreadyQuoted { quote });
        }
        if self.left() == 0 {
            return Err(SourcingRejection::SeatsFull { seats: self.total });
        }
        let mut after = self.clone();
        after.taken.push(Seat { supplier, quote });
        Ok(after)
    }

    /// Gives the seats after a quote leaves; the seat is free for others.
    #[must_use]
    pub fn without(&self, quote: QuoteId) -> Self {
        let taken = self.taken.iter().copied().filter(|seat| seat.quote != quote).collect();
        Self { total: self.total, taken }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seat_goes_once_and_a_left_seat_is_free_again() {
        let seats = Seats::new(2).with(CompanyId(1), QuoteId(11)).unwrap();
        assert_eq!(seats.with(CompanyId(1), QuoteId(12)), Err(SourcingRejection::AlreadyQuoted { quote: QuoteId(11) }));
        let full = seats.with(CompanyId(2), QuoteId(21)).unwrap();
        assert_eq!((full.left(), seats.left()), (0, 1));
        assert_eq!(full.with(CompanyId(3), QuoteId(31)), Err(SourcingRejection::SeatsFull { seats: 2 }));

        let freed = full.without(QuoteId(11));
        assert_eq!(freed.left(), 1);
        assert_eq!(freed.of(CompanyId(1)), None);
        assert!(freed.with(CompanyId(3), QuoteId(31)).is_ok());
    }
}
