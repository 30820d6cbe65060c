//! A market to work in, made through the library before the server starts: two companies, a full wallet, demo users.

use crate::server::Launch;
use clap::Parser;
use entrepot::config::Config;
use entrepot::platform::access::Actor;
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::Request;
use entrepot::platform::ids::Ids;
use entrepot::{boot, identity, market, wallet};
use entrepot_domain::kernel::{Currency, MarketTime, Money, Role};
use entrepot_domain::market::Era;
use serde_json::{Value, json};

pub const MARKET: u128 = 0xA;
pub const BUYER: u128 = 0xB0;
pub const SELLER: u128 = 0x5E;
/// 2026-01-05 01:00 UTC, 09:00 in Shanghai.
const START: MarketTime = MarketTime(1_767_574_800_000_000);

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// Runs something that needs the async runtime, to its end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// Fills the empty database this server will serve.
pub fn prepare(launch: &Launch) {
    let files = launch.folder.join("files");
    std::fs::create_dir_all(&files).expect("a folder for files");
    let words = ["torture", "--demo", "--database", &launch.database, "--files", &files.display().to_string()]
        .map(str::to_owned);
    let config = Cli::parse_from(words).config;
    block_on(fill(config));
}

async fn fill(config: Config) {
    let state = boot::open(config, Clock::machine(), Ids::random(Clock::machine())).await.expect("the database opens");
    let open = market::OpenMarket::new(MARKET, "Torture", Era::Data, state.engine.clock().now(), START);
    state.engine.execute(Request::new(Actor::system(MARKET), open)).await.expect("a market");
    for (id, name, sells) in [(BUYER, "Buyer", false), (SELLER, "Seller", true)] {
        let company = identity::OpenCompany {
            id,
            name: name.to_owned(),
            name_zh: None,
            country: "DE".to_owned(),
            registration_number: format!("HRB {id}"),
            city: "Hamburg".to_owned(),
            founded: None,
            about: String::new(),
            buys: !sells,
            sells,
            owner: None,
        };
        state.engine.execute(Request::new(Actor::system(MARKET), company)).await.expect("a company");
    }
    identity::demo::ensure_users(&state, MARKET, BUYER, SELLER).await.expect("users");
    let amount = Money { minor: 90_000_000_000_000, currency: Currency::parse("USD").expect("a currency") };
    let pay_in = wallet::PayIn { payment: 5, company: BUYER, amount, reference: "opening".to_owned() };
    let owner = Actor { market: MARKET, user: 0, session: 0, company: Some(BUYER), role: Role::Owner };
    state.engine.execute(Request::new(owner, pay_in)).await.expect("money");
}

/// Day by which goods are shipped in a market whose clock has not been moved.
pub const SHIP_BY: &str = "2026-03-01";

/// Day by which goods are shipped that are ordered at this moment of the market: 55 days later, so that one leap of forty
/// days stays before it and a second one passes it.
pub fn ship_by(now: &str) -> String {
    let now: jiff::Timestamp = now.parse().expect("a moment");
    let then = now + jiff::SignedDuration::from_hours(55 * 24);
    then.strftime("%Y-%m-%d").to_string()
}

/// Terms of 10,000.00: 30 % deposit, 70 % balance, one shipment; `reference` is the buyer's own number.
pub fn terms(reference: &str, ship_by: &str) -> Value {
    let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
    json!({
        "buyer": format!("{BUYER:032x}"), "seller": format!("{SELLER:032x}"), "currency": "USD",
        "lines": [{ "product": null, "sku": "S-1", "title": "Hex bolts", "hs_code": "731815", "unit": "pcs", "quantity": "10000", "unit_price": "1" }],
        "freight_minor": "0", "discount_minor": "0", "tax_minor": "0",
        "incoterm": { "code": "FOB", "place": "Ningbo" },
        "delivery_address": { "name": "B", "street": "S", "city": "H", "region": "H", "postcode": "1", "country": "DE" },
        "consignee": "B", "buyer_contact": contact, "seller_contact": contact, "po_number": reference,
        "stages": [
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3000, "shipment": null },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 7000, "shipment": null },
        ],
        "shipments": [{ "ship_by": ship_by, "quantities": ["10000"] }],
        "acceptance_days": 15, "claim_window_days": 30, "deposit_days": 10,
        "quality_points": [{ "point": "Thread", "bound": "within", "value": "8", "tolerance": "0.05", "unit": "mm", "method": "gauge 6g" }],
        "notes": "",
    })
}
