//! Questions about a request, answered before everybody, and explanations of the buyer.

use super::judge;
use crate::platform::engine::Request;
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, answer, id, parse};
use crate::sourcing::commands::TakeTalk;
use crate::sourcing::read;
use crate::sourcing::view::talk::TalkReceipt;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, post};
use entrepot_domain::sourcing::TalkCommand;
use serde::Deserialize;
use utoipa::ToSchema;

/// A question or an explanation.
#[derive(Deserialize, ToSchema)]
#[schema(as = RfqWords)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// 1 to 2,000 characters.
    text: String,
}

/// An answer that every supplier of the request reads.
#[derive(Deserialize, ToSchema)]
#[schema(as = RfqAnswer)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerBody {
    /// The question in words that do not tell who asked; the supplier's own unless told.
    #[serde(default)]
    question: String,
    /// 1 to 2,000 characters.
    text: String,
}

/// A text without the one character that no database keeps.
fn clean(text: &str) -> String {
    text.replace('\0', "").trim().to_owned()
}

/// Judges who asks, then takes the step that the body names.
async fn take(
    state: &AppState,
    signed: Signed,
    request: &HttpRequest,
    (rfq, step): (&str, &str),
    body: &[u8],
    read_body: impl FnOnce(&[u8]) -> Result<TalkCommand, Refusal>,
) -> Result<HttpResponse, Failure> {
    let (found, _, relation) = read::rfq(state.engine.db(), &signed.scope(), id(rfq)?).await?;
    judge(state, &signed, step, found.rfq.id.0, relation).await?;
    let company = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let key = idempotency::from_request(request, body)?;
    let command = TakeTalk { rfq: found.rfq.id.0, company, command: read_body(body)? };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(Some(key))).await?))
}

/// Asks the buyer a question; the answer goes to every supplier of the request, who asked to nobody but the buyer.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = Words, responses((status = 201, body = TalkReceipt), (status = 200, body = TalkReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/questions")]
pub(super) async fn ask_about_rfq(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    rfq: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    take(&state, signed, &request, (rfq.as_str(), "rfq.ask"), &body, |body| {
        Ok(TalkCommand::Ask { text: clean(&parse::<Words>(body)?.text) })
    })
    .await
}

/// Answers a question before every supplier of the request.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = AnswerBody, responses((status = 201, body = TalkReceipt), (status = 200, body = TalkReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/questions/{no}/answer")]
pub(super) async fn answer_question(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    path: Path<(String, String)>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (rfq, no) = path.into_inner();
    take(&state, signed, &request, (rfq.as_str(), "rfq.answer"), &body, |body| {
        let no = no.parse().map_err(|_| Refusal::not_found())?;
        let AnswerBody { question, text } = parse(body)?;
        Ok(TalkCommand::Answer { no, question: clean(&question), text: clean(&text) })
    })
    .await
}

/// Explains something to every supplier of the request.
#[utoipa::path(params(("Idempotency-Key" = String, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = Words, responses((status = 201, body = TalkReceipt), (status = 200, body = TalkReceipt), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/rfqs/{rfq}/clarifications")]
pub(super) async fn clarify_rfq(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    rfq: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    take(&state, signed, &request, (rfq.as_str(), "rfq.clarify"), &body, |body| {
        Ok(TalkCommand::Clarify { text: clean(&parse::<Words>(body)?.text) })
    })
    .await
}
