//! Where identifiers come from: 128 random bits (ACC-4), or a seeded stream so that the same seed gives the same market.

use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Draws public identifiers.
#[derive(Clone)]
pub struct Ids(Inner);

#[derive(Clone)]
enum Inner {
    Random,
    Seeded(u64, Arc<AtomicU64>),
}

impl Ids {
    /// Identifiers from the operating system's random source.
    pub fn random() -> Self {
        Self(Inner::Random)
    }

    /// Identifiers from a seed: draw n is SHA-256(seed, n), so restarts of the stream repeat it.
    pub fn seeded(seed: u64) -> Self {
        Self(Inner::Seeded(seed, Arc::new(AtomicU64::new(0))))
    }

    /// The next identifier.
    pub fn next(&self) -> u128 {
        match &self.0 {
            Inner::Random => uuid::Uuid::new_v4().as_u128(),
            Inner::Seeded(seed, drawn) => {
                let n = drawn.fetch_add(1, Ordering::SeqCst);
                let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(n.to_be_bytes()).finalize();
                let mut bytes = [0u8; 16];
                bytes.copy_from_slice(&digest[..16]);
                u128::from_be_bytes(bytes)
            }
        }
    }
}
