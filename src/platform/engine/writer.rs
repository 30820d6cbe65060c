//! The single writer of SQLite: one thread, one queue with a written bound, groups as large as the queue is long.

use super::command::{Receipt, Request};
use super::due::Fired;
use super::group::{Core, Verdict, fault_of};
use crate::platform::problem::{Failure, Fault, Refusal};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Requests waiting at most (CON-8); beyond that the caller gets 503.
const QUEUE_MAX: usize = 4_096;
/// Commands decided and committed together at most.
const GROUP_MAX: usize = 128;

enum Work {
    One(Arc<Request>, oneshot::Sender<Verdict>),
    Due(u128, oneshot::Sender<Result<Fired, Failure>>),
    Follow(u128, oneshot::Sender<Result<u64, Failure>>),
}

pub(super) struct Writer {
    queue: mpsc::Sender<Work>,
}

impl Writer {
    pub fn start(core: Core) -> Result<Self, Fault> {
        let (queue, work) = mpsc::channel(QUEUE_MAX);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || runtime.block_on(drain(core, work)))?;
        Ok(Self { queue })
    }

    pub async fn send(&self, request: Request) -> Verdict {
        let (answer, verdict) = oneshot::channel();
        self.push(Work::One(Arc::new(request), answer)).await?;
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

async fn drain(core: Core, mut work: mpsc::Receiver<Work>) {
    let mut waiting = Vec::with_capacity(GROUP_MAX);
    while work.recv_many(&mut waiting, GROUP_MAX).await > 0 {
        let (mut requests, mut answers, mut due, mut follow) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for item in waiting.drain(..) {
            match item {
                Work::One(request, answer) => {
                    requests.push(request);
                    answers.push(answer);
                }
                Work::Due(market, answer) => due.push((market, answer)),
                Work::Follow(market, answer) => follow.push((market, answer)),
            }
        }
        if !requests.is_empty() {
            for (answer, verdict) in answers.into_iter().zip(run_group(&core, &requests).await) {
                let _ = answer.send(verdict);
            }
        }
        for (market, answer) in due {
            let _ = answer.send(core.run_due(market).await);
        }
        for (market, answer) in follow {
            let _ = answer.send(core.follow(market).await);
        }
    }
}

/// Runs the group; when a constraint refused it, replays its commands one by one so that only the guilty one fails.
async fn run_group(core: &Core, requests: &[Arc<Request>]) -> Vec<Verdict> {
    match core.run(requests).await {
        Ok(verdicts) => verdicts,
        Err(fault) if requests.len() == 1 => requests.first().map(|r| Err(fault_of(r, fault))).into_iter().collect(),
        Err(_) => {
            let mut verdicts: Vec<Verdict> = Vec::with_capacity(requests.len());
            for request in requests {
                let alone: Result<Vec<Result<Receipt, Failure>>, Fault> = core.run(std::slice::from_ref(request)).await;
                verdicts.push(match alone {
                    Ok(mut one) => one.pop().unwrap_or_else(|| Err(Fault::new("no verdict").into())),
                    Err(fault) => Err(fault_of(request, fault)),
                });
            }
            verdicts
        }
    }
}
