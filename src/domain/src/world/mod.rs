//! The world in memory: orders in an arena, balances in one dense vector, deadlines in a heap.
//!
//! Shape: [`World::apply`] runs one command through the same judge and fold as the server; [`World::advance`] moves the
//! clock and lets the system act at each due time. Promises the rules of [`crate::trade`] and [`crate::ledger`] unchanged,
//! at the speed a simulation needs: buffers are reused, nothing is cloned per step. Refuses what the rules refuse, a
//! guarded account below zero (MON-4), another currency than its own, and a clock that runs backwards (TIME-4).

mod books;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::kernel::{
    Account, AccountKind, Actor, CompanyId, Currency, Effects, EventId, MarketTime, Money, OrderId, Zone,
};
use crate::ledger::{LedgerError, p1_pay_in, p6_withdraw};
use crate::market::RuleParams;
use crate::trade::{
    NO_GOODS, Order, OrderStatus, OrderTerms, Step, TradeCommand, TradeContext, TradeEvent, TradeRejection,
    earliest_deadline, evolve, judge,
};
use books::Books;

/// The instant at which an order without a deadline is looked at again.
const NEVER: MarketTime = MarketTime(i64::MAX);

/// Is a market in memory: one currency, companies numbered from 1, orders numbered by their place in the arena.
#[derive(Debug, Clone)]
pub struct World {
    now: MarketTime,
    currency: Currency,
    params: RuleParams,
    zone: Zone,
    orders: Vec<Order>,
    books: Books,
    /// When to look at an order again, and at which.
    heap: BinaryHeap<Reverse<(MarketTime, u32)>>,
    /// The instant each order is looked at again, never after its first deadline; other entries of the heap are stale.
    armed: Vec<MarketTime>,
    /// Places of retired orders, for the next drafts.
    free: Vec<u32>,
    effects: Effects<TradeEvent>,
    /// The rules last pinned to an order: most orders run under the same ones and share them.
    pinned: Option<Arc<RuleParams>>,
    events: u64,
    steps: u64,
}

impl World {
    /// Makes an empty world for companies 1 to `companies`.
    #[must_use]
    pub fn new(currency: Currency, companies: u32, params: RuleParams, zone: Zone, now: MarketTime) -> Self {
        Self {
            now,
            currency,
            params,
            zone,
            orders: Vec::new(),
            books: Books::new(currency, companies),
            heap: BinaryHeap::new(),
            armed: Vec::new(),
            free: Vec::new(),
            effects: Effects::new(),
            pinned: None,
            events: 0,
            steps: 0,
        }
    }

    /// Gives the market time.
    #[must_use]
    pub const fn now(&self) -> MarketTime {
        self.now
    }

    /// Counts the steps taken so far.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// Gives an order by its place.
    #[must_use]
    pub fn order(&self, index: u32) -> Option<&Order> {
        self.orders.get(usize::try_from(index).ok()?)
    }

    /// Lists all orders.
    #[must_use]
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Gives the effects of the last accepted command.
    #[must_use]
    pub const fn last_effects(&self) -> &Effects<TradeEvent> {
        &self.effects
    }

    /// Gives the natural balance of an account in minor units (0 for accounts outside this world).
    #[must_use]
    pub fn balance(&self, account: &Account) -> i64 {
        self.books.get(account)
    }

    /// Gives client bank minus client liabilities: always 0.
    #[must_use]
    pub fn client_money_gap(&self) -> i128 {
        self.books.client_money_gap()
    }

    /// Puts money into a wallet (P1).
    pub fn pay_in(&mut self, buyer: CompanyId, minor: i64) -> Result<(), LedgerError> {
        self.effects.clear();
        let event = self.next_event();
        p1_pay_in(&mut self.effects, buyer, Money::new(minor, self.currency), event)?;
        self.books.post_all(&self.effects)
    }

    /// Takes money out of a seller's wallet (P6).
    pub fn withdraw(&mut self, seller: CompanyId, minor: i64) -> Result<(), LedgerError> {
        self.effects.clear();
        let event = self.next_event();
        p6_withdraw(&mut self.effects, seller, Money::new(minor, self.currency), event)?;
        self.books.post_all(&self.effects)
    }

    /// Drafts an order at a place that was given back, or else at the end of the arena, and gives its place.
    pub fn draft(&mut self, actor: Actor, number: Arc<str>, terms: Arc<OrderTerms>) -> Result<u32, TradeRejection> {
        if terms.currency != self.currency {
            return Err(TradeRejection::AmendmentNotAllowed { pointer: "/terms/currency".into() });
        }
        let reused = self.free.pop();
        let index = match reused {
            Some(index) => index,
            None => u32::try_from(self.orders.len()).map_err(|_| TradeRejection::AmountTooLarge)?,
        };
        let id = OrderId(u128::from(index));
        if reused.is_none() {
            self.orders.push(Order::new(id));
            self.armed.push(NEVER);
        }
        let drafted = self.apply(index, actor, &TradeCommand::Draft { id, number, terms });
        // A refused draft leaves no trace.
        match (&drafted, reused) {
            (Ok(()), _) => {}
            (Err(_), Some(index)) => self.free.push(index),
            (Err(_), None) => {
                self.orders.pop();
                self.armed.pop();
            }
        }
        drafted.map(|()| index)
    }

