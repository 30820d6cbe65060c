//! Routes of a person's notices and of what they want to hear.

use super::read::{self, Listed};
use super::store::{SEARCH, choices, marks};
use super::view::{ChoiceBody, ChoiceView, NoticeView, ReadThrough, UnreadNotices, place, place_text};
use super::words::Names;
use super::{CHOOSE, LIST};
use crate::platform::access::Relation;
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, id, parse};
use crate::{identity, search};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpResponse, get, post, put};
use entrepot_domain::notice::{Choice, Topic};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Rows of a page when the caller names no number.
const PAGE: u32 = 30;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(unread_notices)
        .service(list_choices)
        .service(choose_notices)
        .service(read_notices)
        .service(read_notice)
        .service(list_notices);
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only what was not read.
    unread: Option<bool>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

async fn judge(state: &AppState, signed: &Signed, step: &str) -> Result<(), Failure> {
    permit_outside(&state.engine, &signed.0, step, Relation::Market, 0, |_| true).await
}

fn no_place(pointer: &str) -> Refusal {
    Refusal::new(422, "notice.cursor", "This is no place in the list.").field(pointer, "notice.cursor", "unknown place")
}

/// The reader's notices in this market, the newest first.
#[utoipa::path(params(ListQuery), responses((status = 200, body = Page<NoticeView>), (status = 422, body = Problem)), tag = "notices")]
#[get("/notices")]
async fn list_notices(state: Data<AppState>, signed: Signed, query: Query<ListQuery>) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, LIST).await?;
    let (db, scope) = (state.engine.db(), signed.scope());
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let after = query.cursor.as_deref().filter(|text| !text.is_empty());
    let after = after.map(|text| place(text).ok_or_else(|| no_place("/cursor"))).transpose()?;
    let mut found = read::list(db, &scope, query.unread.unwrap_or(false), after, limit + 1).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = found.last().filter(|_| more).map(|last| place_text((last.seq, last.id)));
    let of = |pick: fn(&Listed) -> Vec<u128>| {
        found.iter().flat_map(pick).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let companies = of(|one| one.company.into_iter().chain(one.other).collect());
    let people = of(|one| one.person.into_iter().collect());
    let searches = of(|one| Some(one.open.1).filter(|_| one.open.0 == SEARCH).into_iter().collect());
    let names = Names {
        companies: identity::company_names(db, scope.market(), &companies).await?,
        people: identity::user_names(db, &people).await?,
        searches: search::titled(db, scope.market(), scope.actor().user, &searches).await?,
    };
    let items: Vec<NoticeView> = found.iter().map(|one| NoticeView::of(one, &names)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// How many of the reader's notices are unread, counted up to 100.
#[utoipa::path(responses((status = 200, body = UnreadNotices)), tag = "notices")]
#[get("/notices/unread")]
async fn unread_notices(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, LIST).await?;
    let unread = read::unread(state.engine.db(), &signed.scope()).await?;
    Ok(HttpResponse::Ok().json(UnreadNotices { unread }))
}

/// Marks one notice as read; again changes nothing.
#[utoipa::path(responses((status = 204), (status = 404, body = Problem)), tag = "notices")]
#[post("/notices/{id}/read")]
async fn read_notice(state: Data<AppState>, signed: Signed, notice: Path<String>) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, CHOOSE).await?;
    marks::read(state.engine.db(), &signed.scope(), id(&notice)?, state.engine.clock().now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Marks everything up to a place as read; what came since stays unread.
#[utoipa::path(request_body = ReadThrough, responses((status = 204), (status = 422, body = Problem)), tag = "notices")]
#[post("/notices/read")]
async fn read_notices(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, CHOOSE).await?;
    let through = parse::<ReadThrough>(&body)?.through;
    let through = place(&through).ok_or_else(|| no_place("/through"))?;
    marks::read_through(state.engine.db(), &signed.scope(), through, state.engine.clock().now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the reader wants to hear, topic by topic.
#[utoipa::path(responses((status = 200, body = Page<ChoiceView>)), tag = "notices")]
#[get("/notices/choices")]
async fn list_choices(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, LIST).await?;
    let user = signed.0.user;
    let chosen = choices::of_users(state.engine.db().read(), signed.0.market, &BTreeSet::from([user])).await?;
    let view = |topic: &Topic| ChoiceView::of(*topic, choices::of(&chosen, user, *topic));
    Ok(HttpResponse::Ok().json(Page::whole(Topic::ALL.iter().map(view).collect::<Vec<_>>())))
}

/// Chooses about one topic.
#[utoipa::path(request_body = ChoiceBody, responses((status = 200, body = ChoiceView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "notices")]
#[put("/notices/choices/{topic}")]
async fn choose_notices(
    state: Data<AppState>,
    signed: Signed,
    topic: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, CHOOSE).await?;
    let body = parse::<ChoiceBody>(&body)?;
    let topic = Topic::parse(&topic).ok_or_else(Refusal::not_found)?;
    if !topic.is_free() {
        return Err(Refusal::new(409, "notice.locked", "Letters about the safety of an account always go out.").into());
    }
    let choice = Choice { app: body.app, letters: body.letters };
    choices::choose(state.engine.db(), &signed.scope(), topic, choice).await?;
    Ok(HttpResponse::Ok().json(ChoiceView::of(topic, choice)))
}
