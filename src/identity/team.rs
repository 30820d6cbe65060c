//! Colleagues: invitations by mail, and what follows when a seat changes.
//!
//! An invitation is an offer in the inviter's name: when it is accepted, the seat is granted through the door by the
//! inviter as they stand then, so whoever lost the right to grant offers nothing any more (ACC-6). The seat has the
//! invitation's identifier, so that accepting twice gives one seat.

use super::account::Caller;
use super::fields::{Complaints, NAME_MAX, email as normal_email};
use super::seat::{Seat, grantable};
use super::session::{Entry, IdentitySessions, Issued, Known};
use super::store::invitations::{self, Invitation};
use super::store::tickets;
use super::throttle::Counters;
use super::ticket::{Holder, Purpose, void};
use super::view::{AcceptInvitation, Invite};
use super::{GrantSeat, letters, password, read, store};
use crate::platform::access::Actor;
use crate::platform::engine::{Command, Request};
use crate::platform::problem::{Failure, Refusal};
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::{CompanyId, Role};

/// Open invitations of one company at most.
const OPEN_MAX: i64 = 50;

/// An invitation with the words around it.
pub struct Offer {
    /// The invitation.
    pub invitation: Invitation,
    /// Name of the company, or of the market for its own seats.
    pub place: String,
    /// Name of who invites.
    pub inviter: String,
    /// True when the address has an account already.
    pub known: bool,
}

impl IdentitySessions {
    /// Takes a command that changes somebody's seat through the door, then ends that user's sessions: what they held
    /// until now counts no more.
    pub(super) async fn change_seat(
        &self,
        actor: Actor,
        seat: u128,
        command: impl Command + 'static,
    ) -> Result<String, Failure> {
        let market = actor.market;
        let receipt = self.inner.engine.execute(Request::new(actor, command)).await?;
        if receipt.event_id != 0
            && let Some(user) = read::user_of_seat(self.db(), market, seat).await?
        {
            self.revoke_user(user).await?;
        }
        Ok(receipt.body)
    }

    async fn place(&self, market: u128, company: Option<u128>) -> Result<String, Failure> {
        Ok(match company {
            Some(company) => read::company(self.db(), market, company).await?.map(|(_, c)| c.name).unwrap_or_default(),
            None => self.inner.engine.market(market).await?.name.clone(),
        })
    }

    /// Offers a seat to an address.
    ///
    /// Errors: 403 for a role above the inviter's own, 409 for a member, 422 for no address, 429 after too many.
    pub(super) async fn invite(&self, actor: &Actor, form: &Invite, caller: &Caller) -> Result<Invitation, Failure> {
        let email = normal_email(&form.email).ok_or_else(|| {
            let detail = "This is no e-mail address.";
            Refusal::invalid("Some fields need another value.").field("/email", "identity.email_malformed", detail)
        })?;
        let role = Role::parse(&form.role)
            .ok_or_else(|| Refusal::invalid("There is no such role.").field("/role", "malformed", "not a role"))?;
        grantable(actor.role, role, actor.company.map(CompanyId))?;
        let members = read::people::members(self.db(), actor.market, actor.company).await?;
        if members.iter().any(|m| m.email == email) {
            return Err(Refusal::new(409, "identity.already_member", "This person has a seat here already.").into());
        }
        let now = self.now();
        let open = invitations::open(self.db(), actor.market, actor.company, now, OPEN_MAX).await?;
        if i64::try_from(open.len()).unwrap_or(OPEN_MAX) >= OPEN_MAX {
            return Err(Refusal::new(409, "identity.too_many_invitations", "Too many invitations are open.").into());
        }
        Counters::of_mail(&email, caller.peer, self.inner.config.demo).admit(self.db(), now).await?;
        let invitation = Invitation {
            market: actor.market,
            id: self.inner.engine.ids().next(),
            company: actor.company,
            email,
            role,
            inviter: actor.user,
            created_at: now,
            expires_at: now + Purpose::Invitation.life(),
        };
        invitations::add(self.db(), &invitation).await?;
        self.send_invitation(&invitation).await?;
        Ok(invitation)
    }

    async fn send_invitation(&self, invitation: &Invitation) -> Result<(), Failure> {
        let place = self.place(invitation.market, invitation.company).await?;
        let inviter = self.user(invitation.inviter).await?.name;
        let (email, market) = (invitation.email.clone(), invitation.market);
        let holder = Holder { user: None, market: Some(market), subject: Some(invitation.id), email: email.clone() };
        let letter = |link: &str| Some(letters::invitation(&email, market, &inviter, &place, link));
        self.issue_ticket(Purpose::Invitation, holder, letter).await.map(|_| ())
    }

    /// The open invitations of the actor's company, or of the market itself.
    pub(super) async fn invitations(&self, actor: &Actor) -> Result<Vec<Invitation>, Failure> {
        Ok(invitations::open(self.db(), actor.market, actor.company, self.now(), OPEN_MAX).await?)
    }

    /// Withdraws an open invitation of the actor's company.
    ///
    /// Errors: 404 when there is none.
    pub(super) async fn withdraw_invitation(&self, actor: &Actor, id: u128) -> Result<(), Failure> {
        let found = invitations::find(self.db(), actor.market, id, self.now()).await?;
        let own = |i: &Invitation| i.company == actor.company || sabotage::skips(Guard::InvitationCompany);
        found.filter(own).ok_or_else(Refusal::not_found)?;
        invitations::close(self.db(), actor.market, id, self.now(), false).await?;
        Ok(tickets::void_subject(self.db(), id).await?)
    }

