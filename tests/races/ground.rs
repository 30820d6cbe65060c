//! The whole service behind one or two doors over one database, and markets in which orders can be put where a race
//! begins.

use entrepot::identity::OpenCompany;
use entrepot::platform::access::{Actor, Scope};
use entrepot::platform::clock::Clock;
use entrepot::platform::database::Database;
use entrepot::platform::engine::{Command, Engine, Idempotency, Receipt, Request};
use entrepot::platform::ids::Ids;
use entrepot::platform::live::Live;
use entrepot::platform::problem::Failure;
use entrepot::platform::rows;
use entrepot::{boot, market, trade, wallet};
use entrepot_domain::kernel::{Currency, Day, MarketTime, Money, Role};
use entrepot_domain::market::Era;
use entrepot_domain::trade::{ContractHash, Order, OrderTerms, TradeCommand};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// 2026-01-05 01:00 UTC, 09:00 in Shanghai.
pub const START: i64 = 1_767_574_800_000_000;
pub const DAY: i64 = 86_400_000_000;
const BUYER: u128 = 0xB;
const SELLER: u128 = 0x5;

/// Which engine a house stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One node: the file has one writer.
    Sqlite,
    /// Two nodes over one database.
    Postgres,
}

/// The nodes of one installation.
#[derive(Clone)]
pub struct House {
    pub nodes: Vec<Engine>,
    pub clocks: Vec<Clock>,
    #[allow(dead_code)] // kept for its life
    pub folder: Arc<tempfile::TempDir>,
}

async fn fresh_postgres() -> String {
    use sea_orm::ConnectionTrait;
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let base = std::env::var("ENTREPOT_TEST_POSTGRES")
        .expect("ENTREPOT_TEST_POSTGRES is not set: run the tests through `make test` or scripts/with-postgres.sh");
    let name = format!("race{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let server = sea_orm::Database::connect(&base).await.unwrap();
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    base.replacen("/postgres?", &format!("/{name}?"), 1)
}

impl House {
    pub async fn open(kind: Kind) -> Self {
        Self::prepared(kind, &[]).await
    }

    /// Opens a house whose database was changed by `statements` before anything was written.
    pub async fn prepared(kind: Kind, statements: &[&str]) -> Self {
        // In memory where there is such a file system: what a disk keeps is tested elsewhere.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}/races.db", folder.path().display()),
            Kind::Postgres => fresh_postgres().await,
        };
        let count = if kind == Kind::Sqlite { 1 } else { 2 };
        let (mut nodes, mut clocks) = (Vec::new(), Vec::new());
        for seed in 1..=count {
            let db = Database::open(&url).await.unwrap();
            if seed == 1 && !statements.is_empty() {
                // As the owner of the tables: the server's own role may not change them.
                let owner = Database::attach(&url).await.unwrap();
                for sql in statements {
                    rows::execute(owner.write(), *sql, Vec::new()).await.unwrap();
                }
            }
            let clock = Clock::manual(START);
            let engine = Engine::start(db, clock.clone(), Ids::seeded(seed), boot::registry(), Live::default());
            nodes.push(engine.unwrap());
            clocks.push(clock);
        }
        Self { nodes, clocks, folder: Arc::new(folder) }
    }

    /// A market of its own with a buyer and a seller; the buyer's wallet is full.
    pub async fn lane(&self) -> Lane {
        let market = self.nodes[0].ids().next();
        let lane = Lane { house: self.clone(), market, turn: Arc::default() };
        let open = market::OpenMarket::new(market, "Lane", Era::Data, self.clocks[0].now(), MarketTime(START));
        lane.must(Actor::system(market), open).await;
        for (id, name) in [(BUYER, "Buyer"), (SELLER, "Seller")] {
            lane.must(Actor::system(market), company(id, name)).await;
        }
        lane.pay_in(1_000_000_000_000).await;
        lane
    }

    /// Seals what is waiting and holds books, orders and log against the independent checker.
    pub async fn findings(&self) -> Vec<String> {
        let db = self.nodes[0].db();
        for row in rows::query(db.read(), "SELECT market_id FROM market", Vec::new()).await.unwrap() {
            let market = rows::get_id(&row, "market_id").unwrap();
            while self.nodes[0].seal(market).await.unwrap() > 0 {}
        }
        let report = entrepot::audit::verify(db, None).await.unwrap();
        report.findings.iter().map(|f| format!("{f:?}")).collect()
    }

    /// One number from the database.
    pub async fn number(&self, sql: &str) -> i64 {
        let db = self.nodes[0].db().read();
        rows::query_one(db, sql, Vec::new()).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

fn company(id: u128, name: &str) -> OpenCompany {
    OpenCompany {
        id,
        name: name.to_owned(),
        name_zh: None,
        country: "DE".into(),
        registration_number: format!("HRB {id}"),
        city: String::new(),
        founded: None,
        about: String::new(),
        buys: true,
        sells: true,
        owner: None,
    }
}

/// Who acts in a race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Buyer,
    Seller,
    Carrier,
}

/// How one contender came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The step was taken.
    Done,
    /// 200: it had been taken before (CON-1).
    Already,
    /// A rule said no: status and code.
    Refused(u16, String),
}

