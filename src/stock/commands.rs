//! The change of a stock by hand.

use super::shelf::Shelf;
use super::view::StockReceipt;
use crate::platform::access::{Actor, Relation};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, View};
use crate::platform::problem::Refusal;
use entrepot_domain::catalog::StockReason;
use entrepot_domain::kernel::Quantity;
use serde_json::json;

/// Step that changes a stock by hand.
pub const ADJUST: &str = "stock.adjust";
/// The kind of the subject of such a change's event.
const ADJUSTMENT: &str = "stock_adjustment";
/// Longest note, in characters.
const NOTE_MAX: usize = 200;

/// Changes a stock by hand (`stock.adjust`).
///
/// Its event has a subject of its own, as a payment has: the stock's versions count the changes that orders make, too.
pub struct Adjust {
    /// Identifier of the change.
    pub id: u128,
    /// The product.
    pub product: u128,
    /// Why.
    pub reason: StockReason,
    /// What was counted, or how much came or went.
    pub quantity: Quantity,
    /// What a person adds; may be empty.
    pub note: String,
    /// The version of the stock that was seen.
    pub expected_version: i64,
}

/// How an actor stands to a stock: it is its company's own; who oversees the market knows that it is there.
pub(super) fn relation(supplier: Option<u128>, actor: &Actor) -> Relation {
    match supplier {
        Some(supplier) if actor.company == Some(supplier) => Relation::Party,
        Some(_) if actor.oversees() => Relation::Overseer,
        Some(_) | None => Relation::None,
    }
}

/// The refusal for a note that is too long or spans lines.
fn check_note(note: &str) -> Result<(), Refusal> {
    if note.chars().count() <= NOTE_MAX && !note.chars().any(char::is_control) {
        return Ok(());
    }
    let detail = format!("The note may have {NOTE_MAX} characters and no line breaks.");
    Err(Refusal::new(422, "stock.note", &detail).field("/note", "stock.note", detail))
}

impl Adjust {
    fn shelf<'a>(&self, view: &'a View<'_>) -> Option<&'a Shelf> {
        view.get(Shelf::key(self.product))
    }
}

impl Command for Adjust {
    fn step(&self) -> &'static str {
        ADJUST
    }

    fn subject(&self) -> Key {
        Key { kind: ADJUSTMENT, id: self.id }
    }

    fn loads(&self) -> Vec<Key> {
        Vec::new()
    }

    fn loads_then(&self, _: &View<'_>) -> Vec<Key> {
        // Stocks are locked behind everything else, by whoever locks them.
        vec![Shelf::key(self.product)]
    }

    fn relation(&self, view: &View<'_>, actor: &Actor) -> Relation {
        relation(self.shelf(view).map(|shelf| shelf.supplier), actor)
    }

    fn decide(&self, cx: &Context<'_>, view: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let shelf = self.shelf(view).ok_or_else(Refusal::not_found)?;
        let version = view.version(Shelf::key(self.product));
        check_note(&self.note)?;
        if self.expected_version != version {
            let seen = self.expected_version;
            let detail = format!("You saw version {seen}; it is at version {version} now.");
            return Err(Refusal::new(409, "stale_version", detail).with("current", version));
        }
        let moved = shelf.stock.adjust(self.reason, self.quantity)?;
        if moved.is_nothing() {
            out.reply(200, &StockReceipt::of(self.product, version, shelf.stock))?;
            return Ok(Decision::Already);
        }
        let after = shelf.moved(cx, moved, &self.note)?;
        out.reply(200, &StockReceipt::of(self.product, version + 1, after.stock))?;
        out.tell(&json!({ "product": format!("{:032x}", self.product), "stock": moved, "note": self.note }))?;
        out.parties = [Some(shelf.supplier), None];
        out.save(Shelf::key(self.product), after);
        Ok(Decision::Write)
    }
}
