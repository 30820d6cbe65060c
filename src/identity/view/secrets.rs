//! Forms and answers about passwords, sessions and the second factor.

use crate::platform::secret::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Sets a new password with the old one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far.
    #[schema(value_type = String)]
    pub current_password: Secret<String>,
    /// The new one.
    #[schema(value_type = String)]
    pub password: Secret<String>,
}

/// Asks for a link that sets a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordForgotten {
    /// E-mail address.
    pub email: String,
}

/// Sets a new password with a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The ticket of the link.
    #[schema(value_type = String)]
    pub token: Secret<String>,
    /// The new password.
    #[schema(value_type = String)]
    pub password: Secret<String>,
}

/// The ticket of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The ticket.
    #[schema(value_type = String)]
    pub token: Secret<String>,
}

/// Shows a secret again: a password or a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// The password.
    #[schema(value_type = Option<String>)]
    pub password: Option<Secret<String>>,
    /// A code of the authenticator app or a recovery code.
    #[schema(value_type = Option<String>)]
    pub code: Option<Secret<String>>,
}

/// Until when a secret shown counts.
#[derive(Serialize, ToSchema)]
#[schema(as = StepUpProof)]
pub struct Proof {
    /// UTC.
    pub until: String,
}

/// A session of the user.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Identifier.
    pub id: String,
    /// True for the session that asks.
    pub current: bool,
    /// The client's name.
    pub agent: String,
    /// The client's network, in its log form.
    pub network: String,
    /// When it began, UTC.
    pub created_at: String,
    /// When its tokens were last exchanged, UTC.
    pub used_at: String,
}

/// The sessions of the user.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    /// The last used first.
    pub items: Vec<SessionView>,
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Six digits of the authenticator app.
    #[schema(value_type = String)]
    pub code: Secret<String>,
}

/// A password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordOnly {
    /// The password.
    #[schema(value_type = String)]
    pub password: Secret<String>,
}

/// A seed for the authenticator app.
#[derive(Serialize, ToSchema)]
pub struct EnrolmentView {
    /// The seed in base 32.
    pub secret: String,
    /// The same as an `otpauth` link.
    pub uri: String,
}

/// Recovery codes, shown this once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten codes, each of which works once.
    pub codes: Vec<String>,
}
