//! F3: the server crashes, fails or hesitates at every failpoint in turn. Exhaustive, not random: a point that no flow
//! passes is a failure of the rig.

use crate::flows::Driver;
use crate::market;
use crate::postgres::{self, Cluster};
use crate::rig::{Control, Ground, Level, Outcome, Rig};
use crate::server::Launch;
use entrepot::platform::sabotage::{Guard, POINTS};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What happens at a point: the process ends there, or the call fails once and hesitates once.
const ACTIONS: &[&str] = &["1*return(abort)", "1*return(fault)->1*sleep(40)"];
/// Rounds at once: one waits while the other computes.
const AT_ONCE: usize = 2;

pub fn rigs() -> Vec<Box<dyn Rig>> {
    vec![Box::new(Points { on: On::Sqlite }), Box::new(Points { on: On::Postgres })]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Sqlite,
    Postgres,
}

struct Points {
    on: On,
}

/// One round: the failpoints of each start, the first one first.
struct Round {
    points: Vec<(&'static str, &'static str)>,
    /// Meetings with the point that pass first.
    after: u32,
}

impl Points {
    /// Points that this engine passes: with one writer, sealing is part of the group.
    fn points(&self) -> Vec<&'static str> {
        POINTS.iter().copied().filter(|p| self.on == On::Postgres || !p.starts_with("seal.")).collect()
    }

    fn rounds(&self, level: Level) -> Vec<Round> {
        if self.on == On::Postgres && level != Level::Full {
            return Vec::new();
        }
        let one = |point| ACTIONS.iter().map(move |action| Round { points: vec![(point, *action)], after: 0 });
        let mut rounds: Vec<Round> = self.points().into_iter().flat_map(one).collect();
        // The same at each later schema step; a sample of them with every test run.
        let steps = 1..u32::try_from(entrepot::platform::database::schema().len()).unwrap_or(u32::MAX);
        for after in steps.filter(|step| level != Level::Ci || *step == 4) {
            for point in ["migrate.before", "migrate.after"] {
                rounds.push(Round { points: vec![(point, ACTIONS[0])], after });
            }
        }
        if level == Level::Full {
            let traded: Vec<&str> = self.points().into_iter().filter(|p| flow_of(p) == Flow::Trade).collect();
            for first in &traded {
                for second in &traded {
                    rounds.push(Round { points: vec![(*first, ACTIONS[0]), (*second, ACTIONS[0])], after: 0 });
                }
            }
        }
        rounds
    }
}

impl Rig for Points {
    fn id(&self) -> &'static str {
        "F3"
    }

    fn title(&self) -> &'static str {
        match self.on {
            On::Sqlite => "every failpoint, SQLite",
            On::Postgres => "every failpoint, PostgreSQL (full only)",
        }
    }

    fn size(&self, level: Level) -> u32 {
        u32::try_from(self.rounds(level).len()).unwrap_or(u32::MAX)
    }

    fn skipped(&self) -> Option<String> {
        if self.on == On::Postgres { postgres::programs().err() } else { None }
    }

    fn run(&self, ground: &Ground) -> Outcome {
        let rounds = self.rounds(ground.level);
        if rounds.is_empty() {
            return Outcome { notes: vec!["runs with full only".to_owned()], ..Outcome::default() };
        }
        let cluster = (self.on == On::Postgres).then(|| Cluster::start(&ground.sub("pg")));
        let template = template(ground);
        let (queue, outcome) = (Mutex::new(rounds.into_iter().enumerate()), Mutex::new(Outcome::default()));
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    while let Some((n, round)) = { queue.lock().expect("a queue").next() } {
                        let launch = launch(ground, cluster.as_ref(), &template, &format!("f3_{n}"), &round);
                        let mut seen = Outcome { faults: 1, ..Outcome::default() };
                        play(&launch, &round, ground.seed, &mut seen);
                        add(&mut outcome.lock().expect("an outcome"), seen);
                        let _ = std::fs::remove_dir_all(&launch.folder);
                    }
                });
            }
        });
        outcome.into_inner().expect("an outcome")
    }

    /// Without the stored replies, what was committed before the crash is done again when it is sent again.
    fn control(&self, ground: &Ground) -> Control {
        if self.on == On::Postgres {
            return Control::Skipped("the same guard as on SQLite".to_owned());
        }
        let round = Round { points: vec![("group.committed", ACTIONS[0])], after: 0 };
        let template = template(ground);
        let launch = launch(ground, None, &template, "control", &round).without(Guard::Replies);
        let mut seen = Outcome::default();
        play(&launch, &round, ground.seed, &mut seen);
        match seen.losses.first() {
            Some(first) => Control::Red(format!("without stored replies: {first}")),
            None => Control::Green("without stored replies, a crash after the commit doubled nothing".to_owned()),
        }
    }
}

/// An installation with a market, made once and copied for each round.
fn template(ground: &Ground) -> PathBuf {
    let folder = ground.sub("template");
    if !folder.join("torture.db").exists() {
        market::prepare(&Launch::new(&format!("sqlite://{}", folder.join("torture.db").display()), &folder));
    }
    folder
}

