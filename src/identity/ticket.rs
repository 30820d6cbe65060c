//! Tickets: secrets that travel by mail or are printed once, each good for one purpose, once, for a while.
//!
//! The database holds a hash that covers the purpose, so a ticket for one purpose is unknown to every other (G26). A
//! ticket has 256 random bits; who guesses is counted against the network it comes from.

use super::account::Caller;
use super::session::IdentitySessions;
use super::store::tickets::{self, NewTicket, TicketRow};
use crate::platform::mail::Letter;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::vault::{draw, hex};
use sha2::{Digest, Sha256};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
/// Characters of a ticket.
const LENGTH: usize = 64;

/// What a ticket is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Shows that an e-mail address belongs to its user.
    VerifyEmail,
    /// Sets a new password without the old one.
    ResetPassword,
    /// Takes a seat that was offered by mail.
    Invitation,
    /// Makes the installation's first admin.
    FirstAdmin,
}

impl Purpose {
    /// Name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
            Self::FirstAdmin => "first_admin",
        }
    }

    /// How long such a ticket lives.
    pub const fn life(self) -> i64 {
        match self {
            Self::VerifyEmail => 72 * HOUR,
            Self::ResetPassword => HOUR / 2,
            Self::Invitation => 7 * 24 * HOUR,
            Self::FirstAdmin => HOUR,
        }
    }

    /// The page that takes it; the ticket stands behind `#`, which browsers send to nobody.
    pub const fn page(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
            Self::Invitation => "invitation",
            Self::FirstAdmin => "first-admin",
        }
    }

    /// What the database knows of a ticket; `None` when it cannot be one.
    pub fn hash(self, ticket: &str) -> Option<Vec<u8>> {
        let well_formed = ticket.len() == LENGTH && ticket.bytes().all(|b| b.is_ascii_hexdigit());
        let digest = || Sha256::new().chain_update(self.name()).chain_update([0]).chain_update(ticket).finalize();
        well_formed.then(|| digest().to_vec())
    }
}

/// Whom a ticket is for.
#[derive(Debug, Clone, Default)]
pub struct Holder {
    /// The user, if there is one yet.
    pub user: Option<u128>,
    /// The market, for invitations.
    pub market: Option<u128>,
    /// The invitation.
    pub subject: Option<u128>,
    /// The address it is sent to.
    pub email: String,
}

/// 410: unknown, used, run out, or meant for something else; the four are one answer.
pub fn void() -> Failure {
    Refusal::new(410, "identity.ticket_void", "This link is not valid any more.").into()
}

impl IdentitySessions {
    /// Draws a ticket and stores it, with the letter that carries it if there is one; earlier ones of the same holder and
    /// purpose are void. Answers the link.
    pub(super) async fn issue_ticket(
        &self,
        purpose: Purpose,
        holder: Holder,
        letter: impl FnOnce(&str) -> Option<Letter>,
    ) -> Result<String, Failure> {
        let ticket = hex(&draw::<{ LENGTH / 2 }>()?);
        let link = format!("{}/{}#{ticket}", self.inner.config.public_url(), purpose.page());
        let queued = letter(&link).map(|l| self.inner.mail.seal(l)).transpose()?;
        let hash = purpose.hash(&ticket).ok_or_else(|| Fault::new("a ticket of the wrong form"))?;
        let now = self.now();
        let new = NewTicket { hash, purpose, holder, now, expires_at: now + purpose.life() };
        tickets::issue(self.db(), &new, queued.as_ref()).await?;
        Ok(link)
    }

    /// Looks a ticket up without using it. A failure counts against the caller's network.
    ///
    /// Errors: 410 when it is not valid (any more), 429 after too many tries.
    pub(super) async fn look_at(&self, purpose: Purpose, ticket: &str, caller: &Caller) -> Result<TicketRow, Failure> {
        let counters = self.counters(None, caller);
        counters.check(self.db(), self.now()).await?;
        let found = match purpose.hash(ticket) {
            Some(hash) => tickets::look(self.db(), purpose, &hash, self.now()).await?,
            None => None,
        };
        if found.is_none() {
            counters.admit(self.db(), self.now()).await?;
        }
        found.ok_or_else(void)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_of_one_purpose_is_unknown_to_every_other() {
        let ticket = "ab".repeat(32);
        let all = [Purpose::VerifyEmail, Purpose::ResetPassword, Purpose::Invitation, Purpose::FirstAdmin];

        let mut hashes: Vec<_> = all.iter().map(|p| p.hash(&ticket)).collect();
        hashes.sort();
        hashes.dedup();

        assert_eq!(hashes.len(), all.len());
        for odd in ["", "ab", &"xy".repeat(32), &"ab".repeat(33)] {
            assert_eq!(Purpose::VerifyEmail.hash(odd), None, "{odd}");
        }
    }
}
