//! What a backup says of itself.

use crate::audit::Head;
use crate::identity::{self, Signature};
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Name of the manifest in a backup's folder.
pub const FILE: &str = "manifest.json";
/// Form of manifests this version writes and reads.
pub const FORMAT: u32 = 1;
/// What the signature is for.
const PURPOSE: &str = "entrepot.backup.v1";

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Path below the backup's folder, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Form of the manifest.
    pub format: u32,
    /// Version of the product that made it.
    pub product: String,
    /// When it was made, real time.
    pub made_at: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Schema steps the database has had.
    pub schema: Vec<String>,
    /// Where the log of each market ends.
    pub heads: Vec<Head>,
    /// True when the file with the encryption keys is among the parts.
    pub with_keys: bool,
    /// Every file but the manifest.
    pub parts: Vec<Part>,
}

/// A manifest with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What is signed.
    pub body: Body,
    /// By whom.
    pub signed: Signature,
}

impl Manifest {
    /// Signs with a key of this database.
    pub async fn sign(body: Body, db: &Database) -> Result<Self, Fault> {
        let signed = identity::sign(db, PURPOSE, &serde_json::to_vec(&body)?).await?;
        Ok(Self { body, signed })
    }

    /// Reads the manifest of a backup's folder.
    ///
    /// Errors: a folder without one, one that cannot be read, or one of a newer form.
    pub async fn read(folder: &Path) -> Result<Self, Fault> {
        let path = folder.join(FILE);
        let text = tokio::fs::read(&path).await.map_err(|error| {
            Fault::new(format!("{} is no backup: its {FILE} cannot be read ({error})", folder.display()))
        })?;
        let unreadable = |error: serde_json::Error| Fault::new(format!("{} is no manifest: {error}", path.display()));
        let loose: serde_json::Value = serde_json::from_slice(&text).map_err(unreadable)?;
        let format = loose.pointer("/body/format").and_then(serde_json::Value::as_u64);
        if format.is_some_and(|format| format > u64::from(FORMAT)) {
            return Err(Fault::new("the backup was made by a newer version; restore it with that one"));
        }
        serde_json::from_value(loose).map_err(unreadable)
    }

    /// True when the signature is of a key in this database.
    pub async fn is_signed_in(&self, db: &Database) -> Result<bool, Fault> {
        identity::is_signed(db, PURPOSE, &serde_json::to_vec(&self.body)?, &self.signed).await
    }
}
