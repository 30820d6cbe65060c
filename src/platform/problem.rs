//! What goes wrong, in three kinds: a `Refusal` (a rule said no), a `Fault` (infrastructure failed), and the `Problem`
//! document (RFC 9457) the caller receives. A fault's cause stays in the log; the caller gets a correlation id.

use crate::platform::storage::Trouble;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use entrepot_domain::kernel::Rejection;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Media type of a problem document.
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// One row of the problem table: every code the product can answer with.
#[derive(Debug, Clone, Copy)]
pub struct ProblemRow {
    /// Stable code, also the translation key `problem.<code>`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What the user can do next, in English.
    pub next: &'static str,
}

const fn row(code: &'static str, status: u16, next: &'static str) -> ProblemRow {
    ProblemRow { code, status, next }
}

/// Codes that belong to no slice.
pub const PLATFORM_PROBLEMS: &[ProblemRow] = &[
    row("not_found", 404, "Check the address, or go back to the list."),
    row("forbidden", 403, "Ask a colleague whose role allows this."),
    row("unauthenticated", 401, "Sign in and try again."),
    row("invalid", 422, "Correct the marked fields and send again."),
    row("malformed", 400, "Send the body in the documented form."),
    row("too_large", 413, "Send less: a file may have 10 MiB, anything else 256 KiB."),
    row("stale_version", 409, "Reload: somebody changed this in the meantime."),
    row("conflict", 409, "Reload and try again."),
    row("busy", 503, "Try again in a moment."),
    row("storage.full", 507, "Try again later; the operator has to free space on the disk."),
    row("storage.read_only", 503, "Read on; send the change again in some minutes, under the same key."),
    row("storage.unreachable", 503, "Try again in a moment, under the same key."),
    row("internal", 500, "Try again; if it persists, report the correlation id."),
    row("cross_site", 403, "Use the product's own pages."),
    row("too_slow", 408, "Send it again over a better connection."),
    row("query_too_long", 414, "Use fewer or shorter filters."),
    row("too_many_parameters", 422, "Use fewer filters."),
    row("too_many_requests", 429, "Wait for the time given, then try again."),
    row("too_many_connections", 503, "Close what you do not need and try again in a moment."),
    row("took_too_long", 503, "Look whether it took effect, then try again."),
    row("throttled", 429, "Wait for the time given, then try again."),
    row("idempotency.key_missing", 400, "Send an Idempotency-Key header of 1 to 255 characters."),
    row("idempotency.body_differs", 422, "Use a new key for a new request."),
    row("idempotency.in_flight", 409, "Wait for the first request to finish."),
    row("market.not_in_this_era", 409, "Ask the teacher to switch the era."),
    row("books.floor", 409, "Check the balance and try a smaller amount."),
];

/// A field that was refused.
#[derive(Debug, Clone, Serialize, PartialEq, Eq, utoipa::ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the request body.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// English sentence.
    pub detail: String,
}

/// A rule said no; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// English sentence.
    pub detail: String,
    /// Typed values for the translated sentence.
    pub params: Vec<(String, String)>,
    /// Fields at fault.
    pub errors: Vec<FieldProblem>,
}

impl Refusal {
    /// A refusal without parameters.
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), detail: detail.into(), params: Vec::new(), errors: Vec::new() }
    }

    /// Adds a value for the translated sentence.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.push((name.to_owned(), value.to_string()));
        self
    }

    /// Adds a field at fault.
    pub fn field(mut self, pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        self.errors.push(FieldProblem { pointer: pointer.into(), code: code.to_owned(), detail: detail.into() });
        self
    }

    /// 422 with no field yet; add them with [`Refusal::field`].
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(422, "invalid", detail)
    }

    /// 404: it does not exist, or the caller may not see it; the two are one answer (ACC-3).
    pub fn not_found() -> Self {
        Self::new(404, "not_found", "There is nothing here that you may see.")
    }

    /// 403: seen, but not the caller's to do.
    pub fn forbidden() -> Self {
        Self::new(403, "forbidden", "Your role does not allow this step.")
    }
}

impl<R: Rejection + fmt::Display> From<R> for Refusal {
    fn from(rejection: R) -> Self {
        let mut refusal = Refusal::new(rejection.status(), rejection.code(), rejection.to_string());
        refusal.params = rejection.params().into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        for error in rejection.errors() {
            refusal = refusal.field(error.pointer, &error.code, error.detail);
        }
        if let Some(pointer) = rejection.pointer() {
            refusal = refusal.field(pointer, rejection.code(), rejection.to_string());
        }
        refusal
    }
}

/// Infrastructure failed; the caller learns only the correlation id.
#[derive(Debug)]
pub struct Fault {
    message: String,
    /// Set when the engine reports a broken unique or check constraint, with the engine's text.
    pub constraint: Option<String>,
    /// True when repeating the same transaction may succeed (serialisation failure, deadlock).
    pub retry: bool,
    /// True when the database gave the statement up because it took too long.
    pub overdue: bool,
    /// True when another transaction held what this one waited for too long.
    pub busy: bool,
    /// Set when the store itself cannot keep anything, whatever is asked of it.
    pub trouble: Option<Trouble>,
    /// True when that store is a file system, false when it is the database.
    pub of_files: bool,
}

