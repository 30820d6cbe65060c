//! The connections that pages and lists are read with.
//!
//! On SQLite a statement is a message to the connection's own thread and back. The driver's pool asks a connection it
//! gets back whether it is well, which is such a way once more, and starts a task for it: together more than the statement
//! of a page costs. So readers are handed round here without a question: a statement that failed or was given up takes its connection along.
//! A statement of a page has two seconds, as on PostgreSQL, and one that nobody waits for any more ends at once. PostgreSQL
//! keeps its pool.

use crate::platform::database::Engine;
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, Arguments, AssertSqlSafe, ConnectOptions};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Value};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Reads from one database. Cheap to clone; refuses to write.
#[derive(Clone)]
pub struct Reads(Kind);

#[derive(Clone)]
enum Kind {
    Handed(Arc<Handed>),
    Pool(DatabaseConnection),
}

/// A statement of a page runs this long at most.
const STATEMENT_MAX: Duration = Duration::from_secs(2);
/// Steps of SQLite's machine between two looks at the time; some tenths of a millisecond.
const STEPS: i32 = 20_000;

/// When the statement of a connection must be done, in microseconds since the connection was opened.
struct Limit(Arc<AtomicU64>);

impl Drop for Limit {
    fn drop(&mut self) {
        // Whatever still runs, nobody waits for.
        self.0.store(0, Ordering::Relaxed);
    }
}

/// A connection whose statements have an end.
struct Watched {
    connection: SqliteConnection,
    opened: Instant,
    limit: Limit,
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Watched {
    async fn open(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = options.connect().await?;
        let (opened, until) = (Instant::now(), Arc::new(AtomicU64::new(u64::MAX)));
        let limit = Limit(Arc::clone(&until));
        let in_time = move || micros(opened.elapsed()) < until.load(Ordering::Relaxed);
        connection.lock_handle().await?.set_progress_handler(STEPS, in_time);
        Ok(Self { connection, opened, limit })
    }

    fn begin(&self) {
        self.limit.0.store(micros(self.opened.elapsed() + STATEMENT_MAX), Ordering::Relaxed);
    }
}

/// Connections handed round; opened when first needed.
struct Handed {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<Watched>>,
    places: Semaphore,
    connections: usize,
    backend: Engine,
}

impl Reads {
    /// At most `connections` connections to a SQLite file.
    pub fn handed(options: SqliteConnectOptions, connections: usize, backend: Engine) -> Self {
        let options = options.pragma("query_only", "on");
        let idle = Mutex::new(Vec::with_capacity(connections));
        Self(Kind::Handed(Arc::new(Handed {
            options,
            idle,
            places: Semaphore::new(connections),
            connections,
            backend,
        })))
    }

    /// Closes the connections that are not in use; for the end of the process.
    pub async fn close(&self) -> Result<(), DbErr> {
        match &self.0 {
            Kind::Handed(handed) => {
                handed.places.close();
                let idle = std::mem::take(&mut *handed.idle.lock().unwrap_or_else(PoisonError::into_inner));
                for watched in idle {
                    sqlx::Connection::close(watched.connection).await.map_err(failed)?;
                }
                Ok(())
            }
            Kind::Pool(pool) => pool.clone().close().await,
        }
    }

    /// Reads through a pool.
    pub fn pool(pool: DatabaseConnection) -> Self {
        Self(Kind::Pool(pool))
    }
}

/// What stands ready for reading.
pub enum Readers<'a> {
    /// Connections handed round.
    Handed {
        /// Open connections.
        open: u32,
        /// Those nobody uses now.
        idle: u32,
    },
    /// A pool that counts for itself.
    Pool(&'a DatabaseConnection),
}

impl Reads {
    /// What stands ready now.
    pub fn state(&self) -> Readers<'_> {
        match &self.0 {
            Kind::Handed(handed) => {
                let idle = handed.idle.lock().unwrap_or_else(PoisonError::into_inner).len();
                let used = handed.connections.saturating_sub(handed.places.available_permits());
                let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                Readers::Handed { open: count(idle + used), idle: count(idle) }
            }
            Kind::Pool(pool) => Readers::Pool(pool),
        }
    }
}

/// A connection in use; it goes back once its statement is done.
struct Reader<'a> {
    watched: Watched,
    home: &'a Handed,
    _place: SemaphorePermit<'a>,
}

impl Reader<'_> {
    /// Gives the connection back after a statement that succeeded; one that failed takes its connection along.
    fn judge<T>(self, outcome: Result<T, sqlx::Error>) -> Result<T, DbErr> {
        let found = outcome.map_err(failed)?;
        self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.watched);
        Ok(found)
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

