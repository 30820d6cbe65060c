//! Files of inquiries: uploaded first, counted once a message names them.

use super::super::read::files;
use super::super::view::foreign_name;
use super::judge;
use crate::platform::problem::{Failure, Problem};
use crate::platform::schema::FileCard;
use crate::platform::session::Signed;
use crate::platform::web::attachment::attachment;
use crate::platform::web::received::{UploadQuery, received};
use crate::platform::web::{AppState, Upload, id};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};

/// Uploads a file for inquiries of the own company; nobody else sees it until a message names it. The same file under the
/// same name again answers the first one.
#[utoipa::path(params(UploadQuery), request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = FileCard), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)), tag = "inquiries")]
#[post("/inquiry-files")]
pub(super) async fn upload_inquiry_file(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    query: Query<UploadQuery>,
    body: Upload,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "inquiry.upload", 0).await?;
    received(&files::FILES, &state, &signed.scope(), &request, &query.name, &body).await
}

/// A file's bytes, always as an attachment.
#[utoipa::path(responses((status = 200, content_type = "application/octet-stream"), (status = 404, body = Problem)), tag = "inquiries")]
#[get("/inquiry-files/{id}")]
pub(super) async fn download_inquiry_file(
    state: Data<AppState>,
    signed: Signed,
    file: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (card, own) = files::file(state.engine.db(), &signed.scope(), id(&file)?).await?;
    let bytes = state.files.get(&card.sha256).await?;
    let name = if own { card.name } else { foreign_name(&card.name) };
    Ok(attachment(&name, &card.content_type, bytes))
}
