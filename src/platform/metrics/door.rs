//! What the door does: commands by step and outcome, groups, waiting, commits.

use super::{Counter, DURATIONS, Family, Histogram, Kind, Page, SIZES};
use crate::platform::engine::Receipt;
use crate::platform::problem::Failure;
use std::time::Duration;

struct Step {
    written: Counter,
    replayed: Counter,
    already: Counter,
    refused: Counter,
    failed: Counter,
    took: Histogram,
}

static STEPS: Family<Step> = Family::new(|| Step {
    written: Counter::new(),
    replayed: Counter::new(),
    already: Counter::new(),
    refused: Counter::new(),
    failed: Counter::new(),
    took: Histogram::new(DURATIONS),
});
/// Commands decided together.
pub static GROUP: Histogram = Histogram::new(SIZES);
/// How long a command waited for the writer.
pub static WAITED: Histogram = Histogram::new(DURATIONS);
/// How long the database took to commit.
pub static COMMIT: Histogram = Histogram::new(DURATIONS);
/// How long the jobs took for a batch of the log; on SQLite commands wait meanwhile.
pub static FOLLOW: Histogram = Histogram::new(DURATIONS);
/// Transactions tried again because the database asked for it.
pub static RETRIES: Counter = Counter::new();

/// Counts how a command ended, and how long it took with all its waiting.
pub fn ended(step: &str, result: &Result<Receipt, Failure>, took: Duration) {
    let row = STEPS.row(step);
    let counter = match result {
        Ok(receipt) if receipt.replayed => &row.replayed,
        // A step done before writes no event.
        Ok(receipt) if receipt.event_id == 0 => &row.already,
        Ok(_) => &row.written,
        Err(Failure::Refused(_)) => &row.refused,
        Err(Failure::Failed(_)) => &row.failed,
    };
    counter.add(1);
    row.took.time(took);
}

pub(super) fn show(page: &mut Page) {
    let name = "entrepot_door_commands_total";
    page.head(name, Kind::Counter, "Commands by step and outcome.");
    STEPS.each(|step, row| {
        let outcomes = [
            ("written", &row.written),
            ("replayed", &row.replayed),
            ("already", &row.already),
            ("refused", &row.refused),
            ("failed", &row.failed),
        ];
        for (outcome, counter) in outcomes {
            page.row(name, &[("step", step), ("outcome", outcome)], counter.get());
        }
    });
    let name = "entrepot_door_command_duration_seconds";
    page.head(name, Kind::Histogram, "Time from asking to answering, by step.");
    STEPS.each(|step, row| page.histogram(name, &[("step", step)], &row.took, true));
    let all = [
        ("entrepot_door_queue_wait_seconds", "Time a command waited for the writer.", &WAITED, true),
        ("entrepot_door_commit_duration_seconds", "Time the database took to commit.", &COMMIT, true),
        ("entrepot_door_follow_duration_seconds", "Time the jobs took for a batch of the log.", &FOLLOW, true),
        ("entrepot_door_group_commands", "Commands decided and committed together.", &GROUP, false),
    ];
    for (name, help, histogram, timed) in all {
        page.head(name, Kind::Histogram, help);
        page.histogram(name, &[], histogram, timed);
    }
    page.head("entrepot_door_retries_total", Kind::Counter, "Groups tried again after a lost race (PostgreSQL).");
    page.row("entrepot_door_retries_total", &[], RETRIES.get());
}
