//! Evidence: kept for the company that uploaded it, seen by the market's admins once a claim names it.

use super::{dossier, sees};
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row, Table};
use entrepot_domain::kernel::FileId;
use sea_orm::Value;
use std::collections::HashMap;

const FILES: Table = Table {
    name: "proof_file",
    columns: &["market_id", "id", "company_id", "user_id", "name", "content_type", "size", "sha256", "at"],
    key: &[],
};
const COLUMNS: &str = "id, company_id, name, size, sha256, content_type";

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

fn card(row: &Row) -> Result<Card, Fault> {
    Ok(Card {
        id: rows::get_id(row, "id")?,
        name: row.try_get("", "name")?,
        size: row.try_get("", "size")?,
        sha256: row.try_get("", "sha256")?,
        content_type: row.try_get("", "content_type")?,
    })
}

/// A file's card.
///
/// Errors: 404 unless it is the own company's, or an admin reads what a claim names.
pub async fn file(db: &Database, scope: &Scope, id: u128) -> Result<Card, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM proof_file WHERE market_id = $1 AND id = $2");
    let values = vec![rows::id(scope.market()), rows::id(id)];
    let row = rows::query_one(db.read(), sql, values).await?.ok_or_else(Refusal::not_found)?;
    let company = rows::get_id(&row, "company_id")?;
    if !sees(scope, company) {
        return Err(Refusal::not_found().into());
    }
    if scope.actor().company != Some(company) {
        let claims = dossier(db, scope.market(), company).await?.claims;
        if !claims.iter().any(|claim| claim.paper.files.contains(&FileId(id))) {
            return Err(Refusal::not_found().into());
        }
    }
    Ok(card(&row)?)
}

/// The cards of these files by identifier; for claims whose reader was judged before.
pub async fn cards(db: &Database, market: u128, ids: &[FileId]) -> Result<HashMap<u128, Card>, Fault> {
    let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(id.0)]).collect();
    let found = rows::select_in(db.read(), COLUMNS, FILES.name, &["market_id", "id"], keys, "").await?;
    found.iter().map(|row| card(row).map(|card| (card.id, card))).collect()
}

/// The place of the first of these files that the scope's company did not upload.
pub async fn foreign(db: &Database, scope: &Scope, ids: &[u128]) -> Result<Option<usize>, Fault> {
    let keys = ids.iter().flat_map(|id| [rows::id(scope.market()), rows::id(*id)]).collect();
    let found = rows::select_in(db.write(), "id, company_id", FILES.name, &["market_id", "id"], keys, "").await?;
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
    let sql = format!(
        "SELECT {COLUMNS} FROM proof_file WHERE market_id = $1 AND company_id = $2 AND user_id = $3 AND name = $4 \
         AND sha256 = $5 ORDER BY at, id LIMIT 1"
    );
    let values = vec![
        rows::id(scope.market()),
        rows::id_opt(scope.actor().company),
        rows::id(scope.actor().user),
        wanted.name.clone().into(),
        wanted.sha256.clone().into(),
    ];
    rows::query_one(db.write(), sql, values).await?.map(|row| card(&row)).transpose()
}

fn values(market: u128, (company, user): (u128, u128), card: &Card, at: i64) -> [Value; 9] {
    [
        rows::id(market),
        rows::id(card.id),
        rows::id(company),
        rows::id(user),
        card.name.clone().into(),
        card.content_type.clone().into(),
        card.size.into(),
        card.sha256.clone().into(),
        at.into(),
    ]
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
    rows::insert(&tx, &FILES, values(scope.market(), (company, scope.actor().user), card, at).to_vec()).await?;
    Ok(tx.commit().await?)
}

/// Records files of several companies and their users at once, for the demo market.
pub async fn record_all(db: &Database, market: u128, files: &[(u128, u128, Card)], at: i64) -> Result<(), Fault> {
    let all = files.iter().flat_map(|(company, user, card)| values(market, (*company, *user), card, at)).collect();
    let tx = db.write_tx().await?;
    rows::insert(&tx, &FILES, all).await?;
    Ok(tx.commit().await?)
}
