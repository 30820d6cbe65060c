//! Memory, files and age of this process, from `/proc`; what the system does not tell is left out.

use super::{Kind, Page};
use std::sync::OnceLock;
use std::time::Instant;

static STARTED: OnceLock<Instant> = OnceLock::new();

/// Open files of this process.
pub fn files_open() -> Option<u64> {
    let entries = std::fs::read_dir("/proc/self/fd").ok()?;
    u64::try_from(entries.count()).ok()
}

/// How many files this process may have open.
pub fn file_limit() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

fn status(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}

pub(super) fn show(page: &mut Page) {
    let uptime = STARTED.get_or_init(Instant::now).elapsed().as_secs();
    let known = [
        ("process_resident_memory_bytes", "Memory in use.", status("VmRSS:").map(|kib| kib * 1_024)),
        ("process_threads", "Threads.", status("Threads:")),
        ("process_open_fds", "Open files.", files_open()),
        ("process_max_fds", "Files that may be open.", file_limit()),
        ("entrepot_uptime_seconds", "Time since this process began to serve.", Some(uptime)),
    ];
    for (name, help, value) in known {
        page.head(name, Kind::Gauge, help);
        if let Some(value) = value {
            page.row(name, &[], value);
        }
    }
    page.head("entrepot_build_info", Kind::Gauge, "Always 1; the labels say what was built.");
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    page.row("entrepot_build_info", &[("version", env!("CARGO_PKG_VERSION")), ("profile", profile)], 1);
}

/// Notes when the process began to serve.
pub fn begin() {
    STARTED.get_or_init(Instant::now);
}
