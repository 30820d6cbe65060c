//! The books as a whole: account rows against postings, floors, client money, and rows that belong to nothing.

use super::Exam;
use super::report::{Check, Report, hex};
use crate::audit::read::{Sums, kind_sums, pending_sums};
use crate::platform::problem::Fault;
use crate::platform::rows;
use sea_orm::QueryResult;
use std::collections::BTreeMap;

/// Account rows read at once; more than one owner can have, so that an owner is never torn.
const ACCOUNTS_PAGE: usize = 4_000;

/// Owner, kind, part, currency.
type Name = (u128, String, i64, String);

/// Checks the books of the market.
pub(super) async fn check(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    accounts(exam, report).await?;
    floors(exam, report).await?;
    client_money(exam, report).await?;
    natural_keys(exam, report).await?;
    orphans(exam, report).await
}

fn name(row: &QueryResult) -> Result<Name, Fault> {
    Ok((
        rows::get_id(row, "owner_id")?,
        row.try_get("", "kind")?,
        row.try_get("", "part")?,
        row.try_get("", "currency")?,
    ))
}

fn told(name: &Name) -> String {
    format!("{} of {} part {} {}", name.1, hex(name.0), name.2, name.3)
}

/// A posting in the natural direction of its account: assets and expenses grow by debits, the rest by credits.
fn natural(kind: &str, amount: i128) -> i128 {
    if kind.starts_with("A.") || kind.starts_with("X.") { amount } else { -amount }
}

/// Compares every account row with the sum of its postings, owner by owner.
///
/// Platform-owned accounts follow when events are sealed; what waits for its seal is not expected in them yet.
async fn accounts(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let pending = pending_by_account(exam).await?;
    let sql = format!(
        "SELECT owner_id, kind, part, currency, balance FROM account WHERE market_id = $1 AND owner_id >= $2 \
         ORDER BY owner_id, kind, part, currency LIMIT {ACCOUNTS_PAGE}"
    );
    let mut from = 0_u128;
    loop {
        let page = rows::query(exam.tx, sql.as_str(), vec![rows::id(exam.market), rows::id(from)]).await?;
        let mut found: Vec<(Name, i64)> = Vec::with_capacity(page.len());
        for row in &page {
            found.push((name(row)?, row.try_get("", "balance")?));
        }
        let upto = upper_end(&mut found, page.len() == ACCOUNTS_PAGE);
        report.checked.accounts += u64::try_from(found.len()).unwrap_or(0);
        let mut sums = posting_sums(exam, from, upto).await?;
        for (account, balance) in found {
            let sum = sums.remove(&account).unwrap_or(0);
            let waiting = if account.1.starts_with("L.") { 0 } else { pending.get(&account).copied().unwrap_or(0) };
            let due = natural(&account.1, sum - waiting);
            report.must(i128::from(balance) == due, exam.market, Check::AccountSum, || {
                format!("{} has {balance}, its postings give {due}", told(&account))
            });
        }
        for (account, sum) in sums {
            let waiting = if account.1.starts_with("L.") { 0 } else { pending.get(&account).copied().unwrap_or(0) };
            report.must(sum == waiting, exam.market, Check::AccountSum, || {
                format!("{} has no row, its postings give {}", told(&account), natural(&account.1, sum - waiting))
            });
        }
        match upto.checked_add(1) {
            Some(next) => from = next,
            None => return Ok(()),
        }
    }
}

/// Gives the last owner of a page and drops a torn owner; the last page reaches to the end of all owners.
fn upper_end(found: &mut Vec<(Name, i64)>, full: bool) -> u128 {
    let (Some(first), Some(last)) = (found.first().map(|a| a.0.0), found.last().map(|a| a.0.0)) else {
        return u128::MAX;
    };
    if !full {
        return u128::MAX;
    }
    if first != last {
        found.retain(|a| a.0.0 != last);
    }
    found.last().map_or(u128::MAX, |a| a.0.0)
}

async fn posting_sums(exam: &Exam<'_>, from: u128, upto: u128) -> Result<BTreeMap<Name, i128>, Fault> {
    let sql = "SELECT owner_id, kind, part, currency, CAST(SUM(amount) AS BIGINT) AS total FROM posting \
        WHERE market_id = $1 AND owner_id >= $2 AND owner_id <= $3 GROUP BY owner_id, kind, part, currency";
    let values = vec![rows::id(exam.market), rows::id(from), rows::id(upto)];
    let found = rows::query(exam.tx, sql, values).await?;
    found.iter().map(|row| Ok((name(row)?, i128::from(row.try_get::<i64>("", "total")?)))).collect()
}

