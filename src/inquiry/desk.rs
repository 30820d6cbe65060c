//! The desk of a buying company on its way through the door: loaded and saved with every new inquiry.

use crate::platform::engine::Key;
use entrepot_domain::inquiry::{Fingerprint, Words, same_words};
use sha2::{Digest, Sha256};

/// Kind of the aggregate; its identifier is the company's.
pub const DESK: &str = "inquiry_desk";

/// The aggregate key of a company's desk.
pub fn key(company: u128) -> Key {
    Key { kind: DESK, id: company }
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest by which the same words are known again; files stand in where there are no words.
pub fn fingerprint(words: &Words) -> Fingerprint {
    let files: String = words.files.iter().map(ToString::to_string).collect();
    let text = if words.text.trim().is_empty() { files } else { same_words(&words.text) };
    Fingerprint(sha256(text.as_bytes()))
}
