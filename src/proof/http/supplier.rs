//! What everybody in the market reads of a company beyond its catalogue: proofs and trade record.

use super::super::read;
use super::super::report::{self, Facts};
use super::super::view::{CompanyProofs, SupplierRecord, TradeRecordView, public};
use super::{Around, Today};
use crate::platform::access::Scope;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::printed::{language, printed};
use crate::platform::web::{AppState, id};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use entrepot_domain::kernel::Zone;
use entrepot_domain::market::{Capability, brings};
use serde::Deserialize;
use utoipa::IntoParams;

/// What a company has proved: who checked it, when, and until when it counts.
#[utoipa::path(responses((status = 200, body = CompanyProofs), (status = 404, body = Problem)), tag = "proofs")]
#[get("/companies/{id}/proofs")]
pub(super) async fn company_proofs(
    state: Data<AppState>,
    signed: Signed,
    company: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (scope, company) = (signed.scope(), id(&company)?);
    Ok(HttpResponse::Ok().json(proofs_of(&state, &scope, company).await?.0))
}

/// What everybody reads of a company's proofs, and the zone of its market.
async fn proofs_of(state: &AppState, scope: &Scope, company: u128) -> Result<(CompanyProofs, Zone), Failure> {
    let db = state.engine.db();
    crate::catalog::supplier(db, scope.market(), company).await?;
    let today = Today::of(state, scope).await?;
    let dossier = read::dossier(db, scope.market(), company).await?;
    let claims = public(&dossier, today.now, &today.zone);
    let around = Around::of(state, scope, &claims, false).await?;
    let proofs = CompanyProofs::of(company, &dossier, &around.shown(&today))?;
    Ok((proofs, today.zone))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// `en`, `zh` or `both` (unless told).
    #[param(value_type = Option<String>)]
    lang: Option<String>,
}

/// The verification report of a company as PDF: each claim with its source, who checked it and when, until when it counts, and
/// what it does not prove.
#[utoipa::path(params(ReportQuery), responses((status = 200, content_type = "application/pdf"), (status = 304), (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)), tag = "proofs")]
#[get("/companies/{id}/proofs/report")]
pub(super) async fn proofs_report(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    company: Path<String>,
    query: Query<ReportQuery>,
) -> Result<HttpResponse, Failure> {
    let (scope, company) = (signed.scope(), id(&company)?);
    let (proofs, zone) = proofs_of(&state, &scope, company).await?;
    let language = language(query.lang.as_deref())?;
    let found = crate::identity::company(state.engine.db(), scope.market(), company).await?;
    let (_, found) = found.ok_or_else(Refusal::not_found)?;
    let place = [found.city.as_str(), found.country.as_str()].into_iter().filter(|part| !part.is_empty());
    let facts = Facts {
        name: &found.name,
        name_zh: found.name_zh.as_deref(),
        registration: &found.registration_number,
        place: place.collect::<Vec<_>>().join(", "),
    };
    let name = format!("verification-{company:032x}-{}.pdf", language.as_str());
    printed(&request, &name, report::compose(&facts, &proofs, language, &zone)).await
}

/// How a seller's orders of the last 180 market days went; nothing where the market keeps no data of orders.
#[utoipa::path(responses((status = 200, body = SupplierRecord), (status = 404, body = Problem)), tag = "proofs")]
#[get("/companies/{id}/record")]
pub(super) async fn company_record(
    state: Data<AppState>,
    signed: Signed,
    company: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (db, scope, company) = (state.engine.db(), signed.scope(), id(&company)?);
    crate::catalog::supplier(db, scope.market(), company).await?;
    let today = Today::of(&state, &scope).await?;
    let record = if today.market.capabilities.has(Capability::OrderData) {
        Some(TradeRecordView::from(crate::trade::record_of(db.read(), scope.market(), company, today.now).await?))
    } else {
        None
    };
    Ok(HttpResponse::Ok().json(SupplierRecord { record, era: brings(Capability::OrderData).as_str() }))
}
