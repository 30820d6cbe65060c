//! Begins sessions and rotates their refresh tokens.
//!
//! A refresh token is `session.secret`; the row holds its SHA-256. It works once: one conditional update replaces it. For
//! ten seconds the old one, from the same client, gives the same successor (two tabs at once). Afterwards its use means
//! that somebody copied it, and the session ends. The successor's plain text is kept in memory only; another node
//! answers within the grace with an access token alone, and the browser keeps the cookie it got from the first answer.

use super::store::{NewSession, Rotation, SessionRow};
use super::{IdentitySessions, lifetimes, store, unauthenticated};
use crate::identity::account::Caller;
use crate::identity::happening;
use crate::identity::read;
use crate::identity::throttle::network;
use crate::identity::token::{Bearer, unhex};
use crate::platform::problem::{Failure, Fault};
use crate::platform::security::{self, Outcome};
use entrepot_domain::kernel::Role;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const SECOND: i64 = 1_000_000;
/// How long a used refresh token still gives its successor.
const GRACE: i64 = 10 * SECOND;
/// Successors remembered at most.
const SUCCESSORS_MAX: usize = 10_000;
/// Longest name of a client kept.
const AGENT_MAX: usize = 200;

/// Tokens handed to a browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The user.
    pub user: u128,
    /// Market and seat.
    pub seat: Option<(u128, u128)>,
    /// The access token.
    pub access: String,
    /// The refresh token and the seconds it may live, unless the browser keeps the one it has.
    pub refresh: Option<(String, i64)>,
    /// True when a second factor was shown in the session.
    pub second_factor: bool,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issued {{ user: {:032x}, seat: {:?}, tokens: *** }}", self.user, self.seat)
    }
}

/// Who begins a session, and where.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The user.
    pub user: u128,
    /// The user's security stamp.
    pub stamp: i64,
    /// Market and seat.
    pub seat: Option<(u128, u128)>,
    /// Where from.
    pub caller: &'a Caller,
    /// True when a second factor was shown.
    pub second_factor: bool,
}

impl<'a> Entry<'a> {
    /// The first session of a user who was made just now.
    pub fn first(user: u128, seat: Option<(u128, u128)>, caller: &'a Caller) -> Self {
        Self { user, stamp: 1, seat, caller, second_factor: false }
    }
}

type Hash = [u8; 32];

/// Successors of tokens just used: by the old token's hash, the new token and when it was drawn.
#[derive(Default)]
pub struct Successors(Mutex<HashMap<Hash, (String, i64)>>);

impl Successors {
    /// The successor of a token: the one drawn before, or `fresh`.
    fn of(&self, old: Hash, fresh: String, now: i64) -> String {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.retain(|_, (_, drawn)| now - *drawn <= GRACE);
        if map.len() >= SUCCESSORS_MAX {
            map.clear();
        }
        map.entry(old).or_insert((fresh, now)).0.clone()
    }

    fn find(&self, old: &Hash) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(old).map(|(token, _)| token.clone())
    }
}

