//! The fault rigs: real server processes are killed, cut off and restarted under load, and nothing may be lost.
//!
//! `cargo test --features torture --test torture -- ci|smoke|full [--only F1,F2] [--seed N] [--report TORTURE.md]`.
//! How the rigs work stands in docs/torture.md. Every rig has a control: the same rig with a guard taken away must find
//! something, or the rig itself is broken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "torture/books.rs"]
mod books;
#[path = "torture/disk.rs"]
mod disk;
#[path = "torture/f1.rs"]
mod f1;
#[path = "torture/f18.rs"]
mod f18;
#[path = "torture/f2.rs"]
mod f2;
#[path = "torture/f20.rs"]
mod f20;
#[path = "torture/f3.rs"]
mod f3;
#[path = "torture/f4.rs"]
mod f4;
#[path = "torture/f5.rs"]
mod f5;
#[path = "torture/f6.rs"]
mod f6;
#[path = "torture/f6_standby.rs"]
mod f6_standby;
#[path = "torture/flows.rs"]
mod flows;
#[path = "torture/history.rs"]
mod history;
#[path = "torture/http.rs"]
mod http;
#[path = "torture/load.rs"]
mod load;
#[path = "torture/market.rs"]
mod market;
#[path = "torture/postgres.rs"]
mod postgres;
#[path = "torture/proxy.rs"]
mod proxy;
#[path = "torture/report.rs"]
mod report;
#[path = "torture/rig.rs"]
mod rig;
#[path = "torture/server.rs"]
mod server;

use rig::{Ground, Level, Rig};
use std::process::ExitCode;

/// Every rig, in the order in which they run.
fn rigs() -> Vec<Box<dyn Rig>> {
    let all = [f1::rigs(), f2::rigs(), f3::rigs(), f4::rigs(), f5::rigs(), f6::rigs(), f18::rigs(), f20::rigs()];
    all.into_iter().flatten().collect()
}

/// What the command line asks for.
struct Asked {
    level: Level,
    only: Vec<String>,
    seed: u64,
    report: Option<std::path::PathBuf>,
}

const USAGE: &str = "usage: cargo test --features torture --test torture -- [ci|smoke|full] [--only F1,F2] [--seed N] [--report FILE] [--list]";

fn main() -> ExitCode {
    let asked = match asked(std::env::args().skip(1)) {
        Ok(Some(asked)) => asked,
        Ok(None) => return ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let chosen: Vec<_> =
        rigs().into_iter().filter(|r| asked.only.is_empty() || asked.only.contains(&r.id().to_uppercase())).collect();
    if let Some(unknown) = asked.only.iter().find(|id| !chosen.iter().any(|r| r.id().eq_ignore_ascii_case(id))) {
        eprintln!("there is no rig {unknown}; --list names them");
        return ExitCode::from(2);
    }
    let mut results = Vec::new();
    for (n, rig) in chosen.iter().enumerate() {
        let ground = Ground::new(asked.level, rig.size(asked.level), asked.seed.wrapping_add(n as u64 * 1_000_003));
        println!("\n{} {}: {} faults, SEED={}", rig.id(), rig.title(), ground.size, asked.seed);
        let result = report::carry_out(rig.as_ref(), &ground);
        println!("{}", report::line(&result));
        results.push(result);
    }
    println!("\n{}", report::table(&results));
    if let Some(path) = &asked.report {
        std::fs::write(path, report::page(&results, asked.level, asked.seed)).expect("the report can be written");
        println!("wrote {}", path.display());
    }
    let (passed, failed) = report::score(&results);
    println!("torture: {passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Reads the command line; `None` when the list was all that was asked for.
fn asked(mut words: impl Iterator<Item = String>) -> Result<Option<Asked>, String> {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_err(|e| e.to_string())?;
    let seed = u64::from(clock.subsec_nanos()) ^ clock.as_secs();
    let mut asked = Asked { level: Level::Ci, only: Vec::new(), seed, report: None };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "ci" => asked.level = Level::Ci,
            "smoke" => asked.level = Level::Smoke,
            "full" => asked.level = Level::Full,
            "--only" => asked.only = value()?.split(',').map(|id| id.trim().to_uppercase()).collect(),
            "--seed" => asked.seed = value()?.parse().map_err(|_| "a seed is a whole number".to_owned())?,
            "--report" => asked.report = Some(value()?.into()),
            "--list" => {
                rigs().iter().for_each(|r| println!("{} {}", r.id(), r.title()));
                return Ok(None);
            }
            // What the usual test runner takes and this one has no use for.
            "--nocapture" | "--include-ignored" | "--quiet" | "-q" => {}
            other => return Err(format!("{other} is neither a size nor an option")),
        }
    }
    Ok(Some(asked))
}
