//! Load through HTTP: money commands on SQLite at FULL durability, reads beside them, and the clock over open orders.
//!
//! Prints figures with the machine and its load; they hold for this machine only. Run with `make bench`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::float_arithmetic, clippy::disallowed_methods)]

use entrepot::config::Config;
use entrepot::platform::access::Actor;
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::Request;
use entrepot::platform::ids::Ids;
use entrepot::platform::web::AppState;
use entrepot::{boot, identity, market, trade, wallet};
use entrepot_domain::kernel::{Currency, MarketTime, Money, OrderId, Role};
use entrepot_domain::trade::TradeCommand;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const MARKET: u128 = 1;
const BUYER: u128 = 0xb0;
const SELLER: u128 = 0x5e;
const CONNECTIONS: usize = 64;
const ORDERS: usize = 12_000;

#[actix_web::main]
async fn main() {
    if std::env::args().any(|a| a == "--test") {
        return; // `cargo test --benches` only checks that it compiles
    }
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = config(folder.path(), port);
    let state = boot::open(config, Clock::machine(), Ids::seeded(9)).await.unwrap();
    println!("machine: {} cores, load {}", std::thread::available_parallelism().unwrap(), load());
    println!("database: SQLite, WAL, synchronous=FULL");
    prepare(&state).await;
    let orders = agreed_orders(&state, ORDERS).await;
    let server = actix_web::rt::spawn(boot::serve(state.clone()));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let cookie = sign_in(port).await;

    let fund = |order: &u128| {
        let body = json!({ "name": "stage.fund", "params": { "stage": 1, "method": "tt" } }).to_string();
        (format!("POST /api/v1/orders/{order:032x}/transitions"), body)
    };
    let requests: Vec<(String, String)> = orders.iter().map(fund).collect();
    report("money command (fund a stage), HTTP, 64 connections, distinct orders", &run(port, &cookie, requests).await);
    let page = |order: &u128| (format!("GET /api/v1/orders/{order:032x}"), String::new());
    report("order page, HTTP, 64 connections", &run(port, &cookie, orders.iter().map(page).collect()).await);
    clock(&state).await;
    println!("load afterwards {}", load());
    server.abort();
}

fn config(folder: &std::path::Path, port: u16) -> Config {
    use clap::Parser;
    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }
    let database = format!("sqlite://{}/bench.db", folder.display());
    let listen = format!("127.0.0.1:{port}");
    let mut config = Cli::parse_from(["bench", "--demo", "--listen", &listen, "--database", &database]).config;
    config.files = folder.join("files");
    config
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').next().unwrap_or("?").to_owned()
}

async fn prepare(state: &AppState) {
    let real = state.engine.clock().now();
    let open = market::OpenMarket::new(
        MARKET,
        "Bench",
        entrepot_domain::market::Era::Data,
        real,
        MarketTime(1_769_212_800_000_000),
    );
    state.engine.execute(Request::new(Actor::system(MARKET), open)).await.unwrap();
    for (id, name, sells) in [(BUYER, "Bench Buyer", false), (SELLER, "Bench Seller", true)] {
        let command = identity::OpenCompany {
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
            verified_level: 2,
            owner: None,
        };
        state.engine.execute(Request::new(Actor::system(MARKET), command)).await.unwrap();
    }
    identity::demo::ensure_users(state, MARKET, BUYER, SELLER).await.unwrap();
    let amount = Money { minor: 900_000_000_000, currency: Currency::parse("USD").unwrap() };
    let pay_in = wallet::PayIn { payment: 5, company: BUYER, amount, reference: "bench".to_owned() };
    state.engine.execute(Request::new(owner(BUYER), pay_in)).await.unwrap();
}

fn owner(company: u128) -> Actor {
    Actor { market: MARKET, user: 0, session: 0, company: Some(company), role: Role::Owner }
}

fn terms() -> entrepot_domain::trade::OrderTerms {
    let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
    serde_json::from_value(json!({
        "buyer": format!("{BUYER:032x}"), "seller": format!("{SELLER:032x}"), "currency": "USD",
        "lines": [{ "product": null, "sku": "S", "title": "Bolts", "hs_code": "731815", "unit": "pcs", "quantity": "1000", "unit_price": "1.25" }],
        "incoterm": { "code": "FOB", "place": "Ningbo" },
        "delivery_address": { "name": "B", "street": "S", "city": "H", "region": "H", "postcode": "1", "country": "DE" },
        "consignee": "B", "buyer_contact": contact, "seller_contact": contact, "po_number": null,
        "stages": [
            { "kind": "deposit", "trigger": "agreed", "share_bps": 3000, "shipment": null },
            { "kind": "balance", "trigger": "before_dispatch", "share_bps": 7000, "shipment": null },
        ],
        "shipments": [{ "ship_by": "2026-03-01", "quantities": ["600"] }, { "ship_by": "2026-03-20", "quantities": ["400"] }],
        "acceptance_days": 15, "claim_window_days": 30, "deposit_days": 10, "quality_points": ["AQL 2.5"], "notes": "",
    }))
    .unwrap()
}

/// Makes one order's next command and says whose it is.
type Step = fn(u128, &Arc<entrepot_domain::trade::OrderTerms>) -> (u128, TradeCommand);