impl Handed {
    async fn reader(&self) -> Result<Reader<'_>, DbErr> {
        let closed = |_| DbErr::Custom("the readers are closed".to_owned());
        let place = self.places.acquire().await.map_err(closed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let watched = match idle {
            Some(watched) => watched,
            None => Watched::open(&self.options).await.map_err(failed)?,
        };
        watched.begin();
        Ok(Reader { watched, home: self, _place: place })
    }

    async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let query = query(statement)?;
        let mut reader = self.reader().await?;
        let found = query.fetch_optional(&mut reader.watched.connection).await;
        Ok(reader.judge(found)?.map(QueryResult::from))
    }

    async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let query = query(statement)?;
        let mut reader = self.reader().await?;
        let found = query.fetch_all(&mut reader.watched.connection).await;
        Ok(reader.judge(found)?.into_iter().map(QueryResult::from).collect())
    }
}

fn query(statement: Statement) -> Result<Query<'static, Sqlite, SqliteArguments>, DbErr> {
    let mut arguments = SqliteArguments::default();
    for value in statement.values.map(|v| v.0).unwrap_or_default() {
        let added = match value {
            Value::BigInt(n) => arguments.add(n),
            Value::Int(n) => arguments.add(n),
            Value::Bool(b) => arguments.add(b),
            Value::String(text) => arguments.add(text),
            Value::Bytes(bytes) => arguments.add(bytes),
            Value::Uuid(id) => arguments.add(id),
            other => return Err(DbErr::Type(format!("no parameter of a read may be {other:?}"))),
        };
        added.map_err(|error| DbErr::Type(error.to_string()))?;
    }
    Ok(sqlx::query_with(AssertSqlSafe(statement.sql), arguments))
}

fn only_reads() -> DbErr {
    DbErr::Custom("this connection only reads".to_owned())
}

#[async_trait::async_trait]
impl ConnectionTrait for Reads {
    fn get_database_backend(&self) -> Engine {
        match &self.0 {
            Kind::Handed(handed) => handed.backend,
            Kind::Pool(pool) => pool.get_database_backend(),
        }
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(only_reads())
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(only_reads())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Handed(handed) => handed.one(statement).await,
            Kind::Pool(pool) => pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Handed(handed) => handed.all(statement).await,
            Kind::Pool(pool) => pool.query_all_raw(statement).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::platform::database::Database;
    use crate::platform::rows;
    use std::time::Duration;

    async fn database() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/reads.db", folder.path().display())).await.unwrap();
        (folder, db)
    }

    const COUNT: &str = "SELECT COUNT(*) AS n FROM signing_key";
    const INSERT: &str = "INSERT INTO signing_key (id, secret, public, created_at) VALUES ('k', x'00', x'00', 0)";
    /// Takes far longer than it is waited for.
    const LONG: &str =
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3000000) SELECT COUNT(*) AS n FROM t";

    async fn counted(db: &Database) -> i64 {
        rows::query_one(db.read(), COUNT, vec![]).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    #[tokio::test]
    async fn what_was_committed_is_read_at_once() {
        let (_folder, db) = database().await;
        assert_eq!(counted(&db).await, 0);

        rows::execute(db.write(), INSERT, vec![]).await.unwrap();

        assert_eq!(counted(&db).await, 1);
    }

    #[tokio::test]
    async fn a_reader_refuses_to_write_even_by_a_reading_call() {
        let (_folder, db) = database().await;

        assert!(rows::execute(db.read(), INSERT, vec![]).await.is_err());
        assert!(rows::query_one(db.read(), format!("{INSERT} RETURNING id"), vec![]).await.is_err());

        assert_eq!(counted(&db).await, 0);
        assert!(rows::execute(db.write(), INSERT, vec![]).await.is_ok(), "the control writes");
    }

    #[tokio::test]
    async fn a_statement_that_takes_too_long_is_ended_and_its_reader_goes_on() {
        let (_folder, db) = database().await;
        let endless = LONG.replace("3000000", "3000000000");

        let fault = rows::query_one(db.read(), endless, vec![]).await.unwrap_err();

        assert!(fault.overdue, "{fault:?}");
        assert_eq!(counted(&db).await, 0);
    }

    #[tokio::test]
    async fn reads_that_failed_or_were_given_up_take_no_place_away() {
        let (_folder, db) = database().await;
        for _ in 0..20 {
            assert!(rows::query(db.read(), "SELECT nothing FROM nowhere", vec![]).await.is_err());
            let long = rows::query_one(db.read(), LONG, vec![]);
            assert!(tokio::time::timeout(Duration::from_millis(1), long).await.is_err(), "the read was to be given up");
        }

        assert_eq!(counted(&db).await, 0);
    }
}
