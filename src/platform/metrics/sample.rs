//! What is asked when somebody reads the page: queues, lags, pools. Each question is one short read.

use super::{Kind, Page};
use crate::platform::engine::Engine;
use crate::platform::problem::Failure;
use crate::platform::rows;

/// A number that was asked for just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Name of the metric.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub help: &'static str,
    /// Words that tell rows of one metric apart.
    pub labels: Vec<(&'static str, String)>,
    /// The number.
    pub value: i64,
}

impl Sample {
    /// A number without labels.
    pub fn plain(name: &'static str, help: &'static str, value: i64) -> Self {
        Self { name, help, labels: Vec::new(), value }
    }
}

/// Writes samples; rows of one metric stand together in the list.
pub(super) fn show(page: &mut Page, samples: &[Sample]) {
    let mut before = "";
    for sample in samples {
        if sample.name != before {
            page.head(sample.name, Kind::Gauge, sample.help);
            before = sample.name;
        }
        let labels: Vec<(&str, &str)> = sample.labels.iter().map(|(label, is)| (*label, is.as_str())).collect();
        page.row(sample.name, &labels, sample.value);
    }
}

/// What the door, the log, the jobs and the pools have to tell.
pub async fn of_engine(engine: &Engine) -> Result<Vec<Sample>, Failure> {
    let mut samples = Vec::new();
    for pool in engine.db().pools() {
        for (state, value) in [("busy", pool.open.saturating_sub(pool.idle)), ("idle", pool.idle)] {
            samples.push(Sample {
                name: "entrepot_database_connections",
                help: "Connections by pool and state.",
                labels: vec![("pool", pool.name.to_owned()), ("state", state.to_owned())],
                value: i64::from(value),
            });
        }
    }
    samples.push(Sample::plain("entrepot_door_queue_commands", "Commands waiting for the writer.", engine.waiting()));
    let streams = i64::try_from(engine.live().listeners()).unwrap_or(i64::MAX);
    samples.push(Sample::plain("entrepot_live_streams", "Live streams open on this node.", streams));
    let (unsealed, oldest) = unsealed(engine).await?;
    samples.push(Sample::plain(
        "entrepot_log_unsealed_events",
        "Events that wait for their place in the log.",
        unsealed,
    ));
    samples.push(Sample::plain("entrepot_log_seal_lag_seconds", "Age of the oldest of them.", oldest));
    let (overdue, lags) = markets(engine).await?;
    const OVERDUE: &str = "Deadlines that are due in markets whose clock runs, and not taken out yet.";
    samples.push(Sample::plain("entrepot_deadlines_overdue", OVERDUE, overdue));
    for (job, lag) in lags {
        samples.push(Sample {
            name: "entrepot_job_lag_events",
            help: "Sealed events a job has not taken yet, over all markets.",
            labels: vec![("job", job.to_owned())],
            value: lag,
        });
    }
    Ok(samples)
}

/// How many events are not sealed, and the age of the oldest in seconds.
async fn unsealed(engine: &Engine) -> Result<(i64, i64), Failure> {
    let sql = "SELECT COUNT(*) AS waiting, MIN(recorded_at) AS oldest FROM unsealed";
    let Some(row) = rows::query_one(engine.db().read(), sql, Vec::new()).await? else { return Ok((0, 0)) };
    let oldest: Option<i64> = row.try_get("", "oldest")?;
    let age = oldest.map_or(0, |at| (engine.clock().now() - at).max(0) / 1_000_000);
    Ok((row.try_get("", "waiting")?, age))
}

/// Overdue deadlines of running markets, and each job's lag.
async fn markets(engine: &Engine) -> Result<(i64, Vec<(&'static str, i64)>), Failure> {
    let mut lags: Vec<(&'static str, i64)> = engine.registry().jobs().map(|job| (job, 0)).collect();
    let mut overdue = 0;
    for row in rows::query(engine.db().read(), "SELECT market_id FROM market", Vec::new()).await? {
        let id = rows::get_id(&row, "market_id")?;
        let market = engine.market(id).await?;
        if !market.clock.paused {
            let now = market.now(engine.clock().now());
            let sql = "SELECT COUNT(*) AS n FROM deadline WHERE market_id = $1 AND due_at <= $2";
            overdue += number(engine, sql, vec![rows::id(id), now.0.into()]).await?;
        }
        for (job, lag) in &mut lags {
            let sql = "SELECT (SELECT COALESCE(MAX(seq), 0) FROM sealed WHERE market_id = $1) \
                - (SELECT COALESCE(MAX(seq), 0) FROM job_cursor WHERE market_id = $1 AND job = $2) AS n";
            *lag += number(engine, sql, vec![rows::id(id), (*job).into()]).await?;
        }
    }
    Ok((overdue, lags))
}

async fn number(engine: &Engine, sql: &str, values: Vec<sea_orm::Value>) -> Result<i64, Failure> {
    let row = rows::query_one(engine.db().read(), sql.to_owned(), values).await?;
    Ok(row.map(|r| r.try_get("", "n")).transpose()?.unwrap_or(0))
}