async fn agreed_orders(state: &AppState, count: usize) -> Vec<u128> {
    let began = Instant::now();
    let terms = Arc::new(terms());
    let orders: Vec<u128> = (0..count).map(|_| state.engine.ids().next()).collect();
    let steps: [Step; 3] = [
        |id, terms| {
            (
                BUYER,
                TradeCommand::Draft { id: OrderId(id), number: trade::number_of(id).into(), terms: Arc::clone(terms) },
            )
        },
        |_, _| (BUYER, TradeCommand::Offer { valid_days: None, contract_hash: Default::default() }),
        |_, terms| (SELLER, TradeCommand::Accept { offer_no: 1, contract_hash: trade::contract_hash(terms) }),
    ];
    for step in steps {
        for chunk in orders.chunks(256) {
            let all = chunk.iter().map(|id| {
                let (company, command) = step(*id, &terms);
                state.engine.execute(Request::new(owner(company), trade::Take { order: *id, command }))
            });
            for outcome in futures_util::future::join_all(all).await {
                outcome.unwrap();
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("in process, draft + offer + accept: {:.0} commands/s", 3.0 * count as f64 / seconds);
    orders
}

async fn sign_in(port: u16) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let body = r#"{"seat":"buyer"}"#;
    let request = format!(
        "POST /api/v1/auth/demo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut buffer = vec![0; 16_384];
    let read = stream.read(&mut buffer).await.unwrap();
    let answer = String::from_utf8_lossy(&buffer[..read]).to_string();
    let cookie = answer
        .lines()
        .find_map(|l| l.to_lowercase().starts_with("set-cookie: __host-entrepot=").then(|| l[12..].to_owned()));
    cookie.unwrap_or_else(|| panic!("no cookie in {answer}")).split(';').next().unwrap().to_owned()
}

struct Figures {
    seconds: f64,
    micros: Vec<u64>,
    refused: usize,
}

async fn run(port: u16, cookie: &str, requests: Vec<(String, String)>) -> Figures {
    let began = Instant::now();
    let share = requests.len().div_ceil(CONNECTIONS);
    let mut tasks = Vec::new();
    for part in requests.chunks(share) {
        let (part, cookie) = (part.to_vec(), cookie.to_owned());
        tasks.push(std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(drive(port, &cookie, part))
        }));
    }
    let (mut micros, mut refused) = (Vec::new(), 0);
    for task in tasks {
        let (times, failed) = tokio::task::spawn_blocking(move || task.join().unwrap()).await.unwrap();
        micros.extend(times);
        refused += failed;
    }
    micros.sort_unstable();
    Figures { seconds: began.elapsed().as_secs_f64(), micros, refused }
}

async fn drive(port: u16, cookie: &str, requests: Vec<(String, String)>) -> (Vec<u64>, usize) {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut times, mut refused, mut buffer) = (Vec::with_capacity(requests.len()), 0, Vec::new());
    for (n, (line, body)) in requests.iter().enumerate() {
        let key = format!("{}-{n}", line.len() + body.len()) + &line[line.len().saturating_sub(60)..];
        let request = format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nIdempotency-Key: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            key.replace([' ', '/'], "-"),
            body.len()
        );
        let began = Instant::now();
        stream.write_all(request.as_bytes()).await.unwrap();
        if !answer(&mut stream, &mut buffer).await {
            refused += 1;
        }
        times.push(u64::try_from(began.elapsed().as_micros()).unwrap());
    }
    (times, refused)
}

/// Reads one answer; true for a status of 200 or 201.
async fn answer(stream: &mut tokio::net::TcpStream, buffer: &mut Vec<u8>) -> bool {
    buffer.clear();
    let mut chunk = [0u8; 8_192];
    loop {
        let read = stream.read(&mut chunk).await.unwrap();
        assert!(read > 0, "the server closed the connection");
        buffer.extend_from_slice(&chunk[..read]);
        let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
        let length =
            head.lines().find_map(|l| l.strip_prefix("content-length: ")).and_then(|l| l.trim().parse::<usize>().ok());
        if buffer.len() >= end + 4 + length.unwrap_or(0) {
            return head.starts_with("http/1.1 20");
        }
    }
}

fn report(what: &str, figures: &Figures) {
    let at = |share: f64| figures.micros[((figures.micros.len() - 1) as f64 * share) as usize] as f64 / 1_000.0;
    println!(
        "{what}: {:.0}/s, p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms, {} requests, {} refused",
        figures.micros.len() as f64 / figures.seconds,
        at(0.5),
        at(0.99),
        at(1.0),
        figures.micros.len(),
        figures.refused
    );
}

/// Thirty days over the open orders left: the funded ones, of which the first thousand are dispatched before.
async fn clock(state: &AppState) {
    let count =
        entrepot::platform::rows::query_one(state.engine.db().read(), "SELECT COUNT(*) AS n FROM deadline", Vec::new());
    let deadlines: i64 = count.await.unwrap().unwrap().try_get("", "n").unwrap();
    let began = Instant::now();
    let advance = market::MoveClock { market: MARKET, change: market::ClockMove::By(30 * 86_400_000_000) };
    state.engine.execute(Request::new(Actor::system(MARKET), advance)).await.unwrap();
    let fired = state.engine.run_due(MARKET).await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "clock +30 days over {ORDERS} open orders with {deadlines} deadlines: {fired} fired in {seconds:.2} s ({:.0}/s; {:.2} s for 1,000 orders)",
        fired as f64 / seconds,
        seconds * 1_000.0 / ORDERS as f64
    );
}
