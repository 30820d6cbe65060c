//! Companies as the market sees them.

use super::{bad_cursor, given, limit, page};
use crate::catalog::read::{self, CompanyFilter};
use crate::catalog::view::CompanyView;
use crate::identity::Company;
use crate::platform::problem::{Failure, Problem, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CompaniesQuery {
    /// Only companies that sell.
    sells: Option<bool>,
    /// Only companies that buy.
    buys: Option<bool>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 100.
    limit: Option<u32>,
}

/// A cursor is the identifier followed by the name, both in the list's order.
fn cursor_of((company, _): &(Company, i64)) -> String {
    let name: String = company.name.bytes().map(|b| format!("{b:02x}")).collect();
    format!("{}{name}", company.id)
}

fn cursor(text: &str) -> Option<(String, u128)> {
    let (id_text, name) = text.is_ascii().then(|| text.split_at_checked(32)).flatten()?;
    let bytes: Option<Vec<u8>> =
        (0..name.len()).step_by(2).map(|at| u8::from_str_radix(name.get(at..at + 2)?, 16).ok()).collect();
    Some((String::from_utf8(bytes?).ok()?, id(id_text).ok()?))
}

/// Companies by name.
#[utoipa::path(params(CompaniesQuery), responses((status = 200, body = Page<CompanyView>), (status = 401, body = Problem), (status = 422, body = Problem)), tag = "catalog")]
#[get("/companies")]
pub(super) async fn list_companies(
    state: Data<AppState>,
    signed: Signed,
    query: Query<CompaniesQuery>,
) -> Result<HttpResponse, Failure> {
    let query = query.into_inner();
    let after = given(query.cursor).map(|text| cursor(&text).ok_or_else(bad_cursor)).transpose()?;
    let rows = limit(query.limit);
    let filter = CompanyFilter { sells: query.sells, buys: query.buys, after, limit: rows + 1 };
    let found = read::companies(state.engine.db(), &signed.scope(), &filter).await?;
    let page: Page<CompanyView> = page(found, rows, cursor_of);
    Ok(HttpResponse::Ok().json(page))
}

/// One company.
#[utoipa::path(responses((status = 200, body = CompanyView), (status = 401, body = Problem), (status = 404, body = Problem)), tag = "catalog")]
#[get("/companies/{id}")]
pub(super) async fn show_company(
    state: Data<AppState>,
    signed: Signed,
    company: Path<String>,
) -> Result<HttpResponse, Failure> {
    let company = id(&company).map_err(|_| Refusal::not_found())?;
    let found = read::company(state.engine.db(), &signed.scope(), company).await?;
    Ok(HttpResponse::Ok().json(CompanyView::from(found)))
}
