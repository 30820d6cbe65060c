//! Notices as rows: written by the jobs, once for each cause and person.

mod alerts;
pub mod choices;
mod follow;
pub mod keep;
pub mod marks;
pub mod post;
pub mod remind;
mod whom;

pub use alerts::Alerts;
pub use follow::Notices;

use crate::platform::database::Database;
use crate::platform::jobs;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::kernel::MarketTime;
use entrepot_domain::notice::{Kind, Letters};
use sea_orm::{DatabaseTransaction, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The job that tells what happened.
pub const JOB: &str = "notices";
/// The job that tells of products for saved searches.
const ALERTS: &str = "alerts";

/// What a notice leads to.
pub const ORDER: &str = "order";
/// An inquiry.
pub const INQUIRY: &str = "inquiry";
/// A request for quotation, also for its quotes.
pub const RFQ: &str = "rfq";
/// The wallet.
pub const WALLET: &str = "wallet";
/// The team.
pub const TEAM: &str = "team";
/// A company's proofs.
pub const PROOF: &str = "proof";
/// A listing of the company.
pub const PRODUCT: &str = "product";
/// A saved search.
pub const SEARCH: &str = "search";

/// A notice for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Whom it is for.
    pub user: u128,
    /// The company it was told to; none for what concerns the person alone.
    pub company: Option<u128>,
    /// What it stands for: one cause makes one notice for a person.
    pub cause: u128,
    /// What it says.
    pub kind: Kind,
    /// What it leads to.
    pub open: (&'static str, u128),
    /// The other company.
    pub other: Option<u128>,
    /// The colleague it is about.
    pub person: Option<u128>,
    /// Number of the stage or shipment; 0 for none.
    pub part: i64,
    /// How many events it stands for.
    pub count: i64,
    /// Place in the market's log.
    pub seq: i64,
    /// Market time, and its day in the market's zone.
    pub at: (MarketTime, i32),
    /// Real time.
    pub told_at: i64,
    /// For reminders: when the deadline is, its subject and step.
    pub due: Option<(MarketTime, u128, String)>,
}

/// The identifier that a cause is known by.
pub fn cause(parts: &[&[u8]]) -> u128 {
    let mut hash = Sha256::new().chain_update(b"entrepot.notice.v1");
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).fold(0, |id, byte| (id << 8) | u128::from(*byte))
}

const TABLE: Table = Table {
    name: "notice",
    columns: &[
        "market_id",
        "id",
        "user_id",
        "company_id",
        "cause",
        "kind",
        "topic",
        "open_kind",
        "open_id",
        "other_id",
        "person_id",
        "part",
        "count",
        "seq",
        "at",
        "day",
        "told_at",
        "shown",
        "mail",
        "due_at",
        "due_subject",
        "due_step",
    ],
    key: &["market_id", "user_id", "cause"],
};

/// What becomes of a notice that is there when more of its kind happened: while it is unread it counts on, once it was read it is
/// new again. An event it has counted already changes nothing. While a letter about it was not followed by a look, there is none.
const AGAIN: &str = "count = CASE WHEN notice.read_at IS NULL THEN notice.count + excluded.count ELSE excluded.count END, \
    mail = CASE WHEN notice.read_at IS NULL AND notice.mail = 'sent' THEN 'sent' ELSE excluded.mail END, \
    read_at = NULL, seq = excluded.seq, at = excluded.at, day = excluded.day, told_at = excluded.told_at, \
    shown = excluded.shown, other_id = excluded.other_id, company_id = excluded.company_id WHERE notice.seq < excluded.seq";

/// Notices of one cause and person as one, in the order of their places.
fn merged(news: Vec<New>) -> BTreeMap<(u128, u128), New> {
    let mut merged: BTreeMap<(u128, u128), New> = BTreeMap::new();
    for new in news {
        match merged.get_mut(&(new.user, new.cause)) {
            Some(known) if known.kind.bundles() => {
                let count = known.count + new.count;
                *known = New { count, ..if new.seq > known.seq { new } else { known.clone() } };
            }
            Some(_) => {}
            None => drop(merged.insert((new.user, new.cause), new)),
        }
    }
    merged
}

