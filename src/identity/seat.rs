//! A seat: the role a user has in one market, in a company or over the whole market.
//!
//! Granting is bounded by what the granter holds (ACC-6): owners grant seats of their company, admins all of them.

use super::company::Company;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::{CompanyId, Role, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Kind of the aggregate.
pub const SEAT: &str = "seat";
/// Step that grants a seat.
pub const GRANT: &str = "seat.grant";
/// Step that gives a seat another role.
pub const CHANGE_ROLE: &str = "seat.change_role";
/// Step that disables a seat.
pub const DISABLE: &str = "seat.disable";

/// A seat as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Who sits there.
    pub user: UserId,
    /// The company, unless the seat belongs to the market itself.
    pub company: Option<CompanyId>,
    /// The role.
    pub role: Role,
    /// True once it was taken away.
    pub disabled: bool,
}

impl Seat {
    /// The aggregate key.
    pub fn key(id: u128) -> Key {
        Key { kind: SEAT, id }
    }
}

/// True for roles that exist within a company.
const fn of_company(role: Role) -> bool {
    match role {
        Role::Owner | Role::Trader | Role::Finance | Role::Viewer => true,
        Role::Admin | Role::Support | Role::CreditAdmin | Role::Teacher | Role::Carrier | Role::System => false,
    }
}

/// How an actor stands to seats of a company: its own, any as overseer, or not at all.
fn relation_to(company: Option<CompanyId>, actor: &Actor) -> Relation {
    if actor.oversees() {
        Relation::Overseer
    } else if company.is_some() && company.map(|c| c.0) == actor.company {
        Relation::Party
    } else {
        Relation::None
    }
}

fn unfit(role: Role) -> Refusal {
    let detail = "This role needs a company of this market, or none.";
    Refusal::new(422, "identity.company_unknown", detail).with("role", role)
}

/// True for a person's own seat, which they neither change nor take away.
fn is_own(seat: &Seat, actor: &Actor) -> bool {
    seat.user.0 == actor.user && actor.role != Role::System && !sabotage::skips(Guard::OwnSeat)
}

/// The bound of every grant (ACC-6): who may give a role, and where it may sit.
///
/// Errors: 403 for a role above the granter's own, 422 for one that does not fit the place.
pub fn grantable(granter: Role, role: Role, company: Option<CompanyId>) -> Result<(), Refusal> {
    let bounded = match granter {
        Role::Admin | Role::System => true,
        Role::Owner => of_company(role),
        Role::Trader
        | Role::Finance
        | Role::Viewer
        | Role::Support
        | Role::CreditAdmin
        | Role::Teacher
        | Role::Carrier => false,
    };
    if role == Role::System || (!bounded && !sabotage::skips(Guard::GrantBound)) {
        let refusal = Refusal::new(403, "identity.role_not_grantable", "You cannot grant this role.");
        return Err(refusal.with("role", role));
    }
    if company.is_some() == of_company(role) { Ok(()) } else { Err(unfit(role)) }
}

/// True when an actor may grant a role at the place they sit in.
pub fn may_grant(actor: &Actor, role: Role) -> bool {
    grantable(actor.role, role, actor.company.map(CompanyId)).is_ok()
}

/// Gives a user a seat (`seat.grant`).
#[derive(Debug, Clone)]
pub struct GrantSeat {
    /// The identifier the seat gets.
    pub id: u128,
    /// The user.
    pub user: u128,
    /// The company, for roles within one.
    pub company: Option<u128>,
    /// The role.
    pub role: Role,
}

impl Command for GrantSeat {
    fn step(&self) -> &'static str {
        GRANT
    }

    fn subject(&self) -> Key {
        Seat::key(self.id)
    }

    fn loads(&self) -> Vec<Key> {
        std::iter::once(self.subject()).chain(self.company.map(Company::key)).collect()
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation_to(self.company.map(CompanyId), actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        grantable(cx.actor.role, self.role, self.company.map(CompanyId))?;
        if self.company.is_some_and(|company| view.get::<Company>(Company::key(company)).is_none()) {
            return Err(unfit(self.role));
        }
        let seat =
            Seat { user: UserId(self.user), company: self.company.map(CompanyId), role: self.role, disabled: false };
        out.reply(201, &json!({ "id": format!("{:032x}", self.id), "role": self.role }))?;
        if let Some(there) = view.get::<Seat>(self.subject()) {
            return if *there == seat { Ok(Decision::Already) } else { Err(self.conflict("id")) };
        }
        out.tell(&json!({ "seat": seat }))?;
        out.parties = [self.company, None];
        out.save(self.subject(), seat);
        Ok(Decision::Write)
    }
}

/// Gives a seat another role (`seat.change_role`).
#[derive(Debug, Clone)]
pub struct ChangeRole {
    /// The seat.
    pub id: u128,
    /// The new role.
    pub role: Role,
}

impl Command for ChangeRole {
    fn step(&self) -> &'static str {
        CHANGE_ROLE
    }

    fn subject(&self) -> Key {
        Seat::key(self.id)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        view.get::<Seat>(self.subject()).map_or(Relation::None, |seat| relation_to(seat.company, actor))
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let seat = view.get::<Seat>(self.subject()).filter(|s| !s.disabled).ok_or_else(Refusal::not_found)?;
        if is_own(seat, cx.actor) {
            return Err(Refusal::new(409, "identity.own_seat", "You cannot change your own role."));
        }
        grantable(cx.actor.role, self.role, seat.company)?;
        out.reply(200, &json!({ "id": format!("{:032x}", self.id), "role": self.role }))?;
        if seat.role == self.role {
            return Ok(Decision::Already);
        }
        out.tell(&json!({ "user": seat.user, "company": seat.company, "from": seat.role, "to": self.role }))?;
        out.parties = [seat.company.map(|c| c.0), None];
        out.save(self.subject(), Seat { role: self.role, ..seat.clone() });
        Ok(Decision::Write)
    }
}

/// Takes a seat away (`seat.disable`); it ends the seat's sessions within a second.
#[derive(Debug, Clone)]
pub struct DisableSeat {
    /// The seat.
    pub id: u128,
}

impl Command for DisableSeat {
    fn step(&self) -> &'static str {
        DISABLE
    }

    fn subject(&self) -> Key {
        Seat::key(self.id)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        view.get::<Seat>(self.subject()).map_or(Relation::None, |seat| relation_to(seat.company, actor))
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let seat = view.get::<Seat>(self.subject()).ok_or_else(Refusal::not_found)?;
        if is_own(seat, cx.actor) {
            return Err(Refusal::new(409, "identity.own_seat", "You cannot take away your own seat."));
        }
        out.reply(200, &json!({ "id": format!("{:032x}", self.id), "disabled": true }))?;
        if seat.disabled {
            return Ok(Decision::Already);
        }
        out.tell(&json!({ "user": seat.user, "company": seat.company }))?;
        out.parties = [seat.company.map(|c| c.0), None];
        out.save(self.subject(), Seat { disabled: true, ..seat.clone() });
        Ok(Decision::Write)
    }
}
