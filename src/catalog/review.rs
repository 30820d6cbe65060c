//! Review of listings by the market: which state a change leads to, and the decision of who leads the market.
//!
//! Off unless the market switched it on. Nobody decides on a listing of a company they belong or belonged to, and a decision
//! holds for exactly the version that was read.

use super::draft::refuse;
use super::listing::Listing;
use super::view::ProductReceipt;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::catalog::{ListingState, Returned, reviewed_state};
use entrepot_domain::kernel::Role;
use entrepot_domain::market::Capability;
use serde_json::json;

/// Step that publishes a listing in review.
pub const APPROVE: &str = "product.approve";
/// Step that returns a listing in review to its company.
pub const RETURN: &str = "product.return";

/// The listing as it is written: waiting where the market reviews what changed in it.
pub fn admitted(before: Option<&Listing>, wanted: &Listing, cx: &Context<'_>) -> Listing {
    let mut after = wanted.clone();
    // What the market itself brings in, it needs not look at.
    let reviews = cx.market.capabilities.has(Capability::ListingReview) && cx.actor.role != Role::System;
    let cleared = before.and_then(Listing::cleared);
    let is_cleared = cleared.is_some() && cleared == Some(after.print());
    after.state = reviewed_state(wanted.state, reviews, is_cleared);
    let waits = after.state == ListingState::InReview;
    let since = before.filter(|before| before.state == ListingState::InReview).and_then(|before| before.submitted_at);
    after.submitted_at = waits.then(|| since.unwrap_or(cx.now));
    after.returned = before.and_then(|before| before.returned.clone()).filter(|_| !after.is_published());
    // Of a published listing it is what stands there; it is noted when the listing leaves the market.
    after.approved = cleared.filter(|_| !after.is_published());
    after
}

/// What is decided about a listing in review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is published.
    Approve,
    /// It goes back to its company.
    Return(Returned),
}

/// Decides about a listing in review.
pub struct ReviewListing {
    /// The product.
    pub product: u128,
    /// What is decided; of a return the moment is filled in by the door.
    pub verdict: Verdict,
    /// Whether who decides has, or had, a seat in the company.
    pub insider: bool,
}

impl ReviewListing {
    /// Whether this was decided before, so that repeating it changes nothing.
    fn is_done(&self, listing: &Listing) -> bool {
        match &self.verdict {
            Verdict::Approve => listing.is_published(),
            Verdict::Return(returned) => {
                let same = |before: &Returned| (&before.reasons, &before.note) == (&returned.reasons, &returned.note);
                listing.state != ListingState::InReview && listing.returned.as_ref().is_some_and(same)
            }
        }
    }
}

impl Command for ReviewListing {
    fn step(&self) -> &'static str {
        match self.verdict {
            Verdict::Approve => APPROVE,
            Verdict::Return(_) => RETURN,
        }
    }

    fn subject(&self) -> Key {
        Listing::key(self.product)
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        match view.get::<Listing>(self.subject()) {
            Some(_) if actor.oversees() => Relation::Overseer,
            Some(_) | None => Relation::None,
        }
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let before = view.get::<Listing>(self.subject()).ok_or_else(Refusal::not_found)?;
        let version = view.version(self.subject());
        let id = before.product.id.to_string();
        if self.insider {
            let detail = "Nobody decides on a listing of a company they belong or belonged to.";
            return Err(Refusal::new(403, "catalog.own_listing", detail));
        }
        if self.is_done(before) {
            out.reply(200, &ProductReceipt { id, version })?;
            return Ok(Decision::Already);
        }
        if before.state != ListingState::InReview {
            let detail = format!("This listing is {}; none of it waits for a decision.", before.state.as_str());
            return Err(Refusal::new(409, "catalog.not_in_review", detail).with("state", before.state.as_str()));
        }
        let mut after = before.clone();
        after.submitted_at = None;
        match &self.verdict {
            Verdict::Approve => {
                (after.state, after.returned, after.approved) = (ListingState::Published, None, None);
            }
            Verdict::Return(returned) => {
                let returned = Returned { at: cx.now, ..returned.clone() };
                let faults = returned.validate();
                if !faults.is_empty() {
                    return Err(refuse(faults));
                }
                // What stood in the market before keeps its page, which says that it is not offered.
                let known = before.approved.is_some();
                after.state = if known { ListingState::Withdrawn } else { ListingState::Draft };
                after.returned = Some(returned);
            }
        }
        out.reply(200, &ProductReceipt { id, version: version + 1 })?;
        out.tell(&json!({ "listing": after }))?;
        out.parties = [Some(before.product.supplier.0), None];
        out.save(self.subject(), after);
        Ok(Decision::Write)
    }
}
