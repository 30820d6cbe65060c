//! What a session has shown: a second factor where the role demands one, and a secret not long ago before sensitive steps.
//!
//! Sensitive are releases of large sums, payouts, role grants and invitations. A demo user owns no secret and so needs
//! none; demo mode asks nobody for a second factor.

use super::account::Caller;
use super::password::Verdict;
use super::read::{self, User};
use super::session::store::SessionRow;
use super::session::{IdentitySessions, Known, store, unauthenticated};
use super::view::StepUp;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::Role;
use std::sync::Arc;

/// How long a secret shown counts (AUTH: at most five minutes).
pub const PROOF_LIFE: i64 = 300 * 1_000_000;

/// True for roles that may not act without a second factor outside demo mode.
pub const fn demands_second_factor(role: Role) -> bool {
    role.is_privileged()
}

/// 403: the role demands a second factor that this session has not shown.
pub fn second_factor_needed() -> Failure {
    Refusal::new(403, "identity.second_factor_needed", "This role works only with a second factor.").into()
}

fn wrong(pointer: &str) -> Failure {
    const DETAIL: &str = "This is not the password or code of this account.";
    Refusal::new(422, "identity.proof_wrong", DETAIL).field(pointer, "identity.proof_wrong", DETAIL).into()
}

impl IdentitySessions {
    /// True when a session in this role is stopped until it shows a second factor.
    pub(super) fn lacks_second_factor(&self, role: Role, shown: bool) -> bool {
        demands_second_factor(role) && !shown && !self.inner.config.demo && !sabotage::skips(Guard::SecondFactor)
    }

    /// The user of a session.
    pub(super) async fn user(&self, id: u128) -> Result<User, Failure> {
        Ok(read::user_by_id(self.db(), id).await?.ok_or_else(|| Fault::new("a session without its user"))?)
    }

    /// Whether a secret was shown in the session at most five minutes ago; answers the session's row.
    ///
    /// Errors: 403 with the secrets the user could show.
    pub(super) async fn prove_recent(&self, session: u128, user: u128) -> Result<Arc<SessionRow>, Failure> {
        let now = self.now();
        // The row we remember may be older than a proof given on another node.
        for age_max in [i64::MAX, 0] {
            let row = self.row(session, now, age_max).await?.ok_or_else(unauthenticated)?;
            if (0..=PROOF_LIFE).contains(&(now - row.proved_at)) || sabotage::skips(Guard::StepUp) {
                return Ok(row);
            }
        }
        let user = self.user(user).await?;
        if self.inner.config.demo && user.is_demo() {
            return self.row(session, now, i64::MAX).await?.ok_or_else(unauthenticated);
        }
        let refusal = Refusal::new(403, "identity.step_up_needed", "Show your password or a code first.");
        Err(refusal.with("password", user.password.is_some()).with("code", user.second_factor).into())
    }

    /// The same for steps that touch others' money or rights: outside demo mode they need a verified address too.
    pub(super) async fn prove_verified(&self, session: u128, user: u128) -> Result<(), Failure> {
        let row = self.prove_recent(session, user).await?;
        if row.verified || self.inner.config.demo || sabotage::skips(Guard::VerifiedAddress) {
            return Ok(());
        }
        if self.user(user).await?.verified {
            return Ok(());
        }
        Err(Refusal::new(403, "identity.email_unverified", "Verify your e-mail address first.").into())
    }

    /// Checks the password of a signed-in user on the same counters as sign-in.
    ///
    /// Errors: 422 when it is wrong, 429 after too many tries.
    pub(super) async fn check_password(&self, user: &User, password: &str, caller: &Caller) -> Result<(), Failure> {
        self.check_password_at(user, password, caller, "/password").await
    }

    /// The same, for forms that name the field otherwise.
    pub(super) async fn check_password_at(
        &self,
        user: &User,
        password: &str,
        caller: &Caller,
        pointer: &str,
    ) -> Result<(), Failure> {
        let counters = self.counters(Some(&user.email), caller);
        counters.admit(self.db(), self.now()).await?;
        match self.inner.passwords.compare(password, user.password.as_deref()).await? {
            Verdict::Wrong => Err(wrong(pointer)),
            Verdict::Right | Verdict::RightWithNewHash(_) => counters.passed(self.db()).await,
        }
    }

    /// Notes a secret shown just now in a session; answers until when it counts.
    ///
    /// Errors: 422 when it is wrong, 429 after too many tries.
    pub(super) async fn step_up(&self, known: &Known, form: &StepUp, caller: &Caller) -> Result<i64, Failure> {
        let user = self.user(known.user).await?;
        let second_factor = match (&form.password, &form.code) {
            (Some(password), None) => {
                self.check_password(&user, password, caller).await?;
                false
            }
            (None, Some(code)) => {
                let counters = self.counters(Some(&user.email), caller);
                counters.admit(self.db(), self.now()).await?;
                if !self.code_is_right(&user, code).await? {
                    return Err(wrong("/code"));
                }
                counters.passed(self.db()).await?;
                true
            }
            (Some(_), Some(_)) | (None, None) => {
                return Err(Refusal::invalid("Send a password or a code.").into());
            }
        };
        store::prove(self.db(), known.session, self.now(), second_factor).await?;
        self.forget(|id, _| id == known.session);
        Ok(self.now() + PROOF_LIFE)
    }
}
