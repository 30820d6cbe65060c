//! A small market played through the door, for tests: two companies, a pay-in, two orders, a withdrawal.
//!
//! The orders are rows without rules; what the checker looks at is written by the door as always.

use super::props::{Play, Row, Rows};
use crate::market::OpenMarket;
use crate::platform::access::{AccessRow, Actor};
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::engine::{Engine, Key, Receipt, Registry, Request};
use crate::platform::ids::Ids;
use crate::platform::live::Live;
use crate::platform::problem::Failure;
use crate::wallet::{self, PayIn, Withdraw};
use entrepot_domain::kernel::{CompanyId, Currency, Effects, MarketTime, Money, OrderId, Role};
use entrepot_domain::ledger::{Fund, Release, p2_fund, p3_release, p5_refund, p12_reserve};
use entrepot_domain::market::Era;
use entrepot_domain::trade::OrderStatus;
use std::sync::Arc;

pub(crate) const MARKET: u128 = 1 << 120;
pub(crate) const BUYER: u128 = 0xb;
pub(crate) const SELLER: u128 = 0x5;
pub(crate) const ORDER: u128 = 0x0a;
const SECOND: u128 = 0x0b0b;
pub(super) const T0: i64 = 1_767_603_600_000_000;

pub(crate) struct Played {
    pub engine: Engine,
    _folder: tempfile::TempDir,
}

pub(super) type Book = fn(&mut Effects<()>);

/// A company's seat.
pub(crate) fn seat(company: u128, role: Role) -> Actor {
    Actor { market: MARKET, user: company + 1, session: 0, company: Some(company), role }
}

/// An amount of US dollars in cents.
pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

impl Played {
    pub(crate) async fn pay_in(&self, actor: Actor, company: u128, amount: Money) -> Result<Receipt, Failure> {
        let command = PayIn { payment: self.engine.ids().next(), company, amount, reference: "=cmd".to_owned() };
        self.engine.execute(Request::new(actor, command)).await
    }
    pub(crate) async fn withdraw(&self, actor: Actor, company: u128, amount: Money) -> Result<Receipt, Failure> {
        let command = Withdraw { payment: self.engine.ids().next(), company, amount };
        self.engine.execute(Request::new(actor, command)).await
    }
    async fn step(&self, key: Key, row: Row, book: Book) {
        let command = Play { key, row, book };
        self.engine.execute(Request::new(Actor::system(MARKET), command)).await.unwrap();
    }
    async fn order(&self, id: u128, status: OrderStatus, sums: [i64; 4], book: Book) {
        let number = if id == ORDER { "O-1" } else { "O-2" };
        self.step(Key { kind: "order", id }, Row::Order { number, status, sums }, book).await;
    }
}

/// A market of era 2.0 with a buyer and a seller.
pub(crate) async fn open() -> Played {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("play.db").display());
    open_at(&url, folder).await
}

/// The same in a database of the caller's choice, which must be empty.
pub(crate) async fn open_at(url: &str, folder: tempfile::TempDir) -> Played {
    let db = Database::open(url).await.unwrap();
    let access = [AccessRow { step: "order.play", roles: &[], relations: &[], capability: None, money: false }];
    let opening = [AccessRow { step: "market.open", ..access[0] }];
    let registry = Registry::new(
        vec![Arc::new(Rows("order")), Arc::new(Rows("company"))],
        &[&access, &opening, wallet::ACCESS, crate::audit::ACCESS],
        &[],
    );
    let market = OpenMarket::new(MARKET, "Test", Era::Transaction, T0, MarketTime(T0));
    let engine = Engine::start(db, Clock::manual(T0), Ids::seeded(1), registry, Live::default()).unwrap();
    engine.execute(Request::new(Actor::system(MARKET), market)).await.unwrap();
    let played = Played { engine, _folder: folder };
    for id in [BUYER, SELLER] {
        played.step(Key { kind: "company", id }, Row::Company, |_| ()).await;
    }
    played
}

fn fund(fx: &mut Effects<()>, order: u128, stage: i32, minor: i64) {
    p2_fund(fx, &Fund { order: OrderId(order), stage, buyer: CompanyId(BUYER), amount: usd(minor), fee: 15 }).unwrap();
}

fn release(fx: &mut Effects<()>, order: u128, stage: i32, minor: i64) {
    let release = Release {
        order: OrderId(order),
        stage,
        shipment: 1,
        seller: CompanyId(SELLER),
        amount: usd(minor),
        fee: 200,
        premium: 30,
        reserve: 500,
    };
    p3_release(fx, &release).unwrap();
}

/// Plays it all: one order runs with money in escrow, the other is closed, the seller has withdrawn.
pub(crate) async fn play() -> Played {
    let played = open().await;
    run(&played).await;
    played
}

/// Plays it in a market just opened.
pub(crate) async fn run(played: &Played) {
    played.pay_in(seat(BUYER, Role::Owner), BUYER, usd(1_000_000)).await.unwrap();
    played.order(ORDER, OrderStatus::Draft, [0, 0, 0, 0], |_| ()).await;
    played.order(ORDER, OrderStatus::Active, [30_000, 30_000, 0, 0], |fx| fund(fx, ORDER, 1, 30_000)).await;
    played.order(ORDER, OrderStatus::Active, [100_000, 100_000, 0, 0], |fx| fund(fx, ORDER, 2, 70_000)).await;
    played.order(ORDER, OrderStatus::Active, [100_000, 90_000, 10_000, 0], |fx| release(fx, ORDER, 1, 10_000)).await;
    let refund: Book = |fx| p5_refund(fx, OrderId(ORDER), (2, 2), CompanyId(BUYER), usd(7_000)).unwrap();
    played.order(ORDER, OrderStatus::Active, [100_000, 83_000, 10_000, 7_000], refund).await;
    played.order(SECOND, OrderStatus::Draft, [0, 0, 0, 0], |_| ()).await;
    played.order(SECOND, OrderStatus::Agreed, [50_000, 50_000, 0, 0], |fx| fund(fx, SECOND, 1, 50_000)).await;
    played.order(SECOND, OrderStatus::Completed, [50_000, 0, 50_000, 0], |fx| release(fx, SECOND, 1, 50_000)).await;
    let close: Book = |fx| p12_reserve(fx, OrderId(SECOND), CompanyId(SELLER), usd(500)).unwrap();
    played.order(SECOND, OrderStatus::Closed, [50_000, 0, 50_000, 0], close).await;
    played.withdraw(seat(SELLER, Role::Finance), SELLER, usd(20_000)).await.unwrap();
}
