//! Forms and answers of the identity routes.

mod people;
mod secrets;

pub use people::*;
pub use secrets::*;

use super::read::{SeatRow, User};
use crate::platform::schema::Role;
use crate::platform::secret::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Signs a new user and company up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// E-mail address.
    pub email: String,
    /// 15 characters to 256 bytes.
    #[schema(value_type = String)]
    pub password: Secret<String>,
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
    #[schema(value_type = String)]
    pub password: Secret<String>,
    /// A code of the authenticator app or a recovery code, for users with a second factor.
    #[schema(value_type = Option<String>)]
    pub code: Option<Secret<String>>,
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
    /// True when everything travels in the clear over a local network; every page says so.
    pub insecure: bool,
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
    #[schema(required = true)]
    pub company: Option<SeatCompany>,
    /// The role.
    #[schema(value_type = Role)]
    pub role: &'static str,
}

/// Who is signed in, and in which seat.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The user.
    pub user: UserView,
    /// The seat; `null` when the user holds none.
    #[schema(required = true)]
    pub seat: Option<SeatView>,
    /// All seats of the user.
    pub seats: Vec<SeatView>,
    /// True on a demo installation.
    pub demo: bool,
    /// How the account is guarded.
    pub security: SecurityView,
    /// Place of the newest event when this was answered: `Last-Event-ID` for the live stream of whatever is read after.
    pub live_from: String,
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
    pub fn of(
        user: &User,
        seats: &[SeatRow],
        seat: Option<(u128, u128)>,
        demo: bool,
        security: SecurityView,
        live_from: i64,
    ) -> Self {
        let current = seats.iter().find(|s| seat == Some((s.market, s.id))).map(SeatView::of);
        Self {
            user: UserView { id: hex(user.id), name: user.name.clone(), email: user.email.clone() },
            seat: current,
            seats: seats.iter().map(SeatView::of).collect(),
            demo,
            security,
            live_from: live_from.to_string(),
        }
    }
}
