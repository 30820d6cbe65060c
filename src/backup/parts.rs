//! Files of a backup: hashing, copying durably, listing.

use super::manifest::{self, Part};
use crate::platform::problem::Fault;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Bytes read at once.
const CHUNK: usize = 1 << 20;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Length and hash of a file.
pub async fn measure(path: &Path) -> Result<(u64, String), Fault> {
    let mut file = tokio::fs::File::open(path).await.map_err(|error| named(path, &error))?;
    let (mut hash, mut length, mut chunk) = (Sha256::new(), 0u64, vec![0u8; CHUNK]);
    loop {
        let read = file.read(&mut chunk).await.map_err(|error| named(path, &error))?;
        if read == 0 {
            return Ok((length, hex(&hash.finalize())));
        }
        hash.update(chunk.get(..read).unwrap_or_default());
        length += u64::try_from(read).unwrap_or(0);
    }
}

/// Copies a file durably; answers length and hash of what was written.
pub async fn copy(from: &Path, to: &Path) -> Result<(u64, String), Fault> {
    if let Some(folder) = to.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(|error| named(folder, &error))?;
    }
    let mut source = tokio::fs::File::open(from).await.map_err(|error| named(from, &error))?;
    let mut target = tokio::fs::File::create_new(to).await.map_err(|error| named(to, &error))?;
    let (mut hash, mut length, mut chunk) = (Sha256::new(), 0u64, vec![0u8; CHUNK]);
    loop {
        let read = source.read(&mut chunk).await.map_err(|error| named(from, &error))?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hash.update(bytes);
        length += u64::try_from(read).unwrap_or(0);
        target.write_all(bytes).await.map_err(|error| named(to, &error))?;
    }
    target.flush().await.map_err(|error| named(to, &error))?;
    target.sync_all().await.map_err(|error| named(to, &error))?;
    Ok((length, hex(&hash.finalize())))
}

/// An error with the file it belongs to.
pub fn named(path: &Path, error: &std::io::Error) -> Fault {
    let mut fault = Fault::new(format!("{}: {error}", path.display()));
    fault.of_files = true;
    fault.trouble = crate::platform::storage::Trouble::of_io(error);
    fault
}

/// Every file below a folder as a path with `/`, in order; none when the folder is not there.
pub async fn list(folder: &Path) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(below) = waiting.pop() {
        let place = folder.join(&below);
        let mut entries = match tokio::fs::read_dir(&place).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(named(&place, &error)),
        };
        while let Some(entry) = entries.next_entry().await? {
            let path = below.join(entry.file_name());
            if entry.file_type().await?.is_dir() {
                waiting.push(path);
            } else {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Syncs every folder on the way to the given files, so that their names survive a power cut.
pub async fn sync_folders(root: &Path, files: &[String]) -> Result<(), Fault> {
    let mut folders: Vec<PathBuf> = files.iter().filter_map(|f| root.join(f).parent().map(Path::to_owned)).collect();
    folders.push(root.to_owned());
    folders.sort();
    folders.dedup();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        tokio::fs::File::open(&folder).await?.sync_all().await.map_err(|error| named(&folder, &error))?;
    }
    Ok(())
}

/// Holds a folder against the parts it must have, no more and no less.
///
/// Errors: the first part that is missing, changed or not listed.
pub async fn hold(folder: &Path, parts: &[Part]) -> Result<(), Fault> {
    for part in parts {
        if !is_plain(&part.path) {
            return Err(Fault::new(format!("the manifest names a part outside of the backup: {}", part.path)));
        }
        let (bytes, sha256) = measure(&folder.join(&part.path)).await?;
        if (bytes, &sha256) != (part.bytes, &part.sha256) {
            return Err(Fault::new(format!("{} is not what the manifest says: it was changed or cut off", part.path)));
        }
    }
    let known = |path: &String| path == manifest::FILE || parts.iter().any(|part| part.path == *path);
    match list(folder).await?.into_iter().find(|path| !known(path)) {
        Some(stray) => Err(Fault::new(format!("{stray} lies in the backup but not in its manifest"))),
        None => Ok(()),
    }
}

/// True for a path that stays below its folder.
fn is_plain(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}
