//! Letters: what is to go out by mail becomes one letter for each person and round, or one a market day.
//!
//! The letter is queued in the transaction that marks its notices as sent, under a lock of these rows, so a crash repeats nothing
//! and of two nodes one writes it. Letters go to people who own a password and a verified address: nobody else chose to get mail.

use crate::identity::{self, read::user_by_id};
use crate::notices::read::{Listed, columns, listed, seated};
use crate::notices::words;
use crate::platform::database::Database;
use crate::platform::engine::Engine;
use crate::platform::mail::{self, Mail};
use crate::platform::problem::{Failure, Fault};
use crate::platform::rows;
use crate::search;
use entrepot_domain::kernel::Zone;
use entrepot_domain::notice::Letters;
use sea_orm::DatabaseTransaction;
use std::collections::BTreeSet;

/// People written to in one round at most.
const PEOPLE_MAX: u32 = 100;
/// Notices of one letter at most; a person keeps no more than these.
const LINES_MAX: i64 = super::keep::KEPT_MAX;

/// Writes the letters that are due in a market; answers how many. A digest holds the market days that are over.
pub async fn letters(engine: &Engine, mail: &Mail, url: &str, market: u128) -> Result<u32, Failure> {
    let state = engine.market(market).await?;
    let zone = Zone::parse(&state.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    let today = i64::from(zone.day_of(state.now(engine.clock().now())).0);
    let desk = Desk { db: engine.db(), mail, url, zone: &zone, market };
    let mut written = 0;
    for (letters, before) in [(Letters::Now, i64::MAX), (Letters::Digest, today)] {
        for user in waiting(desk.db, market, letters, before).await? {
            written += u32::from(desk.one((user, letters, before)).await?);
        }
    }
    Ok(written)
}

/// What letters of a market are written with.
struct Desk<'a> {
    db: &'a Database,
    mail: &'a Mail,
    url: &'a str,
    zone: &'a Zone,
    market: u128,
}

async fn waiting(db: &Database, market: u128, letters: Letters, before: i64) -> Result<BTreeSet<u128>, Fault> {
    // The list of words stands in the text: so the index of what waits is known to fit.
    let sql = format!(
        "SELECT DISTINCT user_id FROM notice WHERE market_id = $1 AND mail = $3 AND mail IN ('now', 'digest') AND day < $2 LIMIT {PEOPLE_MAX}"
    );
    let found = rows::query(db.read(), sql, vec![rows::id(market), before.into(), letters.as_str().into()]).await?;
    found.iter().map(|row| rows::get_id(row, "user_id")).collect()
}

/// Whose letters, of which kind, and of notices before which day.
type Wanted = (u128, Letters, i64);

impl Desk<'_> {
    /// Writes one person's letter; false when there was nobody or nothing to write to.
    async fn one(&self, wanted: Wanted) -> Result<bool, Failure> {
        let (market, (user, letters, _)) = (self.market, wanted);
        let reader = user_by_id(self.db, user).await?.filter(|u| !u.disabled && u.verified && !u.is_demo());
        let tx = self.db.write_tx().await?;
        let (lines, ids) = lines(self.db, &tx, market, wanted).await?;
        let shown: Vec<&Listed> = lines.iter().collect();
        let Some(reader) = reader.filter(|_| !shown.is_empty()) else {
            mark(&tx, market, &ids, "off").await?;
            tx.commit().await.map_err(Fault::from)?;
            return Ok(false);
        };
        let names = self.names(user, &lines).await?;
        let letter = words::letter(&reader, (market, self.zone), letters, &shown, &names, self.url);
        mail::add(&tx, &self.mail.seal(letter)?).await?;
        mark(&tx, market, &ids, "sent").await?;
        tx.commit().await.map_err(Fault::from)?;
        Ok(true)
    }

    async fn names(&self, user: u128, lines: &[Listed]) -> Result<words::Names, Fault> {
        let of = |pick: fn(&Listed) -> [Option<u128>; 2]| -> Vec<u128> {
            lines.iter().flat_map(pick).flatten().collect::<BTreeSet<_>>().into_iter().collect()
        };
        let searches = of(|one| [Some(one.open.1).filter(|_| one.open.0 == super::SEARCH), None]);
        Ok(words::Names {
            companies: identity::company_names(self.db, self.market, &of(|one| [one.company, one.other])).await?,
            people: identity::user_names(self.db, &of(|one| [one.person, None])).await?,
            searches: search::titled(self.db, self.market, user, &searches).await?,
        })
    }
}

/// The notices of a letter, the newest first, of companies the reader still sits in; and the identifiers of all that waited.
async fn lines(
    db: &Database,
    tx: &DatabaseTransaction,
    market: u128,
    (user, letters, before): Wanted,
) -> Result<(Vec<Listed>, Vec<u128>), Fault> {
    let sql = format!(
        "SELECT {}, CAST(CASE WHEN {} THEN 1 ELSE 0 END AS BIGINT) AS seated FROM notice n WHERE n.market_id = $1 AND n.user_id = $2 AND n.mail = $3 \
         AND n.day < $4 ORDER BY n.seq DESC, n.id DESC LIMIT {LINES_MAX}{}",
        columns(),
        seated("n"),
        db.lock_clause()
    );
    let values = vec![rows::id(market), rows::id(user), letters.as_str().into(), before.into()];
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    for row in rows::query(tx, sql, values).await? {
        let one = listed(&row)?;
        ids.push(one.id);
        if row.try_get::<i64>("", "seated")? != 0 {
            lines.push(one);
        }
    }
    Ok((lines, ids))
}

async fn mark(tx: &DatabaseTransaction, market: u128, ids: &[u128], mail: &'static str) -> Result<(), Fault> {
    for part in ids.chunks(100) {
        let places: Vec<String> = (3..part.len() + 3).map(|n| format!("${n}")).collect();
        let sql = format!("UPDATE notice SET mail = $2 WHERE market_id = $1 AND id IN ({})", places.join(","));
        let values = [rows::id(market), mail.into()].into_iter().chain(part.iter().map(|id| rows::id(*id))).collect();
        rows::execute(tx, sql, values).await?;
    }
    Ok(())
}
