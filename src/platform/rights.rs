//! The role that the server works under on PostgreSQL, and what it may do there (MON-3).
//!
//! The user of the address owns the tables and takes the schema steps. The server's own connections work under
//! [`ROLE`], which reads and writes rows but only ever adds to a table that is append-only: the triggers are the first
//! wall, this is the second. Rights are handed out after each migration, by what the tables themselves say, so a new
//! table needs no mention here. The counter behind `unsealed.place` is an identity and needs no right of its own.
//!
//! Promises that a server starts without it: where the user may not make the role, one warning tells what to do, and
//! `entrepot doctor` tells it again. It is no wall against somebody who runs statements of their own on a connection:
//! `RESET ROLE` leads back to the user of the address, unless that user is a mere member of the role (docs/operations.md).

use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::collections::BTreeMap;
use std::time::Duration;

/// The role of the server's connections.
pub const ROLE: &str = "entrepot_app";
/// Where the migrations note the steps taken: the server only reads it.
const STEPS: &str = "seaql_migrations";
/// How often the role is asked for again when another database of the cluster asks for it at the same moment.
const TRIES_MAX: u32 = 10;

/// How the role stands in one database, seen by the user who asks.
#[derive(Debug, Default)]
pub struct Standing {
    /// The user who asks.
    pub user: String,
    /// The role is there.
    pub exists: bool,
    /// The user may work under it.
    pub may_take: bool,
    /// The user may make roles.
    pub may_make: bool,
    /// Rights the server needs and the role lacks, such as `INSERT ON event`.
    pub lacks: Vec<String>,
    /// Rights the role should not have, such as `UPDATE ON event`.
    pub exceeds: Vec<String>,
    grants: BTreeMap<(&'static str, String), Vec<String>>,
}

impl Standing {
    /// True when the server can work under the role.
    pub fn usable(&self) -> bool {
        self.exists && self.may_take && self.lacks.is_empty()
    }

    /// What is not as it should be, and what an administrator of the cluster does about it.
    pub fn complaint(&self, role: &str) -> Option<(String, String)> {
        let Self { user, .. } = self;
        let grant = format!("GRANT {role} TO \"{user}\"");
        if !self.exists {
            let next = format!("As an administrator: CREATE ROLE {role} NOLOGIN; {grant}; then start again.");
            return Some((format!("there is no role {role}, and {user} may not make it"), next));
        }
        if !self.may_take {
            return Some((
                format!("{user} may not work as {role}"),
                format!("As an administrator: {grant}; then start again."),
            ));
        }
        let own = "Start once, or `migrate`, with the account that owns the tables.".to_owned();
        if let Some(first) = self.lacks.first() {
            return Some((format!("{role} lacks {} rights, {first} first", self.lacks.len()), own));
        }
        let first = self.exceeds.first()?;
        Some((format!("{role} has {} rights too many, {first} first", self.exceeds.len()), own))
    }
}

/// Looks how `role` stands in this database; changes nothing.
pub async fn look(db: &impl ConnectionTrait, role: &str) -> Result<Standing, Fault> {
    // Since version 16 being a member and being allowed to act as the role are two things.
    let sql = "SELECT current_user::text AS asks, r.oid IS NOT NULL AS there, COALESCE(pg_has_role(r.oid, \
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END), FALSE) AS takes, \
            me.rolsuper OR me.rolcreaterole AS makes \
        FROM pg_roles me LEFT JOIN pg_roles r ON r.rolname = $1 WHERE me.rolname = current_user";
    let Some(row) = rows::query_one(db, sql, vec![role.into()]).await? else { return Ok(Standing::default()) };
    let mut standing = Standing {
        user: row.try_get("", "asks")?,
        exists: row.try_get("", "there")?,
        may_take: row.try_get("", "takes")?,
        may_make: row.try_get("", "makes")?,
        ..Standing::default()
    };
    let sql = "SELECT 'SCHEMA ' || quote_ident(current_schema()) AS place, 'USAGE' AS verb, FALSE AS kept, \
            has_schema_privilege(r.oid, current_schema(), 'USAGE') AS has FROM pg_roles r WHERE r.rolname = $1 \
        UNION ALL SELECT quote_ident(c.relname), v.verb, EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid \
                WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND p.proname = 'refuse_change'), \
            has_table_privilege(r.oid, c.oid, v.verb) \
        FROM pg_roles r CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS v(verb) \
        CROSS JOIN pg_class c WHERE r.rolname = $1 AND c.relnamespace = current_schema()::regnamespace \
        AND c.relkind IN ('r', 'p') ORDER BY place, verb";
    for row in rows::query(db, sql, vec![role.into()]).await? {
        standing.compare(&row)?;
    }
    Ok(standing)
}

impl Standing {
    fn compare(&mut self, row: &Row) -> Result<(), Fault> {
        let (place, verb): (String, String) = (row.try_get("", "place")?, row.try_get("", "verb")?);
        let (kept, has): (bool, bool) = (row.try_get("", "kept")?, row.try_get("", "has")?);
        let wanted = match verb.as_str() {
            "USAGE" | "SELECT" => true,
            "INSERT" => place != STEPS,
            "UPDATE" | "DELETE" => place != STEPS && !kept,
            _ => false,
        };
        let (change, told) = match (has, wanted) {
            (false, true) => ("GRANT", &mut self.lacks),
            (true, false) => ("REVOKE", &mut self.exceeds),
            (true, true) | (false, false) => return Ok(()),
        };
        told.push(format!("{verb} ON {place}"));
        self.grants.entry((change, verb)).or_default().push(place);
        Ok(())
    }

