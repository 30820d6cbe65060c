//! What the figures were taken on: machine, kernel, load, commit, and what a process uses.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
}

/// The load average over one minute.
pub fn load() -> String {
    read("/proc/loadavg").split(' ').next().unwrap_or("?").to_owned()
}

/// Machine, kernel, memory, commit.
pub fn facts() -> Value {
    let cpu = read("/proc/cpuinfo");
    let model = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .map_or("unknown", |l| l.trim_start_matches([' ', '\t', ':']));
    let memory = read("/proc/meminfo");
    let total = memory.lines().next().and_then(|l| l.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0);
    let changed = !said("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty();
    json!({
        "cpu": model, "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "memory_mib": total / 1_024, "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "rustc": said("rustc", &["--version"]),
        "commit": format!("{}{}", said("git", &["rev-parse", "--short=12", "HEAD"]), if changed { " + changes" } else { "" }),
        "load_before": load(),
    })
}

/// CPU time a process has taken: user and system.
pub fn cpu_of(pid: u32) -> Duration {
    let stat = read(&format!("/proc/{pid}/stat"));
    // The name in parentheses may hold spaces; what counts comes after it.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// CPU time of a process and of those it started (a PostgreSQL cluster is many).
pub fn cpu_of_group(parent: u32) -> Duration {
    let children = std::fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| {
        let pid = entry.ok()?.file_name().to_str()?.parse::<u32>().ok()?;
        let stat = read(&format!("/proc/{pid}/stat"));
        let of = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse::<u32>().ok()?;
        (of == parent).then(|| cpu_of(pid))
    });
    cpu_of(parent) + children.sum::<Duration>()
}

/// Memory of a process in MiB: its share of shared pages counted by how many share them, and what is resident.
pub fn memory_of(pid: u32) -> (f64, f64) {
    let kib = |text: &str, name: &str| {
        let line = text.lines().find(|l| l.starts_with(name));
        line.and_then(|l| l.split_whitespace().nth(1)?.parse::<f64>().ok()).unwrap_or(0.0) / 1_024.0
    };
    (kib(&read(&format!("/proc/{pid}/smaps_rollup")), "Pss:"), kib(&read(&format!("/proc/{pid}/status")), "VmRSS:"))
}

/// Bytes below a folder, in MiB.
pub fn disk(folder: &Path) -> f64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    files.filter_map(|f| f.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len() as f64).sum::<f64>() / 1_048_576.0
}
