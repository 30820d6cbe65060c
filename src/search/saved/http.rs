//! Routes of saved searches.

use super::store::{self, Kept};
use super::{NAME_MAX, TERMS_MAX};
use crate::platform::problem::{Failure, Fault, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id, parse};
use crate::search::Terms;
use crate::search::http::permit;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpResponse, delete, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_searches).service(save_search).service(change_search).service(delete_search);
}

/// A saved search.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedSearch)]
struct SavedView {
    id: String,
    name: String,
    /// What is looked for.
    search: Terms,
    /// Whether new products that match are told of.
    alerts: bool,
}

/// What is saved.
#[derive(Deserialize, ToSchema)]
#[schema(as = SavedSearchDraft)]
#[serde(deny_unknown_fields)]
struct SaveBody {
    /// 1 to 80 characters.
    name: String,
    /// What is looked for.
    search: Terms,
    /// Whether new products that match are told of.
    alerts: bool,
}

/// What may be changed of a saved search.
#[derive(Deserialize, ToSchema)]
#[schema(as = SavedSearchChange)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    /// 1 to 80 characters.
    name: String,
    /// Whether new products that match are told of.
    alerts: bool,
}

impl From<Kept> for SavedView {
    fn from(kept: Kept) -> Self {
        Self { id: format!("{:032x}", kept.id), name: kept.name, search: kept.terms, alerts: kept.alerts }
    }
}

fn named(name: &str) -> Result<String, Refusal> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        let refusal = Refusal::new(422, "search.name", "The name cannot be kept as it is.");
        return Err(refusal.field("/name", "search.name", "1 to 80 characters"));
    }
    Ok(name)
}

/// Terms that a search takes; a sorted search and a cursor say nothing about which products match.
fn readable(terms: Terms) -> Result<Terms, Failure> {
    terms.typed()?;
    terms.wanted(1)?;
    if serde_json::to_string(&terms).map_err(Fault::from)?.len() > TERMS_MAX {
        let detail = format!("What is looked for is longer than {TERMS_MAX} bytes.");
        return Err(Refusal::new(422, "search.too_long", detail).into());
    }
    Ok(terms)
}

/// The reader's saved searches, by name.
#[utoipa::path(responses((status = 200, body = Page<SavedView>), (status = 409, body = Problem)), tag = "search")]
#[get("/saved-searches")]
async fn list_searches(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    permit(&state, &signed).await?;
    let found = store::list(state.engine.db(), &signed.scope()).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(SavedView::from).collect::<Vec<_>>())))
}

/// Saves a search for the reader; the same again answers the first one.
#[utoipa::path(request_body = SaveBody, responses((status = 201, body = SavedView), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "search")]
#[post("/saved-searches")]
async fn save_search(state: Data<AppState>, signed: Signed, body: Bytes) -> Result<HttpResponse, Failure> {
    permit(&state, &signed).await?;
    let body = parse::<SaveBody>(&body)?;
    let new = Kept {
        id: state.engine.ids().next(),
        name: named(&body.name)?,
        terms: readable(body.search)?,
        alerts: body.alerts,
    };
    let kept = store::add(state.engine.db(), &signed.scope(), new, state.engine.clock().now()).await?;
    Ok(HttpResponse::Created().json(SavedView::from(kept)))
}

/// Renames a saved search, or switches its alerts.
#[utoipa::path(request_body = ChangeBody, responses((status = 200, body = SavedView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "search")]
#[put("/saved-searches/{id}")]
async fn change_search(
    state: Data<AppState>,
    signed: Signed,
    search: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    permit(&state, &signed).await?;
    let body = parse::<ChangeBody>(&body)?;
    let name = named(&body.name)?;
    let kept = store::change(state.engine.db(), &signed.scope(), id(&search)?, &name, body.alerts).await?;
    Ok(HttpResponse::Ok().json(SavedView::from(kept)))
}

/// Forgets a saved search.
#[utoipa::path(responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)), tag = "search")]
#[delete("/saved-searches/{id}")]
async fn delete_search(state: Data<AppState>, signed: Signed, search: Path<String>) -> Result<HttpResponse, Failure> {
    permit(&state, &signed).await?;
    store::delete(state.engine.db(), &signed.scope(), id(&search)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
