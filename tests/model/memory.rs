//! The first ground: the trade rules in memory (`World`), with the little of the door that they rely on.

use crate::counting::day;
use crate::product::{PURSES, Seen, command, never_offered, of_order, refused, terms};
use crate::walk::{Ground, START};
use crate::words::{Terms, Told, Verdict, What, Who};
use entrepot_domain::kernel::{Account, AccountKind, Actor, CompanyId, Currency, MarketTime, Rejection, Zone};
use entrepot_domain::ledger::LedgerError;
use entrepot_domain::market::RuleParams;
use entrepot_domain::trade::{ContractHash, TradeRejection, already_done, deadlines};
use entrepot_domain::world::World;
use std::sync::Arc;

pub struct Memory {
    world: World,
    by_hand: bool,
    /// The terms of each order that stand, and how often they changed: a number stands for their hash.
    terms: Vec<(Terms, u8)>,
}

impl Memory {
    /// The rules as they are; in every fourth walk a person plays the carrier, and may forget to report.
    pub fn of(seed: u64) -> Self {
        let robot_carrier = i64::from(!seed.is_multiple_of(4));
        Self::new(START, RuleParams { robot_carrier, ..RuleParams::default() })
    }

    pub fn new(now: i64, params: RuleParams) -> Self {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        Self {
            world: World::new(Currency::USD, 3, params, zone, MarketTime(now)),
            by_hand: params.robot_carrier == 0,
            terms: Vec::new(),
        }
    }

    fn party(&self, who: Who, buyer: u8, seller: u8) -> Option<Actor> {
        match (who.role, who.company) {
            ("system", _) => Some(Actor::System),
            ("carrier", _) => Some(Actor::Carrier),
            (_, Some(c)) if c == buyer => Some(Actor::Buyer),
            (_, Some(c)) if c == seller => Some(Actor::Seller),
            _ => None,
        }
    }

    fn step(&mut self, index: usize, who: Who, step: &str, told: &Told) -> Result<Verdict, TradeRejection> {
        let Some(order) = self.world.order(index as u32) else { return Ok(Verdict::NotSeen) };
        let agreed = order.terms.as_ref().unwrap();
        let Some(actor) = self.party(who, agreed.buyer.0 as u8, agreed.seller.0 as u8) else {
            return Ok(Verdict::NotSeen);
        };
        if never_offered(order) && actor != Actor::System && actor != Actor::from(order.drafter) {
            return Ok(Verdict::NotSeen);
        }
        // The door computes the hash of the terms.
        let (standing, no) = &self.terms[index];
        let changed = told.terms.as_ref().is_some_and(|t| t != standing);
        let read = ContractHash([no + u8::from(changed); 32]);
        let Some(command) = command(step, told, read, |t| Arc::new(terms(t, u128::from))) else {
            return Ok(Verdict::Invalid);
        };
        if already_done(order, &command, actor) {
            return Ok(Verdict::Already);
        }
        self.world.apply(index as u32, actor, &command)?;
        if let Some(new) = told.terms.as_ref().filter(|_| changed) {
            self.terms[index] = (new.clone(), no + 1);
        }
        Ok(Verdict::Done)
    }
}

fn judged(result: Result<Verdict, TradeRejection>) -> Verdict {
    result.unwrap_or_else(|rejection| refused(rejection.status()))
}

fn booked(result: Result<(), LedgerError>) -> Verdict {
    match result {
        Ok(()) => Verdict::Done,
        Err(LedgerError::Insufficient { .. }) => Verdict::Conflict,
        Err(_) => Verdict::Invalid,
    }
}

impl Ground for Memory {
    const DOOR: bool = false;

    fn by_hand(&self) -> bool {
        self.by_hand
    }

    async fn apply(&mut self, who: Who, what: &What) -> Verdict {
        match what {
            // The largest payment is the door's rule.
            What::PayIn(_, minor) | What::Withdraw(_, minor) if *minor == i64::MAX => Verdict::Invalid,
            What::PayIn(_, minor) => booked(self.world.pay_in(CompanyId(u128::from(who.company.unwrap())), *minor)),
            What::Withdraw(_, minor) => {
                booked(self.world.withdraw(CompanyId(u128::from(who.company.unwrap())), *minor))
            }
            What::Draft(drafted) => {
                let actor = self.party(who, drafted.buyer, drafted.seller).unwrap();
                let done = self.world.draft(actor, "E-1".into(), Arc::new(terms(drafted, u128::from)));
                self.terms.extend(done.is_ok().then(|| (drafted.clone(), 1)));
                judged(done.map(|_| Verdict::Done))
            }
            What::Step(order, step, told, _) => judged(self.step(*order, who, step, told)),
            What::Clock(to) => judged(self.world.advance(MarketTime(*to)).map(|_| Verdict::Done)),
        }
    }

    async fn look(&mut self) -> Seen {
        assert_eq!(self.world.client_money_gap(), 0, "client money on day {}", day(self.world.now().0));
        let mut seen = Seen::default();
        for order in self.world.orders() {
            let open = deadlines(order).into_iter();
            let open = open.map(|d| ((d.step.name(), i64::from(d.part)), d.due.0)).collect();
            seen.orders.push(of_order(order, None, open));
        }
        for company in 1..=3 {
            for (purse, kind) in PURSES.iter().zip([AccountKind::Buyer, AccountKind::Seller, AccountKind::Reserve]) {
                let balance = self.world.balance(&Account::of(kind, u128::from(company), Currency::USD));
                if balance != 0 {
                    seen.purses.insert((company, purse, "USD"), balance);
                }
            }
        }
        let bank = self.world.balance(&Account::platform(AccountKind::BankClient, Currency::USD));
        if bank != 0 {
            seen.bank.insert("USD", bank);
        }
        seen
    }
}
