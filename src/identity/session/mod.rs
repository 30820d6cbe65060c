//! Sessions: an access token for minutes, a refresh token for weeks, one row that can end both at once.
//!
//! Every request's session is held against its row at most a second old, so that sign-out, a disabled seat or a moved
//! security stamp take effect within a second on every node, and at once on the node where they happened.

mod refresh;
pub(super) mod store;

pub(super) use refresh::{Entry, Issued, first_seat};

use super::password::Passwords;
use super::proof::second_factor_needed;
use super::token::{KeyPair, Tokens};
use crate::config::Config;
use crate::platform::access::Actor;
use crate::platform::database::Database;
use crate::platform::engine::Engine;
use crate::platform::mail::{Mail, Transport};
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::sabotage::{self, Guard};
use crate::platform::session::Sessions;
use crate::platform::vault::Vault;
use crate::platform::web::AppState;
use entrepot_domain::kernel::Role;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
pub(super) use store::Listed;
use store::SessionRow;
use tokio::sync::Semaphore;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// Name of the first signing key.
const FIRST_KEY: &str = "k1";
/// How old a session's row may be when a request is judged by it.
const FRESH: i64 = SECOND;
/// Requests for mail worked on at once.
const ERRANDS_MAX: usize = 64;
/// Sessions remembered at most.
const SEEN_MAX: usize = 50_000;

/// A session whose token is honest and whose row allows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The session.
    pub session: u128,
    /// The user.
    pub user: u128,
    /// Market, seat, company and role; `None` when the session has no seat or lost it.
    pub seat: Option<SeatHeld>,
    /// True when a second factor was shown in the session.
    pub second_factor: bool,
}

impl Known {
    /// Market and seat, as tokens name them.
    pub fn place(&self) -> Option<(u128, u128)> {
        self.seat.as_ref().map(|s| (s.market, s.id))
    }
}

/// The seat a session sits in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatHeld {
    /// The market.
    pub market: u128,
    /// The seat.
    pub id: u128,
    /// Its company.
    pub company: Option<u128>,
    /// Its role.
    pub role: Role,
}

#[derive(Clone)]
struct Seen {
    checked_at: i64,
    row: Option<Arc<SessionRow>>,
}

pub(super) struct Inner {
    pub engine: Engine,
    pub config: Arc<Config>,
    pub passwords: Passwords,
    pub vault: Vault,
    pub mail: Mail,
    /// Bounds the work that goes on after its request was answered.
    pub errands: Arc<Semaphore>,
    tokens: Tokens,
    seen: Mutex<HashMap<u128, Seen>>,
    successors: refresh::Successors,
}

/// Who is signed in. Cheap to clone.
#[derive(Clone)]
pub struct IdentitySessions {
    pub(super) inner: Arc<Inner>,
}

/// Idle and whole life of a session in this role, in microseconds.
pub(super) const fn lifetimes(role: Option<Role>) -> (i64, i64) {
    match role {
        Some(Role::Admin | Role::Support | Role::CreditAdmin) => (90 * 60 * SECOND, 12 * HOUR),
        Some(
            Role::Owner | Role::Trader | Role::Finance | Role::Viewer | Role::Teacher | Role::Carrier | Role::System,
        )
        | None => (14 * DAY, 30 * DAY),
    }
}

impl SessionRow {
    fn role(&self) -> Option<Role> {
        self.sits.map(|(_, role)| role)
    }

    /// True while the row allows its access tokens.
    fn allows(&self, now: i64) -> bool {
        let (_, whole) = lifetimes(self.role());
        (!self.revoked || sabotage::skips(Guard::SessionEnd))
            && (!self.disabled || sabotage::skips(Guard::ClosedAccount))
            && (self.begun_stamp == self.stamp || sabotage::skips(Guard::SecurityStamp))
            && now < self.expires_at
            && now - self.created_at < whole
    }
}

pub(super) fn unauthenticated() -> Failure {
    Refusal::new(401, "unauthenticated", "Nobody is signed in, or the session has ended.").into()
}

