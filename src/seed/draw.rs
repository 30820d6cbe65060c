//! Draws for the demo market: counter-based, keyed by (seed, purpose, n), so a draw elsewhere changes nothing.

/// A family of draws.
#[derive(Clone, Copy)]
pub struct Draw {
    seed: u64,
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Draw {
    /// Draws of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number below `bound` (at least 1) for a purpose and a counter.
    pub fn below(self, purpose: &str, n: u64, bound: u64) -> u64 {
        let named =
            purpose.bytes().fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
        mix(mix(self.seed ^ named).wrapping_add(n.wrapping_mul(0x9E37_79B9_7F4A_7C15))) % bound.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_another_purpose_does_not_disturb_it() {
        let (a, b) = (Draw::new(7), Draw::new(7));
        let first: Vec<u64> = (0..50).map(|n| a.below("order", n, 1_000)).collect();
        let again: Vec<u64> = (0..50)
            .map(|n| {
                b.below("else", n, 9);
                b.below("order", n, 1_000)
            })
            .collect();
        assert_eq!(first, again);
        assert_ne!(first, (0..50).map(|n| Draw::new(8).below("order", n, 1_000)).collect::<Vec<_>>());
        assert!(first.iter().all(|d| *d < 1_000));
    }
}
