//! How many quotes a supplier may submit: 20 in a calendar month of the market, and one more for each accepted quote.
//!
//! The month's rights are spent first and do not carry over; a right earned by an accepted quote stays until it is used, so
//! that an award on the last day of a month is worth as much as one on the first. Withdrawing an own quote returns nothing,
//! or a supplier could try prices for nothing; when the buyer withdraws the request, each quote on it gives its right back,
//! as an earned one, for its effort was in vain by no fault of the supplier. Promises that rights never go below zero.

use serde::{Deserialize, Serialize};

use super::rejection::SourcingRejection;
use crate::kernel::{Day, MarketTime, Zone};

/// Rights that come with each month.
pub const MONTHLY: i64 = 20;

/// Holds a supplier's rights to quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QuoteQuota {
    /// Month of the last spending: months since January of year 0, in the market's zone.
    pub month: i32,
    /// Monthly rights spent in that month.
    pub used: i64,
    /// Earned rights that are left.
    pub earned: i64,
}

/// Is a month of the market's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Months since January of year 0.
    pub number: i32,
    /// When the next one begins.
    pub next: MarketTime,
}

impl Month {
    /// Gives the month an instant lies in.
    #[must_use]
    pub fn of(now: MarketTime, zone: &Zone) -> Self {
        let day = zone.day_of(now);
        let Some(date) = day.civil() else {
            return Self { number: i32::MAX, next: MarketTime(i64::MAX) };
        };
        let ahead = i32::from(date.days_in_month()).saturating_sub(i32::from(date.day()));
        let number = i32::from(date.year()).saturating_mul(12).saturating_add(i32::from(date.month()) - 1);
        Self { number, next: zone.end_of(Day(day.0.saturating_add(ahead))) }
    }
}

impl QuoteQuota {
    /// Counts the month's rights spent so far.
    #[must_use]
    pub const fn used_in(&self, month: &Month) -> i64 {
        if self.month == month.number { self.used } else { 0 }
    }

    /// Counts the rights left, earned ones included.
    #[must_use]
    pub const fn left(&self, month: &Month) -> i64 {
        (MONTHLY - self.used_in(month)).saturating_add(self.earned)
    }

    /// Gives the rights after one is spent; refuses when none is left, with the moment the next month begins.
    pub const fn spend(self, month: &Month) -> Result<Self, SourcingRejection> {
        let used = self.used_in(month);
        if used < MONTHLY {
            return Ok(Self { month: month.number, used: used + 1, earned: self.earned });
        }
        if self.earned > 0 {
            return Ok(Self { month: month.number, used, earned: self.earned - 1 });
        }
        Err(SourcingRejection::QuotaUsed { monthly: MONTHLY, resets: month.next })
    }

    /// Gives the rights after one is earned: by an accepted quote, or because the request was withdrawn.
    #[must_use]
    pub const fn earn(self) -> Self {
        Self { earned: self.earned.saturating_add(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(text: &str) -> Month {
        Month::of(text.parse().unwrap(), &Zone::parse("Asia/Shanghai").unwrap())
    }

    #[test]
    fn a_month_ends_at_24_00_of_the_market_and_not_of_greenwich() {
        let january = month("2026-01-31T15:59:59Z");
        assert_eq!(january.number, 2026 * 12);
        assert_eq!(january.next.to_string(), "2026-01-31T16:00:00Z");
        assert_eq!(month("2026-01-31T16:00:00Z").number, 2026 * 12 + 1);
        assert_eq!(month("2028-02-10T00:00:00Z").next.to_string(), "2028-02-29T16:00:00Z");
        assert_eq!(month("2026-12-15T00:00:00Z").next.to_string(), "2026-12-31T16:00:00Z");
    }

    #[test]
    fn twenty_a_month_then_what_was_earned_then_nothing() {
        let (january, february) = (month("2026-01-10T00:00:00Z"), month("2026-02-01T00:00:00Z"));
        let mut quota = QuoteQuota::default().earn();
        assert_eq!(quota.left(&january), 21);
        for n in 0..21 {
            quota = quota.spend(&january).unwrap_or_else(|e| panic!("{n}: {e}"));
        }
        assert_eq!((quota.left(&january), quota.earned), (0, 0));
        let refused = SourcingRejection::QuotaUsed { monthly: 20, resets: january.next };
        assert_eq!(quota.spend(&january), Err(refused));

        assert_eq!(quota.left(&february), 20, "a new month brings its own");
        assert_eq!(quota.earn().spend(&january).unwrap().left(&january), 0, "an award lets one more through at once");
        assert_eq!(quota.earn().left(&february), 21, "and an earned right outlives its month");
    }

    proptest! {
        #[test]
        fn rights_never_go_below_zero_and_no_more_are_spent_than_there_were(steps in prop::collection::vec(0..3_u8, 0..200)) {
            let mut quota = QuoteQuota::default();
            let (mut now, mut granted, mut spent) = (month("2026-01-10T00:00:00Z"), MONTHLY, 0);
            for step in steps {
                match step {
                    0 => { quota = quota.earn(); granted += 1; }
                    1 if spent % 7 == 6 => {
                        now = Month { number: now.number + 1, ..now };
                        granted += MONTHLY;
                    }
                    _ => if let Ok(after) = quota.spend(&now) { quota = after; spent += 1; },
                }
                prop_assert!(quota.left(&now) >= 0 && quota.earned >= 0 && spent <= granted);
            }
        }
    }
}
