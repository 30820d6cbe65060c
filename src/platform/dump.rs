//! The database as one file, and back: `VACUUM INTO` on SQLite, the server's client programs on PostgreSQL.
//!
//! Both see one moment however busy the database is. What is needed and missing is named.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Engine of a dump made from a file.
pub const SQLITE: &str = "sqlite";
/// Engine of a dump made from a server.
pub const POSTGRES: &str = "postgres";
/// Name of the dump from SQLite: a database that can be opened as it is.
pub const SQLITE_FILE: &str = "database.sqlite";
/// Name of the dump from PostgreSQL, in the custom format of `pg_dump`.
pub const POSTGRES_FILE: &str = "database.pgdump";

/// What was written.
pub struct Dumped {
    /// [`SQLITE`] or [`POSTGRES`].
    pub engine: &'static str,
}

/// A dump that can be read.
pub struct Copied {
    /// Its database.
    pub db: Database,
    /// The server and the throw-away database in it, if there is one.
    scratch: Option<(Database, String)>,
}

/// The engine an address names.
pub fn engine_of(url: &str) -> &'static str {
    if url.starts_with("sqlite:") { SQLITE } else { POSTGRES }
}

/// The file of a SQLite address.
pub fn file_of(url: &str) -> PathBuf {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    PathBuf::from(path.split('?').next().unwrap_or(path))
}

/// Writes one moment of the database into `folder`.
pub async fn write(db: &Database, folder: &Path) -> Result<Dumped, Fault> {
    if db.single_writer() {
        let target = folder.join(SQLITE_FILE);
        rows::execute(db.snapshots(), "VACUUM INTO $1", vec![target.to_string_lossy().into_owned().into()]).await?;
        return Ok(Dumped { engine: SQLITE });
    }
    let target = folder.join(POSTGRES_FILE);
    let mut command = program("pg_dump", db.url());
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(&target);
    run(command.arg("--dbname").arg(address(db.url())), "pg_dump").await?;
    Ok(Dumped { engine: POSTGRES })
}

/// Opens a dump for reading. PostgreSQL needs a database to read it into: the empty one at `scratch`, else one that is
/// made beside the original and dropped on [`Copied::close`].
pub async fn open_copy(db: &Database, folder: &Path, scratch: Option<&str>) -> Result<Copied, Fault> {
    if db.single_writer() {
        return Ok(Copied { db: Database::inspect(&folder.join(SQLITE_FILE)).await?, scratch: None });
    }
    let (url, made) = match scratch {
        Some(url) => (url.to_owned(), None),
        None => {
            let name = format!("entrepot_check_{}", uuid::Uuid::new_v4().simple());
            rows::execute(db.write(), format!("CREATE DATABASE {name}"), vec![]).await.map_err(|fault| {
                Fault::new(format!(
                    "no database can be made to check the copy in ({fault}); give the role CREATEDB, or name an empty \
                     database with --scratch"
                ))
            })?;
            (with_database(db.url(), &name), Some((db.clone(), name)))
        }
    };
    let opened = async {
        put_back(folder, &url).await?;
        Database::attach(&url).await
    };
    match opened.await {
        Ok(db) => Ok(Copied { db, scratch: made }),
        Err(fault) => {
            drop_scratch(made).await?;
            Err(fault)
        }
    }
}

impl Copied {
    /// Closes the copy and drops the throw-away database.
    pub async fn close(self) -> Result<(), Fault> {
        self.db.close().await?;
        drop_scratch(self.scratch).await
    }
}

async fn drop_scratch(scratch: Option<(Database, String)>) -> Result<(), Fault> {
    if let Some((server, name)) = scratch {
        rows::execute(server.write(), format!("DROP DATABASE {name} WITH (FORCE)"), vec![]).await?;
    }
    Ok(())
}

/// True when anything is in the database at this address.
pub async fn is_taken(url: &str) -> Result<bool, Fault> {
    if engine_of(url) == SQLITE {
        let file = file_of(url);
        let beside = |end: &str| PathBuf::from(format!("{}{end}", file.display()));
        return Ok(["", "-wal", "-journal"].iter().any(|end| beside(end).exists()));
    }
    let db = Database::attach(url).await?;
    let tables = db.tables().await?;
    db.close().await?;
    Ok(!tables.is_empty())
}

