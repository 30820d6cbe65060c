//! What a request may cost before anybody looks at what it wants: how many from one address, how long its address and its
//! list of filters, how slowly its body, how long its answer.

use super::buckets::Buckets;
use super::caller;
use super::connections::{Bounds, Connection, Connections, UnderWay};
use super::pace::Paced;
use crate::config::Config;
use crate::platform::metrics;
use crate::platform::problem::{Failure, Fault, Refusal};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpRequest, ResponseError};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Semaphore, TryAcquireError, oneshot};

/// Longest query string, in bytes.
pub const QUERY_MAX: usize = 2_048;
/// The same for routes that say themselves what is too long; what lies beyond 64 KiB is no address to the framework.
pub const WORDY_QUERY_MAX: usize = 61_440;
/// Most parameters of a query.
pub const PARAMETERS_MAX: usize = 32;
/// How long a request may take once its body is there.
const REQUEST_MAX: Duration = Duration::from_secs(10);
/// The same for routes that are known to do much at once.
const HEAVY_MAX: Duration = Duration::from_secs(120);
/// How many of those at a time.
const HEAVY_AT_ONCE: usize = 2;
/// Longest wait for a body, whatever its pace: 10 MiB at the slowest pace allowed.
const BODY_MAX: Duration = Duration::from_secs(1_290);

/// Routes that do much at once, as `METHOD /path`.
pub type Heavy = &'static [&'static str];
/// Routes that judge the length of what they are asked and say so better than the border, as `METHOD /path`.
pub type Wordy = &'static [&'static str];

/// What all workers count together.
pub struct Border {
    /// The open connections.
    pub connections: Connections,
    buckets: Buckets,
    heavy: Heavy,
    wordy: Wordy,
    permits: Arc<Semaphore>,
}

impl Border {
    /// A border with the configuration's bounds.
    pub fn new(config: &Config, heavy: Heavy, wordy: Wordy) -> Self {
        let bounds = Bounds {
            all: config.connections,
            per_address: config.connections_per_address,
            loopback: config.bound_loopback,
            trusted: config.trusted_proxy.clone(),
        };
        Self {
            connections: Connections::new(bounds),
            buckets: Buckets::new(config.requests_per_second),
            heavy,
            wordy,
            permits: Arc::new(Semaphore::new(HEAVY_AT_ONCE)),
        }
    }

    fn admit(&self, request: &HttpRequest) -> Result<(), Refusal> {
        let Some(address) = caller::address(request) else { return Ok(()) };
        let own = !self.connections.bounds().loopback && address.is_loopback();
        if own {
            return Ok(());
        }
        self.buckets.take(address).map_err(|seconds| {
            let detail = format!("There are too many requests from your address; wait {seconds} s.");
            Refusal::new(429, "too_many_requests", detail).with("retry_after", seconds)
        })
    }

    fn is_heavy(&self, request: &ServiceRequest) -> bool {
        is_among(self.heavy, request)
    }

    /// How long the request's query string may be.
    fn query_max(&self, request: &ServiceRequest) -> usize {
        if is_among(self.wordy, request) { WORDY_QUERY_MAX } else { QUERY_MAX }
    }
}

fn is_among(routes: &[&str], request: &ServiceRequest) -> bool {
    let (method, path) = (request.method().as_str(), request.path());
    routes.iter().any(|one| one.split_once(' ') == Some((method, path)))
}

/// Refuses addresses that are too long before anything reads them.
fn address_is_short(query: &str, most: usize) -> Result<(), Refusal> {
    if query.len() > most {
        let detail = format!("The query is {} bytes long; {most} are read.", query.len());
        return Err(Refusal::new(414, "query_too_long", detail).with("max", most));
    }
    let parameters = query.split('&').filter(|part| !part.is_empty()).count();
    if parameters > PARAMETERS_MAX {
        let detail = format!("The query has {parameters} parameters; {PARAMETERS_MAX} are read.");
        return Err(Refusal::new(422, "too_many_parameters", detail).with("max", PARAMETERS_MAX));
    }
    Ok(())
}

/// Holds every request to its bounds.
pub async fn bounded(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let border = request.app_data::<Data<Border>>().cloned();
    let under_way = request.conn_data::<Arc<Connection>>().map(UnderWay::on);
    let admitted = border.as_ref().map_or(Ok(()), |border| border.admit(request.request()));
    let most = border.as_ref().map_or(QUERY_MAX, |border| border.query_max(&request));
    if let Err(refusal) = admitted.and_then(|()| address_is_short(request.query_string(), most)) {
        return Ok(refused(request, refusal));
    }
    let heavy = border.as_ref().filter(|border| border.is_heavy(&request));
    let permit = heavy.map(|border| Arc::clone(&border.permits).try_acquire_owned());
    if let Some(Err(TryAcquireError::NoPermits | TryAcquireError::Closed)) = permit {
        let detail = "The server is busy with other work of this size.";
        return Ok(refused(request, Refusal::new(503, "busy", detail).with("retry_after", 5)));
    }
    let through = pace(&mut request);
    let most = if permit.is_some() { HEAVY_MAX } else { REQUEST_MAX };
    let answered = answer_in_time(request, next, through, most).await?;
    drop(permit);
    Ok(match under_way {
        Some(under_way) => held(answered, under_way),
        None => answered,
    })
}

fn refused(request: ServiceRequest, refusal: Refusal) -> ServiceResponse<BoxBody> {
    request.into_response(Failure::from(refusal).error_response())
}

/// Holds the body to its pace; the signal comes when it is through. Without a body there is no signal.
fn pace(request: &mut ServiceRequest) -> Option<oneshot::Receiver<()>> {
    match request.take_payload() {
        Payload::None => None,
        body => {
            let (paced, through) = Paced::new(body);
            request.set_payload(Payload::Stream { payload: Box::pin(paced) });
            Some(through)
        }
    }
}

/// Answers, or gives up; a panic becomes a fault with a correlation id.
async fn answer_in_time(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    through: Option<oneshot::Receiver<()>>,
    most: Duration,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let too_long = async {
        if let Some(through) = through {
            let _ = tokio::time::timeout(BODY_MAX, through).await;
        }
        tokio::time::sleep(most).await;
    };
    tokio::select! {
        biased;
        answered = AssertUnwindSafe(next.call(request)).catch_unwind() => match answered {
            Ok(answered) => Ok(closed_if_slow(answered?.map_into_boxed_body())),
            Err(_) => {
                metrics::web::PANICS.add(1);
                Err(Failure::Failed(Fault::new("a handler panicked")).into())
            }
        },
        () = too_long => {
            let detail = format!("This took longer than {} s and was given up.", most.as_secs());
            Err(Failure::from(Refusal::new(503, "took_too_long", detail).with("retry_after", 5)).into())
        }
    }
}

/// Who sends too slowly is told, and gets no second request on this connection.
fn closed_if_slow(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if response.status() == StatusCode::REQUEST_TIMEOUT {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    response
}

/// Keeps the request under way until its answer has been handed over in full.
fn held(response: ServiceResponse<BoxBody>, under_way: UnderWay) -> ServiceResponse<BoxBody> {
    response.map_body(|head, body| {
        if head.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
            under_way.is_stream();
        }
        BoxBody::new(Held { body, _under_way: under_way })
    })
}

struct Held {
    body: BoxBody,
    _under_way: UnderWay,
}

impl MessageBody for Held {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
