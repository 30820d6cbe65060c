//! What the slices declare to the door: stores, access rows, how a fired deadline becomes a command, and the jobs that
//! follow the log.

use super::command::Command;
use super::market::{MARKET, MarketStore};
use super::overlay::Store;
use crate::platform::access::AccessRow;
use crate::platform::jobs::Follower;
use std::collections::HashMap;
use std::sync::Arc;

/// Turns (subject, step, part) of a due deadline into the command to execute; `None` when the step is unknown.
pub type DeadlineCommand = fn(u128, &str, i32) -> Option<Box<dyn Command>>;

/// The collected tables. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    pub(super) stores: Arc<HashMap<&'static str, Arc<dyn Store>>>,
    access: Arc<HashMap<&'static str, AccessRow>>,
    pub(super) deadlines: Arc<HashMap<&'static str, DeadlineCommand>>,
    pub(super) followers: Arc<Vec<Arc<dyn Follower>>>,
}

impl Registry {
    /// Collects the tables; the market's own store is always there.
    pub fn new(
        stores: Vec<Arc<dyn Store>>,
        access: &[&[AccessRow]],
        deadlines: &[(&'static str, DeadlineCommand)],
    ) -> Self {
        let mut by_kind: HashMap<&'static str, Arc<dyn Store>> = stores.into_iter().map(|s| (s.kind(), s)).collect();
        by_kind.insert(MARKET, Arc::new(MarketStore));
        Self {
            stores: Arc::new(by_kind),
            access: Arc::new(access.iter().flat_map(|rows| rows.iter()).map(|r| (r.step, *r)).collect()),
            deadlines: Arc::new(deadlines.iter().copied().collect()),
            followers: Arc::default(),
        }
    }

    /// Adds the jobs that follow the sealed log.
    pub fn following(self, followers: Vec<Arc<dyn Follower>>) -> Self {
        Self { followers: Arc::new(followers), ..self }
    }

    /// Names of the jobs.
    pub fn jobs(&self) -> impl Iterator<Item = &'static str> {
        self.followers.iter().map(|follower| follower.name())
    }

    /// The access row of a step.
    pub fn access(&self, step: &str) -> Option<&AccessRow> {
        self.access.get(step)
    }

    /// All access rows, in no order.
    pub fn access_rows(&self) -> impl Iterator<Item = &AccessRow> {
        self.access.values()
    }
}
