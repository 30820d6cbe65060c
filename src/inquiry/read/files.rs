//! Files of inquiries: kept for the company that uploaded them, seen by the other once a message names them.
//!
//! One drawing may go to several suppliers, so a file belongs to its company and messages point to it.

use super::one;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row};

/// A stored file.
#[derive(Debug, Clone)]
pub struct Card {
    /// Identifier.
    pub id: u128,
    /// Name given by the uploader.
    pub name: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// Media type found by looking at the bytes.
    pub content_type: String,
}

pub(super) fn card(row: &Row) -> Result<Card, Fault> {
    Ok(Card {
        id: rows::get_id(row, "id")?,
        name: row.try_get("", "name")?,
        size: row.try_get("", "size")?,
        sha256: row.try_get("", "sha256")?,
        content_type: row.try_get("", "content_type")?,
    })
}

/// A file's card, and whether it is the own company's.
///
/// Errors: 404 unless it is the own company's, or a message of a thread the scope sees names it.
pub async fn file(db: &Database, scope: &Scope, id: u128) -> Result<(Card, bool), Failure> {
    let sql =
        "SELECT id, company_id, name, size, sha256, content_type FROM inquiry_file WHERE market_id = $1 AND id = $2";
    let values = vec![rows::id(scope.market()), rows::id(id)];
    let row = rows::query_one(db.read(), sql, values.clone()).await?.ok_or_else(Refusal::not_found)?;
    if scope.actor().company == Some(rows::get_id(&row, "company_id")?) {
        return Ok((card(&row)?, true));
    }
    let sql = "SELECT DISTINCT inquiry_id FROM inquiry_attachment WHERE market_id = $1 AND file_id = $2";
    for named in rows::query(db.read(), sql, values).await? {
        match one(db, scope, rows::get_id(&named, "inquiry_id")?).await {
            Ok(_) => return Ok((card(&row)?, false)),
            Err(Failure::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Refusal::not_found().into())
}

/// The place of the first of these files that the scope's company did not upload.
pub async fn foreign(db: &Database, scope: &Scope, ids: &[u128]) -> Result<Option<usize>, Fault> {
    let keys = ids.iter().flat_map(|id| [rows::id(scope.market()), rows::id(*id)]).collect();
    let found = rows::select_in(db.write(), "id, company_id", "inquiry_file", &["market_id", "id"], keys, "").await?;
    let mut own = Vec::with_capacity(found.len());
    for row in &found {
        if scope.actor().company == Some(rows::get_id(row, "company_id")?) {
            own.push(rows::get_id(row, "id")?);
        }
    }
    Ok(ids.iter().position(|id| !own.contains(id)))
}

/// The same file uploaded by the same user before: a repeated upload adds nothing.
pub async fn same(db: &Database, scope: &Scope, wanted: &Card) -> Result<Option<Card>, Fault> {
    let sql = "SELECT id, name, size, sha256, content_type FROM inquiry_file WHERE market_id = $1 AND company_id = $2 \
        AND user_id = $3 AND name = $4 AND sha256 = $5 ORDER BY at, id LIMIT 1";
    let values = vec![
        rows::id(scope.market()),
        rows::id_opt(scope.actor().company),
        rows::id(scope.actor().user),
        wanted.name.clone().into(),
        wanted.sha256.clone().into(),
    ];
    rows::query_one(db.write(), sql, values).await?.map(|row| card(&row)).transpose()
}

/// Records an uploaded file, unless its company then keeps more than `quota` bytes in the market.
///
/// Errors: 409 `file.quota`.
pub async fn record(db: &Database, scope: &Scope, card: &Card, at: i64, quota: i64) -> Result<(), Failure> {
    let company = scope.actor().company.ok_or_else(Refusal::forbidden)?;
    let tx = db.write_tx().await?;
    // Two uploads at once must not both find the same room.
    db.market_lock(&tx, uuid::Uuid::from_u128(scope.market())).await?;
    crate::messages::room_for(&tx, scope.market(), company, card.size, quota).await?;
    let sql = "INSERT INTO inquiry_file (market_id, id, company_id, user_id, name, content_type, size, sha256, at) \
        VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)";
    let values = vec![
        rows::id(scope.market()),
        rows::id(card.id),
        rows::id(company),
        rows::id(scope.actor().user),
        card.name.clone().into(),
        card.content_type.clone().into(),
        card.size.into(),
        card.sha256.clone().into(),
        at.into(),
    ];
    rows::execute(&tx, sql, values).await?;
    Ok(tx.commit().await?)
}
