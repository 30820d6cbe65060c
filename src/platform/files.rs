//! Stored files: contents by SHA-256 under the data directory, written to a temporary name, synced, then renamed.

use crate::platform::problem::Fault;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Keeps file contents by their hash. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// A store below `root`, which is made when first written to.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Stores the bytes durably; returns their SHA-256 in hex.
    pub async fn put(&self, bytes: &[u8]) -> Result<String, Fault> {
        let name: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        let path = self.path(&name);
        if tokio::fs::try_exists(&path).await? {
            return Ok(name);
        }
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        let temporary = path.with_extension(uuid::Uuid::new_v4().simple().to_string());
        tokio::fs::write(&temporary, bytes).await?;
        tokio::fs::File::open(&temporary).await?.sync_all().await?;
        tokio::fs::rename(&temporary, &path).await?;
        Ok(name)
    }

    /// Reads the bytes of a hash.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>, Fault> {
        Ok(tokio::fs::read(self.path(sha256)).await?)
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.root.join(sha256.get(..2).unwrap_or("xx")).join(sha256)
    }
}
