//! The only place that asks the machine for the time (TIME-1).
//!
//! Market time is computed from real time by each market's clock; domain code receives it as a value.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Source of real time, in microseconds since 1970-01-01 UTC.
#[derive(Clone)]
pub struct Clock(Inner);

#[derive(Clone)]
enum Inner {
    Machine,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn machine() -> Self {
        Self(Inner::Machine)
    }

    /// A clock that stands still until it is moved: for tests and for seeding.
    pub fn manual(micros: i64) -> Self {
        Self(Inner::Manual(Arc::new(AtomicI64::new(micros))))
    }

    /// Real time now.
    #[allow(clippy::disallowed_methods)] // the one place that may
    pub fn now(&self) -> i64 {
        match &self.0 {
            Inner::Machine => {
                let since =
                    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
                i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
            }
            Inner::Manual(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Moves a manual clock forward by `micros`; the machine's clock is not moved.
    pub fn step(&self, micros: i64) {
        match &self.0 {
            Inner::Machine => {}
            Inner::Manual(at) => {
                at.fetch_add(micros, Ordering::SeqCst);
            }
        }
    }
}
