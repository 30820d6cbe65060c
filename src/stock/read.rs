//! Lists and pages of stocks: each one statement, each limited to the reader's market.

use super::store::stock;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use entrepot_domain::catalog::{ListingState, Stock, Supply};
use entrepot_domain::kernel::{MarketTime, ProductId, Quantity};
use entrepot_domain::trade::Goods;
use serde::Deserialize;

/// Orders shown of one stock.
const RESERVATIONS_MAX: u32 = 100;

/// What of a stored listing is shown beside its stock.
#[derive(Deserialize)]
struct Told {
    product: Sold,
    title_zh: Option<String>,
}

#[derive(Deserialize)]
struct Sold {
    unit: String,
    #[serde(default)]
    supply: Supply,
}

/// The stock of a product with what its listing says.
#[derive(Debug, Clone)]
pub struct Item {
    pub product: u128,
    pub supplier: u128,
    pub version: i64,
    pub stock: Stock,
    pub sku: String,
    pub title: String,
    pub title_zh: Option<String>,
    pub unit: String,
    pub supply: Supply,
    pub published: bool,
}

const ITEM: &str = "SELECT s.id, s.supplier_id, s.version, s.on_hand, s.reserved, p.sku, p.title, p.listing_state, p.state FROM stock s \
    JOIN product p ON p.market_id = s.market_id AND p.id = s.id WHERE s.market_id = $1";

fn item(row: &Row) -> Result<Item, Fault> {
    let (told, state): (String, String) = (row.try_get("", "state")?, row.try_get("", "listing_state")?);
    let told: Told = serde_json::from_str(&told)?;
    Ok(Item {
        product: rows::get_id(row, "id")?,
        supplier: rows::get_id(row, "supplier_id")?,
        version: row.try_get("", "version")?,
        stock: stock(row)?,
        sku: row.try_get("", "sku")?,
        title: row.try_get("", "title")?,
        title_zh: told.title_zh,
        unit: told.product.unit,
        supply: told.product.supply,
        published: ListingState::parse(&state) == Some(ListingState::Published),
    })
}

/// The stock of a product of the market, if it has one.
pub async fn one(db: &Database, market: u128, product: u128) -> Result<Option<Item>, Fault> {
    let values = vec![rows::id(market), rows::id(product)];
    rows::query_one(db.read(), format!("{ITEM} AND s.id = $2"), values).await?.as_ref().map(item).transpose()
}

/// A page of the own company's stocks by SKU; `after` is the SKU and identifier of the last row of the page before.
pub async fn own(
    db: &Database,
    scope: &Scope,
    words: &str,
    after: Option<&(String, u128)>,
    limit: u32,
) -> Result<Vec<Item>, Fault> {
    let mut values = vec![rows::id(scope.market()), rows::id(scope.actor().company.unwrap_or(0))];
    let mut sql = format!("{ITEM} AND s.supplier_id = $2");
    sql.push_str(&crate::catalog::holding_words(db, words, &mut values));
    if let Some((sku, id)) = after {
        values.extend([sku.clone().into(), rows::id(*id)]);
        sql.push_str(&format!(" AND (p.sku, p.id) > (${}, ${})", values.len() - 1, values.len()));
    }
    sql.push_str(&format!(" ORDER BY p.sku, p.id LIMIT {limit}"));
    rows::query(db.read(), sql, values).await?.iter().map(item).collect()
}

/// What is kept for one order.
pub struct Kept {
    pub order: u128,
    pub number: String,
    pub buyer: String,
    pub quantity: Quantity,
    pub until: Option<MarketTime>,
}

