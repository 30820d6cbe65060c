//! What every HTTP slice shares: the application state, answers, and the guards around all routes.
//!
//! Guards, from the outside in: [`headers`] on every answer, [`limits`] on what a request may cost, no state change from
//! another site (`Sec-Fetch-Site`, else `Origin`), bounded bodies. [`server`] puts them together. Handlers live in the
//! slices' `http.rs`.

pub mod attachment;
pub mod body;
pub mod buckets;
pub mod caller;
pub mod connections;
pub mod headers;
pub mod limits;
pub mod pace;
pub mod printed;
pub mod received;
pub mod reports;
pub mod server;

pub use body::{FILE_MAX, JSON_MAX, Upload, parse, too_large};

use crate::config::Config;
use crate::platform::engine::{Engine, Receipt};
use crate::platform::files::Files;
use crate::platform::life::Life;
use crate::platform::problem::{Failure, PROBLEM_TYPE, Refusal};
use crate::platform::sabotage::{self, Guard};
use crate::platform::security;
use crate::platform::services::Services;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError};
use std::sync::Arc;

/// What handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The door.
    pub engine: Engine,
    /// Stored files.
    pub files: Files,
    /// The configuration.
    pub config: Arc<Config>,
    /// Where the node stands between its start and its end.
    pub life: Life,
    /// What slices keep running beside the door.
    pub services: Services,
}

/// Largest page of a list.
pub const PAGE_MAX: u32 = 100;

/// Answers with a receipt: the stored body, the version as `ETag`, and whether it was a replay.
pub fn answer(receipt: &Receipt) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(receipt.status).unwrap_or(actix_web::http::StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if receipt.version > 0 {
        response.insert_header((ETAG, format!("\"{}\"", receipt.version)));
    }
    if let Some(seq) = receipt.seq {
        response.insert_header(("Entrepot-Sequence", seq.to_string()));
    }
    if receipt.replayed {
        response.insert_header(("Idempotency-Replayed", "true"));
    }
    response.content_type("application/json").body(receipt.body.clone())
}

/// Reads `If-Match`; 422 when it is there but no version.
pub fn if_match(request: &HttpRequest) -> Result<Option<i64>, Refusal> {
    let Some(value) = request.headers().get("If-Match") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("").trim_matches('"');
    text.parse().map(Some).map_err(|_| Refusal::invalid("If-Match must hold the version from ETag."))
}

/// Parses a public identifier; a malformed one is simply not found.
pub fn id(text: &str) -> Result<u128, Refusal> {
    if text.len() == 32 {
        u128::from_str_radix(text, 16).map_err(|_| Refusal::not_found())
    } else {
        Err(Refusal::not_found())
    }
}

/// Turns what the framework itself refuses (a body above the limit or one that breaks off) into a problem document.
pub async fn problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let told = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_TYPE);
    Ok(match response.response().error().filter(|_| !told).and_then(refusal_of) {
        Some(refusal) => response.into_response(Failure::from(refusal).error_response()),
        None => response,
    })
}

/// The refusal behind an error of the framework; `None` for what is no fault of the request.
fn refusal_of(error: &Error) -> Option<Refusal> {
    let status = error.as_response_error().status_code();
    match error.as_error::<PayloadError>() {
        Some(unreadable) => Some(body::unreadable_body(unreadable)),
        None if status.is_client_error() => Some(Refusal::new(400, "malformed", format!("{error}."))),
        None => None,
    }
}

/// Shortest body that is packed: below, packing costs more than the bytes it saves of one packet.
const PACKED_MIN: u64 = 1_024;
/// Marks a body that the packer inside the headers' layer shall leave alone; it never reaches a client.
pub(crate) const AS_IT_IS: &str = "identity";

/// Keeps short bodies from being packed.
pub async fn spare_short(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let short = matches!(response.response().body().size(), BodySize::Sized(length) if length < PACKED_MIN);
    if short && !response.headers().contains_key(CONTENT_ENCODING) {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(AS_IT_IS));
    }
    Ok(response)
}

/// Refuses changes that another site's page asks for.
pub async fn same_site(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Browsers send their reports of blocked scripts without saying where from; a report changes nothing.
    let exempt = reads || request.path() == reports::PATH || sabotage::skips(Guard::SameSite);
    if !exempt && crosses_site(request.headers(), caller::host(request.request())) {
        security::note(security::CROSS_SITE, security::Outcome::Failed, 0, "");
        let refusal = Refusal::new(403, "cross_site", "This change was asked for by another site.");
        return Ok(request.into_response(Failure::from(refusal).error_response()));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// True when the browser says the request comes from elsewhere; clients that are no browser send neither header.
fn crosses_site(headers: &HeaderMap, host: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return !matches!(site, "same-origin" | "none");
    }
    match headers.get("origin").and_then(|v| v.to_str().ok()) {
        Some(origin) => origin.split("://").nth(1) != Some(host),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::middleware::{Compress, from_fn};
    use actix_web::{App, test, web};

    async fn encoding_of(length: usize, guarded: bool) -> (Option<String>, usize) {
        let body = move || async move { "x".repeat(length) };
        let spare = actix_web::middleware::Condition::new(guarded, from_fn(spare_short));
        let app = App::new()
            .wrap(spare)
            .wrap(Compress::default())
            .wrap(from_fn(headers::headers))
            .route("/", web::get().to(body));
        let app = test::init_service(app).await;
        let request = test::TestRequest::get().insert_header(("accept-encoding", "gzip")).to_request();
        let response = test::call_service(&app, request).await;
        let encoding = response.headers().get(CONTENT_ENCODING).map(|e| e.to_str().unwrap().to_owned());
        (encoding, test::read_body(response).await.len())
    }

    #[actix_web::test]
    async fn short_answers_go_as_they_are_and_long_ones_packed() {
        assert_eq!(encoding_of(1_023, true).await, (None, 1_023));
        let (encoding, length) = encoding_of(1_024, true).await;
        assert_eq!(encoding.as_deref(), Some("gzip"));
        assert!(length < 100, "{length}");
        assert_eq!(encoding_of(1_023, false).await.0.as_deref(), Some("gzip"), "the control packs short ones too");
    }
}
