//! Files in a folder of this machine: written to a temporary name, synced, then renamed.

use super::FileStore;
use crate::platform::problem::Fault;
use crate::platform::sabotage;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// A folder with one level of folders below it.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// A store below `root`, which is made when first written to.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name.get(..2).unwrap_or("xx")).join(name)
    }
}

#[async_trait::async_trait]
impl FileStore for Folder {
    fn place(&self) -> String {
        format!("folder {}", self.root.display())
    }

    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        write_durably(&self.path(name), bytes).await
    }

    async fn get(&self, name: &str) -> Result<Vec<u8>, Fault> {
        Ok(tokio::fs::read(self.path(name)).await?)
    }

    async fn exists(&self, name: &str) -> Result<bool, Fault> {
        Ok(tokio::fs::try_exists(self.path(name)).await?)
    }

    async fn delete(&self, name: &str) -> Result<(), Fault> {
        match tokio::fs::remove_file(self.path(name)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Writes to a temporary name, syncs, renames and syncs the folder, so that the name never leads to half a file. What
/// was begun and failed is removed: on a full disk it would take the space that a later try needs.
pub async fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    tokio::fs::create_dir_all(folder).await?;
    let temporary = path.with_extension(uuid::Uuid::new_v4().simple().to_string());
    let written = write_and_rename(&temporary, path, bytes).await;
    if written.is_err() {
        let _ = tokio::fs::remove_file(&temporary).await;
        return written;
    }
    // The renaming itself survives a power cut once the folder is synced.
    Ok(tokio::fs::File::open(folder).await?.sync_all().await?)
}

async fn write_and_rename(temporary: &Path, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    sabotage::point("file.create")?;
    let mut file = tokio::fs::File::create_new(temporary).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    sabotage::point("file.written")?;
    file.sync_all().await?;
    sabotage::point("file.synced")?;
    tokio::fs::rename(temporary, path).await?;
    sabotage::point("file.renamed")
}
