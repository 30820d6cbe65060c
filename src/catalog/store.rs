//! Writes products: the listing as JSON, with the columns lists filter by.

use super::listing::{Listing, PRODUCT};
use super::view::stored_card;
use crate::platform::database::Database;
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::catalog::ListingState;
use sea_orm::{DatabaseTransaction, QueryResult, Value};
use std::sync::Arc;

/// Stores products.
pub struct ProductStore;

const TABLE: Table = Table {
    name: "product",
    columns: &[
        "market_id",
        "id",
        "version",
        "supplier_id",
        "sku",
        "title",
        "category",
        "state",
        "listing_state",
        "review_at",
        "family",
    ],
    key: &["market_id", "id"],
};

const CARD: Table =
    Table { name: "product_card", columns: &["market_id", "id", "supplier_id", "card"], key: &["market_id", "id"] };

fn card_row(market: u128, id: u128, listing: &Listing) -> Result<[Value; 4], Fault> {
    let supplier = rows::id(listing.product.supplier.0);
    Ok([rows::id(market), rows::id(id), supplier, stored_card(listing)?.into()])
}

/// The state as the column knows it: what waits for the market's look is seen by as few as a draft.
const fn column_of(state: ListingState) -> &'static str {
    match state {
        ListingState::InReview => ListingState::Draft.as_str(),
        ListingState::Draft | ListingState::Published | ListingState::Withdrawn => state.as_str(),
    }
}

/// Reads the `state` column.
pub fn parse(row: &QueryResult) -> Result<Listing, Fault> {
    let state: String = row.try_get("", "state")?;
    Ok(serde_json::from_str(&state)?)
}

#[async_trait::async_trait]
impl Store for ProductStore {
    fn kind(&self) -> &'static str {
        PRODUCT
    }

    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
        let found = rows::select_in(tx, "id, version, state", PRODUCT, &["market_id", "id"], keys, lock).await?;
        let read = |row: &QueryResult| {
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(parse(row)?) as AnyState))
        };
        found.iter().map(read).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * TABLE.columns.len());
        let mut cards: Vec<Value> = Vec::with_capacity(saved.len() * CARD.columns.len());
        let mut hidden: Vec<Value> = Vec::new();
        for row in saved {
            let listing = row.state.downcast_ref::<Listing>().ok_or_else(|| Fault::new("not a product"))?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(listing.product.supplier.0),
                listing.product.sku.clone().into(),
                listing.product.title.clone().into(),
                listing.category.clone().into(),
                serde_json::to_string(listing)?.into(),
                column_of(listing.state).into(),
                listing.submitted_at.map(|at| at.0).into(),
                listing.family.as_ref().map(|family| family.key.clone()).into(),
            ]);
            if listing.is_published() {
                cards.extend(card_row(row.market, row.id, listing)?);
            } else {
                hidden.extend([rows::id(row.market), rows::id(row.id)]);
            }
        }
        let written = rows::upsert(tx, &TABLE, values).await?;
        rows::upsert(tx, &CARD, cards).await?;
        // Lists copy cards, so what is not published has none.
        rows::delete(tx, CARD.name, CARD.key, hidden).await?;
        Ok(written)
    }
}

/// Products whose cards are written in one transaction.
const CARDS_AT_ONCE: u32 = 500;

/// Writes the cards of products from before cards were kept; answers how many. For the start, before anything is read.
pub async fn complete_cards(db: &Database) -> Result<u64, Fault> {
    // Counting both is quick; looking for the missing ones is done only when there are any. Over a reading connection: the
    // writer would keep what it counted in memory.
    let missing = "SELECT (SELECT COUNT(*) FROM product WHERE listing_state = 'published') \
        - (SELECT COUNT(*) FROM product_card) AS n";
    let sql = format!(
        "SELECT p.market_id, p.id, p.state FROM product p LEFT JOIN product_card k \
         ON k.market_id = p.market_id AND k.id = p.id WHERE k.id IS NULL AND p.listing_state = 'published' LIMIT {CARDS_AT_ONCE}"
    );
    let mut written = 0;
    loop {
        let row = rows::query_one(db.read(), missing, Vec::new()).await?;
        let left: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
        if left == 0 {
            return Ok(written);
        }
        let tx = db.write_tx().await?;
        let mut cards = Vec::new();
        for row in rows::query(&tx, sql.as_str(), Vec::new()).await? {
            cards.extend(card_row(rows::get_id(&row, "market_id")?, rows::get_id(&row, "id")?, &parse(&row)?)?);
        }
        written += rows::insert_missing(&tx, &CARD, cards).await?;
        tx.commit().await?;
    }
}
