//! A market of any size, made through the door from a seed: companies, goods, agreed orders. Kept for the next run.
//!
//! Goods and orders are spread over suppliers by Zipf's law, a fourth of the orders are the demo buyer's, so that pages
//! can be read with one session and money can be moved with many.

use super::load::{ask, wire};
use entrepot::config::Config;
use entrepot::platform::access::Actor;
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::Request;
use entrepot::platform::ids::Ids;
use entrepot::platform::problem::Failure;
use entrepot::platform::web::AppState;
use entrepot::{boot, catalog, identity, market, trade, wallet};
use entrepot_domain::kernel::{Currency, MarketTime, Money, OrderId, Role};
use entrepot_domain::trade::{OrderTerms, TradeCommand};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub const MARKET: u128 = 1;
pub const PASSWORD: &str = "quiet-harbour-lamp-seventeen";
/// 2026-01-24 in Shanghai.
const START: MarketTime = MarketTime(1_769_212_800_000_000);
/// Changes when what is made or how it is stored changes, so that what was kept is made anew.
const VERSION: u32 = 3;
const BUYERS: usize = 16;
/// Companies that sell, where a part does not ask for more.
pub const SUPPLIERS: usize = 200;
/// Commands under way at once.
const TOGETHER: usize = 512;

/// How much is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub products: usize,
    pub orders: usize,
    #[serde(default = "usual")]
    pub suppliers: usize,
}

impl Size {
    /// With the usual number of suppliers.
    pub const fn of(products: usize, orders: usize) -> Self {
        Self { products, orders, suppliers: SUPPLIERS }
    }
}

const fn usual() -> usize {
    SUPPLIERS
}

/// What was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    pub size: Size,
    pub products: Vec<String>,
    /// Order, number of its buyer, number of its supplier.
    pub orders: Vec<(String, usize, usize)>,
    /// Companies that buy; the first is the demo buyer's.
    pub buyers: Vec<String>,
    /// Companies that sell; the first is the demo seller's.
    pub suppliers: Vec<String>,
}

/// The e-mail a buyer's owner signs in with; the demo buyer needs none.
pub fn email(buyer: usize) -> String {
    format!("owner{buyer}@bench.example")
}

/// A small generator of numbers: the same seed gives the same market.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end` (splitmix64).
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

/// Draws places from 0 by Zipf's law: place n is drawn in proportion to 1 / (n + 1).
pub struct Zipf(Vec<f64>);

impl Zipf {
    pub fn over(places: usize) -> Self {
        let mut sum = 0.0;
        Self(
            (1..=places.max(1))
                .map(|n| {
                    sum += 1.0 / n as f64;
                    sum
                })
                .collect(),
        )
    }

    pub fn draw(&self, dice: &mut Dice) -> usize {
        let whole = self.0.last().copied().unwrap_or(1.0);
        let at = dice.below(1 << 30) as f64 / f64::from(1 << 30) * whole;
        self.0.partition_point(|sum| *sum <= at).min(self.0.len() - 1)
    }
}

/// A configuration in demo mode on this folder, or on another database.
pub fn config(folder: &Path, listen: SocketAddr, database: Option<&str>) -> Config {
    use clap::Parser;
    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }
    let database = database.map_or_else(|| format!("sqlite://{}/bench.db", folder.display()), str::to_owned);
    let listen = listen.to_string();
    let mut config = Cli::parse_from(["bench", "--demo", "--listen", &listen, "--database", &database]).config;
    config.files = folder.join("files");
    config
}

pub fn free_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The market of this size on SQLite: the one kept, or a new one.
pub fn kept(folder: &Path, size: Size) -> (PathBuf, Made) {
    let place = folder.join(format!("data-{VERSION}-{}-{}", size.products, size.orders));
    let list = place.join("made.json");
    if let Ok(text) = std::fs::read_to_string(&list) {
        return (place, serde_json::from_str(&text).unwrap());
    }
    let _ = std::fs::remove_dir_all(&place);
    let made = apart(&place, size, None);
    (place, made)
}

/// Makes a market in a process of its own, so that nothing of it stays in this one.
pub fn apart(place: &Path, size: Size, database: Option<&str>) -> Made {
    std::fs::create_dir_all(place).unwrap();
    let began = std::time::Instant::now();
    let [products, orders, suppliers] = [size.products, size.orders, size.suppliers].map(|n| n.to_string());
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.arg("--role").arg("make").arg(place).args([&products, &orders, &suppliers]).args(database);
    assert!(command.stdout(std::process::Stdio::null()).status().unwrap().success(), "the market could not be made");
    println!("made {products} products and {orders} agreed orders in {:.1} s", began.elapsed().as_secs_f64());
    serde_json::from_str(&std::fs::read_to_string(place.join("made.json")).unwrap()).unwrap()
}

