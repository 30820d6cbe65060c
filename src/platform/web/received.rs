//! How an uploaded file comes in, whichever slice it is for: named, judged by its bytes, stored under its hash.
//!
//! Refuses a file without a name and every kind that is not kept; who may upload is judged by the slice before this.

use super::{AppState, Upload};
use crate::platform::access::Scope;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::schema::FileCard;
use crate::platform::shelf::{Card, Shelf};
use crate::platform::uploads::{self, harmless_name};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::IntoParams;

/// What an uploading request says of its file beside the bytes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// The file's name. Its absence is refused by the handler, after it is known who asks.
    #[serde(default)]
    #[param(required = true)]
    pub name: String,
}

/// Judges the bytes and stores them; answers the card of what is kept, which nothing has recorded yet.
///
/// Errors: 422 for a file without a name or of a kind that is not kept.
pub async fn examined(state: &AppState, request: &HttpRequest, name: &str, body: &Upload) -> Result<Card, Failure> {
    let name = harmless_name(name);
    if name.is_empty() {
        return Err(Refusal::invalid("The file needs a name.").field("/name", "missing", "empty").into());
    }
    let declared = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kept = uploads::examine(&name, declared, body.0.to_vec()).await?;
    Ok(Card {
        id: state.engine.ids().next(),
        name,
        size: i64::try_from(kept.bytes.len()).unwrap_or(i64::MAX),
        sha256: state.files.put(&kept.bytes).await?,
        content_type: kept.kind.media_type().to_owned(),
    })
}

/// Bytes one company may keep in a market.
pub fn quota(state: &AppState) -> i64 {
    i64::from(state.config.file_quota_mib) * 1024 * 1024
}

/// Takes a file of the scope's company onto a shelf; the same file under the same name again answers the first one.
///
/// Errors: as [`examined`], and 409 `file.quota`.
pub async fn received(
    shelf: &Shelf,
    state: &AppState,
    scope: &Scope,
    request: &HttpRequest,
    name: &str,
    body: &Upload,
) -> Result<HttpResponse, Failure> {
    let card = examined(state, request, name, body).await?;
    let db = state.engine.db();
    if let Some(known) = shelf.same(db, scope, &card).await? {
        return Ok(HttpResponse::Created().json(FileCard::from(&known)));
    }
    shelf.record(db, scope, &card, state.engine.clock().now(), quota(state)).await?;
    Ok(HttpResponse::Created().json(FileCard::from(&card)))
}
