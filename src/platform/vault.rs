//! Encrypts what must be readable again and may not lie in the database in plain: second-factor seeds, queued mails.
//!
//! ChaCha20-Poly1305 with a random nonce; every sealed value carries the id of its key and is bound to its place (the
//! associated text), so that it cannot be moved to another row. Keys come from a file that only its owner may read: the
//! first line encrypts, all lines decrypt, so a key is changed by putting a new line on top.

use crate::platform::problem::Fault;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::path::Path;
use std::sync::Arc;

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// An encrypted value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The key it was encrypted with.
    pub key_id: String,
    /// Nonce and ciphertext with tag.
    pub bytes: Vec<u8>,
}

/// Encrypts and decrypts. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<Vec<(String, LessSafeKey)>>,
}

/// Fills an array from the operating system's random source.
pub fn draw<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|e| Fault::new(format!("random source: {e}")))?;
    Ok(bytes)
}

/// Small hexadecimal letters.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads hexadecimal letters; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok())).collect()
}

impl Vault {
    /// Reads the keys of the file; makes it with one new key when it is not there.
    ///
    /// Errors: a file that others may read, or a line that is no key of 32 bytes.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        if !path.try_exists()? {
            make(path)?;
        }
        refuse_if_open_to_others(path)?;
        Self::parse(&std::fs::read_to_string(path)?)
            .map_err(|fault| Fault::new(format!("key file {}: {fault}", path.display())))
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let mut keys = Vec::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (id, key) = line.split_once(' ').ok_or_else(|| Fault::new("a line is not `name key`"))?;
            let key = unhex(key.trim()).filter(|k| k.len() == KEY_BYTES && k.iter().any(|b| *b != k[0]));
            let key = key.ok_or_else(|| Fault::new("a key is not 32 random bytes in hexadecimal"))?;
            let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| Fault::new("a key was refused"))?;
            keys.push((id.to_owned(), LessSafeKey::new(key)));
        }
        if keys.is_empty() {
            return Err(Fault::new("there is no key"));
        }
        Ok(Self { keys: Arc::new(keys) })
    }

    /// Whether values under a key id can be read.
    pub fn knows(&self, key_id: &str) -> bool {
        self.keys.iter().any(|(id, _)| id == key_id)
    }

    /// Encrypts for one place, named by `place`.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Sealed, Fault> {
        let (id, key) = self.keys.first().ok_or_else(|| Fault::new("there is no key"))?;
        let nonce: [u8; NONCE_LEN] = draw()?;
        let mut bytes = plain.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut bytes)
            .map_err(|_| Fault::new("encryption failed"))?;
        Ok(Sealed { key_id: id.clone(), bytes: [nonce.as_slice(), &bytes].concat() })
    }

    /// Decrypts what was encrypted for the same place.
    pub fn open_sealed(&self, place: &str, sealed: &Sealed) -> Result<Vec<u8>, Fault> {
        let broken = || Fault::new(format!("a sealed value at {place} cannot be read with key {}", sealed.key_id));
        let (_, key) = self.keys.iter().find(|(id, _)| *id == sealed.key_id).ok_or_else(broken)?;
        let (nonce, cipher) = sealed.bytes.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut bytes = cipher.to_vec();
        let plain = key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut bytes).map_err(|_| broken())?;
        Ok(plain.to_vec())
    }
}

fn make(path: &Path) -> Result<(), Fault> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let key: [u8; KEY_BYTES] = draw()?;
    let name: [u8; 4] = draw()?;
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            writeln!(file, "{} {}", hex(&name), hex(&key))?;
            Ok(file.sync_all()?)
        }
        // Another process was faster; its key is as good.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn refuse_if_open_to_others(path: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Fault::new(format!("key file {} may be read by others; run chmod 600 on it", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(lines: &[&str]) -> Result<Vault, Fault> {
        Vault::parse(&lines.join("\n"))
    }

    const OLD: &str = "old 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const NEW: &str = "new 1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100";

    #[test]
    fn a_value_opens_at_its_own_place_only_and_after_a_change_of_keys() {
        let before = vault(&[OLD]).unwrap();
        let sealed = before.seal("row 1", b"seed").unwrap();
        let after = vault(&["# newest first", NEW, OLD]).unwrap();

        assert_eq!(after.open_sealed("row 1", &sealed).unwrap(), b"seed");
        assert_eq!(after.seal("row 1", b"seed").unwrap().key_id, "new");
        assert!(after.open_sealed("row 2", &sealed).is_err());
        assert!(vault(&[NEW]).unwrap().open_sealed("row 1", &sealed).is_err());
        let mut broken = sealed;
        broken.bytes[NONCE_LEN] ^= 1;
        assert!(after.open_sealed("row 1", &broken).is_err());
        broken.bytes.truncate(3);
        assert!(after.open_sealed("row 1", &broken).is_err());
    }

    #[test]
    fn short_default_and_missing_keys_are_refused() {
        let zeros = format!("k {}", "00".repeat(32));
        for lines in [
            &[][..],
            &["k 00"],
            &["k"],
            &[zeros.as_str()],
            &["k zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"],
        ] {
            assert!(vault(lines).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn the_file_is_made_for_its_owner_alone_and_refused_when_others_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/secret.key");

        let sealed = Vault::open(&path).unwrap().seal("x", b"y").unwrap();
        assert_eq!(Vault::open(&path).unwrap().open_sealed("x", &sealed).unwrap(), b"y");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Vault::open(&path).is_err());
    }
}
