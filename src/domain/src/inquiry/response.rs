//! How soon a seller answers: the first-response clock, in market time.
//!
//! Counted are inquiries of the last 90 market days that had their chance: answered, or older than 24 hours. One nobody
//! answered counts as later than any answer, so that answering one in ten quickly makes no quick seller. One that the
//! buyer closed within 24 hours before an answer is left out. Whole minutes, rounded down; never floats.

use serde::{Deserialize, Serialize};

use crate::kernel::{Bps, MarketTime};

/// Days of 24 hours looked back over.
pub const CLOCK_DAYS: i64 = 90;
/// Inquiries below which nothing is said.
pub const CLOCK_MIN: i64 = 5;
const MINUTE: i64 = 60_000_000;

/// Is one inquiry as the clock sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// When it was opened.
    pub opened_at: MarketTime,
    /// When the seller first answered.
    pub answered_at: Option<MarketTime>,
    /// When the buyer closed it.
    pub closed_at: Option<MarketTime>,
}

/// Is what is said of a seller's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseClock {
    /// Inquiries counted.
    pub inquiries: i64,
    /// Of these, answered at all.
    pub answered: i64,
    /// Median from question to first answer in whole minutes; `None` when half of them or more went unanswered, or when
    /// there are fewer than [`CLOCK_MIN`].
    pub median_minutes: Option<i64>,
    /// Share answered within 24 hours; `None` below [`CLOCK_MIN`].
    pub within_day: Option<Bps>,
}

impl ResponseClock {
    /// Folds inquiries, in any order, as of `now`.
    #[must_use]
    pub fn of(exchanges: &[Exchange], now: MarketTime) -> Self {
        let from = now.plus_days(-CLOCK_DAYS);
        let counted = exchanges.iter().filter(|e| e.opened_at >= from).filter_map(|e| waited(e, now));
        let mut waits: Vec<i64> = counted.collect();
        waits.sort_unstable();
        let inquiries = count(waits.len());
        let answered = count(waits.iter().filter(|wait| **wait < i64::MAX).count());
        let in_a_day = count(waits.iter().filter(|wait| **wait <= 24 * 60 * MINUTE).count());
        let told = inquiries >= CLOCK_MIN;
        // The lower of two middles would flatter; the upper one is taken.
        let median = waits.get(waits.len() / 2).copied().filter(|wait| told && *wait < i64::MAX);
        let within_day = in_a_day.saturating_mul(10_000).checked_div(inquiries).filter(|_| told).map(Bps);
        Self { inquiries, answered, median_minutes: median.map(|wait| wait / MINUTE), within_day }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The wait in microseconds, `i64::MAX` for no answer; `None` for what says nothing yet.
fn waited(exchange: &Exchange, now: MarketTime) -> Option<i64> {
    let day_later = exchange.opened_at.plus_hours(24);
    match (exchange.answered_at, exchange.closed_at) {
        (Some(at), _) => Some(at.0.saturating_sub(exchange.opened_at.0).max(0)),
        (None, Some(closed)) if closed < day_later => None,
        (None, _) => (now >= day_later).then_some(i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;

    fn asked(day: i64, answer_after: Option<i64>) -> Exchange {
        let opened_at = MarketTime(day * 24 * HOUR);
        Exchange { opened_at, answered_at: answer_after.map(|wait| opened_at.plus_micros(wait)), closed_at: None }
    }

    fn clock(exchanges: &[Exchange]) -> ResponseClock {
        ResponseClock::of(exchanges, MarketTime(100 * 24 * HOUR))
    }

    #[test]
    fn below_five_inquiries_nothing_is_said() {
        let four: Vec<_> = (0..4).map(|n| asked(90 + n, Some(HOUR))).collect();
        let told = clock(&four);
        assert_eq!((told.inquiries, told.median_minutes, told.within_day), (4, None, None));
    }

    #[test]
    fn the_median_and_the_share_within_a_day_are_whole_numbers() {
        let waits = [HOUR, 2 * HOUR, 3 * HOUR + 59_000_000, 30 * HOUR, 50 * HOUR];
        let told = clock(&waits.map(|wait| asked(90, Some(wait))));
        assert_eq!(told.median_minutes, Some(180));
        assert_eq!(told.within_day, Some(Bps(6_000)));
        assert_eq!(told.answered, 5);
    }

    #[test]
    fn silence_counts_as_later_than_any_answer() {
        let quick_once = [asked(90, Some(MINUTE)), asked(91, None), asked(92, None), asked(93, None), asked(94, None)];
        let told = clock(&quick_once);
        assert_eq!((told.median_minutes, told.within_day), (None, Some(Bps(2_000))));
    }

    #[test]
    fn what_is_young_old_or_withdrawn_is_not_counted() {
        let mut five: Vec<_> = (0..5).map(|n| asked(80 + n, Some(HOUR))).collect();
        five.push(Exchange { opened_at: MarketTime(100 * 24 * HOUR - HOUR), answered_at: None, closed_at: None });
        five.push(asked(9, Some(HOUR)));
        let opened_at = MarketTime(95 * 24 * HOUR);
        five.push(Exchange { opened_at, answered_at: None, closed_at: Some(opened_at.plus_hours(2)) });
        assert_eq!(clock(&five).inquiries, 5);

        five.push(Exchange { opened_at, answered_at: None, closed_at: Some(opened_at.plus_hours(30)) });
        assert_eq!(clock(&five).inquiries, 6, "closed after a day of silence: the seller had the chance");
    }

    #[test]
    fn of_two_middles_the_later_one_is_told() {
        let waits = [1, 2, 3, 4, 5, 6].map(|hours| asked(90, Some(hours * HOUR)));
        assert_eq!(clock(&waits).median_minutes, Some(240));
        assert_eq!(clock(&[]).within_day, None);
    }

    #[test]
    fn an_answer_at_exactly_a_day_is_within_it_and_clocks_set_back_do_no_harm() {
        let mut five = vec![asked(90, Some(24 * HOUR)), asked(90, Some(24 * HOUR + 1)), asked(90, Some(-HOUR))];
        five.extend([asked(90, Some(1)), asked(90, Some(1))]);
        assert_eq!(clock(&five).within_day, Some(Bps(8_000)));
    }
}
