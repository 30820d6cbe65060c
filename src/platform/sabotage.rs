//! Breaks the product on purpose, so that the rigs which prove it can be seen to fail: named failpoints, and guards that
//! can be taken away one at a time.
//!
//! Everything here is nothing without the feature `torture`, which no shipped build has: [`point`] is `Ok`, [`skips`] is
//! `false`, and the compiler removes both. With it, the environment decides: `FAILPOINTS="log.sealed=return(abort)"` and
//! `ENTREPOT_SABOTAGE="replies,owner"`. A rig that stays green under sabotage is itself broken.

use crate::platform::problem::Fault;

macro_rules! guards {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// A guard that a rig can take away.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Guard {
            $($(#[$doc])* $name,)*
        }

        impl Guard {
            /// Every guard.
            pub const ALL: &'static [Guard] = &[$(Guard::$name,)*];

            /// Its name in `ENTREPOT_SABOTAGE`.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Guard::$name => $word,)*
                }
            }
        }
    };
}

guards! {
    /// `synchronous=FULL` on SQLite, `synchronous_commit=on` on PostgreSQL.
    FullSync = "full_sync",
    /// The reply that a repeated request gets, written with its effect.
    Replies = "replies",
    /// The claim of a key in the database, at which nodes wait for each other.
    Claims = "claims",
    /// Recorded time that never runs backwards (TIME-3).
    OneWayTime = "one_way_time",
    /// Row locks under a decision (`FOR UPDATE`), so that it looks at what nobody else is changing (CON-2).
    RowLocks = "row_locks",
    /// The place events take for their seal, instead of a node's clock (TIME-3).
    SealingOrder = "sealing_order",
    /// What a group's earlier commands changed, shown to its later ones: without it they decide on an old state.
    Overlay = "overlay",
    /// The version in the condition of every write of an aggregate (CON-1).
    VersionCheck = "version_check",
    /// The signature under an access token.
    TokenSignature = "token_signature",
    /// The end of an access token's life.
    TokenExpiry = "token_expiry",
    /// The security stamp that every token and session is held against.
    SecurityStamp = "security_stamp",
    /// The end of a session, signed out or revoked.
    SessionEnd = "session_end",
    /// The end of an account.
    ClosedAccount = "closed_account",
    /// The end of a seat.
    TakenSeat = "taken_seat",
    /// The second factor that some roles demand.
    SecondFactor = "second_factor",
    /// The secret shown a short while ago that sensitive steps ask for.
    StepUp = "step_up",
    /// The verified address that sensitive steps ask for.
    VerifiedAddress = "verified_address",
    /// The counters of tries at secrets.
    Throttle = "throttle",
    /// No change that another site asked for.
    SameSite = "same_site",
    /// 404 for what the caller may not see.
    Unseen = "unseen",
    /// The roles of the access table.
    Roles = "roles",
    /// The relations of the access table.
    Relations = "relations",
    /// The capabilities of the market's era.
    Capabilities = "capabilities",
    /// What a seat may grant.
    GrantBound = "grant_bound",
    /// Nobody changes their own seat.
    OwnSeat = "own_seat",
    /// Reads of inquiries: for their two companies, and for moderators once they were reported.
    InquiryParties = "inquiry_parties",
    /// Claims and evidence: for their company and the market's admins only.
    ProofCompany = "proof_company",
    /// Reads of orders: for their market only.
    OrderMarket = "order_market",
    /// Reads of orders: for their parties and overseers only.
    OrderParties = "order_parties",
    /// Reads of drafts: for their drafter only.
    Drafts = "drafts",
    /// Conversations and files: for those who see the order only.
    OrderFiles = "order_files",
    /// A message names files of its own order only.
    ForeignFiles = "foreign_files",
    /// Quotes: for their supplier and the request's buyer only.
    SealedQuotes = "sealed_quotes",
    /// Files of requests and quotes: for who may read what names them.
    SourcingFiles = "sourcing_files",
    /// Goods and companies: for their market only.
    CatalogMarket = "catalog_market",
    /// Imports: for their company only.
    ImportCompany = "import_company",
    /// Invitations: for their company only.
    InvitationCompany = "invitation_company",
    /// Sessions: for their user only.
    SessionOwner = "session_owner",
    /// Accounts: for admins of a market they sit in only.
    PersonMarket = "person_market",
    /// Mails: for admins of their market only.
    MailMarket = "mail_market",
    /// What the live stream tells to whom.
    LiveParties = "live_parties",
    /// The end of a live stream whose session has ended.
    LiveSession = "live_session",
    /// Fields that a step does not know are refused.
    UnknownFields = "unknown_fields",
    /// Answers have the documented form; without it the categories do not.
    DocumentedForm = "documented_form",
    /// A node whose storage failed refuses further writes.
    ReadOnly = "read_only",
}

