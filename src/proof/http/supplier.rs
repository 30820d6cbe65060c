//! What everybody in the market reads of a company beyond its catalogue: proofs and trade record.

use super::super::read;
use super::super::view::{CompanyProofs, SupplierRecord, TradeRecordView, public};
use super::{Around, Today};
use crate::platform::problem::{Failure, Problem};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use entrepot_domain::market::{Capability, brings};

/// What a company has proved: who checked it, when, and until when it counts.
#[utoipa::path(responses((status = 200, body = CompanyProofs), (status = 404, body = Problem)), tag = "proofs")]
#[get("/companies/{id}/proofs")]
pub(super) async fn company_proofs(
    state: Data<AppState>,
    signed: Signed,
    company: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (db, scope, company) = (state.engine.db(), signed.scope(), id(&company)?);
    crate::catalog::supplier(db, scope.market(), company).await?;
    let today = Today::of(&state, &scope).await?;
    let dossier = read::dossier(db, scope.market(), company).await?;
    let claims = public(&dossier, today.now, &today.zone);
    let around = Around::of(&state, &scope, &claims, false).await?;
    Ok(HttpResponse::Ok().json(CompanyProofs::of(&dossier, &around.shown(&today))))
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
