//! A year of trading, day by day, through the door. Each order has a fate drawn at its start; what its parties do each day
//! follows from the fate and from what the order allows.

use super::draw::Draw;
use super::goods::{self, Good, Sides};
use super::people::Trader;
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Fault};
use crate::platform::web::AppState;
use crate::trade::{Take, contract_hash, number_of};
use entrepot_domain::kernel::{OrderId, Role, Zone};
use entrepot_domain::trade::{OrderTerms, PayMethod, ShipmentState, StageState, TradeCommand};
use std::collections::HashMap;
use std::sync::Arc;

/// Days of trading.
pub const DAYS: u64 = 365;

/// What will become of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Draft,
    Unanswered,
    Declined,
    NotFunded,
    NeverShipped,
    Settled,
    Silent,
    Smooth,
}

/// A running demo order.
struct Running {
    id: u128,
    n: u64,
    buyer: u128,
    seller: u128,
    terms: Arc<OrderTerms>,
    fate: Fate,
    born: u64,
    over: bool,
}

/// The stage a year is played on.
pub struct Stage<'a> {
    /// The application.
    pub state: &'a AppState,
    /// The market.
    pub market: u128,
    /// Draws.
    pub draw: Draw,
    /// Buying companies.
    pub buyers: Vec<Trader>,
    /// Selling companies.
    pub sellers: Vec<Trader>,
    /// The goods.
    pub goods: Vec<Good>,
    /// Product identities by supplier and sku.
    pub products: HashMap<(u128, String), String>,
}

