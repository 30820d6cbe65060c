//! Passwords and addresses: change, forgotten, reset, verification.
//!
//! A new password ends every session; whoever changed it while signed in gets a fresh one. Whether an address is known is
//! told by neither words nor time: the answer leaves before the account is looked up.

use super::account::Caller;
use super::fields::{Complaints, email as normal_email};
use super::letters::{self, Change};
use super::password;
use super::read::{self, User};
use super::session::{Entry, IdentitySessions, Issued, Known};
use super::store::{self, tickets};
use super::throttle::Counters;
use super::ticket::{Holder, Purpose, void};
use super::view::{NewPassword, PasswordChange};
use crate::platform::problem::{Failure, Refusal};

impl IdentitySessions {
    /// Judges a new password of a known user, with everything the user is called as forbidden words.
    async fn judge(&self, user: &User, new: &str) -> Result<(), Failure> {
        let seats = read::seats_of(self.db(), user.id).await?;
        let companies = seats.iter().filter_map(|s| s.company.as_ref().map(|c| c.0.as_str()));
        let local = user.email.split('@').next().unwrap_or("");
        let context: Vec<&str> = [user.email.as_str(), local, &user.name].into_iter().chain(companies).collect();
        let mut complaints = Complaints::default();
        password::judge(&mut complaints, new, user.second_factor, &context);
        Ok(complaints.judge()?)
    }

    /// Tells the owner what happened to the account. A letter that cannot be queued stops nothing.
    pub(super) async fn tell(&self, user: &User, change: Change) {
        if let Err(fault) = self.inner.mail.post(letters::changed(user, change)).await {
            tracing::warn!(error = %fault, "a notice could not be queued");
        }
    }

    /// Sets a new password for somebody who knows the old one; all sessions end and this browser gets a new one.
    ///
    /// Errors: 422 for a wrong old or a weak new password, 429 after too many tries.
    pub(super) async fn change_password(
        &self,
        known: &Known,
        form: &PasswordChange,
        caller: &Caller,
    ) -> Result<Issued, Failure> {
        let user = self.user(known.user).await?;
        let Some(old) = user.password.clone() else {
            let detail = "A demo user has no password.";
            return Err(Refusal::new(409, "identity.no_password", detail).into());
        };
        self.judge(&user, &form.password).await?;
        self.check_password_at(&user, &form.current_password, caller, "/current_password").await?;
        let new = self.inner.passwords.hash(&form.password).await?;
        if !store::change_password(self.db(), user.id, &old, &new).await? {
            return Err(Refusal::new(409, "conflict", "The password was changed elsewhere just now.").into());
        }
        self.tell(&user, Change::Password).await;
        self.begin_anew(known, caller, known.second_factor).await
    }

    /// Ends all sessions of a user whose stamp just moved and begins a new one for the browser that did it.
    pub(super) async fn begin_anew(
        &self,
        known: &Known,
        caller: &Caller,
        second_factor: bool,
    ) -> Result<Issued, Failure> {
        self.end_sessions(known.user).await?;
        let user = self.user(known.user).await?;
        self.begin(Entry { user: user.id, stamp: user.stamp, seat: known.place(), caller, second_factor }).await
    }

    /// Sends a link for a new password, if the address belongs to somebody.
    ///
    /// Errors: 429 when too many were asked for.
    pub(super) async fn forgotten(&self, email: &str, caller: &Caller) -> Result<(), Failure> {
        let Some(email) = normal_email(email) else { return Ok(()) };
        self.count_mail(&email, caller).await?;
        let Ok(permit) = std::sync::Arc::clone(&self.inner.errands).try_acquire_owned() else {
            return Err(Refusal::new(503, "busy", "Too many people ask for mail.").into());
        };
        let sessions = self.clone();
        tokio::task::spawn(async move {
            if let Err(failure) = sessions.send_reset(&email).await {
                tracing::warn!(error = %failure, "a link for a new password could not be queued");
            }
            drop(permit);
        });
        Ok(())
    }

    async fn count_mail(&self, email: &str, caller: &Caller) -> Result<(), Failure> {
        let counters = Counters::of_mail(email, caller.peer, self.inner.config.demo);
        counters.admit(self.db(), self.now()).await
    }

    async fn send_reset(&self, email: &str) -> Result<(), Failure> {
        let Some(user) = read::user_by_email(self.db(), email).await?.filter(|u| !u.disabled && !u.is_demo()) else {
            return Ok(());
        };
        let holder = Holder { user: Some(user.id), email: user.email.clone(), ..Holder::default() };
        self.issue_ticket(Purpose::ResetPassword, holder, |link| Some(letters::reset_password(&user, link)))
            .await
            .map(|_| ())
    }

    /// Sets a new password for the holder of a link, and answers who that is. It signs nobody in: a second factor is still asked for.
    ///
    /// Errors: 410 for a void link, 422 for a weak password, 429 after too many tries.
    pub(super) async fn reset_password(&self, form: &NewPassword, caller: &Caller) -> Result<u128, Failure> {
        let ticket = self.look_at(Purpose::ResetPassword, &form.token, caller).await?;
        let user = read::user_by_id(self.db(), ticket.holder.user.unwrap_or(0)).await?.ok_or_else(void)?;
        self.judge(&user, &form.password).await?;
        let new = self.inner.passwords.hash(&form.password).await?;
        if !tickets::reset_password(self.db(), &ticket, &new, self.now()).await? {
            return Err(void());
        }
        self.end_sessions(user.id).await?;
        self.counters(Some(&user.email), caller).passed(self.db()).await?;
        self.tell(&user, Change::Password).await;
        Ok(user.id)
    }

    /// Sends the link that verifies the user's address; nothing for one that is verified.
    pub(super) async fn send_verification(&self, user: &User) -> Result<(), Failure> {
        if user.verified {
            return Ok(());
        }
        let holder = Holder { user: Some(user.id), email: user.email.clone(), ..Holder::default() };
        self.issue_ticket(Purpose::VerifyEmail, holder, |link| Some(letters::verify_email(user, link)))
            .await
            .map(|_| ())
    }

    /// The same at the user's wish.
    ///
    /// Errors: 429 when too many were asked for.
    pub(super) async fn ask_verification(&self, known: &Known, caller: &Caller) -> Result<(), Failure> {
        let user = self.user(known.user).await?;
        self.count_mail(&user.email, caller).await?;
        self.send_verification(&user).await
    }

    /// Verifies the address a link was sent to; answers whose it is.
    ///
    /// Errors: 410 for a void link, 429 after too many tries.
    pub(super) async fn verify_email(&self, ticket: &str, caller: &Caller) -> Result<u128, Failure> {
        let ticket = self.look_at(Purpose::VerifyEmail, ticket, caller).await?;
        if !tickets::verify_email(self.db(), &ticket, self.now()).await? {
            return Err(void());
        }
        let user = ticket.holder.user;
        self.forget(|_, row| Some(row.user) == user);
        Ok(user.unwrap_or(0))
    }
}
