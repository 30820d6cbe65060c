//! The catalogue in full: the state of a listing, families of variants, uploaded pictures, and what a company keeps in mind.

use crate::sql;
use sea_orm_migration::prelude::*;

/// See the module documentation.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000019_goods"
    }
}

/// Listings from before are published: that is what listing meant. Only published ones keep a card.
const STATEMENTS: &[&str] = &[
    "ALTER TABLE product ADD COLUMN listing_state TEXT NOT NULL DEFAULT 'published'
        CONSTRAINT product__listing_state CHECK (listing_state IN ('draft', 'published', 'withdrawn'))",
    "ALTER TABLE product ADD COLUMN family TEXT",
    "CREATE INDEX product__counted ON product (market_id, category, listing_state)",
    "CREATE INDEX product__sku_alone ON product (market_id, sku)",
    "CREATE INDEX product__family ON product (market_id, supplier_id, family) WHERE family IS NOT NULL",
    "CREATE TABLE product_picture (
        market_id {ID} NOT NULL, id {ID} NOT NULL, company_id {ID} NOT NULL, user_id {ID} NOT NULL, name TEXT NOT NULL,
        content_type TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL, thumb_sha256 TEXT NOT NULL,
        width BIGINT NOT NULL, height BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (market_id, id),
        FOREIGN KEY (market_id, company_id) REFERENCES company (market_id, id))",
    "CREATE INDEX product_picture__company ON product_picture (market_id, company_id, at)",
    "CREATE TABLE shortlist (
        market_id {ID} NOT NULL, company_id {ID} NOT NULL, product_id {ID} NOT NULL, note TEXT NOT NULL, user_id {ID} NOT NULL,
        at BIGINT NOT NULL, PRIMARY KEY (market_id, company_id, product_id),
        FOREIGN KEY (market_id, company_id) REFERENCES company (market_id, id),
        FOREIGN KEY (market_id, product_id) REFERENCES product (market_id, id)){CLUSTERED}",
    "CREATE INDEX shortlist__kept ON shortlist (market_id, company_id, at)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, STATEMENTS).await
    }
}
