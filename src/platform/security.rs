//! Security events in the log: who did what, from where, with which outcome, once each (ASVS 16.3).
//!
//! A line has the target `security`; the log's own time is its when. The network and the correlation id come from the
//! request at hand ([`Trace`]), so that no flow must carry them along. People are named by identifier, never by address.
//! docs/operations.md lists the events, and a test holds that list against the sources.

use crate::platform::metrics::tally;
use std::net::IpAddr;

/// Somebody asked for what the access table does not give them.
pub const DENIED: &str = "denied";
/// Somebody who oversees a market changed it.
pub const PRIVILEGED_ACT: &str = "privileged_act";
/// Another site's page asked for a change.
pub const CROSS_SITE: &str = "cross_site";

/// How a security event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Succeeded,
    /// It was refused.
    Failed,
    /// It was not even looked at: too many tries.
    Throttled,
}

impl Outcome {
    /// Its word in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Throttled => "throttled",
        }
    }
}

/// The request at hand: its correlation id, and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct Trace {
    /// Names the request in the log and in a problem document.
    pub id: u128,
    /// The caller's address.
    pub peer: Option<IpAddr>,
}

tokio::task_local! {
    static TRACE: Trace;
}

/// Runs a request's work so that [`note`] and [`correlation`] know it.
pub async fn traced<F: Future>(trace: Trace, work: F) -> F::Output {
    TRACE.scope(trace, work).await
}

/// The correlation id of the request at hand; a fresh one outside of requests.
pub fn correlation() -> String {
    let id = TRACE.try_with(|trace| trace.id).unwrap_or_else(|_| uuid::Uuid::new_v4().as_u128());
    format!("{id:032x}")
}

/// Writes one security event. `user` is 0 for nobody known; `what` names a step, a code or an identifier, never a text
/// somebody typed.
pub fn note(event: &'static str, outcome: Outcome, user: u128, what: &str) {
    tally::security(event, outcome);
    let peer = TRACE.try_with(|trace| trace.peer).ok().flatten();
    let network = crate::platform::network::of(peer);
    let (id, user) = (correlation(), format!("{user:032x}"));
    let outcome = outcome.word();
    tracing::info!(
        target: "security",
        { security.event = event, outcome, user.id = %user, what, network = %network, correlation.id = %id },
        "security: {event} {outcome}"
    );
}
