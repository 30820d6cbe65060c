//! A bench for orders: runs commands against books and deadlines and checks every invariant after every step.
#![allow(dead_code, reason = "each test file uses its own part of the bench")]

use std::collections::BTreeMap;
use std::sync::Arc;

use entrepot_domain::catalog::{Bound, Incoterm, IncotermCode, Measure, MeasuredPoint};
use entrepot_domain::kernel::{
    Account, AccountKind, Actor, BarePrice, CompanyId, Currency, Effects, EventId, MarketTime, Money, OrderId,
    Quantity, Zone,
};
use entrepot_domain::ledger::{Balances, p1_pay_in};
use entrepot_domain::market::RuleParams;
use entrepot_domain::trade::{
    ContractHash, DispatchPapers, Goods, Line, Order, OrderTerms, PayMethod, QualityPoint, ShipmentTerms, StageKind,
    StageTerms, TradeCommand, TradeContext, TradeEvent, TradeRejection, Trigger, check, deadlines, decide, evolve,
};

pub const BUYER: CompanyId = CompanyId(1);
pub const SELLER: CompanyId = CompanyId(2);
pub const USD: Currency = Currency::USD;
pub const HASH: ContractHash = ContractHash([7; 32]);

pub fn at(text: &str) -> MarketTime {
    text.parse().unwrap()
}

pub fn stage(kind: StageKind, trigger: Trigger, share_bps: i64) -> StageTerms {
    StageTerms { kind, trigger, share_bps, shipment: None }
}

pub fn shipment(ship_by: &str, units: i64) -> ShipmentTerms {
    ShipmentTerms { ship_by: ship_by.parse().unwrap(), quantities: vec![Quantity::whole(units).unwrap()] }
}

/// A point that can be measured; without one nothing can be offered.
pub fn measured() -> QualityPoint {
    QualityPoint::Measured(MeasuredPoint {
        point: "Quantity as packed".into(),
        bound: Bound::Within,
        value: Measure(100_000_000),
        tolerance: Some(Measure(500_000)),
        unit: "%".into(),
        method: "count of every tenth carton".into(),
    })
}

/// 10,000.00 USD; 30/70; shipments of 6,000 and 4,000 (the worked example of the rule book).
pub fn terms() -> OrderTerms {
    OrderTerms {
        buyer: BUYER,
        seller: SELLER,
        currency: USD,
        lines: vec![Line {
            product: None,
            sku: "LAMP-1".into(),
            title: "Desk lamp".into(),
            hs_code: "940521".into(),
            unit: "piece".into(),
            quantity: Quantity::whole(1_000).unwrap(),
            unit_price: BarePrice::parse("10").unwrap(),
            from_stock: None,
        }],
        freight_minor: 0,
        discount_minor: 0,
        tax_minor: 0,
        incoterm: Incoterm { code: IncotermCode::Fob, place: "Ningbo".into() },
        delivery_address: Default::default(),
        consignee: String::new(),
        buyer_contact: Default::default(),
        seller_contact: Default::default(),
        po_number: None,
        stages: vec![
            stage(StageKind::Deposit, Trigger::Agreed, 3_000),
            stage(StageKind::Balance, Trigger::BeforeDispatch, 7_000),
        ],
        shipments: vec![shipment("2026-03-01", 600), shipment("2026-04-01", 400)],
        acceptance_days: 15,
        claim_window_days: 30,
        deposit_days: 10,
        quality_points: vec![measured()],
        aql: None,
        notes: String::new(),
    }
}

pub fn papers() -> Arc<DispatchPapers> {
    Arc::new(DispatchPapers {
        carrier: "COSCO".into(),
        tracking_no: "C1".into(),
        documents: vec!["bill of lading".into()],
    })
}