    /// Gives the place and the memory of an order that has ended to a later draft; false while it has not.
    ///
    /// The place shows a new, empty order until then. A market that runs for years stays as large as its open orders.
    pub fn retire(&mut self, index: u32) -> bool {
        let slot = usize::try_from(index).ok().and_then(|at| self.orders.get_mut(at));
        let Some(order) = slot.filter(|order| order.status.is_terminal()) else {
            return false;
        };
        let mut fresh = Order::new(order.id);
        std::mem::swap(&mut fresh.stages, &mut order.stages);
        std::mem::swap(&mut fresh.shipments, &mut order.shipments);
        std::mem::swap(&mut fresh.cells, &mut order.cells);
        fresh.stages.clear();
        fresh.shipments.clear();
        fresh.cells.clear();
        *order = fresh;
        self.free.push(index);
        true
    }

    /// Runs one command on the order at this place; a refusal has changed nothing.
    pub fn apply(&mut self, index: u32, actor: Actor, command: &TradeCommand) -> Result<(), TradeRejection> {
        let slot = usize::try_from(index).ok().and_then(|at| self.orders.get_mut(at));
        let Some(order) = slot else {
            return Err(TradeRejection::WrongState { step: command.step(), status: OrderStatus::New });
        };
        let buyer = order.terms.as_ref().map_or(CompanyId(0), |terms| terms.buyer);
        let ctx = TradeContext {
            now: self.now,
            actor,
            wallet_available: self.books.get(&Account::of(AccountKind::Buyer, buyer.0, self.currency)),
            stock: &NO_GOODS,
            params: &self.params,
            zone: &self.zone,
        };
        judge(order, command, &ctx, &mut self.effects)?;
        self.books.post_all(&self.effects)?;
        for event in &mut self.effects.events {
            if let TradeEvent::OfferAccepted { rules, .. } = event {
                share(&mut self.pinned, rules);
            }
            evolve(order, event);
        }
        if matches!(command.step(), Step::Accept | Step::AcceptProposal) {
            self.books.open_escrow(usize::try_from(index).unwrap_or(0), order.stages.len());
        }
        if let Some(first) = earliest_deadline(order) {
            self.arm(index, first.due);
        }
        self.steps = self.steps.saturating_add(1);
        Ok(())
    }

    /// Moves the clock forward; on the way the system acts at each due time, in (time, order, step) order.
    ///
    /// Gives the number of steps the system took; refuses to go back (TIME-4).
    pub fn advance(&mut self, to: MarketTime) -> Result<u64, TradeRejection> {
        if to < self.now {
            return Err(TradeRejection::TooEarly { due: self.now });
        }
        let mut taken = 0_u64;
        while let Some(Reverse((due, index))) = self.heap.peek().copied().filter(|entry| entry.0.0 <= to) {
            self.heap.pop();
            let place = usize::try_from(index).unwrap_or(usize::MAX);
            let (Some(order), Some(armed)) = (self.orders.get(place), self.armed.get_mut(place)) else {
                continue;
            };
            if *armed != due {
                continue;
            }
            *armed = NEVER;
            let Some(deadline) = earliest_deadline(order) else { continue };
            if deadline.due > due {
                self.arm(index, deadline.due);
                continue;
            }
            self.now = self.now.max(due);
            if let Some(command) = TradeCommand::from_deadline(deadline.step.name(), deadline.part) {
                let done = self.apply(index, Actor::System, &command);
                if done.is_err() {
                    self.arm(index, due);
                }
                done?;
                taken = taken.saturating_add(1);
            }
        }
        self.now = to;
        Ok(taken)
    }

    /// Has an order looked at again at this instant, unless that happens earlier anyway.
    fn arm(&mut self, index: u32, due: MarketTime) {
        let Some(armed) = usize::try_from(index).ok().and_then(|place| self.armed.get_mut(place)) else {
            return;
        };
        if due < *armed {
            *armed = due;
            self.heap.push(Reverse((due, index)));
        }
    }

    /// Gives an instant before which nothing happens by itself, or none when no order waits for anything.
    ///
    /// The next deadline is never earlier; it is later when the order that waited for this instant has moved on.
    #[must_use]
    pub fn next_deadline(&self) -> Option<MarketTime> {
        self.heap.peek().map(|entry| entry.0.0)
    }

    fn next_event(&mut self) -> EventId {
        self.events = self.events.saturating_add(1);
        EventId(u128::from(self.events))
    }
}

/// Replaces rules by those pinned before, where they are the same.
fn share(pinned: &mut Option<Arc<RuleParams>>, rules: &mut Arc<RuleParams>) {
    match pinned {
        Some(before) if before == rules => *rules = Arc::clone(before),
        Some(_) | None => *pinned = Some(Arc::clone(rules)),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
