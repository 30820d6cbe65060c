//! The demo's users: one click signs in, no password works. They exist where demo mode made them and are refused elsewhere.

use super::seat::GrantSeat;
use super::session::{IdentitySessions, Issued};
use super::view::DemoSeat;
use super::{account::Caller, read, store};
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::web::AppState;
use entrepot_domain::kernel::Role;

impl DemoSeat {
    const ALL: [Self; 4] = [Self::Buyer, Self::Seller, Self::Admin, Self::Teacher];

    const fn email(self) -> &'static str {
        match self {
            Self::Buyer => "buyer@demo.entrepot.example",
            Self::Seller => "seller@demo.entrepot.example",
            Self::Admin => "admin@demo.entrepot.example",
            Self::Teacher => "teacher@demo.entrepot.example",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Buyer => "Britta Brandt",
            Self::Seller => "Shen Li",
            Self::Admin => "Ada Moreau",
            Self::Teacher => "Tomas Ruiz",
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::Buyer | Self::Seller => Role::Owner,
            Self::Admin => Role::Admin,
            Self::Teacher => Role::Teacher,
        }
    }
}

/// Makes the demo users and their seats in `market` where they are missing; a second call changes nothing.
pub async fn ensure_users(
    state: &AppState,
    market: u128,
    buyer_company: u128,
    seller_company: u128,
) -> Result<(), Failure> {
    let db = state.engine.db();
    for demo in DemoSeat::ALL {
        let now = state.engine.clock().now();
        store::add_user(db, state.engine.ids().next(), demo.email(), demo.name(), None, now).await?;
        let user = read::user_by_email(db, demo.email()).await?.ok_or_else(|| Fault::new("a demo user is missing"))?;
        let company = match demo {
            DemoSeat::Buyer => Some(buyer_company),
            DemoSeat::Seller => Some(seller_company),
            DemoSeat::Admin | DemoSeat::Teacher => None,
        };
        let seats = read::seats_of(db, user.id).await?;
        let there = seats
            .iter()
            .any(|s| s.market == market && s.seat.role == demo.role() && s.seat.company.map(|c| c.0) == company);
        if !there {
            let grant = GrantSeat { id: state.engine.ids().next(), user: user.id, company, role: demo.role() };
            state.engine.execute(Request::new(Actor::system(market), grant)).await?;
        }
    }
    Ok(())
}

/// The demo's admin.
pub async fn admin(state: &AppState) -> Result<u128, Failure> {
    let found = read::user_by_email(state.engine.db(), DemoSeat::Admin.email()).await?;
    Ok(found.ok_or_else(|| Fault::new("the demo has no admin"))?.id)
}

/// Somebody who owns `company` in the demo: the owner it has, or a new user nobody can sign in as. Answers user and name.
pub async fn ensure_clerk(
    state: &AppState,
    market: u128,
    company: u128,
    name: &str,
    email: &str,
) -> Result<(u128, String), Failure> {
    let db = state.engine.db();
    if let Some(owner) = read::owner_of(db, market, company).await? {
        return Ok(owner);
    }
    let (id, now) = (state.engine.ids().next(), state.engine.clock().now());
    store::add_user(db, id, email, name, None, now).await?;
    let user = read::user_by_email(db, email).await?.ok_or_else(|| Fault::new("a demo user is missing"))?;
    let grant = GrantSeat { id: state.engine.ids().next(), user: user.id, company: Some(company), role: Role::Owner };
    state.engine.execute(Request::new(Actor::system(market), grant)).await?;
    Ok((user.id, user.name))
}

impl IdentitySessions {
    /// Signs a demo user in.
    ///
    /// Errors: 404 unless this is a demo installation.
    pub(super) async fn enter_demo(&self, seat: DemoSeat, caller: &Caller) -> Result<Issued, Failure> {
        if !self.inner.config.demo {
            return Err(Refusal::not_found().into());
        }
        let user = read::user_by_email(self.db(), seat.email()).await?.filter(|u| !u.disabled);
        self.enter(&user.ok_or_else(Refusal::not_found)?, caller).await
    }
}
