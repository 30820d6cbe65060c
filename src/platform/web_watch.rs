//! Stands around every request: gives it a correlation id, counts it, writes its line in the log, and turns a panic of its
//! handler into an answer.
//!
//! The line names method, route template, status, time and correlation id; never a path, a query or a body, which may hold
//! what people typed. Which requests get a line is configuration ([`Logged`]).

use crate::platform::metrics;
use crate::platform::problem::{Failure, Fault};
use crate::platform::security::{Trace, traced};
use crate::platform::web::{AppState, caller};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, ResponseError, web};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Which requests get a line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Logged {
    /// All.
    All,
    /// Those that were refused, failed or took more than a second.
    Failed,
}

/// Longer than this a request is worth a line.
const SLOW: Duration = Duration::from_secs(1);

/// Names a request: half drawn once for the process, half counted. It is no secret, only unique.
fn next_id() -> u128 {
    static PROCESS: OnceLock<u128> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let process = PROCESS.get_or_init(|| uuid::Uuid::new_v4().as_u128() << 64);
    *process | u128::from(COUNT.fetch_add(1, Relaxed))
}

/// Methods a metric may name; others are one row.
fn method_of(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// The template of the route that answered; pages and files of the frontend are one row.
fn template(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "page".to_owned())
}

/// The guard around all routes; register it outermost.
pub async fn watch(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let trace = Trace { id: next_id(), peer: caller::address(request.request()) };
    let method = method_of(request.method());
    let logged = request.app_data::<web::Data<AppState>>().map_or(Logged::Failed, |s| s.config.log_requests);
    let answered = traced(trace, async {
        match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(answered) => answered,
            Err(_) => {
                metrics::web::PANICS.add(1);
                let failure = Failure::from(Fault::new("the handler panicked"));
                // Made here, where the correlation id is known.
                Err(InternalError::from_response("panic", failure.error_response()).into())
            }
        }
    })
    .await;
    let (status, template) = match &answered {
        Ok(response) => (response.status(), template(response.request())),
        Err(error) => (error.as_response_error().status_code(), "border".to_owned()),
    };
    told(method, &template, status, began.elapsed(), trace, logged);
    answered
}

fn told(method: &'static str, template: &str, status: StatusCode, took: Duration, trace: Trace, logged: Logged) {
    metrics::web::answered(&format!("{method} {template}"), status.as_u16(), took);
    let wanted = match logged {
        Logged::All => true,
        Logged::Failed => status.is_client_error() || status.is_server_error() || took > SLOW,
    };
    if wanted {
        let (status, ms, id) = (status.as_u16(), took.as_millis(), format!("{:032x}", trace.id));
        tracing::info!(
            target: "request",
            {
                http.method = method,
                http.route = %template,
                http.status = status,
                duration_ms = u64::try_from(ms).unwrap_or(u64::MAX),
                correlation.id = %id
            },
            "{method} {template} {status} in {ms} ms"
        );
    }
}
