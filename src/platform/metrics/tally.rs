//! Plain counts of what happens behind the door and beside it.

use super::{Counter, Family, Kind, Page};

/// Events given their place in the log.
pub static SEALED: Counter = Counter::new();
/// Deadlines fired.
pub static FIRED: Counter = Counter::new();
/// Events taken by each job.
pub static FOLLOWED: Family<Counter> = Family::new(Counter::new);
/// Mails that left.
pub static MAILS_SENT: Counter = Counter::new();
/// Tries to send a mail that failed.
pub static MAILS_FAILED: Counter = Counter::new();

struct Outcomes {
    succeeded: Counter,
    failed: Counter,
    throttled: Counter,
}

static SECURITY: Family<Outcomes> =
    Family::new(|| Outcomes { succeeded: Counter::new(), failed: Counter::new(), throttled: Counter::new() });

/// Counts a security event.
pub fn security(event: &str, outcome: crate::platform::security::Outcome) {
    use crate::platform::security::Outcome;
    let row = SECURITY.row(event);
    match outcome {
        Outcome::Succeeded => row.succeeded.add(1),
        Outcome::Failed => row.failed.add(1),
        Outcome::Throttled => row.throttled.add(1),
    }
}

pub(super) fn show(page: &mut Page) {
    let plain = [
        ("entrepot_log_sealed_events_total", "Events given their place in the log by this node.", &SEALED),
        ("entrepot_deadlines_fired_total", "Deadlines taken out by this node.", &FIRED),
        ("entrepot_mails_sent_total", "Mails that left this node.", &MAILS_SENT),
        ("entrepot_mail_failures_total", "Tries to send a mail that failed.", &MAILS_FAILED),
    ];
    for (name, help, counter) in plain {
        page.head(name, Kind::Counter, help);
        page.row(name, &[], counter.get());
    }
    let name = "entrepot_job_events_total";
    page.head(name, Kind::Counter, "Events taken by a job on this node.");
    FOLLOWED.each(|job, counter| page.row(name, &[("job", job)], counter.get()));
    let name = "entrepot_security_events_total";
    page.head(name, Kind::Counter, "Security events by outcome; sign-ins, throttles and denials among them.");
    SECURITY.each(|event, row| {
        let outcomes = [("succeeded", &row.succeeded), ("failed", &row.failed), ("throttled", &row.throttled)];
        for (outcome, counter) in outcomes {
            page.row(name, &[("event", event), ("outcome", outcome)], counter.get());
        }
    });
}
