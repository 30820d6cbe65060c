//! Routes of accounts: cookies in, cookies out. What happens between is the business of the slice's other files.
//!
//! `entry`: sign up, in and out, refresh, seats. `secrets`: passwords, links, step-up, sessions. `factor`: the second
//! factor. `team`: colleagues and invitations. `operator`: what admins do.

use crate::config::Config;
use crate::identity::account::Caller;
use crate::identity::session::{IdentitySessions, Issued, Known};
use crate::identity::token::LIFE_SECONDS;
use crate::platform::access::{Actor, Relation};
use crate::platform::log::permit_outside;
use crate::platform::problem::Failure;
use crate::platform::session::{ACCESS_COOKIE, ACCESS_COOKIE_PLAIN, access_token};
use crate::platform::web::AppState;
use crate::platform::web::caller::address;
use crate::platform::web::headers::forget;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use std::fmt;
use utoipa_actix_web::service_config::ServiceConfig;

mod entry;
mod factor;
mod operator;
mod secrets;
mod team;

/// Path of the refresh cookie: no other route sees it.
const REFRESH_PATH: &str = "/api/v1/auth";
const REFRESH_COOKIE: &str = "__Secure-entrepot-refresh";
const REFRESH_COOKIE_PLAIN: &str = "entrepot-refresh";

/// A failure of these routes: the usual problem document.
#[derive(Debug)]
struct AuthFailure(Failure);

impl<F: Into<Failure>> From<F> for AuthFailure {
    fn from(failure: F) -> Self {
        Self(failure.into())
    }
}

impl fmt::Display for AuthFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for AuthFailure {
    fn status_code(&self) -> StatusCode {
        self.0.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        self.0.error_response()
    }
}

type Answer = Result<HttpResponse, AuthFailure>;

fn caller(request: &HttpRequest) -> Caller {
    let agent = request.headers().get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    Caller { peer: address(request), agent }
}

fn cookie(
    config: &Config,
    names: (&'static str, &'static str),
    value: String,
    path: &'static str,
    seconds: i64,
) -> Cookie<'static> {
    let name = if config.insecure_lan { names.1 } else { names.0 };
    Cookie::build(name, value)
        .path(path)
        .http_only(true)
        .secure(!config.insecure_lan)
        .same_site(SameSite::Strict)
        .max_age(Duration::seconds(seconds))
        .finish()
}

fn access_cookie(config: &Config, value: String, seconds: i64) -> Cookie<'static> {
    cookie(config, (ACCESS_COOKIE, ACCESS_COOKIE_PLAIN), value, "/", seconds)
}

fn refresh_cookie(config: &Config, value: String, seconds: i64) -> Cookie<'static> {
    cookie(config, (REFRESH_COOKIE, REFRESH_COOKIE_PLAIN), value, REFRESH_PATH, seconds)
}

fn refresh_token(request: &HttpRequest, config: &Config) -> Option<String> {
    let name = if config.insecure_lan { REFRESH_COOKIE_PLAIN } else { REFRESH_COOKIE };
    request.cookie(name).map(|c| c.value().to_owned())
}

fn cleared(config: &Config, mut response: HttpResponse) -> HttpResponse {
    for gone in [access_cookie(config, String::new(), 0), refresh_cookie(config, String::new(), 0)] {
        if let Err(error) = response.add_cookie(&gone) {
            tracing::warn!(%error, "a cookie could not be cleared");
        }
    }
    response
}

/// The answer to signing out.
fn signed_out(config: &Config) -> HttpResponse {
    forget(cleared(config, HttpResponse::NoContent().finish()))
}

/// The session a request comes with, seated or not.
async fn known(request: &HttpRequest, sessions: &IdentitySessions) -> Result<Known, Failure> {
    sessions.identify(access_token(request).as_deref()).await
}

/// Holds an actor against the access table for an operation that does not go through the door; refusals are recorded
/// (AUD-3).
async fn allowed(state: &AppState, actor: &Actor, step: &'static str) -> Result<(), Failure> {
    let relation = match (actor.company, actor.oversees()) {
        (Some(_), _) => Relation::Party,
        (None, true) => Relation::Overseer,
        (None, false) => Relation::Market,
    };
    permit_outside(&state.engine, actor, step, relation, actor.user, |_| true).await
}

/// Puts the tokens into a response as cookies.
fn with_tokens(config: &Config, response: &mut HttpResponseBuilder, issued: Issued) {
    let life = i64::try_from(LIFE_SECONDS).unwrap_or(i64::MAX);
    response.cookie(access_cookie(config, issued.access, life));
    if let Some((token, seconds)) = issued.refresh {
        response.cookie(refresh_cookie(config, token, seconds));
    }
}

/// Answers with the tokens as cookies and with who is signed in.
async fn entered(sessions: &IdentitySessions, config: &Config, issued: Issued, status: StatusCode) -> Answer {
    let me = sessions.me(issued.user, issued.seat, issued.second_factor).await?;
    let mut response = HttpResponse::build(status);
    with_tokens(config, &mut response, issued);
    Ok(response.json(me))
}

/// Registers the routes on the scope of the API.
pub fn routes(cfg: &mut ServiceConfig) {
    entry::routes(cfg);
    secrets::routes(cfg);
    factor::routes(cfg);
    team::routes(cfg);
    operator::routes(cfg);
}
