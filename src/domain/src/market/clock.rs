//! The simulated clock as arithmetic over an anchor pair (TIME-5).
//!
//! Promises that market time never moves backwards by any operation here, and that an operation leaves market time
//! continuous except for `advance`. Refuses backward moves and negative rates (TIME-4).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kernel::{MarketTime, RealTime};

/// Market microseconds per real second at rate 1.
const MILLION: i128 = 1_000_000;

/// Says why the clock refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockError {
    /// The target lies before the present market time.
    Backwards {
        /// Present market time.
        now: MarketTime,
        /// Time asked for.
        to: MarketTime,
    },
    /// A rate is negative or above a million to one.
    RateOutOfRange(i64),
}

impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backwards { now, to } => write!(f, "the market clock shows {now} and cannot go back to {to}"),
            Self::RateOutOfRange(rate) => write!(f, "a rate of {rate} parts per million is out of range"),
        }
    }
}

impl std::error::Error for ClockError {}

/// Maps real time to market time: `market_anchor + (real - real_anchor) * rate`, standing still while paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// Real instant of the anchor.
    pub real_anchor: RealTime,
    /// Market instant of the anchor.
    pub market_anchor: MarketTime,
    /// Market time per real time in parts per million: 1,000,000 runs at the speed of the wall clock.
    pub rate_ppm: i64,
    /// True while market time stands still.
    pub paused: bool,
}

impl ClockState {
    /// Highest rate: a million to one.
    pub const RATE_MAX_PPM: i64 = 1_000_000_000_000;

    /// Makes a paused clock at real speed showing `market` at the real instant `real`.
    #[must_use]
    pub const fn paused_at(real: RealTime, market: MarketTime) -> Self {
        Self { real_anchor: real, market_anchor: market, rate_ppm: 1_000_000, paused: true }
    }

    /// Gives the market time at a real instant; a real instant before the anchor counts as the anchor.
    #[must_use]
    pub fn now(&self, real: RealTime) -> MarketTime {
        if self.paused {
            return self.market_anchor;
        }
        let elapsed = (i128::from(real.0) - i128::from(self.real_anchor.0)).max(0);
        let market = i128::from(self.market_anchor.0) + elapsed * i128::from(self.rate_ppm) / MILLION;
        MarketTime(i64::try_from(market).unwrap_or(i64::MAX))
    }

    /// Gives the real instant at which market time reaches `market`; `None` while paused or at rate 0.
    #[must_use]
    pub fn real_at(&self, market: MarketTime) -> Option<RealTime> {
        if self.paused || self.rate_ppm <= 0 {
            return None;
        }
        let ahead = (i128::from(market.0) - i128::from(self.market_anchor.0)).max(0);
        let rate = i128::from(self.rate_ppm);
        let real = i128::from(self.real_anchor.0) + (ahead * MILLION + rate - 1) / rate;
        Some(RealTime(i64::try_from(real).unwrap_or(i64::MAX)))
    }

    /// Stops market time where it is.
    #[must_use]
    pub fn pause(&self, real: RealTime) -> Self {
        Self { paused: true, ..self.anchored(real) }
    }

    /// Lets market time run on from where it stands.
    #[must_use]
    pub fn resume(&self, real: RealTime) -> Self {
        Self { paused: false, ..self.anchored(real) }
    }

    /// Changes the speed from now on; refuses rates below 0 or above [`Self::RATE_MAX_PPM`].
    pub fn set_rate(&self, real: RealTime, rate_ppm: i64) -> Result<Self, ClockError> {
        if !(0..=Self::RATE_MAX_PPM).contains(&rate_ppm) {
            return Err(ClockError::RateOutOfRange(rate_ppm));
        }
        Ok(Self { rate_ppm, ..self.anchored(real) })
    }

    /// Jumps forward to a market instant; refuses one before the present market time.
    pub fn advance(&self, real: RealTime, to: MarketTime) -> Result<Self, ClockError> {
        let now = self.now(real);
        if to < now {
            return Err(ClockError::Backwards { now, to });
        }
        Ok(Self { market_anchor: to, ..self.anchored(real) })
    }

    fn anchored(&self, real: RealTime) -> Self {
        Self { real_anchor: real.max(self.real_anchor), market_anchor: self.now(real), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clock() -> ClockState {
        ClockState::paused_at(RealTime(0), MarketTime(1_000))
    }

    #[test]
    fn a_paused_clock_stands_and_a_resumed_one_runs_at_its_rate() {
        let clock = clock();
        assert_eq!(clock.now(RealTime(5_000_000)), MarketTime(1_000));

        let running = clock.resume(RealTime(5_000_000)).set_rate(RealTime(5_000_000), 60_000_000).unwrap();

        assert_eq!(running.now(RealTime(6_000_000)), MarketTime(1_000 + 60_000_000));
        assert_eq!(running.real_at(MarketTime(1_000 + 60_000_000)), Some(RealTime(6_000_000)));
        assert_eq!(running.pause(RealTime(6_000_000)).now(RealTime(9_000_000)), MarketTime(1_000 + 60_000_000));
    }

    #[test]
    fn moves_backwards_and_wild_rates_are_refused() {
        let clock = clock();

        assert_eq!(
            clock.advance(RealTime(0), MarketTime(999)),
            Err(ClockError::Backwards { now: MarketTime(1_000), to: MarketTime(999) })
        );
        assert_eq!(clock.set_rate(RealTime(0), -1), Err(ClockError::RateOutOfRange(-1)));
        assert!(clock.set_rate(RealTime(0), ClockState::RATE_MAX_PPM + 1).is_err());
        assert_eq!(clock.advance(RealTime(0), MarketTime(1_000)), Ok(clock));
        assert_eq!(clock.real_at(MarketTime(1_001)), None);
    }

    #[test]
    fn a_real_clock_set_back_never_turns_market_time_back() {
        let running = clock().resume(RealTime(1_000_000));

        assert_eq!(running.now(RealTime(0)), MarketTime(1_000));
        assert_eq!(running.pause(RealTime(0)).real_anchor, RealTime(1_000_000));
    }

    proptest! {
        #[test]
        fn no_sequence_of_operations_turns_the_clock_back(steps in prop::collection::vec((0..4_u8, 0..10_000_000_i64, 0..100_000_000_i64), 1..40)) {
            let (mut clock, mut real, mut shown) = (clock(), RealTime(0), MarketTime(0));
            for (step, wait, value) in steps {
                real = RealTime(real.0 + wait);
                let before = clock.now(real);
                prop_assert!(before >= shown);
                clock = match step {
                    0 => clock.pause(real),
                    1 => clock.resume(real),
                    2 => clock.set_rate(real, value).unwrap(),
                    _ => clock.advance(real, MarketTime(before.0 + value)).unwrap(),
                };
                prop_assert!(clock.now(real) >= before);
                shown = clock.now(real);
            }
        }
    }
}
