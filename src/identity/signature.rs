//! The installation's signature on what leaves it: exported chain heads, manifests of backups.
//!
//! Ed25519 with the newest of the keys that access tokens are signed with; the purpose is part of what is signed, so that
//! neither can be taken for the other.

use super::session::store;
use super::token::KeyPair;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::vault::{hex, unhex};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

/// A signature with the name of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Name of the key in the installation's table.
    pub key: String,
    /// 64 bytes in hexadecimal.
    pub signature: String,
}

fn signed(purpose: &str, bytes: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), b"\n", bytes].concat()
}

/// Signs for a purpose.
///
/// Errors: an installation that has never been served has no key yet.
pub async fn sign(db: &Database, purpose: &str, bytes: &[u8]) -> Result<Signature, Fault> {
    let keys = store::signing_keys(db).await?;
    let Some(KeyPair { id, secret, .. }) = keys.last() else {
        return Err(Fault::new("the installation has no signing key yet; start `entrepot serve` once"));
    };
    let pair =
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(secret).map_err(|_| Fault::new("a signing key is damaged"))?;
    Ok(Signature { key: id.clone(), signature: hex(pair.sign(&signed(purpose, bytes)).as_ref()) })
}

/// True when the signature is of a key in this database.
pub async fn is_signed(db: &Database, purpose: &str, bytes: &[u8], by: &Signature) -> Result<bool, Fault> {
    let keys = store::signing_keys(db).await?;
    let Some(pair) = keys.iter().find(|pair| pair.id == by.key) else { return Ok(false) };
    let Some(signature) = unhex(&by.signature) else { return Ok(false) };
    Ok(UnparsedPublicKey::new(&ED25519, &pair.public).verify(&signed(purpose, bytes), &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_signature_holds_for_its_words_its_purpose_and_its_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}", folder.path().join("t.db").display())).await.unwrap();
        assert!(sign(&db, "a", b"words").await.unwrap_err().to_string().contains("no signing key yet"));
        store::add_signing_key(&db, &KeyPair::generate("k1").unwrap(), 1).await.unwrap();

        let by = sign(&db, "a", b"words").await.unwrap();

        assert!(is_signed(&db, "a", b"words", &by).await.unwrap());
        assert!(!is_signed(&db, "a", b"other words", &by).await.unwrap());
        assert!(!is_signed(&db, "b", b"words", &by).await.unwrap());
        for (key, signature) in [("k2", by.signature.as_str()), ("k1", "00"), ("k1", "no hexadecimal")] {
            let forged = Signature { key: key.to_owned(), signature: signature.to_owned() };
            assert!(!is_signed(&db, "a", b"words", &forged).await.unwrap());
        }
    }
}
