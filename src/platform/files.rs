//! Stored files: contents by SHA-256, in a folder of this machine or in an S3-compatible store that several nodes share.
//!
//! A name is the hash of what it names, so a file is never overwritten, storing it twice is storing it once, and what comes
//! back is held against its name. Files have at most 10 MiB and travel whole. A store whose disk is full or fails refuses
//! further files by itself; the rest of the node goes on.

mod folder;
#[cfg(feature = "s3")]
pub mod s3;
#[cfg(feature = "s3")]
pub mod sigv4;

pub use folder::{Folder, write_durably};

use crate::platform::problem::Fault;
use crate::platform::storage::Storage;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// Where contents are kept.
#[async_trait::async_trait]
pub trait FileStore: Send + Sync {
    /// The place in words, without secrets.
    fn place(&self) -> String;

    /// Keeps the bytes durably under a name.
    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Fault>;

    /// The bytes under a name.
    ///
    /// Errors: there are none.
    async fn get(&self, name: &str) -> Result<Vec<u8>, Fault>;

    /// Whether there are bytes under a name.
    async fn exists(&self, name: &str) -> Result<bool, Fault>;

    /// Takes the bytes away; nothing happens when there are none.
    async fn delete(&self, name: &str) -> Result<(), Fault>;

    /// Keeps something without a meaning, and takes it away again.
    async fn probe(&self) -> Result<(), Fault> {
        let bytes = [b'p'; PROBE_BYTES];
        let name = sha256(&bytes);
        self.put(&name, &bytes).await?;
        self.delete(&name).await
    }
}

/// Bytes a probe writes.
const PROBE_BYTES: usize = 64 * 1024;

/// The name of some contents.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Keeps file contents by their hash. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn FileStore>,
    storage: Storage,
}

impl Files {
    /// Files in a folder, which is made when first written to.
    pub fn new(root: &Path) -> Self {
        Self::of(Folder::new(root))
    }

    /// Files in a store.
    pub fn of(store: impl FileStore + 'static) -> Self {
        Self { store: Arc::new(store), storage: Storage::of_files("uploads") }
    }

    /// Where they are kept, in words.
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// Whether what is written can be kept.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Stores the bytes durably; returns their SHA-256 in hex.
    ///
    /// Errors: a disk that is full or fails; nothing is stored then.
    pub async fn put(&self, bytes: &[u8]) -> Result<String, Fault> {
        let name = sha256(bytes);
        if self.store.exists(&name).await? {
            return Ok(name);
        }
        self.storage.permit()?;
        if let Err(fault) = self.store.put(&name, bytes).await {
            self.storage.note(&fault);
            return Err(fault);
        }
        Ok(name)
    }

    /// Reads the bytes of a hash.
    ///
    /// Errors: there are none, or they are not what the hash says.
    pub async fn get(&self, sha256_hex: &str) -> Result<Vec<u8>, Fault> {
        let bytes = self.store.get(sha256_hex).await?;
        if sha256(&bytes) != sha256_hex {
            return Err(Fault::new(format!("the stored file {sha256_hex} is not what its name says")));
        }
        Ok(bytes)
    }

    /// Writes and removes what has no meaning; when that succeeds the store takes files again.
    ///
    /// Errors: what still keeps the store from keeping anything.
    pub async fn probe(&self) -> Result<(), Fault> {
        self.store.probe().await?;
        self.storage.heal();
        Ok(())
    }

    /// Whether there are bytes of a hash.
    pub async fn exists(&self, sha256: &str) -> Result<bool, Fault> {
        self.store.exists(sha256).await
    }

    /// Takes the bytes of a hash away.
    pub async fn delete(&self, sha256: &str) -> Result<(), Fault> {
        self.store.delete(sha256).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_keeps_finds_gives_and_forgets() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(&folder.path().join("files"));

        let name = files.put(b"bill of lading").await.unwrap();
        assert_eq!(files.put(b"bill of lading").await.unwrap(), name, "twice is once");
        assert_eq!(files.get(&name).await.unwrap(), b"bill of lading");
        assert!(files.exists(&name).await.unwrap());
        files.delete(&name).await.unwrap();
        files.delete(&name).await.unwrap();
        assert!(!files.exists(&name).await.unwrap());
        assert!(files.get(&name).await.is_err());
    }

    #[tokio::test]
    async fn contents_that_do_not_fit_their_name_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path());
        let name = files.put(b"packing list").await.unwrap();

        std::fs::write(folder.path().join(&name[..2]).join(&name), b"packing lisT").unwrap();

        assert!(files.get(&name).await.unwrap_err().to_string().contains("is not what its name says"));
    }
}
