//! The independent checker behind `entrepot verify` and `POST /admin/prove`.
//!
//! It reads tables and event bytes and recomputes what must follow; it shares types with the service but none of its
//! decisions, and never calls `evolve`. Of the domain's rules it asks one: which deadlines an order has. One reading transaction sees one moment; everything is read in pages, so memory
//! stays bounded however long the log is. That each check can fail is proved by its tests, which tamper with a healthy market.

mod books;
mod chain;
mod journal;
mod orders;
mod records;
mod report;
mod states;
mod stock;
#[cfg(test)]
pub(crate) mod tests;

pub use report::{Check, Checked, Finding, Head, Report};

use super::snapshot;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use sea_orm::DatabaseTransaction;
use std::time::Instant;

/// Rows read at once.
const PAGE: usize = 500;

/// One market under examination.
struct Exam<'a> {
    tx: &'a DatabaseTransaction,
    market: u128,
    /// True where events are sealed in their own transaction, so that none may wait.
    single_writer: bool,
}

/// Examines one market, or all when `market` is `None`.
///
/// Errors: only when the database cannot be read; what does not hold is a finding.
pub async fn verify(db: &Database, market: Option<u128>) -> Result<Report, Fault> {
    let started = Instant::now();
    let mut report = Report::default();
    let tx = snapshot(db).await?;
    let markets = match market {
        Some(one) => vec![one],
        None => all_markets(&tx).await?,
    };
    for market in markets {
        let exam = Exam { tx: &tx, market, single_writer: db.single_writer() };
        report.checked.markets += 1;
        chain::check(&exam, &mut report).await?;
        books::check(&exam, &mut report).await?;
        orders::check(&exam, &mut report).await?;
        records::check(&exam, &mut report).await?;
        stock::check(&exam, &mut report).await?;
        states::check(&exam, &mut report).await?;
    }
    tx.rollback().await?;
    report.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

/// Holds the log against heads that were exported earlier: each must still be there (AUD-2).
///
/// Errors: only when the database cannot be read.
pub async fn hold_heads(db: &Database, heads: &[Head], report: &mut Report) -> Result<(), Fault> {
    let tx = snapshot(db).await?;
    for head in heads {
        chain::hold_head(&tx, head, report).await?;
    }
    Ok(tx.rollback().await?)
}

async fn all_markets(tx: &DatabaseTransaction) -> Result<Vec<u128>, Fault> {
    let sql = "SELECT market_id FROM market UNION SELECT market_id FROM event UNION SELECT market_id FROM account ORDER BY market_id";
    rows::query(tx, sql, Vec::new()).await?.iter().map(|row| rows::get_id(row, "market_id")).collect()
}

impl Exam<'_> {
    /// Runs a statement whose only parameter is the market; each row it gives is a finding.
    async fn refute(
        &self,
        report: &mut Report,
        check: Check,
        sql: &str,
        tell: impl Fn(&sea_orm::QueryResult) -> Result<String, Fault>,
    ) -> Result<(), Fault> {
        for row in rows::query(self.tx, format!("{sql} LIMIT {PAGE}"), vec![rows::id(self.market)]).await? {
            report.find(self.market, check, tell(&row)?);
        }
        Ok(())
    }
}