/// A copy of a kept market, to be written to; on the disk before it is used. Otherwise the system carries its gigabytes there
/// while a case runs, and each commit of the case waits behind them (seen: one of 600 ms among thousands of 7 ms).
pub fn copy(from: &Path, to: &Path) {
    copy_files(from, to);
    let synced = std::process::Command::new("sync").status();
    assert!(synced.is_ok_and(|s| s.success()), "sync failed");
}

fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().filter_map(Result::ok).filter(|e| e.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    // With its index, or the server would build one while it is measured.
    if from.ends_with("search") || from.join("search").is_dir() || from.parent().is_some_and(|p| p.ends_with("search"))
    {
        for entry in std::fs::read_dir(from).unwrap().filter_map(Result::ok).filter(|e| e.path().is_dir()) {
            copy_files(&entry.path(), &to.join(entry.file_name()));
        }
    }
}

/// Makes a market in this process and writes down what was made.
pub fn make(folder: &Path, size: Size, database: Option<&str>) {
    let config = config(folder, free_port(), database);
    let made = actix_web::rt::System::new().block_on(async move {
        let state = boot::open(config, Clock::machine(), Ids::seeded(9)).await.unwrap();
        let server = actix_web::rt::spawn(boot::serve(state.clone()));
        let made = fill(&state, size).await;
        while state.engine.seal(MARKET).await.unwrap() > 0 {}
        while state.engine.follow(MARKET).await.unwrap() > 0 {}
        entrepot::search::Search::of(&state).unwrap().catch_up(state.engine.db()).await.unwrap();
        server.abort();
        if state.engine.db().single_writer() {
            // What the log holds goes into the file, so that a copy of the file is whole.
            use sea_orm::ConnectionTrait;
            state.engine.db().write().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        }
        made
    });
    std::fs::write(folder.join("made.json"), serde_json::to_string(&made).unwrap()).unwrap();
}

async fn fill(state: &AppState, size: Size) -> Made {
    let open =
        market::OpenMarket::new(MARKET, "Bench", entrepot_domain::market::Era::Data, state.engine.clock().now(), START);
    state.engine.execute(Request::new(Actor::system(MARKET), open)).await.unwrap();
    let buyers = buyers(state).await;
    let suppliers = suppliers(state, size.suppliers).await;
    identity::demo::ensure_users(state, MARKET, buyers[0], suppliers[0]).await.unwrap();
    for buyer in &buyers {
        let amount = Money { minor: 900_000_000_000, currency: Currency::parse("USD").unwrap() };
        let payment = state.engine.ids().next();
        let pay_in = wallet::PayIn { payment, company: *buyer, amount, reference: "bench".to_owned() };
        state.engine.execute(Request::new(owner(*buyer), pay_in)).await.unwrap();
    }
    // The clock stands, or a market kept for days would go on by itself.
    let stand = market::MoveClock { market: MARKET, change: market::ClockMove::Pause };
    state.engine.execute(Request::new(Actor::system(MARKET), stand)).await.unwrap();
    let products = products(state, &suppliers, size.products).await;
    let orders = orders(state, &buyers, &suppliers, size.orders).await;
    let text = |ids: &[u128]| ids.iter().map(|id| format!("{id:032x}")).collect::<Vec<_>>();
    Made {
        size,
        products: text(&products),
        orders: orders.into_iter().map(|(id, b, s)| (format!("{id:032x}"), b, s)).collect(),
        buyers: text(&buyers),
        suppliers: text(&suppliers),
    }
}

pub fn owner(company: u128) -> Actor {
    Actor { market: MARKET, user: 0, session: 0, company: Some(company), role: Role::Owner }
}

/// The demo buyer's company, and others that sign up over HTTP so that their owners can sign in.
async fn buyers(state: &AppState) -> Vec<u128> {
    let mut buyers = vec![state.engine.ids().next()];
    open_company(state, buyers[0], "Bench Buyer", false).await;
    let address = state.config.listen;
    for n in 1..BUYERS {
        let body = json!({
            "email": email(n), "password": PASSWORD, "name": format!("Owner {n}"),
            "company": { "name": format!("Buyer {n}"), "country": "DE", "registration_number": format!("HRB-{n}"), "buys": true, "sells": false },
        });
        let request = wire("POST /api/v1/auth/sign-up", "", Some(&format!("sign-up-{n}")), &body.to_string()).to_vec();
        let answer = tokio::task::spawn_blocking(move || ready_and_ask(address, &request)).await.unwrap();
        assert_eq!(answer.0, 201, "{}", String::from_utf8_lossy(&answer.2));
        let me: serde_json::Value = serde_json::from_slice(&answer.2).unwrap();
        let company = me.pointer("/seat/company/id").and_then(|id| id.as_str()).unwrap();
        buyers.push(u128::from_str_radix(company, 16).unwrap());
    }
    buyers
}

