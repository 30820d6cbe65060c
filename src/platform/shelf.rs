//! Files that companies keep for a slice: one shelf is one append-only table, all of the same columns.
//!
//! A file is uploaded first and counts once something names it; until then only its own company sees it, and who else may
//! see it afterwards is the slice's own rule. The bytes lie in the file store under their hash. All shelves of a company
//! share one room, so that nobody gets more by spreading files out.

use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows::{self, Row, Table};
use crate::platform::schema::FileCard;
use crate::platform::web::id;
use entrepot_domain::kernel::FileId;
use sea_orm::{DatabaseTransaction, Value};
use std::collections::HashMap;

/// Every table that keeps files with their `company_id` and `size`: what the room of a company is counted over.
const KEPT: &[&str] = &["file", "inquiry_file", "product_picture", "proof_file", "sourcing_file"];

/// Columns of a card.
pub const CARD: &str = "id, name, size, sha256, content_type";

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

impl Card {
    /// Reads the columns of [`CARD`].
    pub fn read(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            id: rows::get_id(row, "id")?,
            name: row.try_get("", "name")?,
            size: row.try_get("", "size")?,
            sha256: row.try_get("", "sha256")?,
            content_type: row.try_get("", "content_type")?,
        })
    }
}

impl From<&Card> for FileCard {
    fn from(card: &Card) -> Self {
        Self {
            id: format!("{:032x}", card.id),
            name: card.name.clone(),
            size: card.size,
            sha256: card.sha256.clone(),
            content_type: card.content_type.clone(),
        }
    }
}

/// The files of one slice.
pub struct Shelf {
    table: Table,
}

impl Shelf {
    /// The shelf whose files lie in a table of this name.
    pub const fn new(name: &'static str) -> Self {
        let columns: &[&str] =
            &["market_id", "id", "company_id", "user_id", "name", "content_type", "size", "sha256", "at"];
        Self { table: Table { name, columns, key: &[] } }
    }

    /// A file of the market with the company that keeps it, whoever may see it; `None` where there is none.
    pub async fn find(&self, db: &Database, market: u128, file: u128) -> Result<Option<(Card, u128)>, Fault> {
        let sql = format!("SELECT company_id, {CARD} FROM {} WHERE market_id = $1 AND id = $2", self.table.name);
        let found = rows::query_one(db.read(), sql, vec![rows::id(market), rows::id(file)]).await?;
        found.map(|row| Ok((Card::read(&row)?, rows::get_id(&row, "company_id")?))).transpose()
    }

    /// The cards of these files by identifier; for what names them to a reader who was judged before.
    pub async fn cards(&self, db: &Database, market: u128, files: &[FileId]) -> Result<HashMap<u128, Card>, Fault> {
        let keys = files.iter().flat_map(|file| [rows::id(market), rows::id(file.0)]).collect();
        let found = rows::select_in(db.read(), CARD, self.table.name, &["market_id", "id"], keys, "").await?;
        found.iter().map(|row| Card::read(row).map(|card| (card.id, card))).collect()
    }

    /// Reads what a body names in `/file_ids`, each held against what the own company uploaded.
    ///
    /// Errors: 422 with the place of the first that is not the company's.
    pub async fn own(&self, db: &Database, scope: &Scope, named: &[String]) -> Result<Vec<FileId>, Failure> {
        let unknown = |place: usize| {
            let refusal = Refusal::invalid("A file is not one of yours.");
            refusal.field(format!("/file_ids/{place}"), "not_found", "unknown file")
        };
        let ids = named.iter().enumerate().map(|(place, file)| id(file).map_err(|_| unknown(place)));
        let ids = ids.collect::<Result<Vec<u128>, Refusal>>()?;
        match self.foreign(db, scope, &ids).await? {
            Some(place) => Err(unknown(place).into()),
            None => Ok(ids.into_iter().map(FileId).collect()),
        }
    }

    /// The place of the first of these files that the scope's company did not upload.
    async fn foreign(&self, db: &Database, scope: &Scope, ids: &[u128]) -> Result<Option<usize>, Fault> {
        let keys = ids.iter().flat_map(|id| [rows::id(scope.market()), rows::id(*id)]).collect();
        let key = &["market_id", "id"];
        let found = rows::select_in(db.write(), "id, company_id", self.table.name, key, keys, "").await?;
        let mut own = Vec::with_capacity(found.len());
        for row in &found {
            if scope.actor().company == Some(rows::get_id(row, "company_id")?) {
                own.push(rows::get_id(row, "id")?);
            }
        }
        Ok(ids.iter().position(|id| !own.contains(id)))
    }

