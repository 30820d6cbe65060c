//! Goals, and how results are told: lines while it runs, a JSON file a part, one table at the end.

use super::machine;
use super::stats::Case;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Something to be reached.
pub struct Goal {
    /// What is measured, as the table names it.
    pub name: &'static str,
    /// The figure's name: a case, or a single figure.
    pub of: &'static str,
    pub at_least: f64,
    pub aim: f64,
    pub unit: &'static str,
    /// True where less is better.
    pub less: bool,
    /// The bare server's case of the same round, and what share of it this is.
    pub bare: Option<&'static str>,
}

const fn goal(name: &'static str, of: &'static str, at_least: f64, aim: f64, unit: &'static str) -> Goal {
    Goal { name, of, at_least, aim, unit, less: false, bare: None }
}

const fn limit(name: &'static str, of: &'static str, at_least: f64, aim: f64, unit: &'static str) -> Goal {
    Goal { less: true, ..goal(name, of, at_least, aim, unit) }
}

const fn beside(bare: &'static str, goal: Goal) -> Goal {
    Goal { bare: Some(bare), ..goal }
}

/// The table of goals.
pub const GOALS: &[Goal] = &[
    beside("bare order, 64", goal("money command, SQLite", "fund a stage, 64", 2_500.0, 6_000.0, "/s")),
    limit("money command, SQLite, p99", "fund a stage, 64 p99", 50.0, 25.0, "ms"),
    beside(
        "bare order, 64",
        goal("money command, one buyer and supplier", "fund, one buyer and supplier, 64", 1_250.0, 6_000.0, "/s"),
    ),
    goal("money command, PostgreSQL", "PostgreSQL: fund a stage, 64", 1_500.0, 3_000.0, "/s"),
    limit("money command, PostgreSQL, p99", "PostgreSQL: fund a stage, 64 p99", 50.0, 25.0, "ms"),
    goal("ledger transfer in process, 64 callers", "transfer, spread, 64", 10_000.0, 20_000.0, "/s"),
    goal("whole order, draft to closed", "whole order", 250.0, 1_000.0, "/s"),
    beside("bare product, 16", goal("order page, 16 connections", "order page, 16", 5_000.0, 10_000.0, "/s")),
    limit("order page, 16 connections, p99", "order page, 16 p99", 10.0, 10.0, "ms"),
    beside("bare product, 16", goal("product page", "product page, 16", 10_000.0, 20_000.0, "/s")),
    beside(
        "bare list of 50, 16",
        goal("list of 50 of 100,000 products", "product list of 50, 16", 4_000.0, 9_000.0, "/s"),
    ),
    goal("search: ranked text, facets counted", "search common, 16", 3_000.0, 10_000.0, "/s"),
    limit("search, p99", "search common, 16 p99", 20.0, 15.0, "ms"),
    limit("completion, one connection, p99", "completion, 1 p99", 5.0, 1.0, "ms"),
    limit("change of a product visible in search", "change visible", 1.0, 0.2, "s"),
    limit("request matched with 10,000 suppliers", "matched, 50 lines", 0.5, 0.05, "s"),
    limit("PDF of a 50-line bilingual contract", "contract of 50 lines", 150.0, 30.0, "ms"),
    goal("World, one core", "World", 3_000_000.0, 6_000_000.0, "steps/s"),
    limit("memory, idle", "memory idle", 60.0, 40.0, "MiB"),
    limit("memory, loaded", "memory loaded", 200.0, 120.0, "MiB"),
    limit("start to first answer, 100,000 products", "start", 0.5, 0.15, "s"),
    limit("first page, cold, LCP", "LCP", 0.8, 0.3, "s"),
    limit("first route, gzip", "first route", 250.0, 150.0, "kB"),
];

/// Gathers results.
pub struct Report {
    folder: PathBuf,
    machine: Value,
    cases: Vec<Case>,
    figures: Vec<(String, f64)>,
    written: usize,
    told: usize,
}

impl Report {
    pub fn begin(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let machine = machine::facts();
        let text = |name: &str| machine[name].to_string().trim_matches('"').to_owned();
        println!(
            "{} x {}, {} MiB, kernel {}, {}, commit {}, load {}",
            text("cores"),
            text("cpu"),
            text("memory_mib"),
            text("kernel"),
            text("rustc"),
            text("commit"),
            text("load_before")
        );
        Self { folder: folder.to_owned(), machine, cases: Vec::new(), figures: Vec::new(), written: 0, told: 0 }
    }