fn ready_and_ask(address: SocketAddr, request: &[u8]) -> (u16, String, Vec<u8>) {
    for _ in 0..200 {
        if std::net::TcpStream::connect(address).is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    ask(address, &request.into())
}

async fn suppliers(state: &AppState, count: usize) -> Vec<u128> {
    let suppliers: Vec<u128> = (0..count).map(|_| state.engine.ids().next()).collect();
    for some in suppliers.chunks(TOGETHER).enumerate() {
        let open = |(n, id): (usize, &u128)| {
            let name = format!("Supplier {}", some.0 * TOGETHER + n);
            let id = *id;
            async move { open_company(state, id, &name, true).await }
        };
        futures_util::future::join_all(some.1.iter().enumerate().map(open)).await;
    }
    suppliers
}

async fn open_company(state: &AppState, id: u128, name: &str, sells: bool) {
    let command = identity::OpenCompany {
        id,
        name: name.to_owned(),
        name_zh: None,
        country: if sells { "CN" } else { "DE" }.to_owned(),
        registration_number: format!("R-{id:x}"),
        city: if sells { "Ningbo" } else { "Hamburg" }.to_owned(),
        founded: Some(1999),
        about: String::new(),
        buys: !sells,
        sells,
        owner: None,
    };
    state.engine.execute(Request::new(Actor::system(MARKET), command)).await.unwrap();
}

/// Sends requests through the door, many together, and panics at the first that is refused.
pub async fn all(state: &AppState, requests: impl Iterator<Item = Request>) {
    let mut requests = requests.peekable();
    while requests.peek().is_some() {
        let some = requests.by_ref().take(TOGETHER).map(|r| state.engine.execute(r));
        for outcome in futures_util::future::join_all(some).await {
            let _: Result<_, Failure> = outcome.inspect_err(|failure| panic!("{failure}"));
        }
    }
}

async fn products(state: &AppState, suppliers: &[u128], count: usize) -> Vec<u128> {
    let (mut dice, zipf) = (Dice::new(1), Zipf::over(suppliers.len()));
    let ids: Vec<u128> = (0..count).map(|_| state.engine.ids().next()).collect();
    let requests = ids.iter().enumerate().map(|(n, id)| {
        // Of very many suppliers each has some goods; of few, some have most.
        let place = if suppliers.len() > SUPPLIERS { n % suppliers.len() } else { zipf.draw(&mut dice) };
        let listing = draft(n, &mut dice).listing(*id, suppliers[place]).unwrap();
        Request::new(owner(suppliers[place]), catalog::ListProduct { listing, sells: true, on_hand: None })
    });
    all(state, requests).await;
    ids
}

/// Words that one product in forty has in its title.
pub const MATERIALS: [&str; 40] = [
    "steel", "hex", "bolt", "lamp", "cotton", "fabric", "roll", "solar", "panel", "valve", "brass", "pump", "motor",
    "cable", "copper", "ceramic", "tile", "garden", "chair", "oak", "bearing", "sealed", "filter", "glass", "linen",
    "wool", "mirror", "ladder", "hinge", "socket", "switch", "gasket", "spring", "washer", "nozzle", "magnet",
    "sensor", "tripod", "bucket", "helmet",
];
/// Two dozen leaves of the tree of categories.
pub const CATEGORIES: [&str; 24] = [
    "textiles",
    "garments",
    "shoes",
    "bags-luggage",
    "furniture",
    "home-appliances",
    "lighting",
    "glass-ceramics",
    "kitchenware",
    "garden",
    "electronics",
    "batteries-power",
    "toys",
    "bicycles-sports",
    "stationery",
    "beauty-care",
    "machinery",
    "hardware",
    "fasteners",
    "tools",
    "electrical-equipment",
    "building-materials",
    "auto-parts",
    "packaging",
];
/// Words that one product in a hundred has somewhere.
pub const WORDS: usize = 4_000;

/// A word that can be said, each number its own.
pub fn word(n: usize) -> String {
    const FIRST: [&str; 16] = ["b", "br", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "st", "t", "v"];
    const THEN: [&str; 16] =
        ["a", "e", "i", "o", "u", "ai", "ea", "io", "or", "an", "en", "il", "om", "ur", "es", "ar"];
    let syllable = |n: usize| format!("{}{}", FIRST[n % 16], THEN[n / 16 % 16]);
    format!("{}{}n", syllable(n), syllable(n / 256 + 7 * (n % 256)))
}

/// A product as suppliers write them: six words of title, a description, a ladder of three prices.
fn draft(n: usize, dice: &mut Dice) -> catalog::Draft {
    let material = MATERIALS[dice.below(MATERIALS.len())];
    let mut words = |count: usize| (0..count).map(|_| word(dice.below(WORDS))).collect::<Vec<_>>().join(" ");
    let price = 1 + n % 97;
    let (title, category) = (format!("{material} {}", words(5)), CATEGORIES[n % 24]);
    serde_json::from_value(json!({
        "sku": format!("SKU-{n:06}"), "title": title, "title_zh": "六角螺栓", "category": category, "description": words(40),
        "hs_code": "731815", "unit": "pcs", "origin": "CN", "currency": "USD", "moq": "100", "moq_step": "10",
        "ladder": [
            { "from_quantity": "100", "unit_price": format!("{}.50", price + 2) },
            { "from_quantity": "1000", "unit_price": format!("{}.25", price + 1) },
            { "from_quantity": "10000", "unit_price": format!("{price}.00") },
        ],
        "lead_days": 5 + n % 70, "incoterm": { "code": if n.is_multiple_of(3) { "CIF" } else { "FOB" }, "place": "Ningbo" }, "pictures": [],
        "attributes": { "grade": "8.8", "surface": "zinc" },
    }))
    .unwrap()
}

/// Terms of 1,250.00 in one or two shipments.
pub fn terms(buyer: u128, seller: u128, shipments: usize) -> OrderTerms {
    let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
    let parts = match shipments {
        1 => json!([{ "ship_by": "2026-11-01", "quantities": ["1000"] }]),
        _ => {
            json!([{ "ship_by": "2026-03-01", "quantities": ["600"] }, { "ship_by": "2026-03-20", "quantities": ["400"] }])
        }
    };
    serde_json::from_value(json!({
        "buyer": format!("{buyer:032x}"), "seller": format!("{seller:032x}"), "currency": "USD",
        "lines": [{ "product": null, "sku": "S", "title": "Bolts", "hs_code": "731815", "unit": "pcs", "quantity": "1000", "unit_price": "1.25" }],
        "incoterm": { "code": "FOB", "place": "Ningbo" },
        "delivery_address": { "name": "B", "street": "S", "city": "H", "region": "H", "postcode": "1", "country": "DE" },
        "consignee": "B", "buyer_contact": contact, "seller_contact": contact, "po_number": null,
        "stages": [
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3000, "shipment": null },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 7000, "shipment": null },
        ],
        "shipments": parts,
        "acceptance_days": 15, "claim_window_days": 30, "deposit_days": 10,
        "quality_points": [{ "point": "Thread", "bound": "within", "value": "8", "tolerance": "0.05", "unit": "mm", "method": "gauge 6g" }],
        "notes": "",
    }))
    .unwrap()
}

