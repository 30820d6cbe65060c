//! Reading over HTTP: pages and lists out of the large market, at 1, 16 and 64 connections, beside the bare server.

use super::{Bench, in_turn};
use crate::data::{Dice, Made, Zipf};
use crate::load::{Load, Until, Wire, wire};
use crate::server::Server;
use crate::stats::Case;
use std::time::Duration;

/// Requests made beforehand of each kind.
const MADE: usize = 4_096;

/// A kind of request: its name, how many count as one answer, the requests.
pub type Kind = (&'static str, usize, Vec<Wire>);

/// What a signed-in buyer reads.
pub fn kinds(made: &Made, cookie: &str) -> Vec<Kind> {
    let (mut dice, popular) = (Dice::new(3), Zipf::over(made.products.len()));
    let own: Vec<&str> = made.orders.iter().filter(|(_, b, _)| *b == 0).map(|(id, _, _)| id.as_str()).collect();
    let get = |path: String| wire(&format!("GET {path}"), cookie, None, "");
    let mut many = |make: &mut dyn FnMut(&mut Dice) -> Vec<Wire>| (0..MADE).flat_map(|_| make(&mut dice)).collect();
    let product = |dice: &mut Dice| made.products[popular.draw(dice)].clone();
    let order = |dice: &mut Dice| own[dice.below(own.len())].to_owned();
    vec![
        ("product page", 1, many(&mut |d| vec![get(format!("/api/v1/products/{}", product(d)))])),
        ("product list of 50", 1, many(&mut |d| vec![get(format!("/api/v1/products?limit=50&cursor={}", product(d)))])),
        ("order page", 1, many(&mut |d| vec![get(format!("/api/v1/orders/{}", order(d)))])),
        ("order actions", 1, many(&mut |d| vec![get(format!("/api/v1/orders/{}/actions", order(d)))])),
        (
            "order page and actions",
            2,
            many(&mut |d| {
                let id = order(d);
                vec![get(format!("/api/v1/orders/{id}")), get(format!("/api/v1/orders/{id}/actions"))]
            }),
        ),
        ("order list of 50", 1, many(&mut |_| vec![get("/api/v1/orders?limit=50".to_owned())])),
    ]
}

/// What anybody may read.
fn anybody() -> Vec<Kind> {
    let one = |path: &str| vec![wire(&format!("GET {path}"), "", None, "")];
    vec![("nobody signed in: health", 1, one("/health")), ("nobody signed in: first page", 1, one("/"))]
}

fn bare(made: &Made) -> Vec<Kind> {
    let (mut dice, popular) = (Dice::new(3), Zipf::over(made.products.len()));
    let mut many = |make: &dyn Fn(usize) -> String| {
        let one = |n: usize| wire(&format!("GET {}", make(n)), "", None, "");
        (0..MADE).map(|_| one(popular.draw(&mut dice))).collect::<Vec<_>>()
    };
    vec![
        ("bare product", 1, many(&|n| format!("/products/{}", n + 1))),
        ("bare list of 20", 1, many(&|n| format!("/list/{n}/20"))),
        ("bare list of 50", 1, many(&|n| format!("/list/{n}/50"))),
    ]
}

pub fn run(bench: &mut Bench) {
    let (folder, made) = bench.large();
    let (ours, plain) = (Server::ours(&folder, None, None), Server::bare(&bench.folder, made.products.len()));
    let cookie = ours.demo("buyer");
    let (signed_in, anybody, bare) = (kinds(&made, &cookie), anybody(), bare(&made));
    let until = Until::Time(Duration::from_secs_f64(bench.seconds));
    for connections in [1, 16, 64] {
        let with = |kind: &Kind| Case::new(format!("{}, {connections}", kind.0), "GET over HTTP, SQLite, closed loop");
        let load = |kind: &'_ Kind| (kind.1, connections, until);
        let mut cases = Vec::new();
        let sources = [(&bare, plain.target()), (&anybody, ours.target()), (&signed_in, ours.target())];
        for (kind, target) in sources.iter().flat_map(|(kinds, target)| kinds.iter().map(move |k| (k, *target))) {
            let (together, connections, until) = load(kind);
            cases.push((with(kind), target, Load { together, ..Load::closed(&kind.2, connections, until) }));
        }
        in_turn(bench.rounds, &mut cases);
        for (case, _, _) in cases {
            bench.report.case(case);
        }
    }
    let packed: Vec<Wire> = signed_in[1].2.iter().map(packed).collect();
    let mut cases = [(
        Case::new("product list of 50 as gzip, 16", "as browsers ask for it"),
        ours.target(),
        Load::closed(&packed, 16, until),
    )];
    in_turn(bench.rounds, &mut cases);
    let [(case, _, _)] = cases;
    bench.report.case(case);
    bench.report.part("http-read", "SQLite, WAL, synchronous=FULL");
}

/// The same request by a client that reads gzip.
fn packed(request: &Wire) -> Wire {
    String::from_utf8_lossy(request).replacen("\r\n", "\r\nAccept-Encoding: gzip\r\n", 1).into_bytes().into()
}
