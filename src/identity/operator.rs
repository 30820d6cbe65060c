//! What those who run the installation do with accounts: the first admin, and closing and opening accounts.
//!
//! There is no default account. A server without an admin prints a link that makes one, once, within an hour. An admin
//! closes accounts of their own market only: who also sits in another market loses seats here, not the account.

use super::account::Caller;
use super::fields::{Complaints, NAME_MAX, email as normal_email};
use super::happening;
use super::session::{Entry, IdentitySessions, Issued};
use super::store::{self, tickets};
use super::ticket::{Holder, Purpose, void};
use super::view::FirstAdmin;
use super::{GrantSeat, password, read};
use crate::market::OpenMarket;
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::sabotage::{self, Guard};
use crate::platform::security::{self, Outcome};
use entrepot_domain::kernel::{MarketTime, Role};
use entrepot_domain::market::Era;

impl IdentitySessions {
    /// A link that makes the first admin, unless there is one or this is a demo.
    pub async fn offer_first_admin(&self) -> Result<Option<String>, Failure> {
        if self.inner.config.demo || read::people::an_admin_exists(self.db()).await? {
            return Ok(None);
        }
        self.issue_ticket(Purpose::FirstAdmin, Holder::default(), |_| None).await.map(Some)
    }

    /// Makes the first admin, and the first market if there is none.
    ///
    /// Errors: 410 for a void link, 409 for a known address, 422 for a wrong form, 429 after too many tries.
    pub(super) async fn first_admin(&self, form: &FirstAdmin, caller: &Caller) -> Result<Issued, Failure> {
        let ticket = self.look_at(Purpose::FirstAdmin, &form.token, caller).await?;
        let there = read::first_market(self.db()).await?;
        let email = form.check(there.is_none())?;
        let hash = self.inner.passwords.hash(&form.password).await?;
        if !tickets::take(self.db(), Purpose::FirstAdmin, &ticket.hash, self.now()).await? {
            return Err(void());
        }
        let made = self.make_admin(form, &email, &hash, there).await;
        if made.is_err() {
            tickets::give_back(self.db(), &ticket.hash).await?;
        }
        let (user, seat) = made?;
        self.begin(Entry::first(user, Some(seat), caller)).await
    }

    async fn make_admin(
        &self,
        form: &FirstAdmin,
        email: &str,
        hash: &str,
        there: Option<u128>,
    ) -> Result<(u128, (u128, u128)), Failure> {
        let user = uuid::Uuid::new_v4().as_u128();
        if !store::add_user(self.db(), user, email, form.name.trim(), Some(hash), self.now()).await? {
            return Err(super::account::email_taken());
        }
        let (engine, seat) = (&self.inner.engine, self.inner.engine.ids().next());
        let market = there.unwrap_or_else(|| engine.ids().next());
        let done = async {
            if there.is_none() {
                let name = form.market.as_deref().unwrap_or("").trim().to_owned();
                let open = OpenMarket::new(market, &name, Era::Transaction, self.now(), MarketTime(self.now()));
                engine.execute(Request::new(Actor::system(market), open)).await?;
            }
            let grant = GrantSeat { id: seat, user, company: None, role: Role::Admin };
            engine.execute(Request::new(Actor::system(market), grant)).await
        };
        if let Err(failure) = done.await {
            store::remove_user(self.db(), user).await?;
            return Err(failure);
        }
        // Who can read the server's output owns the installation; nobody is there to doubt the address.
        store::verify(self.db(), user, self.now()).await?;
        Ok((user, (market, seat)))
    }

    /// Closes or opens the account of a user of the actor's market; closing ends every session.
    ///
    /// Errors: 404 for nobody of this market, 409 for oneself or somebody who also sits in another market.
    pub(super) async fn set_disabled(&self, actor: &Actor, user: u128, disabled: bool) -> Result<(), Failure> {
        let (here, elsewhere) = read::people::seats_here_and_elsewhere(self.db(), user, actor.market).await?;
        if here == 0 && !sabotage::skips(Guard::PersonMarket) {
            return Err(Refusal::not_found().into());
        }
        if user == actor.user {
            return Err(Refusal::new(409, "identity.own_seat", "You cannot close your own account.").into());
        }
        if elsewhere > 0 {
            const DETAIL: &str = "This person also sits in another market.";
            return Err(Refusal::new(409, "identity.user_elsewhere", DETAIL).into());
        }
        store::set_disabled(self.db(), user, disabled).await?;
        let event = if disabled { happening::ACCOUNT_CLOSED } else { happening::ACCOUNT_OPENED };
        security::note(event, Outcome::Succeeded, actor.user, &format!("{user:032x}"));
        self.end_sessions(user).await
    }
}

impl FirstAdmin {
    /// Checks the form; gives the e-mail in its stored form.
    fn check(&self, without_market: bool) -> Result<String, Refusal> {
        let mut complaints = Complaints::default();
        complaints.text("/name", &self.name, 1, NAME_MAX);
        if without_market {
            complaints.text("/market", self.market.as_deref().unwrap_or(""), 1, NAME_MAX);
        }
        let email = normal_email(&self.email).unwrap_or_default();
        if email.is_empty() {
            complaints.add("/email", "identity.email_malformed", "This is no e-mail address.");
        }
        let local = email.split('@').next().unwrap_or("");
        password::judge(&mut complaints, &self.password, false, &[&email, local, &self.name]);
        complaints.judge()?;
        Ok(email)
    }
}