/// Every failpoint, in the order in which a command meets them. A test holds this list against the sources.
pub const POINTS: &[&str] = &[
    "migrate.before",
    "migrate.after",
    "group.write",
    "group.commit",
    "group.committed",
    "due.begin",
    "due.decided",
    "seal.commit",
    "seal.committed",
    "job.commit",
    "job.committed",
    "session.open",
    "session.opened",
    "session.rotate",
    "session.rotated",
    "ticket.issue",
    "ticket.issued",
    "ticket.verify",
    "ticket.verified",
    "ticket.reset",
    "ticket.spent",
    "factor.confirm",
    "factor.confirmed",
    "factor.codes",
    "factor.replaced",
    "factor.remove",
    "factor.removed",
    "invitation.add",
    "invitation.added",
    "mail.claim",
    "mail.claimed",
    "mail.sent",
    "mail.noted",
    "heads.write",
    "heads.written",
    "backup.copied",
    "backup.files",
    "backup.signed",
    "restore.held",
    "restore.files",
    "restore.database",
    "file.create",
    "file.written",
    "file.synced",
    "file.renamed",
];

/// A named place where a rig may end the process, fail the call or make it wait.
///
/// Errors: the injected fault; never without the feature `torture`.
#[inline]
#[allow(unused_variables)] // the name is read with the feature only
pub fn point(name: &'static str) -> Result<(), Fault> {
    #[cfg(feature = "torture")]
    fail::fail_point!(name, |what| on::inject(name, what.as_deref()));
    Ok(())
}

/// True when a rig has taken the guard away; never without the feature `torture`.
#[inline]
#[allow(unused_variables)] // the guard is read with the feature only
pub fn skips(guard: Guard) -> bool {
    #[cfg(feature = "torture")]
    return on::skips(guard);
    #[cfg(not(feature = "torture"))]
    false
}

/// Takes failpoints and missing guards from the environment; called once at start.
pub fn arm() {
    #[cfg(feature = "torture")]
    on::arm();
}

#[cfg(feature = "torture")]
pub use on::{restore, set_point, take_away};

#[cfg(feature = "torture")]
mod on {
    use super::{Fault, Guard};
    use std::collections::HashSet;
    use std::sync::{OnceLock, PoisonError, RwLock};

    fn missing() -> &'static RwLock<HashSet<Guard>> {
        static MISSING: OnceLock<RwLock<HashSet<Guard>>> = OnceLock::new();
        MISSING.get_or_init(|| {
            let named = std::env::var("ENTREPOT_SABOTAGE").unwrap_or_default();
            let known = |word: &str| Guard::ALL.iter().copied().find(|guard| guard.word() == word.trim());
            RwLock::new(named.split(',').filter_map(known).collect())
        })
    }

    pub fn skips(guard: Guard) -> bool {
        missing().read().unwrap_or_else(PoisonError::into_inner).contains(&guard)
    }

    /// Takes a guard away in this process.
    pub fn take_away(guard: Guard) {
        missing().write().unwrap_or_else(PoisonError::into_inner).insert(guard);
    }

    /// Puts all guards back.
    pub fn restore() {
        missing().write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Arms one failpoint in this process, in the words of the `fail` crate: `1*return(fault)`, `sleep(50)`, `off`.
    ///
    /// Errors: an action that cannot be read.
    pub fn set_point(name: &str, action: &str) -> Result<(), Fault> {
        fail::cfg(name, action).map_err(Fault::new)
    }

    pub fn arm() {
        // Kept for the life of the process: dropping it would disarm every point.
        std::mem::forget(fail::FailScenario::setup());
    }

    /// `return(abort)` ends the process as a crash would, `return(retry)` fails as a lost race, anything else as a fault.
    pub fn inject(name: &str, what: Option<&str>) -> Result<(), Fault> {
        if what == Some("abort") {
            std::process::abort();
        }
        let mut fault = Fault::new(format!("failpoint {name}"));
        fault.retry = what == Some("retry");
        Err(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::POINTS;
    use std::path::Path;

    /// The names in `sabotage::point("…")` of the sources below a folder, each as often as it stands there.
    fn named(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                named(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("platform/sabotage.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let names = text.split("sabotage::point(\"").skip(1).filter_map(|rest| rest.split('"').next());
                found.extend(names.map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_failpoint_of_the_sources_is_listed_and_stands_there_once() {
        let mut found = Vec::new();
        named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        found.sort();
        let mut listed: Vec<String> = POINTS.iter().map(|point| (*point).to_owned()).collect();
        listed.sort();
        assert_eq!(found, listed);
    }
}
