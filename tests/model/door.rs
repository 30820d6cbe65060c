//! The other grounds: the whole service behind its door, on SQLite or PostgreSQL. Every walk has a market of its own, so
//! many walk at once and the door has groups to commit.

use crate::product::{PURSES, Seen, command, of_order, refused, terms};
use crate::walk::{Ground, START};
use crate::words::{Terms, Verdict, What, Who};
use entrepot::identity::OpenCompany;
use entrepot::platform::access::{Actor, Scope};
use entrepot::platform::clock::Clock;
use entrepot::platform::database::Database;
use entrepot::platform::engine::{Command, Engine, Idempotency, Request};
use entrepot::platform::ids::Ids;
use entrepot::platform::live::Live;
use entrepot::platform::problem::Failure;
use entrepot::platform::rows;
use entrepot::{boot, market, trade, wallet};
use entrepot_domain::kernel::{Currency, MarketTime, Money, Role};
use entrepot_domain::ledger::AccountKind;
use entrepot_domain::market::Era;
use entrepot_domain::trade::{ContractHash, Order, OrderTerms, Step, TradeCommand};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The service on a fresh database.
pub struct Service {
    pub engine: Engine,
    _folder: tempfile::TempDir,
}

impl Service {
    pub async fn start(postgres: bool) -> Self {
        // In memory where there is such a file system: what a disk keeps is tested elsewhere.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let url = if postgres { fresh_postgres().await } else { format!("sqlite://{}/w.db", folder.path().display()) };
        let db = Database::open(&url).await.unwrap();
        let engine =
            Engine::start(db, Clock::manual(START), Ids::seeded(1), boot::registry(), Live::default()).unwrap();
        Self { engine, _folder: folder }
    }
}

