//! What a company proves of itself: claims with evidence, who checked them and until when, and the level that follows.
//!
//! * [`Dossier`] with [`decide`] and [`evolve`]: submit, answer, withdraw, ask, confirm, refuse, revoke, look again, expire.
//! * [`Level`]: computed from the proofs that are valid at a moment and from nothing else ([`DEMANDS`]); its cap.
//! * [`GuaranteeLimit`]: the port through which scores will give a better limit than [`NotRated`].
//!
//! Refuses to know what a file holds: evidence is named by its identifier and looked at by people.

mod claim;
mod dossier;
mod level;
mod rejection;
mod words;

#[cfg(test)]
mod tests;

pub use claim::{Claim, EVIDENCE_MAX, NOTE_MAX, NUMBER_MAX, Paper, STATEMENT_MAX, VALID_DAYS_MAX, Verdict, plain};
pub use dossier::{
    CLAIMS_MAX, Dossier, Hand, ProofCommand, ProofContext, ProofEvent, Ruling, already_done, decide, evolve,
};
pub use level::{DEMANDS, GuaranteeLimit, Level, NotRated};
pub use rejection::ProofRejection;
pub use words::{ProofKind, ProofReason, ProofState};
