//! The security events of accounts, and the numbers about them that operators watch.
//!
//! [`noted`] stands around a flow where its route calls it, so that each outcome is written once, whatever the flow did
//! inside. docs/operations.md lists the events.

use super::session::IdentitySessions;
use crate::platform::metrics::Sample;
use crate::platform::problem::Failure;
use crate::platform::security::{self, Outcome};

/// A company and its owner's account were made.
pub const SIGN_UP: &str = "sign_up";
/// Somebody showed password and code.
pub const SIGN_IN: &str = "sign_in";
/// Somebody took a demo seat.
pub const DEMO_SIGN_IN: &str = "demo_sign_in";
/// A session ended at its user's wish.
pub const SIGN_OUT: &str = "sign_out";
/// All sessions of a user ended at their wish.
pub const SIGN_OUT_EVERYWHERE: &str = "sign_out_everywhere";
/// Another session was ended from the list.
pub const SESSION_ENDED: &str = "session_ended";
/// A refresh token was used a second time.
pub const REFRESH_REUSED: &str = "refresh_reused";
/// A secret was shown again before a sensitive step.
pub const STEP_UP: &str = "step_up";
/// A new password with the old one.
pub const PASSWORD_CHANGE: &str = "password_change";
/// A link for a new password was asked for.
pub const PASSWORD_FORGOTTEN: &str = "password_forgotten";
/// A new password with a link.
pub const PASSWORD_RESET: &str = "password_reset";
/// An address was verified.
pub const EMAIL_VERIFIED: &str = "email_verified";
/// The second factor was turned on or replaced.
pub const SECOND_FACTOR_ON: &str = "second_factor_on";
/// The second factor was turned off.
pub const SECOND_FACTOR_OFF: &str = "second_factor_off";
/// A recovery code was used up.
pub const RECOVERY_CODE: &str = "recovery_code_used";
/// New recovery codes were drawn.
pub const RECOVERY_RENEWED: &str = "recovery_codes_renewed";
/// The installation's first admin was made.
pub const FIRST_ADMIN: &str = "first_admin";
/// An account was closed by an admin.
pub const ACCOUNT_CLOSED: &str = "account_closed";
/// An account was opened again.
pub const ACCOUNT_OPENED: &str = "account_opened";
/// An admin read a mail.
pub const MAIL_READ: &str = "mail_read";
/// A member got another role.
pub const ROLE_CHANGE: &str = "role_change";
/// A seat was taken away.
pub const SEAT_TAKEN: &str = "seat_taken";
/// A seat was offered.
pub const INVITATION_SENT: &str = "invitation_sent";
/// An offer was withdrawn.
pub const INVITATION_WITHDRAWN: &str = "invitation_withdrawn";
/// An offered seat was taken.
pub const INVITATION_ACCEPTED: &str = "invitation_accepted";

/// Writes the event of a flow's outcome and hands the outcome on. `who` finds the user in a success; `known` is who asked,
/// 0 for nobody. A fault of ours is no security event; it has a line of its own.
pub fn noted<T>(
    event: &'static str,
    known: u128,
    result: Result<T, Failure>,
    who: impl FnOnce(&T) -> u128,
) -> Result<T, Failure> {
    match &result {
        Ok(done) => security::note(event, Outcome::Succeeded, who(done), ""),
        Err(Failure::Refused(refusal)) => {
            let outcome = if refusal.status == 429 { Outcome::Throttled } else { Outcome::Failed };
            security::note(event, outcome, known, &refusal.code);
        }
        Err(Failure::Failed(_)) => {}
    }
    result
}

/// Sessions that stand, and how the mail queue does.
pub async fn samples(sessions: &IdentitySessions) -> Result<Vec<Sample>, Failure> {
    let open = super::session::store::count_open(sessions.db(), sessions.now()).await?;
    let mail = sessions.mail().standing().await?;
    Ok(vec![
        Sample::plain("entrepot_sessions_open", "Sessions that have not ended.", open),
        Sample::plain("entrepot_mail_waiting", "Mails that wait to be sent.", mail.waiting),
        Sample::plain("entrepot_mail_oldest_wait_seconds", "How long the oldest of them has waited.", mail.oldest_s),
        Sample::plain("entrepot_mail_given_up", "Mails given up in the last month.", mail.given_up),
    ])
}