/// Makes the database at this address from a dump in `folder`.
pub async fn put_back(folder: &Path, url: &str) -> Result<(), Fault> {
    if engine_of(url) == SQLITE {
        return copy_durably(&folder.join(SQLITE_FILE), &file_of(url)).await;
    }
    let mut command = program("pg_restore", url);
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname"]);
    run(command.arg(address(url)).arg(folder.join(POSTGRES_FILE)), "pg_restore").await
}

async fn copy_durably(from: &Path, to: &Path) -> Result<(), Fault> {
    let folder = to.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    tokio::fs::create_dir_all(folder).await?;
    let part = to.with_extension("restoring");
    tokio::fs::copy(from, &part).await?;
    tokio::fs::File::open(&part).await?.sync_all().await?;
    tokio::fs::rename(&part, to).await?;
    Ok(tokio::fs::File::open(folder).await?.sync_all().await?)
}

/// A client program that gets the password through its environment, where other users do not see it.
fn program(name: &str, url: &str) -> Command {
    let mut command = Command::new(name);
    if let Some(password) = parts(url).1 {
        command.env("PGPASSWORD", password);
    }
    command.kill_on_drop(true);
    command
}

async fn run(command: &mut Command, name: &str) -> Result<(), Fault> {
    let done = command.output().await.map_err(|error| {
        Fault::new(format!(
            "{name} cannot be started ({error}): install the client programs of your PostgreSQL version and put them in PATH"
        ))
    })?;
    if done.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&done.stderr);
    Err(Fault::new(format!("{name} failed: {}", told.trim())))
}

/// The address without its password, and the password decoded.
fn parts(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let Some((user_info, _)) = authority.rsplit_once('@') else { return (url.to_owned(), None) };
    let Some((user, password)) = user_info.split_once(':') else { return (url.to_owned(), None) };
    let after = rest.get(user_info.len()..).unwrap_or_default();
    (format!("{scheme}://{user}{after}"), Some(percent_decoded(password)))
}

fn percent_decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, others)) = rest.split_first() {
        let code = (*first == b'%').then(|| others.get(..2)).flatten();
        let code = code.and_then(|c| std::str::from_utf8(c).ok()).and_then(|c| u8::from_str_radix(c, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { others.get(2..).unwrap_or_default() } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Options of an address that the client programs know as well.
const OPTIONS: &[&str] =
    &["host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "application_name"];

/// The address as the client programs read it: no password, no options of our driver alone.
fn address(url: &str) -> String {
    let (plain, _) = parts(url);
    let plain = plain.replacen("postgres://", "postgresql://", 1);
    let Some((base, query)) = plain.split_once('?') else { return plain };
    let known = |option: &&str| OPTIONS.contains(&option.split('=').next().unwrap_or(""));
    let kept: Vec<&str> = query.split('&').filter(known).collect();
    if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) }
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let start = base.find("://").map_or(0, |at| at + 3);
    let end = base.get(start..).and_then(|rest| rest.find('/')).map_or(base.len(), |at| start + at);
    let server = base.get(..end).unwrap_or(base);
    query.map_or_else(|| format!("{server}/{name}"), |query| format!("{server}/{name}?{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_stands_in_the_arguments_of_a_program() {
        let url = "postgres://anna:p%40ss%2f@db.example:5433/shop?sslmode=require&statement-cache-capacity=9";
        assert_eq!(parts(url).1.as_deref(), Some("p@ss/"));
        assert_eq!(address(url), "postgresql://anna@db.example:5433/shop?sslmode=require");
        assert_eq!(address("postgres:///shop?host=/run/pg"), "postgresql:///shop?host=/run/pg");
        assert_eq!(parts("postgres://anna@db/shop").1, None);
    }

    #[test]
    fn the_throw_away_database_is_on_the_same_server() {
        assert_eq!(with_database("postgres://a@b:1/c?host=/run", "x"), "postgres://a@b:1/x?host=/run");
        assert_eq!(with_database("postgres://a@b", "x"), "postgres://a@b/x");
    }

    #[test]
    fn the_file_of_an_address_is_found() {
        assert_eq!(file_of("sqlite://data/entrepot.db?mode=rwc"), Path::new("data/entrepot.db"));
        assert_eq!(file_of("sqlite:///var/lib/e.db"), Path::new("/var/lib/e.db"));
        assert_eq!(file_of("sqlite:e.db"), Path::new("e.db"));
    }

    #[tokio::test]
    async fn a_missing_program_is_named_with_the_next_step() {
        let told = run(&mut Command::new("no-such-program"), "pg_dump").await.unwrap_err().to_string();
        assert!(told.contains("pg_dump cannot be started") && told.contains("install the client programs"), "{told}");
    }
}