#[derive(Clone)]
pub struct Bench {
    pub order: Order,
    pub books: Balances,
    pub now: MarketTime,
    pub params: RuleParams,
    pub zone: Zone,
    pub log: Vec<TradeEvent>,
    pub due: BTreeMap<(String, i32), MarketTime>,
    pub journals: Vec<String>,
    /// What is free of ready stock.
    pub stock: Goods,
    pay_ins: u128,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            order: Order::new(OrderId(100)),
            books: Balances::new(),
            now: at("2026-01-05T09:00:00Z"),
            params: RuleParams::default(),
            zone: Zone::parse("Asia/Shanghai").unwrap(),
            log: Vec::new(),
            due: BTreeMap::new(),
            journals: Vec::new(),
            stock: Goods::new(),
            pay_ins: 0,
        }
    }

    pub fn pay_in(&mut self, minor: i64) {
        let mut fx = Effects::<()>::new();
        self.pay_ins += 1;
        p1_pay_in(&mut fx, BUYER, Money::new(minor, USD), EventId(self.pay_ins)).unwrap();
        self.books.post_all(&fx).unwrap();
        self.journals.extend(fx.journals.iter().map(|head| head.natural_text()));
    }

    pub fn context(&self, actor: Actor) -> TradeContext<'_> {
        let wallet = Account::of(AccountKind::Buyer, BUYER.0, USD);
        TradeContext {
            now: self.now,
            actor,
            wallet_available: self.books.get(&wallet),
            stock: &self.stock,
            params: &self.params,
            zone: &self.zone,
        }
    }

    /// Judges without doing.
    pub fn judge(&self, actor: Actor, command: &TradeCommand) -> Result<Effects<TradeEvent>, TradeRejection> {
        let mut fx = Effects::new();
        decide(&self.order, command, &self.context(actor), &mut fx).map(|()| fx)
    }

    /// Runs a command and checks everything that must hold afterwards.
    pub fn run(&mut self, actor: Actor, command: &TradeCommand) -> Result<(), TradeRejection> {
        let before = self.order.clone();
        let fx = match self.judge(actor, command) {
            Ok(fx) => fx,
            Err(refusal) => {
                assert_eq!(self.order, before);
                return Err(refusal);
            }
        };
        assert_eq!(fx.events.len(), 1, "one command, one event: {command:?}");
        self.books.post_all(&fx).unwrap();
        for event in &fx.events {
            let json = serde_json::to_string(event).unwrap();
            assert_eq!(&serde_json::from_str::<TradeEvent>(&json).unwrap(), event, "{json}");
            evolve(&mut self.order, event);
        }
        self.journals.extend(fx.journals.iter().map(|head| head.natural_text()));
        for change in &fx.deadlines {
            let key = (change.step.to_owned(), change.part);
            match change.due {
                Some(due) => self.due.insert(key, due),
                None => self.due.remove(&key),
            };
        }
        self.log.extend(fx.events);
        let row = command.step().row();
        assert!(row.to.contains(&self.order.status), "{} led to {:?}", row.name, self.order.status);
        self.assert_sound();
        Ok(())
    }

    pub fn ok(&mut self, actor: Actor, command: TradeCommand) {
        self.run(actor, &command).unwrap_or_else(|refusal| panic!("{command:?} by {actor:?}: {refusal}"));
    }

    pub fn assert_sound(&self) {
        assert_eq!(check(&self.order), Vec::<String>::new(), "{:#?}", self.order);
        assert_eq!(self.books.client_money_gap(USD), 0);
        let listed: BTreeMap<_, _> =
            deadlines(&self.order).into_iter().map(|d| ((d.step.name().to_owned(), d.part), d.due)).collect();
        assert_eq!(self.due, listed, "deadline changes and deadlines differ");
        for stage in &self.order.stages {
            assert_eq!(self.books.get(&Account::escrow(self.order.id.0, stage.no, USD)), stage.held);
        }
        let mut unique = self.journals.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), self.journals.len(), "a natural key appeared twice");
    }

    pub fn assert_replays(&self) {
        let mut again = Order::new(self.order.id);
        self.log.iter().for_each(|event| evolve(&mut again, event));
        assert_eq!(again, self.order);
        let json = serde_json::to_string(&self.order).unwrap();
        assert_eq!(serde_json::from_str::<Order>(&json).unwrap(), self.order);
    }

    /// Fires the earliest deadline at its due time; false when there is none.
    pub fn fire_next(&mut self) -> bool {
        let next = self.due.iter().map(|((step, part), due)| (*due, step.clone(), *part)).min();
        let Some((due, step, part)) = next else { return false };
        self.now = self.now.max(due);
        let command = TradeCommand::from_deadline(&step, part).unwrap();
        self.ok(Actor::System, command);
        true
    }

    pub fn balance(&self, kind: AccountKind) -> i64 {
        i64::try_from(self.books.total(kind, USD)).unwrap()
    }

    pub fn draft(&mut self, terms: OrderTerms) {
        self.ok(
            Actor::Seller,
            TradeCommand::Draft { id: OrderId(100), number: Arc::from("PO-1"), terms: Arc::new(terms) },
        );
    }

    pub fn agree(&mut self, terms: OrderTerms) {
        self.draft(terms);
        self.ok(Actor::Seller, TradeCommand::Offer { valid_days: None, contract_hash: HASH });
        self.ok(Actor::Buyer, TradeCommand::Accept { offer_no: 1, contract_hash: HASH });
    }

    pub fn fund(&mut self, stage: i32) {
        self.ok(Actor::Buyer, TradeCommand::Fund { stage, method: PayMethod::Tt });
    }

    pub fn activate(&mut self, terms: OrderTerms) {
        self.pay_in(2_000_000);
        self.agree(terms);
        self.fund(1);
    }

    pub fn dispatch(&mut self, shipment: i32) {
        self.ok(Actor::Seller, TradeCommand::Dispatch { shipment, papers: papers(), eta_days: 20 });
    }

    pub fn deliver(&mut self, shipment: i32) {
        self.ok(Actor::Carrier, TradeCommand::Deliver { shipment });
    }

    pub fn accept(&mut self, shipment: i32) {
        self.ok(Actor::Buyer, TradeCommand::AcceptShipment { shipment });
    }
}

/// An amount of the order's currency.
pub fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}
