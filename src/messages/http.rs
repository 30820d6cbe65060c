//! Routes of the conversation and the files of an order.

use super::read;
use super::store::{MESSAGE, Message};
use crate::platform::access::{Actor, Relation, permit};
use crate::platform::engine::{Command, Context, Decision, Key, Outcome, Request, View};
use crate::platform::idempotency;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::sabotage::{self, Guard};
use crate::platform::schema::{FileCard, Page};
use crate::platform::session::Signed;
use crate::platform::web::attachment::attachment;
use crate::platform::web::received::{UploadQuery, examined, quota};
use crate::platform::web::{AppState, Upload, answer, id, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Longest text of a message, in characters.
const TEXT_MAX: usize = 4_000;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_messages).service(write_message).service(list_files).service(upload_file).service(download_file);
}

/// How an actor stands to the conversation and the files of an order of these parties.
fn relation_to(parties: &[Option<u128>; 2], actor: &Actor) -> Relation {
    match (parties.contains(&actor.company), actor.oversees()) {
        (true, _) if actor.company.is_some() => Relation::Party,
        (_, true) => Relation::Overseer,
        (_, false) => Relation::None,
    }
}

struct Write {
    id: u128,
    order: u128,
    parties: [Option<u128>; 2],
    text: String,
    files: Vec<String>,
}

impl Command for Write {
    fn step(&self) -> &'static str {
        "message.write"
    }

    fn subject(&self) -> Key {
        Key { kind: MESSAGE, id: self.id }
    }

    fn relation(&self, _: &View<'_>, actor: &Actor) -> Relation {
        relation_to(&self.parties, actor)
    }

    fn decide(&self, cx: &Context<'_>, _: &View<'_>, out: &mut Outcome) -> Result<Decision, Refusal> {
        let message = Message {
            order: format!("{:032x}", self.order),
            user: format!("{:032x}", cx.actor.user),
            company: format!("{:032x}", cx.actor.company.unwrap_or(0)),
            text: self.text.clone(),
            files: self.files.clone(),
            at: cx.now.0,
        };
        out.tell(&json!({ "order": message.order, "text": message.text, "files": message.files }))?;
        out.parties = self.parties;
        out.reply(201, &MessageReceipt { id: format!("{:032x}", self.id), at: cx.now.to_string() })?;
        out.save(self.subject(), message);
        Ok(Decision::Write)
    }
}

/// A message that was written.
#[derive(Serialize, ToSchema)]
struct MessageReceipt {
    id: String,
    /// Market time.
    #[schema(format = DateTime)]
    at: String,
}

/// A message of an order's conversation.
#[derive(Serialize, ToSchema)]
struct MessageView {
    id: String,
    /// Name of who wrote it.
    user: String,
    /// Name of the company written for.
    company: String,
    text: String,
    files: Vec<FileCard>,
    /// Market time.
    #[schema(format = DateTime)]
    at: String,
}

