//! A product's card, as lists show it, kept ready: a list copies texts instead of reading listings.
//!
//! Cards of products from before are written by the server when it starts (`catalog::complete_cards`).

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000012_card"
    }
}

/// Small rows in the order of lists, apart from the long ones of the products: a page of fifty lies on ten pages of the file.
const TABLES: &[&str] = &[
    "CREATE TABLE product_card (
        market_id {ID} NOT NULL, id {ID} NOT NULL, supplier_id {ID} NOT NULL, card TEXT NOT NULL, PRIMARY KEY (market_id, id),
        FOREIGN KEY (market_id, id) REFERENCES product (market_id, id)){CLUSTERED}",
    "CREATE INDEX product_card__supplier ON product_card (market_id, supplier_id, id)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, TABLES).await
    }
}
