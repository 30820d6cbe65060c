//! Imports of goods: start one, watch one.

use super::{judge, relation};
use crate::catalog::import::{self, START};
use crate::catalog::read;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, Upload, id};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// True to check the file and write nothing.
    dry_run: Option<bool>,
}

/// An import that was started.
#[derive(Serialize, ToSchema)]
struct ImportStarted {
    id: String,
}

/// Imports goods of the seat's company from CSV, in the background.
#[utoipa::path(params(ImportQuery), request_body(content = String, content_type = "text/csv"), responses((status = 202, body = ImportStarted), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[post("/imports/products")]
pub(super) async fn start_import(
    state: Data<AppState>,
    signed: Signed,
    query: Query<ImportQuery>,
    body: Upload,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, START, 0, relation(&signed, signed.0.company)).await?;
    let company = signed.0.company.ok_or_else(Refusal::forbidden)?;
    let supplier = read::supplier(state.engine.db(), signed.0.market, company).await?;
    if !supplier.sells {
        return Err(Refusal::new(403, "catalog.not_a_seller", "This company buys; it does not sell.").into());
    }
    let job = import::start(&state, &signed.0, company, &body.0, query.dry_run.unwrap_or(false)).await?;
    let job = format!("{job:032x}");
    Ok(HttpResponse::Accepted()
        .insert_header(("Location", format!("/api/v1/imports/{job}")))
        .json(ImportStarted { id: job }))
}

/// How far an import of the seat's company is.
#[utoipa::path(responses((status = 200, body = import::JobView), (status = 404, body = Problem)), tag = "catalog")]
#[get("/imports/{id}")]
pub(super) async fn show_import(
    state: Data<AppState>,
    signed: Signed,
    job: Path<String>,
) -> Result<HttpResponse, Failure> {
    let view = import::show(&state, &signed.scope(), id(&job)?).await?;
    Ok(HttpResponse::Ok().json(view))
}
