//! F20: backups are made under load and restored; everything acknowledged before is in them, and the books hold. Rows of a
//! copy are tampered with, and its tail is cut off: each must be found.

use crate::history::History;
use crate::load::{Load, Manner};
use crate::market::block_on;
use crate::postgres::{self, Cluster};
use crate::rig::{Control, Draw, Ground, Level, Outcome, Rig};
use crate::server::Launch;
use crate::{books, market};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![Box::new(Copies { postgres: false }), Box::new(Copies { postgres: true }), Box::new(Tampering)]
}

struct Copies {
    postgres: bool,
}

/// What a program printed, unless it went well.
fn complaint(mut command: std::process::Command) -> Option<String> {
    let done = command.output().expect("the program starts");
    let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (!done.status.success()).then(|| told.chars().take(600).collect())
}

fn holds(launch: &Launch, heads: &Path) -> Option<String> {
    let mut command = launch.verify_command();
    command.arg("--head").arg(heads);
    complaint(command)
}

impl Rig for Copies {
    fn id(&self) -> &'static str {
        "F20"
    }

    fn title(&self) -> &'static str {
        if self.postgres {
            "backup under load, restore, verify, PostgreSQL"
        } else {
            "backup under load, restore, verify, SQLite"
        }
    }

    fn size(&self, level: Level) -> u32 {
        if self.postgres { level.of([0, 3, 20]) } else { level.of([1, 10, 100]) }
    }

    fn skipped(&self) -> Option<String> {
        if self.postgres { postgres::programs().err() } else { None }
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        if ground.size == 0 {
            outcome.notes.push("runs with smoke and full".to_owned());
            return outcome;
        }
        let cluster = self.postgres.then(|| Cluster::start(&ground.sub("pg")));
        let folder = ground.sub("shop");
        let place = |name: &str, folder: &Path| match &cluster {
            Some(cluster) => cluster.database(name),
            None => format!("sqlite://{}", folder.join("torture.db").display()),
        };
        let launch = Launch::new(&place("shop", &folder), &folder);
        market::prepare(&launch);
        let server = launch.start_ready();
        let history = Arc::new(History::default());
        let load = Load::start(&Manner::at(launch.port, ground.seed), &history);
        for n in 0..ground.size {
            let seed = ground.seed.wrapping_add(u64::from(n));
            let there = ground.sub(&format!("there{n}"));
            let target = ground.path().join(format!("backup{n}"));
            let mut copy = launch.clone();
            (copy.database, copy.folder) = (place(&format!("there{n}"), &there), there.clone());
            one(&launch, &copy, &target, &history, seed, &mut outcome);
            let _ = std::fs::remove_dir_all(&there);
            let _ = std::fs::remove_dir_all(&target);
        }
        load.finish();
        if server.terminate(Duration::from_secs(30)).is_none_or(|status| !status.success()) {
            outcome.lost(ground.seed, "the server did not end well");
        }
        crate::f1::judge(&launch, &history, ground.seed, &mut outcome);
        outcome
    }

    /// The file alone, copied while the server works, is what careless scripts take for a backup (G24).
    fn control(&self, ground: &Ground) -> Control {
        if self.postgres {
            return Control::Skipped("the files of PostgreSQL are another program's".to_owned());
        }
        let folder = ground.sub("control");
        let launch = Launch::new(&format!("sqlite://{}", folder.join("torture.db").display()), &folder);
        market::prepare(&launch);
        let server = launch.start_ready();
        let history = Arc::new(History::default());
        let load = Load::start(&Manner::at(launch.port, ground.seed), &history);
        while history.figures().acknowledged < 50 {
            std::thread::sleep(Duration::from_millis(20));
        }
        let before = history.figures().acknowledged;
        let careless = ground.sub("careless");
        std::fs::copy(folder.join("torture.db"), careless.join("torture.db")).expect("a copy");
        load.finish();
        drop(server);
        let copy = Launch::new(&format!("sqlite://{}", careless.join("torture.db").display()), &careless);
        match books::effects(&copy).map(|there| there.into_values().sum::<u64>()) {
            Ok(there) if there >= before => Control::Green(format!("a file copied without its log holds all {before}")),
            Ok(there) => Control::Red(format!("a file copied without its log: {before} acknowledged, {there} in it")),
            Err(told) => Control::Red(format!("a file copied without its log cannot be read: {told}")),
        }
    }
}

fn one(launch: &Launch, copy: &Launch, target: &Path, history: &History, seed: u64, outcome: &mut Outcome) {
    outcome.faults += 1;
    let wanted = history.figures().acknowledged + 40;
    while history.figures().acknowledged < wanted {
        std::thread::sleep(Duration::from_millis(10));
    }
    let before = history.figures().acknowledged;
    let mut make = launch.command("backup");
    make.arg(target);
    if let Some(told) = complaint(make) {
        return outcome.lost(seed, format!("no backup: {told}"));
    }
    let mut put_back = copy.command("restore");
    put_back.arg(target);
    if let Some(told) = complaint(put_back) {
        return outcome.lost(seed, format!("no restore: {told}"));
    }
    if let Some(told) = holds(copy, &target.join("heads.json")) {
        outcome.lost(seed, format!("the restored copy does not hold: {told}"));
    }
    let there: u64 = books::effects(copy).expect("the copy can be read").into_values().sum();
    outcome.count("effects in copies", there);
    if there < before {
        outcome.lost(seed, format!("{before} were acknowledged before the backup, {there} are in it"));
    }
}

