//! F2: the power goes. The disk under the database stops at a random moment under load, the server is killed, the disk
//! comes back as the journal of its file system finds it, and what was acknowledged must be there.

use crate::disk::{self, Disk};
use crate::f1::judge;
use crate::history::History;
use crate::load::{Load, Manner};
use crate::postgres::{self, Cluster};
use crate::rig::{Control, Draw, Ground, Level, Outcome, Rig};
use crate::server::Launch;
use crate::{books, market};
use entrepot::platform::sabotage::Guard;
use std::sync::Arc;
use std::time::Duration;

/// A cut comes at most this long after the server is ready.
const LONGEST_LIFE_MS: u64 = 1_500;
/// After the disk is back, the server is ready within this.
const RECOVERY: Duration = Duration::from_secs(20);
/// Cuts of one disk, before its history and its books are looked through.
const CUTS_PER_DISK: u32 = 10;

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![Box::new(Cut { postgres: false }), Box::new(Cut { postgres: true })]
}

struct Cut {
    postgres: bool,
}

impl Rig for Cut {
    fn id(&self) -> &'static str {
        "F2"
    }

    fn title(&self) -> &'static str {
        if self.postgres { "power cut, PostgreSQL" } else { "power cut, SQLite" }
    }

    fn size(&self, level: Level) -> u32 {
        if self.postgres { level.of([0, 5, 50]) } else { level.of([3, 30, 300]) }
    }

    fn skipped(&self) -> Option<String> {
        let programs = if self.postgres { postgres::programs().err() } else { None };
        programs.or_else(disk::unavailable)
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        let mut left = ground.size;
        while left > 0 {
            let cuts = left.min(CUTS_PER_DISK);
            let seed = ground.seed.wrapping_add(u64::from(ground.size - left));
            let mut machine = Machine::make(ground, &format!("run{left}"), self.postgres, &[]);
            machine.batch(cuts, seed, &mut outcome);
            machine.clear();
            left -= cuts;
        }
        outcome
    }

    /// Without the flush at commit, acknowledged commits must be lost with the power.
    fn control(&self, ground: &Ground) -> Control {
        for round in 0..3 {
            let name = format!("control{round}");
            let mut machine = Machine::make(ground, &name, self.postgres, &[Guard::FullSync]);
            let found = machine.one_cut_without_mercy(ground.seed.wrapping_add(round));
            machine.clear();
            if let Some(found) = found {
                return Control::Red(format!("without the flush at commit, {found}"));
            }
        }
        Control::Green("without the flush at commit, 3 cuts lost nothing".to_owned())
    }
}

/// A disk, what runs on it, and a market.
struct Machine {
    // In this order they are let go: the cluster must end before its disk.
    cluster: Option<Cluster>,
    disk: Disk,
    launch: Launch,
    home: std::path::PathBuf,
}

impl Machine {
    fn make(ground: &Ground, name: &str, postgres: bool, without: &[Guard]) -> Self {
        let home = ground.sub(name);
        let disk = Disk::make(&home, if postgres { 1_024 } else { 256 });
        let cluster = postgres.then(|| {
            let mut cluster = Cluster::make(&ground.sub(&format!("{name}-pg")), &disk.path().join("data"));
            cluster.run();
            cluster
        });
        let database = match &cluster {
            Some(cluster) => cluster.database("torture"),
            None => format!("sqlite://{}", disk.path().join("torture.db").display()),
        };
        let mut launch = Launch::new(&database, &disk.path().join("server")).logging_to(&home.join("server.log"));
        if postgres {
            launch.folder = home.join("server");
        }
        market::prepare(&launch);
        launch.environment =
            without.iter().map(|guard| ("ENTREPOT_SABOTAGE".to_owned(), guard.word().to_owned())).collect();
        Self { cluster, disk, launch, home }
    }

    fn clear(mut self) {
        drop(self.cluster.take());
        self.disk.unmount();
        let _ = std::fs::remove_dir_all(&self.home);
    }

    /// Lets the clients trade for a while, pulls the plug, and brings the disk back.
    fn live_and_cut(&mut self, draw: &mut Draw, least: Duration, history: &History, outcome: &mut Outcome) {
        let mut server = self.launch.start();
        let took = server.ready(Duration::from_secs(60));
        outcome.most("ms to ready at most", took.as_millis().try_into().unwrap_or(u64::MAX));
        if took > RECOVERY {
            outcome.lost(0, format!("ready only after {took:?}; {RECOVERY:?} is allowed"));
        }
        let plug = self.disk.plug();
        std::thread::sleep(least + Duration::from_millis(draw.below(LONGEST_LIFE_MS)));
        history.freeze();
        plug.pull();
        server.kill();
        if let Some(cluster) = &mut self.cluster {
            cluster.kill();
        }
        history.thaw();
        outcome.faults += 1;
        self.disk.remount();
        if let Some(cluster) = &mut self.cluster {
            cluster.run();
        }
    }

    fn batch(&mut self, cuts: u32, seed: u64, outcome: &mut Outcome) {
        let mut draw = Draw::new(seed);
        let history = Arc::new(History::kept_in(&self.home.join("history.txt")));
        let load = Load::start(&Manner::at(self.launch.port, seed), &history);
        for _ in 0..cuts {
            self.live_and_cut(&mut draw, Duration::ZERO, &history, outcome);
        }
        let server = self.launch.start_ready();
        std::thread::sleep(Duration::from_millis(300));
        load.finish();
        if server.terminate(Duration::from_secs(20)).is_none_or(|status| !status.success()) {
            outcome.lost(seed, "the server did not end well after SIGTERM");
        }
        judge(&self.launch, &history, seed, outcome);
    }

    /// One cut of a machine that may come back with nothing at all; answers what was lost.
    fn one_cut_without_mercy(&mut self, seed: u64) -> Option<String> {
        let history = Arc::new(History::default());
        let load = Load::start(&Manner::at(self.launch.port, seed), &history);
        self.live_and_cut(&mut Draw::new(seed), Duration::from_millis(700), &history, &mut Outcome::default());
        load.finish();
        let acknowledged = history.figures().acknowledged;
        match books::effects(&self.launch) {
            Err(why) => Some(format!("the database did not come back ({why})")),
            Ok(there) => {
                let lost = history.check(&there).lost.len();
                (lost > 0).then(|| format!("{lost} of {acknowledged} acknowledged changes were lost in one cut"))
            }
        }
    }
}
