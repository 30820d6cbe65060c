//! Files of requests and quotes: uploaded first, counted once a request or a version of a quote names them.

use super::{judge, own};
use crate::platform::problem::{Failure, Problem};
use crate::platform::schema::FileCard;
use crate::platform::session::Signed;
use crate::platform::web::attachment::attachment;
use crate::platform::web::received::{UploadQuery, received};
use crate::platform::web::{AppState, Upload, id};
use crate::sourcing::read::files;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};

/// Uploads a file for requests and quotes of the own company; nobody else sees it until one of them names it. The same file
/// under the same name again answers the first one.
#[utoipa::path(params(UploadQuery), request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = FileCard), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)), tag = "sourcing")]
#[post("/sourcing-files")]
pub(super) async fn upload_sourcing_file(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    query: Query<UploadQuery>,
    body: Upload,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "sourcing.upload", 0, own(&signed)).await?;
    received(&files::FILES, &state, &signed.scope(), &request, &query.name, &body).await
}

/// A file's bytes, always as an attachment. A specification is read by the buyer and by suppliers that see the request; a
/// quote's attachment by its supplier and the buyer, never by a rival.
#[utoipa::path(responses((status = 200, content_type = "application/octet-stream"), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "sourcing")]
#[get("/sourcing-files/{id}")]
pub(super) async fn download_sourcing_file(
    state: Data<AppState>,
    signed: Signed,
    file: Path<String>,
) -> Result<HttpResponse, Failure> {
    let file = id(&file)?;
    let (card, relation) = files::file(state.engine.db(), &signed.scope(), file).await?;
    judge(&state, &signed, "sourcing.file", file, relation).await?;
    let bytes = state.files.get(&card.sha256).await?;
    Ok(attachment(&card.name, &card.content_type, bytes))
}
