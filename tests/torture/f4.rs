//! F4: the n-th write or sync of the server fails, for n = 1, 2, 3 … until nothing is left to fail (SQLite's own method).
//!
//! `strace` puts the error into the system call. The caller must hear of it, the node must refuse writes until its probe
//! succeeds, and what was acknowledged must be there.

use crate::history::{Effect, History, MARK};
use crate::http::Client;
use crate::rig::{Control, Ground, Level, Outcome, Rig};
use crate::server::{Launch, Server, signal};
use crate::{books, market};
use entrepot::platform::sabotage::Guard;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// System calls that keep something, with the errors they are given.
const FAILURES: &[(&str, &str)] =
    &[("fdatasync,fsync", "EIO"), ("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync,fsync", "ENOSPC")];
/// Requests of one flow.
const REQUESTS: usize = 4;
/// Failures that the control tries until one is seen.
const CONTROLS: u32 = 6;
/// How long the node may need to write again.
const RECOVERY: Duration = Duration::from_secs(10);

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![Box::new(NthCall)]
}

struct NthCall;

impl Rig for NthCall {
    fn id(&self) -> &'static str {
        "F4"
    }

    fn title(&self) -> &'static str {
        "the n-th write or sync fails, SQLite"
    }

    /// Each failure for so many n at most.
    fn size(&self, level: Level) -> u32 {
        level.of([2, 12, 200])
    }

    fn skipped(&self) -> Option<String> {
        let there = Command::new("strace").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if there.is_ok_and(|status| status.success()) { None } else { Some("strace is not installed".to_owned()) }
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        let kinds = if ground.level == Level::Ci { &FAILURES[..2] } else { FAILURES };
        for (calls, error) in kinds {
            for n in 1..=ground.size {
                let name = format!("{}-{error}-{n}", &calls[..5]);
                let launch = launch(ground, &name);
                if !one(&launch, calls, error, n, ground.seed, &mut outcome) {
                    break;
                }
                if outcome.losses.is_empty() {
                    let _ = std::fs::remove_dir_all(&launch.folder);
                }
            }
        }
        outcome
    }

    /// A node that does not refuse writes after a failure must be seen; the first one may be the search's, which nobody is alarmed of.
    fn control(&self, ground: &Ground) -> Control {
        let mut outcome = Outcome::default();
        for n in 1..=CONTROLS {
            let launch = launch(ground, &format!("control-{n}")).without(Guard::ReadOnly);
            if !one(&launch, "fdatasync,fsync", "EIO", n, ground.seed, &mut outcome) || !outcome.losses.is_empty() {
                break;
            }
        }
        match outcome.losses.first() {
            Some(first) => Control::Red(format!("without the read-only node: {first}")),
            None => Control::Green("a node that goes on after a failed sync was not noticed".to_owned()),
        }
    }
}

fn launch(ground: &Ground, name: &str) -> Launch {
    let folder = ground.sub(name);
    let mut launch = Launch::new(&format!("sqlite://{}", folder.join("torture.db").display()), &folder);
    launch.arguments = ["--drain-seconds", "0"].map(str::to_owned).to_vec();
    market::prepare(&launch);
    launch
}

/// Attaches to the server; from here on the calls of each thread are counted.
fn attach(server: &Server, calls: &str, error: &str, n: u32, log: &Path) -> Child {
    let mut strace = Command::new("strace")
        .args(["-f", "-y", "-p", &server.pid().to_string(), "-e", &format!("trace={calls}"), "-o"])
        .arg(log)
        .args(["-e", &format!("inject={calls}:error={error}:when={n}")])
        .stderr(Stdio::piped())
        .spawn()
        .expect("strace starts");
    let mut said = BufReader::new(strace.stderr.take().expect("its output"));
    let mut line = String::new();
    while !line.contains("attached") {
        line.clear();
        assert!(said.read_line(&mut line).expect("its words") > 0, "strace could not attach");
    }
    // What it says of later threads must not fill the pipe.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    strace
}

fn injected(log: &Path) -> bool {
    std::fs::read_to_string(log).unwrap_or_default().contains("(INJECTED)")
}

/// Whether every error went into a file of this kind.
fn only(log: &Path, of: impl Fn(&Path) -> bool) -> bool {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let mut hits = text.lines().filter(|line| line.contains("(INJECTED)"));
    hits.all(|line| line.split(['<', '>']).nth(1).is_some_and(|path| of(Path::new(path))))
}

