//! Moving money over HTTP: funding a stage of agreed orders, spread and on one buyer and supplier, in a closed and in an
//! open loop, and whole orders from draft to closed.

use super::{Bench, share};
use crate::data::{self, Made, Size};
use crate::load::{Load, Target, Until, Wire, wire};
use crate::server::Server;
use crate::stats::{Case, Run};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 64;
/// Funded in one run.
const FUNDED: usize = 5_000;
/// Whole orders in one run.
const WHOLE: usize = 1_000;
/// Bare orders in one run.
const BARE: usize = 10_000;
/// Requests a second of the open loop.
const RATE: f64 = 1_500.0;

/// One money command: a body, and where it goes.
fn step(order: &str, cookie: &str, name: &str, params: Value) -> Wire {
    let key = format!("{order}-{name}-{params}").replace(['"', '{', '}', ':', ',', '[', ']'], "-");
    let body = json!({ "name": name, "params": params }).to_string();
    wire(&format!("POST /api/v1/orders/{order}/transitions"), cookie, Some(&key), &body)
}

fn fund(order: &str, cookie: &str) -> Wire {
    step(order, cookie, "stage.fund", json!({ "stage": 1, "method": "tt" }))
}

/// Funds of the one buyer with the one supplier, and of everybody else, each order once.
pub fn funds(made: &Made, cookies: &[String]) -> (Vec<Wire>, Vec<Wire>) {
    let hot = |(_, buyer, supplier): &&(String, usize, usize)| *buyer == 0 && *supplier == 0;
    let all = |wanted: bool| {
        let orders = made.orders.iter().filter(|o| hot(o) == wanted);
        orders.map(|(id, buyer, _)| fund(id, &cookies[*buyer])).collect::<Vec<_>>()
    };
    (all(true), all(false))
}

/// A bare order on each of some goods.
pub fn bare(count: usize) -> Vec<Wire> {
    (0..count).map(|n| wire(&format!("POST /orders/{}", 1 + n % 9_000), "", None, "{}")).collect()
}

pub fn run(bench: &mut Bench) {
    let (kept, made) = bench.large();
    let folder = bench.fresh("write");
    data::copy(&kept, &folder);
    {
        let (ours, plain) = (Server::ours(&folder, None, None), Server::bare(&bench.folder, made.products.len()));
        let cookies = ours.buyers(&made);
        money(bench, &made, &cookies, ours.target(), Some(plain.target()), "");
        ours.stop();
    }
    verified(bench, &folder.join("bench.db"));
    let _ = std::fs::remove_dir_all(&folder);
    whole_orders(bench, None, None, "");
    bench.report.part("http-write", "SQLite, WAL, synchronous=FULL");
}

/// The money commands; on another database under a prefix.
pub fn money(bench: &mut Bench, made: &Made, cookies: &[String], ours: Target, plain: Option<Target>, prefix: &str) {
    let rounds = bench.rounds;
    let (hot, spread) = funds(made, cookies);
    let spread = &spread[..spread.len().min(rounds * FUNDED * 3 / 2)];
    let (closed, open) = spread.split_at(spread.len() * 2 / 3);
    let simple = bare(BARE);
    let note = "POST …/transitions stage.fund, each order once, own idempotency key, closed loop";
    let named = |name: &str| Case::new(format!("{prefix}{name}"), note);
    let (mut a, mut b, mut c) =
        (named("bare order, 64"), named("fund a stage, 64"), named("fund, one buyer and supplier, 64"));
    let mut d = Case::new(
        format!("{prefix}fund a stage, open loop"),
        format!("{RATE} arrive a second, counted from when they were due"),
    );
    for round in 0..rounds {
        if let Some(plain) = plain {
            a.runs.push(Load::closed(&simple, CONNECTIONS, Until::Spent).run(plain));
        }
        b.runs.push(Load::closed(share(closed, round, rounds), CONNECTIONS, Until::Spent).run(ours));
        c.runs.push(Load::closed(share(&hot, round, rounds), CONNECTIONS, Until::Spent).run(ours));
        let open = Load { rate: Some(RATE), ..Load::closed(share(open, round, rounds), CONNECTIONS, Until::Spent) };
        d.runs.push(open.run(ours));
    }
    for case in [a, b, c, d].into_iter().filter(|c| !c.runs.is_empty()) {
        bench.report.case(case);
    }
}

/// Checks the books with the command a person would use.
pub fn verified(bench: &mut Bench, database: &Path) {
    verified_at(bench, &format!("sqlite://{}", database.display()), "");
}

pub fn verified_at(bench: &mut Bench, database: &str, prefix: &str) {
    let began = Instant::now();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_entrepot"));
    let output = command.args(["verify", "--database", database]).output().unwrap();
    assert!(output.status.success(), "the books do not hold: {}", String::from_utf8_lossy(&output.stdout));
    bench.report.figure(&format!("{prefix}books proved"), began.elapsed().as_secs_f64(), "s, no finding");
}

