//! Where browsers report what the content security policy blocked. Reports are counted and the first are logged: a page of
//! ours that is blocked is a fault, a stranger's script that is blocked is an attack.

use crate::platform::problem::{Failure, Refusal};
use crate::platform::session::Signed;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where reports go.
pub const PATH: &str = "/reports/csp";
/// The same, as the header names it.
pub const ENDPOINTS: &str = "csp=\"/reports/csp\"";
/// Largest report that is read.
const REPORT_MAX: usize = 16 * 1024;
/// Reports that are written into the log; the rest are counted only, so that nobody can fill a disk with them.
const LOGGED_MAX: u64 = 200;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// Reports since the start.
pub fn count() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

/// Takes a browser's report.
#[post("/reports/csp")]
pub async fn take(body: Bytes) -> HttpResponse {
    let Some(report) = body.get(..).filter(|body| body.len() <= REPORT_MAX) else {
        return HttpResponse::PayloadTooLarge().finish();
    };
    if COUNT.fetch_add(1, Ordering::Relaxed) < LOGGED_MAX {
        // Whoever wrote this may be anybody: control characters are taken out before it reaches a terminal.
        let told: String = String::from_utf8_lossy(report).chars().filter(|c| !c.is_control()).take(1_000).collect();
        tracing::warn!(csp.report = %told, "a browser blocked something");
    }
    HttpResponse::NoContent().finish()
}

/// How many reports there were, for those who run the market.
#[get("/reports/csp")]
pub async fn tell(signed: Signed) -> Result<HttpResponse, Failure> {
    if !signed.0.oversees() {
        return Err(Refusal::not_found().into());
    }
    Ok(HttpResponse::Ok().json(serde_json::json!({ "reports": count() })))
}
