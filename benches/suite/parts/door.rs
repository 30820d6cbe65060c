//! The door without HTTP, in a process of its own: transfers between accounts by 1, 16 and 64 callers, spread over all
//! companies and all on one, and the clock over open orders. What is measured comes back as JSON lines.

use super::write::verified;
use super::{Bench, data};
use crate::data::{MARKET, Size, owner};
use crate::stats::{Case, Run};
use entrepot::platform::access::Actor;
use entrepot::platform::clock::Clock;
use entrepot::platform::engine::{Idempotency, Request};
use entrepot::platform::ids::Ids;
use entrepot::platform::web::AppState;
use entrepot::{boot, market, wallet};
use entrepot_domain::kernel::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Transfers of one run by one caller, by 16, by 64.
const CALLERS: [(usize, usize); 3] = [(1, 2_000), (16, 10_000), (64, 20_000)];
/// Orders the clock is moved over.
const OPEN: usize = 2_000;

/// One run, as the process that made it tells it.
#[derive(Serialize, Deserialize)]
struct Told {
    name: String,
    seconds: f64,
    cpu: f64,
    micros: Vec<u32>,
}

pub fn run(bench: &mut Bench) {
    ledger(bench, None, "");
    bench.report.part("ledger", "SQLite, WAL, synchronous=FULL");
}

/// The transfers, on this database.
pub fn ledger(bench: &mut Bench, database: Option<&str>, prefix: &str) {
    let folder = bench.fresh("ledger");
    data::apart(&folder, Size::of(0, 0), database);
    let rounds = bench.rounds.to_string();
    told(bench, &["ledger", &folder.display().to_string(), &rounds, database.unwrap_or("")], prefix);
    if database.is_none() {
        verified(bench, &folder.join("bench.db"));
    }
    let _ = std::fs::remove_dir_all(&folder);
}

pub fn clock(bench: &mut Bench) {
    let folder = bench.fresh("clock");
    data::apart(&folder, Size::of(0, OPEN), None);
    told(bench, &["clock", &folder.display().to_string()], "");
    verified(bench, &folder.join("bench.db"));
    let _ = std::fs::remove_dir_all(&folder);
    bench.report.part("clock", "SQLite, WAL, synchronous=FULL");
}

/// Runs a part of this program and takes the runs it tells.
fn told(bench: &mut Bench, arguments: &[&str], prefix: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg("--role").args(arguments).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{arguments:?} failed");
    let mut cases: Vec<Case> = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines().filter(|l| l.starts_with('{')) {
        let told: Told = serde_json::from_str(line).unwrap();
        let mut run = Run {
            elapsed: Duration::from_secs_f64(told.seconds),
            server_cpu: Duration::from_secs_f64(told.cpu),
            micros: told.micros,
            ..Run::default()
        };
        run.micros.sort_unstable();
        let name = format!("{prefix}{}", told.name);
        match cases.iter_mut().find(|c| c.name == name) {
            Some(case) => case.runs.push(run),
            None => cases.push(Case { name, runs: vec![run], note: "in process, through the door".to_owned() }),
        }
    }
    for case in cases {
        bench.report.case(case);
    }
}

async fn state(folder: &Path, database: Option<&str>) -> AppState {
    let config = data::config(folder, data::free_port(), database);
    boot::open(config, Clock::machine(), Ids::random(Clock::machine())).await.unwrap()
}

/// The part that makes transfers. One is a payment into a wallet: two postings under a guarded balance, an event in the hash
/// chain, a stored reply under its key.
pub fn transfers(folder: &Path, rounds: usize, database: Option<&str>) {
    let made: data::Made = serde_json::from_str(&std::fs::read_to_string(folder.join("made.json")).unwrap()).unwrap();
    let companies: Vec<u128> =
        made.buyers.iter().chain(&made.suppliers).map(|id| u128::from_str_radix(id, 16).unwrap()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let state = state(folder, database).await;
        for _ in 0..rounds {
            for (name, spread) in [("spread", companies.len()), ("one account", 1)] {
                for (callers, count) in CALLERS {
                    // As a server's background does all the time.
                    state.engine.db().count_tables().await.unwrap();
                    let told = some(&state, &companies[..spread], callers, count).await;
                    tell(&Told { name: format!("transfer, {name}, {callers}"), ..told });
                }
            }
        }
        while state.engine.seal(MARKET).await.unwrap() > 0 {}
    });
}

async fn some(state: &AppState, companies: &[u128], callers: usize, count: usize) -> Told {
    let (began, cpu) = (Instant::now(), own_cpu());
    let caller = |first: usize| async move {
        let mut micros = Vec::with_capacity(count / callers);
        for n in 0..count / callers {
            let request = transfer(state, companies[(first + n * callers) % companies.len()]);
            let began = Instant::now();
            if let Err(failure) = state.engine.execute(request).await {
                panic!("{failure}");
            }
            micros.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        micros
    };
    let micros = futures_util::future::join_all((0..callers).map(caller)).await.concat();
    Told { name: String::new(), seconds: began.elapsed().as_secs_f64(), cpu: (own_cpu() - cpu).as_secs_f64(), micros }
}

fn transfer(state: &AppState, company: u128) -> Request {
    let payment = state.engine.ids().next();
    let amount = Money { minor: 125, currency: Currency::parse("USD").unwrap() };
    let pay_in = wallet::PayIn { payment, company, amount, reference: "bench".to_owned() };
    let key = Idempotency { key: format!("{payment:032x}"), body_hash: [7; 32] };
    Request::new(owner(company), pay_in).idempotent(Some(key))
}

/// The part that moves the clock by thirty days, again and again until nothing is open.
pub fn thirty_days(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let state = state(folder, None).await;
        let (began, cpu) = (Instant::now(), own_cpu());
        let advance = market::MoveClock { market: MARKET, change: market::ClockMove::By(30 * 86_400_000_000) };
        state.engine.execute(Request::new(Actor::system(MARKET), advance)).await.unwrap();
        let fired = state.engine.run_due(MARKET).await.unwrap();
        let seconds = began.elapsed().as_secs_f64();
        let each = (seconds * 1e6 / fired.max(1) as f64) as u32;
        let micros = vec![each; usize::try_from(fired).unwrap()];
        tell(&Told {
            name: format!("deadlines fired, 30 days over {OPEN} orders"),
            seconds,
            cpu: (own_cpu() - cpu).as_secs_f64(),
            micros,
        });
    });
}

fn own_cpu() -> Duration {
    crate::machine::cpu_of(std::process::id())
}

fn tell(told: &Told) {
    println!("{}", serde_json::to_string(told).unwrap());
}