fn launch(ground: &Ground, cluster: Option<&Cluster>, template: &Path, name: &str, round: &Round) -> Launch {
    let folder = ground.sub(name);
    let empty = round.points.iter().any(|(point, _)| flow_of(point) == Flow::Schema);
    let mut launch = match cluster {
        Some(cluster) => Launch::new(&cluster.database(name), &folder),
        None => Launch::new(&format!("sqlite://{}", folder.join("torture.db").display()), &folder),
    };
    launch.arguments = ["--drain-seconds", "0", "--demo-orders", "1"].map(str::to_owned).to_vec();
    match cluster {
        _ if empty => {}
        Some(_) => market::prepare(&launch),
        None => copy_all(template, &folder),
    }
    launch
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Schema,
    Trade,
    Upload,
    Session,
    Letters,
    Factor,
    Invite,
    Copies,
}

fn flow_of(point: &str) -> Flow {
    match point.split('.').next().unwrap_or(point) {
        "migrate" => Flow::Schema,
        "file" => Flow::Upload,
        "session" => Flow::Session,
        "ticket" | "mail" => Flow::Letters,
        "factor" => Flow::Factor,
        "invitation" => Flow::Invite,
        "backup" | "restore" => Flow::Copies,
        _ => Flow::Trade,
    }
}

/// The chain heads are exported at the start, through the same file writing as uploads: the first meeting is theirs.
fn failpoints(point: &str, action: &str, after: u32) -> String {
    let after = if flow_of(point) == Flow::Upload { 1 } else { after };
    let later = if after > 0 { format!("{after}*off->") } else { String::new() };
    format!("{point}={later}{action}")
}

fn play(launch: &Launch, round: &Round, seed: u64, outcome: &mut Outcome) {
    let (point, action) = round.points[0];
    let words: Vec<String> = round.points.iter().map(|(p, a)| failpoints(p, a, round.after)).collect();
    // A flow that does not come to its end is a loss with the round's name, and the other rounds go on.
    let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        if flow_of(point) == Flow::Copies {
            return copies(launch, point, &words[0], seed, outcome);
        }
        let mut driver = Driver::start(launch, words.iter().rev().cloned().collect());
        match flow_of(point) {
            Flow::Schema | Flow::Copies => {}
            Flow::Trade => drop(driver.trade()),
            Flow::Upload => driver.upload(),
            Flow::Session => driver.session(),
            Flow::Letters => driver.letters(),
            Flow::Factor => driver.factor(),
            Flow::Invite => driver.invite(),
        }
        driver.meet(point);
        if action.contains("abort") && driver.crashes == 0 {
            outcome.lost(seed, "the server did not crash");
        }
        driver.finish(seed, outcome);
    }));
    if let Err(why) = played {
        let why = why.downcast_ref::<String>().cloned().or_else(|| why.downcast_ref::<&str>().map(|t| (*t).to_owned()));
        outcome.lost(seed, format!("the flow broke off: {}", why.unwrap_or_default()));
    }
    let names = words.join("; ");
    for loss in &outcome.losses {
        eprintln!("   [{names}] {loss}");
    }
    outcome
        .losses
        .iter_mut()
        .filter(|loss| !loss.ends_with(']'))
        .for_each(|loss| loss.push_str(&format!(" [{names}]")));
}

/// A backup or a restore that is cut off leaves nothing that could be taken for one, and the next try succeeds.
fn copies(launch: &Launch, point: &str, words: &str, seed: u64, outcome: &mut Outcome) {
    let mut driver = Driver::start(launch, Vec::new());
    driver.trade();
    let (target, other) = (launch.folder.join("backup"), launch.folder.join("restored"));
    let mut restoring = launch.clone();
    (restoring.database, restoring.folder) =
        (format!("sqlite://{}", other.join("torture.db").display()), other.clone());
    let backup = |failing: bool| {
        let mut command = launch.clone().env("FAILPOINTS", if failing { words } else { "" }).command("backup");
        command.arg(&target).output().expect("the program starts")
    };
    let restore = |failing: bool| {
        let mut command = restoring.clone().env("FAILPOINTS", if failing { words } else { "" }).command("restore");
        command.arg(&target).output().expect("the program starts")
    };
    if point.starts_with("backup.") && (backup(true).status.success() || target.exists()) {
        outcome.lost(seed, "a backup that was cut off looks like one");
    }
    let made = backup(false);
    if !made.status.success() {
        outcome.lost(seed, format!("no backup: {}", String::from_utf8_lossy(&made.stderr)));
    }
    if point.starts_with("restore.") && !launch.database.starts_with("postgres") {
        if restore(true).status.success() {
            outcome.lost(seed, "a restore that was cut off looks well");
        }
        // Cut off after the database was in place, it is whole; before that it can be started again.
        if point != "restore.database" && !restore(false).status.success() {
            outcome.lost(seed, "a restore that was cut off cannot be repeated");
        }
        crate::books::verify(&restoring).into_iter().for_each(|what| outcome.lost(seed, what));
    }
    driver.finish(seed, outcome);
}

fn add(sum: &mut Outcome, seen: Outcome) {
    sum.faults += seen.faults;
    seen.counts.into_iter().for_each(|(what, n)| sum.count(what, n));
    sum.losses.extend(seen.losses);
    sum.notes.extend(seen.notes);
}