    /// The same file uploaded by the same user before: a repeated upload adds nothing.
    pub async fn same(&self, db: &Database, scope: &Scope, wanted: &Card) -> Result<Option<Card>, Fault> {
        let sql = format!(
            "SELECT {CARD} FROM {} WHERE market_id = $1 AND company_id = $2 AND user_id = $3 AND name = $4 \
             AND sha256 = $5 ORDER BY at, id LIMIT 1",
            self.table.name
        );
        let values = vec![
            rows::id(scope.market()),
            rows::id_opt(scope.actor().company),
            rows::id(scope.actor().user),
            wanted.name.clone().into(),
            wanted.sha256.clone().into(),
        ];
        rows::query_one(db.write(), sql, values).await?.map(|row| Card::read(&row)).transpose()
    }

    /// Records an uploaded file, unless its company then keeps more than `quota` bytes in the market.
    ///
    /// Errors: 409 `file.quota`.
    pub async fn record(&self, db: &Database, scope: &Scope, card: &Card, at: i64, quota: i64) -> Result<(), Failure> {
        let company = scope.actor().company.ok_or_else(Refusal::forbidden)?;
        let tx = db.write_tx().await?;
        // Two uploads at once must not both find the same room.
        db.market_lock(&tx, uuid::Uuid::from_u128(scope.market())).await?;
        room_for(&tx, scope.market(), company, card.size, quota).await?;
        let owner = (company, scope.actor().user);
        rows::insert(&tx, &self.table, values(scope.market(), owner, card, at).to_vec()).await?;
        Ok(tx.commit().await?)
    }

    /// Records files of several companies and their users at once, for the demo market.
    pub async fn record_all(
        &self,
        db: &Database,
        market: u128,
        files: &[(u128, u128, Card)],
        at: i64,
    ) -> Result<(), Fault> {
        let all = files.iter().flat_map(|(company, user, card)| values(market, (*company, *user), card, at)).collect();
        let tx = db.write_tx().await?;
        rows::insert(&tx, &self.table, all).await?;
        Ok(tx.commit().await?)
    }
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

/// Judges whether a company may keep `size` bytes more, over all it keeps in the market. For a transaction that holds the
/// market's lock.
///
/// Errors: 409 with what is kept, what the file takes and what may be kept.
pub async fn room_for(
    tx: &DatabaseTransaction,
    market: u128,
    company: u128,
    size: i64,
    quota: i64,
) -> Result<(), Failure> {
    let sum =
        |table: &&str| format!("(SELECT COALESCE(SUM(size), 0) FROM {table} WHERE market_id = $1 AND company_id = $2)");
    let sums: Vec<String> = KEPT.iter().map(sum).collect();
    let sql = format!("SELECT CAST({} AS BIGINT) AS kept", sums.join(" + "));
    let row = rows::query_one(tx, sql, vec![rows::id(market), rows::id(company)]).await?;
    let kept: i64 = row.map_or(Ok(0), |row| row.try_get("", "kept"))?;
    if kept.saturating_add(size) > quota { Err(over_quota(kept, size, quota).into()) } else { Ok(()) }
}

fn over_quota(kept: i64, size: i64, quota: i64) -> Refusal {
    // Rounded up, so that no sum looks as if it fitted.
    let kib = |bytes: i64| bytes.saturating_add(1_023) / 1_024;
    let detail = format!(
        "Your company keeps {} KiB of files, this one takes {} KiB, and {} KiB may be kept in all.",
        kib(kept),
        kib(size),
        quota / 1_024
    );
    let refusal = Refusal::new(409, "file.quota", detail);
    refusal.with("kept_kib", kib(kept)).with("size_kib", kib(size)).with("quota_kib", quota / 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_table_that_keeps_files_of_companies_counts_towards_their_room() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&format!("sqlite://{}/room.db", folder.path().display())).await.unwrap();
        let sql = "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' \
            AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'size') \
            AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'company_id') ORDER BY m.name";
        let found = rows::query(db.read(), sql, Vec::new()).await.unwrap();
        let tables: Vec<String> = found.iter().map(|row| row.try_get("", "name").unwrap()).collect();
        assert_eq!(tables, KEPT);
    }
}
