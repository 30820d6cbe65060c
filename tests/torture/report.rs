//! Runs one rig with its control, and says what came out: a line, a table, a page.

use crate::rig::{Control, Ground, Level, Outcome, Rig};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Losses that are shown of one rig; the first ones say enough.
const SHOWN: usize = 8;

/// One rig's results.
pub struct Done {
    pub id: &'static str,
    pub title: &'static str,
    pub skipped: Option<String>,
    pub outcome: Outcome,
    pub control: Control,
    pub seconds: u64,
    pub seed: u64,
}

impl Done {
    fn held(&self) -> bool {
        self.outcome.losses.is_empty()
    }

    fn verdict(&self) -> &'static str {
        match (&self.skipped, self.held()) {
            (Some(_), _) => "skipped",
            (None, true) => "held",
            (None, false) => "FAILED",
        }
    }

    fn control_word(&self) -> &'static str {
        match self.control {
            Control::Red(_) => "red",
            Control::Green(_) => "GREEN",
            Control::Skipped(_) => "skipped",
        }
    }
}

/// Runs the rig and its control. A panic in either is a failure of it; the folder is kept when something failed.
pub fn carry_out(rig: &dyn Rig, ground: &Ground) -> Done {
    let began = Instant::now();
    let none = (ground.size == 0).then(|| format!("not part of the size {}", ground.level.word()));
    let skipped = none.or_else(|| rig.skipped());
    let (outcome, control) = match &skipped {
        Some(why) => (Outcome::default(), Control::Skipped(why.clone())),
        None => {
            let outcome = catch_unwind(AssertUnwindSafe(|| rig.run(ground))).unwrap_or_else(|panic| {
                let mut broken = Outcome::default();
                broken.lost(ground.seed, format!("the rig stopped: {}", words(&*panic)));
                broken
            });
            let control = catch_unwind(AssertUnwindSafe(|| rig.control(ground)))
                .unwrap_or_else(|panic| Control::Green(format!("the control stopped: {}", words(&*panic))));
            (outcome, control)
        }
    };
    let seconds = began.elapsed().as_secs();
    let done = Done { id: rig.id(), title: rig.title(), skipped, outcome, control, seconds, seed: ground.seed };
    if done.held() && !matches!(done.control, Control::Green(_)) {
        let _ = std::fs::remove_dir_all(ground.path());
    } else {
        println!("   logs and history are kept in {}", ground.path().display());
    }
    done
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
    text.unwrap_or_else(|| "without a word".to_owned())
}

/// What one rig did, in lines.
pub fn line(done: &Done) -> String {
    if let Some(why) = &done.skipped {
        return format!("   skipped: {why}");
    }
    let counts: Vec<String> = done.outcome.counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
    let mut lines = vec![format!(
        "   {}: {} faults; {}; {} s",
        done.verdict(),
        done.outcome.faults,
        counts.join(", "),
        done.seconds
    )];
    lines.extend(done.outcome.notes.iter().map(|note| format!("   note: {note}")));
    lines.extend(done.outcome.losses.iter().take(SHOWN).map(|loss| format!("   LOSS {loss}")));
    if done.outcome.losses.len() > SHOWN {
        lines.push(format!("   … and {} more", done.outcome.losses.len() - SHOWN));
    }
    lines.push(match &done.control {
        Control::Red(what) => format!("   control red, as it must be: {what}"),
        Control::Green(what) => format!("   CONTROL GREEN, the rig is blind: {what}"),
        Control::Skipped(why) => format!("   control skipped: {why}"),
    });
    lines.join("\n")
}

/// All rigs in one table.
pub fn table(all: &[Done]) -> String {
    let mut lines = vec![format!(
        "{:<4} {:<46} {:>7} {:>7} {:>8} {:>8} {:>6}",
        "", "rig", "faults", "losses", "verdict", "control", "s"
    )];
    for d in all {
        lines.push(format!(
            "{:<4} {:<46} {:>7} {:>7} {:>8} {:>8} {:>6}",
            d.id,
            d.title,
            d.outcome.faults,
            d.outcome.losses.len(),
            d.verdict(),
            d.control_word(),
            d.seconds
        ));
    }
    lines.join("\n")
}

/// Passed and failed: each rig that ran counts once, and so does its control.
pub fn score(all: &[Done]) -> (usize, usize) {
    let mut score = (0, 0);
    for done in all.iter().filter(|d| d.skipped.is_none()) {
        if done.held() {
            score.0 += 1
        } else {
            score.1 += 1
        }
        match done.control {
            Control::Red(_) => score.0 += 1,
            Control::Green(_) => score.1 += 1,
            Control::Skipped(_) => {}
        }
    }
    score
}

/// The page for a release.
pub fn page(all: &[Done], level: Level, seed: u64) -> String {
    let said = |program: &str, words: &[&str]| {
        let out = std::process::Command::new(program).args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        out.ok()
            .map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
            .filter(|s| !s.is_empty())
            .unwrap_or_else(|| "unknown".to_owned())
    };
    let (passed, failed) = score(all);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let folder = std::env::temp_dir();
    let mut page = format!(
        "# Torture\n\nFaults done on purpose to running servers, and what was lost. Made by `make torture`; how it works stands in\n[docs/torture.md](docs/torture.md).\n\n\
         | | |\n|---|---|\n| run | {} ({}), SEED={seed} |\n| commit | {} |\n| machine | {cores} cores, {}, {} |\n| result | **{passed} passed, {failed} failed** |\n\n\
         | | rig | faults | losses | verdict | control |\n|---|---|--:|--:|---|---|\n",
        said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        level.word(),
        said("git", &["rev-parse", "--short=12", "HEAD"]),
        said("uname", &["-sr"]),
        said("stat", &["-f", "-c", "%T", &folder.display().to_string()]),
    );
    for d in all {
        page.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            d.id,
            d.title,
            d.outcome.faults,
            d.outcome.losses.len(),
            d.verdict(),
            d.control_word()
        ));
    }
    for d in all {
        page.push_str(&format!(
            "\n**{} {}** (SEED={}, {} s)\n\n{}\n",
            d.id,
            d.title,
            d.seed,
            d.seconds,
            bullets(&line(d))
        ));
    }
    page
}

fn bullets(lines: &str) -> String {
    lines.lines().map(|l| format!("* {}", l.trim())).collect::<Vec<_>>().join("\n")
}
