//! Where identifiers come from: time first, then 80 random bits, so that nobody guesses one (ACC-4) and rows that are
//! made together lie together; or a seeded stream so that the same seed gives the same market.
//!
//! The order of identifiers means nothing to the product: events follow their sequence (TIME-3). It matters to the
//! database only: wholly random keys touched about twice as many pages per command.

use crate::platform::clock::Clock;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bits below the time.
const RANDOM_BITS: u32 = 80;

/// Draws public identifiers.
#[derive(Clone)]
pub struct Ids(Inner);

#[derive(Clone)]
enum Inner {
    Random(Clock),
    Seeded(u64, Arc<AtomicU64>),
}

impl Ids {
    /// Identifiers from the operating system's random source, led by the clock's milliseconds.
    pub fn random(clock: Clock) -> Self {
        Self(Inner::Random(clock))
    }

    /// Identifiers from a seed: draw n is n before SHA-256(seed, n), so restarts of the stream repeat it.
    pub fn seeded(seed: u64) -> Self {
        Self(Inner::Seeded(seed, Arc::new(AtomicU64::new(0))))
    }

    /// The next identifier.
    pub fn next(&self) -> u128 {
        match &self.0 {
            Inner::Random(clock) => {
                let millis = u128::from(clock.now().unsigned_abs() / 1_000);
                led_by(millis, uuid::Uuid::new_v4().as_u128())
            }
            Inner::Seeded(seed, drawn) => {
                let n = drawn.fetch_add(1, Ordering::SeqCst);
                let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(n.to_be_bytes()).finalize();
                let mut bytes = [0u8; 16];
                bytes.copy_from_slice(&digest[..16]);
                led_by(u128::from(n) + 1, u128::from_be_bytes(bytes))
            }
        }
    }
}

/// `lead` above, the lowest bits of `rest` below.
fn led_by(lead: u128, rest: u128) -> u128 {
    (lead << RANDOM_BITS) | (rest & ((1 << RANDOM_BITS) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_identifiers_follow_earlier_ones_and_differ_in_their_random_part() {
        let clock = Clock::manual(1_000);
        let ids = Ids::random(clock.clone());
        let (first, same_instant) = (ids.next(), ids.next());
        clock.step(1_000);
        let later = ids.next();
        assert!(first < later && same_instant < later);
        assert_ne!(first << 48, same_instant << 48);
        assert_ne!(first << 48, later << 48);
    }

    #[test]
    fn a_seeded_stream_repeats_and_another_seed_differs_in_every_random_part() {
        let draw = |seed| {
            let ids = Ids::seeded(seed);
            (0..100).map(|_| ids.next()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert!(draw(1).is_sorted());
        assert!(draw(1).iter().zip(draw(2)).all(|(a, b)| a << 48 != b << 48));
    }
}
