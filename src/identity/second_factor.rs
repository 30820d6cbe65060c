//! The second factor: enrolment, codes at sign-in, recovery codes.
//!
//! A seed is drawn, encrypted, and counts from its first right code on; until then the old one stands, so a half-made
//! change locks nobody out. Every code works once. Ten recovery codes are shown once and kept as hashes. Each change
//! moves the security stamp: all other sessions end.

use super::account::Caller;
use super::happening;
use super::letters::Change;
use super::password::{ALONE_MIN, characters};
use super::proof::demands_second_factor;
use super::read::{self, User};
use super::session::{IdentitySessions, Issued, Known};
use super::store::factors;
use super::totp::{self, SEED_BYTES};
use crate::platform::problem::{Failure, Refusal};
use crate::platform::security::{self, Outcome};
use crate::platform::vault::draw;
use sha2::{Digest, Sha256};

/// Recovery codes a user gets.
const CODES: usize = 10;
/// Bytes of a recovery code: 80 bits, sixteen letters.
const CODE_BYTES: usize = 10;
/// How long a drawn seed waits for its first code.
const WAITS: i64 = 3_600 * 1_000_000;
const ISSUER: &str = "Entrepot";

/// A seed for the authenticator app.
pub struct Enrolment {
    /// The seed in base 32, for typing.
    pub secret: String,
    /// The same as a link that apps read, for the picture.
    pub uri: String,
}

fn place(user: u128) -> String {
    format!("second factor {user:032x}")
}

/// The form of a recovery code that is hashed: letters and digits alone.
fn code_hash(code: &str) -> Vec<u8> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Sha256::digest(plain.as_bytes()).to_vec()
}

/// Draws recovery codes: what the user sees, and what is stored.
fn draw_codes() -> Result<(Vec<String>, Vec<Vec<u8>>), Failure> {
    let mut shown = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let letters = totp::base32(&draw::<CODE_BYTES>()?);
        let groups: Vec<&str> = (0..letters.len()).step_by(4).filter_map(|at| letters.get(at..at + 4)).collect();
        shown.push(groups.join("-"));
    }
    let hashes = shown.iter().map(|code| code_hash(code)).collect();
    Ok((shown, hashes))
}

fn wrong() -> Failure {
    const DETAIL: &str = "This code is wrong, used, or too old.";
    Refusal::new(422, "identity.proof_wrong", DETAIL).field("/code", "identity.proof_wrong", DETAIL).into()
}

fn none() -> Failure {
    Refusal::new(409, "identity.no_second_factor", "There is no second factor to change.").into()
}

impl IdentitySessions {
    /// Whether a code is one the user may show now; it is used up by the question.
    pub(super) async fn code_is_right(&self, user: &User, code: &str) -> Result<bool, Failure> {
        let code = code.trim();
        if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
            let Some(seed) = factors::seed(self.db(), user.id, true).await? else { return Ok(false) };
            let plain = self.inner.vault.open_sealed(&place(user.id), &seed.sealed)?;
            return match totp::step_of(&plain, code, self.now(), seed.last_step) {
                Some(step) => Ok(factors::use_step(self.db(), user.id, step).await?),
                None => Ok(false),
            };
        }
        let used = factors::use_code(self.db(), user.id, &code_hash(code), self.now()).await?;
        if used {
            security::note(happening::RECOVERY_CODE, Outcome::Succeeded, user.id, "");
            self.tell(user, Change::RecoveryUsed).await;
        }
        Ok(used)
    }

    /// Draws a seed that waits for its first code; a confirmed one stays in force until then.
    ///
    /// Errors: 403 unless a secret was shown a short while ago; 409 for demo users.
    pub(super) async fn enrol(&self, known: &Known) -> Result<Enrolment, Failure> {
        self.prove_recent(known.session, known.user).await?;
        let user = self.user(known.user).await?;
        if user.is_demo() {
            return Err(Refusal::new(409, "identity.no_password", "A demo user has no secrets.").into());
        }
        let seed = draw::<SEED_BYTES>()?;
        factors::propose(self.db(), user.id, &self.inner.vault.seal(&place(user.id), &seed)?, self.now()).await?;
        let secret = totp::base32(&seed);
        let account = user.email.replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace('&', "%26");
        let uri = format!(
            "otpauth://totp/{ISSUER}:{account}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30"
        );
        Ok(Enrolment { secret, uri })
    }

    /// Confirms the waiting seed with its first code. Answers the recovery codes; all sessions end but a new one here.
    ///
    /// Errors: 409 without a waiting seed, 422 for a wrong code, 429 after too many tries.
    pub(super) async fn confirm_second_factor(
        &self,
        known: &Known,
        code: &str,
        caller: &Caller,
    ) -> Result<(Vec<String>, Issued), Failure> {
        self.prove_recent(known.session, known.user).await?;
        let user = self.user(known.user).await?;
        let seed = factors::seed(self.db(), user.id, false).await?.filter(|s| self.now() - s.created_at < WAITS);
        let seed = seed.ok_or_else(none)?;
        let counters = self.counters(Some(&user.email), caller);
        counters.admit(self.db(), self.now()).await?;
        let plain = self.inner.vault.open_sealed(&place(user.id), &seed.sealed)?;
        let step = totp::step_of(&plain, code.trim(), self.now(), 0).ok_or_else(wrong)?;
        counters.passed(self.db()).await?;
        let (shown, hashes) = draw_codes()?;
        if !factors::confirm(self.db(), user.id, &seed.sealed, step, &hashes).await? {
            return Err(none());
        }
        self.tell(&user, Change::FactorOn).await;
        Ok((shown, self.begin_anew(known, caller, true).await?))
    }

    /// Draws new recovery codes; the old ones are void.
    ///
    /// Errors: 403 unless a secret was shown a short while ago, 409 without a second factor.
    pub(super) async fn renew_codes(&self, known: &Known) -> Result<Vec<String>, Failure> {
        self.prove_recent(known.session, known.user).await?;
        let user = self.user(known.user).await?;
        if !user.second_factor {
            return Err(none());
        }
        let (shown, hashes) = draw_codes()?;
        factors::replace_codes(self.db(), user.id, &hashes).await?;
        self.tell(&user, Change::RecoveryRenewed).await;
        Ok(shown)
    }

    /// Turns the second factor off. The password must be long enough to stand alone from then on.
    ///
    /// Errors: 409 where a role demands the second factor, 422 for a wrong or short password.
    pub(super) async fn turn_off_second_factor(
        &self,
        known: &Known,
        password: &str,
        caller: &Caller,
    ) -> Result<Issued, Failure> {
        self.prove_recent(known.session, known.user).await?;
        let user = self.user(known.user).await?;
        if !user.second_factor {
            return Err(none());
        }
        let seats = read::seats_of(self.db(), user.id).await?;
        if !self.inner.config.demo && seats.iter().any(|s| demands_second_factor(s.seat.role)) {
            const DETAIL: &str = "One of your roles works only with a second factor.";
            return Err(Refusal::new(409, "identity.second_factor_mandatory", DETAIL).into());
        }
        self.check_password(&user, password, caller).await?;
        if characters(password) < ALONE_MIN {
            let detail = format!("Without a second factor a password has at least {ALONE_MIN} characters.");
            return Err(Refusal::invalid("Set a longer password first.")
                .field("/password", "identity.password_short", detail)
                .into());
        }
        factors::remove(self.db(), user.id).await?;
        self.tell(&user, Change::FactorOff).await;
        self.begin_anew(known, caller, false).await
    }
}
