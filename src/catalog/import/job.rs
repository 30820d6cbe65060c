//! An import in the background: kept with its progress, so that a restart goes on where it stopped.

use super::rows::{COLUMNS, GoodsRow, OPTIONAL, goods};
use super::run::{Item, Outcome, Runner};
use super::{CHUNK, ImportSummary, RowError, store, text};
use crate::catalog::read;
use crate::platform::access::{Actor, Scope};
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::sabotage::{self, Guard};
use crate::platform::web::AppState;
use entrepot_domain::kernel::Role;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

/// Imports at work at a time; the others wait.
static AT_WORK: Semaphore = Semaphore::const_new(2);
/// Chunks between two notes of the progress.
const CHUNKS_PER_NOTE: usize = 8;
/// A job of another node that noted nothing for so long is taken over.
const SILENCE: Duration = Duration::from_secs(30);

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportState)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Under way, or waiting for its turn.
    Running,
    /// All lines were looked at.
    Done,
    /// Stopped by a fault; the lines before are kept.
    Failed,
}

impl Status {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed].into_iter().find(|s| s.as_str() == word)
    }
}

/// What is kept of a job beside its keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Progress {
    /// Nothing is written.
    pub dry_run: bool,
    /// Lines in the file, once it was read.
    pub rows: u64,
    /// What was done so far.
    pub summary: ImportSummary,
    /// The file's SHA-256.
    pub file: String,
    /// The role of who started it.
    pub role: Role,
    /// Real time of the last note.
    pub noted_at: i64,
}

/// An import.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its market.
    pub market: u128,
    /// Its identifier.
    pub id: u128,
    /// The company whose goods it imports.
    pub company: u128,
    /// Who started it.
    pub user: u128,
    /// Where it stands.
    pub status: Status,
    /// Real time it was started.
    pub created_at: i64,
    /// How far it is.
    pub progress: Progress,
}

/// A job as its company sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportJob)]
pub struct JobView {
    id: String,
    state: Status,
    dry_run: bool,
    rows: u64,
    done: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    failed: u64,
    /// Up to 1,000 complaints.
    errors: Vec<RowError>,
}

/// Starts an import of a company's goods; answers the job's identifier.
///
/// Errors: 422 `import.encoding` or `import.header`; 409 `import.running` while another import of the company runs.
pub async fn start(
    state: &AppState,
    actor: &Actor,
    company: u128,
    body: &[u8],
    dry_run: bool,
) -> Result<u128, Failure> {
    text::check_header(text::decode(body)?, COLUMNS, OPTIONAL)?;
    let now = state.engine.clock().now();
    let file = state.files.put(body).await?;
    let job = Job {
        market: actor.market,
        id: state.engine.ids().next(),
        company,
        user: actor.user,
        status: Status::Running,
        created_at: now,
        progress: Progress {
            dry_run,
            rows: 0,
            summary: ImportSummary::default(),
            file,
            role: actor.role,
            noted_at: now,
        },
    };
    if !store::insert(state.engine.db(), &job).await? {
        return Err(Refusal::new(409, "import.running", "An import of this company is under way.").into());
    }
    let id = job.id;
    tokio::task::spawn(attend(state.clone(), job));
    Ok(id)
}

/// A job of the reader's company.
///
/// Errors: 404 for any other.
pub async fn show(state: &AppState, scope: &Scope, id: u128) -> Result<JobView, Failure> {
    let job = store::load(state.engine.db(), scope.market(), id).await?;
    let own = |j: &Job| scope.actor().company == Some(j.company) || sabotage::skips(Guard::ImportCompany);
    let job = job.filter(own).ok_or_else(Refusal::not_found)?;
    let ImportSummary { done, created, updated, unchanged, failed, errors, .. } = job.progress.summary;
    Ok(JobView {
        id: format!("{:032x}", job.id),
        state: job.status,
        dry_run: job.progress.dry_run,
        rows: job.progress.rows,
        done,
        created,
        updated,
        unchanged,
        failed,
        errors,
    })
}

/// Takes up the imports a crash interrupted. Lines done since the last note are found unchanged.
pub async fn resume_imports(state: &AppState) -> Result<(), Failure> {
    for job in store::running(state.engine.db()).await? {
        tracing::info!(job = %format!("{:032x}", job.id), "taking up an interrupted import");
        if state.engine.db().single_writer() {
            tokio::task::spawn(attend(state.clone(), job));
        } else {
            tokio::task::spawn(take_over(state.clone(), job));
        }
    }
    Ok(())
}

