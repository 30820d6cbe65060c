//! The flows people see: sign up, sign in, refresh, leave.

use super::company::OpenCompany;
use super::fields::{Complaints, NAME_MAX, email as normal_email};
use super::password::{self, Verdict};
use super::session::{Entry, IdentitySessions, Issued, first_seat, unauthenticated};
use super::throttle::Counters;
use super::view::{Me, SecurityView, SignIn, SignUp};
use super::{read, store};
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::live;
use crate::platform::problem::{Failure, Refusal};
use std::net::IpAddr;

/// How long a sign-up may take before its e-mail is free again if it was cut off.
const SIGN_UP_MAX: i64 = 60_000_000;

/// Where a request came from.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Its address.
    pub peer: Option<IpAddr>,
    /// Its name.
    pub agent: String,
}

fn wrong() -> Failure {
    Refusal::new(401, "identity.sign_in_failed", "E-mail or password is wrong.").into()
}

pub(super) fn email_taken() -> Failure {
    const DETAIL: &str = "Somebody signed up with this e-mail already.";
    Refusal::new(409, "identity.email_taken", DETAIL).field("/email", "identity.email_taken", DETAIL).into()
}

impl SignUp {
    /// Checks the user's part of the form (the company checks its own); gives the e-mail in its stored form.
    fn check(&self) -> Result<String, Refusal> {
        let mut complaints = Complaints::default();
        complaints.text("/name", &self.name, 1, NAME_MAX);
        let email = normal_email(&self.email).unwrap_or_default();
        if email.is_empty() {
            complaints.add("/email", "identity.email_malformed", "This is no e-mail address.");
        }
        let local = email.split('@').next().unwrap_or("");
        password::judge(&mut complaints, &self.password, false, &[&email, local, &self.name, &self.company.name]);
        complaints.judge()?;
        Ok(email)
    }

    fn open(&self, id: u128, owner: (u128, u128)) -> OpenCompany {
        let company = &self.company;
        OpenCompany {
            id,
            name: company.name.clone(),
            name_zh: None,
            country: company.country.clone(),
            registration_number: company.registration_number.clone(),
            city: String::new(),
            founded: None,
            about: String::new(),
            buys: company.buys,
            sells: company.sells,
            owner: Some(owner),
        }
    }
}

impl IdentitySessions {
    pub(super) fn counters(&self, email: Option<&str>, caller: &Caller) -> Counters {
        Counters::of(email, caller.peer, self.inner.config.demo)
    }

    /// Makes a user, a company and its owner's seat in the first market, and signs the user in.
    pub(super) async fn sign_up(&self, form: &SignUp, caller: &Caller) -> Result<Issued, Failure> {
        let email = form.check()?;
        let counters = self.counters(Some(&email), caller);
        counters.admit(self.db(), self.now()).await?;
        let market = read::first_market(self.db()).await?;
        let market =
            market.ok_or_else(|| Refusal::new(409, "identity.no_market", "There is no market to sign up to."))?;
        let hash = self.inner.passwords.hash(&form.password).await?;
        store::release_email(self.db(), &email, self.now() - SIGN_UP_MAX).await?;
        let ids = self.inner.engine.ids();
        let (user, company, seat) = (uuid::Uuid::new_v4().as_u128(), ids.next(), ids.next());
        if !store::add_user(self.db(), user, &email, form.name.trim(), Some(&hash), self.now()).await? {
            return Err(email_taken());
        }
        let request = Request::new(Actor::system(market), form.open(company, (seat, user)));
        if let Err(failure) = self.inner.engine.execute(request).await {
            // With a seat the deletion does nothing: the door answered with a fault although it had written.
            store::remove_user(self.db(), user).await?;
            return Err(failure);
        }
        counters.passed(self.db()).await?;
        let issued = self.begin(Entry::first(user, Some((market, seat)), caller)).await?;
        self.send_verification(&self.user(user).await?).await?;
        Ok(issued)
    }

