//! Goods out of ready stock on their way through the door: which lines take from it, and what a step does to it.
//!
//! Whether a line comes out of stock stands in the terms, so both sides agree to it and the first payment knows without asking.
//! Who writes the terms may say it; where they leave it open, the listing does, at the moment the terms are written. A line that
//! says it does must name a listing of the seller that has goods ready, in the listing's unit, or that the terms before took.

use crate::catalog::Listing;
use crate::platform::engine::{Context, Key, Outcome, View};
use crate::platform::problem::Refusal;
use crate::stock::Shelf;
use entrepot_domain::catalog::StockMove;
use entrepot_domain::kernel::ProductId;
use entrepot_domain::trade::{Goods, Line, Order, OrderTerms, Step, stock_moves, stock_touched};
use serde::Serialize;
use std::sync::Arc;

/// What the event row tells of one changed stock.
#[derive(Serialize)]
pub struct Changed {
    product: ProductId,
    #[serde(flatten)]
    moved: StockMove,
}

/// Listed products that terms name.
pub fn named(terms: &OrderTerms) -> impl Iterator<Item = u128> {
    terms.lines.iter().filter_map(|line| line.product).map(|product| product.0)
}

/// Whether the product of a line lies ready at the seller of these terms, in the line's unit.
fn ready(terms: &OrderTerms, line: &Line, view: &View<'_>) -> bool {
    let listing = line.product.and_then(|product| view.get::<Listing>(Listing::key(product.0)));
    listing.is_some_and(|listing| {
        let product = &listing.product;
        let unit = line.unit.is_empty() || line.unit == product.unit;
        product.supply.is_ready() && product.supplier == terms.seller && unit
    })
}

/// The terms with every line saying whether it comes out of ready stock.
///
/// Errors: 422 `stock.not_ready` for a line that says so and cannot.
pub fn stamped(
    terms: &Arc<OrderTerms>,
    standing: Option<&OrderTerms>,
    view: &View<'_>,
) -> Result<Arc<OrderTerms>, Refusal> {
    let before = |line: &Line| standing.is_some_and(|terms| terms.lines.iter().any(|l| l.stocked() == line.product));
    let mut stamped = Arc::clone(terms);
    for (place, line) in terms.lines.iter().enumerate() {
        match line.from_stock {
            Some(false) => {}
            Some(true) if line.product.is_some() && (ready(terms, line, view) || before(line)) => {}
            Some(true) => {
                let detail = "The line cannot be taken out of ready stock.";
                let at = format!("/terms/lines/{place}/from_stock");
                return Err(Refusal::new(422, "stock.not_ready", detail).field(at, "stock.not_ready", detail));
            }
            None if ready(terms, line, view) => {
                if let Some(line) = Arc::make_mut(&mut stamped).lines.get_mut(place) {
                    line.from_stock = Some(true);
                }
            }
            None => {}
        }
    }
    Ok(stamped)
}

/// The stocks a step of an order may change: none unless the order takes goods from one.
pub fn shelves(order: &Order, step: Step) -> Vec<Key> {
    stock_touched(order, step).into_iter().map(|product| Shelf::key(product.0)).collect()
}

/// What is free of the goods that a step has to find.
pub fn free(order: &Order, step: Step, view: &View<'_>) -> Goods {
    let of = |product: &ProductId| view.get::<Shelf>(Shelf::key(product.0)).map(|shelf| shelf.stock.free());
    stock_touched(order, step).into_iter().filter_map(|product| Some((product, of(&product)?))).collect()
}

/// Saves the stocks that the step changed, in the transaction of its money; answers what the event tells of it.
pub fn save(
    cx: &Context<'_>,
    view: &View<'_>,
    before: &Order,
    after: &Order,
    out: &mut Outcome,
) -> Result<Vec<Changed>, Refusal> {
    let mut told = Vec::new();
    for (product, moved) in stock_moves(before, after) {
        let key = Shelf::key(product.0);
        let lost = || Refusal::new(500, "internal", "An order keeps goods of a stock that is not there.");
        let shelf = view.get::<Shelf>(key).ok_or_else(lost)?;
        out.save(key, shelf.moved(cx, moved, "")?);
        told.push(Changed { product, moved });
    }
    Ok(told)
}
