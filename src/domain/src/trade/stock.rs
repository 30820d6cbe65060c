//! What an order keeps of its seller's ready stock (ruling 39, CON-3…5).
//!
//! Shape: nothing is stored. What is kept is a function of the order: from its first payment on, all that its undispatched
//! shipments take of lines that come out of stock. So what a step changes in the stock is the difference between the order
//! before and after it, whichever step it is: funding reserves, dispatch consumes, and whatever cancels a shipment gives back.
//!
//! Promises that a product which stands in several lines is one sum (G10), in the order of products, and that every
//! reservation ends by the clock: the system cancels a shipment that is late, and what is kept falls with it. Refuses to
//! start an order whose goods are not all there.

use std::collections::BTreeMap;

use super::rejection::{Shortage, TradeRejection};
use super::state::{Order, OrderStatus, Shipment, ShipmentState};
use super::step::Step;
use super::terms::Line;
use crate::catalog::{StockMove, StockReason};
use crate::kernel::{MarketTime, ProductId, Quantity};

/// Holds a quantity for each product, in the order in which stocks are locked.
pub type Goods = BTreeMap<ProductId, Quantity>;

/// Is no goods at all: what orders made to order want, and what a world without stocks has.
pub static NO_GOODS: Goods = Goods::new();

/// Adds up what the chosen shipments take out of stock.
fn goods(order: &Order, chosen: impl Fn(&Shipment) -> bool) -> Goods {
    let mut sums = Goods::new();
    let Some(terms) = order.terms.as_deref().filter(|terms| terms.lines.iter().any(|line| line.stocked().is_some()))
    else {
        return sums;
    };
    let shipments = order.shipments.iter().zip(&terms.shipments);
    for (_, planned) in shipments.filter(|(shipment, _)| chosen(shipment)) {
        for (line, quantity) in terms.lines.iter().zip(&planned.quantities) {
            if let Some(product) = line.stocked().filter(|_| quantity.0 > 0) {
                let sum = sums.entry(product).or_default();
                sum.0 = sum.0.saturating_add(quantity.0);
            }
        }
    }
    sums
}

fn planned(shipment: &Shipment) -> bool {
    shipment.state == ShipmentState::Planned
}

/// Gives what the order keeps in stock now; nothing before its first payment.
#[must_use]
pub fn reserved(order: &Order) -> Goods {
    if order.status == OrderStatus::Active { goods(order, planned) } else { Goods::new() }
}

/// Gives what the first payment of an agreed order has to find in stock.
#[must_use]
pub fn wanted(order: &Order) -> Goods {
    if order.status == OrderStatus::Agreed { goods(order, planned) } else { Goods::new() }
}

/// Gives the instant at which the system ends what is kept, if nobody did before: when the first late shipment is cancelled.
#[must_use]
pub fn reserved_until(order: &Order) -> Option<MarketTime> {
    if reserved(order).is_empty() {
        return None;
    }
    order.shipments.iter().filter(|shipment| planned(shipment)).map(|shipment| shipment.dates.late_at).min()
}

/// Lists the products whose stock a step of this order may change; none for orders that are made to order.
#[must_use]
pub fn stock_touched(order: &Order, step: Step) -> Vec<ProductId> {
    let goods = match step {
        Step::Fund => wanted(order),
        Step::Dispatch | Step::CancelForDefault | Step::LateCancel | Step::AcceptProposal => reserved(order),
        Step::Draft | Step::Revise | Step::Discard | Step::Offer | Step::Counter | Step::Accept => Goods::new(),
        Step::Withdraw | Step::Decline | Step::ExpireOffer | Step::FallDue | Step::Lapse | Step::Track => Goods::new(),
        Step::Deliver | Step::AssumeDelivered | Step::AcceptShipment | Step::AutoAccept => Goods::new(),
        Step::ExtendAcceptance | Step::ProposeAmendment | Step::ProposeCancellation => Goods::new(),
        Step::ProposeExtension | Step::DeclineProposal | Step::WithdrawProposal => Goods::new(),
        Step::LapseProposal | Step::Close => Goods::new(),
    };
    goods.into_keys().collect()
}

/// Lists what the way from one state of an order to the next changes in stocks, by product.
#[must_use]
pub fn stock_moves(before: &Order, after: &Order) -> Vec<(ProductId, StockMove)> {
    let (kept, keeps) = (reserved(before), reserved(after));
    if kept == keeps {
        return Vec::new();
    }
    let left = |shipment: &Shipment| {
        let gone = after.shipment(shipment.no).is_some_and(|after| after.state == ShipmentState::Dispatched);
        planned(shipment) && gone
    };
    let sent = if kept.is_empty() { Goods::new() } else { goods(before, left) };
    let of = |goods: &Goods, product: &ProductId| goods.get(product).map_or(0, |quantity| quantity.0);
    let mut products: Vec<ProductId> = kept.keys().chain(keeps.keys()).copied().collect();
    products.sort_unstable();
    products.dedup();
    let moves = products.into_iter().map(|product| {
        let reserved = of(&keeps, &product).saturating_sub(of(&kept, &product));
        let on_hand = of(&sent, &product).saturating_neg();
        let reason = match (on_hand, reserved) {
            (..0, _) => StockReason::Dispatched,
            (_, 1..) => StockReason::Reserved,
            (_, _) => StockReason::Released,
        };
        (product, StockMove { reason, order: Some(after.id), on_hand, reserved })
    });
    moves.filter(|(_, moved)| !moved.is_nothing()).collect()
}

/// Refuses an order whose goods are not all free: all of them are kept, or none (G8).
pub(super) fn enough(order: &Order, free: &Goods) -> Result<(), TradeRejection> {
    let short: Vec<Shortage> = wanted(order)
        .into_iter()
        .filter_map(|(product, wanted)| {
            let available = free.get(&product).copied().unwrap_or_default();
            let (place, line) = line_of(order, product)?;
            let shortage = Shortage { line: place, sku: line.sku.clone(), unit: line.unit.clone(), wanted, available };
            (available < wanted).then_some(shortage)
        })
        .collect();
    if short.is_empty() { Ok(()) } else { Err(TradeRejection::OutOfStock(short)) }
}

/// Finds the first line that takes a product out of stock, with its place.
fn line_of(order: &Order, product: ProductId) -> Option<(usize, &Line)> {
    let terms = order.terms.as_deref()?;
    terms.lines.iter().enumerate().find(|(_, line)| line.stocked() == Some(product))
}
