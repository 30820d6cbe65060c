//! The history of a run and its checker (Jepsen's method): every request is written down before it is sent, and every
//! answer after it came. Acknowledged means there exactly once; unanswered means there once or not at all; refused means
//! not there.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Beginning of every key; what follows is unique in a run.
pub const MARK: &str = "torture-";

/// How a request's effect is found in the log: its step, and the text it left there or the order it moved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Effect {
    pub step: String,
    pub mark: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Sent, and nothing certain is known.
    Unknown,
    Acknowledged,
    /// Certainly not carried out.
    Refused,
}

struct Entry {
    key: String,
    effect: Effect,
    fate: Fate,
}

#[derive(Default)]
struct Book {
    entries: Vec<Entry>,
    anomalies: Vec<String>,
    /// While true, what clients hear counts for nothing: the plug is being pulled.
    frozen: bool,
    /// Counts the times the plug was pulled. An answer counts only when it was asked for and heard between two of them.
    era: u64,
    retries: u64,
    /// Tries that got no answer or a 503, and the first of them in words.
    interrupted: (u64, Vec<String>),
    file: Option<File>,
}

/// All requests of a run. Shared by its clients.
#[derive(Default)]
pub struct History(Mutex<Book>);

/// Figures of a history.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub acknowledged: u64,
    pub refused: u64,
    pub unknown: u64,
    pub retries: u64,
    pub interrupted: u64,
}

impl History {
    /// A history that is also written to a file, line by line.
    pub fn kept_in(path: &Path) -> Self {
        let file = File::options().create(true).append(true).open(path).expect("a file for the history");
        Self(Mutex::new(Book { file: Some(file), ..Book::default() }))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a request down; must come before it is sent.
    pub fn begin(&self, key: &str, effect: Effect) -> usize {
        let mut book = self.book();
        let no = book.entries.len();
        book.line(&format!("{no} sends {key} {} {}", effect.step, effect.mark));
        book.entries.push(Entry { key: key.to_owned(), effect, fate: Fate::Unknown });
        no
    }

    /// Asked before each try; see [`History::acknowledged`].
    pub fn era(&self) -> u64 {
        self.book().era
    }

    /// Writes an acknowledgement down; false when the plug was pulled since the try began, so that it does not count.
    pub fn acknowledged(&self, no: usize, era: u64) -> bool {
        self.settle(no, era, Fate::Acknowledged)
    }

    /// Writes a refusal down; false when it does not count.
    pub fn refused(&self, no: usize, era: u64) -> bool {
        self.settle(no, era, Fate::Refused)
    }

    fn settle(&self, no: usize, era: u64, fate: Fate) -> bool {
        let mut book = self.book();
        if book.frozen || book.era != era {
            return false;
        }
        book.line(&format!("{no} {fate:?}"));
        book.entries[no].fate = fate;
        true
    }

    /// Counts a request that was sent again under its key.
    pub fn retried(&self) {
        self.book().retries += 1;
    }

    /// Counts a try that got no answer, or one that said later.
    pub fn interrupted(&self, what: &str) {
        let mut book = self.book();
        book.interrupted.0 += 1;
        if book.interrupted.1.len() < 10 {
            book.interrupted.1.push(what.to_owned());
        }
    }

    /// The first tries that got no answer.
    pub fn interruptions(&self) -> Vec<String> {
        self.book().interrupted.1.clone()
    }

    /// Records something that no server may do, unless the plug was pulled since the try began.
    pub fn anomaly(&self, era: u64, what: String) {
        let mut book = self.book();
        if book.frozen || book.era != era {
            return;
        }
        book.line(&format!("! {what}"));
        book.anomalies.push(what);
    }

    /// Things recorded that no server may do.
    pub fn anomalies(&self) -> u64 {
        self.book().anomalies.len() as u64
    }

    /// From now on acknowledgements count for nothing, until [`History::thaw`].
    pub fn freeze(&self) {
        let mut book = self.book();
        book.frozen = true;
        book.era += 1;
    }

    pub fn thaw(&self) {
        self.book().frozen = false;
    }

    pub fn figures(&self) -> Figures {
        let book = self.book();
        let of = |fate: Fate| book.entries.iter().filter(|e| e.fate == fate).count() as u64;
        Figures {
            acknowledged: of(Fate::Acknowledged),
            refused: of(Fate::Refused),
            unknown: of(Fate::Unknown),
            retries: book.retries,
            interrupted: book.interrupted.0,
        }
    }

    /// Holds the history against what is there; answers every contradiction, losses first.
    pub fn check(&self, there: &HashMap<Effect, u64>) -> Verdict {
        let book = self.book();
        let mut verdict = Verdict { anomalies: book.anomalies.clone(), ..Verdict::default() };
        let mut claimed: HashSet<&Effect> = HashSet::new();
        for entry in &book.entries {
            claimed.insert(&entry.effect);
            let times = there.get(&entry.effect).copied().unwrap_or(0);
            let words = || format!("{} {}", entry.effect.step, entry.key);
            match (entry.fate, times) {
                (Fate::Acknowledged, 0) => verdict.lost.push(format!("acknowledged and lost: {}", words())),
                (Fate::Refused, 1..) => verdict.anomalies.push(format!("refused and yet carried out: {}", words())),
                (_, 2..) => verdict.doubled.push(format!("carried out {times} times: {}", words())),
                (Fate::Acknowledged, 1) | (Fate::Unknown, 0 | 1) | (Fate::Refused, 0) => {}
            }
        }
        let phantoms = there.keys().filter(|e| e.mark.starts_with(MARK) && !claimed.contains(e));
        verdict.anomalies.extend(phantoms.map(|e| format!("nobody sent this: {} {}", e.step, e.mark)));
        verdict
    }
}

impl Book {
    fn line(&mut self, text: &str) {
        if let Some(file) = &mut self.file {
            writeln!(file, "{text}").expect("the history can be written");
        }
    }
}

/// What a checker found.
#[derive(Debug, Default)]
pub struct Verdict {
    pub lost: Vec<String>,
    pub doubled: Vec<String>,
    pub anomalies: Vec<String>,
}

impl Verdict {
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.anomalies.is_empty()
    }

    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.lost.iter().chain(&self.doubled).chain(&self.anomalies)
    }
}

