//! Routes of the negotiation's versions and of the papers made from them.
//! `platform/web/printed` makes the file.

use super::{Paper, PaperKind, Signature, compose, firm};
use crate::identity;
use crate::platform::pdf::Document;
use crate::platform::problem::{Failure, Fault, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::printed::{language, printed};
use crate::platform::web::{AppState, id};
use crate::trade::commands::contract_hash;
use crate::trade::read;
use crate::trade::record::Row;
use crate::trade::versions::{self, Record, Told, Version};
use crate::trade::view::versions::VersionView;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use entrepot_domain::kernel::{Side, Zone};
use entrepot_domain::trade::Plan;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(order_versions).service(order_paper);
}

/// An order with its versions, as its parties and those who oversee them may read it.
struct Negotiated {
    page: read::Page,
    versions: Vec<Version>,
    zone: Zone,
}

async fn negotiated(state: &AppState, signed: &Signed, order: &str) -> Result<Negotiated, Failure> {
    let (db, scope, order) = (state.engine.db(), signed.scope(), id(order)?);
    let page = read::negotiated(db, &scope, order).await?;
    let market = read::judged(db, &scope, order).await?.market;
    let found = read::negotiation(db, &scope, order).await?;
    let records = found.iter().map(|row| Record::of(&Row(row))).collect::<Result<Vec<_>, _>>()?;
    let now = market.now(state.engine.clock().now());
    let zone = Zone::parse(&market.time_zone).map_err(|e| Fault::new(e.to_string()))?;
    Ok(Negotiated { page, versions: versions::of(records, now), zone })
}

fn signers(versions: &[Version]) -> impl Iterator<Item = &Told> {
    versions.iter().flat_map(|version| std::iter::once(&version.made).chain(&version.agreed))
}

/// Every version of the terms that one side put to the other, the oldest first; a draft is none.
#[utoipa::path(responses((status = 200, body = Page<VersionView>), (status = 404, body = Problem)), tag = "orders")]
#[get("/orders/{order}/versions")]
async fn order_versions(state: Data<AppState>, signed: Signed, order: Path<String>) -> Result<HttpResponse, Failure> {
    let negotiated = negotiated(&state, &signed, &order).await?;
    let users: Vec<u128> = signers(&negotiated.versions).filter_map(|told| told.user).collect();
    let companies: Vec<u128> = signers(&negotiated.versions).filter_map(|told| told.company).collect();
    let users = identity::user_names(state.engine.db(), &users).await?;
    let companies = identity::company_names(state.engine.db(), signed.0.market, &companies).await?;
    let items = negotiated.versions.iter().map(|version| VersionView::of(version, &users, &companies)).collect();
    Ok(HttpResponse::Ok().json(Page::<VersionView>::whole(items)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PaperQuery {
    /// `en`, `zh` or `both` (unless told).
    #[param(value_type = Option<String>)]
    lang: Option<String>,
    /// Number of the version; the newest unless told.
    version: Option<i32>,
}

/// The contract (`contract`) or the proforma invoice (`proforma`) of an order as PDF. What is not agreed says so across each page.
#[utoipa::path(params(PaperQuery), responses((status = 200, content_type = "application/pdf"), (status = 304), (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)), tag = "orders")]
#[get("/orders/{order}/papers/{kind}")]
async fn order_paper(
    state: Data<AppState>,
    request: HttpRequest,
    signed: Signed,
    path: Path<(String, String)>,
    query: Query<PaperQuery>,
) -> Result<HttpResponse, Failure> {
    let (order, kind) = path.into_inner();
    let kind = PaperKind::parse(&kind).ok_or_else(Refusal::not_found)?;
    let negotiated = negotiated(&state, &signed, &order).await?;
    let (name, document) = document(&state, signed.0.market, &negotiated, kind, &query).await?;
    printed(&request, &name, document).await
}

/// What the paper says, and its file's name.
async fn document(
    state: &AppState,
    market: u128,
    negotiated: &Negotiated,
    kind: PaperKind,
    query: &PaperQuery,
) -> Result<(String, Document), Failure> {
    let Negotiated { page, versions, zone } = negotiated;
    let version = match query.version {
        Some(no) => Some(versions.iter().find(|version| version.no == no).ok_or_else(Refusal::not_found)?),
        None => versions.last(),
    };
    let order = &page.stored.order;
    let terms = match version {
        Some(version) => &version.terms,
        None => order.terms.as_ref().ok_or_else(Refusal::not_found)?,
    };
    let plan = Plan::of(terms).map_err(|e| Fault::new(e.to_string()))?;
    let told: Vec<u128> =
        version.map(std::slice::from_ref).map(signers).into_iter().flatten().filter_map(|t| t.user).collect();
    let users = identity::user_names(state.engine.db(), &told).await?;
    let signature = |told: &Told| Signature {
        person: told.user.and_then(|user| users.get(&user).cloned()).unwrap_or_default(),
        at: told.at,
    };
    // An offer is accepted by who makes it; the other side's acceptance makes it a contract.
    let own = version.map(|version| signature(&version.made));
    let other = version.and_then(|version| version.agreed.as_ref()).map(signature);
    let signed = match version.map(|version| version.by) {
        Some(Side::Buyer) => [own, other],
        Some(Side::Seller) | None => [other, own],
    };
    let [buyer, seller] = &page.names;
    let paper = Paper {
        kind,
        language: language(query.lang.as_deref())?,
        number: &order.number,
        version,
        versions: versions.len(),
        terms,
        hash: contract_hash(terms),
        plan: &plan,
        buyer: firm(state.engine.db(), market, terms.buyer.0, buyer).await?,
        seller: firm(state.engine.db(), market, terms.seller.0, seller).await?,
        signed,
        zone,
        // An order exists only where money is held.
        escrow: true,
    };
    Ok((paper.file_name(), compose(&paper)))
}