/// The orders a stock is kept for, the largest quantity first.
pub async fn reservations(db: &Database, market: u128, product: u128) -> Result<Vec<Kept>, Fault> {
    let sql = format!(
        "SELECT m.order_id, o.number, b.name AS buyer, CAST(SUM(m.reserved_delta) AS BIGINT) AS kept, \
         (SELECT MIN(d.due_at) FROM deadline d WHERE d.market_id = $1 AND d.subject_id = m.order_id AND d.step = 'order.late_cancel') \
         AS until FROM stock_move m JOIN trade_order o ON o.market_id = m.market_id AND o.id = m.order_id \
         JOIN company b ON b.market_id = o.market_id AND b.id = o.buyer_id \
         WHERE m.market_id = $1 AND m.product_id = $2 AND m.order_id IS NOT NULL GROUP BY m.order_id, o.number, b.name \
         HAVING SUM(m.reserved_delta) <> 0 ORDER BY kept DESC, o.number LIMIT {RESERVATIONS_MAX}"
    );
    let kept = |row: &Row| {
        let until: Option<i64> = row.try_get("", "until")?;
        Ok(Kept {
            order: rows::get_id(row, "order_id")?,
            number: row.try_get("", "number")?,
            buyer: row.try_get("", "buyer")?,
            quantity: Quantity(row.try_get("", "kept")?),
            until: until.map(MarketTime),
        })
    };
    rows::query(db.read(), sql, vec![rows::id(market), rows::id(product)]).await?.iter().map(kept).collect()
}

/// One row of the log of changes, with who made it.
pub struct Moved {
    pub no: i64,
    pub reason: String,
    pub on_hand_delta: Quantity,
    pub reserved_delta: Quantity,
    pub after: Stock,
    pub order: Option<(u128, String)>,
    pub note: String,
    pub user: Option<u128>,
    pub company: Option<u128>,
    pub role: String,
    pub at: MarketTime,
}

/// A page of the changes of a stock, newest first, from behind the change `before`.
pub async fn moves(
    db: &Database,
    market: u128,
    product: u128,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Moved>, Fault> {
    let sql = format!(
        "SELECT m.no, m.reason, m.on_hand_delta, m.reserved_delta, m.on_hand, m.reserved, m.order_id, o.number, m.note, m.at, \
         e.actor_user, e.actor_company, e.actor_role FROM stock_move m \
         JOIN event e ON e.market_id = m.market_id AND e.id = m.event_id \
         LEFT JOIN trade_order o ON o.market_id = m.market_id AND o.id = m.order_id \
         WHERE m.market_id = $1 AND m.product_id = $2 AND m.no < $3 ORDER BY m.no DESC LIMIT {limit}"
    );
    let moved = |row: &Row| {
        let (order, number): (_, Option<String>) = (rows::get_id_opt(row, "order_id")?, row.try_get("", "number")?);
        Ok(Moved {
            no: row.try_get("", "no")?,
            reason: row.try_get("", "reason")?,
            on_hand_delta: Quantity(row.try_get("", "on_hand_delta")?),
            reserved_delta: Quantity(row.try_get("", "reserved_delta")?),
            after: stock(row)?,
            order: order.zip(number),
            note: row.try_get("", "note")?,
            user: rows::get_id_opt(row, "actor_user")?.filter(|user| *user != 0),
            company: rows::get_id_opt(row, "actor_company")?,
            role: row.try_get("", "actor_role")?,
            at: MarketTime(row.try_get("", "at")?),
        })
    };
    let values = vec![rows::id(market), rows::id(product), before.unwrap_or(i64::MAX).into()];
    rows::query(db.read(), sql, values).await?.iter().map(moved).collect()
}

/// What is free of each of these products; a product without a stock is left out. Nothing is asked about none.
pub async fn free(db: &Database, market: u128, products: &[ProductId]) -> Result<Goods, Fault> {
    let keys = products.iter().flat_map(|product| [rows::id(market), rows::id(product.0)]).collect();
    let found = rows::select_in(db.read(), "id, on_hand, reserved", "stock", &["market_id", "id"], keys, "").await?;
    found.iter().map(|row| Ok((ProductId(rows::get_id(row, "id")?), stock(row)?.free()))).collect()
}
