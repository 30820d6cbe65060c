//! The terms of an order: what the contract says.
//!
//! Promises one canonical byte form per terms ([`OrderTerms::canonical_bytes`]), so that both sides accept the same
//! hash. Refuses nothing by itself; [`OrderTerms::validate`] lists what is wrong.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::quality::QualityPoint;
use crate::catalog::{Aql, Incoterm};
use crate::kernel::{BarePrice, CompanyId, Currency, Day, ProductId, Quantity, minor_text};

/// Holds the terms both sides agree on; the JSON form is the public one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTerms {
    /// Buying company.
    pub buyer: CompanyId,
    /// Selling company.
    pub seller: CompanyId,
    /// Contract currency; fixed for the life of the order.
    pub currency: Currency,
    /// Goods.
    pub lines: Vec<Line>,
    /// Freight in minor units.
    #[serde(default, with = "minor_text")]
    pub freight_minor: i64,
    /// Discount in minor units, subtracted.
    #[serde(default, with = "minor_text")]
    pub discount_minor: i64,
    /// Tax in minor units.
    #[serde(default, with = "minor_text")]
    pub tax_minor: i64,
    /// Delivery term and place.
    pub incoterm: Incoterm,
    /// Where the goods go.
    #[serde(default)]
    pub delivery_address: Address,
    /// Who receives the goods.
    #[serde(default)]
    pub consignee: String,
    /// Contact at the buyer.
    #[serde(default)]
    pub buyer_contact: Contact,
    /// Contact at the seller.
    #[serde(default)]
    pub seller_contact: Contact,
    /// Buyer's own purchase order number.
    #[serde(default)]
    pub po_number: Option<String>,
    /// Payment plan: 1 to 6 stages whose shares add up to 10,000 basis points.
    pub stages: Vec<StageTerms>,
    /// Delivery plan: 1 to 12 shipments.
    pub shipments: Vec<ShipmentTerms>,
    /// Days to inspect after delivery (3 to 30).
    #[serde(default = "default_acceptance_days")]
    pub acceptance_days: i64,
    /// Days between completion and close (0 to 30).
    #[serde(default = "default_claim_window_days")]
    pub claim_window_days: i64,
    /// Days to fund the first stage (1 to 90).
    #[serde(default = "default_deposit_days")]
    pub deposit_days: i64,
    /// What the goods will be measured on.
    #[serde(default)]
    pub quality_points: Vec<QualityPoint>,
    /// How each lot is sampled; absent from the canonical form when nothing is said, so that older hashes stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aql: Option<Aql>,
    /// Anything else.
    #[serde(default)]
    pub notes: String,
}

pub(super) const fn default_acceptance_days() -> i64 {
    15
}

pub(super) const fn default_claim_window_days() -> i64 {
    30
}

pub(super) const fn default_deposit_days() -> i64 {
    10
}

/// Is one line of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Listed product, if the line came from one.
    #[serde(default)]
    pub product: Option<ProductId>,
    /// Seller's product number.
    #[serde(default)]
    pub sku: String,
    /// What it is.
    pub title: String,
    /// Harmonised System code, 6 to 10 digits; may be empty.
    #[serde(default)]
    pub hs_code: String,
    /// Unit of sale.
    #[serde(default)]
    pub unit: String,
    /// Quantity over all shipments.
    pub quantity: Quantity,
    /// Price per unit.
    pub unit_price: BarePrice,
    /// Whether the goods come out of the product's ready stock; absent where nothing is said of it, so that older hashes stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_stock: Option<bool>,
}

impl Line {
    /// Gives the product out of whose ready stock the line is taken, if it is taken from one.
    #[must_use]
    pub fn stocked(&self) -> Option<ProductId> {
        self.product.filter(|_| self.from_stock == Some(true))
    }
}

/// Is a postal address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Name at the door.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// Province or state.
    pub region: String,
    /// Postal code.
    pub postcode: String,
    /// Country, ISO 3166 alpha-2.
    pub country: String,
}

/// Is a person to call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub phone: String,
}

/// Is one payment stage of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTerms {
    /// What the payment is.
    pub kind: StageKind,
    /// What makes it due.
    pub trigger: Trigger,
    /// Share of the total in basis points.
    pub share_bps: i64,
    /// Shipment it belongs to (1-based); `null` for the whole order. A balance with `null` becomes one per shipment.
    #[serde(default)]
    pub shipment: Option<i32>,
}

/// Is one shipment of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipmentTerms {
    /// Last day of dispatch.
    pub ship_by: Day,
    /// Quantity of each line, in line order.
    pub quantities: Vec<Quantity>,
}

/// Names what a payment stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// Paid on agreement, before production.
    Deposit,
    /// Paid for a shipment.
    Balance,
    /// Held back until the order closes (at most 10 %).
    Retention,
}

impl StageKind {
    /// Lists the kinds.
    pub const ALL: [Self; 3] = [Self::Deposit, Self::Balance, Self::Retention];
}

/// Names what makes a stage due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The agreement.
    Agreed,
    /// The approaching ship-by date; must be funded before dispatch.
    BeforeDispatch,
    /// Dispatch: a copy of the bill of lading is shown.
    BlCopy,
    /// Delivery.
    Delivered,
}

impl Trigger {
    /// Lists the triggers.
    pub const ALL: [Self; 4] = [Self::Agreed, Self::BeforeDispatch, Self::BlCopy, Self::Delivered];
}

/// Is the SHA-256 of canonical terms, written as 64 lowercase hexadecimal characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ContractHash(pub [u8; 32]);

impl fmt::Display for ContractHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContractHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContractHash({self})")
    }
}

impl Serialize for ContractHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl std::str::FromStr for ContractHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = "a contract hash is 64 lowercase hexadecimal characters";
        if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(refuse);
        }
        let mut hash = [0; 32];
        for (index, byte) in hash.iter_mut().enumerate() {
            let digits = text.get(index * 2..index * 2 + 2).ok_or(refuse)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| refuse)?;
        }
        Ok(Self(hash))
    }
}

impl<'de> Deserialize<'de> for ContractHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl OrderTerms {
    /// Gives the canonical bytes both sides sign: a version tag and compact JSON in the declared field order.
    ///
    /// The server hashes them with SHA-256 into a [`ContractHash`].
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut bytes = b"entrepot-terms-v1\n".to_vec();
        // Writing into memory cannot fail: the terms hold no maps, floats or foreign serializers.
        bytes.extend(serde_json::to_vec(self).unwrap_or_default());
        bytes
    }

    /// Gives the title for lists: the first line's, with the number of further lines.
    #[must_use]
    pub fn title(&self) -> String {
        let further = self.lines.len().saturating_sub(1);
        match self.lines.first() {
            Some(line) if further > 0 => format!("{} +{further}", line.title),
            Some(line) => line.title.clone(),
            None => String::new(),
        }
    }
}
