//! Sign up, sign in, demo, refresh, sign out, who am I, seats.

use super::{Answer, caller, cleared, entered, known, refresh_token, signed_out};
use crate::identity::happening::{self, noted};
use crate::identity::session::IdentitySessions;
use crate::identity::store::set_language;
use crate::identity::view::{AuthOptions, DemoSignIn, Me, SeatSwitch, SignIn, SignUp};
use crate::platform::problem::{Problem, Refusal};
use crate::platform::session::access_token;
use crate::platform::web::{self as guard, AppState};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError, get, post, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Signs up a user and a company, and signs the user in.
#[utoipa::path(tag = "auth", security(()), request_body = SignUp, responses(
    (status = 201, body = Me), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/sign-up")]
async fn sign_up(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: SignUp = guard::parse(&body)?;
    let issued = sessions.sign_up(&form, &caller(&request)).await;
    let issued = noted(happening::SIGN_UP, 0, issued, |issued| issued.user)?;
    entered(&sessions, &state.config, issued, StatusCode::CREATED).await
}

/// Signs a user in.
#[utoipa::path(tag = "auth", security(()), request_body = SignIn, responses(
    (status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
#[post("/auth/sign-in")]
async fn sign_in(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: SignIn = guard::parse(&body)?;
    let issued = sessions.sign_in(&form, &caller(&request)).await;
    let issued = noted(happening::SIGN_IN, 0, issued, |issued| issued.user)?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// Signs a demo user in with one click; 404 outside demo mode.
#[utoipa::path(tag = "auth", security(()), request_body = DemoSignIn, responses((status = 200, body = Me), (status = 404, body = Problem)))]
#[post("/auth/demo")]
async fn demo_sign_in(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: DemoSignIn = guard::parse(&body)?;
    let issued = sessions.enter_demo(form.seat, &caller(&request)).await;
    let issued = noted(happening::DEMO_SIGN_IN, 0, issued, |issued| issued.user)?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// Exchanges the refresh cookie for new tokens.
#[utoipa::path(tag = "auth", security(()), responses((status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
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
#[utoipa::path(tag = "auth", security(()), responses((status = 204)))]
#[post("/auth/sign-out")]
async fn sign_out(request: HttpRequest, state: web::Data<AppState>, sessions: web::Data<IdentitySessions>) -> Answer {
    let (access, refresh) = (access_token(&request), refresh_token(&request, &state.config));
    let who = sessions.identify(access.as_deref()).await.map_or(0, |known| known.user);
    noted(happening::SIGN_OUT, who, sessions.sign_out(access.as_deref(), refresh.as_deref()).await, |()| who)?;
    Ok(signed_out(&state.config))
}

/// Ends all sessions of the user.
#[utoipa::path(tag = "auth", responses((status = 204), (status = 401, body = Problem)))]
#[post("/auth/sign-out-everywhere")]
async fn sign_out_everywhere(
    request: HttpRequest,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let known = known(&request, &sessions).await?;
    noted(happening::SIGN_OUT_EVERYWHERE, known.user, sessions.revoke_user(known.user).await, |()| known.user)?;
    Ok(signed_out(&state.config))
}

/// Who is signed in.
#[utoipa::path(tag = "auth", responses((status = 200, body = Me), (status = 401, body = Problem)))]
#[get("/auth/me")]
async fn who_am_i(request: HttpRequest, sessions: web::Data<IdentitySessions>) -> Answer {
    let known = known(&request, &sessions).await?;
    Ok(HttpResponse::Ok().json(sessions.me(known.user, known.place(), known.second_factor).await?))
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
    let known = known(&request, &sessions).await?;
    let form: SeatSwitch = guard::parse(&body)?;
    let issued = sessions.sit(&known, guard::id(&form.seat_id)?).await?;
    entered(&sessions, &state.config, issued, StatusCode::OK).await
}

/// The language a person reads.
#[derive(Deserialize, ToSchema)]
#[schema(as = LanguageChoice)]
#[serde(deny_unknown_fields)]
struct LanguageChoice {
    /// `en` or `zh`.
    language: String,
}

/// Notes the language the user chose; letters come in it from then on.
#[utoipa::path(tag = "auth", request_body = LanguageChoice, responses(
    (status = 204), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[put("/auth/language")]
async fn choose_language(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let known = known(&request, &sessions).await?;
    let chosen: LanguageChoice = guard::parse(&body)?;
    if !["en", "zh"].contains(&chosen.language.as_str()) {
        let refusal = Refusal::invalid("Letters are written in English or Chinese.");
        return Err(refusal.field("/language", "malformed", "not one of en, zh").into());
    }
    set_language(state.engine.db(), known.user, &chosen.language).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the sign-in page offers.
#[utoipa::path(tag = "auth", security(()), responses((status = 200, body = AuthOptions)))]
#[get("/auth/options")]
async fn auth_options(state: web::Data<AppState>) -> Answer {
    Ok(HttpResponse::Ok().json(AuthOptions { demo: state.config.demo, insecure: state.config.insecure_lan }))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_up)
        .service(sign_in)
        .service(demo_sign_in)
        .service(refresh_session)
        .service(sign_out)
        .service(sign_out_everywhere)
        .service(who_am_i)
        .service(switch_seat)
        .service(choose_language)
        .service(auth_options);
}
