//! Whether what is written can be kept: a full disk, a disk that fails, a database that is gone.
//!
//! The first write that fails for such a reason makes the node *read-only*: writes are refused with a problem that says
//! why, `/ready` says no, one alarm goes to the log, and reads go on. Nothing is retried on the connection that failed (a
//! second `fsync` may say yes about pages that are lost): every connection opened before the trouble is thrown away. A
//! probe ([`Database::probe`](super::database::Database::probe)) writes durably on a connection of its own every few
//! seconds; when it succeeds, the node writes again without a restart.

use crate::platform::problem::{Fault, Refusal};
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DatabaseConnection, DbErr, RuntimeErr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Why nothing can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// The disk is full.
    Full,
    /// The disk answers with errors.
    Broken,
    /// The database does not answer.
    Gone,
}

/// Primary result codes of SQLite (`sqlite3.h`); the extended code holds them in its low byte.
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;

impl Trouble {
    /// The trouble behind a database error; `None` when the statement itself was at fault.
    pub fn of_database(error: &DbErr) -> Option<Self> {
        match error {
            DbErr::ConnectionAcquire(_) => Some(Self::Gone),
            DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause) => match cause {
                RuntimeErr::SqlxError(error) => Self::of_driver(error),
                _ => None,
            },
            _ => None,
        }
    }

    fn of_driver(error: &SqlxError) -> Option<Self> {
        match error {
            SqlxError::Database(told) => told.code().and_then(|code| Self::of_code(&code)),
            SqlxError::Io(error) => Self::of_io(error).or(Some(Self::Gone)),
            SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed | SqlxError::Tls(_) => {
                Some(Self::Gone)
            }
            _ => None,
        }
    }

    /// Reads an SQLSTATE (five characters) or a result code of SQLite (a number of at most four).
    fn of_code(code: &str) -> Option<Self> {
        if code.len() == 5 {
            return match code {
                "53100" => Some(Self::Full),
                "58030" | "XX001" | "XX002" => Some(Self::Broken),
                "57P01" | "57P02" | "57P03" | "53300" => Some(Self::Gone),
                _ => code.starts_with("08").then_some(Self::Gone),
            };
        }
        match code.parse::<u32>().ok()? & 0xff {
            SQLITE_FULL => Some(Self::Full),
            SQLITE_IOERR | SQLITE_READONLY | SQLITE_CORRUPT | SQLITE_CANTOPEN => Some(Self::Broken),
            _ => None,
        }
    }

    /// The trouble behind an error of the file system.
    pub fn of_io(error: &std::io::Error) -> Option<Self> {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Some(Self::Full),
            ErrorKind::ReadOnlyFilesystem => Some(Self::Broken),
            // EIO has no kind of its own.
            _ => (error.raw_os_error() == Some(5)).then_some(Self::Broken),
        }
    }

    /// What the caller of a refused write learns.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Full => Refusal::new(507, "storage.full", "The server's disk is full; nothing was changed."),
            Self::Broken => Refusal::new(
                503,
                "storage.read_only",
                "The server cannot keep changes at the moment; what is stored can be read.",
            ),
            Self::Gone => Refusal::new(503, "storage.unreachable", "The database does not answer at the moment."),
        }
    }

    /// One word, for `/ready` and the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Broken => "broken",
            Self::Gone => "unreachable",
        }
    }
}

#[derive(Debug, Default)]
struct State {
    now: Option<Trouble>,
    last: Option<Instant>,
}

/// What is known of one store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Storage {
    what: &'static str,
    files: bool,
    state: Arc<Mutex<State>>,
}

impl Storage {
    /// A database that is well; `what` names it in the log.
    pub fn new(what: &'static str) -> Self {
        Self { what, files: false, state: Arc::default() }
    }