impl Fault {
    /// A fault with its cause in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            constraint: None,
            retry: false,
            overdue: false,
            busy: false,
            trouble: None,
            of_files: false,
        }
    }

    /// The fault of a store that cannot keep anything.
    pub fn of_trouble(trouble: Trouble) -> Self {
        Self { trouble: Some(trouble), ..Self::new(format!("the storage is {}", trouble.word())) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl From<sea_orm::DbErr> for Fault {
    fn from(error: sea_orm::DbErr) -> Self {
        let message = error.to_string();
        let constraint = error.sql_err().map(|e| e.to_string()).or_else(|| {
            let broken = message.contains("constraint failed") || message.contains("violates check constraint");
            broken.then(|| message.clone())
        });
        // A broken `reply_pkey`: another node answered this very request in the meantime; the next try finds its reply.
        let again = ["40001", "40P01", "could not serialize", "deadlock detected", "reply_pkey"];
        let retry = again.iter().any(|c| message.contains(c));
        let overdue = message.contains("statement timeout") || message.contains("(code: 9)");
        let busy = message.contains("55P03") || message.contains("canceling statement due to lock timeout");
        let trouble = Trouble::of_database(&error);
        Self { message, constraint, retry, overdue, busy, trouble, of_files: false }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::new(format!("json: {error}"))
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self { trouble: Trouble::of_io(&error), of_files: true, ..Self::new(format!("io: {error}")) }
    }
}

/// What a handler or the door may answer instead of success.
#[derive(Debug)]
pub enum Failure {
    /// A rule said no.
    Refused(Refusal),
    /// Infrastructure failed.
    Failed(Fault),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<F: Into<Fault>> From<F> for Failure {
    fn from(fault: F) -> Self {
        Self::Failed(fault.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(r) => write!(f, "{}: {}", r.code, r.detail),
            Self::Failed(fault) => write!(f, "{fault}"),
        }
    }
}

/// The document of RFC 9457 (`application/problem+json`).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Reference of the problem type.
    pub r#type: String,
    /// Stable code.
    pub code: String,
    /// HTTP status.
    pub status: u16,
    /// The code in words.
    pub title: String,
    /// What happened this time.
    pub detail: String,
    /// Typed values for the translated sentence.
    pub params: BTreeMap<String, String>,
    /// Fields at fault.
    pub errors: Vec<FieldProblem>,
    /// What the user can do.
    pub next: String,
    /// Correlation id of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

/// Finds the table's row of a code among all slices; `boot` fills the table once.
pub fn next_step(code: &str) -> &'static str {
    PROBLEMS.get().and_then(|rows| rows.iter().find(|r| r.code == code)).map_or("Reload and try again.", |r| r.next)
}

static PROBLEMS: std::sync::OnceLock<Vec<ProblemRow>> = std::sync::OnceLock::new();

/// Sets the table of all codes; a second call changes nothing.
pub fn install(rows: Vec<ProblemRow>) {
    let _ = PROBLEMS.set(rows);
}

impl Problem {
    fn refused(r: &Refusal) -> Self {
        Self {
            r#type: format!("urn:entrepot:problem:{}", r.code),
            code: r.code.clone(),
            status: r.status,
            title: r.code.replace(['.', '_'], " "),
            detail: r.detail.clone(),
            params: r.params.iter().cloned().collect(),
            errors: r.errors.clone(),
            next: next_step(&r.code).to_owned(),
            correlation_id: None,
        }
    }

    fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Refused(r) => Self::refused(r),
            Failure::Failed(Fault { trouble: Some(trouble), .. }) => Self::refused(&trouble.refusal()),
            Failure::Failed(fault) if fault.overdue => {
                tracing::warn!(error = %fault, "a statement took too long: {fault}");
                let detail = "The database gave this up because it took too long.";
                Self::refused(&Refusal::new(503, "took_too_long", detail))
            }
            Failure::Failed(fault) => {
                let correlation_id = crate::platform::security::correlation();
                tracing::error!(correlation.id = %correlation_id, error = %fault, "request failed: {fault}");
                Self {
                    r#type: "urn:entrepot:problem:internal".to_owned(),
                    code: "internal".to_owned(),
                    status: 500,
                    title: "internal".to_owned(),
                    detail: "Something failed on our side; nothing was lost.".to_owned(),
                    params: BTreeMap::new(),
                    errors: Vec::new(),
                    next: next_step("internal").to_owned(),
                    correlation_id: Some(correlation_id),
                }
            }
        }
    }
}

impl Failure {
    /// Seconds after which another try may succeed, where the refusal knows them or its status asks for them.
    fn retry_after(&self) -> Option<String> {
        let refusal = match self {
            Self::Refused(refusal) => refusal,
            Self::Failed(fault) => return fault.overdue.then(|| "5".to_owned()),
        };
        let told = refusal.params.iter().find(|(name, _)| name == "retry_after").map(|(_, seconds)| seconds.clone());
        told.or_else(|| matches!(refusal.status, 429 | 503).then(|| "1".to_owned()))
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(r) => StatusCode::from_u16(r.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            Self::Failed(Fault { trouble: Some(trouble), .. }) => Self::Refused(trouble.refusal()).status_code(),
            Self::Failed(fault) if fault.overdue => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let problem = Problem::of(self);
        let mut response = HttpResponse::build(self.status_code()).json(&problem);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
        if let Some(value) = self.retry_after().and_then(|seconds| HeaderValue::from_str(&seconds).ok()) {
            response.headers_mut().insert(RETRY_AFTER, value);
        }
        response
    }
}
