//! What the routes of stocks answer.

use crate::platform::schema::{ActorCard, words};
use entrepot_domain::catalog::{Stock, StockReason as Reasons, Supply as Supplies};
use serde::Serialize;
use utoipa::ToSchema;

words! {
    /// Whether goods are made to order or lie ready.
    Supply = Supplies::ALL.iter().map(|supply| supply.as_str());
}

words! {
    /// Why a stock changed.
    StockReason = Reasons::ALL.iter().map(|reason| reason.as_str());
}

words! {
    /// Why a person changes a stock.
    StockHandReason = Reasons::BY_HAND.iter().map(|reason| reason.as_str());
}

/// What lies ready of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockReceipt {
    product_id: String,
    /// Send it back as `expected_version`.
    version: i64,
    /// What is there, a decimal number.
    on_hand: String,
    /// What of it is kept for funded orders.
    reserved: String,
    /// What is left.
    free: String,
}

impl StockReceipt {
    /// The stock of a product in words of the contract.
    pub fn of(product: u128, version: i64, stock: Stock) -> Self {
        Self {
            product_id: format!("{product:032x}"),
            version,
            on_hand: stock.on_hand.to_string(),
            reserved: stock.reserved.to_string(),
            free: stock.free().to_string(),
        }
    }
}

/// The stock of one of the own products.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockRow {
    #[serde(flatten)]
    pub stock: StockReceipt,
    pub sku: String,
    pub title: String,
    #[schema(required = true)]
    pub title_zh: Option<String>,
    /// Unit of sale.
    pub unit: String,
    /// Whether new orders take from it: a listing that went back to made to order keeps what is there.
    #[schema(value_type = Supply)]
    pub supply: String,
    /// Whether the listing is published.
    pub published: bool,
}

/// What is kept for one order.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockReservation {
    pub order_id: String,
    /// Number for people.
    pub number: String,
    /// Name of the buying company.
    pub buyer: String,
    /// Decimal number.
    pub quantity: String,
    /// When the clock gives it back if nobody ships or cancels; `null` where nothing is planned any more.
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
}

/// The stock of an own product with what is kept for which order.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockPage {
    #[serde(flatten)]
    pub row: StockRow,
    /// At most 100, the largest first.
    pub reservations: Vec<StockReservation>,
}

/// One change of a stock.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockChange {
    /// Counted from 1; the stock's version after it.
    pub no: i64,
    #[schema(value_type = StockReason)]
    pub reason: String,
    /// Change of what is on hand, a decimal number with its sign.
    pub on_hand_change: String,
    /// Change of what is kept.
    pub reserved_change: String,
    /// On hand after it.
    pub on_hand: String,
    /// Kept after it.
    pub reserved: String,
    /// The order it was for.
    #[schema(required = true)]
    pub order_id: Option<String>,
    /// Its number for people.
    #[schema(required = true)]
    pub order_number: Option<String>,
    pub note: String,
    pub actor: ActorCard,
    /// Market time.
    #[schema(format = DateTime)]
    pub at: String,
}
