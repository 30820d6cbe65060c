//! Opens the database and knows which engine it is; with its folder the only place that matches on the engine.
//!
//! SQLite runs WAL with `synchronous=FULL`, foreign keys on, one writing connection and a separate read pool; these
//! settings are asserted after opening and the server refuses to start without them. PostgreSQL runs with row locks, and the
//! engine's own connections there with plans that go by keys alone.

mod counted;
mod open;

use crate::platform::checkpoint::Checkpoints;
use crate::platform::problem::Fault;
use crate::platform::reads::{Readers, Reads};
use crate::platform::sabotage::{self, Guard};
use crate::platform::storage::{self, Storage};
use entrepot_migrations::Migrator;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::sync::Arc;
use std::time::Duration;

/// The kind of engine, for those who pass it on without asking which it is.
pub type Engine = DbBackend;

/// Connections to one database: `door` for the engine's transactions, `write` for what does not go through it, `read` for lists
/// and pages, `snapshots` for sums of many statements.
#[derive(Clone)]
pub struct Database {
    door: DatabaseConnection,
    write: DatabaseConnection,
    read: Reads,
    snapshots: DatabaseConnection,
    checkpoints: Option<Checkpoints>,
    backend: DbBackend,
    url: Arc<str>,
    storage: Storage,
    /// The role that PostgreSQL connections work under; the user of the address where there is none.
    role: Option<&'static str>,
}

/// How many connections of a pool are open, and how many of them idle.
pub struct Pool {
    /// What the pool is for.
    pub name: &'static str,
    /// Open connections.
    pub open: u32,
    /// Those nobody uses now.
    pub idle: u32,
}

