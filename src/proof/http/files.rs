//! Evidence: uploaded first, counted once a claim names it.

use super::super::read::files;
use super::judge;
use crate::platform::problem::{Failure, Problem};
use crate::platform::schema::FileCard;
use crate::platform::security;
use crate::platform::session::Signed;
use crate::platform::web::attachment::attachment;
use crate::platform::web::received::{UploadQuery, received};
use crate::platform::web::{AppState, Upload, id};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};

/// Uploads evidence of the own company; nobody else sees it until a claim names it. The same file under the same name again
/// answers the first one.
#[utoipa::path(params(UploadQuery), request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = FileCard), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)), tag = "proofs")]
#[post("/proof-files")]
pub(super) async fn upload_proof_file(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    query: Query<UploadQuery>,
    body: Upload,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.upload").await?;
    received(&files::FILES, &state, &signed.scope(), &request, &query.name, &body).await
}

/// The bytes of evidence, always as an attachment; an admin's look is a security event.
#[utoipa::path(responses((status = 200, content_type = "application/octet-stream"), (status = 404, body = Problem)), tag = "proofs")]
#[get("/proof-files/{id}")]
pub(super) async fn download_proof_file(
    state: Data<AppState>,
    signed: Signed,
    file: Path<String>,
) -> Result<HttpResponse, Failure> {
    let card = files::file(state.engine.db(), &signed.scope(), id(&file)?).await?;
    if signed.0.oversees() {
        let read = "proof.read_evidence";
        security::note(security::PRIVILEGED_ACT, security::Outcome::Succeeded, signed.0.user, read);
    }
    let bytes = state.files.get(&card.sha256).await?;
    Ok(attachment(&card.name, &card.content_type, bytes))
}
