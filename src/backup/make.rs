//! Makes a backup while the server works.

use super::manifest::{self, Body, Manifest, Part};
use super::parts::{copy, list, measure, named, sync_folders};
use super::{examine, heads};
use crate::config::Config;
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::dump;
use crate::platform::problem::Fault;
use crate::platform::sabotage;
use std::path::{Path, PathBuf};

/// Name of the keys' file in a backup.
pub(super) const KEYS: &str = "secret.key";
/// Folder of the uploaded files in a backup.
pub(super) const FILES: &str = "files";

/// A backup that holds.
#[derive(Debug)]
pub struct Made {
    /// Where it lies.
    pub target: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl std::fmt::Display for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = &self.manifest.body;
        let (parts, bytes) = (body.parts.len(), body.parts.iter().map(|p| p.bytes).sum::<u64>());
        let events: i64 = body.heads.iter().map(|h| h.seq).sum();
        write!(
            f,
            "{}: {parts} parts, {bytes} bytes, {events} events of {} markets",
            self.target.display(),
            body.heads.len()
        )?;
        write!(f, "; integrity, books and chain hold.")?;
        if !body.with_keys {
            write!(
                f,
                "\nThe file with the encryption keys is not inside: without it nobody's second factor can be read \
                after a restore. Keep it apart, or add --with-keys."
            )?;
        }
        Ok(())
    }
}

/// Copies database and files to `target`, examines the copy, and moves it into place.
///
/// Errors: a target that is not empty; anything off in the copy, which is removed then.
pub async fn backup(config: &Config, target: &Path, with_keys: bool, scratch: Option<&str>) -> Result<Made, Fault> {
    refuse_if_not_empty(target).await?;
    let part = target.with_extension(format!("part-{}", uuid::Uuid::new_v4().simple()));
    tokio::fs::create_dir_all(&part).await.map_err(|error| named(&part, &error))?;
    let made = make(config, &part, with_keys, scratch).await;
    let moved = match made {
        Ok(manifest) => move_into_place(&part, target).await.map(|()| manifest),
        Err(fault) => Err(fault),
    };
    match moved {
        Ok(manifest) => Ok(Made { target: target.to_owned(), manifest }),
        Err(fault) => {
            tokio::fs::remove_dir_all(&part).await.map_err(|error| named(&part, &error))?;
            Err(fault)
        }
    }
}

async fn refuse_if_not_empty(target: &Path) -> Result<(), Fault> {
    if list(target).await?.is_empty() && (target.is_dir() || !target.exists()) {
        return Ok(());
    }
    Err(Fault::new(format!("{} is not empty: name a folder of its own for each backup", target.display())))
}

async fn move_into_place(part: &Path, target: &Path) -> Result<(), Fault> {
    if target.is_dir() {
        tokio::fs::remove_dir(target).await.map_err(|error| named(target, &error))?;
    }
    tokio::fs::rename(part, target).await.map_err(|error| named(target, &error))?;
    let around = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    Ok(tokio::fs::File::open(around).await?.sync_all().await?)
}

async fn make(config: &Config, folder: &Path, with_keys: bool, scratch: Option<&str>) -> Result<Manifest, Fault> {
    let db = Database::attach(&config.database).await?;
    let dumped = dump::write(&db, folder).await?;
    sabotage::point("backup.copied")?;
    // After the database: a file lies in the store before the first row that names it, and none is ever taken away.
    copy_files(&config.files, &folder.join(FILES)).await?;
    if with_keys {
        copy(&config.secret_keys(), &folder.join(KEYS)).await?;
    }
    sabotage::point("backup.files")?;
    let copied = dump::open_copy(&db, folder, scratch).await?;
    let seen = look(&copied.db).await;
    copied.close().await?;
    let (chain_heads, schema) = seen?;
    let now = Clock::machine().now();
    let signed_heads = heads::Heads::sign(&db, chain_heads.clone(), now).await?;
    tokio::fs::write(folder.join(heads::IN_BACKUP), serde_json::to_vec_pretty(&signed_heads)?).await?;
    let body = Body {
        format: manifest::FORMAT,
        product: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: heads::moment(now)?,
        engine: dumped.engine.to_owned(),
        schema,
        heads: chain_heads,
        with_keys,
        parts: measured(folder).await?,
    };
    let manifest = Manifest::sign(body, &db).await?;
    sabotage::point("backup.signed")?;
    tokio::fs::write(folder.join(manifest::FILE), serde_json::to_vec_pretty(&manifest)?).await?;
    let all = list(folder).await?;
    for file in &all {
        tokio::fs::File::open(folder.join(file)).await?.sync_all().await?;
    }
    sync_folders(folder, &all).await?;
    db.close().await?;
    Ok(manifest)
}

async fn look(db: &Database) -> Result<(Vec<crate::audit::Head>, Vec<String>), Fault> {
    Ok((examine(db).await?, db.applied().await?))
}

/// Copies the store; contents are named by their hash, and each is held against its name on the way.
async fn copy_files(store: &Path, target: &Path) -> Result<(), Fault> {
    for file in list(store).await? {
        let name = file.rsplit('/').next().unwrap_or(&file);
        // What an interrupted upload left has another form of name.
        if name.len() != 64 || !name.bytes().all(|b| b.is_ascii_hexdigit()) {
            continue;
        }
        let (_, sha256) = copy(&store.join(&file), &target.join(&file)).await?;
        if sha256 != name {
            return Err(Fault::new(format!("the uploaded file {file} is damaged: its contents are not its name")));
        }
    }
    Ok(())
}

async fn measured(folder: &Path) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    for path in list(folder).await? {
        let (bytes, sha256) = measure(&folder.join(&path)).await?;
        parts.push(Part { path, bytes, sha256 });
    }
    Ok(parts)
}
