//! What a rig is: faults of one kind, a size for each occasion, a verdict, and a control that must fail.

use std::path::{Path, PathBuf};

/// How much of a rig is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// With every test run.
    Ci,
    /// Before a release, within 25 minutes.
    Smoke,
    /// Over night.
    Full,
}

impl Level {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ci => "ci",
            Self::Smoke => "smoke",
            Self::Full => "full",
        }
    }

    /// One of three sizes.
    pub const fn of(self, [ci, smoke, full]: [u32; 3]) -> u32 {
        match self {
            Self::Ci => ci,
            Self::Smoke => smoke,
            Self::Full => full,
        }
    }
}

/// One kind of fault, done to a running server. Anything that goes wrong with the rig itself is a panic and counts as a
/// failure; what goes wrong with the product is a loss in the [`Outcome`].
pub trait Rig {
    /// Its number in the fault programme: `F1`.
    fn id(&self) -> &'static str;
    /// What it does, in a few words.
    fn title(&self) -> &'static str;
    /// How many faults it injects.
    fn size(&self, level: Level) -> u32;
    /// Why it cannot run on this machine, if so.
    fn skipped(&self) -> Option<String> {
        None
    }
    /// Injects the faults and looks for losses.
    fn run(&self, ground: &Ground) -> Outcome;
    /// Does the same with something taken away that the rig must miss.
    fn control(&self, ground: &Ground) -> Control;
}

/// Where and how large a rig runs. The folder is its own and is removed afterwards, unless it failed.
pub struct Ground {
    pub level: Level,
    pub size: u32,
    pub seed: u64,
    pub folder: PathBuf,
}

impl Ground {
    pub fn new(level: Level, size: u32, seed: u64) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::Builder::new().prefix("entrepot-torture.").tempdir().expect("a folder").keep();
        // The database server runs under an account of its own.
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("its permissions");
        Self { level, size, seed, folder }
    }

    /// A folder of this name below its own, made when missing.
    pub fn sub(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }
}

/// What a rig saw.
#[derive(Default, Debug)]
pub struct Outcome {
    /// Faults injected.
    pub faults: u64,
    /// Further figures, in the order in which they are shown.
    pub counts: Vec<(&'static str, u64)>,
    /// Everything that was lost, doubled, unbalanced or untrue; empty when the product held.
    pub losses: Vec<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

impl Outcome {
    /// Adds to a figure.
    pub fn count(&mut self, what: &'static str, n: u64) {
        match self.counts.iter_mut().find(|(name, _)| *name == what) {
            Some((_, sum)) => *sum += n,
            None => self.counts.push((what, n)),
        }
    }

    /// Keeps the largest of a figure.
    pub fn most(&mut self, what: &'static str, n: u64) {
        match self.counts.iter_mut().find(|(name, _)| *name == what) {
            Some((_, most)) => *most = n.max(*most),
            None => self.counts.push((what, n)),
        }
    }

    /// Records a loss with the seed of the round it was found in.
    pub fn lost(&mut self, seed: u64, what: impl std::fmt::Display) {
        self.losses.push(format!("SEED={seed} {what}"));
    }
}

/// What the control of a rig saw.
#[derive(Debug)]
pub enum Control {
    /// The rig found what was broken on purpose: what was taken away, and what was found.
    Red(String),
    /// The rig stayed green although something was taken away: the rig is broken.
    Green(String),
    /// There is none on this machine, and why.
    Skipped(String),
}

/// A seeded stream of numbers (SplitMix64).
pub struct Draw(u64);

impl Draw {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}
