//! Brakes on guessing, shared by every flow that checks a secret: per account from one network, per account from
//! everywhere, and per network.
//!
//! A try is counted before the secret is looked at, so that many at once gain nothing; success takes the count back. The
//! delay grows and has an end. The strict counter holds only for the guesser's own network: nobody can lock somebody
//! else out from afar. After a hundred tries without a success only a new password, or a day's rest, opens the account.
//!
//! Mails that anybody may ask for have counters of their own, so that asking for them locks nobody out of signing in.

use super::session::store;
use crate::platform::database::Database;
pub use crate::platform::network::of as network;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::sabotage::{self, Guard};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
/// Tries on one account without a success, after which its password is not looked at any more (NIST SP 800-63B, 3.2.2).
const TRIES_MAX: i64 = 100;

/// How strict a counter is.
#[derive(Debug, PartialEq, Eq)]
struct Policy {
    free: i64,
    delay_max: i64,
    forgotten_after: i64,
}

const ACCOUNT_HERE: Policy = Policy { free: 5, delay_max: 900 * SECOND, forgotten_after: 24 * HOUR };
const ACCOUNT: Policy = Policy { free: 50, delay_max: 30 * SECOND, forgotten_after: 24 * HOUR };
const NETWORK: Policy = Policy { free: 50, delay_max: 300 * SECOND, forgotten_after: HOUR };
const MAIL_HERE: Policy = Policy { free: 4, delay_max: HOUR, forgotten_after: HOUR };
const MAIL: Policy = Policy { free: 12, delay_max: 600 * SECOND, forgotten_after: HOUR };

impl Policy {
    /// Microseconds to wait after this many tries without success: none while they are free, then 1, 2, 4 … seconds.
    fn delay(&self, failures: i64) -> i64 {
        let over = failures - self.free;
        if over < 0 {
            return 0;
        }
        let doublings = u32::try_from(over.min(20)).unwrap_or(20);
        (SECOND << doublings).min(self.delay_max)
    }
}

/// The counters one try is held against.
#[derive(Debug, PartialEq, Eq)]
pub struct Counters {
    /// Here and everywhere.
    account: Vec<(String, &'static Policy)>,
    network: Option<String>,
    /// True for counters of secrets: a hundred failures close them.
    closes: bool,
}

impl Counters {
    /// Counters of an account (an e-mail in its stored form) and of the caller's network; a loopback caller's network
    /// is not counted when `loopback_exempt`.
    pub fn of(email: Option<&str>, peer: Option<IpAddr>, loopback_exempt: bool) -> Self {
        let exempt = loopback_exempt && peer.is_some_and(|p| p.to_canonical().is_loopback());
        let network = network(peer);
        let account = email.map(|e| named("account", e, &network, [&ACCOUNT_HERE, &ACCOUNT])).unwrap_or_default();
        Self { account, network: (!exempt).then_some(network), closes: true }
    }

    /// Counters of mails to this address that anybody may ask for.
    pub fn of_mail(email: &str, peer: Option<IpAddr>, loopback_exempt: bool) -> Self {
        let rest = Self::of(None, peer, loopback_exempt);
        Self { account: named("mail", email, &network(peer), [&MAIL_HERE, &MAIL]), closes: false, ..rest }
    }

    fn each(&self) -> impl Iterator<Item = (&str, &'static Policy)> {
        let account = self.account.iter().map(|(name, policy)| (name.as_str(), *policy));
        account.chain(self.network.as_deref().map(|name| (name, &NETWORK)))
    }

    /// Counts a try on every counter, or on none and answers 429 with the seconds to wait.
    pub async fn admit(&self, db: &Database, now: i64) -> Result<(), Failure> {
        if sabotage::skips(Guard::Throttle) {
            return Ok(());
        }
        self.check(db, now).await?;
        for (name, policy) in self.each() {
            count(db, name, policy, now).await?;
        }
        Ok(())
    }

    /// Answers 429 while a counter refuses tries. Enough for secrets nobody can guess; failures are counted afterwards.
    pub async fn check(&self, db: &Database, now: i64) -> Result<(), Failure> {
        for (name, policy) in self.each() {
            let Some(tries) = store::tries(db, name).await? else { continue };
            wait_over(Some(tries.until), now)?;
            let remembered = now - tries.updated_at <= policy.forgotten_after;
            if self.closes && *policy == ACCOUNT && remembered && tries.failures >= TRIES_MAX {
                const DETAIL: &str = "Too many tries without success; set a new password.";
                return Err(Refusal::new(403, "identity.reset_needed", DETAIL).into());
            }
        }
        Ok(())
    }

    /// Takes the try back: the account starts anew, the network loses this one count.
    pub async fn passed(&self, db: &Database) -> Result<(), Failure> {
        for (name, _) in &self.account {
            store::forget_throttle(db, name).await?;
        }
        if let Some(network) = &self.network {
            store::ease_throttle(db, network, true).await?;
        }
        Ok(())
    }
}

async fn count(db: &Database, name: &str, policy: &Policy, now: i64) -> Result<(), Failure> {
    let counted = store::count_try(db, name, now, now - policy.forgotten_after).await?;
    let Some(failures) = counted else {
        return Err(too_soon(store::tries(db, name).await?.map_or(now, |t| t.until) - now).into());
    };
    let delay = policy.delay(failures);
    if delay > 0 && !store::hold_throttle(db, name, now, now + delay).await? {
        // Of several tries at once beyond the free ones, one goes through; the others are not looked at.
        store::ease_throttle(db, name, false).await?;
        return Err(too_soon(delay).into());
    }
    Ok(())
}

fn wait_over(until: Option<i64>, now: i64) -> Result<(), Refusal> {
    match until.map(|u| u - now).filter(|wait| *wait > 0) {
        Some(wait) => Err(too_soon(wait)),
        None => Ok(()),
    }
}

fn too_soon(wait: i64) -> Refusal {
    let seconds = wait.max(1).saturating_add(SECOND - 1) / SECOND;
    Refusal::new(429, "throttled", format!("Too many tries; wait {seconds} s.")).with("retry_after", seconds)
}

/// The two counters of an e-mail address: from this network, and from everywhere.
fn named(kind: &str, email: &str, network: &str, policies: [&'static Policy; 2]) -> Vec<(String, &'static Policy)> {
    let digest: String = Sha256::digest(email.as_bytes()).iter().take(16).map(|b| format!("{b:02x}")).collect();
    let names = [format!("{kind}:{digest}@{network}"), format!("{kind}:{digest}")];
    names.into_iter().zip(policies).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_has_an_end() {
        let delays: Vec<i64> =
            [1, 4, 5, 6, 7, 14, 15, 100, i64::MAX].iter().map(|n| ACCOUNT_HERE.delay(*n) / SECOND).collect();

        assert_eq!(delays, [0, 0, 1, 2, 4, 512, 900, 900, 900]);
    }

    #[test]
    fn neighbours_share_a_counter() {
        let of = |text: &str| Counters::of(None, text.parse().ok(), true).network;

        assert_eq!(of("203.0.113.7").as_deref(), Some("net:203.0.113.0/24"));
        assert_eq!(of("::ffff:203.0.113.9"), of("203.0.113.7"));
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_eq!(of("127.0.0.1"), None);
        assert_eq!(of("::1"), None);
        assert!(Counters::of(None, "127.0.0.1".parse().ok(), false).network.is_some());
        assert!(Counters::of(None, None, true).network.is_some());
    }
}
