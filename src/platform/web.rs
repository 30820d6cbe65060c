//! What every HTTP slice shares: the application state, answers, and the guards around all routes.
//!
//! Guards: security headers on every response, no state change from another site (`Sec-Fetch-Site`, else `Origin`),
//! bounded bodies. Handlers live in the slices' `http.rs`.

use crate::config::Config;
use crate::platform::engine::{Engine, Receipt};
use crate::platform::files::Files;
use crate::platform::problem::{Failure, PROBLEM_TYPE, Refusal};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue};
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
}

/// Largest JSON body.
pub const JSON_MAX: usize = 256 * 1024;
/// Largest uploaded file.
pub const FILE_MAX: usize = 10 * 1024 * 1024;
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

/// Reads a JSON body; unknown fields and wrong types answer 422 with the reader's words.
pub fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    if body.len() > JSON_MAX {
        return Err(too_large("The body is larger than 256 KiB."));
    }
    let unreadable = |error: &dyn std::fmt::Display| {
        Refusal::new(400, "malformed", format!("The body cannot be read as JSON: {error}."))
    };
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            // Reading stopped at the first field that does not fit; what follows may be no JSON at all.
            if let Err(error) = std::str::from_utf8(body) {
                return unreadable(&error);
            }
            if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(body) {
                return unreadable(&error);
            }
            Refusal::invalid("A field is missing or has a wrong form.").field("", "malformed", error.to_string())
        }
        serde_json::error::Category::Io | serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
            unreadable(&error)
        }
    })
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
        Some(PayloadError::Overflow) => Some(too_large("The body is larger than 10 MiB.")),
        Some(_) => Some(Refusal::new(400, "malformed", "The body broke off, or it is not packed as its headers say.")),
        None if status.is_client_error() => Some(Refusal::new(400, "malformed", format!("{error}."))),
        None => None,
    }
}

/// 413 with the limit in words.
pub fn too_large(detail: &str) -> Refusal {
    Refusal::new(413, "too_large", detail)
}

const CSP: &str = "default-src 'none'; script-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    object-src 'none'; manifest-src 'self'";
const CSP_API_PAGE: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    frame-ancestors 'none'";

fn set(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
}

/// Puts the security headers on every response, errors and static files included.
pub async fn headers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let path = request.path().to_owned();
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if !headers.contains_key("content-security-policy") {
        let page = path.starts_with("/api/docs");
        set(headers, "content-security-policy", if page { CSP_API_PAGE } else { CSP });
    }
    set(headers, "x-content-type-options", "nosniff");
    set(headers, "referrer-policy", "same-origin");
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "cross-origin-resource-policy", "same-origin");
    set(headers, "permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
    if path.starts_with("/api/v1") && !headers.contains_key("cache-control") {
        set(headers, "cache-control", "no-store");
    }
    Ok(response)
}

/// Refuses changes that another site's page asks for.
pub async fn same_site(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && crosses_site(request.headers(), request.connection_info().host()) {
        return Err(Failure::from(Refusal::new(403, "cross_site", "This change was asked for by another site.")).into());
    }
    next.call(request).await
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
