//! docs/operations.md against the product: options, metrics and security events that it lists are those that exist.

use crate::ground::strict;
use crate::metrics;
use clap::{Args, Command};
use entrepot::config::Config;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A whole answer, head and body.
pub async fn fetch(port: u16, path: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The first cells of the table below a heading, without their ticks.
fn table(manual: &str, heading: &str) -> Vec<Vec<String>> {
    let section = manual.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
        .collect()
}

fn manual() -> String {
    fs::read_to_string(root().join("docs/operations.md")).unwrap()
}

/// What the product's options are: flag and variable.
pub fn options() -> Vec<(String, String)> {
    let command = Config::augment_args(Command::new("entrepot"));
    let of = |arg: &clap::Arg| {
        let flag = format!("--{}", arg.get_long()?);
        Some((flag, arg.get_env()?.to_string_lossy().into_owned()))
    };
    command.get_arguments().filter_map(of).collect()
}

fn differences(name: &str, documented: BTreeSet<String>, real: BTreeSet<String>) -> Vec<String> {
    let missing = real.difference(&documented).map(|it| format!("{name} {it} is not in docs/operations.md"));
    let invented =
        documented.difference(&real).map(|it| format!("docs/operations.md names {name} {it}, which is not there"));
    missing.chain(invented).collect()
}

#[test]
fn every_option_is_in_the_table_with_its_variable() {
    let documented = table(&manual(), "Configuration").iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    let real = options().into_iter().map(|(flag, variable)| format!("{flag} {variable}")).collect();

    let found = differences("option", documented, real);

    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[actix_web::test]
async fn every_metric_is_in_the_table_and_on_the_page() {
    let ground = strict().await;
    let documented = table(&manual(), "Metrics").iter().map(|row| row[0].clone()).collect();

    let found = differences("metric", documented, metrics::names(&metrics::page(&ground).await));

    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Texts of the constants that name security events.
fn events() -> BTreeSet<String> {
    let constants = ["src/platform/security.rs", "src/identity/happening.rs"]
        .map(|path| fs::read_to_string(root().join(path)).unwrap());
    let text = constants.concat();
    let values = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \"")?.1.strip_suffix("\";"));
    values.map(str::to_owned).collect()
}

fn sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            out.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_security_event_is_in_the_table_and_told_somewhere() {
    let documented = table(&manual(), "Security events").iter().map(|row| row[0].clone()).collect();
    let found = differences("security event", documented, events());
    assert!(found.is_empty(), "{}", found.join("\n"));

    let mut text = String::new();
    sources(&root().join("src"), &mut text);
    for event in events() {
        let name = text
            .lines()
            .find_map(|l| l.strip_prefix("pub const ")?.strip_suffix(&format!(": &str = \"{event}\";")))
            .unwrap();
        let uses = text.matches(&format!("::{name}")).count();
        assert!(uses > 0, "{name} is told nowhere");
    }
}

#[test]
fn a_table_that_lags_behind_is_found() {
    let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<BTreeSet<_>>();

    assert_eq!(differences("metric", set(&["a", "gone"]), set(&["a", "new"])).len(), 2);
    assert_eq!(table("x\n## T\n\n| `a` | `b` |\n| other |\n## U\n| `c` | d |\n", "T"), [["a", "b"]]);
    assert!(options().iter().any(|(flag, variable)| flag == "--listen" && variable == "ENTREPOT_LISTEN"));
}
