//! Passwords: argon2id with m = 46 MiB, t = 1, p = 1, hashed off the async threads, as many at once as there are cores.
//!
//! A password is brought into NFKC first, so that the same characters typed on another keyboard are the same password.
//! An unknown user costs the same hash as a known one, so that time tells nothing. Hashes made with other costs are
//! replaced when their owner signs in.

use super::blocklist::guessable;
use super::fields::Complaints;
use crate::platform::problem::{Failure, Fault, Refusal};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 46 * 1024;
/// Fewest characters of a password that stands alone (NIST SP 800-63B-4, 3.1.1.2).
pub const ALONE_MIN: usize = 15;
/// Fewest characters of a password beside a second factor.
pub const BESIDE_MIN: usize = 8;
/// Most bytes of a password.
const BYTES_MAX: usize = 256;
/// Longest wait for a free core before the caller is told to come back.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// What a comparison showed.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, or none is set.
    Wrong,
    /// The password.
    Right,
    /// The password, with a hash of today's costs to store instead.
    RightWithNewHash(String),
}

/// Hashes and compares. Keeps the number of hashes at once bounded, and with it the memory they take.
pub struct Passwords {
    permits: Arc<Semaphore>,
    dummy: String,
}

fn hasher() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, 1, 1, None).map_err(|e| Fault::new(format!("argon2: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &[u8]) -> Result<String, Fault> {
    let hash: PasswordHash = hasher()?.hash_password(password).map_err(|e| Fault::new(format!("argon2: {e}")))?;
    Ok(hash.to_string())
}

fn compare_now(password: &[u8], stored: &str) -> Result<Verdict, Fault> {
    let hash = PasswordHash::new(stored).map_err(|e| Fault::new(format!("stored password: {e}")))?;
    if hasher()?.verify_password(password, &hash).is_err() {
        return Ok(Verdict::Wrong);
    }
    let today = hash.algorithm.as_str() == "argon2id"
        && Params::try_from(&hash).is_ok_and(|p| (p.m_cost(), p.t_cost(), p.p_cost()) == (MEMORY_KIB, 1, 1));
    if today { Ok(Verdict::Right) } else { hash_now(password).map(Verdict::RightWithNewHash) }
}

impl Passwords {
    /// Makes the hash that unknown users are compared with.
    pub fn start() -> Result<Self, Fault> {
        let mut nothing = [0u8; 32];
        getrandom::fill(&mut nothing).map_err(|e| Fault::new(format!("random source: {e}")))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { permits: Arc::new(Semaphore::new(cores)), dummy: hash_now(&nothing)? })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Failure> {
        let waited = tokio::time::timeout(WAIT_MAX, self.permits.clone().acquire_owned()).await;
        let permit = waited
            .map_err(|_| Refusal::new(503, "busy", "Too many people are signing in."))?
            .map_err(|e| Fault::new(e.to_string()))?;
        let job = tokio::task::spawn_blocking(move || {
            // The permit lives as long as the work, also when the request that asked for it is gone.
            let done = work();
            drop(permit);
            done
        });
        Ok(job.await.map_err(|e| Fault::new(format!("hashing stopped: {e}")))??)
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: &str) -> Result<String, Failure> {
        let password = normal(password);
        self.run(move || hash_now(password.as_bytes())).await
    }

    /// Compares a password with a stored hash; without one it takes as long and says [`Verdict::Wrong`].
    pub async fn compare(&self, password: &str, stored: Option<&str>) -> Result<Verdict, Failure> {
        let known = stored.is_some() && password.len() <= BYTES_MAX;
        let stored = stored.unwrap_or(&self.dummy).to_owned();
        let password = if known { normal(password) } else { String::new() };
        let verdict = self.run(move || compare_now(password.as_bytes(), &stored)).await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }
}

/// The form of a password that is hashed.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Characters a password has, as the rules count them.
pub fn characters(password: &str) -> usize {
    normal(password).chars().count()
}

/// Complains about a new password that is too short, too long or easily guessed; `context` holds the user's own words.
pub fn judge(complaints: &mut Complaints, password: &str, second_factor: bool, context: &[&str]) {
    const POINTER: &str = "/password";
    let least = if second_factor { BESIDE_MIN } else { ALONE_MIN };
    if characters(password) < least {
        let detail = format!("A password has at least {least} characters.");
        return complaints.add(POINTER, "identity.password_short", detail);
    }
    if password.len() > BYTES_MAX {
        return complaints.add(POINTER, "identity.password_long", "A password has at most 256 bytes.");
    }
    if guessable(&normal(password), context) {
        complaints.add(POINTER, "identity.password_common", "This password is easily guessed.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str, second_factor: bool) -> Option<String> {
        let mut complaints = Complaints::default();
        judge(&mut complaints, password, second_factor, &["anna.schmidt@example.com", "Schmidt Bikes GmbH"]);
        complaints.judge().err().and_then(|r| r.errors.into_iter().next()).map(|e| e.code)
    }

    #[tokio::test]
    async fn a_password_matches_its_hash_and_no_other() {
        let passwords = Passwords::start().unwrap();
        let stored = passwords.hash("nine sleepy otters").await.unwrap();

        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{stored}");
        assert_eq!(passwords.compare("nine sleepy otters", Some(&stored)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.compare("nine sleepy otter", Some(&stored)).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.compare("nine sleepy otters", None).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.compare(&"x".repeat(257), Some(&stored)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_other_costs_is_replaced() {
        let passwords = Passwords::start().unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let stored = PasswordHasher::<PasswordHash>::hash_password(&cheap, b"nine sleepy otters").unwrap().to_string();

        let verdict = passwords.compare("nine sleepy otters", Some(&stored)).await.unwrap();

        let Verdict::RightWithNewHash(new) = verdict else { panic!("{verdict:?}") };
        assert_eq!(passwords.compare("nine sleepy otters", Some(&new)).await.unwrap(), Verdict::Right);
    }

    #[tokio::test]
    async fn the_same_characters_are_the_same_password_on_every_keyboard() {
        let passwords = Passwords::start().unwrap();
        let stored = passwords.hash("nine sleepy \u{fc}tters \u{ff19}").await.unwrap();

        assert_eq!(passwords.compare("nine sleepy u\u{308}tters 9", Some(&stored)).await.unwrap(), Verdict::Right);
    }

    #[test]
    fn short_long_and_guessable_passwords_are_refused() {
        for (password, second_factor, code) in [
            ("fourteen chars", false, "identity.password_short"),
            ("ölölölölölölöl", false, "identity.password_short"),
            ("seven77", true, "identity.password_short"),
            ("password12345678", false, "identity.password_common"),
            ("Qwerty2026", true, "identity.password_common"),
            ("123456789012345", false, "identity.password_common"),
            ("abababab", true, "identity.password_common"),
            ("schmidtbikesgmbh1", false, "identity.password_common"),
            ("Anna.Schmidt@Example.com", false, "identity.password_common"),
        ] {
            assert_eq!(refused(password, second_factor).as_deref(), Some(code), "{password}");
        }
        assert_eq!(refused(&"ab1?x".repeat(52), false).as_deref(), Some("identity.password_long"));
        assert_eq!(refused(&"ab1?xyz".repeat(36), false), None);
        assert_eq!(refused("nine sleepy otters", false), None);
        assert_eq!(refused("otterly9", true), None);
    }
}
