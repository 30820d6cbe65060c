//! The door's real time: what is written down never runs backwards (TIME-3), and a machine whose clock was set far ahead
//! does not carry the markets along before somebody says so (TIME-4).
//!
//! Set back, the clock stands until it has caught up. Set ahead by more than the limit, the door goes on at the pace of
//! time that really passed; the background round then pauses the running markets where they stood, and whoever resumes a
//! market confirms. Time during which the server did not run is not a jump.

use crate::platform::clock::Clock;
use crate::platform::sabotage::{self, Guard};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A jump ahead beyond this waits for confirmation, unless the configuration says otherwise: one hour.
const LIMIT: i64 = 3_600_000_000;

/// Real time as the door takes it. Cheap to clone.
#[derive(Clone)]
pub(super) struct DoorTime {
    clock: Clock,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    limit: i64,
    /// The machine's clock and the time passed when they were last looked at.
    seen: (i64, i64),
    /// How far the machine's clock is ahead without confirmation.
    ahead: i64,
    /// The recorded time given last, by market.
    recorded: HashMap<u128, i64>,
}

impl Inner {
    fn look(&mut self, clock: &Clock) -> i64 {
        let (wall, steady) = (clock.now(), clock.steady());
        let jump = wall.saturating_sub(self.seen.0).saturating_sub(steady.saturating_sub(self.seen.1));
        self.seen = (wall, steady);
        if jump > self.limit {
            self.ahead = self.ahead.saturating_add(jump);
        } else if jump < 0 {
            // Set right again: less is ahead.
            self.ahead = self.ahead.saturating_add(jump).max(0);
        }
        wall.saturating_sub(self.ahead)
    }
}

impl DoorTime {
    pub fn new(clock: Clock) -> Self {
        let seen = (clock.now(), clock.steady());
        let inner = Inner { limit: LIMIT, seen, ahead: 0, recorded: HashMap::new() };
        Self { clock, inner: Arc::new(Mutex::new(inner)) }
    }

    /// Real time now, without what is not confirmed.
    pub fn now(&self) -> i64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).look(&self.clock)
    }

    /// The recorded time of an event of `market` that happens now: max(previous, now). `sealed` is the recorded time of
    /// the market's last sealed event, which another node may have written.
    pub fn record(&self, market: u128, sealed: i64) -> i64 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let now = inner.look(&self.clock);
        if sabotage::skips(Guard::OneWayTime) {
            return now;
        }
        let now = now.max(sealed);
        let last = inner.recorded.entry(market).or_insert(now);
        *last = (*last).max(now);
        *last
    }

    /// Jumps ahead beyond `limit` microseconds wait for confirmation; `None` lets every jump pass.
    pub fn hold_beyond(&self, limit: Option<i64>) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).limit = limit.unwrap_or(i64::MAX);
    }

    /// How far the machine's clock is ahead without confirmation, if it is.
    pub fn ahead(&self) -> Option<i64> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.look(&self.clock);
        Some(inner.ahead).filter(|ahead| *ahead > 0)
    }

    /// Takes the machine's clock as right from now on.
    pub fn settle(&self) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).ahead = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn recorded_time_is_never_before_what_was_recorded() {
        let clock = Clock::manual(100 * HOUR);
        let time = DoorTime::new(clock.clone());

        let first = time.record(1, 0);
        clock.leap(-5 * HOUR);
        let (second, other) = (time.record(1, 0), time.record(2, 0));
        clock.step(6 * HOUR);

        assert_eq!((first, second, other), (100 * HOUR, 100 * HOUR, 95 * HOUR));
        assert_eq!(time.record(1, 0), 101 * HOUR);
        assert_eq!(time.record(1, 102 * HOUR), 102 * HOUR, "another node's event counts");
    }

    #[test]
    fn a_jump_of_more_than_an_hour_waits_and_a_shorter_one_does_not() {
        let clock = Clock::manual(100 * HOUR);
        let time = DoorTime::new(clock.clone());

        clock.leap(HOUR);
        assert_eq!((time.now(), time.ahead()), (101 * HOUR, None));
        clock.leap(HOUR + 1);
        clock.step(7);

        assert_eq!((time.now(), time.ahead()), (101 * HOUR + 7, Some(HOUR + 1)));
        clock.leap(-HOUR - 1);
        assert_eq!((time.now(), time.ahead()), (101 * HOUR + 7, None), "set right again");
        clock.leap(1_000 * HOUR);
        time.now();
        time.settle();
        assert_eq!((time.now(), time.ahead()), (1_101 * HOUR + 7, None));
    }

    #[test]
    fn the_limit_is_a_matter_of_configuration() {
        let clock = Clock::manual(100 * HOUR);
        let time = DoorTime::new(clock.clone());
        time.hold_beyond(None);

        clock.leap(9_000 * HOUR);

        assert_eq!((time.now(), time.ahead()), (9_100 * HOUR, None));
    }
}