/// Where several nodes share the database the job may be alive on another one: wait whether it notes progress.
async fn take_over(state: AppState, job: Job) {
    tokio::time::sleep(SILENCE).await;
    match store::load(state.engine.db(), job.market, job.id).await {
        Ok(Some(now)) if now.status == Status::Running && now.progress.noted_at == job.progress.noted_at => {
            attend(state, now).await
        }
        Ok(_) => {}
        Err(fault) => tracing::error!(error = %fault, "an interrupted import could not be looked up"),
    }
}

/// Works a job off; whatever stops it leaves it marked.
async fn attend(state: AppState, job: Job) {
    let (market, id) = (job.market, job.id);
    let stopped = match tokio::task::spawn(work(state.clone(), job)).await {
        Ok(Ok(())) => return,
        Ok(Err(failure)) => failure.to_string(),
        // The process is going down: the next start takes the job up.
        Err(error) if error.is_cancelled() => return,
        Err(error) => error.to_string(),
    };
    tracing::error!(error = %stopped, job = %format!("{id:032x}"), "an import failed");
    if let Err(fault) = fail(&state, market, id).await {
        tracing::error!(error = %fault, "a failed import could not be marked");
    }
}

async fn fail(state: &AppState, market: u128, id: u128) -> Result<(), Fault> {
    let Some(mut job) = store::load(state.engine.db(), market, id).await? else {
        return Ok(());
    };
    job.status = Status::Failed;
    let words = "the import was stopped by a fault; send the file again";
    job.progress.summary.errors.push(RowError::new(0, None, "import.stopped", words));
    store::save(state.engine.db(), &job).await
}

async fn work(state: AppState, mut job: Job) -> Result<(), Failure> {
    let _turn = AT_WORK.acquire().await.map_err(|e| Fault::new(e.to_string()))?;
    let bytes = state.files.get(&job.progress.file).await?;
    let read = tokio::task::spawn_blocking(move || goods(text::decode(&bytes)?, false));
    let rows: Vec<GoodsRow> = read.await.map_err(|e| Fault::new(e.to_string()))??;
    job.progress.rows = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let supplier = read::supplier(state.engine.db(), job.market, job.company).await?;
    let actor =
        Actor { market: job.market, user: job.user, session: 0, company: Some(job.company), role: job.progress.role };
    let mut runner = Runner::new(&state, actor, job.progress.dry_run);
    runner.know(&supplier).await?;
    let left = rows.get(usize::try_from(job.progress.summary.done).unwrap_or(0)..).unwrap_or(&[]);
    for (n, chunk) in left.chunks(CHUNK).enumerate() {
        if state.life.is_stopping() {
            // Left as running: the next start takes it up here.
            return note(&state, &mut job).await;
        }
        if n % CHUNKS_PER_NOTE == 0 {
            note(&state, &mut job).await?;
        }
        for outcome in run_chunk(&runner, chunk, |_| Some(job.company)).await? {
            job.progress.summary.count(outcome);
        }
    }
    job.status = Status::Done;
    note(&state, &mut job).await
}

async fn note(state: &AppState, job: &mut Job) -> Result<(), Failure> {
    job.progress.noted_at = state.engine.clock().now();
    Ok(store::save(state.engine.db(), job).await?)
}

/// Executes the readable lines of a chunk; outcomes stand in the order of the lines.
pub async fn run_chunk(
    runner: &Runner<'_>,
    chunk: &[GoodsRow],
    supplier: impl Fn(&GoodsRow) -> Option<u128>,
) -> Result<Vec<Outcome>, Failure> {
    let (mut items, mut failed) = (Vec::with_capacity(chunk.len()), Vec::with_capacity(chunk.len()));
    for row in chunk {
        let outcome = match (&row.draft, &row.cells, supplier(row)) {
            (Err(errors), _, _) => Some(Outcome::Failed(errors.clone())),
            (Ok(draft), Some(cells), Some(supplier)) => {
                let (draft, cells) = (draft.clone(), Arc::clone(cells));
                items.push(Item { line: row.line, supplier, draft, said: row.said, cells });
                None
            }
            (Ok(_), _, _) => {
                let words = "no company of this market has this registration number";
                Some(Outcome::Failed(vec![RowError::new(
                    row.line,
                    Some("supplier_registration"),
                    "import.supplier_unknown",
                    words,
                )]))
            }
        };
        failed.push(outcome);
    }
    let mut ran = runner.run(&items).await?.into_iter();
    Ok(failed.into_iter().filter_map(|outcome| outcome.or_else(|| ran.next())).collect())
}
