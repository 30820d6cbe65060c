//! Keeps import jobs: one row each, rewritten as the job goes on.

use super::job::{Job, Progress, Status};
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use sea_orm::{QueryResult, Value};

const COLUMNS: &str = "market_id, id, company_id, user_id, status, state, created_at";

fn job(row: &QueryResult) -> Result<Job, Fault> {
    let (status, state): (String, String) = (row.try_get("", "status")?, row.try_get("", "state")?);
    let progress: Progress = serde_json::from_str(&state)?;
    Ok(Job {
        market: rows::get_id(row, "market_id")?,
        id: rows::get_id(row, "id")?,
        company: rows::get_id(row, "company_id")?,
        user: rows::get_id(row, "user_id")?,
        status: Status::parse(&status).ok_or_else(|| Fault::new(format!("unknown job status {status}")))?,
        created_at: row.try_get("", "created_at")?,
        progress,
    })
}

/// Adds a job, unless its company has one running; false then.
pub async fn insert(db: &Database, job: &Job) -> Result<bool, Fault> {
    let sql = format!(
        "INSERT INTO import_job ({COLUMNS}) SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS \
         (SELECT 1 FROM import_job j WHERE j.market_id = $1 AND j.company_id = $3 AND j.status = 'running')"
    );
    let values: Vec<Value> = vec![
        rows::id(job.market),
        rows::id(job.id),
        rows::id(job.company),
        rows::id(job.user),
        job.status.as_str().into(),
        serde_json::to_string(&job.progress)?.into(),
        job.created_at.into(),
    ];
    Ok(rows::execute(db.write(), sql, values).await? == 1)
}

/// Writes a job's progress.
pub async fn save(db: &Database, job: &Job) -> Result<(), Fault> {
    let sql = "UPDATE import_job SET status = $3, state = $4 WHERE market_id = $1 AND id = $2";
    let state = serde_json::to_string(&job.progress)?;
    let values = vec![rows::id(job.market), rows::id(job.id), job.status.as_str().into(), state.into()];
    rows::execute(db.write(), sql, values).await.map(|_| ())
}

/// A job of a market.
pub async fn load(db: &Database, market: u128, id: u128) -> Result<Option<Job>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM import_job WHERE market_id = $1 AND id = $2");
    rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(id)]).await?.as_ref().map(job).transpose()
}

/// All jobs under way, in all markets.
pub async fn running(db: &Database) -> Result<Vec<Job>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM import_job WHERE status = 'running' ORDER BY created_at, id");
    rows::query(db.read(), sql, Vec::new()).await?.iter().map(job).collect()
}
