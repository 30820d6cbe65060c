//! Refusals: what every slice's rejection enum can tell the platform.
//!
//! Promises a stable code, a status class and typed parameters; refuses to know HTTP beyond the number or any language.

use serde::{Deserialize, Serialize};

/// Is a named refusal by the rules; the platform turns it into a problem document.
pub trait Rejection {
    /// Gives the stable code, such as `trade.wrong_state`.
    fn code(&self) -> &'static str;
    /// Gives 403 for the wrong actor, 409 for the wrong state, 422 for unacceptable parameters.
    fn status(&self) -> u16;
    /// Gives the typed parameters of the message as text.
    fn params(&self) -> Vec<(&'static str, String)>;
    /// Gives the JSON pointer of the offending field, if one is to blame.
    fn pointer(&self) -> Option<String> {
        None
    }
    /// Gives the field errors when several fields are to blame at once.
    fn errors(&self) -> Vec<FieldError> {
        Vec::new()
    }
}

/// Blames one field of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// JSON pointer of the field (RFC 6901).
    pub pointer: String,
    /// Stable code of the complaint, such as `terms.shares_not_whole`.
    pub code: String,
    /// One English sentence for people.
    pub detail: String,
}

impl FieldError {
    /// Makes a complaint about one field.
    #[must_use]
    pub fn new(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.to_owned(), detail: detail.into() }
    }
}
