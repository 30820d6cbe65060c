//! Who acts: the roles of seats, the two sides of an order, and the actors of the process table.
//!
//! Promises one spelling per role (snake_case). Refuses to decide access: which role may send which command is the
//! server's table; this module only says which *kind* of actor a step belongs to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names what a seat may do in its company or its market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns a company: everything in it.
    Owner,
    /// Trades: orders, messages, listings.
    Trader,
    /// Handles the company's money.
    Finance,
    /// Reads only.
    Viewer,
    /// Runs the market.
    Admin,
    /// Helps users of the market, reads only.
    Support,
    /// Answers for the credit of a market: oversees it, reads only so far.
    CreditAdmin,
    /// Leads a classroom: clock, eras, capabilities.
    Teacher,
    /// Plays the carrier.
    Carrier,
    /// Is the clock: deadlines and robots.
    System,
}

impl Role {
    /// Lists every role.
    pub const ALL: [Self; 10] = [
        Self::Owner,
        Self::Trader,
        Self::Finance,
        Self::Viewer,
        Self::Admin,
        Self::Support,
        Self::CreditAdmin,
        Self::Teacher,
        Self::Carrier,
        Self::System,
    ];

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Trader => "trader",
            Self::Finance => "finance",
            Self::Viewer => "viewer",
            Self::Admin => "admin",
            Self::Support => "support",
            Self::CreditAdmin => "credit_admin",
            Self::Teacher => "teacher",
            Self::Carrier => "carrier",
            Self::System => "system",
        }
    }

    /// Says whether the role holds so much of a market that its seat works only with a second factor.
    #[must_use]
    pub const fn is_privileged(self) -> bool {
        match self {
            Self::Admin | Self::CreditAdmin | Self::Teacher => true,
            Self::Owner | Self::Trader | Self::Finance | Self::Viewer => false,
            Self::Support | Self::Carrier | Self::System => false,
        }
    }

    /// Finds a role by its snake_case name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Names a side of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Pays and receives the goods.
    Buyer,
    /// Ships and is paid.
    Seller,
}

impl Side {
    /// Lists both sides.
    pub const ALL: [Self; 2] = [Self::Buyer, Self::Seller];

    /// Gives the opposite side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Buyer => Self::Seller,
            Self::Seller => Self::Buyer,
        }
    }

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
        }
    }
}

/// Is who gives a command, seen from the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The buying company.
    Buyer,
    /// The selling company.
    Seller,
    /// The carrier, played by a person.
    Carrier,
    /// The clock: a deadline that came due, or a robot.
    System,
}

impl Actor {
    /// Lists every actor.
    pub const ALL: [Self; 4] = [Self::Buyer, Self::Seller, Self::Carrier, Self::System];

    /// Gives the side this actor stands for, if it is a party.
    #[must_use]
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Buyer => Some(Side::Buyer),
            Self::Seller => Some(Side::Seller),
            Self::Carrier | Self::System => None,
        }
    }

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Carrier => "carrier",
            Self::System => "system",
        }
    }
}

impl From<Side> for Actor {
    fn from(side: Side) -> Self {
        match side {
            Side::Buyer => Self::Buyer,
            Side::Seller => Self::Seller,
        }
    }
}

/// Says in the process table who may take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The buying company.
    Buyer,
    /// The selling company.
    Seller,
    /// Either company; the guard may narrow it to the owner of the offer or to its answerer.
    Either,
    /// The carrier, played by a person.
    Carrier,
    /// The clock.
    System,
}

impl ActorKind {
    /// Lists everybody the table can name.
    pub const ALL: [Self; 5] = [Self::Buyer, Self::Seller, Self::Either, Self::Carrier, Self::System];

    /// Says whether this entry of the table admits the actor.
    #[must_use]
    pub const fn admits(self, actor: Actor) -> bool {
        match self {
            Self::Buyer => matches!(actor, Actor::Buyer),
            Self::Seller => matches!(actor, Actor::Seller),
            Self::Either => matches!(actor, Actor::Buyer | Actor::Seller),
            Self::Carrier => matches!(actor, Actor::Carrier),
            Self::System => matches!(actor, Actor::System),
        }
    }

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Either => "either",
            Self::Carrier => "carrier",
            Self::System => "system",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_one_spelling_in_text_and_json() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
        assert_eq!(Role::parse("Owner"), None);
    }

    #[test]
    fn who_runs_a_market_teaches_it_or_answers_for_its_credit_is_privileged() {
        let privileged: Vec<_> = Role::ALL.into_iter().filter(|role| role.is_privileged()).collect();

        assert_eq!(privileged, [Role::Admin, Role::CreditAdmin, Role::Teacher]);
    }

    #[test]
    fn either_admits_both_sides_and_nobody_else() {
        let admitted: Vec<_> = Actor::ALL.into_iter().filter(|actor| ActorKind::Either.admits(*actor)).collect();

        assert_eq!(admitted, [Actor::Buyer, Actor::Seller]);
        assert_eq!(Actor::from(Side::Buyer.other()).side(), Some(Side::Seller));
    }
}