/// The checker's own control: each kind of contradiction in a small made history must be found.
pub fn self_test() {
    let effect = |mark: &str| Effect { step: "wallet.pay_in".to_owned(), mark: format!("{MARK}{mark}") };
    let history = History::default();
    for (mark, fate) in
        [("kept", Some(true)), ("lost", Some(true)), ("twice", Some(true)), ("no", Some(false)), ("open", None)]
    {
        let no = history.begin(mark, effect(mark));
        match fate {
            Some(true) => assert!(history.acknowledged(no, 0)),
            Some(false) => assert!(history.refused(no, 0)),
            None => history.freeze(),
        }
    }
    assert!(!history.acknowledged(4, 1), "a frozen history must not take an acknowledgement");
    history.thaw();
    assert!(!history.acknowledged(4, 0), "an acknowledgement from before the cut must not count after it");
    let there = |times: &[(&str, u64)]| times.iter().map(|(mark, n)| (effect(mark), *n)).collect::<HashMap<_, _>>();

    let clean = history.check(&there(&[("kept", 1), ("lost", 1), ("twice", 1)]));
    assert!(clean.is_clean(), "a clean history was called unclean: {clean:?}");
    let found = history.check(&there(&[("kept", 1), ("twice", 2), ("no", 1), ("open", 1), ("phantom", 1)]));
    assert_eq!((found.lost.len(), found.doubled.len(), found.anomalies.len()), (1, 1, 2), "{found:?}");
}
