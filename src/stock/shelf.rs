//! The stock of one product as it is loaded and saved.

use crate::platform::engine::{Context, Key};
use entrepot_domain::catalog::{Stock, StockMove, StockRejection};

/// Kind of the aggregate; its identifier is the product's.
pub const STOCK: &str = "stock";

/// What a change writes into the log of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub moved: StockMove,
    pub event: u128,
    /// Market time, microseconds.
    pub at: i64,
    pub note: String,
}

/// A product's stock with the change that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The company whose goods these are.
    pub supplier: u128,
    /// What lies there.
    pub stock: Stock,
    /// The change since it was loaded; a stock is never saved without one.
    pub(super) last: Option<Entry>,
}

impl Shelf {
    /// The aggregate key of a product's stock.
    pub fn key(product: u128) -> Key {
        Key { kind: STOCK, id: product }
    }

    /// A stock before its first change.
    pub fn empty(supplier: u128) -> Self {
        Self { supplier, stock: Stock::default(), last: None }
    }

    /// The stock after a change in the command that is decided.
    ///
    /// Errors: what is kept for orders would not be there, or more would be given free than is kept.
    pub fn moved(&self, cx: &Context<'_>, moved: StockMove, note: &str) -> Result<Self, StockRejection> {
        let entry = Entry { moved, event: cx.event_id, at: cx.now.0, note: note.to_owned() };
        Ok(Self { supplier: self.supplier, stock: self.stock.after(&moved)?, last: Some(entry) })
    }
}
