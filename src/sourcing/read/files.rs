//! Files of requests and quotes, and who may read which.

use super::{quote, rfq};
use crate::platform::access::{Relation, Scope};
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use crate::platform::shelf::{Card, Shelf};

/// Where the files of requests and quotes lie.
pub const FILES: Shelf = Shelf::new("sourcing_file");

/// A file's card, and how the scope stands to it: its own company's, named by what the scope may read, or seen to be there by
/// those who oversee the market, who may not read it.
///
/// Errors: 404 unless it is the own company's, or a request or quote that the scope sees names it.
pub async fn file(db: &Database, scope: &Scope, id: u128) -> Result<(Card, Relation), Failure> {
    let (card, company) = FILES.find(db, scope.market(), id).await?.ok_or_else(Refusal::not_found)?;
    if scope.actor().company == Some(company) {
        return Ok((card, Relation::Party));
    }
    if sabotage::skips(Guard::SourcingFiles) {
        return Ok((card, Relation::Market));
    }
    let sql = "SELECT kind, subject_id FROM sourcing_attachment WHERE market_id = $1 AND file_id = $2";
    for row in rows::query(db.read(), sql, vec![rows::id(scope.market()), rows::id(id)]).await? {
        let (kind, subject): (String, u128) =
            (row.try_get("", "kind").map_err(Fault::from)?, rows::get_id(&row, "subject_id")?);
        let found = match kind.as_str() {
            "rfq" => rfq(db, scope, subject).await.map(|(_, _, relation)| relation),
            _ => quote(db, scope, subject).await.map(|(_, _, _, relation)| relation),
        };
        match found {
            Ok(Relation::Market) if !sells(db, scope, &kind).await? => {}
            Ok(relation) => return Ok((card, relation)),
            Err(Failure::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Refusal::not_found().into())
}

/// Whether the scope's company may be a supplier of what it sees on the board: specifications are for those who can quote. To
/// a quote the one who stands as the market does is the request's buyer.
async fn sells(db: &Database, scope: &Scope, kind: &str) -> Result<bool, Fault> {
    if kind != "rfq" {
        return Ok(true);
    }
    match scope.actor().company {
        Some(company) => {
            Ok(crate::identity::company(db, scope.market(), company).await?.is_some_and(|(_, found)| found.sells))
        }
        None => Ok(false),
    }
}

/// Whether the scope reads the specifications of a request that it stands to like this.
pub async fn reads_specification(db: &Database, scope: &Scope, relation: Relation) -> Result<bool, Fault> {
    match relation {
        Relation::Party => Ok(true),
        Relation::Market => sells(db, scope, "rfq").await,
        Relation::Overseer | Relation::None => Ok(false),
    }
}