    /// One text that sets right what [`Standing::lacks`] and [`Standing::exceeds`] name.
    fn changes(&self, role: &str) -> String {
        let change = |((change, verb), places): (&(&str, String), &Vec<String>)| {
            let to = if *change == "GRANT" { "TO" } else { "FROM" };
            format!("{change} {verb} ON {} {to} {role}", places.join(", "))
        };
        self.grants.iter().map(change).collect::<Vec<_>>().join("; ")
    }
}

/// Makes the role if it is missing and gives it what the server needs, as the owner of the tables and in that node's
/// [`Turn`](super::turn::Turn); the role, when the server can work under it.
///
/// Errors: a database that does not answer. Not being allowed to is a warning in the log.
pub async fn hand_out(db: &DatabaseConnection, role: &'static str) -> Result<Option<&'static str>, Fault> {
    let mut standing = look(db, role).await?;
    let mut tries = 0;
    while !(standing.exists && standing.may_take) && tries < TRIES_MAX {
        tries += 1;
        // Roles belong to the whole cluster: another database's node may make it or join it at this very moment.
        if enrol(db, role, &standing).await.is_err_and(|fault| forbids(&fault)) {
            break;
        }
        standing = look(db, role).await?;
        if !standing.may_take {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    if standing.exists && !standing.grants.is_empty() {
        // Refused where the tables are somebody else's; what is missing then is told below.
        if let Err(fault) = db.execute_unprepared(&standing.changes(role)).await {
            tracing::debug!(error = %fault, "rights could not be handed out to {role}");
        }
        standing = look(db, role).await?;
    }
    if let Some((detail, next)) = standing.complaint(role) {
        tracing::warn!("what is append-only is guarded by triggers alone: {detail}. {next}");
    }
    Ok(standing.usable().then_some(role))
}

/// Whether asking again is of no use. A server that says it in another language is asked a few times in vain.
fn forbids(fault: &Fault) -> bool {
    let told = fault.to_string();
    told.contains("permission denied") || told.contains("must have admin option")
}

async fn enrol(db: &DatabaseConnection, role: &str, standing: &Standing) -> Result<(), Fault> {
    if !standing.exists {
        db.execute_unprepared(&format!(
            "DO $$ BEGIN CREATE ROLE {role} NOLOGIN; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        ))
        .await?;
    }
    if !look(db, role).await?.may_take {
        db.execute_unprepared(&format!("GRANT {role} TO CURRENT_USER")).await?;
    }
    Ok(())
}