async fn pending_by_account(exam: &Exam<'_>) -> Result<BTreeMap<Name, i128>, Fault> {
    let sql = "SELECT p.owner_id, p.kind, p.part, p.currency, CAST(SUM(p.amount) AS BIGINT) AS total \
        FROM unsealed u JOIN posting p ON p.market_id = u.market_id AND p.event_id = u.event_id \
        WHERE u.market_id = $1 AND p.kind NOT LIKE 'L.%' GROUP BY p.owner_id, p.kind, p.part, p.currency";
    let found = rows::query(exam.tx, sql, vec![rows::id(exam.market)]).await?;
    found.iter().map(|row| Ok((name(row)?, i128::from(row.try_get::<i64>("", "total")?)))).collect()
}

/// No liability and no asset is below zero (trade.md c10.3); the foreign exchange position may be.
async fn floors(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT owner_id, kind, part, currency, balance FROM account \
        WHERE market_id = $1 AND balance < 0 AND kind <> 'FX.POSITION' ORDER BY owner_id, kind, part, currency";
    exam.refute(report, Check::NegativeAccount, sql, |row| {
        Ok(format!("{} has {}", told(&name(row)?), row.try_get::<i64>("", "balance")?))
    })
    .await
}

/// The client bank equals the client liabilities, by account rows and by postings.
async fn client_money(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let mut rows_say = kind_sums(exam.tx, exam.market).await?;
    for (key, delta) in pending_sums(exam.tx, exam.market).await? {
        *rows_say.entry(key).or_insert(0) += delta;
    }
    let sql = "SELECT kind, currency, CAST(SUM(amount) AS BIGINT) AS total FROM posting WHERE market_id = $1 GROUP BY kind, currency";
    let mut postings_say = Sums::new();
    for row in rows::query(exam.tx, sql, vec![rows::id(exam.market)]).await? {
        let (kind, total): (String, i64) = (row.try_get("", "kind")?, row.try_get("", "total")?);
        let total = natural(&kind, i128::from(total));
        postings_say.insert((row.try_get("", "currency")?, kind), total);
    }
    for (source, sums) in [("account rows", rows_say), ("postings", postings_say)] {
        for (currency, gap) in gaps(&sums) {
            report.must(gap == 0, exam.market, Check::ClientMoney, || {
                format!("by {source} the client bank exceeds the liabilities by {gap} {currency}")
            });
        }
    }
    Ok(())
}

fn gaps(sums: &Sums) -> BTreeMap<&str, i128> {
    let mut gaps: BTreeMap<&str, i128> = BTreeMap::new();
    for ((currency, kind), sum) in sums {
        let gap = gaps.entry(currency.as_str()).or_insert(0);
        if kind == "A.BANK.CLIENT" {
            *gap += sum;
        } else if kind.starts_with("L.") {
            *gap -= sum;
        }
    }
    gaps
}

/// MON-12 without trusting the constraint; at most one release and one refund per cell follows (ruling 13).
async fn natural_keys(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT natural_key, COUNT(*) AS n FROM journal WHERE market_id = $1 GROUP BY natural_key HAVING COUNT(*) > 1 ORDER BY natural_key";
    exam.refute(report, Check::NaturalKey, sql, |row| {
        Ok(format!("{} is booked {} times", row.try_get::<String>("", "natural_key")?, row.try_get::<i64>("", "n")?))
    })
    .await
}

/// The foreign keys forbid these; the checker does not trust them.
async fn orphans(exam: &Exam<'_>, report: &mut Report) -> Result<(), Fault> {
    let lost = "SELECT j.event_id, j.no FROM journal j LEFT JOIN event e ON e.market_id = j.market_id AND e.id = j.event_id \
        WHERE j.market_id = $1 AND e.id IS NULL ORDER BY j.event_id, j.no";
    exam.refute(report, Check::Orphan, lost, |row| {
        Ok(format!(
            "journal {} belongs to event {}, which is missing",
            row.try_get::<i64>("", "no")?,
            hex(rows::get_id(row, "event_id")?)
        ))
    })
    .await?;
    let lost = "SELECT p.event_id, p.journal_no, p.line_no FROM posting p \
        LEFT JOIN journal j ON j.market_id = p.market_id AND j.event_id = p.event_id AND j.no = p.journal_no \
        WHERE p.market_id = $1 AND j.no IS NULL ORDER BY p.event_id, p.journal_no, p.line_no";
    exam.refute(report, Check::Orphan, lost, |row| {
        let (journal, line): (i64, i64) = (row.try_get("", "journal_no")?, row.try_get("", "line_no")?);
        Ok(format!(
            "posting {line} belongs to journal {journal} of event {}, which is missing",
            hex(rows::get_id(row, "event_id")?)
        ))
    })
    .await?;
    Ok(())
}
