//! Forms and answers about colleagues, users and mails.

use crate::platform::schema::{self, words};
use crate::platform::secret::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words! {
    /// Whether a mail has left.
    MailState = ["waiting", "sent", "given_up"];
}

/// Offers a seat by mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// E-mail address.
    pub email: String,
    /// The role.
    #[schema(value_type = schema::Role, example = "trader")]
    pub role: String,
}

/// Gives a seat another role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// The role.
    #[schema(value_type = schema::Role, example = "trader")]
    pub role: String,
}

/// Takes an offered seat; name and password are for those who have no account yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The ticket of the link.
    #[schema(value_type = String)]
    pub token: Secret<String>,
    /// The person's name.
    pub name: Option<String>,
    /// A password.
    #[schema(value_type = Option<String>)]
    pub password: Option<Secret<String>>,
}

/// Makes the first admin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdmin {
    /// The ticket of the link the server printed.
    #[schema(value_type = String)]
    pub token: Secret<String>,
    /// E-mail address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// A password.
    #[schema(value_type = String)]
    pub password: Secret<String>,
    /// Name of the first market, where there is none yet.
    pub market: Option<String>,
}

/// Somebody in a seat.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// The seat.
    pub seat_id: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their role.
    #[schema(value_type = schema::Role)]
    pub role: &'static str,
    /// True when they sign in with a second factor.
    pub second_factor: bool,
    /// True for the caller.
    pub own: bool,
}

/// Who sits in a company or in the market itself.
#[derive(Serialize, ToSchema)]
pub struct Team {
    /// By name.
    pub items: Vec<MemberView>,
    /// Roles the caller may grant here.
    #[schema(value_type = Vec<schema::Role>)]
    pub grantable: Vec<&'static str>,
}

/// A seat and the role it has now.
#[derive(Serialize, ToSchema)]
pub struct SeatRole {
    /// The seat.
    pub id: String,
    /// Its role.
    #[schema(value_type = schema::Role)]
    pub role: &'static str,
}

/// A seat that was taken away.
#[derive(Serialize, ToSchema)]
pub struct SeatTaken {
    /// The seat.
    pub id: String,
    /// Always true.
    pub disabled: bool,
}

/// An open invitation.
#[derive(Serialize, ToSchema)]
pub struct InvitationView {
    /// Identifier.
    pub id: String,
    /// Whom it was sent to.
    pub email: String,
    /// The role it offers.
    #[schema(value_type = schema::Role)]
    pub role: &'static str,
    /// When it was sent, UTC.
    pub created_at: String,
    /// When it ends, UTC.
    pub expires_at: String,
}

/// Open invitations.
#[derive(Serialize, ToSchema)]
pub struct InvitationList {
    /// The newest first.
    pub items: Vec<InvitationView>,
}

/// What a link offers.
#[derive(Serialize, ToSchema)]
pub struct OfferView {
    /// Whom it was sent to.
    pub email: String,
    /// The role.
    #[schema(value_type = schema::Role)]
    pub role: &'static str,
    /// The company, or the market for its own seats.
    pub place: String,
    /// Who invites.
    pub inviter: String,
    /// True when the address has an account: its user signs in first.
    pub account: bool,
}

/// Where a list goes on.
#[derive(Deserialize, utoipa::IntoParams)]
pub struct PageQuery {
    /// From the page before.
    pub cursor: Option<String>,
    /// 1 to 100.
    pub limit: Option<u32>,
}

/// A user of the market.
#[derive(Serialize, ToSchema)]
pub struct PersonView {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// True when the account is closed.
    pub disabled: bool,
    /// True once the address is verified.
    pub email_verified: bool,
    /// True when they sign in with a second factor.
    pub second_factor: bool,
    /// True for the caller.
    pub own: bool,
}

/// Users of the market.
#[derive(Serialize, ToSchema)]
pub struct PersonList {
    /// By e-mail address.
    pub items: Vec<PersonView>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// A mail without its text.
#[derive(Serialize, ToSchema)]
pub struct MailView {
    /// Identifier.
    pub id: String,
    /// What it is about.
    pub kind: String,
    /// Whom it goes to.
    pub recipient: String,
    /// Subject line.
    pub subject: String,
    /// `waiting`, `sent` or `given_up`.
    #[schema(value_type = MailState)]
    pub state: &'static str,
    /// Tries so far.
    pub attempts: i64,
    /// Why the last try failed.
    pub error: String,
    /// When it was queued, UTC.
    pub created_at: String,
    /// When it left, UTC.
    #[schema(required = true)]
    pub sent_at: Option<String>,
    /// False once its text is wiped.
    pub readable: bool,
}

/// Mails about users of the market.
#[derive(Serialize, ToSchema)]
pub struct MailList {
    /// The newest first.
    pub items: Vec<MailView>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// A mail with its text.
#[derive(Serialize, ToSchema)]
pub struct MailText {
    /// The mail.
    pub mail: MailView,
    /// Its text, unless it is wiped.
    pub text: Option<String>,
}