/// SQLite syncs the folder once after it made its log there and does not look at the answer (`unixSync` in its `os_unix.c`),
/// so nobody can be alarmed.
fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// The search's index holds nothing that the log does not: what could not be written is written again, and nothing is read-only
/// for it.
fn is_index(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "search")
}

/// Takes `strace` off the server as soon as it has put one error in: it counts for each thread anew, and the threads of
/// connections that are opened afterwards, the probe's among them, would each meet a failure of their own.
struct Leash {
    over: Arc<AtomicBool>,
    watcher: JoinHandle<bool>,
}

impl Leash {
    fn new(mut strace: Child, log: &Path) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (asked, log) = (Arc::clone(&over), log.to_owned());
        let watcher = std::thread::spawn(move || {
            while !asked.load(Ordering::SeqCst) && !injected(&log) {
                std::thread::sleep(Duration::from_millis(5));
            }
            // Asked kindly, it lets go of the threads it has stopped.
            signal(strace.id(), "TERM");
            let _ = strace.wait();
            injected(&log)
        });
        Self { over, watcher }
    }

    /// Ends it if it is still there; whether an error was put in.
    fn end(self) -> bool {
        self.over.store(true, Ordering::SeqCst);
        self.watcher.join().expect("the watcher does not panic")
    }
}

/// One flow with one failure; false when nothing was left to fail.
fn one(launch: &Launch, calls: &str, error: &str, n: u32, seed: u64, outcome: &mut Outcome) -> bool {
    let server = launch.start_ready();
    let mut client = Client::new(launch.port);
    client.post("/api/v1/auth/demo", &json!({ "seat": "buyer" }), None).expect("a sign-in");
    let log = launch.folder.join("strace");
    let strace = Leash::new(attach(&server, calls, error, n, &log), &log);
    let history = History::default();
    let mut refused = 0;
    for k in 0..REQUESTS {
        refused += pay_in(&mut client, &history, &format!("{MARK}f4-{n}-{k}"), seed, outcome);
    }
    let hit = strace.end();
    if hit {
        outcome.faults += 1;
        outcome.count("refused while read-only", refused);
    }
    if server.terminate(Duration::from_secs(30)).is_none_or(|status| !status.success()) {
        outcome.lost(seed, format!("{calls} no. {n} {error}: the server did not end well"));
    }
    // Its log is whole only now.
    let told = std::fs::read_to_string(launch.log()).unwrap_or_default().contains("ALARM");
    let (folder, index) = (hit && only(&log, is_folder), hit && only(&log, is_index));
    if folder {
        outcome.count("syncs of a folder, whose failure SQLite ignores", 1);
    }
    if index {
        outcome.count("writes of the search's index, which is kept up from the log", 1);
    }
    if hit && !folder && !index && !told {
        outcome.lost(seed, format!("{calls} no. {n} failed with {error} and nobody was alarmed"));
    }
    let there = books::effects(launch).expect("the log can be read");
    let verdict = history.check(&there);
    outcome.count("acknowledged", history.figures().acknowledged);
    let all = verdict.all().cloned().chain(books::verify(launch)).chain(launch.bad_lines());
    all.for_each(|what| outcome.lost(seed, format!("{calls} no. {n} {error}: {what}")));
    hit
}

/// Pays in under one key until it is acknowledged; answers how often it was refused.
fn pay_in(client: &mut Client, history: &History, key: &str, seed: u64, outcome: &mut Outcome) -> u64 {
    let no = history.begin(key, Effect { step: "wallet.pay_in".to_owned(), mark: key.to_owned() });
    let body = json!({ "amount": { "minor": "12345", "currency": "USD" }, "reference": key });
    let (began, mut refused) = (Instant::now(), 0);
    loop {
        match client.post("/api/v1/wallet/pay-ins", &body, Some(key)) {
            Ok(answer) if answer.status < 300 => {
                assert!(history.acknowledged(no, history.era()));
                return refused;
            }
            Ok(answer) if matches!(answer.status, 503 | 507) => refused += 1,
            Ok(answer) => outcome.lost(seed, format!("answer {} to a pay-in: {}", answer.status, answer.words())),
            Err(lost) => outcome.lost(seed, format!("no answer: {lost:?}")),
        }
        if began.elapsed() > RECOVERY {
            outcome.lost(seed, format!("no write for {RECOVERY:?} after one failure"));
            return refused;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
