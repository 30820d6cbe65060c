//! Opens the database and knows which engine it is; the only file that matches on the engine.
//!
//! SQLite runs WAL with `synchronous=FULL`, foreign keys on, one writing connection and a separate read pool; these
//! settings are asserted after opening and the server refuses to start without them. PostgreSQL runs with row locks.

use crate::platform::problem::Fault;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::time::Duration;

/// Connections to one database: `write` for the door, `read` for lists and pages.
#[derive(Clone)]
pub struct Database {
    write: DatabaseConnection,
    read: DatabaseConnection,
    backend: DbBackend,
}

impl Database {
    /// Opens `url` (`sqlite://path` or `postgres://…`), applies pending migrations and asserts the durability settings.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        let opened = if url.starts_with("sqlite:") { open_sqlite(url).await? } else { open_postgres(url).await? };
        use entrepot_migrations::MigratorTrait;
        entrepot_migrations::Migrator::up(&opened.write, None).await?;
        opened.assert_durable().await?;
        Ok(opened)
    }

    /// The connection pool for reading pages and lists; never used for a decision about money.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The writing pool, for what does not go through the door (sessions, throttles, uploads).
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// True where one writer in this process holds every write (SQLite), so commands are decided in groups.
    pub fn single_writer(&self) -> bool {
        match self.backend {
            DbBackend::Sqlite => true,
            DbBackend::Postgres | DbBackend::MySql => false,
            _ => false,
        }
    }

    /// Text to append to a `SELECT` whose rows will be changed: a row lock where the engine has them.
    pub fn lock_clause(&self) -> &'static str {
        if self.single_writer() { "" } else { " FOR UPDATE" }
    }

    /// Starts a writing transaction: `BEGIN IMMEDIATE` on SQLite (CON-6), `READ COMMITTED` on PostgreSQL.
    pub async fn write_tx(&self) -> Result<DatabaseTransaction, Fault> {
        let options = TransactionOptions {
            sqlite_transaction_mode: self.single_writer().then_some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Takes the market-wide lock that the sealer and the clock share across nodes; nothing to do with one writer.
    pub async fn market_lock(&self, tx: &DatabaseTransaction, market: uuid::Uuid) -> Result<(), Fault> {
        if !self.single_writer() {
            let (high, _) = market.as_u64_pair();
            let key = i64::from_be_bytes(high.to_be_bytes());
            tx.execute_raw(Statement::from_sql_and_values(
                self.backend,
                "SELECT pg_advisory_xact_lock($1)",
                [key.into()],
            ))
            .await?;
        }
        Ok(())
    }

    /// The engine, for building statements.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    async fn assert_durable(&self) -> Result<(), Fault> {
        let wanted: &[(&str, &str)] = if self.single_writer() {
            &[("PRAGMA journal_mode", "wal"), ("PRAGMA synchronous", "2"), ("PRAGMA foreign_keys", "1")]
        } else {
            &[("SHOW synchronous_commit", "on")]
        };
        for (question, answer) in wanted {
            let row = self
                .write
                .query_one_raw(Statement::from_string(self.backend, *question))
                .await?
                .ok_or_else(|| Fault::new(format!("{question} gave no answer")))?;
            let seen =
                row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))?;
            if seen != *answer {
                return Err(Fault::new(format!("refusing to start: {question} is {seen}, must be {answer}")));
            }
        }
        Ok(())
    }
}

/// True where parameters of a statement carry numbers (`$1`); elsewhere a bare `?` is cheaper.
pub fn numbers_parameters(backend: DbBackend) -> bool {
    match backend {
        DbBackend::Sqlite => false,
        DbBackend::Postgres | DbBackend::MySql => true,
        _ => true,
    }
}

/// Pages of 4 KiB in the write-ahead log before it is copied into the file. A page that many commands change is copied
/// once; at the library's default of 1,000 nearly every group of 64 commands paid for a copy of its own.
const CHECKPOINT_PAGES: &str = "8000";

async fn open_sqlite(url: &str) -> Result<Database, Fault> {
    let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
    let connect = |pool: u32, cache_kib: &'static str| {
        let mut options = ConnectOptions::new(url.clone());
        options.max_connections(pool).min_connections(1).sqlx_logging(false).test_before_acquire(false);
        options.map_sqlx_sqlite_opts(move |o| {
            o.journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .statement_cache_capacity(256)
                .pragma("cache_size", cache_kib)
                .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
                .pragma("temp_store", "memory")
        });
        SeaDatabase::connect(options)
    };
    // Two writing connections: the door's own, and one for sessions and uploads; IMMEDIATE makes them queue.
    let write = connect(2, "-32000").await?;
    let read = connect(4, "-8000").await?;
    Ok(Database { write, read, backend: DbBackend::Sqlite })
}

async fn open_postgres(url: &str) -> Result<Database, Fault> {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(16).min_connections(1).sqlx_logging(false).test_before_acquire(false);
    let write = SeaDatabase::connect(options).await?;
    Ok(Database { read: write.clone(), write, backend: DbBackend::Postgres })
}
