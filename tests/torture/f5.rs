//! F5: the disk is full: the database's, the uploads', the log's. It is filled under load, freed, and the server must go
//! on by itself with nothing acknowledged lost.

use crate::f1::judge;
use crate::history::History;
use crate::http::{Answer, Client, Lost};
use crate::load::{Load, Manner};
use crate::rig::{Control, Ground, Level, Outcome, Rig};
use crate::server::Launch;
use crate::{market, postgres};
use entrepot::platform::sabotage::Guard;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// After space is free again the server writes within this.
const RECOVERY: Duration = Duration::from_secs(10);

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![
        Box::new(Full { what: What::Database }),
        Box::new(Full { what: What::Uploads }),
        Box::new(Full { what: What::Log }),
    ]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Database,
    Uploads,
    Log,
}

struct Full {
    what: What,
}

/// 32 MiB of memory as a file system, unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(folder: PathBuf) -> Self {
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=32m", "tmpfs"]).arg(&folder).status();
        assert!(done.is_ok_and(|status| status.success()), "a small file system can be mounted");
        Self(folder)
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Writes until nothing more fits.
    fn fill(&self) {
        use std::io::Write;
        let mut file = std::fs::File::create(self.ballast()).expect("a file");
        for size in [1 << 20, 1 << 12, 1] {
            while file.write_all(&vec![0u8; size]).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).expect("the ballast goes");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

impl Rig for Full {
    fn id(&self) -> &'static str {
        "F5"
    }

    fn title(&self) -> &'static str {
        match self.what {
            What::Database => "the database's disk is full",
            What::Uploads => "the uploads' disk is full",
            What::Log => "the log's disk is full",
        }
    }

    fn size(&self, level: Level) -> u32 {
        level.of([1, 3, 20])
    }

    fn skipped(&self) -> Option<String> {
        (!postgres::is_root()).then(|| "needs root to mount a small file system".to_owned())
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        let disk = SmallDisk::mount(ground.sub("small"));
        let launch = launch(ground, self.what, &disk.0);
        self.rounds(&launch, &disk, ground.size, ground.seed, &mut outcome);
        outcome
    }

    fn control(&self, ground: &Ground) -> Control {
        if self.what != What::Database {
            return Control::Skipped("the database's rig has it".to_owned());
        }
        let disk = SmallDisk::mount(ground.sub("control"));
        let launch = launch(ground, self.what, &disk.0).without(Guard::ReadOnly);
        let mut outcome = Outcome::default();
        self.rounds(&launch, &disk, 1, ground.seed, &mut outcome);
        match outcome.losses.first() {
            Some(first) => Control::Red(format!("without the read-only node: {first}")),
            None => Control::Green("a node that goes on with a full disk was not noticed".to_owned()),
        }
    }
}

fn launch(ground: &Ground, what: What, small: &Path) -> Launch {
    let own = ground.sub(if what == What::Log { "log" } else { "own" });
    let database = if what == What::Database { small } else { &own };
    let folder = if what == What::Uploads { small } else { &own };
    let launch = Launch::new(&format!("sqlite://{}", database.join("torture.db").display()), folder);
    let log = if what == What::Log { small } else { &own };
    let launch = launch.logging_to(&log.join("server.log"));
    market::prepare(&launch);
    launch
}

impl Full {
    fn rounds(&self, launch: &Launch, disk: &SmallDisk, size: u32, seed: u64, outcome: &mut Outcome) {
        let history = Arc::new(History::default());
        let server = launch.start_ready();
        let load = Load::start(&Manner::at(launch.port, seed), &history);
        for _ in 0..size {
            more(&history, 30, RECOVERY).unwrap_or_else(|| outcome.lost(seed, "nothing moves before the disk is full"));
            disk.fill();
            outcome.faults += 1;
            match self.what {
                What::Database => database_full(launch.port, seed, outcome),
                What::Uploads => uploads_full(launch.port, seed, outcome),
                What::Log => {}
            }
            if self.what != What::Database && more(&history, 30, RECOVERY).is_none() {
                outcome.lost(seed, "money stands still although its own disk has space");
            }
            disk.free();
            let began = Instant::now();
            if more(&history, 30, RECOVERY).is_none() {
                outcome.lost(seed, format!("no write within {RECOVERY:?} after space was freed"));
            }
            if self.what == What::Uploads {
                uploads_again(launch.port, seed, outcome);
            }
            outcome.most("ms to write again at most", began.elapsed().as_millis().try_into().unwrap_or(u64::MAX));
        }
        load.finish();
        if server.terminate(Duration::from_secs(30)).is_none_or(|status| !status.success()) {
            outcome.lost(seed, "the server did not end well");
        }
        judge(launch, &history, seed, outcome);
    }
}

