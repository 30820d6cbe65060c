//! The two steps on a product: list it, change it.

use super::listing::Listing;
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

    fn decide(&self, _: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        if !self.sells {
            return Err(Refusal::new(403, "catalog.not_a_seller", "This company buys; it does not sell."));
        }
        match view.get::<Listing>(self.subject()) {
            Some(_) => Err(self.conflict("id")),
            None => write(&self.listing, 1, 201, out),
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
        match view.get::<Listing>(self.subject()) {
            None => Relation::None,
            Some(before) if actor.company == Some(before.product.supplier.0) => Relation::Party,
            // Listings are public within their market.
            Some(_) => Relation::Market,
        }
    }

    fn decide(&self, _: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Listing>(self.subject()).ok_or_else(Refusal::not_found)?;
        let version = view.version(self.subject());
        if before.product.supplier != self.listing.product.supplier {
            return Err(Refusal::forbidden());
        }
        if *before == self.listing {
            out.reply(200, &ProductReceipt { id: before.product.id.to_string(), version })?;
            return Ok(Decision::Already);
        }
        write(&self.listing, version + 1, 200, out)
    }

    fn conflict(&self, constraint: &str) -> Refusal {
        conflict(constraint)
    }
}
