//! Controls for ready stock: a market of the whole product with two orders that take from stock, and who tampers with it.

use super::super::{Check, Report, verify};
use super::play::{MARKET, T0};
use super::{examine, unguarded};
use crate::catalog::{Draft, ListProduct};
use crate::identity::OpenCompany;
use crate::market::OpenMarket;
use crate::platform::access::Actor;
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::engine::{Command, Engine, Request};
use crate::platform::ids::Ids;
use crate::platform::live::Live;
use crate::platform::rows;
use crate::stock::Adjust;
use crate::trade::{Take, number_of};
use crate::wallet::PayIn;
use entrepot_domain::catalog::StockReason;
use entrepot_domain::kernel::{Currency, MarketTime, Money, Quantity, Role};
use entrepot_domain::market::Era;
use entrepot_domain::trade::TradeCommand;
use serde_json::{Value, json};

const BUYER: u128 = 0xb;
const SELLER: u128 = 0x5;
const PRODUCT: u128 = 0x77;
/// Sent in part: 600 of 1,000 have left.
const SENT: u128 = 0x0a;
/// Paid for, nothing left yet: 1,000.
const KEPT: u128 = 0x0b;
/// Agreed, not paid for.
const AGREED: u128 = 0x0c;

/// The market with its database.
struct Yard {
    engine: Engine,
    _folder: tempfile::TempDir,
}

impl Yard {
    async fn send(&self, actor: Actor, command: impl Command + 'static) {
        let step = command.step();
        self.engine.execute(Request::new(actor, command)).await.unwrap_or_else(|e| panic!("{step}: {e:?}"));
    }

    async fn step(&self, company: u128, order: u128, name: &str, params: Value) {
        let command = TradeCommand::from_json(name, params).unwrap();
        let actor = Actor { market: MARKET, user: company, session: 0, company: Some(company), role: Role::Owner };
        self.send(actor, Take { order, command }).await;
    }

    /// An order of 1,000 pieces out of stock in two shipments, accepted; how far it goes from there is the caller's.
    async fn agree(&self, order: u128) {
        let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
        let terms = json!({
            "buyer": format!("{BUYER:032x}"), "seller": format!("{SELLER:032x}"), "currency": "USD",
            "lines": [{ "product": format!("{PRODUCT:032x}"), "sku": "S-1", "title": "Hex bolts", "hs_code": "731815",
                "unit": "pcs", "quantity": "1000", "unit_price": "1" }],
            "incoterm": { "code": "FOB", "place": "Ningbo" }, "consignee": "B",
            "delivery_address": { "name": "B", "street": "S", "city": "H", "region": "H", "postcode": "1", "country": "DE" },
            "buyer_contact": contact, "seller_contact": contact,
            "stages": [{ "kind": "deposit", "trigger": "agreed", "share_bps": 10_000, "shipment": null }],
            "shipments": [{ "ship_by": "2026-03-01", "quantities": ["600"] }, { "ship_by": "2026-03-20", "quantities": ["400"] }],
            "quality_points": [{ "point": "Thread", "bound": "within", "value": "8", "tolerance": "0.05", "unit": "mm", "method": "gauge" }],
        });
        let draft = json!({ "id": format!("{order:032x}"), "number": number_of(order), "terms": terms });
        self.step(BUYER, order, "order.draft", draft).await;
        self.step(BUYER, order, "order.offer", json!({})).await;
        let scope = crate::platform::access::Scope::of(&Actor::system(MARKET));
        let (state, _) = crate::trade::load_order(self.engine.db(), &scope, order).await.unwrap();
        let hash = state.offer.unwrap().contract_hash;
        self.step(SELLER, order, "order.accept", json!({ "offer_no": 1, "contract_hash": hash })).await;
    }

    async fn fund(&self, order: u128) {
        self.step(BUYER, order, "stage.fund", json!({ "stage": 1, "method": "tt" })).await;
    }
}

fn company(id: u128) -> OpenCompany {
    OpenCompany {
        id,
        name: format!("Company {id}"),
        name_zh: None,
        country: "CN".to_owned(),
        registration_number: format!("N{id}"),
        city: String::new(),
        founded: None,
        about: String::new(),
        buys: true,
        sells: true,
        owner: None,
    }
}

