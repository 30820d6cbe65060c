//! What a decision wants done: events, journals with their postings, deadline changes.
//!
//! Promises flat buffers that are reused, not reallocated: clear before each decision. Refuses nothing; it is a carrier.

use serde::{Deserialize, Serialize};

use super::journal::{JournalHead, Posting};
use super::time::MarketTime;

/// Sets or clears one deadline of a subject; the key is (subject, step, part).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DeadlineChange {
    /// Step the system takes when the time comes, as named in the process table.
    pub step: &'static str,
    /// Stage number, shipment number or 0, as the step demands.
    pub part: i32,
    /// Market time at which it comes due; `None` clears it.
    pub due: Option<MarketTime>,
}

/// Collects what one accepted decision does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "E: Deserialize<'de>"))]
pub struct Effects<E> {
    /// Facts to append and to fold into the state, in order.
    pub events: Vec<E>,
    /// Journals to book; each points into `postings`.
    pub journals: Vec<JournalHead>,
    /// Postings of all journals, one after the other.
    pub postings: Vec<Posting>,
    /// Deadlines to set or clear.
    #[serde(skip_deserializing, default)]
    pub deadlines: Vec<DeadlineChange>,
}

impl<E> Default for Effects<E> {
    fn default() -> Self {
        Self { events: Vec::new(), journals: Vec::new(), postings: Vec::new(), deadlines: Vec::new() }
    }
}

impl<E> Effects<E> {
    /// Makes empty effects.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Empties the buffers and keeps their memory.
    pub fn clear(&mut self) {
        self.events.clear();
        self.journals.clear();
        self.postings.clear();
        self.deadlines.clear();
    }

    /// Gives the postings of one journal of these effects (none when the head belongs elsewhere).
    #[must_use]
    pub fn postings_of(&self, head: &JournalHead) -> &[Posting] {
        let Ok(first) = usize::try_from(head.first) else {
            return &[];
        };
        let Ok(len) = usize::try_from(head.len) else { return &[] };
        self.postings.get(first..first.saturating_add(len)).unwrap_or(&[])
    }

    /// Sets a deadline.
    pub fn set_deadline(&mut self, step: &'static str, part: i32, due: MarketTime) {
        self.deadlines.push(DeadlineChange { step, part, due: Some(due) });
    }

    /// Clears a deadline; clearing one that is not set is harmless.
    pub fn clear_deadline(&mut self, step: &'static str, part: i32) {
        self.deadlines.push(DeadlineChange { step, part, due: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clearing_keeps_the_memory() {
        let mut effects = Effects::<u8>::new();
        effects.events.extend([1, 2, 3]);
        effects.set_deadline("order.close", 0, MarketTime(1));
        let capacity = effects.events.capacity();

        effects.clear();

        assert!(effects.events.is_empty() && effects.deadlines.is_empty());
        assert_eq!(effects.events.capacity(), capacity);
    }
}
