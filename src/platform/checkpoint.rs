//! Carries the write-ahead log of SQLite into its file beside the writer, so that no command waits for it.
//!
//! By itself SQLite copies inside the commit that makes the log too long: with 8,000 pages that commit, and every command
//! queued behind it, waited some 50 ms. Here a connection of its own copies while the writer goes on, and only the short
//! rest is copied between two groups; then the log begins anew. A page that many commands changed is copied once, so
//! copying seldom is cheaper than copying often.
//!
//! SQLite brings the file to the disk only in the pass that copies the very last page, which is the writer's: all that was copied
//! beside it waited in the system's memory, and that one pass took 50 to 120 ms. So the file is carried to the disk here after each
//! pass, and the writer's finds little left.

use crate::platform::problem::Fault;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Events written before the log is copied; an event changes some ten pages.
const EVENTS: u64 = 4_000;
/// Pages in the log from which it is to begin anew.
const LOG_PAGES: i64 = 40_000;
/// Pages the writer may be asked to copy itself.
const REST_PAGES: i64 = 2_000;
/// Passes in a row at most; each copies what was written during the one before.
const ROUNDS_MAX: u32 = 4;

/// Pages in the log of SQLite at which it copies by itself after all: when nobody calls [`Checkpoints::copy`].
pub const BY_ITSELF_PAGES: &str = "120000";

/// Files of databases, opened once in the life of the process. Whoever closes a file gives up every lock that the process has on it,
/// SQLite's too; another process could then take itself for the last one and remove the log.
static OPENED: LazyLock<Mutex<HashMap<PathBuf, Arc<File>>>> = LazyLock::new(Mutex::default);

fn opened(path: &Path) -> Option<Arc<File>> {
    let mut all = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(file) = all.get(path) {
        return Some(Arc::clone(file));
    }
    let file = Arc::new(File::options().read(true).write(true).open(path).ok()?);
    all.insert(path.to_owned(), Arc::clone(&file));
    Some(file)
}

/// What writer and copier tell each other. Cheap to clone.
#[derive(Clone)]
pub struct Checkpoints {
    copier: DatabaseConnection,
    path: Arc<Path>,
    written: Arc<AtomicU64>,
    finish: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Copies over this connection to the database at `path`; the connection must be used for nothing else.
    pub fn over(copier: DatabaseConnection, path: &Path) -> Self {
        Self { copier, path: path.into(), written: Arc::default(), finish: Arc::default() }
    }

    /// Notes that a transaction with so many events was committed.
    pub fn note(&self, events: usize) {
        self.written.fetch_add(u64::try_from(events).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Copies what was committed, if it is worth it.
    pub async fn copy(&self) -> Result<(), Fault> {
        if self.written.load(Ordering::Relaxed) < EVENTS {
            return Ok(());
        }
        self.written.store(0, Ordering::Relaxed);
        let mut before = 0;
        for _ in 0..ROUNDS_MAX {
            let (pages, copied) = pass(&self.copier).await?;
            self.carry().await?;
            if copied - before <= REST_PAGES {
                self.finish.store(pages >= LOG_PAGES, Ordering::Relaxed);
                return Ok(());
            }
            before = copied;
        }
        Ok(())
    }

    /// Brings what was copied to the disk.
    async fn carry(&self) -> Result<(), Fault> {
        let path = Arc::clone(&self.path);
        let synced = tokio::task::spawn_blocking(move || opened(&path).map_or(Ok(()), |file| file.sync_data())).await;
        let synced = synced.map_err(|e| Fault::new(e.to_string()))?;
        synced.map_err(|error| {
            let mut fault = Fault::from(error);
            fault.of_files = false;
            fault
        })
    }

    /// Copies the rest over the writer's own connection, between two transactions, when little is left.
    pub async fn finish(&self, writer: &DatabaseConnection) -> Result<(), Fault> {
        if self.finish.swap(false, Ordering::Relaxed) {
            pass(writer).await?;
        }
        Ok(())
    }
}

/// One pass that waits for nobody; answers the pages in the log and how many of them are copied.
async fn pass(over: &DatabaseConnection) -> Result<(i64, i64), Fault> {
    let question = Statement::from_string(over.get_database_backend(), "PRAGMA wal_checkpoint(PASSIVE)");
    let row = over.query_one_raw(question).await?.ok_or_else(|| Fault::new("a checkpoint gave no answer"))?;
    Ok((row.try_get_by_index(1)?, row.try_get_by_index(2)?))
}

#[cfg(test)]
mod tests {
    use crate::platform::database::Database;
    use sea_orm::ConnectionTrait;

    #[tokio::test]
    async fn the_log_begins_anew_once_it_was_copied_beside_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/log.db", folder.path().display())).await.unwrap();
        let log = folder.path().join("log.db-wal");
        let size = || std::fs::metadata(&log).unwrap().len();
        db.write().execute_unprepared("CREATE TABLE filler (n INTEGER PRIMARY KEY, text TEXT)").await.unwrap();
        for round in 0..60 {
            let fill = format!(
                "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 999) \
                 INSERT INTO filler SELECT {round} * 1000 + n, hex(randomblob(2000)) FROM c"
            );
            db.write().execute_unprepared(&fill).await.unwrap();
        }
        let long = size();
        assert!(long > 40_000 * 4_096, "{long}");

        let checkpoints = db.checkpoints().unwrap();
        checkpoints.copy().await.unwrap();
        assert!(!checkpoints.finish.load(std::sync::atomic::Ordering::Relaxed), "nothing was noted, nothing is copied");
        checkpoints.note(super::EVENTS.try_into().unwrap());
        checkpoints.copy().await.unwrap();
        checkpoints.finish(db.write()).await.unwrap();
        for n in 0..50 {
            db.write().execute_unprepared(&format!("UPDATE filler SET text = 'x' WHERE n = {n}")).await.unwrap();
        }

        assert_eq!(size(), long, "the log begins at its start again instead of growing");
    }
}
