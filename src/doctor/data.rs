//! The database: reachable, durable, of the right schema, and how far behind its work is.

use super::place::sqlite_file;
use super::{Finding, read};
use crate::config::Config;
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rights;
use crate::platform::vault::Vault;
use std::time::Duration;

/// How long a database may take to let us in.
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds an event may wait for its place in the log.
const SEAL_WARN: i64 = 10;
/// Events a job may be behind.
const LAG_WARN: i64 = 10_000;
/// Seconds by which the database's clock may differ.
const DRIFT: i64 = 5;
/// Oldest PostgreSQL that is tested.
const POSTGRES_MIN: i64 = 150_000;

pub(super) async fn database(config: &Config) -> Vec<Finding> {
    const NAME: &str = "database";
    if let Some(file) = sqlite_file(config).filter(|file| !file.exists()) {
        const NEXT: &str =
            "Nothing on a first start: `serve` makes it. Else check --database and the folder you start in.";
        return vec![Finding::warn(NAME, format!("{} is not there", file.display()), NEXT)];
    }
    let connected = tokio::time::timeout(PATIENCE, Database::connect(&config.database)).await;
    let db = match connected.unwrap_or_else(|_| Err(Fault::new("no answer within 5 s"))) {
        Ok(db) => db,
        Err(fault) => {
            return vec![Finding::fail(NAME, reason(&fault), "Check --database, and that the database runs.")];
        }
    };
    let mut findings = vec![Finding::ok(NAME, "answers")];
    findings.push(match db.assert_durable().await {
        Ok(()) => Finding::ok("durability", "what is acknowledged survives a power cut"),
        Err(fault) => Finding::fail("durability", fault.to_string(), "Set synchronous_commit=on for this database."),
    });
    if !db.single_writer() {
        findings.extend(found(postgres(config, &db).await, "postgresql"));
    }
    let schema = schema(&db).await;
    let current = schema.level != super::Level::Fail && !schema.detail.starts_with("empty");
    findings.push(schema);
    if current {
        findings.extend(found(work(config, &db).await, "work"));
    }
    findings
}

/// A connection error without the address, which may hold a password.
fn reason(fault: &Fault) -> String {
    let text = fault.to_string();
    if text.contains("://") { "cannot be reached".to_owned() } else { format!("cannot be reached: {text}") }
}

fn found(looked: Result<Vec<Finding>, Fault>, name: &'static str) -> Vec<Finding> {
    looked.unwrap_or_else(|fault| {
        vec![Finding::fail(name, fault.to_string(), "Check that the account may read this database.")]
    })
}

async fn schema(db: &Database) -> Finding {
    const NAME: &str = "schema";
    let applied = read::steps_applied(db).await;
    let known = read::steps_known();
    let missing = known.iter().filter(|step| !applied.contains(step)).count();
    let newer: Vec<&String> = applied.iter().filter(|step| !known.contains(step)).collect();
    match (newer.first(), missing) {
        (Some(step), _) => {
            let detail = format!("newer than this program: it does not know {step}");
            Finding::fail(NAME, detail, "Use the program that made it, or a newer one.")
        }
        (None, 0) => Finding::ok(NAME, format!("all {} steps are taken", known.len())),
        (None, _) if applied.is_empty() => Finding::warn(NAME, "empty", "Nothing on a first start: `serve` fills it."),
        (None, n) => {
            let next = "Make a backup; `serve` and `migrate` take the steps.";
            Finding::warn(NAME, format!("{n} steps of this program are not taken yet"), next)
        }
    }
}

