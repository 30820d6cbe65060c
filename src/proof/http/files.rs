//! Evidence: uploaded first, counted once a claim names it.

use super::super::read::files::{self, Card};
use super::super::view::ProofFile;
use super::judge;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::security;
use crate::platform::session::Signed;
use crate::platform::uploads::{self, harmless_name};
use crate::platform::web::attachment::attachment;
use crate::platform::web::{AppState, Upload, id};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadQuery {
    /// The file's name. Its absence is refused by the handler, after it is known who asks.
    #[serde(default)]
    #[param(required = true)]
    name: String,
}

/// Uploads evidence of the own company; nobody else sees it until a claim names it. The same file under the same name again
/// answers the first one.
#[utoipa::path(params(UploadQuery), request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = ProofFile), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)), tag = "proofs")]
#[post("/proof-files")]
pub(super) async fn upload_proof_file(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    query: Query<UploadQuery>,
    body: Upload,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "proof.upload").await?;
    let name = harmless_name(&query.name);
    if name.is_empty() {
        return Err(Refusal::invalid("The file needs a name.").field("/name", "missing", "empty").into());
    }
    let declared = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kept = uploads::examine(&name, declared, body.0.to_vec()).await?;
    let card = Card {
        id: state.engine.ids().next(),
        name,
        size: i64::try_from(kept.bytes.len()).unwrap_or(i64::MAX),
        sha256: state.files.put(&kept.bytes).await?,
        content_type: kept.kind.media_type().to_owned(),
    };
    let (db, scope) = (state.engine.db(), signed.scope());
    if let Some(known) = files::same(db, &scope, &card).await? {
        return Ok(HttpResponse::Created().json(ProofFile::from(&known)));
    }
    let quota = i64::from(state.config.file_quota_mib) * 1024 * 1024;
    files::record(db, &scope, &card, state.engine.clock().now(), quota).await?;
    Ok(HttpResponse::Created().json(ProofFile::from(&card)))
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
