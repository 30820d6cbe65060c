//! The writer: one thread, one queue with a written bound, groups as large as the queue is long.
//!
//! SQLite has one for the whole database. On PostgreSQL each node has one: a group is one transaction with one commit,
//! where a transaction for each command would pay some fifteen round trips and a commit of its own.

use super::command::Request;
use super::due::Fired;
use super::group::{Core, Verdict, fault_of};
use crate::platform::metrics::door as metrics;
use crate::platform::problem::{Failure, Fault, Refusal};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};

/// Requests waiting at most (CON-8); beyond that the caller gets 503.
const QUEUE_MAX: usize = 4_096;
/// Commands decided and committed together at most.
const GROUP_MAX: usize = 128;
/// How long a group waits for more at a time, and how often at most.
const PAUSE: std::time::Duration = std::time::Duration::from_micros(50);
const PAUSES_MAX: u32 = 4;
/// How often a transaction is tried again when the database asks for it (CON-6).
const RETRIES_MAX: u32 = 5;

enum Work {
    One(Arc<Request>, oneshot::Sender<Verdict>, Instant),
    Due(u128, oneshot::Sender<Result<Fired, Failure>>),
    Follow(u128, oneshot::Sender<Result<u64, Failure>>),
}

pub(super) struct Writer {
    queue: mpsc::Sender<Work>,
}

impl Writer {
    pub fn start(core: Arc<Core>) -> Result<Self, Fault> {
        let (queue, work) = mpsc::channel(QUEUE_MAX);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || runtime.block_on(drain(&core, work)))?;
        Ok(Self { queue })
    }

    /// Places of the queue that are taken.
    pub fn waiting(&self) -> i64 {
        i64::try_from(self.queue.max_capacity() - self.queue.capacity()).unwrap_or(i64::MAX)
    }

    pub async fn send(&self, request: Arc<Request>) -> Verdict {
        let (answer, verdict) = oneshot::channel();
        self.push(Work::One(request, answer, Instant::now())).await?;
        verdict.await.unwrap_or_else(|_| Err(Fault::new("the writer stopped").into()))
    }

    pub async fn run_due(&self, market: u128) -> Result<Fired, Failure> {
        let (answer, verdict) = oneshot::channel();
        self.push(Work::Due(market, answer)).await?;
        verdict.await.unwrap_or_else(|_| Err(Fault::new("the writer stopped").into()))
    }

    pub async fn follow(&self, market: u128) -> Result<u64, Failure> {
        let (answer, verdict) = oneshot::channel();
        self.push(Work::Follow(market, answer)).await?;
        verdict.await.unwrap_or_else(|_| Err(Fault::new("the writer stopped").into()))
    }

    async fn push(&self, work: Work) -> Result<(), Failure> {
        let waited = tokio::time::timeout(std::time::Duration::from_secs(5), self.queue.send(work)).await;
        match waited {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Fault::new("the writer stopped").into()),
            Err(_) => Err(Refusal::new(503, "busy", "Too many requests are waiting.").into()),
        }
    }
}

async fn drain(core: &Core, mut work: mpsc::Receiver<Work>) {
    let (mut waiting, mut before) = (Vec::with_capacity(GROUP_MAX), 0);
    while work.recv_many(&mut waiting, GROUP_MAX).await > 0 {
        gather(&mut work, &mut waiting, before);
        before = waiting.len();
        let (mut requests, mut answers, mut due, mut follow) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for item in waiting.drain(..) {
            match item {
                Work::One(request, answer, since) => {
                    metrics::WAITED.time(since.elapsed());
                    requests.push(request);
                    answers.push(answer);
                }
                Work::Due(market, answer) => due.push((market, answer)),
                Work::Follow(market, answer) => follow.push((market, answer)),
            }
        }
        if !requests.is_empty() {
            metrics::GROUP.observe(u64::try_from(requests.len()).unwrap_or(u64::MAX));
            for (answer, verdict) in answers.into_iter().zip(run_group(core, &requests).await) {
                let _ = answer.send(verdict);
            }
        }
        for (market, answer) in due {
            let _ = answer.send(due_again(core, market).await);
        }
        for (market, answer) in follow {
            let _ = answer.send(core.follow(market).await);
        }
        if let Some(checkpoints) = core.db.checkpoints()
            && let Err(fault) = checkpoints.finish(core.db.write()).await
        {
            core.db.storage().note(&fault);
            tracing::warn!(error = %fault, "the write-ahead log could not be copied");
        }
    }
}

/// Waits a moment for those who are about to come: callers of the group before, who have their answers and ask again. Without it
/// the first of them is a group of its own, with a flush of its own, and all others wait for that.
///
/// A lone caller comes alone and waits for nobody.
fn gather(work: &mut mpsc::Receiver<Work>, waiting: &mut Vec<Work>, before: usize) {
    let wanted = before.min(GROUP_MAX);
    for _ in 0..PAUSES_MAX {
        if waiting.len() >= wanted {
            return;
        }
        // The thread is the writer's own, and a timer of the runtime has milliseconds.
        std::thread::sleep(PAUSE);
        let known = waiting.len();
        while waiting.len() < GROUP_MAX
            && let Ok(item) = work.try_recv()
        {
            waiting.push(item);
        }
        if waiting.len() == known {
            return;
        }
    }
}

/// Runs the group; when a constraint refused it, replays its commands one by one so that only the guilty one fails.
///
/// When the storage failed nothing is tried again: all learn of it, and the connection is not used a second time.
async fn run_group(core: &Core, requests: &[Arc<Request>]) -> Vec<Verdict> {
    match run_again(core, requests).await {
        Ok(verdicts) => verdicts,
        Err(Fault { trouble: Some(trouble), .. }) => {
            requests.iter().map(|_| Err(Fault::of_trouble(trouble).into())).collect()
        }
        Err(fault) if requests.len() == 1 => requests.first().map(|r| Err(fault_of(r, fault))).into_iter().collect(),
        Err(_) => {
            let mut verdicts: Vec<Verdict> = Vec::with_capacity(requests.len());
            for request in requests {
                verdicts.push(match run_again(core, std::slice::from_ref(request)).await {
                    Ok(mut one) => one.pop().unwrap_or_else(|| Err(Fault::new("no verdict").into())),
                    Err(fault) => Err(fault_of(request, fault)),
                });
            }
            verdicts
        }
    }
}

/// Runs the requests in one transaction, again when the database asks for it.
async fn run_again(core: &Core, requests: &[Arc<Request>]) -> Result<Vec<Verdict>, Fault> {
    let mut tries = 0;
    loop {
        match core.run(requests).await {
            Err(fault) if fault.retry && tries < RETRIES_MAX => {
                tries += 1;
                metrics::RETRIES.add(1);
                tokio::time::sleep(std::time::Duration::from_millis(u64::from(tries) * 7)).await;
            }
            outcome => return outcome,
        }
    }
}

/// Fires a batch of deadlines, again when another node's commands were in the way.
async fn due_again(core: &Core, market: u128) -> Result<Fired, Failure> {
    let mut tries = 0;
    loop {
        match core.run_due(market).await {
            Err(Failure::Failed(fault)) if fault.retry && tries < RETRIES_MAX => {
                tries += 1;
                tokio::time::sleep(std::time::Duration::from_millis(u64::from(tries) * 7)).await;
            }
            outcome => return outcome,
        }
    }
}
