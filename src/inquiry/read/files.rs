//! Files of inquiries: kept for the company that uploaded them, seen by the other once a message names them.
//!
//! One drawing may go to several suppliers, so a file belongs to its company and messages point to it.

use super::one;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Refusal};
use crate::platform::rows;
use crate::platform::shelf::{Card, Shelf};

/// Where the files of inquiries lie.
pub const FILES: Shelf = Shelf::new("inquiry_file");

/// A file's card, and whether it is the own company's.
///
/// Errors: 404 unless it is the own company's, or a message of a thread the scope sees names it.
pub async fn file(db: &Database, scope: &Scope, id: u128) -> Result<(Card, bool), Failure> {
    let (card, company) = FILES.find(db, scope.market(), id).await?.ok_or_else(Refusal::not_found)?;
    if scope.actor().company == Some(company) {
        return Ok((card, true));
    }
    let sql = "SELECT DISTINCT inquiry_id FROM inquiry_attachment WHERE market_id = $1 AND file_id = $2";
    for named in rows::query(db.read(), sql, vec![rows::id(scope.market()), rows::id(id)]).await? {
        match one(db, scope, rows::get_id(&named, "inquiry_id")?).await {
            Ok(_) => return Ok((card, false)),
            Err(Failure::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Refusal::not_found().into())
}
