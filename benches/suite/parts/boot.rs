//! From the start of the process to its first answer, and memory: idle on an empty market, idle and loaded on the large one.

use super::read::kinds;
use super::{Bench, data};
use crate::data::Size;
use crate::load::{Load, Until};
use crate::machine;
use crate::server::Server;
use crate::stats::Middle;
use std::time::Duration;

pub fn run(bench: &mut Bench) {
    let empty = bench.fresh("empty");
    data::apart(&empty, Size::of(0, 0), None);
    let (folder, made) = bench.large();
    let mut starts = Vec::new();
    for _ in 0..bench.rounds.max(5) {
        let ours = Server::ours(&folder, None, None);
        starts.push(ours.started_in.as_secs_f64());
        ours.stop();
    }
    let start = Middle::of(starts);
    bench.report.figure("start", start.median, "s to the first answer, 100,000 products");
    bench.report.figure("start, slowest", start.highest, "s");
    let still = Duration::from_secs(3);
    {
        let ours = Server::ours(&empty, None, None);
        std::thread::sleep(still);
        memory(bench, "memory, empty market", ours.pid());
    }
    let ours = Server::ours(&folder, None, None);
    std::thread::sleep(still);
    memory(bench, "memory idle", ours.pid());
    let cookie = ours.demo("buyer");
    for (_, together, requests) in kinds(&made, &cookie) {
        let load = Load { together, ..Load::closed(&requests, 64, Until::Time(Duration::from_secs(2))) };
        load.run(ours.target());
    }
    memory(bench, "memory loaded", ours.pid());
    let plain = Server::bare(&bench.folder, made.products.len());
    memory(bench, "bare server, memory", plain.pid());
    bench.report.figure("bare server, start", plain.started_in.as_secs_f64(), "s");
    bench.report.figure("disk, large market", machine::disk(&folder), "MiB");
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_entrepot")).map_or(0.0, |m| m.len() as f64 / 1_048_576.0);
    bench.report.figure("program", size, "MiB with the frontend");
    let _ = std::fs::remove_dir_all(&empty);
    bench.report.part("boot", "SQLite, WAL, synchronous=FULL");
}

fn memory(bench: &mut Bench, name: &str, pid: u32) {
    let (pss, rss) = machine::memory_of(pid);
    bench.report.figure(name, pss, "MiB (PSS)");
    bench.report.figure(&format!("{name}, resident"), rss, "MiB");
}
