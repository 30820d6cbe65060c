//! The proforma invoice of an awarded quote, in one click and in any era: what was awarded, as the supplier would invoice it.
//!
//! It is drawn up from the accepted version by the very rule that drafts the order, so its prices and total are the award's. It
//! says across each page that no contract stands; once an order stands, its own papers do.

use super::judge;
use crate::platform::problem::{Failure, Fault, Problem, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::printed::{language, printed};
use crate::platform::web::{AppState, id};
use crate::sourcing::orders;
use crate::sourcing::read;
use crate::trade::{Paper, PaperKind, compose, contract_hash, firm};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use entrepot_domain::kernel::Zone;
use entrepot_domain::market::Capability;
use entrepot_domain::sourcing::SourcingRejection;
use entrepot_domain::trade::Plan;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProformaQuery {
    /// `en`, `zh` or `both` (unless told).
    #[param(value_type = Option<String>)]
    lang: Option<String>,
}

/// The proforma invoice of an awarded quote as PDF, for its supplier and the request's buyer.
#[utoipa::path(params(ProformaQuery), responses((status = 200, content_type = "application/pdf"), (status = 304), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)), tag = "sourcing")]
#[get("/quotes/{quote}/proforma")]
pub(super) async fn quote_proforma(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    quote: Path<String>,
    query: Query<ProformaQuery>,
) -> Result<HttpResponse, Failure> {
    let (quote, _, rfq, relation) = read::quote(state.engine.db(), &signed.scope(), id(&quote)?).await?;
    let market = judge(&state, &signed, "quote.read", quote.id.0, relation).await?;
    let language = language(query.lang.as_deref())?;
    let not_awarded = || Refusal::from(SourcingRejection::NotAwarded { quote: quote.id });
    let award = rfq.award_of(quote.id).ok_or_else(not_awarded)?;
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    // The day of the award, so that the same award is the same paper whenever it is asked for.
    let day = zone.day_of(rfq.awarded_at.unwrap_or(rfq.published_at));
    let people = orders::people(&state, &market, signed.0.market, &rfq, award).await?;
    let terms = orders::terms(&rfq, award, &quote, people, day)?;
    let plan = Plan::of(&terms).map_err(|e| Fault::new(e.to_string()))?;
    let db = state.engine.db();
    let names = crate::identity::company_names(db, signed.0.market, &[rfq.buyer.0, award.supplier.0]).await?;
    let named = |company: u128| names.get(&company).cloned().unwrap_or_default();
    let paper = Paper {
        kind: PaperKind::Proforma,
        language,
        number: &quote.number,
        version: None,
        versions: 0,
        terms: &terms,
        hash: contract_hash(&terms),
        plan: &plan,
        buyer: firm(db, signed.0.market, rfq.buyer.0, &named(rfq.buyer.0)).await?,
        seller: firm(db, signed.0.market, award.supplier.0, &named(award.supplier.0)).await?,
        signed: [None, None],
        zone: &zone,
        escrow: market.capabilities.has(Capability::Escrow),
    };
    printed(&request, &paper.file_name(), compose(&paper)).await
}