/// Plays it: 3,000 listed, 50 damaged, one order paid and sent in part, one paid, one only agreed.
async fn yard() -> Yard {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(&format!("sqlite://{}/yard.db", folder.path().display())).await.unwrap();
    let engine =
        Engine::start(db, Clock::manual(T0), Ids::seeded(1), crate::boot::registry(), Live::default()).unwrap();
    let yard = Yard { engine, _folder: folder };
    let (system, amount) = (Actor::system(MARKET), Money::new(1_000_000, Currency::USD));
    yard.send(system.clone(), OpenMarket::new(MARKET, "Test", Era::Transaction, T0, MarketTime(T0))).await;
    for id in [BUYER, SELLER] {
        yard.send(system.clone(), company(id)).await;
    }
    yard.send(system.clone(), PayIn { payment: 1, company: BUYER, amount, reference: String::new() }).await;
    let draft: Draft = serde_json::from_value(json!({
        "sku": "S-1", "title": "Hex bolts", "category": "hardware", "hs_code": "731815", "unit": "pcs", "origin": "CN",
        "currency": "USD", "moq": "1", "ladder": [{ "from_quantity": "1", "unit_price": "1" }], "lead_days": 5,
        "supply": "ready_stock", "on_hand": "3000", "incoterm": { "code": "FOB", "place": "Ningbo" },
    }))
    .unwrap();
    let on_hand = draft.stated_on_hand();
    let listing = draft.listing(PRODUCT, SELLER).unwrap();
    yard.send(system.clone(), ListProduct { listing, sells: true, on_hand }).await;
    let (reason, quantity) = (StockReason::Damaged, Quantity(50_000));
    let note = "wet cartons".to_owned();
    yard.send(system, Adjust { id: 9, product: PRODUCT, reason, quantity, note, expected_version: 1 }).await;
    for order in [SENT, KEPT, AGREED] {
        yard.agree(order).await;
    }
    yard.fund(SENT).await;
    let papers = json!({ "shipment": 1, "carrier": "Line", "documents": ["bl.pdf"], "eta_days": 5 });
    yard.step(SELLER, SENT, "shipment.dispatch", papers).await;
    yard.fund(KEPT).await;
    yard
}

#[tokio::test]
async fn a_stock_that_orders_took_from_has_no_findings() {
    let yard = yard().await;

    let report = verify(yard.engine.db(), None).await.unwrap();

    assert_eq!(report.findings, []);
    let row = rows::query_one(yard.engine.db().read(), "SELECT version, on_hand, reserved FROM stock", vec![]).await;
    let row = row.unwrap().unwrap();
    let number = |column: &str| -> i64 { row.try_get("", column).unwrap() };
    // 3,000 listed, 50 damaged, 600 sent; 400 and 1,000 kept.
    assert_eq!((number("version"), number("on_hand"), number("reserved")), (5, 2_350_000, 1_400_000));
}

async fn tamper(yard: &Yard, statement: &str) -> Report {
    let tx = unguarded(yard.engine.db()).await;
    assert!(rows::execute(&tx, statement, vec![]).await.unwrap() > 0, "{statement} changed nothing");
    let report = examine(&tx, true).await;
    tx.rollback().await.unwrap();
    report
}

#[tokio::test]
async fn whoever_touches_a_stock_or_its_log_is_found() {
    let yard = yard().await;
    let sum = &[Check::StockSum][..];
    let kept = &[Check::StockReserved][..];
    for (statement, checks) in [
        ("UPDATE stock SET on_hand = on_hand + 1", sum),
        ("UPDATE stock SET reserved = reserved - 1", sum),
        ("UPDATE stock SET version = version + 1", sum),
        ("UPDATE stock SET on_hand = 0", sum),
        ("UPDATE stock_move SET on_hand_delta = on_hand_delta + 1 WHERE no = 2", sum),
        ("UPDATE stock_move SET on_hand = on_hand + 1 WHERE no = 3", sum),
        ("UPDATE stock_move SET reason = 'received' WHERE no = 2", sum),
        ("DELETE FROM stock_move WHERE no = 2", sum),
        ("DELETE FROM stock_move WHERE reason = 'reserved'", &[Check::StockSum, Check::StockReserved]),
        ("UPDATE stock_move SET event_id = market_id WHERE no = 2", &[Check::Orphan]),
        ("UPDATE stock_move SET order_id = market_id WHERE no = 3", &[Check::Orphan, Check::StockReserved]),
        (
            "UPDATE trade_order SET status = 'cancelled', state = json_set(state, '$.status', 'cancelled') WHERE version = 4",
            kept,
        ),
        (
            "UPDATE trade_order SET state = json_set(state, '$.shipments[1].state', 'dispatched') WHERE version = 4",
            kept,
        ),
        ("UPDATE trade_order SET state = json_set(state, '$.shipments[0].state', 'planned') WHERE version = 5", kept),
        ("UPDATE trade_order SET state = json_set(state, '$.status', 'active') WHERE version = 3", kept),
        ("DELETE FROM trade_order WHERE version = 4", kept),
    ] {
        let report = tamper(&yard, statement).await;
        for check in checks {
            assert!(report.has(*check), "{statement}: {check:?} is silent, found {:?}", report.findings);
        }
    }
}

/// Who changes the stock and its log alike still has the bytes of the chained event against them.
#[tokio::test]
async fn a_change_told_otherwise_by_its_event_is_found() {
    let yard = yard().await;
    let tx = unguarded(yard.engine.db()).await;
    for statement in [
        "UPDATE stock_move SET on_hand_delta = on_hand_delta + 1000 WHERE no = 2",
        "UPDATE stock_move SET on_hand = on_hand + 1000 WHERE no >= 2",
        "UPDATE stock SET on_hand = on_hand + 1000",
    ] {
        assert!(rows::execute(&tx, statement, vec![]).await.unwrap() > 0);
    }

    let report = examine(&tx, true).await;

    assert_eq!(report.findings.iter().map(|f| f.check).collect::<Vec<_>>(), [Check::StockSum], "{:?}", report.findings);
    tx.rollback().await.unwrap();
}
