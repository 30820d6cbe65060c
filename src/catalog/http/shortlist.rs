//! The shortlist of the own company.

use super::{bad_cursor, judge, limit, relation};
use crate::catalog::read::{self, shortlist};
use crate::catalog::view::ShortlistEntry;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id, parse};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpResponse, delete, get, put};
use entrepot_domain::kernel::MarketTime;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Longest note, in characters.
const NOTE_MAX: usize = 500;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ShortlistQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

fn cursor(text: &str) -> Option<(i64, u128)> {
    let (at, product) = text.split_once('-')?;
    Some((at.parse().ok()?, id(product).ok()?))
}

/// Products the own company keeps in mind, the last kept first.
#[utoipa::path(params(ShortlistQuery), responses((status = 200, body = Page<ShortlistEntry>), (status = 403, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[get("/shortlist")]
pub(super) async fn list_shortlist(
    state: Data<AppState>,
    signed: Signed,
    query: Query<ShortlistQuery>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "shortlist.list", 0, relation(&signed, signed.0.company)).await?;
    let after = query.cursor.as_deref().filter(|text| !text.is_empty());
    let after = after.map(|text| cursor(text).ok_or_else(bad_cursor)).transpose()?;
    let (db, rows) = (state.engine.db(), limit(query.limit));
    let mut found = shortlist::page(db, &signed.scope(), after, rows + 1).await?;
    let wanted = usize::try_from(rows).unwrap_or(1);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let place = |kept: &shortlist::Kept| format!("{}-{:032x}", kept.at, kept.found.id);
    let next_cursor = found.last().filter(|_| more).map(place);
    let users: Vec<u128> = found.iter().map(|kept| kept.user).collect();
    let names = crate::identity::user_names(db, &users).await?;
    let view = |kept: shortlist::Kept| {
        let by = names.get(&kept.user).cloned().unwrap_or_default();
        ShortlistEntry::of(kept.found, kept.note, by, MarketTime(kept.at).to_string())
    };
    Ok(HttpResponse::Ok().json(Page { items: found.into_iter().map(view).collect(), next_cursor }))
}

/// What is on the shortlist, for marks on cards.
#[derive(Serialize, ToSchema)]
struct ShortlistedProducts {
    /// Identifiers.
    products: Vec<String>,
    /// How many the list takes.
    max: i64,
}

/// Identifiers of the products on the own company's shortlist.
#[utoipa::path(responses((status = 200, body = ShortlistedProducts), (status = 403, body = Problem)), tag = "catalog")]
#[get("/shortlist/products")]
pub(super) async fn shortlisted_products(state: Data<AppState>, signed: Signed) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "shortlist.list", 0, relation(&signed, signed.0.company)).await?;
    let found = shortlist::ids(state.engine.db(), &signed.scope()).await?;
    let products = found.into_iter().map(|id| format!("{id:032x}")).collect();
    Ok(HttpResponse::Ok().json(ShortlistedProducts { products, max: shortlist::KEPT_MAX }))
}

/// What is noted about a product.
#[derive(Deserialize, ToSchema)]
#[schema(as = ShortlistNote)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    /// Up to 500 characters.
    #[serde(default)]
    note: String,
}

/// Keeps a product on the own company's shortlist, or changes its note.
#[utoipa::path(request_body = NoteBody, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[put("/shortlist/{id}")]
pub(super) async fn keep_product(
    state: Data<AppState>,
    signed: Signed,
    product: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "shortlist.keep", 0, relation(&signed, signed.0.company)).await?;
    let found = read::product(state.engine.db(), &signed.scope(), id(&product)?).await?;
    let note = parse::<NoteBody>(&body)?.note.replace('\0', "").trim().to_owned();
    if note.chars().count() > NOTE_MAX {
        let detail = format!("A note has at most {NOTE_MAX} characters.");
        return Err(Refusal::new(422, "shortlist.note", detail.clone())
            .field("/note", "shortlist.note", detail)
            .into());
    }
    let now = state.engine.clock().now();
    shortlist::keep(state.engine.db(), &signed.scope(), found.id, &note, now).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a product off the own company's shortlist; a second time changes nothing.
#[utoipa::path(responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "catalog")]
#[delete("/shortlist/{id}")]
pub(super) async fn forget_product(
    state: Data<AppState>,
    signed: Signed,
    product: Path<String>,
) -> Result<HttpResponse, Failure> {
    judge(&state, &signed, "shortlist.keep", 0, relation(&signed, signed.0.company)).await?;
    let found = read::product(state.engine.db(), &signed.scope(), id(&product)?).await?;
    shortlist::remove(state.engine.db(), &signed.scope(), found.id).await?;
    Ok(HttpResponse::NoContent().finish())
}
