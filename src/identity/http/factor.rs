//! The second factor: draw, confirm, turn off, recovery codes.

use super::{Answer, caller, entered, known, with_tokens};
use crate::identity::happening::{self, noted};
use crate::identity::session::IdentitySessions;
use crate::identity::view::{Code, EnrolmentView, Me, PasswordOnly, RecoveryCodes};
use crate::platform::problem::Problem;
use crate::platform::web::{self as guard, AppState};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// Draws a seed for an authenticator app; it counts once its first code is shown.
#[utoipa::path(tag = "auth", responses(
    (status = 200, body = EnrolmentView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
#[post("/auth/second-factor")]
async fn enrol(request: HttpRequest, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = known(&request, &sessions).await?;
    let enrolment = sessions.enrol(&known).await?;
    Ok(HttpResponse::Ok().json(EnrolmentView { secret: enrolment.secret, uri: enrolment.uri }))
}

/// Turns the second factor on with the first code of the app; every other session ends.
#[utoipa::path(tag = "auth", request_body = Code, responses(
    (status = 200, body = RecoveryCodes), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/second-factor/confirm")]
async fn confirm(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let known = known(&request, &sessions).await?;
    let form: Code = guard::parse(&body)?;
    let done = sessions.confirm_second_factor(&known, &form.code, &caller(&request)).await;
    let (codes, issued) = noted(happening::SECOND_FACTOR_ON, known.user, done, |_| known.user)?;
    let mut response = HttpResponse::Ok();
    with_tokens(&state.config, &mut response, issued);
    Ok(response.json(RecoveryCodes { codes }))
}

/// Turns the second factor off; every other session ends.
#[utoipa::path(tag = "auth", request_body = PasswordOnly, responses(
    (status = 200, body = Me), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/second-factor/off")]
async fn turn_off(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let known = known(&request, &sessions).await?;
    let form: PasswordOnly = guard::parse(&body)?;
    let issued = sessions.turn_off_second_factor(&known, &form.password, &caller(&request)).await;
    let issued = noted(happening::SECOND_FACTOR_OFF, known.user, issued, |issued| issued.user)?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// Draws new recovery codes; the old ones are void.
#[utoipa::path(tag = "auth", responses(
    (status = 200, body = RecoveryCodes), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
#[post("/auth/second-factor/recovery-codes")]
async fn renew_codes(request: HttpRequest, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = known(&request, &sessions).await?;
    let codes = noted(happening::RECOVERY_RENEWED, known.user, sessions.renew_codes(&known).await, |_| known.user)?;
    Ok(HttpResponse::Ok().json(RecoveryCodes { codes }))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(enrol).service(confirm).service(turn_off).service(renew_codes);
}
