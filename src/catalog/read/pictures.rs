//! Pictures that companies uploaded for their listings. A picture is seen by everybody in its market who knows its name; only
//! listings of its company may show it. Nobody sees an uploaded one before a listing does, so it does not go through the door.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::pattern;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row};
use crate::platform::shelf::room_for;
use std::collections::HashSet;

/// Pictures of one list.
const LISTED_MAX: u32 = 100;

/// A stored picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Identifier.
    pub id: u128,
    /// Name given by the uploader.
    pub name: String,
    /// Media type found by looking at the bytes.
    pub content_type: String,
    /// Bytes of picture and thumbnail together.
    pub size: i64,
    /// SHA-256 of the picture, hex.
    pub sha256: String,
    /// SHA-256 of its thumbnail, a JPEG.
    pub thumb_sha256: String,
    /// Width in pixels.
    pub width: i64,
    /// Height in pixels.
    pub height: i64,
}

const COLUMNS: &str = "id, name, content_type, size, sha256, thumb_sha256, width, height";

fn picture(row: &Row) -> Result<Picture, Fault> {
    Ok(Picture {
        id: rows::get_id(row, "id")?,
        name: row.try_get("", "name")?,
        content_type: row.try_get("", "content_type")?,
        size: row.try_get("", "size")?,
        sha256: row.try_get("", "sha256")?,
        thumb_sha256: row.try_get("", "thumb_sha256")?,
        width: row.try_get("", "width")?,
        height: row.try_get("", "height")?,
    })
}

/// A picture of the scope's market.
///
/// Errors: 404 for any other.
pub async fn find(db: &Database, scope: &Scope, id: u128) -> Result<Picture, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM product_picture WHERE market_id = $1 AND id = $2");
    let row = rows::query_one(db.read(), sql, vec![rows::id(scope.market()), rows::id(id)]).await?;
    Ok(picture(&row.ok_or_else(Refusal::not_found)?)?)
}

/// The company's newest pictures.
pub async fn list(db: &Database, scope: &Scope) -> Result<Vec<Picture>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM product_picture WHERE market_id = $1 AND company_id = $2 ORDER BY at DESC, id LIMIT {LISTED_MAX}"
    );
    let values = vec![rows::id(scope.market()), rows::id_opt(scope.actor().company)];
    rows::query(db.read(), sql, values).await?.iter().map(picture).collect()
}

/// The company's picture with these contents, from before.
pub async fn same(db: &Database, scope: &Scope, sha256: &str) -> Result<Option<Picture>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM product_picture WHERE market_id = $1 AND company_id = $2 AND sha256 = $3 ORDER BY at, id LIMIT 1"
    );
    let values = vec![rows::id(scope.market()), rows::id_opt(scope.actor().company), sha256.into()];
    rows::query_one(db.write(), sql, values).await?.map(|row| picture(&row)).transpose()
}

/// Records an uploaded picture, unless its company then keeps more than `quota` bytes in the market.
///
/// Errors: 409 `file.quota`.
pub async fn record(db: &Database, scope: &Scope, new: &Picture, at: i64, quota: i64) -> Result<(), Failure> {
    let company = scope.actor().company.ok_or_else(Refusal::forbidden)?;
    let tx = db.write_tx().await?;
    // Two uploads at once must not both find the same room.
    db.market_lock(&tx, uuid::Uuid::from_u128(scope.market())).await?;
    room_for(&tx, scope.market(), company, new.size, quota).await?;
    let sql = format!(
        "INSERT INTO product_picture (market_id, company_id, user_id, at, {COLUMNS}) \
         VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)"
    );
    let values = vec![
        rows::id(scope.market()),
        rows::id(company),
        rows::id(scope.actor().user),
        at.into(),
        rows::id(new.id),
        new.name.clone().into(),
        new.content_type.clone().into(),
        new.size.into(),
        new.sha256.clone().into(),
        new.thumb_sha256.clone().into(),
        new.width.into(),
        new.height.into(),
    ];
    rows::execute(&tx, sql, values).await?;
    Ok(tx.commit().await?)
}

/// Forgets a picture of the company that none of its listings shows; a second time changes nothing. The bytes stay in the store,
/// where another file may have the same.
///
/// Errors: 409 `catalog.picture_used` while a listing shows it, 404 for another company's.
pub async fn delete(db: &Database, scope: &Scope, id: u128, file_name: &str) -> Result<(), Failure> {
    let company = scope.actor().company.ok_or_else(Refusal::forbidden)?;
    let tx = db.write_tx().await?;
    db.market_lock(&tx, uuid::Uuid::from_u128(scope.market())).await?;
    let key = vec![rows::id(scope.market()), rows::id(id)];
    let sql = "SELECT company_id FROM product_picture WHERE market_id = $1 AND id = $2";
    match rows::query_one(&tx, sql, key.clone()).await? {
        Some(row) if rows::get_id(&row, "company_id")? == company => {}
        Some(_) | None => return Err(Refusal::not_found().into()),
    }
    let sql = "SELECT p.sku FROM product p WHERE p.market_id = $1 AND p.supplier_id = $2 AND p.state LIKE $3 ESCAPE '!' LIMIT 1";
    let values = vec![rows::id(scope.market()), rows::id(company), pattern::holding(file_name).into()];
    if let Some(row) = rows::query_one(&tx, sql, values).await? {
        let sku: String = row.try_get("", "sku").map_err(Fault::from)?;
        let refusal = Refusal::new(409, "catalog.picture_used", format!("The listing {sku} shows this picture."));
        return Err(refusal.with("sku", sku).into());
    }
    rows::execute(&tx, "DELETE FROM product_picture WHERE market_id = $1 AND id = $2", key).await?;
    Ok(tx.commit().await?)
}

/// The place of the first of these identifiers that is no picture of the company.
pub async fn foreign(db: &Database, market: u128, company: u128, ids: &[u128]) -> Result<Option<usize>, Fault> {
    if ids.is_empty() {
        return Ok(None);
    }
    let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
    let columns = "t.id, t.company_id";
    let found = rows::select_in(db.write(), columns, "product_picture", &["market_id", "id"], keys, "").await?;
    let mut own = HashSet::with_capacity(found.len());
    for row in &found {
        if rows::get_id(row, "company_id")? == company {
            own.insert(rows::get_id(row, "id")?);
        }
    }
    Ok(ids.iter().position(|id| !own.contains(id)))
}

/// All pictures of a company, for an import.
pub async fn all_of(db: &Database, market: u128, company: u128) -> Result<HashSet<u128>, Fault> {
    let sql = "SELECT id FROM product_picture WHERE market_id = $1 AND company_id = $2";
    let found = rows::query(db.read(), sql, vec![rows::id(market), rows::id(company)]).await?;
    found.iter().map(|row| rows::get_id(row, "id")).collect()
}