/// Whole orders in a market of their own: draft, offer, accept, two payments, dispatch, delivery by the clock, acceptance,
/// closing by the clock. Seven requests of people an order; the clock is moved for all together.
pub fn whole_orders(bench: &mut Bench, database: Option<&str>, postmaster: Option<u32>, prefix: &str) {
    let folder = bench.fresh("whole");
    let made = data::apart(&folder, Size::of(0, 0), database);
    let ours = Server::ours(&folder, database, postmaster);
    let people =
        People { buyers: ours.buyers(&made), seller: ours.demo("seller"), teacher: ours.demo("teacher"), made };
    let mut case = Case::new(
        format!("{prefix}whole order"),
        "draft, offer, accept, fund, fund, dispatch, accept the goods; the clock delivers and closes",
    );
    for _ in 0..bench.rounds {
        case.runs.push(people.round(&ours));
    }
    bench.report.case(case);
    ours.stop();
    if database.is_none() {
        verified(bench, &folder.join("bench.db"));
    }
    let _ = std::fs::remove_dir_all(&folder);
}

/// A number no key had before.
fn fresh() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

struct People {
    made: Made,
    buyers: Vec<String>,
    seller: String,
    teacher: String,
}

impl People {
    fn draft(&self, n: usize) -> Wire {
        let buyer = n % self.buyers.len();
        let of = |id: &str| u128::from_str_radix(id, 16).unwrap();
        let terms = data::terms(of(&self.made.buyers[buyer]), of(&self.made.suppliers[0]), 1);
        let key = format!("draft-{n}-{}", fresh());
        wire("POST /api/v1/orders", &self.buyers[buyer], Some(&key), &json!({ "terms": terms }).to_string())
    }

    fn clock(&self, server: &Server, days: u32) {
        let body = json!({ "action": "advance", "by": format!("{days}d") }).to_string();
        server.must(&wire("POST /api/v1/market/clock", &self.teacher, Some(&format!("clock-{}", fresh())), &body));
    }

    /// One run; the time is that of all steps and of the clock's moves together.
    fn round(&self, server: &Server) -> Run {
        let drafts: Vec<Wire> = (0..WHOLE).map(|n| self.draft(n)).collect();
        let mut all = Run::default();
        let mut take = |requests: &[Wire]| {
            let run = Load { keep: true, ..Load::closed(requests, CONNECTIONS, Until::Spent) }.run(server.target());
            all.elapsed += run.elapsed;
            all.errors += run.errors;
            all.server_cpu += run.server_cpu;
            run.bodies
        };
        let answers = take(&drafts);
        let id =
            |body: &Vec<u8>| serde_json::from_slice::<Value>(body).unwrap()["id"].as_str().unwrap_or("").to_owned();
        let ids: Vec<String> = answers.iter().map(id).collect();
        let hash = self.hashes();
        let buyer = |n: usize| &self.buyers[n % self.buyers.len()];
        let each =
            |make: &dyn Fn(usize, &str) -> Wire| ids.iter().enumerate().map(|(n, id)| make(n, id)).collect::<Vec<_>>();
        take(&each(&|n, id| step(id, buyer(n), "order.offer", json!({}))));
        take(&each(&|n, id| {
            step(id, &self.seller, "order.accept", json!({ "offer_no": 1, "contract_hash": hash[n % hash.len()] }))
        }));
        for stage in [1, 2] {
            take(&each(&|n, id| step(id, buyer(n), "stage.fund", json!({ "stage": stage, "method": "tt" }))));
        }
        let papers =
            json!({ "shipment": 1, "carrier": "Line", "tracking_no": "T1", "documents": ["bl.pdf"], "eta_days": 5 });
        take(&each(&|_, id| step(id, &self.seller, "shipment.dispatch", papers.clone())));
        let delivered = self.moved(server, 8);
        take(&each(&|n, id| step(id, buyer(n), "shipment.accept", json!({ "shipment": 1 }))));
        let closed = self.moved(server, 32);
        let last: Value = server.must(&wire(&format!("GET /api/v1/orders/{}", ids[0]), buyer(0), None, ""));
        all.errors += usize::from(last["status"] != "closed");
        all.elapsed += delivered.0 + closed.0;
        all.server_cpu += delivered.1 + closed.1;
        let each = u32::try_from(all.elapsed.as_micros() / WHOLE as u128).unwrap_or(u32::MAX);
        Run { micros: vec![each; WHOLE], ..all }
    }

    fn moved(&self, server: &Server, days: u32) -> (Duration, Duration) {
        let (began, cpu) = (Instant::now(), server.target().cpu());
        self.clock(server, days);
        (began.elapsed(), server.target().cpu().saturating_sub(cpu))
    }

    /// The hash of each buyer's contract: the terms of all its orders are the same.
    fn hashes(&self) -> Vec<String> {
        let of = |id: &str| u128::from_str_radix(id, 16).unwrap();
        let hash = |buyer: &String| {
            let terms = data::terms(of(buyer), of(&self.made.suppliers[0]), 1);
            serde_json::to_value(entrepot::trade::contract_hash(&terms)).unwrap().as_str().unwrap().to_owned()
        };
        self.made.buyers.iter().map(hash).collect()
    }
}
