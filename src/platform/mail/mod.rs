//! Outgoing mail: a queue in the database, sent by a background job with bounded retries, never inside the transaction
//! that caused it (MON-13).
//!
//! A mail is written to the queue in the transaction of its cause, its text encrypted, because letters carry secrets.
//! The job claims a due mail by a conditional update (so that of two nodes one sends it), hands it to the transport, and
//! notes the outcome; after the last retry it gives up and says so. The default transport writes files for operators
//! without a mail server; SMTP is chosen by configuration. Once a mail has left by SMTP its text is wiped.

mod queue;
mod transport;

pub use queue::{COLUMNS, Queued, Row, Standing, add};
pub use transport::Transport;

use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::life::Life;
use crate::platform::metrics::tally;
use crate::platform::pdf::Language;
use crate::platform::problem::Fault;
use crate::platform::secret::Secret;
use crate::platform::vault::Vault;
use std::sync::Arc;
use std::time::Duration;

const SECOND: i64 = 1_000_000;
/// Tries before a mail is given up.
const TRIES_MAX: i64 = 8;
/// First wait between tries; it doubles up to [`WAIT_MAX`].
const WAIT: i64 = 30 * SECOND;
const WAIT_MAX: i64 = 3_600 * SECOND;
/// How long one node may take to send a claimed mail before another tries.
const LEASE: i64 = 120 * SECOND;
/// Mails sent in one round at most.
const ROUND_MAX: u32 = 50;
/// How long sent and given-up mails are kept.
const KEPT: i64 = 30 * 86_400 * SECOND;
/// Pause between two rounds of the job.
const PAUSE: Duration = Duration::from_millis(500);

/// A mail before it is queued.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is about, for the list: `reset_password`, say.
    pub kind: &'static str,
    /// Whom it goes to.
    pub recipient: String,
    /// The user behind the address, if there is one.
    pub user: Option<u128>,
    /// The market it comes from, if it comes from one.
    pub market: Option<u128>,
    /// Subject line.
    pub subject: String,
    /// Plain text; it may hold links that open accounts.
    pub text: Secret<String>,
}

/// A subject line in the reader's language, or in both where it is not known.
pub fn subject(language: Language, english: &str, chinese: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
        Language::Both => format!("{english} / {chinese}"),
    }
}

/// A letter's text in the reader's language, or in both, English first, where it is not known. Each ends with a line break.
pub fn text(language: Language, english: &str, chinese: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
        Language::Both => format!("{english}\n--\n\n{chinese}"),
    }
}

/// The queue and its transport. Cheap to clone.
#[derive(Clone)]
pub struct Mail {
    db: Database,
    clock: Clock,
    vault: Vault,
    transport: Arc<Transport>,
}

fn place(id: u128) -> String {
    format!("mail {id:032x}")
}

impl Mail {
    /// Builds the queue.
    pub fn new(db: Database, clock: Clock, vault: Vault, transport: Transport) -> Self {
        Self { db, clock, vault, transport: Arc::new(transport) }
    }

    /// Makes a letter ready for the queue; [`add`] writes it in the caller's transaction.
    pub fn seal(&self, letter: Letter) -> Result<Queued, Fault> {
        let id = uuid::Uuid::now_v7().as_u128();
        let sealed = self.vault.seal(&place(id), letter.text.as_bytes())?;
        Ok(Queued { id, letter, sealed, now: self.clock.now() })
    }

    /// Queues a letter by itself.
    pub async fn post(&self, letter: Letter) -> Result<(), Fault> {
        add(self.db.write(), &self.seal(letter)?).await
    }

    /// The text of a queued mail; `None` once it is wiped.
    pub fn text(&self, row: &Row) -> Result<Option<String>, Fault> {
        let Some(sealed) = &row.sealed else { return Ok(None) };
        let plain = self.vault.open_sealed(&place(row.id), sealed)?;
        String::from_utf8(plain).map(Some).map_err(|_| Fault::new("a queued mail is not text"))
    }

    /// Sends what is due; answers how many mails left.
    pub async fn send_due(&self) -> Result<u32, Fault> {
        let mut sent = 0;
        for _ in 0..ROUND_MAX {
            let now = self.clock.now();
            let Some(row) = queue::claim(&self.db, now, now + LEASE).await? else { break };
            let done = match self.text(&row) {
                Ok(Some(text)) => self.transport.send(&row, &text, now).await,
                Ok(None) => Err(Fault::new("its text is gone")),
                Err(fault) => Err(fault),
            };
            match done {
                Ok(()) => {
                    queue::sent(&self.db, row.id, self.clock.now(), self.transport.wipes()).await?;
                    sent += 1;
                    tally::MAILS_SENT.add(1);
                }
                Err(fault) => self.failed(&row, &fault).await?,
            }
        }
        Ok(sent)
    }

    async fn failed(&self, row: &Row, fault: &Fault) -> Result<(), Fault> {
        tally::MAILS_FAILED.add(1);
        let mail = format!("{:032x}", row.id);
        if row.attempts >= TRIES_MAX {
            tracing::error!(mail.id = %mail, mail.kind = %row.kind, error = %fault, "a mail was given up");
            return queue::given_up(&self.db, row.id, self.clock.now(), &fault.to_string()).await;
        }
        tracing::warn!(mail.id = %mail, mail.kind = %row.kind, error = %fault, "a mail could not be sent yet");
        let doublings = u32::try_from(row.attempts.clamp(1, 20) - 1).unwrap_or(0);
        let wait = (WAIT << doublings).min(WAIT_MAX);
        queue::later(&self.db, row.id, self.clock.now() + wait, &fault.to_string()).await
    }

    /// Sends until the node stops; ends between two rounds.
    pub async fn run(self, life: Life) {
        while life.pause(PAUSE).await {
            if self.db.storage().trouble().is_some() {
                continue;
            }
            if let Err(fault) = self.send_due().await {
                self.db.storage().note(&fault);
                tracing::warn!(error = %fault, "the mail queue could not be worked on");
            }
        }
    }

    /// How many mails wait, how many seconds the oldest of them has waited, and how many were given up lately.
    pub async fn standing(&self) -> Result<Standing, Fault> {
        queue::standing(&self.db, self.clock.now()).await
    }

    /// Housekeeping: deletes mails that left or were given up long ago.
    pub async fn tidy(&self) -> Result<u64, Fault> {
        queue::tidy(&self.db, self.clock.now() - KEPT).await
    }
}

#[cfg(test)]
mod tests;
