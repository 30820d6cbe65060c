//! Messages of a thread.

use super::super::read::messages::{files, page};
use super::super::view::{InquiryMessage, InquiryReceipt};
use super::{Reader, key, seen, take, words};
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use entrepot_domain::inquiry::InquiryCommand;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Messages of a page when the caller names no number.
const PAGE: u32 = 50;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// Messages of an inquiry, the newest first.
#[utoipa::path(params(MessagesQuery), responses((status = 200, body = Page<InquiryMessage>), (status = 404, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[get("/inquiries/{inquiry}/messages")]
pub(super) async fn list_inquiry_messages(
    state: Data<AppState>,
    signed: Signed,
    inquiry: Path<String>,
    query: Query<MessagesQuery>,
) -> Result<HttpResponse, Failure> {
    let (db, scope) = (state.engine.db(), signed.scope());
    let (inquiry, listed, _) = seen(&state, &scope, &inquiry).await?;
    let wrong = |_| Refusal::invalid("This is no cursor of this list.").field("/cursor", "malformed", "unknown cursor");
    let before =
        query.cursor.as_deref().map(|text| text.parse::<i64>().map_err(wrong)).transpose()?.unwrap_or(i64::MAX);
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let found = page(db, &scope, inquiry, before, limit).await?;
    let range = (found.last().map_or(0, |m| m.no), found.first().map_or(0, |m| m.no));
    let attached = files(db, &scope, inquiry, range).await?;
    let users: Vec<u128> = found.iter().map(|message| message.user).collect();
    let names = crate::identity::user_names(db, &users).await?;
    let eyes = Reader::of(&state, &scope).await?.eyes(&listed);
    let next_cursor = found.last().filter(|last| last.no > 1).map(|last| last.no.to_string());
    let view = |message: &super::super::read::messages::Message| {
        let user = names.get(&message.user).cloned().unwrap_or_default();
        let files = attached.get(&message.no).map(Vec::as_slice).unwrap_or_default();
        InquiryMessage::of(message, user, files, eyes)
    };
    let items: Vec<InquiryMessage> = found.iter().map(view).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// A message to the other side.
#[derive(Deserialize, ToSchema)]
#[schema(as = InquiryMessageDraft)]
#[serde(deny_unknown_fields)]
struct WriteBody {
    text: String,
    /// Files uploaded before.
    #[serde(default)]
    file_ids: Vec<String>,
}

/// Writes to the other side.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = WriteBody, responses((status = 201, body = InquiryReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[post("/inquiries/{inquiry}/messages")]
pub(super) async fn write_inquiry_message(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    inquiry: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let scope = signed.scope();
    let (inquiry, thread, _) = seen(&state, &scope, &inquiry).await?;
    let draft: WriteBody = parse(&body)?;
    let words = words(&state, &scope, &draft.text, &draft.file_ids).await?;
    take(&state, &signed, (inquiry, &thread), key(&request, &body)?, InquiryCommand::Write { words }).await
}