struct Tampering;

/// One change to one random row, as somebody with a database shell could make it.
const CHANGES: &[(&str, &str)] = &[
    ("event", "step = 'zz'"),
    ("event", "effective_at = effective_at - 1"),
    ("event", "recorded_at = recorded_at + 1"),
    ("event", "bytes = x'7b7d'"),
    ("event", "subject_version = subject_version + 7"),
    ("sealed", "hash = x'00'"),
    ("sealed", "seq = seq + 100000"),
    ("journal", "rule = 'zz'"),
    ("journal", "natural_key = natural_key || '0'"),
    ("posting", "amount = amount + 1"),
    ("posting", "currency = 'EUR'"),
    ("posting", "kind = 'I.PREMIUM'"),
    ("account", "balance = balance + 1"),
    ("trade_order", "paid = paid + 1"),
    ("trade_order", "held = held + 1"),
    ("trade_order", "version = version + 1"),
    ("event", ""),
    ("sealed", ""),
    ("journal", ""),
    ("posting", ""),
];

impl Rig for Tampering {
    fn id(&self) -> &'static str {
        "F20"
    }

    fn title(&self) -> &'static str {
        "rows tampered with, each must be found"
    }

    fn size(&self, level: Level) -> u32 {
        level.of([40, 2_000, 10_000])
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        let (mut draw, healthy) = (Draw::new(ground.seed), healthy(ground));
        for _ in 0..ground.size {
            let change = CHANGES[usize::try_from(draw.below(CHANGES.len() as u64)).unwrap_or(0)];
            let statement = tampering(change, draw.below(1 << 30));
            outcome.faults += 1;
            if let Some(missed) = tamper(ground, &healthy, &statement) {
                outcome.lost(ground.seed, missed);
            }
        }
        outcome.count("found", outcome.faults - outcome.losses.len() as u64);
        outcome
    }

    /// Something that changes nothing must not be found, or the rig would call everything tampering.
    fn control(&self, ground: &Ground) -> Control {
        let healthy = healthy(ground);
        match tamper(ground, &healthy, "UPDATE posting SET amount = amount") {
            Some(missed) => Control::Red(format!("a change that changes nothing: {missed}")),
            None => Control::Green("a healthy market was called tampered with".to_owned()),
        }
    }
}

fn tampering((table, set): (&str, &str), lot: u64) -> String {
    let row = format!(
        "rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {lot} % (SELECT COUNT(*) FROM {table}))"
    );
    let keyed = ["event", "trade_order"].contains(&table);
    let row = if keyed { row } else { by_order(table, lot) };
    if set.is_empty() {
        format!("DELETE FROM {table} WHERE {row}")
    } else {
        format!("UPDATE {table} SET {set} WHERE {row}")
    }
}

/// Tables that live in their key have no row number; a row is named by its whole key.
fn by_order(table: &str, lot: u64) -> String {
    let key = match table {
        "sealed" => "market_id, seq",
        "journal" => "market_id, event_id, no",
        "posting" => "market_id, event_id, journal_no, line_no",
        _ => "market_id, kind, owner_id, part, currency",
    };
    format!(
        "({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {lot} % (SELECT COUNT(*) FROM {table}))"
    )
}

/// A small market that was traded in, at rest in one file.
fn healthy(ground: &Ground) -> PathBuf {
    let folder = ground.sub("healthy");
    let file = folder.join("torture.db");
    if !file.exists() {
        let launch = Launch::new(&format!("sqlite://{}", file.display()), &folder);
        market::prepare(&launch);
        let mut driver = crate::flows::Driver::start(&launch, Vec::new());
        for _ in 0..3 {
            driver.trade();
        }
        driver.finish(ground.seed, &mut Outcome::default());
    }
    file
}

/// Tampers with a copy of its own; answers what was done when the checker has nothing to say about it.
fn tamper(ground: &Ground, healthy: &Path, statement: &str) -> Option<String> {
    let folder = ground.sub("tampered");
    let file = folder.join("torture.db");
    std::fs::copy(healthy, &file).expect("a copy");
    let url = format!("sqlite://{}", file.display());
    block_on(async {
        let mut options = ConnectOptions::new(format!("{url}?mode=rw"));
        options.max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await.expect("the copy opens");
        for sql in ["PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON", "PRAGMA synchronous = OFF"] {
            db.execute_unprepared(sql).await.expect("a setting");
        }
        for table in ["event", "sealed", "journal", "posting"] {
            for verb in ["update", "delete"] {
                db.execute_unprepared(&format!("DROP TRIGGER {table}__no_{verb}")).await.expect("a trigger goes");
            }
        }
        let touched = db.execute_unprepared(statement).await.expect("the statement runs").rows_affected();
        assert!(touched > 0, "{statement} touched nothing");
        db.close().await.expect("the copy closes");
        let db = entrepot::platform::database::Database::inspect(&file).await.expect("the copy opens");
        let found = entrepot::audit::verify(&db, None).await;
        db.close().await.expect("the copy closes");
        let _ = std::fs::remove_file(&file);
        // A row that cannot even be read is found as well.
        found.is_ok_and(|report| report.ok()).then(|| format!("nobody noticed: {statement}"))
    })
}
