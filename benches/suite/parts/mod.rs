//! The parts of the suite.

pub mod boot;
pub mod door;
pub mod matching;
pub mod mixed;
pub mod papers;
pub mod postgres;
pub mod read;
pub mod search;
pub mod tools;
pub mod write;

use super::data::{self, Made, Size};
use super::load::{Load, Target, Wire};
use super::report::Report;
use super::stats::Case;
use std::path::PathBuf;

/// What all parts share.
pub struct Bench {
    /// Where results and kept markets lie.
    pub folder: PathBuf,
    pub report: Report,
    /// Runs of each case.
    pub rounds: usize,
    /// Seconds of a run of a timed case.
    pub seconds: f64,
    /// The large market.
    pub size: Size,
}

impl Bench {
    /// The large market, kept from the last run where there was one.
    pub fn large(&self) -> (PathBuf, Made) {
        data::kept(&self.folder, self.size)
    }

    /// A folder for this run, emptied.
    pub fn fresh(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }
}

/// Runs cases in turn, round by round, so that whatever else the machine does meets all of them alike.
pub fn in_turn(rounds: usize, cases: &mut [(Case, Target, Load<'_>)]) {
    for _ in 0..rounds {
        for (case, target, load) in cases.iter_mut() {
            case.runs.push(load.run(*target));
        }
    }
}

/// A share of requests that are to be sent once, for one of several rounds.
pub fn share(requests: &[Wire], round: usize, rounds: usize) -> &[Wire] {
    let each = requests.len() / rounds;
    &requests[round * each..(round + 1) * each]
}