/// The conversation of an order, oldest first.
#[utoipa::path(responses((status = 200, body = Page<MessageView>), (status = 404, body = Problem)), tag = "orders")]
#[get("/orders/{order}/messages")]
async fn list_messages(state: Data<AppState>, signed: Signed, order: Path<String>) -> Result<HttpResponse, Failure> {
    let (order, scope) = (id(&order)?, signed.scope());
    let db = state.engine.db();
    let messages = read::messages(db, &scope, order).await?;
    let files = read::files(db, &scope, order).await?;
    let users = messages.iter().filter_map(|(_, m)| u128::from_str_radix(&m.user, 16).ok()).collect::<Vec<_>>();
    let names = crate::identity::user_names(db, &users).await?;
    let companies = messages.iter().filter_map(|(_, m)| u128::from_str_radix(&m.company, 16).ok()).collect::<Vec<_>>();
    let company_names = crate::identity::company_names(db, scope.market(), &companies).await?;
    let name = |hex: &str| u128::from_str_radix(hex, 16).ok().and_then(|i| names.get(&i).cloned()).unwrap_or_default();
    let company = |hex: &str| {
        u128::from_str_radix(hex, 16).ok().and_then(|i| company_names.get(&i).map(|c| c.0.clone())).unwrap_or_default()
    };
    let items: Vec<MessageView> = messages
        .iter()
        .map(|(id, m)| MessageView {
            id: format!("{id:032x}"),
            user: name(&m.user),
            company: company(&m.company),
            text: m.text.clone(),
            files: files.iter().filter(|f| m.files.contains(&f.id)).cloned().collect(),
            at: entrepot_domain::kernel::MarketTime(m.at).to_string(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// A message to the other side.
#[derive(Deserialize, ToSchema)]
#[schema(as = MessageDraft)]
#[serde(deny_unknown_fields)]
struct MessageBody {
    text: String,
    /// Files uploaded to this order before.
    #[serde(default)]
    file_ids: Vec<String>,
}

/// Writes a message to the other side.
#[utoipa::path(params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; the same key and body give the same reply")), request_body = MessageBody, responses((status = 201, body = MessageReceipt), (status = 404, body = Problem)), tag = "orders")]
#[post("/orders/{order}/messages")]
async fn write_message(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    order: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (order, scope) = (id(&order)?, signed.scope());
    let parties = crate::trade::parties(state.engine.db(), &scope, order).await?;
    let message: MessageBody = parse(&body)?;
    if message.text.trim().is_empty() && message.file_ids.is_empty() {
        return Err(Refusal::new(422, "message.empty", "The message is empty.")
            .field("/text", "message.empty", "empty")
            .into());
    }
    if message.text.chars().count() > TEXT_MAX {
        return Err(Refusal::new(422, "message.too_long", "The message is too long.")
            .field("/text", "message.too_long", "over 4,000 characters")
            .into());
    }
    let known = read::files(state.engine.db(), &scope, order).await?;
    let foreign = |file: &String| !known.iter().any(|k| k.id == *file) && !sabotage::skips(Guard::ForeignFiles);
    if let Some(unknown) = message.file_ids.iter().position(foreign) {
        return Err(Refusal::invalid("A file is not of this order.")
            .field(format!("/file_ids/{unknown}"), "not_found", "unknown file")
            .into());
    }
    // A message may be repeated safely with a key; without one each send is its own.
    let key = if request.headers().contains_key("Idempotency-Key") {
        Some(idempotency::from_request(&request, &body)?)
    } else {
        None
    };
    let command = Write { id: state.engine.ids().next(), order, parties, text: message.text, files: message.file_ids };
    Ok(answer(&state.engine.execute(Request::new(signed.0, command).idempotent(key)).await?))
}

/// The files of an order.
#[utoipa::path(responses((status = 200, body = Page<FileCard>), (status = 404, body = Problem)), tag = "orders")]
#[get("/orders/{order}/files")]
async fn list_files(state: Data<AppState>, signed: Signed, order: Path<String>) -> Result<HttpResponse, Failure> {
    let items = read::files(state.engine.db(), &signed.scope(), id(&order)?).await?;
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}

/// Uploads a file to an order; a message then names it. The same file under the same name again answers the first one.
#[utoipa::path(params(UploadQuery), request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = FileCard), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)), tag = "orders")]
#[post("/orders/{order}/files")]
async fn upload_file(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    order: Path<String>,
    query: Query<UploadQuery>,
    body: Upload,
) -> Result<HttpResponse, Failure> {
    let (order, scope) = (id(&order)?, signed.scope());
    let parties = crate::trade::parties(state.engine.db(), &scope, order).await?;
    let row = state.engine.registry().access("file.upload").ok_or_else(Refusal::forbidden)?;
    permit(row, &signed.0, relation_to(&parties, &signed.0), |_| true)?;
    let card = examined(&state, &request, &query.name, &body).await?;
    if let Some(known) = read::same(state.engine.db(), &scope, order, &card).await? {
        return Ok(HttpResponse::Created().json(FileCard::from(&known)));
    }
    let at = state.engine.clock().now();
    read::record(state.engine.db(), &scope, order, &card, at, quota(&state)).await?;
    Ok(HttpResponse::Created().json(FileCard::from(&card)))
}

/// A file's bytes, always as an attachment.
#[utoipa::path(responses((status = 200, content_type = "application/octet-stream"), (status = 404, body = Problem)), tag = "orders")]
#[get("/files/{id}")]
async fn download_file(state: Data<AppState>, signed: Signed, file: Path<String>) -> Result<HttpResponse, Failure> {
    let card = read::file(state.engine.db(), &signed.scope(), id(&file)?).await?;
    let bytes = state.files.get(&card.sha256).await?;
    Ok(attachment(&card.name, &card.content_type, bytes))
}
