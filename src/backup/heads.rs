//! Where each market's log ends, signed, in a file that is kept elsewhere.
//!
//! The chain finds every row that was changed, removed or put in between; only a log whose last rows are gone looks whole.
//! A head that was exported before shows it: the log must still have that event at that place, with that hash.

use crate::audit::{self, Head, Report};
use crate::identity::{self, Signature};
use crate::platform::database::Database;
use crate::platform::files;
use crate::platform::problem::Fault;
use crate::platform::sabotage;
use crate::platform::web::AppState;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Name of the heads' file in a backup.
pub const IN_BACKUP: &str = "heads.json";
/// What the signature is for.
const PURPOSE: &str = "entrepot.heads.v1";
/// Exports kept in a folder: three months of hours (CON-8).
const KEPT: usize = 24 * 92;
const BEGINS: &str = "heads-";

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// When it was exported, real time.
    pub made_at: String,
    /// Where the log of each market ended.
    pub heads: Vec<Head>,
}

/// Exported heads with their signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// What is signed.
    pub body: Body,
    /// By whom.
    pub signed: Signature,
}

/// A moment in words.
pub(super) fn moment(micros: i64) -> Result<String, Fault> {
    let moment = jiff::Timestamp::from_microsecond(micros).map_err(|error| Fault::new(error.to_string()))?;
    Ok(moment.to_string())
}

impl Heads {
    /// Signs heads with a key of this database.
    pub async fn sign(db: &Database, heads: Vec<Head>, now: i64) -> Result<Self, Fault> {
        let body = Body { made_at: moment(now)?, heads };
        let signed = identity::sign(db, PURPOSE, &serde_json::to_vec(&body)?).await?;
        Ok(Self { body, signed })
    }

    /// Reads an exported file.
    ///
    /// Errors: a file that is not there or is none.
    pub async fn read(path: &Path) -> Result<Self, Fault> {
        let text = tokio::fs::read(path).await.map_err(|error| Fault::new(format!("{}: {error}", path.display())))?;
        serde_json::from_slice(&text)
            .map_err(|error| Fault::new(format!("{} is no export of chain heads: {error}", path.display())))
    }

    /// Adds to the report what of the log is gone or changed since the export.
    ///
    /// Errors: heads that this installation has not signed; they prove nothing about it.
    pub async fn hold(&self, db: &Database, report: &mut Report) -> Result<(), Fault> {
        if !identity::is_signed(db, PURPOSE, &serde_json::to_vec(&self.body)?, &self.signed).await? {
            return Err(Fault::new(
                "these heads carry no signature of this installation: another one's export, or a changed file",
            ));
        }
        audit::hold_heads(db, &self.body.heads, report).await
    }
}

/// Exports where every log ends now; answers the file. The oldest exports beyond three months of hours go.
pub async fn export(state: &AppState, folder: &Path) -> Result<PathBuf, Fault> {
    let db = state.engine.db();
    let now = state.engine.clock().now();
    let heads = Heads::sign(db, audit::heads(db).await?, now).await?;
    let path = folder.join(format!("{BEGINS}{}.json", heads.body.made_at.replace(':', "-")));
    sabotage::point("heads.write")?;
    files::write_durably(&path, &serde_json::to_vec_pretty(&heads)?).await?;
    sabotage::point("heads.written")?;
    prune(folder).await?;
    Ok(path)
}

async fn prune(folder: &Path) -> Result<(), Fault> {
    let mut names = Vec::new();
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(BEGINS) && name.ends_with(".json") {
            names.push(name);
        }
    }
    names.sort();
    let old = names.len().saturating_sub(KEPT);
    for name in names.into_iter().take(old) {
        tokio::fs::remove_file(folder.join(name)).await?;
    }
    Ok(())
}