pub fn verdict(answer: Result<Receipt, Failure>) -> Verdict {
    match answer {
        Ok(receipt) if receipt.event_id == 0 => Verdict::Already,
        Ok(_) => Verdict::Done,
        Err(Failure::Refused(refusal)) => Verdict::Refused(refusal.status, refusal.code.to_string()),
        Err(Failure::Failed(fault)) => panic!("the service failed: {fault:?}"),
    }
}

/// A market in which one race after another is run.
#[derive(Clone)]
pub struct Lane {
    pub house: House,
    pub market: u128,
    pub turn: Arc<AtomicU64>,
}

impl Lane {
    pub fn actor(&self, who: Who) -> Actor {
        let (user, company, role) = match who {
            Who::Buyer => (1, Some(BUYER), Role::Owner),
            Who::Seller => (2, Some(SELLER), Role::Owner),
            Who::Carrier => (3, None, Role::Carrier),
        };
        Actor { market: self.market, user, session: user, company, role }
    }

    async fn must(&self, actor: Actor, command: impl Command + 'static) -> Receipt {
        let step = command.step();
        self.house.nodes[0].execute(Request::new(actor, command)).await.unwrap_or_else(|e| panic!("{step}: {e:?}"))
    }

    /// A key that no other request has.
    pub fn key(&self) -> Idempotency {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst);
        Idempotency { key: format!("k{turn}"), body_hash: [0; 32] }
    }

    /// Sends a command to a node under a key.
    pub async fn send(
        &self,
        node: usize,
        who: Who,
        command: impl Command + 'static,
        key: Idempotency,
    ) -> Result<Receipt, Failure> {
        let node = &self.house.nodes[node % self.house.nodes.len()];
        node.execute(Request::new(self.actor(who), command).idempotent(Some(key))).await
    }

    pub fn step(&self, order: u128, name: &str, params: Value) -> trade::Take {
        trade::Take { order, command: TradeCommand::from_json(name, params).unwrap() }
    }

    /// Takes a step that must succeed.
    pub async fn take(&self, who: Who, order: u128, name: &str, params: Value) {
        let command = self.step(order, name, params);
        let done = verdict(self.send(0, who, command, self.key()).await);
        assert_eq!(done, Verdict::Done, "{name}");
    }

    pub async fn pay_in(&self, minor: i64) {
        assert_eq!(verdict(self.send(0, Who::Buyer, self.paying_in(minor), self.key()).await), Verdict::Done);
    }

    pub fn paying_in(&self, minor: i64) -> wallet::PayIn {
        let amount = Money::new(minor, Currency::USD);
        wallet::PayIn { payment: self.house.nodes[0].ids().next(), company: BUYER, amount, reference: String::new() }
    }

    pub fn withdrawing(&self, minor: i64) -> wallet::Withdraw {
        let amount = Money::new(minor, Currency::USD);
        wallet::Withdraw { payment: self.house.nodes[0].ids().next(), company: SELLER, amount }
    }

    /// Market time.
    pub async fn now(&self) -> i64 {
        let node = &self.house.nodes[0];
        node.market(self.market).await.unwrap().now(node.clock().now()).0
    }

    /// Moves market time to an instant without firing what falls due.
    pub async fn wait_until(&self, at: i64) {
        let change = market::ClockMove::To(MarketTime(at.max(self.now().await)));
        self.must(Actor::system(self.market), market::MoveClock { market: self.market, change }).await;
    }

    /// Fires what is due, on a node.
    pub async fn due(&self, node: usize) -> u64 {
        self.house.nodes[node % self.house.nodes.len()].run_due(self.market).await.unwrap()
    }

    /// The order as it stands.
    pub async fn order(&self, id: u128) -> Order {
        // The buyer sees its drafts too, which nobody else does.
        let scope = Scope::of(&self.actor(Who::Buyer));
        trade::load_order(self.house.nodes[0].db(), &scope, id).await.unwrap().0
    }

    /// Balance of the seller's wallet.
    pub async fn seller_has(&self) -> i64 {
        let sql = "SELECT balance FROM account WHERE market_id = $1 AND owner_id = $2 AND kind = 'L.SELLER'";
        let db = self.house.nodes[0].db().read();
        let row = rows::query_one(db, sql, vec![rows::id(self.market), rows::id(SELLER)]).await.unwrap();
        row.map_or(0, |row| row.try_get("", "balance").unwrap())
    }

    /// Terms of 10,000.00 with two shipments of 6,000 and 4,000 due 30 and 50 days from now. Stage 1 is the deposit of
    /// 3,000.00, stages 2 and 3 are the balances of the shipments, 4,200.00 and 2,800.00.
    pub async fn terms(&self) -> OrderTerms {
        let today = Day(i32::try_from(self.now().await / DAY).unwrap());
        let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
        let terms = json!({
            "buyer": format!("{BUYER:032x}"), "seller": format!("{SELLER:032x}"), "currency": "USD",
            "lines": [{ "product": null, "sku": "S-1", "title": "Hex bolts", "hs_code": "731815", "unit": "pcs",
                "quantity": "10000", "unit_price": "1" }],
            "freight_minor": "0", "discount_minor": "0", "tax_minor": "0",
            "incoterm": { "code": "FOB", "place": "Ningbo" },
            "delivery_address": { "name": "B", "street": "S", "city": "H", "region": "H", "postcode": "1", "country": "DE" },
            "consignee": "B", "buyer_contact": contact, "seller_contact": contact, "po_number": "PO-1",
            "stages": [
                { "kind": "deposit", "trigger": "agreed", "share_bps": 3000, "shipment": null },
                { "kind": "balance", "trigger": "before_dispatch", "share_bps": 7000, "shipment": null },
            ],
            "shipments": [
                { "ship_by": today.plus(30).to_string(), "quantities": ["6000"] },
                { "ship_by": today.plus(50).to_string(), "quantities": ["4000"] },
            ],
            "acceptance_days": 15, "claim_window_days": 30, "deposit_days": 10,
            "quality_points": [{ "point": "Thread", "bound": "within", "value": "8", "tolerance": "0.05", "unit": "mm", "method": "gauge 6g" }], "notes": "",
        });
        serde_json::from_value(terms).unwrap()
    }

    /// The hash of the offer on the table.
    pub async fn read(&self, order: u128) -> Value {
        let hash: ContractHash = self.order(order).await.offer.unwrap().contract_hash;
        serde_json::to_value(hash).unwrap()
    }

    async fn drafting(&self, id: u128, terms: OrderTerms) -> trade::Take {
        let terms = serde_json::to_value(terms).unwrap();
        let params = json!({ "id": format!("{id:032x}"), "number": trade::number_of(id), "terms": terms });
        self.step(id, "order.draft", params)
    }

    /// Puts a new order where a race begins.
    pub async fn scene(&self, scene: Scene) -> u128 {
        let order = self.house.nodes[0].ids().next();
        let draft = self.drafting(order, self.terms().await).await;
        assert_eq!(verdict(self.send(0, Who::Buyer, draft, self.key()).await), Verdict::Done);
        for stop in &Scene::ALL[1..] {
            if *stop > scene {
                break;
            }
            self.advance(order, *stop).await;
        }
        order
    }

    /// An agreed order of other terms; `None` when they are refused.
    pub async fn agree(&self, terms: OrderTerms) -> Option<u128> {
        let order = self.house.nodes[0].ids().next();
        let draft = self.drafting(order, terms).await;
        if verdict(self.send(0, Who::Buyer, draft, self.key()).await) != Verdict::Done {
            return None;
        }
        for stop in [Scene::Offered, Scene::Agreed] {
            self.advance(order, stop).await;
        }
        Some(order)
    }

    /// An agreed order whose deposit, with its fee, leaves `minor` in a wallet that holds `have`.
    pub async fn draining(&self, have: i64, minor: i64) -> u128 {
        let mut terms = self.terms().await;
        terms.stages.truncate(1);
        terms.stages[0].share_bps = 10_000;
        let fee = 1_500;
        terms.freight_minor = have - minor - fee - 1_000_000;
        self.agree(terms).await.unwrap()
    }

    async fn advance(&self, order: u128, to: Scene) {
        let fund = |stage: i32| json!({ "stage": stage, "method": "tt" });
        match to {
            Scene::Drafted => {}
            Scene::Offered => self.take(Who::Buyer, order, "order.offer", json!({})).await,
            Scene::Agreed => {
                let read = json!({ "offer_no": 1, "contract_hash": self.read(order).await });
                self.take(Who::Seller, order, "order.accept", read).await;
            }
            Scene::Begun => self.take(Who::Buyer, order, "stage.fund", fund(1)).await,
            Scene::Paid => {
                self.take(Who::Buyer, order, "stage.fund", fund(2)).await;
                self.take(Who::Buyer, order, "stage.fund", fund(3)).await;
            }
            Scene::Dispatched => self.take(Who::Seller, order, "shipment.dispatch", papers(1)).await,
            Scene::Delivered => self.take(Who::Buyer, order, "shipment.deliver", json!({ "shipment": 1 })).await,
        }
    }
}

/// What a seller states at dispatch.
pub fn papers(shipment: i32) -> Value {
    json!({ "shipment": shipment, "carrier": "Line", "tracking_no": "T-1", "documents": ["bl.pdf"], "eta_days": 5 })
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scene {
    Drafted,
    Offered,
    Agreed,
    /// The deposit is paid.
    Begun,
    /// Everything is paid.
    Paid,
    /// The first of two shipments is on its way.
    Dispatched,
    Delivered,
}

impl Scene {
    pub const ALL: [Self; 7] =
        [Self::Drafted, Self::Offered, Self::Agreed, Self::Begun, Self::Paid, Self::Dispatched, Self::Delivered];
}
