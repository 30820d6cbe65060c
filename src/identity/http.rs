//! Routes under `/auth`: cookies in, cookies out. What happens between is `account`'s business.

use super::account::Caller;
use super::session::{IdentitySessions, Issued};
use super::token::LIFE_SECONDS;
use super::view::{AuthOptions, DemoSignIn, Me, SeatSwitch, SignIn, SignUp};
use crate::config::Config;
use crate::platform::problem::{Failure, Problem};
use crate::platform::session::{ACCESS_COOKIE, ACCESS_COOKIE_PLAIN, access_token};
use crate::platform::web::{self as guard, AppState};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse, ResponseError, get, post, web};
use std::fmt;
use utoipa_actix_web::service_config::ServiceConfig;

/// Path of the refresh cookie: no other route sees it.
const REFRESH_PATH: &str = "/api/v1/auth";
const REFRESH_COOKIE: &str = "__Secure-entrepot-refresh";
const REFRESH_COOKIE_PLAIN: &str = "entrepot-refresh";

/// A failure of these routes: the usual problem document, with `Retry-After` when the caller is too fast.
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
        let mut response = self.0.error_response();
        if let Failure::Refused(refusal) = &self.0
            && let Some((_, seconds)) = refusal.params.iter().find(|(name, _)| name == "retry_after")
            && let Ok(value) = HeaderValue::from_str(seconds)
        {
            response.headers_mut().insert(RETRY_AFTER, value);
        }
        response
    }
}

type Answer = Result<HttpResponse, AuthFailure>;

fn caller(request: &HttpRequest) -> Caller {
    let agent = request.headers().get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    Caller { peer: request.peer_addr().map(|a| a.ip()), agent }
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

/// Answers with the tokens as cookies and with who is signed in.
async fn entered(sessions: &IdentitySessions, config: &Config, issued: Issued, status: StatusCode) -> Answer {
    let me = sessions.me(issued.user, issued.seat).await?;
    let life = i64::try_from(LIFE_SECONDS).unwrap_or(i64::MAX);
    let mut response = HttpResponse::build(status);
    response.cookie(access_cookie(config, issued.access, life));
    if let Some((token, seconds)) = issued.refresh {
        response.cookie(refresh_cookie(config, token, seconds));
    }
    Ok(response.json(me))
}

/// Signs up a user and a company, and signs the user in.
#[utoipa::path(tag = "auth", request_body = SignUp, responses(
    (status = 201, body = Me), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/sign-up")]
async fn sign_up(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: SignUp = guard::parse(&body)?;
    let issued = sessions.sign_up(&form, &caller(&request)).await?;
    entered(&sessions, &state.config, issued, StatusCode::CREATED).await
}

/// Signs a user in.
#[utoipa::path(tag = "auth", request_body = SignIn, responses(
    (status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/sign-in")]
async fn sign_in(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: SignIn = guard::parse(&body)?;
    let issued = sessions.sign_in(&form, &caller(&request)).await?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// Signs a demo user in with one click; 404 outside demo mode.
#[utoipa::path(tag = "auth", request_body = DemoSignIn, responses((status = 200, body = Me), (status = 404, body = Problem)))]
#[post("/auth/demo")]
async fn demo_sign_in(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: DemoSignIn = guard::parse(&body)?;
    let issued = sessions.enter_demo(form.seat, &caller(&request)).await?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// Exchanges the refresh cookie for new tokens.
#[utoipa::path(tag = "auth", responses((status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/refresh")]
async fn refresh_session(
    request: HttpRequest,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let token = refresh_token(&request, &state.config);
    match sessions.refresh(token.as_deref(), &caller(&request)).await {
        Ok(issued) => entered(&sessions, &state.config, issued, StatusCode::OK).await,
        Err(failure) if failure.status_code() == StatusCode::UNAUTHORIZED => {
            Ok(cleared(&state.config, failure.error_response()))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Ends this session.
#[utoipa::path(tag = "auth", responses((status = 204)))]
#[post("/auth/sign-out")]
async fn sign_out(request: HttpRequest, state: web::Data<AppState>, sessions: web::Data<IdentitySessions>) -> Answer {
    let (access, refresh) = (access_token(&request), refresh_token(&request, &state.config));
    sessions.sign_out(access.as_deref(), refresh.as_deref()).await?;
    Ok(cleared(&state.config, HttpResponse::NoContent().finish()))
}

/// Ends all sessions of the user.
#[utoipa::path(tag = "auth", responses((status = 204), (status = 401, body = Problem)))]
#[post("/auth/sign-out-everywhere")]
async fn sign_out_everywhere(
    request: HttpRequest,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let known = sessions.identify(access_token(&request).as_deref()).await?;
    sessions.revoke_user(known.user).await?;
    Ok(cleared(&state.config, HttpResponse::NoContent().finish()))
}

/// Who is signed in.
#[utoipa::path(tag = "auth", responses((status = 200, body = Me), (status = 401, body = Problem)))]
#[get("/auth/me")]
async fn who_am_i(request: HttpRequest, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = sessions.identify(access_token(&request).as_deref()).await?;
    let seat = known.seat.map(|s| (s.market, s.id));
    Ok(HttpResponse::Ok().json(sessions.me(known.user, seat).await?))
}

/// Moves the session to another seat of the user.
#[utoipa::path(tag = "auth", request_body = SeatSwitch, responses(
    (status = 200, body = Me), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[post("/auth/seat")]
async fn switch_seat(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let known = sessions.identify(access_token(&request).as_deref()).await?;
    let form: SeatSwitch = guard::parse(&body)?;
    let issued = sessions.sit(&known, guard::id(&form.seat_id)?).await?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// What the sign-in page offers.
#[utoipa::path(tag = "auth", responses((status = 200, body = AuthOptions)))]
#[get("/auth/options")]
async fn auth_options(state: web::Data<AppState>) -> Answer {
    Ok(HttpResponse::Ok().json(AuthOptions { demo: state.config.demo }))
}

/// Registers the routes on the scope of the API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_up)
        .service(sign_in)
        .service(demo_sign_in)
        .service(refresh_session)
        .service(sign_out)
        .service(sign_out_everywhere)
        .service(who_am_i)
        .service(switch_seat)
        .service(auth_options);
}
