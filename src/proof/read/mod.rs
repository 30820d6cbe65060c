//! Dossiers and the queue of the market's admins.

pub mod files;

use super::store;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row};
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::{Day, MarketTime, ProofId, Role, Zone};
use entrepot_domain::proof::{Claim, Dossier, ProofKind, plain};
use sea_orm::Value;
use std::collections::{BTreeSet, HashMap};

/// A company's claims; none for a company that never made one.
pub async fn dossier(db: &Database, market: u128, company: u128) -> Result<Dossier, Fault> {
    let sql = "SELECT state FROM proof_dossier WHERE market_id = $1 AND id = $2";
    let row = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(company)]).await?;
    row.map_or_else(|| Ok(Dossier::default()), |row| store::dossier(&row))
}

/// What companies have proved at a moment, each kind once in the order of kinds; those without a valid proof are absent.
pub async fn badges(
    db: &Database,
    scope: &Scope,
    companies: &[u128],
    (now, zone): (MarketTime, &Zone),
) -> Result<HashMap<u128, Vec<&'static str>>, Fault> {
    let keys = companies.iter().flat_map(|id| [rows::id(scope.market()), rows::id(*id)]).collect();
    let mut badges = HashMap::new();
    for row in rows::select_in(db.read(), "id, state", "proof_dossier", &["market_id", "id"], keys, "").await? {
        let dossier = store::dossier(&row)?;
        let valid: BTreeSet<_> = dossier.claims.iter().filter(|c| c.is_valid(now, zone)).map(|c| c.kind).collect();
        if !valid.is_empty() {
            badges.insert(rows::get_id(&row, "id")?, valid.into_iter().map(ProofKind::as_str).collect());
        }
    }
    Ok(badges)
}

/// The company whose claim this is.
///
/// Errors: 404 when the scope may not see it: only its company and the market's admins do.
pub async fn company_of(db: &Database, scope: &Scope, proof: u128) -> Result<u128, Failure> {
    let sql = "SELECT company_id FROM proof_claim WHERE market_id = $1 AND id = $2";
    let row = rows::query_one(db.read(), sql, vec![rows::id(scope.market()), rows::id(proof)]).await?;
    let company = rows::get_id(&row.ok_or_else(Refusal::not_found)?, "company_id")?;
    if sees(scope, company) { Ok(company) } else { Err(Refusal::not_found().into()) }
}

/// Whether the scope sees what a company shows for its claims.
pub fn sees(scope: &Scope, company: u128) -> bool {
    let actor = scope.actor();
    sabotage::skips(Guard::ProofCompany) || actor.company == Some(company) || actor.role == Role::Admin
}

/// A claim with its company's name and country.
pub struct Listed {
    /// The company.
    pub company: u128,
    /// Its name and country.
    pub named: (String, String),
    /// The claim.
    pub claim: Claim,
}

/// Which claims an admin looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Those that wait for a decision, the oldest first.
    Waiting,
    /// Confirmed ones that should be looked at again by this day, the longest due first.
    Recheck(Day),
}

impl Queue {
    /// The column it is ordered by, and its condition; `$2` holds the day.
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Waiting => ("submitted_at", "q.state = 'submitted' AND $2 = $2"),
            Self::Recheck(_) => ("recheck_on", "q.state = 'confirmed' AND q.recheck_on <= $2"),
        }
    }

    fn day(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Recheck(day) => i64::from(day.0),
        }
    }

    /// The place of a claim in the queue.
    pub fn place(self, claim: &Claim) -> i64 {
        match self {
            Self::Waiting => claim.submitted_at.0,
            Self::Recheck(_) => claim.recheck_on.map_or(0, |day| i64::from(day.0)),
        }
    }
}

fn queue_sql(market: u128, queue: Queue, after: Option<(i64, u128)>, limit: u32) -> (String, Vec<Value>) {
    let (column, condition) = queue.parts();
    let mut values = vec![rows::id(market), queue.day().into()];
    let mut behind = String::new();
    if let Some((place, id)) = after {
        values.extend([place.into(), rows::id(id)]);
        behind = format!(" AND (q.{column}, q.id) > ($3, $4)");
    }
    let sql = format!(
        "SELECT q.company_id, q.id, c.name, c.country, d.state FROM proof_claim q \
         JOIN company c ON c.market_id = q.market_id AND c.id = q.company_id \
         JOIN proof_dossier d ON d.market_id = q.market_id AND d.id = q.company_id \
         WHERE q.market_id = $1 AND {condition}{behind} ORDER BY q.{column}, q.id LIMIT {limit}"
    );
    (sql, values)
}

/// A page of a queue.
pub async fn queue(
    db: &Database,
    scope: &Scope,
    queue: Queue,
    after: Option<(i64, u128)>,
    limit: u32,
) -> Result<Vec<Listed>, Fault> {
    let (sql, values) = queue_sql(scope.market(), queue, after, limit);
    let listed = |row: &Row| -> Result<Option<Listed>, Fault> {
        let (company, proof) = (rows::get_id(row, "company_id")?, rows::get_id(row, "id")?);
        let named = (row.try_get("", "name")?, row.try_get("", "country")?);
        let claim = store::dossier(row)?.claim(ProofId(proof)).cloned();
        Ok(claim.map(|claim| Listed { company, named, claim }))
    };
    let found = rows::query(db.read(), sql, values).await?;
    found.iter().filter_map(|row| listed(row).transpose()).collect()
}

/// How many claims each queue holds, counted up to `most`.
pub async fn counts(db: &Database, scope: &Scope, today: Day, most: u32) -> Result<(i64, i64), Fault> {
    let count = |queue: Queue| {
        let condition = queue.parts().1;
        format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM proof_claim q WHERE q.market_id = $1 AND {condition} LIMIT {most}) w"
        )
    };
    let sql = format!("SELECT ({}) AS waiting, ({}) AS again", count(Queue::Waiting), count(Queue::Recheck(today)));
    let values = vec![rows::id(scope.market()), i64::from(today.0).into()];
    let row = rows::query_one(db.read(), sql, values).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.try_get("", "waiting")?, row.try_get("", "again")?)))
}

/// How many other companies of the market have made a claim of this kind with the same number, whatever became of it.
pub async fn same_number(db: &Database, scope: &Scope, company: u128, claim: &Claim) -> Result<i64, Fault> {
    let number = plain(&claim.paper.number);
    if number.is_empty() {
        return Ok(0);
    }
    let sql = "SELECT COUNT(DISTINCT company_id) AS n FROM proof_claim WHERE market_id = $1 AND kind = $2 \
        AND number_key = $3 AND company_id <> $4";
    let values = vec![rows::id(scope.market()), claim.kind.as_str().into(), number.into(), rows::id(company)];
    let row = rows::query_one(db.read(), sql, values).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_queues_walk_their_own_index_and_begin_where_the_last_page_ended() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/plan.db", folder.path().display())).await.unwrap();
        for (queue, index, seeks) in [
            (Queue::Waiting, "proof_claim__waiting", "submitted_at"),
            (Queue::Recheck(Day(20_000)), "proof_claim__recheck", "recheck_on"),
        ] {
            let (sql, values) = queue_sql(1, queue, Some((5, 7)), 30);
            let found = rows::query(db.read(), format!("EXPLAIN QUERY PLAN {sql}"), values).await.unwrap();
            let steps: Vec<String> = found.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            let walked = steps.iter().find(|step| step.contains(index));
            assert!(walked.is_some_and(|step| step.contains(seeks)), "{steps:?}");
            assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
        }
    }
}
