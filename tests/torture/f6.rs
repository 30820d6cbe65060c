//! F6: the database goes away under a running server and comes back: restarted without a checkpoint, or frozen for a while.

use crate::f1::judge;
use crate::f6_standby::FailOver;
use crate::history::History;
use crate::load::{Load, Manner};
use crate::market;
use crate::postgres::{self, Cluster};
use crate::rig::{Control, Ground, Level, Outcome, Rig};
use crate::server::Launch;
use entrepot::platform::sabotage::Guard;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Once the database answers again, so does the server, within this.
pub const RECOVERY: Duration = Duration::from_secs(10);

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![Box::new(DatabaseGone), Box::new(FailOver)]
}

struct DatabaseGone;

impl Rig for DatabaseGone {
    fn id(&self) -> &'static str {
        "F6"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL restarted and frozen under load"
    }

    fn size(&self, level: Level) -> u32 {
        level.of([1, 7, 70])
    }

    fn skipped(&self) -> Option<String> {
        postgres::programs().err()
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let mut outcome = Outcome::default();
        let mut cluster = Cluster::start(&ground.sub("pg"));
        let launch = Launch::new(&cluster.database("torture"), &ground.sub("run"));
        market::prepare(&launch);
        let freeze = Duration::from_secs(if ground.level == Level::Full { 30 } else { 5 });
        let history = Arc::new(History::kept_in(&launch.folder.join("history.txt")));
        let server = launch.start_ready();
        let load = Load::start(&Manner::at(launch.port, ground.seed), &history);
        for round in 0..ground.size {
            goes_on(&history, Duration::from_secs(60)).expect("the market trades before the fault");
            // Two of seven are frozen, the others restarted.
            if matches!(round % 7, 2 | 5) {
                cluster.signal_all("STOP");
                std::thread::sleep(freeze);
                cluster.signal_all("CONT");
                outcome.count("freezes", 1);
            } else {
                cluster.stop_at_once();
                cluster.run();
                outcome.count("restarts", 1);
            }
            outcome.faults += 1;
            match goes_on(&history, Duration::from_secs(60)) {
                Some(took) => {
                    outcome.most(
                        "ms to the next acknowledgement at most",
                        took.as_millis().try_into().unwrap_or(u64::MAX),
                    );
                    if took > RECOVERY {
                        outcome.lost(ground.seed, format!("round {round}: trade went on only after {took:?}"));
                    }
                }
                None => {
                    outcome.lost(ground.seed, format!("round {round}: trade did not go on within a minute"));
                    break;
                }
            }
        }
        load.finish();
        if server.terminate(Duration::from_secs(20)).is_none_or(|status| !status.success()) {
            outcome.lost(ground.seed, "the server did not end well after SIGTERM");
        }
        judge(&launch, &history, ground.seed, &mut outcome);
        outcome
    }

    /// Without the flush at commit, what the database had acknowledged is gone with its memory.
    fn control(&self, ground: &Ground) -> Control {
        let mut cluster = Cluster::start(&ground.sub("control-pg"));
        for round in 0..5 {
            let name = format!("control{round}");
            let launch = Launch::new(&cluster.database(&name), &ground.sub(&name)).without(Guard::FullSync);
            market::prepare(&launch);
            let history = Arc::new(History::default());
            let server = launch.start_ready();
            let load = Load::start(&Manner::at(launch.port, ground.seed.wrapping_add(round)), &history);
            goes_on(&history, Duration::from_secs(60)).expect("the market trades before the fault");
            std::thread::sleep(Duration::from_millis(700));
            history.freeze();
            cluster.stop_at_once();
            server.kill();
            load.finish();
            cluster.run();
            let verdict = history.check(&crate::books::effects(&launch).expect("the log can be read"));
            if !verdict.lost.is_empty() {
                let (lost, of) = (verdict.lost.len(), history.figures().acknowledged);
                return Control::Red(format!(
                    "without the flush at commit, {lost} of {of} acknowledged changes were lost in one restart"
                ));
            }
        }
        Control::Green("without the flush at commit, 5 restarts lost nothing".to_owned())
    }
}

/// Waits until sixteen further changes are acknowledged; answers how long it took.
pub fn goes_on(history: &History, patience: Duration) -> Option<Duration> {
    let (began, before) = (Instant::now(), history.figures().acknowledged);
    while history.figures().acknowledged < before + crate::load::CLIENTS {
        if began.elapsed() > patience {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Some(began.elapsed())
}
