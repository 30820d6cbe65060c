//! The steps on a product: list it, change it as a whole or in part.

use super::draft::refuse;
use super::listing::{Adjustment, Listing};
use super::review::admitted;
use super::view::ProductReceipt;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use serde_json::json;

/// Step that lists a product.
pub const LIST: &str = "product.list";
/// Step that changes a product.
pub const CHANGE: &str = "product.change";

/// Lists a new product (`product.list`).
pub struct ListProduct {
    /// The valid listing, with the identifier it gets.
    pub listing: Listing,
    /// Whether its company sells.
    pub sells: bool,
}

/// Changes a listed product (`product.change`).
pub struct ChangeProduct {
    /// The valid listing as it shall be.
    pub listing: Listing,
}

/// Changes a part of a listed product (`product.change`), whatever the rest of it is by then.
pub struct AdjustProduct {
    /// The product.
    pub product: u128,
    /// What changes.
    pub change: Adjustment,
}

fn conflict(constraint: &str) -> Refusal {
    if constraint.contains("sku") {
        return Refusal::new(409, "catalog.sku_taken", "This supplier has a product with this SKU already.").field(
            "/sku",
            "catalog.sku_taken",
            "the SKU is taken",
        );
    }
    Refusal::new(409, "conflict", "Somebody else was faster; reload and try again.")
}

fn write(listing: &Listing, version: i64, status: u16, out: &mut Outcome) -> Result<Decision, Refusal> {
    out.reply(status, &ProductReceipt { id: listing.product.id.to_string(), version })?;
    out.tell(&json!({ "listing": listing }))?;
    out.parties = [Some(listing.product.supplier.0), None];
    out.save(Listing::key(listing.product.id.0), listing.clone());
    Ok(Decision::Write)
}

/// Refuses what a listing in this state may not become.
fn judge_state(before: &Listing, after: &Listing) -> Result<(), Refusal> {
    if before.state.may_become(after.state) {
        return Ok(());
    }
    let (from, to) = (before.state.as_str(), after.state.as_str());
    let refusal = Refusal::new(409, "catalog.state", format!("A {from} listing does not become a {to} one."));
    Err(refusal.with("from", from).with("to", to))
}

/// How an actor stands to a listing: drafts are seen by their company only, everything else by the market.
fn relation_to(listing: Option<&Listing>, actor: &Actor) -> Relation {
    match listing {
        None => Relation::None,
        Some(before) if actor.company == Some(before.product.supplier.0) => Relation::Party,
        Some(before) if before.state.is_inside() && !actor.oversees() => Relation::None,
        Some(_) => Relation::Market,
    }
}

impl Command for ListProduct {
    fn step(&self) -> &'static str {
        LIST
    }

    fn subject(&self) -> Key {
        Listing::key(self.listing.product.id.0)
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        if actor.company == Some(self.listing.product.supplier.0) { Relation::Party } else { Relation::Market }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        if !self.sells {
            return Err(Refusal::new(403, "catalog.not_a_seller", "This company buys; it does not sell."));
        }
        match view.get::<Listing>(self.subject()) {
            Some(_) => Err(self.conflict("id")),
            None => write(&admitted(None, &self.listing, cx), 1, 201, out),
        }
    }

    fn conflict(&self, constraint: &str) -> Refusal {
        conflict(constraint)
    }
}

impl Command for ChangeProduct {
    fn step(&self) -> &'static str {
        CHANGE
    }

    fn subject(&self) -> Key {
        Listing::key(self.listing.product.id.0)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        relation_to(view.get::<Listing>(self.subject()), actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Listing>(self.subject()).ok_or_else(Refusal::not_found)?;
        let version = view.version(self.subject());
        if before.product.supplier != self.listing.product.supplier {
            return Err(Refusal::forbidden());
        }
        let after = admitted(Some(before), &self.listing, cx);
        if *before == after {
            out.reply(200, &ProductReceipt { id: before.product.id.to_string(), version })?;
            return Ok(Decision::Already);
        }
        judge_state(before, &after)?;
        write(&after, version + 1, 200, out)
    }

    fn conflict(&self, constraint: &str) -> Refusal {
        conflict(constraint)
    }
}

impl Command for AdjustProduct {
    fn step(&self) -> &'static str {
        CHANGE
    }

    fn subject(&self) -> Key {
        Listing::key(self.product)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        relation_to(view.get::<Listing>(self.subject()), actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Listing>(self.subject()).ok_or_else(Refusal::not_found)?;
        let version = view.version(self.subject());
        let after = admitted(Some(before), &before.adjusted(&self.change).map_err(refuse)?, cx);
        if *before == after {
            out.reply(200, &ProductReceipt { id: before.product.id.to_string(), version })?;
            return Ok(Decision::Already);
        }
        judge_state(before, &after)?;
        write(&after, version + 1, 200, out)
    }
}
