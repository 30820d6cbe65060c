//! Opens connections: pools for the engine, for other changes, for pages and for sums, with the settings each of them needs.

use super::Database;
use crate::platform::checkpoint::{BY_ITSELF_PAGES, Checkpoints};
use crate::platform::problem::Fault;
use crate::platform::reads::Reads;
use crate::platform::rights;
use crate::platform::sabotage::{self, Guard};
use crate::platform::storage::Storage;
use crate::platform::turn::Turn;
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database as SeaDatabase, DatabaseConnection, DbBackend};
use std::time::Duration;

/// FULL: an acknowledged commit survives a power cut. Measured with 45 cuts each: FULL lost none, NORMAL lost commits in 23.
fn synchronous() -> SqliteSynchronous {
    if sabotage::skips(Guard::FullSync) { SqliteSynchronous::Off } else { SqliteSynchronous::Full }
}

fn sqlite_options(options: SqliteConnectOptions, cache_kib: &'static str) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous())
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        .pragma("cache_size", cache_kib)
        .pragma("wal_autocheckpoint", BY_ITSELF_PAGES)
        .pragma("temp_store", "memory")
}

pub(super) async fn sqlite_pool(
    url: &str,
    size: u32,
    cache_kib: &'static str,
    storage: &Storage,
) -> Result<DatabaseConnection, Fault> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(size).min_connections(1).sqlx_logging(false).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(move |o| sqlite_options(o, cache_kib));
    let storage = storage.clone();
    options.map_sqlx_sqlite_before_acquire(move |_, known| {
        let fit = !storage.outdates(known.age);
        Box::pin(async move { Ok(fit) })
    });
    Ok(SeaDatabase::connect(options).await?)
}

/// Connections that read pages and lists.
const READERS: usize = 4;

pub(super) async fn open_sqlite(url: &str) -> Result<Database, Fault> {
    let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
    let storage = Storage::new("database");
    // Two writing connections: the door's own, and one for sessions and uploads; IMMEDIATE makes them queue.
    let write = sqlite_pool(&url, 2, "-64000", &storage).await?;
    let snapshots = sqlite_pool(&url, 2, "-2000", &storage).await?;
    let options: SqliteConnectOptions = url.parse().map_err(|e| Fault::new(format!("{url} is no database: {e}")))?;
    let path = options.get_filename().to_owned();
    let read = Reads::handed(sqlite_options(options.disable_statement_logging(), "-8000"), READERS, DbBackend::Sqlite);
    let checkpoints = Some(Checkpoints::over(sqlite_pool(&url, 1, "-1000", &storage).await?, &path));
    let (backend, role) = (DbBackend::Sqlite, None);
    let door = write.clone();
    Ok(Database { door, write, read, snapshots, checkpoints, backend, url: url.into(), storage, role })
}

/// How long a request waits for a connection; a database that is gone must not hold it longer.
const ACQUIRE: Duration = Duration::from_secs(5);
/// Settings of a connection, as PostgreSQL names them.
type Settings = &'static [(&'static str, &'static str)];
/// Longest statement of a page or a list, milliseconds; who reads a whole market at one moment has connections without it.
const PAGES: Settings = &[("statement_timeout", "2000")];
pub(super) const CHANGES: Settings = &[("statement_timeout", "0")];
/// The engine goes from keys to rows and never through a table. A plan made while a table was small says otherwise and stays
/// with its statement until the table is analyzed, minutes later: such plans are not considered.
const BY_KEY: Settings =
    &[("statement_timeout", "0"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("enable_seqscan", "off")];

pub(super) async fn postgres_pool(
    url: &str,
    size: u32,
    storage: &Storage,
    settings: Settings,
    role: Option<&'static str>,
) -> Result<DatabaseConnection, Fault> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(size).min_connections(1).sqlx_logging(false).test_before_acquire(false);
    options.acquire_timeout(ACQUIRE);
    options.map_sqlx_postgres_opts(move |o| {
        let o = o.statement_cache_capacity(256).options(settings.iter().copied());
        // Taken while the connection is made, so there is no moment in which it may do more.
        let o = o.options(role.map(|role| ("role", role)));
        if sabotage::skips(Guard::FullSync) { o.options([("synchronous_commit", "off")]) } else { o }
    });
    let storage = storage.clone();
    options.map_sqlx_postgres_before_acquire(move |_, known| {
        let fit = !storage.outdates(known.age);
        Box::pin(async move { Ok(fit) })
    });
    Ok(SeaDatabase::connect(options).await?)
}

/// Connections of one node to PostgreSQL at most.
pub(super) const POSTGRES_MAX: u32 = POSTGRES_DOOR + POSTGRES_WRITERS + POSTGRES_READERS;
/// For the engine: its writer, and its sealer with the jobs.
const POSTGRES_DOOR: u32 = 2;
/// For changes beside the door.
const POSTGRES_WRITERS: u32 = 14;
/// For pages.
const POSTGRES_READERS: u32 = 8;

pub(super) async fn open_postgres(url: &str, role: Option<&'static str>) -> Result<Database, Fault> {
    let storage = Storage::new("database");
    let door = postgres_pool(url, POSTGRES_DOOR, &storage, BY_KEY, role).await?;
    let write = postgres_pool(url, POSTGRES_WRITERS, &storage, CHANGES, role).await?;
    let read = Reads::pool(postgres_pool(url, POSTGRES_READERS, &storage, PAGES, role).await?);
    let (snapshots, backend) = (write.clone(), DbBackend::Postgres);
    Ok(Database { door, write, read, snapshots, checkpoints: None, backend, url: url.into(), storage, role })
}

/// Brings the schema up to date as the user of the address, one node at a time, and hands out what the server needs;
/// the role it works under.
pub(super) async fn prepare_postgres(url: &str) -> Result<Option<&'static str>, Fault> {
    let owner = open_postgres(url, None).await?;
    let turn = Turn::take(owner.write.get_postgres_connection_pool()).await?;
    let prepared = async {
        owner.migrate().await?;
        rights::hand_out(&owner.write, rights::ROLE).await
    };
    let role = prepared.await;
    turn.end().await?;
    owner.close().await?;
    role
}
