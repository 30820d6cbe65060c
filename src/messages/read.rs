//! Reads of conversations and files; each needs the scope of its reader.

use super::store::Message;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use crate::platform::schema::FileCard;
use crate::platform::shelf::{CARD, Card, room_for};

/// True when the scope's company is a party to the order (or oversees the market).
pub async fn sees_order(db: &Database, scope: &Scope, order: u128) -> Result<bool, Fault> {
    if sabotage::skips(Guard::OrderFiles) {
        return Ok(true);
    }
    let sql = "SELECT buyer_id, seller_id, drafter_id, offered FROM trade_order WHERE market_id = $1 AND id = $2";
    let Some(row) = rows::query_one(db.read(), sql, vec![rows::id(scope.market()), rows::id(order)]).await? else {
        return Ok(false);
    };
    let offered = row.try_get::<i64>("", "offered")? == 1;
    let Some(company) = scope.company() else {
        return Ok(offered);
    };
    if !offered {
        return Ok(rows::get_id(&row, "drafter_id")? == company);
    }
    Ok(rows::get_id(&row, "buyer_id")? == company || rows::get_id(&row, "seller_id")? == company)
}

/// The conversation, oldest first.
pub async fn messages(db: &Database, scope: &Scope, order: u128) -> Result<Vec<(u128, Message)>, Failure> {
    if !sees_order(db, scope, order).await? {
        return Err(Refusal::not_found().into());
    }
    let sql = "SELECT id, state FROM message WHERE market_id = $1 AND order_id = $2 ORDER BY at, id LIMIT 500";
    let found = rows::query(db.read(), sql, vec![rows::id(scope.market()), rows::id(order)]).await?;
    found
        .iter()
        .map(|row| Ok((rows::get_id(row, "id")?, serde_json::from_str(&row.try_get::<String>("", "state")?)?)))
        .collect()
}

/// The order's files.
pub async fn files(db: &Database, scope: &Scope, order: u128) -> Result<Vec<FileCard>, Failure> {
    if !sees_order(db, scope, order).await? {
        return Err(Refusal::not_found().into());
    }
    let sql = format!("SELECT {CARD} FROM file WHERE market_id = $1 AND order_id = $2 ORDER BY at, id LIMIT 500");
    let found = rows::query(db.read(), sql, vec![rows::id(scope.market()), rows::id(order)]).await?;
    found.iter().map(|row| Ok(FileCard::from(&Card::read(row)?))).collect()
}

/// A file's card, when its order is visible.
pub async fn file(db: &Database, scope: &Scope, id: u128) -> Result<Card, Failure> {
    let sql = format!("SELECT order_id, {CARD} FROM file WHERE market_id = $1 AND id = $2");
    let found = rows::query_one(db.read(), sql, vec![rows::id(scope.market()), rows::id(id)]).await?;
    let row = found.ok_or_else(Refusal::not_found)?;
    if !sees_order(db, scope, rows::get_id(&row, "order_id")?).await? {
        return Err(Refusal::not_found().into());
    }
    Ok(Card::read(&row)?)
}

/// The card of the same file already uploaded to this order by the same user: a repeated upload adds nothing.
pub async fn same(db: &Database, scope: &Scope, order: u128, card: &Card) -> Result<Option<Card>, Fault> {
    let sql = format!(
        "SELECT {CARD} FROM file WHERE market_id = $1 AND order_id = $2 \
         AND user_id = $3 AND name = $4 AND sha256 = $5 ORDER BY at, id LIMIT 1"
    );
    let values = vec![
        rows::id(scope.market()),
        rows::id(order),
        rows::id(scope.actor().user),
        card.name.clone().into(),
        card.sha256.clone().into(),
    ];
    rows::query_one(db.write(), sql, values).await?.map(|row| Card::read(&row)).transpose()
}

/// Records an uploaded file, unless its company then keeps more than `quota` bytes in the market.
///
/// Errors: 409 with what is kept, what the file takes and what may be kept.
pub async fn record(
    db: &Database,
    scope: &Scope,
    order: u128,
    card: &Card,
    at: i64,
    quota: i64,
) -> Result<(), Failure> {
    let tx = db.write_tx().await?;
    // Two uploads at once must not both find the same room.
    let market = uuid::Uuid::from_u128(scope.market());
    db.market_lock(&tx, market).await?;
    let company = scope.actor().company.ok_or_else(Refusal::forbidden)?;
    room_for(&tx, scope.market(), company, card.size, quota).await?;
    let sql = "INSERT INTO file (market_id, id, order_id, company_id, user_id, name, content_type, size, sha256, at) \
        VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)";
    let values = vec![
        rows::id(scope.market()),
        rows::id(card.id),
        rows::id(order),
        rows::id_opt(scope.actor().company),
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
