//! Security headers on every answer: pages, files, errors, redirects, streams.
//!
//! Scripts come from this server alone and style sheets too; only `style` attributes are free, because the component
//! and chart libraries set them (ruling of the content security policy). What a browser blocks it reports to
//! [`super::reports`].

use super::AS_IT_IS;
use super::caller::is_encrypted;
use super::reports;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
    STRICT_TRANSPORT_SECURITY,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Policy of every page and answer. Trusted types are not demanded: the chart library writes its parts as text, and the
/// market's page broke on it (ruling of the content security policy).
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    object-src 'none'; manifest-src 'self'";
/// Policy of the page that shows the API: it is another project's and writes scripts and styles into itself.
const CSP_API_PAGE: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
    object-src 'none'";

/// Headers that never vary.
const FIXED: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
         midi=(), payment=(), publickey-credentials-get=(self), serial=(), usb=(), xr-spatial-tracking=()",
    ),
];

/// A year, all subdomains.
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// Puts the security headers on every answer, also on what other layers refuse.
pub async fn headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let encrypted = is_encrypted(request.request());
    let (api, page) = (request.path().starts_with("/api/v1"), request.path().starts_with("/api/docs"));
    let policy = if page { CSP_API_PAGE } else { CSP };
    let keep = if api { Some(HeaderValue::from_static("no-store")) } else { None };
    match next.call(request).await {
        Ok(response) => {
            let mut response = response.map_into_boxed_body();
            protect(response.headers_mut(), policy, keep, encrypted);
            Ok(response)
        }
        // What a layer refuses by an error becomes an answer outside of all layers: it takes its headers along.
        Err(error) => {
            let mut response = error.error_response();
            protect(response.headers_mut(), policy, keep, encrypted);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

fn protect(headers: &mut HeaderMap, policy: &'static str, keep: Option<HeaderValue>, encrypted: bool) {
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == AS_IT_IS) {
        headers.remove(CONTENT_ENCODING);
    }
    if let Some(keep) = keep.filter(|_| !headers.contains_key(CACHE_CONTROL)) {
        headers.insert(CACHE_CONTROL, keep);
    }
    // A download has a stricter policy of its own.
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        let report = if encrypted { "; report-to csp" } else { "" };
        let whole = format!("{policy}; report-uri {}{report}", reports::PATH);
        if let Ok(value) = HeaderValue::from_str(&whole) {
            headers.insert(CONTENT_SECURITY_POLICY, value);
        }
    }
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if encrypted {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
        headers.insert(HeaderName::from_static("reporting-endpoints"), HeaderValue::from_static(reports::ENDPOINTS));
    }
}

/// Tells the browser to forget what it kept of this site: the answer to signing out. Cookies are cleared by name (the
/// header would take those of every site under the same domain), and storage holds the reader's language and colours only.
pub fn forget(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    response
}