    /// Signs a user in with e-mail and password.
    pub(super) async fn sign_in(&self, form: &SignIn, caller: &Caller) -> Result<Issued, Failure> {
        // Any text counts against an account of that name, so that nothing tells which accounts exist.
        let email = normal_email(&form.email).unwrap_or_else(|| form.email.clone());
        let counters = self.counters(Some(&email), caller);
        counters.admit(self.db(), self.now()).await?;
        let user = read::user_by_email(self.db(), &email).await?.filter(|u| !u.disabled);
        let stored = user.as_ref().and_then(|u| u.password.as_deref());
        let verdict = self.inner.passwords.compare(&form.password, stored).await?;
        let user = user.ok_or_else(wrong)?;
        match verdict {
            Verdict::Wrong => return Err(wrong()),
            Verdict::Right => {}
            Verdict::RightWithNewHash(new) => {
                store::rehash(self.db(), user.id, user.password.as_deref().unwrap_or(""), &new).await?;
            }
        }
        if user.second_factor {
            let code = form.code.as_deref().filter(|c| !c.trim().is_empty());
            let code = code.ok_or_else(|| Refusal::new(401, "identity.code_needed", "Add a code of your app."))?;
            if !self.code_is_right(&user, code).await? {
                return Err(Refusal::new(401, "identity.code_wrong", "This code is wrong, used, or too old.").into());
            }
        }
        counters.passed(self.db()).await?;
        self.enter(&user, caller).await
    }

    /// Begins a session in the user's first seat; whoever has a second factor has shown it by now.
    pub(super) async fn enter(&self, user: &read::User, caller: &Caller) -> Result<Issued, Failure> {
        let seats = read::seats_of(self.db(), user.id).await?;
        let (seat, second_factor) = (first_seat(&seats), user.second_factor);
        self.begin(Entry { user: user.id, stamp: user.stamp, seat, caller, second_factor }).await
    }

    /// Exchanges a refresh token; a failure counts against the caller's network.
    pub(super) async fn refresh(&self, token: Option<&str>, caller: &Caller) -> Result<Issued, Failure> {
        let token = token.ok_or_else(unauthenticated)?;
        let counters = self.counters(None, caller);
        counters.check(self.db(), self.now()).await?;
        let rotated = self.rotate(token, &caller.agent).await;
        if matches!(&rotated, Err(Failure::Refused(refusal)) if refusal.status == 401) {
            counters.admit(self.db(), self.now()).await?;
        }
        rotated
    }

    /// Ends the session of the access token, or else that of the refresh token; without either nothing happens.
    pub(super) async fn sign_out(&self, access: Option<&str>, refresh: Option<&str>) -> Result<(), Failure> {
        if let Ok(known) = self.identify(access).await {
            self.revoke(known.session).await?;
        }
        match refresh {
            Some(token) => self.give_up(token).await,
            None => Ok(()),
        }
    }

    /// Who is signed in, in the words of the answer.
    pub(super) async fn me(&self, user: u128, seat: Option<(u128, u128)>, second_factor: bool) -> Result<Me, Failure> {
        // First of all: whatever is read after this is at least as new.
        let live_from = match seat {
            Some((market, _)) => live::newest(self.db(), market).await?,
            None => 0,
        };
        let found = self.user(user).await?;
        let seats = read::seats_of(self.db(), user).await?;
        let role = seats.iter().find(|s| seat == Some((s.market, s.id))).map(|s| s.seat.role);
        let security = SecurityView {
            email_verified: found.verified,
            password: found.password.is_some(),
            second_factor: found.second_factor,
            second_factor_needed: role.is_some_and(|role| self.lacks_second_factor(role, second_factor)),
            recovery_codes_left: store::factors::codes_left(self.db(), user).await?,
        };
        Ok(Me::of(&found, &seats, seat, self.inner.config.demo, security, live_from))
    }
}
