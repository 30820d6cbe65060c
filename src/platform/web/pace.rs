//! The pace of a body: who sends one must send it, not hold a place with it.
//!
//! A body may rest for five seconds at most, and after its first five it must have come in at 8 KiB a second on average.

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::stream::Stream;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, Sleep};

/// Longest rest, and the time in which no pace is asked for.
const REST_MAX: Duration = Duration::from_secs(5);
/// Bytes a second.
const PACE_MIN: u64 = 8 * 1024;

/// A body that is held to its pace.
pub struct Paced {
    body: Payload,
    rest_max: Duration,
    started: Instant,
    received: u64,
    due: Pin<Box<Sleep>>,
    /// Told, by being dropped, when the body is there or is no longer wanted.
    done: Option<oneshot::Sender<()>>,
}

impl Paced {
    /// The body, and a signal that comes when it is through.
    pub fn new(body: Payload) -> (Self, oneshot::Receiver<()>) {
        Self::resting(body, REST_MAX)
    }

    fn resting(body: Payload, rest_max: Duration) -> (Self, oneshot::Receiver<()>) {
        let (done, through) = oneshot::channel();
        let (started, due) = (Instant::now(), Box::pin(tokio::time::sleep(rest_max)));
        (Self { body, rest_max, started, received: 0, due, done: Some(done) }, through)
    }

    fn received(&mut self, bytes: usize) {
        self.received += u64::try_from(bytes).unwrap_or(u64::MAX);
        let earned = Duration::from_millis(self.received.saturating_mul(1_000) / PACE_MIN);
        let due = (self.started + self.rest_max + earned).min(Instant::now() + self.rest_max);
        self.due.as_mut().reset(due);
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match Pin::new(&mut self.body).poll_next(context) {
            Poll::Ready(Some(Ok(chunk))) => {
                self.received(chunk.len());
                Poll::Ready(Some(Ok(chunk)))
            }
            Poll::Ready(end) => {
                self.done = None;
                Poll::Ready(end)
            }
            Poll::Pending if self.due.as_mut().poll(context).is_ready() => {
                self.done = None;
                Poll::Ready(Some(Err(PayloadError::Io(std::io::ErrorKind::TimedOut.into()))))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    /// Chunks of so many bytes, each after so many milliseconds. Answers how many bytes came through.
    async fn sent(chunks: &[(usize, u64)], rest_ms: u64) -> usize {
        let chunks = chunks.to_vec();
        let body = futures_util::stream::iter(chunks).then(|(bytes, wait)| async move {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            Ok::<_, PayloadError>(Bytes::from(vec![0; bytes]))
        });
        let payload: Payload = Payload::Stream { payload: Box::pin(body) as Pin<Box<dyn Stream<Item = _>>> };
        let (paced, _through) = Paced::resting(payload, Duration::from_millis(rest_ms));
        let got: Vec<_> = paced.take_while(|chunk| std::future::ready(chunk.is_ok())).collect().await;
        got.iter().map(|chunk| chunk.as_ref().map_or(0, Bytes::len)).sum()
    }

    #[tokio::test]
    async fn a_steady_sender_gets_through_and_a_dripping_or_resting_one_does_not() {
        assert_eq!(sent(&[(16 * 1024, 1); 30], 60_000).await, 30 * 16 * 1024);
        assert_eq!(sent(&[(1, 1); 30], 60_000).await, 30, "nobody asks for a pace at first");
        assert!(sent(&[(1, 20); 30], 100).await < 30);
        assert_eq!(sent(&[(1_000_000, 0), (1, 5_000)], 50).await, 1_000_000);
    }

    #[tokio::test]
    async fn the_signal_comes_when_the_body_is_there() {
        let body = futures_util::stream::iter([Ok::<_, PayloadError>(Bytes::from_static(b"x"))]);
        let (mut paced, mut through) =
            Paced::new(Payload::Stream { payload: Box::pin(body) as Pin<Box<dyn Stream<Item = _>>> });

        assert!(paced.next().await.is_some());
        assert!(through.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Empty));
        assert!(paced.next().await.is_none());
        assert!(through.await.is_err(), "dropped, which is the signal");
    }
}
