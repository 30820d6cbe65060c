//! Puts a backup back, into a place where nothing is yet.

use super::examine;
use super::make::{FILES, KEYS};
use super::manifest::{Body, Manifest};
use super::parts::{copy, hold, list, sync_folders};
use crate::config::Config;
use crate::platform::database::{Database, schema};
use crate::platform::dump;
use crate::platform::problem::Fault;
use crate::platform::sabotage;
use std::path::Path;

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub body: Body,
}

impl std::fmt::Display for Restored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Body { made_at, heads, with_keys, .. } = &self.body;
        let events: i64 = heads.iter().map(|h| h.seq).sum();
        write!(
            f,
            "Restored the backup of {made_at}: {events} events of {} markets; integrity, books and chain hold.",
            heads.len()
        )?;
        if !with_keys {
            write!(
                f,
                "\nPut the file with the encryption keys back before the first start: a new one would be made, and \
                nobody's second factor could be read with it."
            )?;
        }
        Ok(())
    }
}

/// Restores `source` to the configured database, files and keys.
///
/// Errors: a target that is not empty, a backup that does not fit its manifest, a newer schema, books that do not hold.
/// Nothing is written before the backup itself has passed.
pub async fn restore(config: &Config, source: &Path) -> Result<Restored, Fault> {
    let manifest = Manifest::read(source).await?;
    let body = manifest.body.clone();
    let known = schema();
    if let Some(step) = body.schema.iter().find(|step| !known.contains(step)) {
        return Err(Fault::new(format!(
            "the backup has the schema step {step}, which this version does not know; restore it with version {} or newer",
            body.product
        )));
    }
    let engine = dump::engine_of(&config.database);
    if engine != body.engine {
        return Err(Fault::new(format!("the backup is of a {} database, the target is {engine}", body.engine)));
    }
    hold(source, &body.parts).await?;
    refuse_if_taken(config, &body).await?;
    if engine == dump::SQLITE {
        let copied = Database::inspect(&source.join(dump::SQLITE_FILE)).await?;
        let held = agrees(&copied, &manifest).await;
        copied.close().await?;
        held?;
    }
    sabotage::point("restore.held")?;
    put_back(config, source, &manifest).await?;
    Ok(Restored { body })
}

/// Refuses a target where anything is: a restore replaces nothing.
async fn refuse_if_taken(config: &Config, body: &Body) -> Result<(), Fault> {
    let taken =
        |what: &str| Err(Fault::new(format!("{what}; a restore needs a place of its own and replaces nothing")));
    if dump::is_taken(&config.database).await? {
        return taken("the target database is not empty");
    }
    // What a restore that was cut off has put there already may stay.
    let wanted = |file: &String| body.parts.iter().any(|part| part.path == format!("{FILES}/{file}"));
    if let Some(stray) = list(&config.files).await?.iter().find(|file| !wanted(file)) {
        return taken(&format!("{} holds {stray}, which is not of this backup", config.files.display()));
    }
    if body.with_keys && config.secret_keys().exists() {
        return taken(&format!("the key file {} is there already", config.secret_keys().display()));
    }
    Ok(())
}

/// Holds a database against the manifest that came with it.
async fn agrees(db: &Database, manifest: &Manifest) -> Result<(), Fault> {
    if !manifest.is_signed_in(db).await? {
        return Err(Fault::new("the manifest carries no signature of the installation in the backup"));
    }
    if examine(db).await? != manifest.body.heads {
        return Err(Fault::new("the log in the backup does not end where its manifest says"));
    }
    Ok(())
}

async fn put_back(config: &Config, source: &Path, manifest: &Manifest) -> Result<(), Fault> {
    let body = &manifest.body;
    let uploads: Vec<String> =
        body.parts.iter().filter_map(|part| part.path.strip_prefix(&format!("{FILES}/"))).map(str::to_owned).collect();
    for file in &uploads {
        let to = config.files.join(file);
        if !to.exists() {
            copy(&source.join(FILES).join(file), &to).await?;
        }
    }
    if !uploads.is_empty() {
        sync_folders(&config.files, &uploads).await?;
    }
    sabotage::point("restore.files")?;
    if body.with_keys {
        restore_keys(source, &config.secret_keys()).await?;
    }
    // The database last: while it is missing, the restore can be started again.
    dump::put_back(source, &config.database).await?;
    sabotage::point("restore.database")?;
    let db = Database::attach(&config.database).await?;
    let held = agrees(&db, manifest).await;
    db.close().await?;
    held.map_err(|fault| Fault::new(format!("the restored database does not hold and must not be used: {fault}")))
}

async fn restore_keys(source: &Path, keys: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    copy(&source.join(KEYS), keys).await?;
    Ok(tokio::fs::set_permissions(keys, std::fs::Permissions::from_mode(0o600)).await?)
}