impl IdentitySessions {
    /// Reads the signing keys, or makes the first one.
    pub async fn start(state: &AppState) -> Result<Self, Fault> {
        let db = state.engine.db();
        let mut keys = store::signing_keys(db).await?;
        if keys.is_empty() {
            store::add_signing_key(db, &KeyPair::generate(FIRST_KEY)?, state.engine.clock().now()).await?;
            keys = store::signing_keys(db).await?;
        }
        let config = &state.config;
        let vault = Vault::open(&config.secret_keys())?;
        let transport = match &config.smtp {
            Some(url) => Transport::smtp(&config.mail_from, url)?,
            None => Transport::folder(&config.mail_from, &config.mail_folder())?,
        };
        let mail = Mail::new(db.clone(), state.engine.clock().clone(), vault.clone(), transport);
        let inner = Inner {
            engine: state.engine.clone(),
            config: state.config.clone(),
            passwords: Passwords::start()?,
            vault,
            mail,
            errands: Arc::new(Semaphore::new(ERRANDS_MAX)),
            tokens: Tokens::new(&keys)?,
            seen: Mutex::default(),
            successors: refresh::Successors::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(super) fn db(&self) -> &Database {
        self.inner.engine.db()
    }

    pub(super) fn now(&self) -> i64 {
        self.inner.engine.clock().now()
    }

    /// The session behind an access token.
    ///
    /// Errors: 401 when the token is not honest or its session has ended.
    pub async fn identify(&self, access_token: Option<&str>) -> Result<Known, Failure> {
        let now = self.now();
        let token = access_token.ok_or_else(unauthenticated)?;
        let bearer = self.inner.tokens.verify(token, now)?;
        let agrees = |row: &SessionRow| {
            row.user == bearer.user
                && (row.stamp == bearer.stamp || sabotage::skips(Guard::SecurityStamp))
                && row.seat == bearer.seat
        };
        let mut row = self.row(bearer.session, now, FRESH).await?;
        if !row.as_deref().is_some_and(agrees) {
            // The token may be newer than the row we remember: another node switched the seat.
            row = self.row(bearer.session, now, 0).await?;
        }
        let row = row.filter(|r| agrees(r) && r.allows(now)).ok_or_else(unauthenticated)?;
        let seat = row.seat.zip(row.sits).map(|((market, id), (company, role))| SeatHeld { market, id, company, role });
        Ok(Known { session: bearer.session, user: row.user, seat, second_factor: row.second_factor })
    }

    pub(super) async fn row(&self, session: u128, now: i64, age_max: i64) -> Result<Option<Arc<SessionRow>>, Failure> {
        let known = self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner).get(&session).cloned();
        if let Some(seen) = known.filter(|s| (0..age_max).contains(&(now - s.checked_at))) {
            return Ok(seen.row);
        }
        let row = store::find(self.db(), session).await?.map(Arc::new);
        let mut seen = self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SEEN_MAX {
            seen.clear();
        }
        seen.insert(session, Seen { checked_at: now, row: row.clone() });
        Ok(row)
    }

    pub(super) fn forget(&self, gone: impl Fn(u128, &SessionRow) -> bool) {
        let mut seen = self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|id, s| s.row.as_ref().is_some_and(|row| !gone(*id, row)));
    }

    /// Ends one session.
    pub async fn revoke(&self, session: u128) -> Result<(), Failure> {
        store::revoke(self.db(), session, self.now()).await?;
        self.forget(|id, _| id == session);
        Ok(())
    }

    /// Ends every session of a user and voids all tokens made so far.
    pub async fn revoke_user(&self, user: u128) -> Result<(), Failure> {
        super::store::bump_stamp(self.db(), user).await?;
        self.end_sessions(user).await
    }

    /// Ends the sessions of a user whose stamp has moved already.
    pub(super) async fn end_sessions(&self, user: u128) -> Result<(), Failure> {
        store::revoke_all(self.db(), user, self.now()).await?;
        self.forget(|_, row| row.user == user);
        Ok(())
    }

    /// The sessions of a user that still stand, the last used first.
    pub(super) async fn open_sessions(&self, user: u128) -> Result<Vec<Listed>, Failure> {
        Ok(store::open_sessions(self.db(), user, self.now()).await?)
    }

    /// Ends another session of the user.
    ///
    /// Errors: 404 when the user has no such session.
    pub(super) async fn revoke_of(&self, user: u128, session: u128) -> Result<(), Failure> {
        let ended = store::revoke_of(self.db(), user, session, self.now()).await?;
        self.forget(|id, _| id == session);
        if ended { Ok(()) } else { Err(Refusal::not_found().into()) }
    }

    /// Housekeeping: deletes what ended more than a day ago; returns the number of rows.
    pub async fn tidy(&self) -> Result<u64, Fault> {
        let before = self.now() - DAY;
        let gone = store::tidy(self.db(), before).await? + super::store::tickets::tidy(self.db(), before).await?;
        Ok(gone + self.inner.mail.tidy().await?)
    }

    /// The mail queue, for the job that sends.
    pub fn mail(&self) -> &Mail {
        &self.inner.mail
    }
}

#[async_trait::async_trait]
impl Sessions for IdentitySessions {
    async fn actor(&self, access_token: Option<String>) -> Result<Actor, Failure> {
        let known = self.identify(access_token.as_deref()).await?;
        let seat = known.seat.ok_or_else(unauthenticated)?;
        if self.lacks_second_factor(seat.role, known.second_factor) {
            return Err(second_factor_needed());
        }
        Ok(Actor {
            market: seat.market,
            user: known.user,
            session: known.session,
            company: seat.company,
            role: seat.role,
        })
    }

    async fn proved(&self, actor: &Actor) -> Result<(), Failure> {
        self.prove_verified(actor.session, actor.user).await
    }
}