fn draw(session: u128) -> Result<String, Fault> {
    let mut secret = [0u8; 32];
    getrandom::fill(&mut secret).map_err(|e| Fault::new(format!("random source: {e}")))?;
    let secret: String = secret.iter().map(|b| format!("{b:02x}")).collect();
    Ok(format!("{session:032x}.{secret}"))
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

fn session_of(token: &str) -> Option<u128> {
    let (session, secret) = token.split_once('.')?;
    if secret.len() == 64 { unhex(session) } else { None }
}

fn clipped(agent: &str) -> String {
    agent.chars().filter(|c| !c.is_control()).take(AGENT_MAX).collect()
}

impl IdentitySessions {
    /// Begins a session and hands out its tokens.
    pub(in crate::identity) async fn begin(&self, entry: Entry<'_>) -> Result<Issued, Failure> {
        let (id, now) = (uuid::Uuid::new_v4().as_u128(), self.now());
        let token = draw(id)?;
        let (_, whole) = lifetimes(None);
        let agent = clipped(&entry.caller.agent);
        let new = NewSession {
            id,
            user: entry.user,
            stamp: entry.stamp,
            seat: entry.seat,
            refresh_hash: &hash(&token),
            now,
            expires_at: now + whole,
            agent: &agent,
            peer: &network(entry.caller.peer),
            second_factor: entry.second_factor,
        };
        store::begin(self.db(), &new).await?;
        let bearer = Bearer { user: entry.user, session: id, stamp: entry.stamp, seat: entry.seat };
        let access = self.inner.tokens.mint(&bearer, now)?;
        let refresh = Some((token, whole / SECOND));
        Ok(Issued { user: entry.user, seat: entry.seat, access, refresh, second_factor: entry.second_factor })
    }

    /// Exchanges a refresh token.
    ///
    /// Errors: 401 when it is unknown, ended or used before; the latter ends the session.
    pub(in crate::identity) async fn rotate(&self, token: &str, agent: &str) -> Result<Issued, Failure> {
        let (now, agent) = (self.now(), clipped(agent));
        let session = session_of(token).ok_or_else(unauthenticated)?;
        let row = store::find(self.db(), session).await?.ok_or_else(unauthenticated)?;
        let (idle, _) = lifetimes(row.role());
        if !row.allows(now) || now - row.rotated_at >= idle {
            return Err(unauthenticated());
        }
        let old = hash(token);
        if row.refresh_hash == old {
            let new = self.inner.successors.of(old, draw(session)?, now);
            let rotation = Rotation { id: session, old: &old, new: &hash(&new), now, agent: &agent };
            if store::rotate(self.db(), &rotation).await? {
                return self.issue(session, &row, Some(new), now).await;
            }
            // Another request with the same token was faster; what it wrote decides.
            let row = store::find(self.db(), session).await?.ok_or_else(unauthenticated)?;
            return self.in_grace(session, &row, &old, &agent, now).await;
        }
        self.in_grace(session, &row, &old, &agent, now).await
    }

    async fn in_grace(
        &self,
        session: u128,
        row: &SessionRow,
        old: &Hash,
        agent: &str,
        now: i64,
    ) -> Result<Issued, Failure> {
        let just_used =
            row.previous_hash.as_deref() == Some(old.as_slice()) && now - row.rotated_at <= GRACE && row.agent == agent;
        if !row.allows(now) {
            return Err(unauthenticated());
        }
        if !just_used {
            // Somebody copied it: the session ends.
            security::note(happening::REFRESH_REUSED, Outcome::Failed, row.user, &format!("{session:032x}"));
            self.revoke(session).await?;
            return Err(unauthenticated());
        }
        let same = self.inner.successors.find(old).filter(|new| row.refresh_hash == hash(new));
        self.issue(session, row, same, now).await
    }

    /// An access token for the session as it is now; a session whose seat was taken away moves to another one.
    async fn issue(
        &self,
        session: u128,
        row: &SessionRow,
        refresh: Option<String>,
        now: i64,
    ) -> Result<Issued, Failure> {
        let mut seat = row.seat;
        if row.sits.is_none() {
            seat = read::seats_of(self.db(), row.user).await?.first().map(|s| (s.market, s.id));
            if seat != row.seat {
                store::take_seat(self.db(), session, seat).await?;
                self.forget(|id, _| id == session);
            }
        }
        let bearer = Bearer { user: row.user, session, stamp: row.stamp, seat };
        let access = self.inner.tokens.mint(&bearer, now)?;
        let left = (row.expires_at - now) / SECOND;
        let refresh = refresh.map(|token| (token, left));
        Ok(Issued { user: row.user, seat, access, refresh, second_factor: row.second_factor })
    }

    /// Moves a session to another seat of its user and hands out the access token for it.
    ///
    /// Errors: 404 when the user holds no such seat.
    pub(in crate::identity) async fn sit(&self, known: &super::Known, seat: u128) -> Result<Issued, Failure> {
        let seats = read::seats_of(self.db(), known.user).await?;
        let found = seats.iter().find(|s| s.id == seat).ok_or_else(crate::platform::problem::Refusal::not_found)?;
        let wanted = Some((found.market, found.id));
        store::take_seat(self.db(), known.session, wanted).await?;
        self.forget(|id, _| id == known.session);
        let row = store::find(self.db(), known.session).await?.ok_or_else(unauthenticated)?;
        self.issue(known.session, &row, None, self.now()).await
    }

    /// Ends the session a refresh token belongs to, if it is the session's own.
    pub(in crate::identity) async fn give_up(&self, token: &str) -> Result<(), Failure> {
        let Some(session) = session_of(token) else {
            return Ok(());
        };
        let Some(row) = store::find(self.db(), session).await? else {
            return Ok(());
        };
        let given = hash(token);
        if row.refresh_hash == given || row.previous_hash.as_deref() == Some(given.as_slice()) {
            self.revoke(session).await?;
        }
        Ok(())
    }
}

/// The role first chosen when somebody signs in and holds several seats: the one that trades.
pub(in crate::identity) fn first_seat(seats: &[read::SeatRow]) -> Option<(u128, u128)> {
    let trades = |s: &&read::SeatRow| matches!(s.seat.role, Role::Owner | Role::Trader | Role::Finance);
    seats.iter().find(trades).or_else(|| seats.first()).map(|s| (s.market, s.id))
}