/// Waits until so many more requests are acknowledged.
fn more(history: &History, n: u64, patience: Duration) -> Option<()> {
    let wanted = history.figures().acknowledged + n;
    until(patience, || history.figures().acknowledged >= wanted).then_some(())
}

fn until(patience: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    loop {
        if holds() {
            return true;
        }
        if began.elapsed() > patience {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The node says that it is not ready and why, refuses writes with 507, and is read as before.
fn database_full(port: u16, seed: u64, outcome: &mut Outcome) {
    let mut client = Client::new(port);
    let mut said = String::new();
    let noticed = until(RECOVERY, || {
        let answer = client.get("/ready");
        said = answer.as_ref().map(|a| a.words()).unwrap_or_default();
        answer.is_ok_and(|a| a.status == 503 && a.words().contains("read_only"))
    });
    if !noticed {
        return outcome.lost(seed, format!("a full disk, and /ready says {said}"));
    }
    let refused = client.post("/api/v1/auth/demo", &json!({ "seat": "buyer" }), None);
    match refused {
        Ok(answer) if matches!(answer.status, 503 | 507) => outcome.count("answers of 507 or 503 seen", 1),
        Ok(answer) => outcome.lost(seed, format!("a write on a full disk was answered {}", answer.status)),
        Err(lost) => outcome.lost(seed, format!("a write on a full disk was not answered: {lost:?}")),
    }
    if !client.get("/api/v1/openapi.json").is_ok_and(|answer| answer.status == 200) {
        outcome.lost(seed, "a node with a full disk cannot be read");
    }
}

fn uploads_full(port: u16, seed: u64, outcome: &mut Outcome) {
    let answer = upload(port);
    if !answer.as_ref().is_ok_and(|answer| matches!(answer.status, 503 | 507)) {
        outcome.lost(seed, format!("an upload to a full disk was answered {}", words(&answer)));
    }
    if !crate::http::is_ready(port) {
        outcome.lost(seed, "a full disk of the uploads took the whole node out of service");
    }
}

/// Once there is space again, files are taken again.
fn uploads_again(port: u16, seed: u64, outcome: &mut Outcome) {
    let mut last = String::new();
    let taken = until(RECOVERY, || {
        let answer = upload(port);
        last = words(&answer);
        answer.is_ok_and(|answer| answer.status == 201)
    });
    if !taken {
        outcome.lost(seed, format!("no upload after space was freed; the last was answered {last}"));
    }
}

/// Uploads something new to the newest order.
fn upload(port: u16) -> Result<Answer, Lost> {
    let mut client = Client::new(port);
    let entered = client.post("/api/v1/auth/demo", &json!({ "seat": "buyer" }), None)?;
    if entered.status >= 300 {
        return Ok(entered);
    }
    let orders = client.get("/api/v1/orders?limit=1")?;
    let Some(order) = orders.json()["items"][0]["id"].as_str().map(str::to_owned) else { return Ok(orders) };
    let bytes = format!("{:?} {}", Instant::now(), "x".repeat(100_000));
    let kind = [("Content-Type", "application/octet-stream")];
    client.send("POST", &format!("/api/v1/orders/{order}/files?name=a.txt"), bytes.as_bytes(), &kind)
}

/// What an upload was answered, for a loss.
fn words(answer: &Result<Answer, Lost>) -> String {
    match answer {
        Ok(answer) => format!("{} {}", answer.status, answer.words()),
        Err(lost) => format!("{lost:?}"),
    }
}
