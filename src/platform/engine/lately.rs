//! Markets as they were a moment ago, for reads that need no more: whether they are allowed, and which day it is.
//!
//! A change through this node's door is seen at once; one of another node within a second, as with sessions. Nothing that guards a
//! decision looks here: commands load the market with everything else.

use super::MarketState;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How old a market may be.
const AGE: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Kept {
    markets: HashMap<u128, (Instant, Arc<MarketState>)>,
    /// Counts changes, so that what was read before one is not kept behind it.
    changes: u64,
}

/// Markets read lately.
#[derive(Default)]
pub struct Lately(Mutex<Kept>);

impl Lately {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The market if it was read less than a second ago, else the number of changes to hand to [`Lately::keep`].
    pub fn get(&self, market: u128) -> Result<Arc<MarketState>, u64> {
        let kept = self.kept();
        let fresh = kept.markets.get(&market).filter(|(read, _)| read.elapsed() < AGE);
        fresh.map(|(_, state)| Arc::clone(state)).ok_or(kept.changes)
    }

    /// Keeps what was read, unless something changed since it was asked for.
    pub fn keep(&self, market: u128, asked: u64, read: Instant, state: &Arc<MarketState>) {
        let mut kept = self.kept();
        if kept.changes == asked {
            kept.markets.insert(market, (read, Arc::clone(state)));
        }
    }

    /// A market changed.
    pub fn changed(&self, market: u128) {
        let mut kept = self.kept();
        kept.changes = kept.changes.wrapping_add(1);
        kept.markets.remove(&market);
    }
}
