//! Evidence: kept for the company that uploaded it, seen by the market's admins once a claim names it.

use super::{dossier, sees};
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::shelf::{Card, Shelf};
use entrepot_domain::kernel::FileId;

/// Where evidence lies.
pub const FILES: Shelf = Shelf::new("proof_file");

/// A file's card.
///
/// Errors: 404 unless it is the own company's, or an admin reads what a claim names.
pub async fn file(db: &Database, scope: &Scope, id: u128) -> Result<Card, Failure> {
    let (card, company) = FILES.find(db, scope.market(), id).await?.ok_or_else(Refusal::not_found)?;
    if !sees(scope, company) {
        return Err(Refusal::not_found().into());
    }
    if scope.actor().company != Some(company) {
        let claims = dossier(db, scope.market(), company).await?.claims;
        if !claims.iter().any(|claim| claim.paper.files.contains(&FileId(id))) {
            return Err(Refusal::not_found().into());
        }
    }
    Ok(card)
}