    /// A file store that is well.
    pub fn of_files(what: &'static str) -> Self {
        Self { files: true, ..Self::new(what) }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nothing can be kept now, if so.
    pub fn trouble(&self) -> Option<Trouble> {
        self.state().now
    }

    /// Lets a write begin.
    ///
    /// Errors: the trouble that makes writes impossible.
    pub fn permit(&self) -> Result<(), Fault> {
        let Some(trouble) = self.trouble() else { return Ok(()) };
        let mut fault = Fault::of_trouble(trouble);
        fault.of_files = self.files;
        Err(fault)
    }

    /// Takes notice of a write that failed; a fault that is no trouble of this store, or of a store of another kind,
    /// changes nothing.
    pub fn note(&self, fault: &Fault) {
        let ours = fault.of_files == self.files && !sabotage::skips(Guard::ReadOnly);
        let Some(trouble) = fault.trouble.filter(|_| ours) else { return };
        let mut state = self.state();
        state.last = Some(Instant::now());
        if state.now.replace(trouble).is_none() {
            let (store, why) = (self.what, trouble.word());
            tracing::error!(alarm = true, storage.name = store, storage.trouble = why, error = %fault,
                "ALARM: {store} storage is {why}; this node refuses writes until a probe succeeds");
        }
    }

    /// Takes notice of a probe that succeeded.
    pub fn heal(&self) {
        if self.state().now.take().is_some() {
            tracing::info!(storage.name = self.what, "{} storage keeps writes again", self.what);
        }
    }

    /// True for a connection of that age when it was opened before the last trouble and must not be used again.
    pub fn outdates(&self, age: Duration) -> bool {
        self.state().last.is_some_and(|last| age >= last.elapsed())
    }
}

/// Bytes a probe writes: more than one small command, so that a disk with a last free page is not called well.
const PROBE_BYTES: usize = 64 * 1024;

/// Writes the row that is there to be written; durable once it is committed.
///
/// Errors: what keeps the store from keeping it.
pub async fn write_probe(db: &DatabaseConnection) -> Result<(), Fault> {
    let sql =
        "INSERT INTO storage_probe (id, bytes) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes";
    // Never the same twice, so that nobody can save the writing.
    let mark = uuid::Uuid::new_v4().into_bytes();
    let bytes: Vec<u8> = mark.iter().copied().cycle().take(PROBE_BYTES).collect();
    rows::execute(db, sql, vec![bytes.into()]).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_engines_are_told_apart() {
        let of = Trouble::of_code;
        assert_eq!([of("13"), of("53100")], [Some(Trouble::Full); 2]);
        // SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE, io_error of PostgreSQL.
        assert_eq!([of("1034"), of("778"), of("58030")], [Some(Trouble::Broken); 3]);
        assert_eq!([of("57P01"), of("08006"), of("57P03")], [Some(Trouble::Gone); 3]);
        // A unique constraint, a busy database, a serialisation failure: the statement's affair.
        assert_eq!([of("2067"), of("5"), of("40001"), of("23505")], [None; 4]);
    }

    #[test]
    fn errors_of_the_file_system_are_told_apart() {
        let of = |number| Trouble::of_io(&std::io::Error::from_raw_os_error(number));
        let (eio, enospc, enoent, edquot, erofs) = (5, 28, 2, 122, 30);
        assert_eq!((of(enospc), of(edquot)), (Some(Trouble::Full), Some(Trouble::Full)));
        assert_eq!((of(eio), of(erofs), of(enoent)), (Some(Trouble::Broken), Some(Trouble::Broken), None));
    }

    #[test]
    fn a_store_in_trouble_permits_nothing_until_it_heals() {
        let storage = Storage::new("database");
        storage.note(&Fault::new("some other fault"));
        assert!(storage.permit().is_ok());

        storage.note(&Fault::of_trouble(Trouble::Full));
        assert_eq!(storage.permit().unwrap_err().trouble, Some(Trouble::Full));

        storage.heal();
        assert!(storage.permit().is_ok());
    }

    #[test]
    fn a_full_disk_of_the_uploads_is_no_trouble_of_the_database() {
        let (database, uploads) = (Storage::new("database"), Storage::of_files("uploads"));
        let full = Fault::from(std::io::Error::from(std::io::ErrorKind::StorageFull));

        database.note(&full);
        uploads.note(&full);

        assert_eq!((database.trouble(), uploads.trouble()), (None, Some(Trouble::Full)));
    }

    #[test]
    fn connections_from_before_the_trouble_are_outdated_and_later_ones_are_not() {
        let storage = Storage::new("database");
        assert!(!storage.outdates(Duration::from_secs(3_600)));

        storage.note(&Fault::of_trouble(Trouble::Broken));

        assert!(storage.outdates(Duration::from_secs(3_600)));
        assert!(!storage.outdates(Duration::ZERO) || storage.outdates(Duration::from_secs(1)));
        storage.heal();
        assert!(storage.outdates(Duration::from_secs(3_600)), "the old connection stays suspect after the healing");
    }

    #[test]
    fn each_trouble_has_its_own_answer() {
        let told = [Trouble::Full, Trouble::Broken, Trouble::Gone].map(|t| (t.refusal().status, t.refusal().code));
        let wanted = [(507, "storage.full"), (503, "storage.read_only"), (503, "storage.unreachable")];
        assert_eq!(told, wanted.map(|(status, code)| (status, code.to_owned())));
    }
}
