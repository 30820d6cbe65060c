//! A company of a market: who it is, whether it buys or sells, and how well it is verified.
//!
//! A company is opened by sign-up, by an import or by the seed, always by the system or an admin; its owners edit it.
//! Country and registration number name it and never change.

use super::fields::{ABOUT_MAX, Complaints, NAME_MAX, REGISTRATION_MAX};
use super::seat::Seat;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::kernel::{CompanyId, MarketTime, Role, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Kind of the aggregate.
pub const COMPANY: &str = "company";
/// Step that opens a company.
pub const OPEN: &str = "company.open";
/// Step that edits a company.
pub const EDIT: &str = "company.edit";

/// A company as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Its identifier.
    pub id: CompanyId,
    /// Its name in Latin letters.
    pub name: String,
    /// Its Chinese name.
    pub name_zh: Option<String>,
    /// Two capital letters.
    pub country: String,
    /// Its number in its country's register; unique in the market together with the country.
    pub registration_number: String,
    /// Where it sits.
    pub city: String,
    /// The year it was founded in.
    pub founded: Option<i32>,
    /// What it says about itself.
    pub about: String,
    /// It buys.
    pub buys: bool,
    /// It sells.
    pub sells: bool,
    /// Level of verification, 0 to 3: what its valid proofs reach. Steps on proofs alone change it.
    pub verified_level: u8,
    /// Market time it was opened.
    pub joined_at: MarketTime,
}

impl Company {
    /// The aggregate key.
    pub fn key(id: u128) -> Key {
        Key { kind: COMPANY, id }
    }

    fn check(&self) -> Result<(), Refusal> {
        let mut complaints = Complaints::default();
        complaints.text("/company/name", &self.name, 1, NAME_MAX);
        complaints.text("/company/name_zh", self.name_zh.as_deref().unwrap_or(""), 0, NAME_MAX);
        complaints.country("/company/country", &self.country);
        complaints.text("/company/registration_number", &self.registration_number, 1, REGISTRATION_MAX);
        complaints.text("/company/city", &self.city, 0, NAME_MAX);
        complaints.text("/company/about", &self.about, 0, ABOUT_MAX);
        if !self.buys && !self.sells {
            complaints.add("/company/buys", "identity.no_side", "A company buys, sells or does both.");
        }
        complaints.judge()
    }
}

/// Opens a company, with its first owner if one is given (`company.open`).
#[derive(Debug, Clone)]
pub struct OpenCompany {
    /// The identifier it gets.
    pub id: u128,
    /// See [`Company`].
    pub name: String,
    /// See [`Company`].
    pub name_zh: Option<String>,
    /// See [`Company`].
    pub country: String,
    /// See [`Company`].
    pub registration_number: String,
    /// See [`Company`].
    pub city: String,
    /// See [`Company`].
    pub founded: Option<i32>,
    /// See [`Company`].
    pub about: String,
    /// See [`Company`].
    pub buys: bool,
    /// See [`Company`].
    pub sells: bool,
    /// The first owner: (seat, user). Seat and company come to be together or not at all.
    pub owner: Option<(u128, u128)>,
}

impl OpenCompany {
    fn company(&self, now: MarketTime) -> Company {
        let name_zh = self.name_zh.as_deref().map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned);
        Company {
            id: CompanyId(self.id),
            name: self.name.trim().to_owned(),
            name_zh,
            country: self.country.clone(),
            registration_number: self.registration_number.trim().to_owned(),
            city: self.city.trim().to_owned(),
            founded: self.founded,
            about: self.about.trim().to_owned(),
            buys: self.buys,
            sells: self.sells,
            verified_level: 0,
            joined_at: now,
        }
    }
}

impl Command for OpenCompany {
    fn step(&self) -> &'static str {
        OPEN
    }

    fn subject(&self) -> Key {
        Company::key(self.id)
    }

    fn loads(&self) -> Vec<Key> {
        let seat = self.owner.map(|(seat, _)| Seat::key(seat));
        std::iter::once(self.subject()).chain(seat).collect()
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        if actor.oversees() { Relation::Overseer } else { Relation::None }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let wanted = self.company(cx.now);
        wanted.check()?;
        out.reply(201, &json!({ "id": wanted.id }))?;
        if let Some(there) = view.get::<Company>(self.subject()) {
            let same = there.registration_number == wanted.registration_number && there.country == wanted.country;
            return if same { Ok(Decision::Already) } else { Err(self.conflict("id")) };
        }
        if let Some((seat, user)) = self.owner {
            let first = Seat { user: UserId(user), company: Some(wanted.id), role: Role::Owner, disabled: false };
            out.save(Seat::key(seat), first);
        }
        let owner = self.owner.map(|(seat, user)| json!({ "seat": format!("{seat:032x}"), "user": UserId(user) }));
        out.tell(&json!({ "company": wanted, "owner": owner }))?;
        out.parties = [Some(self.id), None];
        out.save(self.subject(), wanted);
        Ok(Decision::Write)
    }

    fn conflict(&self, constraint: &str) -> Refusal {
        if constraint.contains("registration") {
            let detail = "A company with this registration number is in the market already.";
            return Refusal::new(409, "identity.registration_taken", detail).field(
                "/company/registration_number",
                "identity.registration_taken",
                detail,
            );
        }
        Refusal::new(409, "conflict", "Somebody else was faster; reload and try again.")
    }
}

/// Changes what a company says about itself (`company.edit`); what is absent stays.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EditCompany {
    /// The company.
    pub id: CompanyId,
    /// New name.
    pub name: Option<String>,
    /// New Chinese name.
    pub name_zh: Option<String>,
    /// New city.
    pub city: Option<String>,
    /// New year of foundation.
    pub founded: Option<i32>,
    /// New text.
    pub about: Option<String>,
    /// Whether it buys.
    pub buys: Option<bool>,
    /// Whether it sells.
    pub sells: Option<bool>,
}

fn put<T: Clone>(field: &mut T, wanted: &Option<T>) {
    if let Some(value) = wanted {
        field.clone_from(value);
    }
}

impl Command for EditCompany {
    fn step(&self) -> &'static str {
        EDIT
    }

    fn subject(&self) -> Key {
        Company::key(self.id.0)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        match (actor.oversees(), view.get::<Company>(self.subject())) {
            (_, None) => Relation::None,
            (true, Some(_)) => Relation::Overseer,
            (false, Some(_)) if actor.company == Some(self.id.0) => Relation::Party,
            // Companies are public within their market.
            (false, Some(_)) => Relation::Market,
        }
    }

    fn decide(&self, _: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Company>(self.subject()).ok_or_else(Refusal::not_found)?;
        let mut after = before.clone();
        put(&mut after.name, &self.name);
        put(&mut after.city, &self.city);
        put(&mut after.about, &self.about);
        put(&mut after.buys, &self.buys);
        put(&mut after.sells, &self.sells);
        after.name_zh = self.name_zh.clone().or(after.name_zh);
        after.founded = self.founded.or(after.founded);
        after.check()?;
        out.reply(200, &after)?;
        if after == *before {
            return Ok(Decision::Already);
        }
        out.tell(&json!({ "edit": self }))?;
        out.parties = [Some(self.id.0), None];
        out.save(self.subject(), after);
        Ok(Decision::Write)
    }
}
