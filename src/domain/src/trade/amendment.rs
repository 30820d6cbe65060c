//! Amendments: which terms can still change, and how.
//!
//! Promises that nothing that would change the total can be amended once money is in escrow. Refuses empty amendments
//! and parts that do not exist.

use serde::{Deserialize, Serialize};

use super::terms::{Address, Contact, OrderTerms};
use crate::kernel::{BarePrice, Day, Quantity};

/// Lists changes to the terms; absent fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Amendment {
    /// Changes of shipments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shipments: Vec<ShipmentChange>,
    /// Changes of lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineChange>,
    /// New notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// New delivery address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_address: Option<Address>,
    /// New consignee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignee: Option<String>,
    /// New contact at the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_contact: Option<Contact>,
    /// New contact at the seller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller_contact: Option<Contact>,
    /// New purchase order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub po_number: Option<String>,
}

/// Changes one shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipmentChange {
    /// Shipment number, from 1.
    pub shipment: i32,
    /// New ship-by date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_by: Option<Day>,
    /// New quantities, one per line; only before any payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantities: Option<Vec<Quantity>>,
}

/// Changes one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineChange {
    /// Line number, from 1.
    pub line: i32,
    /// New title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// New quantity; only before any payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// New unit price; only before any payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<BarePrice>,
}

impl Amendment {
    /// Says whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Gives the JSON pointer of the first change that touches amounts or quantities, if any.
    #[must_use]
    pub fn money_pointer(&self) -> Option<String> {
        let line = self.lines.iter().position(|change| change.quantity.is_some() || change.unit_price.is_some());
        let shipment = self.shipments.iter().position(|change| change.quantities.is_some());
        line.map(|index| format!("/lines/{index}"))
            .or_else(|| shipment.map(|index| format!("/shipments/{index}/quantities")))
    }

    /// Gives the terms with the changes made; the error is the JSON pointer of a part that does not exist.
    pub fn apply(&self, terms: &OrderTerms) -> Result<OrderTerms, String> {
        let mut next = terms.clone();
        for (index, change) in self.lines.iter().enumerate() {
            let line = super::state::index_of(change.line).and_then(|at| next.lines.get_mut(at));
            let line = line.ok_or_else(|| format!("/lines/{index}/line"))?;
            replace(&mut line.title, change.title.clone());
            replace(&mut line.quantity, change.quantity);
            replace(&mut line.unit_price, change.unit_price);
        }
        for (index, change) in self.shipments.iter().enumerate() {
            let shipment = super::state::index_of(change.shipment).and_then(|at| next.shipments.get_mut(at));
            let shipment = shipment.ok_or_else(|| format!("/shipments/{index}/shipment"))?;
            replace(&mut shipment.ship_by, change.ship_by);
            replace(&mut shipment.quantities, change.quantities.clone());
        }
        replace(&mut next.notes, self.notes.clone());
        replace(&mut next.delivery_address, self.delivery_address.clone());
        replace(&mut next.consignee, self.consignee.clone());
        replace(&mut next.buyer_contact, self.buyer_contact.clone());
        replace(&mut next.seller_contact, self.seller_contact.clone());
        if self.po_number.is_some() {
            next.po_number.clone_from(&self.po_number);
        }
        Ok(next)
    }
}

fn replace<T>(place: &mut T, change: Option<T>) {
    if let Some(value) = change {
        *place = value;
    }
}
