//! What admins do with accounts and mails, and the first admin's own page.

use super::{Answer, allowed, caller, entered};
use crate::identity::happening;
use crate::identity::read::people;
use crate::identity::session::IdentitySessions;
use crate::identity::view::{FirstAdmin, MailList, MailText, MailView, Me, PageQuery, PersonList, PersonView};
use crate::platform::access::Actor;
use crate::platform::mail::Row;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::security::{self, Outcome};
use crate::platform::session::{Proved, Signed};
use crate::platform::web::{self as guard, AppState, PAGE_MAX};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use entrepot_domain::kernel::MarketTime;
use utoipa_actix_web::service_config::ServiceConfig;

/// Items of one page when the caller names no number.
const PAGE: u32 = 50;

fn limit(query: &PageQuery) -> u32 {
    query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX)
}

fn utc(micros: i64) -> String {
    MarketTime(micros).to_string()
}

/// Makes the first admin with the link the server printed.
#[utoipa::path(tag = "auth", security(()), request_body = FirstAdmin, responses(
    (status = 201, body = Me), (status = 409, body = Problem), (status = 410, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[post("/auth/first-admin")]
async fn first_admin(
    request: HttpRequest,
    body: web::Bytes,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    let form: FirstAdmin = guard::parse(&body)?;
    let issued =
        happening::noted(happening::FIRST_ADMIN, 0, sessions.first_admin(&form, &caller(&request)).await, |i| i.user)?;
    entered(&sessions, &state.config, issued, StatusCode::CREATED).await
}

/// The users of the market, by e-mail.
#[utoipa::path(tag = "admin", params(PageQuery), responses((status = 200, body = PersonList), (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/admin/users")]
async fn list_people(state: web::Data<AppState>, signed: Signed, query: web::Query<PageQuery>) -> Answer {
    allowed(&state, &signed.0, "user.list").await?;
    let limit = limit(&query);
    let cursor = query.cursor.as_deref().unwrap_or("");
    let found = people::people(state.engine.db(), signed.0.market, cursor, limit).await?;
    let full = found.len() == usize::try_from(limit).unwrap_or(0);
    let next_cursor = found.last().filter(|_| full).map(|p| p.email.clone());
    let items = found.into_iter().map(|person| PersonView {
        id: format!("{:032x}", person.id),
        name: person.name,
        email: person.email,
        disabled: person.disabled,
        email_verified: person.verified,
        second_factor: person.second_factor,
        own: person.id == signed.0.user,
    });
    Ok(HttpResponse::Ok().json(PersonList { items: items.collect(), next_cursor }))
}

async fn set_disabled(
    state: &AppState,
    sessions: &IdentitySessions,
    actor: &Actor,
    id: &str,
    disabled: bool,
) -> Answer {
    allowed(state, actor, "user.disable").await?;
    sessions.set_disabled(actor, guard::id(id)?, disabled).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Closes a user's account; every session ends.
#[utoipa::path(tag = "admin", responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/admin/users/{id}/disable")]
async fn disable(
    proved: Proved,
    id: web::Path<String>,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    set_disabled(&state, &sessions, &proved.0, &id, true).await
}

/// Opens a closed account again.
#[utoipa::path(tag = "admin", responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/admin/users/{id}/enable")]
async fn enable(
    proved: Proved,
    id: web::Path<String>,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    set_disabled(&state, &sessions, &proved.0, &id, false).await
}

fn view(row: &Row) -> MailView {
    let state = match (row.sent_at, row.given_up_at) {
        (Some(_), _) => "sent",
        (None, Some(_)) => "given_up",
        (None, None) => "waiting",
    };
    MailView {
        id: format!("{:032x}", row.id),
        kind: row.kind.clone(),
        recipient: row.recipient.clone(),
        subject: row.subject.clone(),
        state,
        attempts: row.attempts,
        error: row.error.clone(),
        created_at: utc(row.created_at),
        sent_at: row.sent_at.map(utc),
        readable: row.sealed.is_some(),
    }
}

fn cursor(text: &str) -> Result<(i64, u128), Refusal> {
    let refused = || Refusal::invalid("The cursor is not one of ours.").field("/cursor", "malformed", "not a cursor");
    let (at, mail) = text.split_once('-').ok_or_else(refused)?;
    Ok((at.parse().map_err(|_| refused())?, guard::id(mail).map_err(|_| refused())?))
}

/// The mails about users of the market, the newest first, without their texts.
#[utoipa::path(tag = "admin", params(PageQuery), responses((status = 200, body = MailList), (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/admin/mails")]
async fn list_mails(state: web::Data<AppState>, signed: Signed, query: web::Query<PageQuery>) -> Answer {
    allowed(&state, &signed.0, "mail.list").await?;
    let limit = limit(&query);
    let after = query.cursor.as_deref().map(cursor).transpose()?;
    let found = people::mails(state.engine.db(), signed.0.market, after, limit).await?;
    let full = found.len() == usize::try_from(limit).unwrap_or(0);
    let next_cursor = found.last().filter(|_| full).map(|m| format!("{}-{:032x}", m.created_at, m.id));
    Ok(HttpResponse::Ok().json(MailList { items: found.iter().map(view).collect(), next_cursor }))
}

/// A mail with its text: for installations whose mails are files. Who reads it stands in the log.
#[utoipa::path(tag = "admin", responses((status = 200, body = MailText), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/admin/mails/{id}")]
async fn read_mail(
    proved: Proved,
    id: web::Path<String>,
    state: web::Data<AppState>,
    sessions: web::Data<IdentitySessions>,
) -> Answer {
    allowed(&state, &proved.0, "mail.read").await?;
    let found = people::mail_of(state.engine.db(), proved.0.market, guard::id(&id)?).await?;
    let row = found.ok_or_else(|| Failure::from(Refusal::not_found()))?;
    let text = sessions.mail().text(&row)?;
    security::note(happening::MAIL_READ, Outcome::Succeeded, proved.0.user, &format!("{:032x}", row.id));
    Ok(HttpResponse::Ok().json(MailText { mail: view(&row), text }))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(first_admin)
        .service(list_people)
        .service(disable)
        .service(enable)
        .service(list_mails)
        .service(read_mail);
}
