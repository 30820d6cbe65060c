//! Who may do what: one static table, one judgement (ACC-1, ACC-3).
//!
//! A step's row names the roles, the relation to the object and the era capability it needs. An object the actor may not
//! see answers 404, one it sees but may not act on 403, a capability the market's era lacks 409.

use crate::platform::problem::Refusal;
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::Role;
use entrepot_domain::market::{Capability, brings};

/// Who acts: a user in a seat of one market, or the market itself (jobs, deadlines).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The market the seat belongs to.
    pub market: u128,
    /// The user; 0 for the system.
    pub user: u128,
    /// The session the request came with; 0 for the system.
    pub session: u128,
    /// The company the seat belongs to, if any.
    pub company: Option<u128>,
    /// The seat's role.
    pub role: Role,
}

impl Actor {
    /// The market acting by itself: deadlines, jobs, robots.
    pub fn system(market: u128) -> Self {
        Self { market, user: 0, session: 0, company: None, role: Role::System }
    }

    /// True for seats that look over the whole market.
    pub fn oversees(&self) -> bool {
        matches!(self.role, Role::Admin | Role::Support | Role::CreditAdmin | Role::Teacher | Role::System)
    }
}

/// How an actor stands to the object of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The actor's company is a party to the object, or owns it.
    Party,
    /// The object belongs to the market as a whole and everyone in the market sees it.
    Market,
    /// The actor oversees the market and sees the object.
    Overseer,
    /// The actor may not see the object.
    None,
}

/// One row of the access table.
#[derive(Debug, Clone, Copy)]
pub struct AccessRow {
    /// Step name, e.g. `shipment.accept`, or operation id of a read.
    pub step: &'static str,
    /// Roles that may take it.
    pub roles: &'static [Role],
    /// Relations that may take it.
    pub relations: &'static [Relation],
    /// The era capability it needs.
    pub capability: Option<Capability>,
    /// True when it moves value and so demands an idempotency key.
    pub money: bool,
}

/// What a read is allowed to see: a store function that needs one cannot be called without.
#[derive(Debug, Clone)]
pub struct Scope {
    actor: Actor,
}

impl Scope {
    /// The scope of an actor: its company's rows, or all of its market's for an overseer.
    pub fn of(actor: &Actor) -> Self {
        Self { actor: actor.clone() }
    }

    /// The market all rows must belong to.
    pub fn market(&self) -> u128 {
        self.actor.market
    }

    /// The company rows are limited to; `None` means the whole market.
    pub fn company(&self) -> Option<u128> {
        if self.actor.oversees() { None } else { Some(self.actor.company.unwrap_or(0)) }
    }

    /// The actor behind the scope.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// Judges a step; `has` tells whether the market's era has a capability.
///
/// Errors: 404 when the object is not visible, 403 when it is but the role may not, 409 when the era lacks it.
pub fn permit(
    row: &AccessRow,
    actor: &Actor,
    relation: Relation,
    has: impl Fn(Capability) -> bool,
) -> Result<(), Refusal> {
    if actor.role != Role::System {
        if relation == Relation::None && !sabotage::skips(Guard::Unseen) {
            return Err(Refusal::not_found());
        }
        let role = row.roles.contains(&actor.role) || sabotage::skips(Guard::Roles);
        let related = row.relations.contains(&relation) || sabotage::skips(Guard::Relations);
        if !role || !related {
            return Err(Refusal::forbidden());
        }
    }
    match row.capability {
        Some(needed) if !has(needed) && actor.role != Role::System && !sabotage::skips(Guard::Capabilities) => {
            let era = brings(needed);
            Err(Refusal::new(
                409,
                "market.not_in_this_era",
                format!("This market's era has no {needed}; era {era} brings it."),
            )
            .with("capability", needed)
            .with("era", era))
        }
        Some(_) | None => Ok(()),
    }
}
