//! Where a node stands between its start and its end, told to everybody who has to stop in time.
//!
//! `Serving` → `Draining` (not ready any more, but still accepting: a proxy needs a moment to notice) → `Stopping` (nothing
//! new is begun; loops end between two batches). It never goes back.

use std::sync::Arc;
use tokio::sync::watch;

/// Where the node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stage {
    /// Takes requests.
    #[default]
    Serving,
    /// Takes requests, and tells proxies to send no more.
    Draining,
    /// Begins nothing new.
    Stopping,
}

/// The node's stage. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Life {
    stage: Arc<watch::Sender<Stage>>,
}

impl Life {
    /// The stage now.
    pub fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// Moves on to a later stage; an earlier one changes nothing.
    pub fn enter(&self, later: Stage) {
        self.stage.send_if_modified(|stage| {
            let moves = later > *stage;
            if moves {
                *stage = later;
            }
            moves
        });
    }

    /// True when nothing new may begin.
    pub fn is_stopping(&self) -> bool {
        self.stage() == Stage::Stopping
    }

    /// Waits until nothing new may begin.
    pub async fn stopping(&self) {
        let _ = self.stage.subscribe().wait_for(|stage| *stage == Stage::Stopping).await;
    }

    /// Waits that long; false when the node stops meanwhile, so that a loop ends between two of its rounds.
    pub async fn pause(&self, time: std::time::Duration) -> bool {
        tokio::time::timeout(time, self.stopping()).await.is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn a_loop_that_pauses_ends_when_the_node_stops() {
        let life = Life::default();
        assert!(life.pause(Duration::from_millis(1)).await);
        life.enter(Stage::Draining);
        assert!(life.pause(Duration::from_millis(1)).await, "a node that drains still works");

        life.enter(Stage::Stopping);

        assert!(!life.pause(Duration::from_secs(3_600)).await);
    }

    #[test]
    fn a_node_never_goes_back() {
        let life = Life::default();
        life.enter(Stage::Stopping);
        life.enter(Stage::Draining);
        assert_eq!(life.stage(), Stage::Stopping);
    }
}
