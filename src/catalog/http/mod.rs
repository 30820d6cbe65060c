//! Routes of the catalog. All need a seat in the market and see that market only.

mod categories;
mod companies;
mod history;
mod imports;
mod own;
mod pictures;
mod products;
mod quick;
mod review;
mod shortlist;

use crate::platform::access::Relation;
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::schema::Page;
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX};
use utoipa_actix_web::service_config::ServiceConfig;

/// Rows of a page when the caller names no number.
const PAGE: u32 = 24;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(products::list_products)
        .service(products::show_product)
        .service(products::create_product)
        .service(products::check_product)
        .service(products::change_product)
        .service(products::price_product)
        .service(history::product_history)
        .service(categories::list_categories)
        .service(own::list_own_products)
        .service(own::change_products)
        .service(own::export_products)
        .service(pictures::show_picture)
        .service(pictures::upload_picture)
        .service(pictures::list_pictures)
        .service(pictures::delete_picture)
        .service(review::list_waiting_listings)
        .service(review::decide_listing)
        .service(quick::price_lines)
        .service(shortlist::list_shortlist)
        .service(shortlist::shortlisted_products)
        .service(shortlist::keep_product)
        .service(shortlist::forget_product)
        .service(companies::list_companies)
        .service(companies::show_company)
        .service(imports::start_import)
        .service(imports::show_import);
}

/// Judges a step before its body is read, so that who may not act learns that first.
async fn judge(
    state: &AppState,
    signed: &Signed,
    step: &str,
    subject: u128,
    relation: Relation,
) -> Result<(), Failure> {
    let actor = &signed.0;
    let market = state.engine.market(actor.market).await?;
    permit_outside(&state.engine, actor, step, relation, subject, |c| market.capabilities.has(c)).await
}

/// How a seat stands to a company's goods, which everybody in the market sees.
fn relation(signed: &Signed, company: Option<u128>) -> Relation {
    if company.is_some() && signed.0.company == company { Relation::Party } else { Relation::Market }
}

fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(PAGE).clamp(1, PAGE_MAX)
}

/// An absent parameter and an empty one are the same.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.trim().is_empty())
}

fn bad_cursor() -> Refusal {
    Refusal::new(422, "catalog.cursor", "This is no cursor of this list.").field(
        "/cursor",
        "catalog.cursor",
        "unknown cursor",
    )
}

/// Turns one row more than a page into a page; `cursor` names the place after its last row.
fn page<R, T: From<R>>(mut rows: Vec<R>, limit: u32, cursor: impl Fn(&R) -> String) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(1);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(cursor);
    Page { items: rows.into_iter().map(T::from).collect(), next_cursor }
}
