//! What other programs measure: the rules in memory (an example of the domain) and pages in a browser (a script of the
//! frontend).

use super::Bench;
use std::path::Path;
use std::process::Command;

/// Steps a second through whole order lives in memory, one core.
pub fn world(bench: &mut Bench) {
    // This program lies in target/release/deps, examples beside it; `make bench` builds them before.
    let here = std::env::current_exe().unwrap();
    let example = here.ancestors().nth(2).unwrap().join("examples/world_bench");
    let mut rates = Vec::new();
    for _ in 0..bench.rounds {
        let Ok(output) = Command::new(&example).output() else { break };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let rate = |line: &str| line.split(" = ").nth(1)?.split(' ').next()?.parse::<f64>().ok();
        rates.extend(text.lines().next().and_then(rate));
    }
    match crate::stats::Middle::of(rates.iter().copied()) {
        _ if rates.is_empty() => {
            println!("  World was not measured: {} is not built or told no rate", example.display())
        }
        middle => bench.report.figure("World", middle.median, "steps/s"),
    }
    bench.report.part("world", "none: in memory");
}

/// Pages in a browser with a cold cache, as the frontend's own script measures them.
pub fn web(bench: &mut Bench) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/scripts/vitals.mjs");
    let (folder, _) = bench.large();
    let ours = crate::server::Server::ours(&folder, None, None);
    let mut command = Command::new("node");
    command.arg(&script).args(["--json", "--runs", &bench.rounds.to_string()]);
    command.env("ENTREPOT_URL", format!("http://{}", ours.address));
    let output = match command.output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => return println!("  web was not measured: {}", String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => return println!("  web was not measured: node could not be started: {error}"),
    };
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for row in told["results"].as_array().into_iter().flatten() {
        let (page, speed) = (row["page"].as_str().unwrap_or("?"), row["cpu"].as_str().unwrap_or("?"));
        for (key, name) in [("lcp", "LCP"), ("blocking", "blocking"), ("inp", "INP")] {
            bench.report.figure(&format!("{page}, {speed}: {name}"), row[key].as_f64().unwrap_or(0.0), "ms");
        }
    }
    let first = &told["results"][0];
    bench.report.figure("LCP", first["lcp"].as_f64().unwrap_or(0.0) / 1_000.0, "s, first page, cold");
    bench.report.figure("first route", first["script"].as_f64().unwrap_or(0.0) / 1_000.0, "kB of script as sent");
    bench.report.part("web", "SQLite, WAL, synchronous=FULL");
}
