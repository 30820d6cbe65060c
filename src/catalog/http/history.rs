//! Who changed what in a listing, and when: for its company.

use super::{judge, relation};
use crate::catalog::history::{Change, changes, on_hand};
use crate::catalog::read::{self, history};
use crate::platform::problem::{Failure, Problem};
use crate::platform::schema::{ActorCard, Page};
use crate::platform::session::Signed;
use crate::platform::web::{AppState, id};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

/// One change of a listing.
#[derive(Serialize, ToSchema)]
struct ListingEvent {
    /// Version after it.
    version: i64,
    /// `product.list` or `product.change`.
    step: String,
    actor: ActorCard,
    /// Market time.
    #[schema(format = DateTime)]
    at: String,
    /// Fields that changed; none of the first version.
    changes: Vec<Change>,
}

/// The last hundred changes of an own listing, newest first.
#[utoipa::path(responses((status = 200, body = Page<ListingEvent>), (status = 403, body = Problem), (status = 404, body = Problem)), tag = "catalog")]
#[get("/products/{id}/history")]
pub(super) async fn product_history(
    state: Data<AppState>,
    signed: Signed,
    product: Path<String>,
) -> Result<HttpResponse, Failure> {
    let (db, scope) = (state.engine.db(), signed.scope());
    let found = read::product(db, &scope, id(&product)?).await?;
    judge(&state, &signed, "product.history", found.id, relation(&signed, Some(found.supplier.id))).await?;
    let told = history::of_listing(db, &scope, found.id).await?;
    let users: Vec<u128> = told.iter().filter_map(|(entry, _)| entry.user).collect();
    let names = crate::identity::user_names(db, &users).await?;
    let view = |(entry, before): (history::Entry, serde_json::Value)| ListingEvent {
        version: entry.version,
        actor: ActorCard {
            name: entry.user.and_then(|user| names.get(&user).cloned()),
            company: entry.user.map(|_| found.supplier.name.clone()),
            role: entry.role,
        },
        step: entry.step,
        at: entry.at.to_string(),
        changes: {
            // Of the first version nothing is told: it is the listing itself.
            let stated = if before.is_null() { None } else { on_hand(&entry.on_hand) };
            changes(&before, &entry.listing).into_iter().chain(stated).collect()
        },
    };
    Ok(HttpResponse::Ok().json(Page::whole(told.into_iter().map(view).collect::<Vec<_>>())))
}