async fn fresh_postgres() -> String {
    use sea_orm::ConnectionTrait;
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let base = std::env::var("ENTREPOT_TEST_POSTGRES")
        .expect("ENTREPOT_TEST_POSTGRES is not set: run the tests through `make test` or scripts/with-postgres.sh");
    let name = format!("walk{}_{}", std::process::id(), NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
    let server = sea_orm::Database::connect(&base).await.unwrap();
    server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    base.replacen("/postgres?", &format!("/{name}?"), 1)
}

/// One market of the service.
pub struct Door {
    engine: Engine,
    market: u128,
    orders: Vec<u128>,
    /// Requests so far: each has a repeat key of its own; and whether the last answer was a stored one.
    asked: u64,
    replayed: bool,
}

fn company(no: u8) -> u128 {
    u128::from(no)
}

fn founded(no: u8) -> OpenCompany {
    OpenCompany {
        id: company(no),
        name: format!("Company {no}"),
        name_zh: None,
        country: "DE".into(),
        registration_number: format!("HRB {no}"),
        city: String::new(),
        founded: None,
        about: String::new(),
        buys: true,
        sells: true,
        owner: None,
    }
}

fn product_terms(terms_in_words: &Terms) -> Arc<OrderTerms> {
    Arc::new(terms(terms_in_words, company))
}

fn judged(result: Result<entrepot::platform::engine::Receipt, Failure>) -> Verdict {
    match result {
        Ok(receipt) => match receipt.json().unwrap().get("already") {
            Some(already) if already == true => Verdict::Already,
            _ => Verdict::Done,
        },
        Err(Failure::Refused(refusal)) => refused(refusal.status),
        Err(Failure::Failed(fault)) => panic!("the service failed: {fault:?}"),
    }
}

impl Door {
    pub async fn open(service: &Service) -> Self {
        let engine = service.engine.clone();
        let market = engine.ids().next();
        let open = market::OpenMarket::new(market, "Walk", Era::Data, START, MarketTime(START));
        engine.execute(Request::new(Actor::system(market), open)).await.unwrap();
        for no in 1..=3 {
            engine.execute(Request::new(Actor::system(market), founded(no))).await.unwrap();
        }
        Self { engine, market, orders: Vec::new(), asked: 0, replayed: false }
    }

    fn actor(&self, who: Who) -> Actor {
        let role = Role::parse(who.role).unwrap();
        Actor { market: self.market, user: 1, session: 1, company: who.company.map(company), role }
    }

    async fn send(&mut self, who: Who, command: impl Command + 'static, version: Option<i64>) -> Verdict {
        let key = Some(Idempotency { key: self.asked.to_string(), body_hash: [0; 32] });
        let request = Request::new(self.actor(who), command).expecting(version).idempotent(key);
        let answer = self.engine.execute(request).await;
        self.replayed = answer.as_ref().is_ok_and(|receipt| receipt.replayed);
        judged(answer)
    }

    async fn once(&mut self, who: Who, what: &What) -> Verdict {
        match what {
            What::PayIn(currency, minor) => self.pay(who, currency, *minor, true).await,
            What::Withdraw(currency, minor) => self.pay(who, currency, *minor, false).await,
            What::Draft(drafted) => self.draft(who, drafted).await,
            What::Step(at, step, told, version) => self.step(who, *at, step, told, *version).await,
            What::Clock(to) => {
                let change = market::ClockMove::To(MarketTime(*to));
                let verdict = self.send(who, market::MoveClock { market: self.market, change }, None).await;
                self.engine.run_due(self.market).await.unwrap();
                verdict
            }
        }
    }

    async fn order(&self, id: u128) -> (Order, i64) {
        let sql = "SELECT o.state, o.version, a.body FROM trade_order o \
            JOIN agreement a ON a.market_id = o.market_id AND a.hash = o.agreement WHERE o.market_id = $1 AND o.id = $2";
        let row = rows::query_one(self.engine.db().read(), sql, vec![rows::id(self.market), rows::id(id)]);
        let row = row.await.unwrap().unwrap();
        let part = |column: &str| -> serde_json::Value {
            serde_json::from_str(&row.try_get::<String>("", column).unwrap()).unwrap()
        };
        let (mut state, agreed) = (part("state"), part("body"));
        state["terms"] = agreed["terms"].clone();
        state["rules"] = agreed["rules"].clone();
        (serde_json::from_value(state).unwrap(), row.try_get("", "version").unwrap())
    }

    async fn step(
        &mut self,
        who: Who,
        at: usize,
        step: &str,
        told: &crate::words::Told,
        version: Option<i64>,
    ) -> Verdict {
        let Some(id) = self.orders.get(at).copied() else {
            let nowhere = trade::Take { order: 1, command: TradeCommand::AcceptProposal {} };
            return self.send(who, nowhere, version).await;
        };
        let (order, _) = self.order(id).await;
        let read = order.terms.as_deref().map_or(ContractHash::default(), trade::contract_hash);
        let Some(command) = command(step, told, read, product_terms) else { return Verdict::Invalid };
        self.send(who, trade::Take { order: id, command }, version).await
    }

    async fn draft(&mut self, who: Who, drafted: &Terms) -> Verdict {
        let order = self.engine.ids().next();
        let number = trade::number_of(order).into();
        let id = entrepot_domain::kernel::OrderId(order);
        let command = TradeCommand::Draft { id, number, terms: product_terms(drafted) };
        let verdict = self.send(who, trade::Take { order, command }, None).await;
        if verdict == Verdict::Done {
            self.orders.push(order);
        }
        verdict
    }

    async fn pay(&mut self, who: Who, currency: &str, minor: i64, inward: bool) -> Verdict {
        let amount = Money::new(minor, Currency::parse(currency).unwrap());
        let (payment, company) = (self.engine.ids().next(), company(who.company.unwrap()));
        if inward {
            let pay_in = wallet::PayIn { payment, company, amount, reference: String::new() };
            return self.send(who, pay_in, None).await;
        }
        self.send(who, wallet::Withdraw { payment, company, amount }, None).await
    }
}

impl Ground for Door {
    const DOOR: bool = true;

    async fn apply(&mut self, who: Who, what: &What) -> Verdict {
        self.asked += 1;
        let verdict = self.once(who, what).await;
        // The same request under the same key is answered from store and does nothing.
        if verdict == Verdict::Done && self.asked.is_multiple_of(3) {
            let orders = self.orders.len();
            assert_eq!((self.once(who, what).await, self.replayed), (Verdict::Done, true), "repeated: {what:?}");
            self.orders.truncate(orders);
        }
        verdict
    }

    async fn look(&mut self) -> Seen {
        // On PostgreSQL the sealer folds the platform's own accounts.
        while self.engine.seal(self.market).await.unwrap() > 0 {}
        let db = self.engine.db();
        let scope = Scope::of(&Actor::system(self.market));
        let sql = "SELECT subject_id, step, part, due_at FROM deadline WHERE market_id = $1";
        let mut open: BTreeMap<u128, BTreeMap<(&'static str, i64), i64>> = BTreeMap::new();
        for row in rows::query(db.read(), sql, vec![rows::id(scope.market())]).await.unwrap() {
            let step: String = row.try_get("", "step").unwrap();
            let key = (Step::parse(&step).unwrap().name(), row.try_get("", "part").unwrap());
            let of = open.entry(rows::get_id(&row, "subject_id").unwrap()).or_default();
            of.insert(key, row.try_get("", "due_at").unwrap());
        }
        let mut seen = Seen::default();
        for id in &self.orders {
            let (order, version) = self.order(*id).await;
            seen.orders.push(of_order(&order, Some(version), open.remove(id).unwrap_or_default()));
        }
        assert!(open.is_empty(), "deadlines of no order: {open:?}");
        let sql = "SELECT owner_id, kind, currency, balance FROM account WHERE market_id = $1 AND balance <> 0";
        for row in rows::query(db.read(), sql, vec![rows::id(self.market)]).await.unwrap() {
            let (kind, currency): (String, String) =
                (row.try_get("", "kind").unwrap(), row.try_get("", "currency").unwrap());
            let currency = ["USD", "CNY"].into_iter().find(|c| *c == currency).unwrap();
            let (owner, balance) = (rows::get_id(&row, "owner_id").unwrap(), row.try_get("", "balance").unwrap());
            let kinds = [AccountKind::Buyer, AccountKind::Seller, AccountKind::Reserve];
            if let Some(at) = kinds.iter().position(|k| k.code() == kind) {
                seen.purses.insert((owner as u8, PURSES[at], currency), balance);
            } else if kind == AccountKind::BankClient.code() {
                seen.bank.insert(currency, balance);
            }
        }
        seen
    }
}