    /// Takes a case and tells it.
    pub fn case(&mut self, case: Case) {
        println!("  {}", case.line());
        self.cases.push(case);
    }

    /// Takes a single figure and tells it.
    pub fn figure(&mut self, name: &str, value: f64, unit: &str) {
        println!("  {name:<44} {value:>10.3} {unit}");
        self.figures.push((name.to_owned(), value));
    }

    /// Writes what a part gave to a file of its own.
    pub fn part(&mut self, name: &str, database: &str) {
        let cases: Vec<Value> = self.cases[self.written..].iter().map(Case::json).collect();
        let figures: serde_json::Map<String, Value> =
            self.figures[self.told..].iter().map(|(n, v)| (n.clone(), json!(v))).collect();
        (self.written, self.told) = (self.cases.len(), self.figures.len());
        let load = machine::load();
        println!("  load afterwards {load}");
        let all = json!({
            "part": name, "database": database, "machine": self.machine, "load_after": load, "cases": cases, "figures": figures
        });
        let file = self.folder.join(format!("{name}.json"));
        std::fs::write(file, serde_json::to_string_pretty(&all).unwrap()).unwrap();
    }

    /// Takes the figures of a part that another process wrote down.
    pub fn adopt(&mut self, name: &str) {
        let text = std::fs::read_to_string(self.folder.join(format!("{name}.json"))).unwrap_or_default();
        let told: Value = serde_json::from_str(&text).unwrap_or_default();
        for case in told["cases"].as_array().into_iter().flatten() {
            let name = case["name"].as_str().unwrap_or("");
            let median = |of: &str| case[of]["median"].as_f64().unwrap_or(0.0);
            self.figures.push((name.to_owned(), median("per_second")));
            self.figures.push((format!("{name} p99"), median("p99_ms")));
        }
        self.told = self.figures.len();
    }

    fn value(&self, of: &str) -> Option<f64> {
        if let Some((_, value)) = self.figures.iter().rev().find(|(name, _)| name == of) {
            return Some(*value);
        }
        let (name, p99) = of.strip_suffix(" p99").map_or((of, false), |name| (name, true));
        let case = self.cases.iter().find(|c| c.name == name)?;
        Some(if p99 { case.at(0.99).median } else { case.rate().median })
    }

    /// Prints the table of goals for what was measured, and writes it.
    pub fn end(&self) {
        println!("\n| operation | measured | at least | aim | bare server | ratio | |\n|---|---|---|---|---|---|---|");
        let mut rows = Vec::new();
        for goal in GOALS {
            let Some(value) = self.value(goal.of) else { continue };
            let bare = goal.bare.and_then(|name| self.value(name));
            let reached = |mark: f64| if goal.less { value <= mark } else { value >= mark };
            let verdict = if reached(goal.aim) {
                "aim"
            } else if reached(goal.at_least) {
                "reached"
            } else {
                "MISSED"
            };
            let ratio = bare.map_or("–".to_owned(), |b| format!("{:.2}", value / b));
            println!(
                "| {} | {} | {} | {} | {} | {ratio} | {verdict} |",
                goal.name,
                told(value, goal.unit),
                told(goal.at_least, goal.unit),
                told(goal.aim, goal.unit),
                bare.map_or("–".to_owned(), |b| told(b, goal.unit))
            );
            rows.push(json!({ "operation": goal.name, "measured": value, "at_least": goal.at_least, "aim": goal.aim, "unit": goal.unit, "bare": bare, "verdict": verdict }));
        }
        let all = json!({ "machine": self.machine, "load_after": machine::load(), "rows": rows });
        std::fs::write(self.folder.join("summary.json"), serde_json::to_string_pretty(&all).unwrap()).unwrap();
        println!("\nresults: {}", self.folder.display());
    }
}

fn told(value: f64, unit: &str) -> String {
    let unit = if unit == "/s" { unit.to_owned() } else { format!(" {unit}") };
    if value >= 100.0 { format!("{value:.0}{unit}") } else { format!("{value:.2}{unit}") }
}
