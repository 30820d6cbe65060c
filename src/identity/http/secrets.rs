//! Passwords, links that come by mail, step-up, and the list of sessions.

use super::{Answer, caller, entered, known};
use crate::identity::happening::{self, noted};
use crate::identity::session::IdentitySessions;
use crate::identity::view::{
    Me, NewPassword, PasswordChange, PasswordForgotten, Proof, SessionList, SessionView, StepUp, Token,
};
use crate::platform::problem::Problem;
use crate::platform::web::{self as guard, AppState};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use entrepot_domain::kernel::MarketTime;
use utoipa_actix_web::service_config::ServiceConfig;

/// UTC as text.
fn utc(micros: i64) -> String {
    MarketTime(micros).to_string()
}

/// Sets a new password with the old one; every other session ends.
#[utoipa::path(tag = "auth", request_body = PasswordChange, responses(
    (status = 200, body = Me), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[post("/auth/password")]
async fn change_password(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let known = known(&request, &sessions).await?;
    let form: PasswordChange = guard::parse(&body)?;
    let issued = sessions.change_password(&known, &form, &caller(&request)).await;
    let issued = noted(happening::PASSWORD_CHANGE, known.user, issued, |issued| issued.user)?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// Sends a link that sets a new password, if the address belongs to somebody; the answer is the same if it does not.
#[utoipa::path(tag = "auth", security(()), request_body = PasswordForgotten, responses(
    (status = 202), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/password/forgotten")]
async fn password_forgotten(request: HttpRequest, body: web::Bytes, sessions: web::Data<IdentitySessions>) -> Answer {
    let form: PasswordForgotten = guard::parse(&body)?;
    noted(happening::PASSWORD_FORGOTTEN, 0, sessions.forgotten(&form.email, &caller(&request)).await, |()| 0)?;
    Ok(HttpResponse::Accepted().finish())
}

/// Sets a new password with a link; every session ends and nobody is signed in.
#[utoipa::path(tag = "auth", security(()), request_body = NewPassword, responses(
    (status = 204), (status = 410, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/password/reset")]
async fn reset_password(request: HttpRequest, body: web::Bytes, sessions: web::Data<IdentitySessions>) -> Answer {
    let form: NewPassword = guard::parse(&body)?;
    noted(happening::PASSWORD_RESET, 0, sessions.reset_password(&form, &caller(&request)).await, |user| *user)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Verifies an e-mail address with a link.
#[utoipa::path(tag = "auth", security(()), request_body = Token, responses(
    (status = 204), (status = 410, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/email/verify")]
async fn verify_email(request: HttpRequest, body: web::Bytes, sessions: web::Data<IdentitySessions>) -> Answer {
    let form: Token = guard::parse(&body)?;
    noted(happening::EMAIL_VERIFIED, 0, sessions.verify_email(&form.token, &caller(&request)).await, |user| *user)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends the link that verifies the user's address once more.
#[utoipa::path(tag = "auth", responses((status = 202), (status = 401, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/email/verification")]
async fn send_verification(request: HttpRequest, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = known(&request, &sessions).await?;
    sessions.ask_verification(&known, &caller(&request)).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Shows the password or a code again; sensitive steps are open for five minutes.
#[utoipa::path(tag = "auth", request_body = StepUp, responses(
    (status = 200, body = Proof), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/step-up")]
async fn step_up(request: HttpRequest, body: web::Bytes, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = known(&request, &sessions).await?;
    let form: StepUp = guard::parse(&body)?;
    let until = sessions.step_up(&known, &form, &caller(&request)).await;
    let until = noted(happening::STEP_UP, known.user, until, |_| known.user)?;
    Ok(HttpResponse::Ok().json(Proof { until: utc(until) }))
}

/// The sessions of the user.
#[utoipa::path(tag = "auth", responses((status = 200, body = SessionList), (status = 401, body = Problem)))]
#[get("/auth/sessions")]
async fn list_sessions(request: HttpRequest, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = known(&request, &sessions).await?;
    let found = sessions.open_sessions(known.user).await?;
    let items = found.into_iter().map(|session| SessionView {
        id: format!("{:032x}", session.id),
        current: session.id == known.session,
        agent: session.agent,
        network: session.peer.trim_start_matches("net:").to_owned(),
        created_at: utc(session.created_at),
        used_at: utc(session.used_at),
    });
    Ok(HttpResponse::Ok().json(SessionList { items: items.collect() }))
}

/// Ends one of the user's sessions.
#[utoipa::path(tag = "auth", responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/auth/sessions/{id}")]
async fn end_session(request: HttpRequest, id: web::Path<String>, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = known(&request, &sessions).await?;
    let ended = sessions.revoke_of(known.user, guard::id(&id)?).await;
    noted(happening::SESSION_ENDED, known.user, ended, |()| known.user)?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(change_password)
        .service(password_forgotten)
        .service(reset_password)
        .service(verify_email)
        .service(send_verification)
        .service(step_up)
        .service(list_sessions)
        .service(end_session);
}
