//! The benchmark suite: `make bench`, or some parts of it: `make bench PARTS=http-read,ledger`.
//!
//! Servers run as processes of their own, the load in this one. Each case runs several times, the bare server's in the same
//! rounds as ours; what is told is the median and the spread. The figures hold for the machine they were taken on.
//! `docs/performance.md` says what each part measures and what was seen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation
)]

mod bare;
mod data;
mod load;
mod machine;
mod parts;
mod report;
mod server;
mod stats;

use parts::{Bench, boot, door, matching, mixed, papers, postgres, read, search, tools, write};
use std::path::{Path, PathBuf};

/// The one of the program: parts that run in this process measure it too.
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

type Part = (&'static str, fn(&mut Bench));

const PARTS: &[Part] = &[
    ("http-read", read::run),
    ("search", search::run),
    ("matching", matching::run),
    ("http-write", write::run),
    ("mixed", mixed::run),
    ("ledger", door::run),
    ("clock", door::clock),
    ("papers", papers::run),
    ("world", tools::world),
    ("boot", boot::run),
    ("web", tools::web),
    ("postgres", postgres::run),
];

struct Options {
    out: PathBuf,
    rounds: usize,
    seconds: f64,
    size: data::Size,
    table: bool,
    parts: Vec<Part>,
}

fn options(arguments: &[String]) -> Options {
    let target = std::env::var("CARGO_TARGET_DIR")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let size = data::Size::of(100_000, 100_000);
    let mut all = Options { out: target.join("bench"), rounds: 3, seconds: 1.0, size, table: true, parts: Vec::new() };
    let mut rest = arguments.iter().filter(|a| *a != "--bench");
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().unwrap_or_else(|| panic!("{argument} needs a value"));
        match argument.as_str() {
            "--out" => all.out = PathBuf::from(value()),
            "--rounds" => all.rounds = value().parse().unwrap(),
            "--seconds" => all.seconds = value().parse().unwrap(),
            "--size" => {
                let size = value().parse().unwrap();
                all.size = data::Size::of(size, size);
            }
            "--products" => all.size.products = value().parse().unwrap(),
            "--orders" => all.size.orders = value().parse().unwrap(),
            "--no-table" => all.table = false,
            names => all.parts.extend(names.split(',').filter(|n| !n.is_empty()).map(part)),
        }
    }
    if all.parts.is_empty() {
        all.parts = PARTS.to_vec();
    }
    all
}

fn part(name: &str) -> Part {
    let known = || PARTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    *PARTS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no part {name}; there are {}", known()))
}

/// The parts that run in a process of their own.
fn role(arguments: &[String]) {
    let text = |n: usize| arguments.get(n).map_or("", String::as_str);
    let folder = Path::new(text(1));
    let given = |n: usize| Some(text(n)).filter(|t| !t.is_empty());
    match text(0) {
        "make" => {
            let number = |n: usize| text(n).parse().unwrap();
            let size = data::Size { products: number(2), orders: number(3), suppliers: number(4) };
            data::make(folder, size, given(5));
        }
        "bare" => bare::serve(folder.to_owned(), text(2).parse().unwrap()),
        "ledger" => door::transfers(folder, text(2).parse().unwrap(), given(3)),
        "clock" => door::thirty_days(folder),
        other => panic!("no role {other}"),
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--test") {
        return; // `cargo test --benches` only checks that it compiles
    }
    if arguments.first().is_some_and(|a| a == "--role") {
        return role(&arguments[1..]);
    }
    let options = options(&arguments);
    let report = report::Report::begin(&options.out);
    let mut bench =
        Bench { folder: options.out, report, rounds: options.rounds, seconds: options.seconds, size: options.size };
    for (name, run) in options.parts {
        println!("{name}");
        let began = std::time::Instant::now();
        run(&mut bench);
        println!("  {name} took {:.0} s", began.elapsed().as_secs_f64());
    }
    if options.table {
        bench.report.end();
    }
}