/// Writes notices as their readers want them; what nobody wants to hear of is not written.
pub async fn write(tx: &DatabaseTransaction, market: u128, news: Vec<New>) -> Result<(), Fault> {
    let merged = merged(news);
    let users = merged.keys().map(|(user, _)| *user).collect();
    let chosen = choices::of_users(tx, market, &users).await?;
    let mut values: Vec<Value> = Vec::new();
    for new in merged.into_values() {
        let choice = choices::of(&chosen, new.user, new.kind.topic());
        if !choice.app && choice.letters == Letters::Off {
            continue;
        }
        let id = cause(&[&new.user.to_be_bytes(), &new.cause.to_be_bytes()]);
        let (due_at, subject, step) = match new.due {
            Some((at, subject, step)) => (Some(at.0), Some(subject), Some(step)),
            None => (None, None, None),
        };
        values.extend([rows::id(market), rows::id(id), rows::id(new.user), rows::id_opt(new.company)]);
        values.extend([rows::id(new.cause), new.kind.as_str().into(), new.kind.topic().as_str().into()]);
        values.extend([new.open.0.into(), rows::id(new.open.1), rows::id_opt(new.other), rows::id_opt(new.person)]);
        values.extend([new.part.into(), new.count.into(), new.seq.into(), new.at.0.0.into()]);
        values.extend([i64::from(new.at.1).into(), new.told_at.into(), i64::from(choice.app).into()]);
        values.extend([choice.letters.as_str().into(), due_at.into(), rows::id_opt(subject), step.into()]);
    }
    rows::merge(tx, &TABLE, AGAIN, values).await.map(|_| ())
}

/// Begins the jobs of a market that was filled before anybody could be told: what happened before `from` is nobody's news.
pub async fn begin(db: &Database, market: u128, from: MarketTime) -> Result<(), Fault> {
    let sql = "SELECT COALESCE(MAX(s.seq), 0) AS seq, COALESCE(MAX(CASE WHEN e.effective_at < $2 THEN s.seq ELSE 0 END), 0) AS old \
        FROM sealed s JOIN event e ON e.market_id = s.market_id AND e.id = s.event_id WHERE s.market_id = $1";
    let Some(row) = rows::query_one(db.read(), sql, vec![rows::id(market), from.0.into()]).await? else {
        return Ok(());
    };
    jobs::begin(db, market, JOB, row.try_get("", "old")?).await?;
    jobs::begin(db, market, ALERTS, row.try_get("", "seq")?).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(user: u128, seq: i64) -> New {
        New {
            user,
            company: Some(2),
            cause: 7,
            kind: Kind::InquiryMessage,
            open: (INQUIRY, 5),
            other: Some(3),
            person: None,
            part: 0,
            count: 1,
            seq,
            at: (MarketTime(seq), 0),
            told_at: seq,
            due: None,
        }
    }

    #[test]
    fn messages_of_one_batch_are_one_notice_and_other_kinds_are_told_once() {
        let found = merged(vec![message(1, 4), message(1, 9), message(2, 5)]);
        let told: Vec<_> = found.values().map(|new| (new.user, new.count, new.seq)).collect();
        assert_eq!(told, [(1, 2, 9), (2, 1, 5)]);
        let offer = |seq| New { kind: Kind::OrderOffered, ..message(1, seq) };
        assert_eq!(merged(vec![offer(1), offer(2)]).into_values().map(|new| new.count).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_cause_depends_on_each_of_its_parts_and_on_where_they_end() {
        let causes = [cause(&[b"ab", b"c"]), cause(&[b"a", b"bc"]), cause(&[b"abc"]), cause(&[b"ab", b"d"])];
        for (n, one) in causes.iter().enumerate() {
            assert!(!causes[n + 1..].contains(one));
        }
    }
}
