//! Browsing and buying at once: of a hundred requests ninety read goods, eight read orders, two move money. The worst
//! second is told beside the whole.

use super::read::kinds;
use super::write::{funds, verified};
use super::{Bench, data};
use crate::data::Dice;
use crate::load::{Load, Until, Wire};
use crate::server::Server;
use crate::stats::Case;

const CONNECTIONS: usize = 64;
/// Requests of one run.
const MIXED: usize = 30_000;

pub fn run(bench: &mut Bench) {
    let (kept, made) = bench.large();
    let folder = bench.fresh("mixed");
    data::copy(&kept, &folder);
    let ours = Server::ours(&folder, None, None);
    let cookies = ours.buyers(&made);
    let (_, money) = funds(&made, &cookies);
    let reads = kinds(&made, &cookies[0]);
    let (mut dice, mut money) = (Dice::new(7), money.into_iter());
    let mut draw = || -> Wire {
        let any = |kind: usize, dice: &mut Dice| reads[kind].2[dice.below(reads[kind].2.len())].clone();
        match dice.below(100) {
            0..60 => any(0, &mut dice),
            60..90 => any(1, &mut dice),
            90..94 => any(2, &mut dice),
            94..98 => any(3, &mut dice),
            _ => money.next().unwrap(),
        }
    };
    let note = "60 % product pages, 30 % product lists, 8 % order pages and actions, 2 % funded stages";
    let mut case = Case::new("mixed, 64", note);
    for _ in 0..bench.rounds {
        let requests: Vec<Wire> = (0..MIXED).map(|_| draw()).collect();
        case.runs.push(Load::closed(&requests, CONNECTIONS, Until::Spent).run(ours.target()));
    }
    bench.report.case(case);
    ours.stop();
    verified(bench, &folder.join("bench.db"));
    let _ = std::fs::remove_dir_all(&folder);
    bench.report.part("mixed", "SQLite, WAL, synchronous=FULL");
}