/// Agreed orders: drafted, offered, accepted.
async fn orders(state: &AppState, buyers: &[u128], suppliers: &[u128], count: usize) -> Vec<(u128, usize, usize)> {
    let (mut dice, zipf) = (Dice::new(2), Zipf::over(suppliers.len()));
    let made: Vec<(u128, usize, usize)> = (0..count)
        .map(|n| {
            let buyer = if n % 4 == 0 { 0 } else { 1 + dice.below(buyers.len() - 1) };
            (state.engine.ids().next(), buyer, zipf.draw(&mut dice))
        })
        .collect();
    for part in made.chunks(TOGETHER) {
        let terms: Vec<_> = part.iter().map(|(_, b, s)| Arc::new(terms(buyers[*b], suppliers[*s], 2))).collect();
        let step = |company: u128, order: u128, command| Request::new(owner(company), trade::Take { order, command });
        let each = || part.iter().zip(&terms);
        let draft = each().map(|((id, b, _), terms)| {
            let number = trade::number_of(*id).into();
            step(buyers[*b], *id, TradeCommand::Draft { id: OrderId(*id), number, terms: Arc::clone(terms) })
        });
        all(state, draft).await;
        let offer = || TradeCommand::Offer { valid_days: None, contract_hash: Default::default() };
        all(state, part.iter().map(|(id, b, _)| step(buyers[*b], *id, offer()))).await;
        let accept = each().map(|((id, _, s), terms)| {
            step(suppliers[*s], *id, TradeCommand::Accept { offer_no: 1, contract_hash: trade::contract_hash(terms) })
        });
        all(state, accept).await;
    }
    made
}
