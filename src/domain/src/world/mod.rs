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
    Deadline, Order, OrderTerms, Step, TradeCommand, TradeContext, TradeEvent, TradeRejection, evolve, judge,
    list_deadlines,
};
use books::Books;

/// Is a market in memory: one currency, companies numbered from 1, orders numbered by their place in the arena.
#[derive(Debug, Clone)]
pub struct World {
    now: MarketTime,
    currency: Currency,
    params: RuleParams,
    zone: Zone,
    orders: Vec<Order>,
    books: Books,
    heap: BinaryHeap<Reverse<(MarketTime, u32, Deadline)>>,
    effects: Effects<TradeEvent>,
    before: Vec<Deadline>,
    after: Vec<Deadline>,
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
            effects: Effects::new(),
            before: Vec::new(),
            after: Vec::new(),
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

    /// Drafts an order at the end of the arena and gives its place.
    pub fn draft(&mut self, actor: Actor, number: Arc<str>, terms: Arc<OrderTerms>) -> Result<u32, TradeRejection> {
        if terms.currency != self.currency {
            return Err(TradeRejection::AmendmentNotAllowed { pointer: "/terms/currency".into() });
        }
        let index = u32::try_from(self.orders.len()).map_err(|_| TradeRejection::AmountTooLarge)?;
        let id = OrderId(u128::from(index));
        self.orders.push(Order::new(id));
        let drafted = self.apply(index, actor, &TradeCommand::Draft { id, number, terms });
        if drafted.is_err() {
            self.orders.pop();
        }
        drafted.map(|()| index)
    }

    /// Runs one command on the order at this place; a refusal has changed nothing.
    pub fn apply(&mut self, index: u32, actor: Actor, command: &TradeCommand) -> Result<(), TradeRejection> {
        let slot = usize::try_from(index).ok().and_then(|at| self.orders.get_mut(at));
        let order =
            slot.ok_or(TradeRejection::WrongState { step: command.step(), status: crate::trade::OrderStatus::New })?;
        let buyer = order.terms.as_ref().map_or(CompanyId(0), |terms| terms.buyer);
        let ctx = TradeContext {
            now: self.now,
            actor,
            wallet_available: self.books.get(&Account::of(AccountKind::Buyer, buyer.0, self.currency)),
            params: &self.params,
            zone: &self.zone,
        };
        judge(order, command, &ctx, &mut self.effects)?;
        self.books.post_all(&self.effects)?;
        list_deadlines(order, &mut self.before);
        for event in &self.effects.events {
            evolve(order, event);
        }
        if matches!(command.step(), Step::Accept | Step::AcceptProposal) {
            self.books.open_escrow(usize::try_from(index).unwrap_or(0), order.stages.len());
        }
        list_deadlines(order, &mut self.after);
        // Old entries stay in the heap and are skipped when they come up.
        for deadline in self.after.iter().filter(|deadline| !self.before.contains(deadline)) {
            self.heap.push(Reverse((deadline.due, index, *deadline)));
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
        while let Some(Reverse((due, index, deadline))) = self.heap.peek().copied().filter(|entry| entry.0.0 <= to) {
            self.heap.pop();
            let Some(order) = self.orders.get(usize::try_from(index).unwrap_or(usize::MAX)) else {
                continue;
            };
            list_deadlines(order, &mut self.before);
            if !self.before.contains(&deadline) {
                continue;
            }
            self.now = self.now.max(due);
            if let Some(command) = TradeCommand::from_deadline(deadline.step.name(), deadline.part) {
                self.apply(index, Actor::System, &command)?;
                taken = taken.saturating_add(1);
            }
        }
        self.now = to;
        Ok(taken)
    }

    /// Gives the time of the next deadline, if any order waits for one.
    #[must_use]
    pub fn next_deadline(&self) -> Option<MarketTime> {
        self.heap.peek().map(|entry| entry.0.0)
    }

    fn next_event(&mut self) -> EventId {
        self.events = self.events.saturating_add(1);
        EventId(u128::from(self.events))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
