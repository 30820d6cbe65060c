//! The only place that asks the machine for the time (TIME-1).
//!
//! Market time is computed from real time by each market's clock; domain code receives it as a value.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// Source of real time, in microseconds since 1970-01-01 UTC.
#[derive(Clone)]
pub struct Clock(Inner);

#[derive(Clone)]
enum Inner {
    Machine(Instant),
    Manual { wall: Arc<AtomicI64>, steady: Arc<AtomicI64> },
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl Clock {
    /// The machine's clock.
    pub fn machine() -> Self {
        Self(Inner::Machine(Instant::now()))
    }

    /// A clock that stands still until it is moved: for tests and for seeding.
    pub fn manual(micros: i64) -> Self {
        Self(Inner::Manual { wall: Arc::new(AtomicI64::new(micros)), steady: Arc::default() })
    }

    /// Real time now.
    #[allow(clippy::disallowed_methods)] // the one place that may
    pub fn now(&self) -> i64 {
        match &self.0 {
            Inner::Machine(_) => {
                micros(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO))
            }
            Inner::Manual { wall, .. } => wall.load(Ordering::SeqCst),
        }
    }

    /// Time that has passed, in microseconds from some beginning; setting the machine's clock does not change it.
    pub fn steady(&self) -> i64 {
        match &self.0 {
            Inner::Machine(start) => micros(start.elapsed()),
            Inner::Manual { steady, .. } => steady.load(Ordering::SeqCst),
        }
    }

    /// Sets a manual clock forward or back by `micros` without time passing; the machine's clock is not set.
    pub fn leap(&self, micros: i64) {
        match &self.0 {
            Inner::Machine(_) => {}
            Inner::Manual { wall, .. } => {
                wall.fetch_add(micros, Ordering::SeqCst);
            }
        }
    }

    /// Lets `micros` pass on a manual clock; the machine's clock is not moved.
    pub fn step(&self, micros: i64) {
        match &self.0 {
            Inner::Machine(_) => {}
            Inner::Manual { wall, steady } => {
                wall.fetch_add(micros, Ordering::SeqCst);
                steady.fetch_add(micros, Ordering::SeqCst);
            }
        }
    }
}