impl Database {
    /// Opens `url` (`sqlite://path` or `postgres://…`), applies pending migrations and asserts the durability settings.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        let opened = if url.starts_with("sqlite:") {
            let opened = open::open_sqlite(url).await?;
            opened.migrate().await?;
            opened
        } else {
            open::open_postgres(url, open::prepare_postgres(url).await?).await?
        };
        opened.assert_durable().await?;
        Ok(opened)
    }

    /// Takes the schema steps that are missing. Where none is, no right to change the schema is needed.
    async fn migrate(&self) -> Result<(), Fault> {
        self.refuse_newer_schema().await?;
        let applied = self.applied().await?;
        if schema().iter().all(|step| applied.contains(step)) {
            return Ok(());
        }
        use entrepot_migrations::MigratorTrait;
        for _ in Migrator::get_pending_migrations(&self.write).await? {
            sabotage::point("migrate.before")?;
            Migrator::up(&self.write, Some(1)).await?;
            sabotage::point("migrate.after")?;
        }
        Ok(())
    }

    /// Opens `url` and changes nothing: for looking at a database whose schema may be older or newer.
    pub async fn connect(url: &str) -> Result<Self, Fault> {
        if url.starts_with("sqlite:") { open::open_sqlite(url).await } else { open::open_postgres(url, None).await }
    }

    /// Connections this process opens at most.
    pub const fn connections_max() -> u32 {
        open::POSTGRES_MAX
    }

    /// Opens a database that is there already, of whatever schema this version knows, and changes nothing in it.
    ///
    /// Errors: no database, or one of a newer version.
    pub async fn attach(url: &str) -> Result<Self, Fault> {
        let opened = if url.starts_with("sqlite:") {
            let mode = if url.contains('?') { "" } else { "?mode=rw" };
            open::open_sqlite(&format!("{url}{mode}")).await?
        } else {
            open::open_postgres(url, None).await?
        };
        opened.refuse_newer_schema().await?;
        Ok(opened)
    }

    /// Opens a file for reading that nobody changes; nothing is written beside it.
    pub async fn inspect(file: &std::path::Path) -> Result<Self, Fault> {
        let url = format!("sqlite://{}?mode=ro&immutable=true", file.display());
        let mut options = ConnectOptions::new(url.clone());
        options.max_connections(1).sqlx_logging(false).test_before_acquire(false);
        let only = SeaDatabase::connect(options).await?;
        let storage = Storage::new("copy");
        let (read, snapshots) = (Reads::pool(only.clone()), only.clone());
        let (door, backend) = (only.clone(), DbBackend::Sqlite);
        Ok(Self {
            door,
            write: only,
            read,
            snapshots,
            checkpoints: None,
            backend,
            url: url.into(),
            storage,
            role: None,
        })
    }

    /// The address it was opened with.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Names of all tables.
    pub async fn tables(&self) -> Result<Vec<String>, Fault> {
        let sql = if self.single_writer() {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        } else {
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
        };
        self.first_column(sql).await
    }

    /// What the engine itself finds wrong in its file; a server checks its own.
    pub async fn integrity(&self) -> Result<Vec<String>, Fault> {
        if !self.single_writer() {
            return Ok(Vec::new());
        }
        let mut found = self.first_column("PRAGMA integrity_check").await?;
        found.retain(|line| line != "ok");
        let strays = self.first_column("PRAGMA foreign_key_check").await?;
        found.extend(strays.iter().map(|table| format!("a row of {table} points to nothing")));
        Ok(found)
    }

    async fn first_column(&self, sql: &str) -> Result<Vec<String>, Fault> {
        let found = self.read.query_all_raw(Statement::from_string(self.backend, sql)).await?;
        Ok(found.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
    }

    /// Refuses a database that a newer version has changed: this one would read it wrongly.
    async fn refuse_newer_schema(&self) -> Result<(), Fault> {
        let known = schema();
        match self.applied().await?.into_iter().find(|step| !known.contains(step)) {
            Some(step) => Err(Fault::new(format!(
                "refusing to start: the database has the schema step {step}, which this version ({}) does not know; \
                 start the version that made it, or a newer one",
                env!("CARGO_PKG_VERSION")
            ))),
            None => Ok(()),
        }
    }

    /// Names of the schema steps this database has had; empty before the first.
    pub async fn applied(&self) -> Result<Vec<String>, Fault> {
        if !self.tables().await?.iter().any(|table| table == "seaql_migrations") {
            return Ok(Vec::new());
        }
        self.first_column("SELECT version FROM seaql_migrations ORDER BY version").await
    }

    /// Whether what is written can be kept.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Writes durably on a connection of its own; when that succeeds the node writes again.
    ///
    /// Errors: what still keeps the database from keeping anything.
    pub async fn probe(&self) -> Result<(), Fault> {
        let storage = Storage::new("probe");
        let single = if self.single_writer() {
            open::sqlite_pool(&self.url, 1, "-2000", &storage).await?
        } else {
            open::postgres_pool(&self.url, 1, &storage, open::CHANGES, self.role).await?
        };
        let wrote = storage::write_probe(&single).await;
        single.close().await?;
        wrote?;
        self.storage.heal();
        Ok(())
    }

    /// Copies the write-ahead log into the file and empties it; nothing to do where another process owns the files.
    pub async fn checkpoint(&self) -> Result<(), Fault> {
        if self.single_writer() {
            self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    /// Closes all connections; for the end of the process.
    pub async fn close(&self) -> Result<(), Fault> {
        self.read.close().await?;
        self.snapshots.clone().close().await?;
        self.door.clone().close().await?;
        Ok(self.write.clone().close().await?)
    }

    /// The connections for reading pages and lists; never used for a decision about money.
    pub fn read(&self) -> &Reads {
        &self.read
    }

    /// The pool for reading transactions, which see one moment of the database over many statements.
    pub fn snapshots(&self) -> &DatabaseConnection {
        &self.snapshots
    }

    /// The writing pool, for what does not go through the door (sessions, throttles, uploads).
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// How the write-ahead log is carried into its file, on SQLite.
    pub fn checkpoints(&self) -> Option<&Checkpoints> {
        self.checkpoints.as_ref()
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
        if self.single_writer() || sabotage::skips(Guard::RowLocks) { "" } else { " FOR UPDATE" }
    }

    /// An expression that gives an identifier column as hexadecimal text.
    pub fn hexadecimal(&self, column: &str) -> String {
        if self.single_writer() {
            format!("hex({column})")
        } else {
            format!("REPLACE(CAST({column} AS TEXT), '-', '')")
        }
    }

    /// An expression that gives a text column as a JSON string.
    pub fn json_string(&self, column: &str) -> String {
        if self.single_writer() { format!("json_quote({column})") } else { format!("CAST(to_json({column}) AS TEXT)") }
    }

    /// An expression that gives a text inside a column of JSON, or `NULL`.
    pub fn json_field(&self, column: &str, name: &str) -> String {
        if self.single_writer() {
            ["json_extract(", column, ", '$.", name, "')"].concat()
        } else {
            ["(CAST(", column, " AS JSON) ->> '", name, "')"].concat()
        }
    }

    /// Starts a writing transaction: `BEGIN IMMEDIATE` on SQLite (CON-6), `READ COMMITTED` on PostgreSQL.
    pub async fn write_tx(&self) -> Result<DatabaseTransaction, Fault> {
        self.begin(&self.write).await
    }

    /// As [`Database::write_tx`], for the engine: its groups, its jobs and its sealer, which look rows up by their keys and do
    /// so with the same few statements all day.
    pub async fn door_tx(&self) -> Result<DatabaseTransaction, Fault> {
        self.begin(&self.door).await
    }

    async fn begin(&self, pool: &DatabaseConnection) -> Result<DatabaseTransaction, Fault> {
        self.storage.permit()?;
        let options = TransactionOptions {
            sqlite_transaction_mode: self.single_writer().then_some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(pool.begin_with_options(options).await?)
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

    /// Connections open and idle, by pool.
    pub fn pools(&self) -> Vec<Pool> {
        let count = |name, of: &DatabaseConnection| {
            let (open, idle) = match self.backend {
                DbBackend::Sqlite => {
                    let pool = of.get_sqlite_connection_pool();
                    (pool.size(), pool.num_idle())
                }
                _ => {
                    let pool = of.get_postgres_connection_pool();
                    (pool.size(), pool.num_idle())
                }
            };
            Pool { name, open, idle: u32::try_from(idle).unwrap_or(u32::MAX) }
        };
        let mut pools = vec![count("write", &self.write)];
        match self.read.state() {
            Readers::Handed { open, idle } => {
                pools.push(Pool { name: "read", open, idle });
                pools.push(count("snapshot", &self.snapshots));
            }
            Readers::Pool(pool) => {
                pools.push(count("read", pool));
                pools.push(count("door", &self.door));
            }
        }
        pools
    }

    /// Claims names for the rest of the transaction, in their order, so that nodes wait for each other at them; nothing to
    /// do with one writer.
    ///
    /// Errors: a fault with `busy` set when another transaction holds one of them for longer than `wait`.
    pub async fn claim(&self, tx: &DatabaseTransaction, names: &[i64], wait: Duration) -> Result<(), Fault> {
        if self.single_writer() || names.is_empty() {
            return Ok(());
        }
        // One round trip, in the order of the names; the limit holds for this wait alone, not for the row locks after it.
        let sql = "SELECT set_config('lock_timeout', $1, true), \
             (SELECT COUNT(pg_advisory_xact_lock(k)) FROM unnest(CAST(CAST($2 AS TEXT) AS bigint[])) v(k)), \
             set_config('lock_timeout', '0', true)";
        let list: Vec<String> = names.iter().map(i64::to_string).collect();
        let limit = format!("{}ms", wait.as_millis().max(1));
        let values = [limit.into(), format!("{{{}}}", list.join(",")).into()];
        tx.query_one_raw(Statement::from_sql_and_values(self.backend, sql, values)).await?;
        Ok(())
    }

    /// The engine, for building statements.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Whether the engine keeps what it acknowledges.
    ///
    /// Errors: the setting that does not fit.
    pub async fn assert_durable(&self) -> Result<(), Fault> {
        if sabotage::skips(Guard::FullSync) {
            return Ok(());
        }
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

/// Names of all schema steps this version knows, in their order.
pub fn schema() -> Vec<String> {
    use entrepot_migrations::MigratorTrait;
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

#[cfg(test)]
#[path = "database_tests.rs"]
mod tests;
