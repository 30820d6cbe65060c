//! What a seller's orders of the last 180 market days say: how many were closed, how punctual the dispatch was, what was
//! cancelled and by whose doing.
//!
//! A shipment is judged once its ship-by date is over, or as soon as it is dispatched: on time when dispatched before 24:00
//! of that date (as extended with the buyer's consent), late otherwise. Shipments that were called off before their date, or
//! that wait for the buyer's money, say nothing of the seller. Shares are whole basis points, rounded down; below
//! [`RECORD_MIN`] judged shipments none is given.

use serde::{Deserialize, Serialize};

use super::state::{Order, OrderStatus, Shipment, ShipmentState};
use super::step::Step;
use crate::kernel::{Actor, Bps, MarketTime};

/// Days of 24 hours looked back over.
pub const RECORD_DAYS: i64 = 180;
/// Judged shipments below which no share is told.
pub const RECORD_MIN: i64 = 5;

/// Is what is said of a seller's orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TradeRecord {
    /// Orders closed: delivered, accepted, all money out.
    pub closed: i64,
    /// Shipments judged.
    pub shipments: i64,
    /// Of these, dispatched in time.
    pub on_time: i64,
    /// Of these, dispatched late or not at all.
    pub late: i64,
    /// Orders cut or ended because the seller was late.
    pub cancelled_late: i64,
    /// Orders cut or ended by consent at the seller's request.
    pub cancelled_by_seller: i64,
    /// Share dispatched in time; `None` below [`RECORD_MIN`].
    pub on_time_share: Option<Bps>,
}

impl TradeRecord {
    /// Folds a seller's orders, in any order, as of `now`. Each comes with the market time of its last change.
    #[must_use]
    pub fn of<'a>(orders: impl IntoIterator<Item = (&'a Order, MarketTime)>, now: MarketTime) -> Self {
        let from = now.plus_days(-RECORD_DAYS);
        let mut record = Self::default();
        for (order, changed_at) in orders {
            if changed_at >= from {
                record.count_end(order);
            }
            for shipment in &order.shipments {
                match judged(order, shipment, from, now) {
                    Some(true) => record.on_time += 1,
                    Some(false) => record.late += 1,
                    None => {}
                }
            }
        }
        record.shipments = record.on_time + record.late;
        let share = record.on_time.saturating_mul(10_000).checked_div(record.shipments);
        record.on_time_share = share.filter(|_| record.shipments >= RECORD_MIN).map(Bps);
        record
    }

    fn count_end(&mut self, order: &Order) {
        if order.status == OrderStatus::Closed {
            self.closed += 1;
        }
        match order.ended.map(|done| (done.step, done.actor)) {
            Some((Step::LateCancel, _)) => self.cancelled_late += 1,
            // Who accepts a cancellation is not who asked for it.
            Some((Step::AcceptProposal, Actor::Buyer)) => self.cancelled_by_seller += 1,
            Some(_) | None => {}
        }
    }
}

/// Whether a shipment was in time; `None` for what says nothing, or lies outside the days looked at.
fn judged(order: &Order, shipment: &Shipment, from: MarketTime, now: MarketTime) -> Option<bool> {
    let due = shipment.dates.ship_by_end;
    if due < from {
        return None;
    }
    if let Some(at) = shipment.dispatched_at {
        return Some(at < due);
    }
    if due > now {
        return None;
    }
    match shipment.state {
        // Called off for lateness; any other calling off happened with consent or for the buyer's default.
        ShipmentState::Cancelled => order.ended.is_some_and(|done| done.step == Step::LateCancel).then_some(false),
        ShipmentState::Planned => {
            let runs = order.status == OrderStatus::Active && order.unpaid_before_dispatch(shipment.no).is_none();
            runs.then_some(false)
        }
        ShipmentState::Dispatched | ShipmentState::Delivered => None,
        ShipmentState::Accepted | ShipmentState::AutoAccepted => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Day, OrderId};
    use crate::trade::{Done, ShipDates};

    const DAY: i64 = 86_400_000_000;
    const NOW: MarketTime = MarketTime(400 * DAY);

    /// A shipment due at the end of day `due`, dispatched on day `sent`.
    fn shipment(no: i32, due: i64, sent: Option<i64>) -> Shipment {
        let dates = ShipDates { ship_by_end: MarketTime(due * DAY), ..ShipDates::default() };
        Shipment {
            no,
            ship_by: Day(i32::try_from(due).unwrap() - 1),
            value: 1,
            state: if sent.is_some() { ShipmentState::Dispatched } else { ShipmentState::Planned },
            dates,
            extended_days: 0,
            dispatched_at: sent.map(|day| MarketTime(day * DAY)),
            papers: None,
            eta: None,
            eta_days: 0,
            assume_at: None,
            milestones: [None; 5],
            tracked_by: None,
            delivered_at: None,
            delivered_by: None,
            accept_by: None,
            extended_by_buyer: false,
            extended_by_seller: false,
            accepted_at: None,
        }
    }

    fn order(status: OrderStatus, shipments: Vec<Shipment>) -> Order {
        Order { status, shipments, ..Order::new(OrderId(1)) }
    }

    fn record(orders: &[Order]) -> TradeRecord {
        TradeRecord::of(orders.iter().map(|order| (order, NOW)), NOW)
    }

    #[test]
    fn dispatch_before_24_00_of_the_date_is_in_time_and_at_24_00_is_late() {
        let punctual = order(OrderStatus::Closed, vec![shipment(1, 300, Some(299)), shipment(2, 310, Some(310))]);
        let told = record(&[punctual]);
        assert_eq!((told.closed, told.on_time, told.late, told.on_time_share), (1, 1, 1, None));
    }

    #[test]
    fn a_share_is_told_from_five_shipments_on() {
        let five = (0..5).map(|n| shipment(n + 1, 300, Some(if n == 0 { 305 } else { 290 }))).collect();
        assert_eq!(record(&[order(OrderStatus::Closed, five)]).on_time_share, Some(Bps(8_000)));
    }

    #[test]
    fn silence_past_the_date_is_late_and_what_waits_or_was_called_off_says_nothing() {
        let silent = order(OrderStatus::Active, vec![shipment(1, 390, None), shipment(2, 401, None)]);
        assert_eq!((record(&[silent]).late, record(&[]).shipments), (1, 0));
        let mut dropped = shipment(1, 390, None);
        dropped.state = ShipmentState::Cancelled;
        let done = |step, actor| Some(Done { step, actor, number: 0 });
        let ended = |ended| Order { ended, ..order(OrderStatus::Cancelled, vec![dropped.clone()]) };
        let late = record(&[ended(done(Step::LateCancel, Actor::System))]);
        assert_eq!((late.late, late.cancelled_late), (1, 1));
        let asked_by_seller = record(&[ended(done(Step::AcceptProposal, Actor::Buyer))]);
        assert_eq!((asked_by_seller.late, asked_by_seller.cancelled_by_seller), (0, 1));
        let asked_by_buyer = record(&[ended(done(Step::AcceptProposal, Actor::Seller))]);
        assert_eq!((asked_by_buyer.late, asked_by_buyer.cancelled_by_seller), (0, 0));
    }

    #[test]
    fn what_lies_longer_than_180_days_back_is_forgotten() {
        let old = order(OrderStatus::Closed, vec![shipment(1, 219, Some(230)), shipment(2, 220, Some(200))]);
        let told = TradeRecord::of([(&old, MarketTime(219 * DAY))], NOW);
        assert_eq!((told.closed, told.on_time, told.late), (0, 1, 0));
    }
}