impl Stage<'_> {
    pub(super) fn owner(&self, company: u128) -> Actor {
        let trader = self.buyers.iter().chain(&self.sellers).find(|t| t.id == company);
        let user = trader.map_or(0, |t| t.clerk.user);
        Actor { market: self.market, user, session: 0, company: Some(company), role: Role::Owner }
    }

    /// Plays all days with about `orders` orders and proofs that `admin` checks; returns how many orders were drafted.
    pub async fn play(&self, orders: u64, admin: u128) -> Result<u64, Failure> {
        let papers = self.proofs().await?;
        let (mut running, mut drafted, mut talking) = (Vec::new(), 0, Vec::new());
        for day in 0..DAYS {
            self.keep_wallets(day).await?;
            self.prove(day, admin, &papers).await?;
            self.talk(day, &mut talking).await?;
            let due = orders * (day + 1) / DAYS;
            while drafted < due {
                if let Some(order) = self.draft(drafted, day).await? {
                    running.push(order);
                }
                drafted += 1;
            }
            // One after another: the order of the log, and with it the seal, must not depend on who was faster.
            for order in running.iter_mut().filter(|o| !o.over) {
                self.act(order, day).await?;
            }
            running.retain(|o| !o.over);
            let next =
                crate::market::MoveClock { market: self.market, change: crate::market::ClockMove::By(86_400_000_000) };
            self.state.engine.execute(Request::new(Actor::system(self.market), next)).await?;
            self.state.engine.run_due(self.market).await?;
        }
        Ok(drafted)
    }

    fn fate(&self, n: u64) -> Fate {
        match self.draw.below("fate", n, 100) {
            0..3 => Fate::Draft,
            3..8 => Fate::Unanswered,
            8..12 => Fate::Declined,
            12..17 => Fate::NotFunded,
            17..22 => Fate::NeverShipped,
            22..27 => Fate::Settled,
            27..60 => Fate::Silent,
            _ => Fate::Smooth,
        }
    }

    /// Who trades; the first companies trade most, so that their pages have something to tell.
    fn sides(&self, n: u64) -> Option<(&Trader, &Trader)> {
        let favour = |purpose: &str, all: usize| {
            let all = u64::try_from(all).unwrap_or(1);
            let few = self.draw.below(purpose, n * 2, 3) == 0;
            let span = if few { 1 + all / 8 } else { all };
            usize::try_from(self.draw.below(purpose, n * 2 + 1, span)).unwrap_or(0)
        };
        let buyer = self.buyers.get(favour("buyer", self.buyers.len()))?;
        let seller = self.sellers.get(favour("seller", self.sellers.len()))?;
        Some((buyer, seller))
    }

    /// One to three goods of the seller.
    fn choose(&self, n: u64, seller: &Trader) -> Vec<&Good> {
        let own = |g: &&Good| g.supplier_registration == seller.registration;
        let own: Vec<&Good> = self.goods.iter().filter(own).collect();
        let bound = u64::try_from(own.len()).unwrap_or(1);
        let first = usize::try_from(self.draw.below("good", n, bound)).unwrap_or(0);
        let count = 1 + usize::try_from(self.draw.below("lines", n, 3)).unwrap_or(0);
        own.iter().cycle().skip(first).take(count.min(own.len())).copied().collect()
    }

    async fn draft(&self, n: u64, day: u64) -> Result<Option<Running>, Failure> {
        let Some((buyer, seller)) = self.sides(n) else {
            return Ok(None);
        };
        let chosen = self.choose(n, seller);
        let market = self.state.engine.market(self.market).await?;
        let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
        let today = zone.day_of(market.now(self.state.engine.clock().now()));
        let sides = Sides { buyer, seller };
        let products: HashMap<String, String> = self
            .products
            .iter()
            .filter(|((s, _), _)| *s == seller.id)
            .map(|((_, sku), id)| (sku.clone(), id.clone()))
            .collect();
        let terms = Arc::new(goods::terms(self.draw, n, &chosen, &sides, today, &products)?);
        let id = self.state.engine.ids().next();
        let command = TradeCommand::Draft { id: OrderId(id), number: number_of(id).into(), terms: Arc::clone(&terms) };
        let order =
            Running { id, n, buyer: buyer.id, seller: seller.id, terms, fate: self.fate(n), born: day, over: false };
        self.take(&order, order.buyer, command).await?;
        Ok(Some(order))
    }

    /// Takes a step; a refusal by the rules is part of life and answers false.
    async fn take(&self, order: &Running, company: u128, command: TradeCommand) -> Result<bool, Failure> {
        let request = Request::new(self.owner(company), Take { order: order.id, command });
        match self.state.engine.execute(request).await {
            Ok(_) => Ok(true),
            Err(Failure::Refused(refusal)) => {
                tracing::debug!(order = order.n, code = %refusal.code, "demo step refused: {}", refusal.detail);
                Ok(false)
            }
            Err(fault) => Err(fault),
        }
    }

    /// What the parties of one order do on one day.
    async fn act(&self, order: &mut Running, day: u64) -> Result<(), Failure> {
        let age = day - order.born;
        let pause = 1 + self.draw.below("pause", order.n, 3);
        if order.fate == Fate::Draft {
            order.over = true;
            return Ok(());
        }
        if age == 0 {
            self.take(order, order.buyer, TradeCommand::Offer { valid_days: None, contract_hash: Default::default() })
                .await?;
            return Ok(());
        }
        if age == pause {
            return self.answer(order).await;
        }
        if age > pause { self.carry_on(order, age - pause).await } else { Ok(()) }
    }

    async fn answer(&self, order: &mut Running) -> Result<(), Failure> {
        match order.fate {
            Fate::Unanswered | Fate::Draft => order.over = true,
            Fate::Declined => {
                let reason = Some("Our line is booked until next quarter.".into());
                self.take(order, order.seller, TradeCommand::Decline { reason }).await?;
                order.over = true;
            }
            Fate::NotFunded | Fate::NeverShipped | Fate::Settled | Fate::Silent | Fate::Smooth => {
                let accept = TradeCommand::Accept { offer_no: 1, contract_hash: contract_hash(&order.terms) };
                order.over = !self.take(order, order.seller, accept).await? || order.fate == Fate::NotFunded;
            }
        }
        Ok(())
    }

    async fn carry_on(&self, order: &mut Running, age: u64) -> Result<(), Failure> {
        let scope = crate::platform::access::Scope::of(&Actor::system(self.market));
        let (state, _) = crate::trade::load_order(self.state.engine.db(), &scope, order.id).await?;
        if state.status.is_terminal() {
            order.over = true;
            return Ok(());
        }
        let method = if order.n.is_multiple_of(3) { PayMethod::Card } else { PayMethod::Tt };
        for stage in state.stages.iter().filter(|s| s.state == StageState::Due) {
            self.take(order, order.buyer, TradeCommand::Fund { stage: stage.no, method }).await?;
        }
        if order.fate == Fate::NeverShipped {
            return Ok(());
        }
        if order.fate == Fate::Settled && age == 6 {
            let refund_minor = state.money.held / 10 * 9;
            if self.take(order, order.buyer, TradeCommand::ProposeCancellation { refund_minor }).await? {
                self.take(order, order.seller, TradeCommand::AcceptProposal {}).await?;
            }
            return Ok(());
        }
        for shipment in &state.shipments {
            self.ship(order, shipment.no, shipment.state, age).await?;
        }
        Ok(())
    }

    async fn ship(&self, order: &Running, shipment: i32, at: ShipmentState, age: u64) -> Result<(), Failure> {
        match at {
            ShipmentState::Planned => {
                let ready = 8 + self.draw.below("ready", order.n * 4 + u64::try_from(shipment).unwrap_or(0), 22);
                let payable = age == 4;
                if payable {
                    let scope = crate::platform::access::Scope::of(&Actor::system(self.market));
                    let (state, _) = crate::trade::load_order(self.state.engine.db(), &scope, order.id).await?;
                    if let Some(stage) = state.unpaid_before_dispatch(shipment) {
                        self.take(order, order.buyer, TradeCommand::Fund { stage: stage.no, method: PayMethod::Tt })
                            .await?;
                    }
                }
                if age >= ready {
                    let papers = serde_json::json!({
                        "shipment": shipment, "carrier": "Northern Star Line", "tracking_no": format!("NSL{:07}", order.n * 10 + 1),
                        "documents": ["bill-of-lading.pdf", "packing-list.pdf", "commercial-invoice.pdf"],
                        "eta_days": 12 + self.draw.below("eta", order.n, 18),
                    });
                    let command = TradeCommand::from_json("shipment.dispatch", papers).map_err(Fault::new)?;
                    self.take(order, order.seller, command).await?;
                }
            }
            ShipmentState::Delivered if order.fate != Fate::Silent => {
                self.take(order, order.buyer, TradeCommand::AcceptShipment { shipment }).await?;
            }
            ShipmentState::Delivered
            | ShipmentState::Dispatched
            | ShipmentState::Accepted
            | ShipmentState::AutoAccepted
            | ShipmentState::Cancelled => {}
        }
        Ok(())
    }
}
