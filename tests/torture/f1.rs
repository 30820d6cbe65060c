//! F1: the server is killed with SIGKILL at a random moment under load, while it starts as well as while it serves.

use crate::history::{History, Verdict};
use crate::load::{Load, Manner};
use crate::postgres::{self, Cluster};
use crate::rig::{Control, Draw, Ground, Level, Outcome, Rig};
use crate::server::Launch;
use crate::{books, history, market};
use entrepot::platform::sabotage::Guard;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A kill comes at most this long after the start of the process.
const LONGEST_LIFE_MS: u64 = 2_000;
/// After a kill the server is ready again within this.
const RECOVERY: Duration = Duration::from_secs(10);
/// Kills on one database, before its history and its books are looked through.
const KILLS_PER_DATABASE: u32 = 20;

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![Box::new(Kill { on: On::Sqlite }), Box::new(Kill { on: On::Postgres })]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Sqlite,
    Postgres,
}

struct Kill {
    on: On,
}

impl Rig for Kill {
    fn id(&self) -> &'static str {
        "F1"
    }

    fn title(&self) -> &'static str {
        match self.on {
            On::Sqlite => "kill -9 under load, SQLite",
            On::Postgres => "kill -9 under load, PostgreSQL",
        }
    }

    fn size(&self, level: Level) -> u32 {
        match self.on {
            On::Sqlite => level.of([6, 60, 1_000]),
            On::Postgres => level.of([3, 20, 1_000]),
        }
    }

    fn skipped(&self) -> Option<String> {
        if self.on == On::Postgres { postgres::programs().err() } else { None }
    }

    fn run(&self, ground: &Ground) -> Outcome {
        history::self_test();
        let cluster = (self.on == On::Postgres).then(|| Cluster::start(&ground.sub("pg")));
        let mut outcome = Outcome::default();
        let mut left = ground.size;
        while left > 0 {
            let kills = left.min(KILLS_PER_DATABASE);
            let seed = ground.seed.wrapping_add(u64::from(ground.size - left));
            let launch = launch(ground, cluster.as_ref(), &format!("run{left}"));
            market::prepare(&launch);
            batch(&launch, Manner::at(launch.port, seed), kills, &mut outcome);
            let _ = std::fs::remove_dir_all(&launch.folder);
            left -= kills;
        }
        outcome
    }

    /// Without the stored replies, what was committed and not answered is done again when it is sent again.
    fn control(&self, ground: &Ground) -> Control {
        let cluster = (self.on == On::Postgres).then(|| Cluster::start(&ground.sub("control")));
        for round in 0..5 {
            let launch = launch(ground, cluster.as_ref(), &format!("control{round}")).without(Guard::Replies);
            market::prepare(&launch);
            let manner = Manner { hang_up_in: 0, ..Manner::at(launch.port, ground.seed.wrapping_add(round)) };
            let verdict = batch(&launch, manner, 4, &mut Outcome::default());
            if let Some(first) = verdict.doubled.first() {
                return Control::Red(format!("without stored replies, {} found, e.g. {first}", verdict.doubled.len()));
            }
        }
        Control::Green("without stored replies, 20 kills doubled nothing".to_owned())
    }
}

fn launch(ground: &Ground, cluster: Option<&Cluster>, name: &str) -> Launch {
    let folder = ground.sub(name);
    let database = match cluster {
        Some(cluster) => cluster.database(name),
        None => format!("sqlite://{}", folder.join("torture.db").display()),
    };
    Launch::new(&database, &folder)
}

/// Kills the server so many times under one load, starts it once more, and looks through history and books.
fn batch(launch: &Launch, manner: Manner, kills: u32, outcome: &mut Outcome) -> Verdict {
    let seed = manner.seed;
    let mut draw = Draw::new(seed);
    let history = Arc::new(History::kept_in(&launch.folder.join("history.txt")));
    let load = Load::start(&manner, &history);
    for _ in 0..kills {
        let life = Duration::from_millis(draw.below(LONGEST_LIFE_MS));
        let began = Instant::now();
        let mut server = launch.start();
        match server.ready_within(life) {
            Some(took) => outcome.most("ms to ready at most", took.as_millis().try_into().unwrap_or(u64::MAX)),
            None => outcome.count("killed while starting", 1),
        }
        std::thread::sleep(life.saturating_sub(began.elapsed()));
        server.kill();
        outcome.faults += 1;
    }
    let mut server = launch.start();
    let took = server.ready(Duration::from_secs(60));
    outcome.most("ms to ready at most", took.as_millis().try_into().unwrap_or(u64::MAX));
    if took > RECOVERY {
        outcome.lost(seed, format!("ready only {took:?} after the last kill; {RECOVERY:?} is allowed"));
    }
    // Those who were cut off come back once more, now that somebody listens.
    std::thread::sleep(Duration::from_millis(300));
    load.finish();
    if server.terminate(Duration::from_secs(20)).is_none_or(|status| !status.success()) {
        outcome.lost(seed, "the server did not end well after SIGTERM");
    }
    judge(launch, &history, seed, outcome)
}

/// Looks through the history, the books and the log of a server that has ended.
pub fn judge(launch: &Launch, history: &History, seed: u64, outcome: &mut Outcome) -> Verdict {
    let verdict = history.check(&books::effects(launch).expect("the log can be read"));
    let figures = history.figures();
    outcome.count("acknowledged", figures.acknowledged);
    outcome.count("refused", figures.refused);
    outcome.count("unknown", figures.unknown);
    outcome.count("tries repeated", figures.retries);
    let wrong = verdict.all().cloned().chain(books::verify(launch)).chain(launch.bad_lines());
    wrong.for_each(|what| outcome.lost(seed, what));
    if figures.acknowledged == 0 {
        outcome.lost(seed, "nothing was acknowledged: this run proved nothing");
    }
    verdict
}
