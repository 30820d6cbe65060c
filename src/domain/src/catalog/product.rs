//! A product and its price ladder.

use serde::{Deserialize, Serialize};

use super::{Incoterm, Supply};
use crate::kernel::{BarePrice, CompanyId, Currency, FieldError, ProductId, Quantity, UnitPrice};

/// Highest number of quantity breaks on one ladder.
const LADDER_MAX: usize = 12;

/// Prices all quantities from `from_quantity` up to the next break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PriceBreak {
    /// Smallest quantity of this price.
    pub from_quantity: Quantity,
    /// Price per unit in the product's currency.
    pub unit_price: BarePrice,
}

/// Names the quantity that would be acceptable instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// Smallest acceptable quantity not below the one asked for.
    pub quantity: Quantity,
}

/// Is one listed product of a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Identity.
    pub id: ProductId,
    /// Selling company.
    pub supplier: CompanyId,
    /// Supplier's own number, unique per supplier.
    pub sku: String,
    /// Title in English.
    pub title: String,
    /// Unit of sale, such as `piece` or `metre`.
    pub unit: String,
    /// Harmonised System code: 6 to 10 digits.
    pub hs_code: String,
    /// Country of origin, ISO 3166 alpha-2.
    pub origin: String,
    /// Currency of all prices.
    pub currency: Currency,
    /// Minimum order quantity.
    pub moq: Quantity,
    /// Quantities must be the minimum plus a multiple of this step; zero means any quantity.
    pub lot_step: Quantity,
    /// Quantity breaks, strictly ascending.
    pub ladder: Vec<PriceBreak>,
    /// Days from deposit to readiness; of goods that lie ready, days until they ship.
    pub lead_days: i64,
    /// Delivery term of the listed price.
    pub incoterm: Incoterm,
    /// Whether the goods lie ready or are made to order. Absent from what is stored unless they lie ready.
    #[serde(default, skip_serializing_if = "Supply::is_default")]
    pub supply: Supply,
    /// How many can be made in a month, where the supplier says so of goods made to order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Quantity>,
}

impl Product {
    /// Gives the unit price at a quantity, or the nearest acceptable quantity when it is too small or off the lot step.
    pub fn price_at(&self, quantity: Quantity) -> Result<UnitPrice, Nearest> {
        let nearest = self.nearest(quantity);
        if nearest != quantity {
            return Err(Nearest { quantity: nearest });
        }
        let row = self.ladder.iter().rev().find(|row| row.from_quantity <= quantity);
        match row {
            Some(row) => Ok(row.unit_price.in_currency(self.currency)),
            None => Err(Nearest { quantity: nearest }),
        }
    }

    fn nearest(&self, quantity: Quantity) -> Quantity {
        let over = quantity.0.saturating_sub(self.moq.0);
        if over <= 0 {
            return self.moq;
        }
        if self.lot_step.0 <= 0 {
            return quantity;
        }
        let off = over.rem_euclid(self.lot_step.0);
        if off == 0 {
            return quantity;
        }
        let up = quantity.0.saturating_add(self.lot_step.0.saturating_sub(off));
        // At the very end of the range rounding up is impossible: round down instead.
        Quantity(if up == i64::MAX { quantity.0.saturating_sub(off) } else { up })
    }

    /// Lists everything wrong with the product, each complaint pointing at its field.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let wrong = self.checks().into_iter().filter(|check| check.0);
        let mut errors: Vec<_> =
            wrong.map(|(_, pointer, code, detail)| FieldError::new(pointer, code, detail)).collect();
        errors.extend(self.validate_ladder());
        errors
    }

    /// Pairs each check of a single field with its pointer, code and complaint.
    fn checks(&self) -> [(bool, &'static str, &'static str, &'static str); 10] {
        let text = "product.text";
        let capacity = self.capacity.is_some_and(|capacity| capacity.0 <= 0 || self.supply.is_ready());
        let country = self.origin.len() == 2 && self.origin.bytes().all(|b| b.is_ascii_uppercase());
        [
            (text_is_bad(&self.sku, 64), "/sku", text, "the SKU has 1 to 64 characters"),
            (text_is_bad(&self.title, 200), "/title", text, "the title has 1 to 200 characters"),
            (text_is_bad(&self.unit, 32), "/unit", text, "the unit has 1 to 32 characters"),
            (!is_hs_code(&self.hs_code), "/hs_code", "product.hs_code", "an HS code has 6 to 10 digits"),
            (!country, "/origin", "product.origin", "the origin is a two-letter country code"),
            (self.moq.0 <= 0, "/moq", "product.moq", "the minimum order quantity is positive"),
            (self.lot_step.0 < 0, "/lot_step", "product.lot_step", "the lot step is not negative"),
            (!(0..=730).contains(&self.lead_days), "/lead_days", "product.lead_days", "the lead time is 0 to 730 days"),
            (
                capacity,
                "/capacity",
                "product.capacity",
                "a monthly capacity is positive, and said of goods made to order",
            ),
            (text_is_bad(&self.incoterm.place, 100), "/incoterm/place", text, "the place has 1 to 100 characters"),
        ]
    }

    fn validate_ladder(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.ladder.is_empty() || self.ladder.len() > LADDER_MAX {
            errors.push(FieldError::new("/ladder", "product.ladder_length", "a ladder has 1 to 12 breaks"));
        }
        if self.ladder.first().is_some_and(|row| row.from_quantity > self.moq) {
            let detail = "the first break begins at or below the minimum order quantity";
            errors.push(FieldError::new("/ladder/0/from_quantity", "product.ladder_start", detail));
        }
        let mut before: Option<&PriceBreak> = None;
        for (index, row) in self.ladder.iter().enumerate() {
            if row.unit_price.0 <= 0 {
                let pointer = format!("/ladder/{index}/unit_price");
                errors.push(FieldError::new(pointer, "product.price", "a price is positive"));
            }
            if before.is_some_and(|before| row.from_quantity <= before.from_quantity) || row.from_quantity.0 <= 0 {
                let pointer = format!("/ladder/{index}/from_quantity");
                errors.push(FieldError::new(
                    pointer,
                    "product.ladder_order",
                    "breaks are positive and strictly ascending",
                ));
            }
            if before.is_some_and(|before| row.unit_price > before.unit_price) {
                let pointer = format!("/ladder/{index}/unit_price");
                errors.push(FieldError::new(
                    pointer,
                    "product.ladder_price",
                    "the price does not rise with the quantity",
                ));
            }
            before = Some(row);
        }
        errors
    }
}

fn text_is_bad(text: &str, max: usize) -> bool {
    text.trim().is_empty() || text.chars().count() > max
}

/// Says whether a text is a Harmonised System code of 6 to 10 digits.
pub(crate) fn is_hs_code(text: &str) -> bool {
    (6..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
#[path = "product_tests.rs"]
pub(super) mod tests;
