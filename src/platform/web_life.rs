//! What a node that is not well, or about to end, does with requests: refuses changes while its storage keeps none, says
//! so on `/ready`, and asks clients to leave while it drains.

use crate::platform::life::Stage;
use crate::platform::problem::Failure;
use crate::platform::rows;
use crate::platform::web::AppState;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse, get};
use serde_json::json;

/// Refuses changes while the database keeps none, and takes notice when a change fails for that reason.
pub async fn kept(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let Some(state) = request.app_data::<Data<AppState>>().cloned() else { return next.call(request).await };
    let storage = state.engine.db().storage();
    if !reads {
        storage.permit().map_err(Failure::from)?;
    }
    let mut response = next.call(request).await?;
    if !reads && let Some(Failure::Failed(fault)) = response.response().error().and_then(Error::as_error) {
        storage.note(fault);
    }
    if state.life.stage() != Stage::Serving {
        // A kept connection would be cut off in the middle of a later request.
        response.response_mut().head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    }
    Ok(response)
}

/// Alive, whatever the database does.
#[get("/health")]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// Ready when the node takes requests and its database keeps what is written; 503 tells a proxy to send nothing more.
#[get("/ready")]
pub async fn ready(state: Data<AppState>) -> HttpResponse {
    let uploads = state.files.storage().trouble().map_or("ok", |trouble| trouble.word());
    let answer = |status: &str, database: &str| json!({ "status": status, "database": database, "uploads": uploads });
    if state.life.stage() != Stage::Serving {
        return HttpResponse::ServiceUnavailable().json(answer("stopping", "ok"));
    }
    if let Some(trouble) = state.engine.db().storage().trouble() {
        return HttpResponse::ServiceUnavailable().json(answer("read_only", trouble.word()));
    }
    match rows::query_one(state.engine.db().read(), "SELECT 1 AS one", Vec::new()).await {
        Ok(_) => HttpResponse::Ok().json(answer("ready", "ok")),
        Err(fault) => {
            tracing::warn!(error = %fault, "not ready: the database does not answer");
            HttpResponse::ServiceUnavailable().json(answer("unreachable", "unreachable"))
        }
    }
}
