//! Refusals of the rules of proofs, each named after the rule that refuses.

use std::fmt;

use super::words::ProofState;
use crate::kernel::{FieldError, MarketTime, Rejection};

/// Says why a step on a company's proofs was refused; nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofRejection {
    /// Fields of the claim or the decision have faults.
    Invalid(Vec<FieldError>),
    /// There is no such claim.
    Unknown,
    /// A claim of the same sort waits already.
    Open,
    /// The company has as many claims as are kept.
    TooMany {
        /// Claims kept of a company.
        max: usize,
    },
    /// The claim was decided already.
    Decided {
        /// Where it stands.
        state: ProofState,
        /// Since when, market time.
        at: MarketTime,
    },
    /// The claim is not in a state in which this can be done.
    WrongState {
        /// Where it stands.
        state: ProofState,
    },
    /// Nobody checks a claim of the own company.
    OwnClaim,
    /// The step is not the actor's.
    NotYours,
    /// The last day lies before today or too far ahead.
    ValidUntil,
    /// The day of the next look lies before tomorrow or behind the last day.
    RecheckOn,
    /// A refusal without a word why.
    ReasonMissing,
}

impl fmt::Display for ProofRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(_) => f.write_str("The claim cannot be taken as it is."),
            Self::Unknown => f.write_str("There is no such claim."),
            Self::Open => f.write_str("A claim of this kind waits already."),
            Self::TooMany { max } => write!(f, "{max} claims of a company are kept."),
            Self::Decided { state, at } => write!(f, "The claim has been {} since {at}.", state.as_str()),
            Self::WrongState { state } => write!(f, "The claim is {}.", state.as_str()),
            Self::OwnClaim => f.write_str("Nobody checks a claim of a company they belong to."),
            Self::NotYours => f.write_str("This step is not yours."),
            Self::ValidUntil => f.write_str("The last day is today or later, and at most ten years ahead."),
            Self::RecheckOn => f.write_str("The next look lies behind today and not behind the last day."),
            Self::ReasonMissing => f.write_str("The note is missing: another reason needs words."),
        }
    }
}

impl Rejection for ProofRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "proof.invalid",
            Self::Unknown => "not_found",
            Self::Open => "proof.open",
            Self::TooMany { .. } => "proof.too_many",
            Self::Decided { .. } => "proof.decided",
            Self::WrongState { .. } => "proof.wrong_state",
            Self::OwnClaim => "proof.own_claim",
            Self::NotYours => "forbidden",
            Self::ValidUntil => "proof.valid_until",
            Self::RecheckOn => "proof.recheck_on",
            Self::ReasonMissing => "proof.reason_missing",
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Unknown => 404,
            Self::OwnClaim | Self::NotYours => 403,
            Self::Open | Self::TooMany { .. } | Self::Decided { .. } | Self::WrongState { .. } => 409,
            Self::Invalid(_) | Self::ValidUntil | Self::RecheckOn | Self::ReasonMissing => 422,
        }
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooMany { max } => vec![("max", max.to_string())],
            Self::Decided { state, at } => vec![("proof_state", state.as_str().to_owned()), ("at", at.to_string())],
            Self::WrongState { state } => vec![("proof_state", state.as_str().to_owned())],
            Self::Invalid(_) | Self::Unknown | Self::Open | Self::OwnClaim | Self::NotYours => Vec::new(),
            Self::ValidUntil | Self::RecheckOn | Self::ReasonMissing => Vec::new(),
        }
    }

    fn pointer(&self) -> Option<String> {
        match self {
            Self::ValidUntil => Some("/valid_until".to_owned()),
            Self::RecheckOn => Some("/recheck_on".to_owned()),
            Self::ReasonMissing => Some("/note".to_owned()),
            Self::Invalid(_) | Self::Unknown | Self::Open | Self::TooMany { .. } | Self::Decided { .. } => None,
            Self::WrongState { .. } | Self::OwnClaim | Self::NotYours => None,
        }
    }

    fn errors(&self) -> Vec<FieldError> {
        if let Self::Invalid(errors) = self { errors.clone() } else { Vec::new() }
    }
}