    /// What a link offers.
    ///
    /// Errors: 410 for a void link, 429 after too many tries.
    pub(super) async fn offer(&self, ticket: &str, caller: &Caller) -> Result<(Offer, Vec<u8>), Failure> {
        let row = self.look_at(Purpose::Invitation, ticket, caller).await?;
        let (market, id) = row.holder.market.zip(row.holder.subject).ok_or_else(void)?;
        let invitation = invitations::find(self.db(), market, id, self.now()).await?.ok_or_else(void)?;
        let offer = Offer {
            place: self.place(market, invitation.company).await?,
            inviter: self.user(invitation.inviter).await?.name,
            known: read::user_by_email(self.db(), &invitation.email).await?.is_some(),
            invitation,
        };
        Ok((offer, row.hash))
    }

    /// The inviter as they stand now, if they may still grant this seat.
    async fn granter(&self, invitation: &Invitation) -> Result<Actor, Failure> {
        let inviter = self.user(invitation.inviter).await?;
        let seats = read::seats_of(self.db(), inviter.id).await?;
        let entitled = |seat: &Seat| match seat.role {
            Role::Admin => true,
            Role::Owner => invitation.company.is_some() && seat.company.map(|c| c.0) == invitation.company,
            Role::Trader
            | Role::Finance
            | Role::Viewer
            | Role::Support
            | Role::CreditAdmin
            | Role::Teacher
            | Role::Carrier
            | Role::System => false,
        };
        let found = seats.iter().find(|s| s.market == invitation.market && entitled(&s.seat));
        let seat = found.filter(|_| !inviter.disabled).ok_or_else(void)?;
        let company = seat.seat.company.map(|c| c.0);
        Ok(Actor { market: seat.market, user: inviter.id, session: 0, company, role: seat.seat.role })
    }

    /// Takes the offered seat: as the signed-in user of the address, or as a new user.
    ///
    /// Errors: 409 when somebody else is signed in or the address has an account, 410 for a void link, 422 for a weak
    /// password.
    pub(super) async fn accept(
        &self,
        form: &AcceptInvitation,
        known: Option<Known>,
        caller: &Caller,
    ) -> Result<Issued, Failure> {
        let (offer, ticket) = self.offer(&form.token, caller).await?;
        let invitation = &offer.invitation;
        let granter = self.granter(invitation).await?;
        let known = self.is_for(&offer, known).await?;
        let new_password = match &known {
            Some(_) => None,
            None => Some(self.judge_newcomer(form, &offer).await?),
        };
        let now = self.now();
        if !tickets::take(self.db(), Purpose::Invitation, &ticket, now).await?
            || !invitations::close(self.db(), invitation.market, invitation.id, now, true).await?
        {
            return Err(void());
        }
        let done = self.take_seat(invitation, granter, &known, form, new_password).await;
        if done.is_err() {
            invitations::reopen(self.db(), invitation.market, invitation.id).await?;
            tickets::give_back(self.db(), &ticket).await?;
        }
        let user = done?;
        match known {
            Some(known) => self.sit(&known, invitation.id).await,
            None => self.begin(Entry::first(user, Some((invitation.market, invitation.id)), caller)).await,
        }
    }

    /// The session, if it is of the invited user.
    async fn is_for(&self, offer: &Offer, known: Option<Known>) -> Result<Option<Known>, Failure> {
        let refuse = |code, detail| Err(Refusal::new(409, code, detail).with("email", &offer.invitation.email).into());
        match known {
            Some(known) if self.user(known.user).await?.email == offer.invitation.email => Ok(Some(known)),
            Some(_) => refuse("identity.invited_other", "The invitation is for another address than yours."),
            None if offer.known => refuse("identity.sign_in_first", "This address has an account: sign in to accept."),
            None => Ok(None),
        }
    }

    async fn judge_newcomer(&self, form: &AcceptInvitation, offer: &Offer) -> Result<String, Failure> {
        let (name, password) = (form.name.as_deref().unwrap_or(""), form.password.as_ref().map_or("", |p| p.as_str()));
        let email = &offer.invitation.email;
        let mut complaints = Complaints::default();
        complaints.text("/name", name, 1, NAME_MAX);
        let local = email.split('@').next().unwrap_or("");
        password::judge(&mut complaints, password, false, &[email, local, name, &offer.place]);
        complaints.judge()?;
        self.inner.passwords.hash(password).await
    }

    /// Makes the user if need be and grants the seat; answers the user.
    async fn take_seat(
        &self,
        invitation: &Invitation,
        granter: Actor,
        known: &Option<Known>,
        form: &AcceptInvitation,
        password: Option<String>,
    ) -> Result<u128, Failure> {
        let user = match known {
            Some(known) => known.user,
            None => {
                let id = uuid::Uuid::new_v4().as_u128();
                let name = form.name.as_deref().unwrap_or("").trim();
                let added =
                    store::add_user(self.db(), id, &invitation.email, name, password.as_deref(), self.now()).await?;
                if !added {
                    return Err(Refusal::new(409, "conflict", "The address signed up just now.").into());
                }
                id
            }
        };
        let (id, company, role) = (invitation.id, invitation.company, invitation.role);
        let granted = self.inner.engine.execute(Request::new(granter, GrantSeat { id, user, company, role })).await;
        if granted.is_err() && known.is_none() {
            store::remove_user(self.db(), user).await?;
        }
        granted?;
        // The link reached the address, so it is verified.
        store::verify(self.db(), user, self.now()).await?;
        Ok(user)
    }
}