async fn postgres(config: &Config, db: &Database) -> Result<Vec<Finding>, Fault> {
    let server = read::postgres(db).await?;
    let (pool, room) = (i64::from(Database::connections_max()), server.connections_max);
    let (applied, known) = (read::steps_applied(db).await, read::steps_known());
    let current = known.iter().all(|step| applied.contains(step));
    let drift = (server.now - Clock::machine().now() / 1_000_000).abs();
    let mut findings = vec![
        match server.version >= POSTGRES_MIN {
            true => Finding::ok("postgresql", format!("version {}", server.version / 10_000)),
            false => Finding::warn("postgresql", format!("version {}", server.version / 10_000), "Use 15 or later."),
        },
        match pool * 2 < room {
            true => Finding::ok("connections", format!("a node opens at most {pool} of {room}")),
            false => {
                let detail = format!("a node opens up to {pool}, the server allows {room}");
                Finding::warn("connections", detail, "Raise max_connections above the number of nodes times that.")
            }
        },
        match (server.creates, server.superuser) {
            (false, _) if current => Finding::ok("rights", "an ordinary account that serves and may not migrate"),
            (false, _) => Finding::fail(
                "rights",
                "the account may not create tables in its schema",
                "GRANT CREATE ON SCHEMA public to it, or run `migrate` with an account that may.",
            ),
            (true, true) => {
                let next = "Give the server an account of its own that owns its database and nothing else.";
                Finding::warn("rights", "the account is a superuser", next)
            }
            (true, false) => Finding::ok("rights", "an ordinary account that may migrate"),
        },
        match drift > DRIFT {
            true => {
                Finding::warn("database clock", format!("differs by {drift} s"), "Set the clocks of both machines.")
            }
            false => Finding::ok("database clock", format!("agrees within {DRIFT} s")),
        },
    ];
    findings.push(role(db).await?);
    findings.push(match config.s3_endpoint.is_none() {
        true => Finding::warn(
            "shared files",
            format!("files lie in {} of this machine", config.files.display()),
            "Fine for one node. Several nodes need a folder that all of them mount, or --s3-endpoint.",
        ),
        false => Finding::ok("shared files", "the store is shared"),
    });
    Ok(findings)
}

/// Whether the server can work under a role that may not change what is append-only.
async fn role(db: &Database) -> Result<Finding, Fault> {
    const NAME: &str = "role";
    let standing = rights::look(db.read(), rights::ROLE).await?;
    let fresh = read::steps_applied(db).await.is_empty();
    if (!standing.exists && standing.may_make) || (fresh && standing.may_take) {
        return Ok(Finding::ok(NAME, format!("`serve` hands out the rights of {}", rights::ROLE)));
    }
    Ok(match standing.complaint(rights::ROLE) {
        Some((detail, next)) => Finding::warn(NAME, detail, &next),
        None => Finding::ok(NAME, format!("the server works as {}, which changes no history", rights::ROLE)),
    })
}

/// What waits, and whether sealed values can be read.
async fn work(config: &Config, db: &Database) -> Result<Vec<Finding>, Fault> {
    let now = Clock::machine().now();
    let (unsealed, oldest) = read::unsealed(db).await?;
    let age = oldest.map_or(0, |at| (now - at).max(0) / 1_000_000);
    let (lag, newest) = (read::job_lag(db).await?, read::newest_event(db).await?);
    let mut findings = vec![
        match unsealed > 0 && age > SEAL_WARN {
            true => Finding::warn(
                "log",
                format!("{unsealed} events wait for their place, the oldest for {age} s"),
                "Start a node: any one of them seals. If one runs, look for `background round failed` in its log.",
            ),
            false => Finding::ok("log", format!("{unsealed} events wait for their place")),
        },
        match lag > LAG_WARN {
            true => Finding::warn(
                "jobs",
                format!("{lag} events behind"),
                "Give a node time; if the number grows, read its log.",
            ),
            false => Finding::ok("jobs", format!("{lag} events behind")),
        },
    ];
    if newest > now + 60_000_000 {
        let detail = format!("the log's newest event is {} s in the future", (newest - now) / 1_000_000);
        findings.push(Finding::fail("clock and log", detail, "The clock went back: set it before you serve."));
    }
    let path = config.secret_keys();
    if let Some(vault) = path.exists().then(|| Vault::open(&path).ok()).flatten() {
        let unknown: Vec<String> = read::keys_used(db).await?.into_iter().filter(|id| !vault.knows(id)).collect();
        findings.push(match unknown.first() {
            Some(id) => Finding::fail(
                "sealed values",
                format!("key {id} is in use and not in {}", path.display()),
                "Bring the file back from its backup; without it second factors must be set up anew.",
            ),
            None => Finding::ok("sealed values", "every key in use is there"),
        });
    }
    Ok(findings)
}
