//! Forms and answers of the identity routes.

use super::read::{SeatRow, User};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Signs a new user and company up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// E-mail address.
    pub email: String,
    /// 15 characters to 256 bytes.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// The company.
    pub company: NewCompany,
}

/// A company as its first owner describes it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCompany {
    /// Name.
    pub name: String,
    /// Two capital letters.
    pub country: String,
    /// Number in the country's register.
    pub registration_number: String,
    /// It buys.
    pub buys: bool,
    /// It sells.
    pub sells: bool,
}

/// Signs a user in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// A code of the authenticator app or a recovery code, for users with a second factor.
    pub code: Option<String>,
}

/// Signs a demo user in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoSignIn {
    /// Which one.
    pub seat: DemoSeat,
}

/// The demo users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DemoSeat {
    /// Owner of a buying company.
    Buyer,
    /// Owner of a selling company.
    Seller,
    /// Runs the market.
    Admin,
    /// Leads the classroom.
    Teacher,
}

/// Moves the session to another seat.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatSwitch {
    /// The seat.
    pub seat_id: String,
}

/// What the sign-in page needs to know.
#[derive(Serialize, ToSchema)]
pub struct AuthOptions {
    /// True when demo users can be entered with one click.
    pub demo: bool,
}

/// The signed-in user.
#[derive(Serialize, ToSchema)]
pub struct UserView {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// A market by name.
#[derive(Serialize, ToSchema)]
pub struct SeatMarket {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// The company of a seat.
#[derive(Serialize, ToSchema)]
pub struct SeatCompany {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Two capital letters.
    pub country: String,
    /// It buys.
    pub buys: bool,
    /// It sells.
    pub sells: bool,
}

/// A seat the user can take.
#[derive(Serialize, ToSchema)]
pub struct SeatView {
    /// Identifier.
    pub id: String,
    /// Its market.
    pub market: SeatMarket,
    /// Its company; `null` for seats of the market itself.
    pub company: Option<SeatCompany>,
    /// The role.
    #[schema(value_type = String, example = "owner")]
    pub role: &'static str,
}

/// Who is signed in, and in which seat.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The user.
    pub user: UserView,
    /// The seat; `null` when the user holds none.
    pub seat: Option<SeatView>,
    /// All seats of the user.
    pub seats: Vec<SeatView>,
    /// True on a demo installation.
    pub demo: bool,
    /// How the account is guarded.
    pub security: SecurityView,
}

/// How an account is guarded.
#[derive(Serialize, ToSchema)]
pub struct SecurityView {
    /// True once the e-mail address is verified.
    pub email_verified: bool,
    /// False for demo users, who own no password.
    pub password: bool,
    /// True when sign-in asks for a second factor.
    pub second_factor: bool,
    /// True when the role of the seat works only with a second factor that this session has not shown.
    pub second_factor_needed: bool,
    /// Recovery codes left.
    pub recovery_codes_left: i64,
}

/// Sets a new password with the old one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far.
    pub current_password: String,
    /// The new one.
    pub password: String,
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
    pub token: String,
    /// The new password.
    pub password: String,
}

/// The ticket of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The ticket.
    pub token: String,
}

/// Shows a secret again: a password or a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// The password.
    pub password: Option<String>,
    /// A code of the authenticator app or a recovery code.
    pub code: Option<String>,
}

/// Until when a secret shown counts.
#[derive(Serialize, ToSchema)]
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
    pub code: String,
}

/// A password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordOnly {
    /// The password.
    pub password: String,
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

fn hex(id: u128) -> String {
    format!("{id:032x}")
}

impl SeatView {
    fn of(row: &SeatRow) -> Self {
        let company = row.seat.company.zip(row.company.as_ref()).map(|(id, (name, country, buys, sells))| {
            SeatCompany { id: id.to_string(), name: name.clone(), country: country.clone(), buys: *buys, sells: *sells }
        });
        let market = SeatMarket { id: hex(row.market), name: row.market_name.clone() };
        Self { id: hex(row.id), market, company, role: row.seat.role.as_str() }
    }
}

impl Me {
    /// Builds the answer; `seat` is the (market, seat) the session sits in.
    pub fn of(user: &User, seats: &[SeatRow], seat: Option<(u128, u128)>, demo: bool, security: SecurityView) -> Self {
        let current = seats.iter().find(|s| seat == Some((s.market, s.id))).map(SeatView::of);
        Self {
            user: UserView { id: hex(user.id), name: user.name.clone(), email: user.email.clone() },
            seat: current,
            seats: seats.iter().map(SeatView::of).collect(),
            demo,
            security,
        }
    }
}
