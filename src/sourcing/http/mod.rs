//! Routes of sourcing: requests and awards, quotes, the comparison. All need a seat in the market.

mod files;
mod proforma;
mod quotes;
mod rfqs;
mod steps;
mod table;
mod talk;

use crate::platform::access::Relation;
use crate::platform::engine::MarketState;
use crate::platform::log::permit_outside;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, PAGE_MAX, id};
use entrepot_domain::kernel::ProductId;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa_actix_web::service_config::ServiceConfig;

/// Rows of a page when the caller names no number.
const PAGE: u32 = 50;

/// Registers the routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(rfqs::list_rfqs)
        .service(rfqs::publish_rfq)
        .service(rfqs::show_rfq)
        .service(rfqs::list_matches)
        .service(steps::extend_rfq)
        .service(steps::invite_suppliers)
        .service(steps::close_rfq)
        .service(steps::withdraw_rfq)
        .service(steps::award_rfq)
        .service(steps::tell_outcome)
        .service(talk::ask_about_rfq)
        .service(talk::answer_question)
        .service(talk::clarify_rfq)
        .service(files::upload_sourcing_file)
        .service(files::download_sourcing_file)
        .service(table::compare_quotes)
        .service(table::export_comparison)
        .service(quotes::quotes_of_rfq)
        .service(quotes::submit_quote)
        .service(quotes::own_quotes)
        .service(quotes::quote_quota)
        .service(quotes::show_quote)
        .service(proforma::quote_proforma)
        .service(quotes::revise_quote)
        .service(quotes::counter_quote)
        .service(quotes::agree_to_counter)
        .service(quotes::withdraw_quote);
}

/// Judges a step before anything of it is read; answers the market.
async fn judge(
    state: &AppState,
    signed: &Signed,
    step: &str,
    subject: u128,
    relation: Relation,
) -> Result<Arc<MarketState>, Failure> {
    let market = state.engine.market(signed.0.market).await?;
    permit_outside(&state.engine, &signed.0, step, relation, subject, |c| market.capabilities.has(c)).await?;
    Ok(market)
}

/// The listed products among `products`, each with its supplier; what is not listed in the market is absent.
async fn listed(
    state: &AppState,
    signed: &Signed,
    products: impl IntoIterator<Item = ProductId>,
) -> Result<HashMap<ProductId, u128>, Failure> {
    let ids: Vec<u128> = products.into_iter().map(|id| id.0).collect();
    let found = crate::catalog::suppliers_of(state.engine.db(), &signed.scope(), &ids).await?;
    Ok(found.into_iter().map(|(product, supplier)| (ProductId(product), supplier)).collect())
}

/// How a seat stands to what its own company does.
fn own(signed: &Signed) -> Relation {
    if signed.0.company.is_some() { Relation::Party } else { Relation::Market }
}

fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(PAGE).clamp(1, PAGE_MAX)
}

/// Reads `<micros>-<identifier>`.
fn cursor(text: &str) -> Result<(i64, u128), Refusal> {
    let refused = || Refusal::invalid("The cursor is not one of ours.").field("/cursor", "malformed", "not a cursor");
    let (at, row) = text.split_once('-').ok_or_else(refused)?;
    Ok((at.parse().map_err(|_| refused())?, id(row).map_err(|_| refused())?))
}

/// The cursor behind the last row of a full page.
fn next_cursor<T>(rows: &[T], limit: u32, place: impl Fn(&T) -> (i64, u128)) -> Option<String> {
    let full = u32::try_from(rows.len()).is_ok_and(|n| n >= limit);
    let last = rows.last().filter(|_| full)?;
    let (at, id) = place(last);
    Some(format!("{at}-{id:032x}"))
}
