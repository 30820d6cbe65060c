//! How the domain's JSON of terms, offers and proposals reads in the document.
//!
//! The domain writes and reads this JSON itself; nothing here runs in the product. The types can read and write all the
//! same, so that the tests below hold each description against the domain: no field more, none less, none of another kind.

use super::words;
use crate::catalog::IncotermView;
use crate::platform::schema::Side;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the contract says. What a request leaves out of amounts, addresses, contacts, days and notes takes its default.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderTerms)]
#[serde(deny_unknown_fields)]
pub struct TermsView {
    /// Buying company.
    buyer: String,
    /// Selling company.
    seller: String,
    /// ISO 4217 code; fixed for the life of the order.
    currency: String,
    lines: Vec<LineView>,
    /// Freight in minor units, as a decimal string.
    freight_minor: String,
    /// Discount in minor units, as a decimal string; subtracted.
    discount_minor: String,
    /// Tax in minor units, as a decimal string.
    tax_minor: String,
    /// Delivery term and place.
    incoterm: IncotermView,
    /// Where the goods go.
    delivery_address: AddressView,
    /// Who receives the goods.
    consignee: String,
    buyer_contact: ContactView,
    seller_contact: ContactView,
    /// The buyer's own purchase order number.
    #[schema(required = true)]
    po_number: Option<String>,
    /// 1 to 6 stages whose shares add up to 10,000 basis points.
    stages: Vec<StageTermsView>,
    /// 1 to 12 shipments.
    shipments: Vec<ShipmentTermsView>,
    /// Days to inspect after delivery, 3 to 30.
    acceptance_days: i64,
    /// Days between completion and close, 0 to 30.
    claim_window_days: i64,
    /// Days to fund the first stage, 1 to 90.
    deposit_days: i64,
    /// What the goods are measured on: at least one point before an offer can be made.
    quality_points: Vec<QualityPointView>,
    /// How each lot is sampled; may be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aql: Option<AqlView>,
    /// Anything else.
    notes: String,
}

/// A point of the quality checklist.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = QualityPoint)]
#[serde(untagged)]
enum QualityPointView {
    /// A point that can be measured.
    Measured(MeasuredPointView),
    /// A text of an order written before points were measured; a new offer is refused with it.
    Stated(String),
}

/// A point the goods are measured on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MeasuredPoint)]
#[serde(deny_unknown_fields)]
struct MeasuredPointView {
    /// What is measured.
    point: String,
    #[schema(value_type = words::Bound)]
    bound: String,
    /// The number agreed, a decimal number.
    value: String,
    /// How far from it a value may lie, a decimal number; with `within` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tolerance: Option<String>,
    /// Unit of value and tolerance; may be empty.
    unit: String,
    /// A standard, or an instrument and a sample.
    method: String,
}

/// How each lot is sampled (ISO 2859-1).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Aql)]
#[serde(deny_unknown_fields)]
pub struct AqlView {
    /// The inspection level.
    #[schema(value_type = words::InspectionLevel)]
    pub level: String,
    /// Acceptance limit of critical defects in percent; 0 accepts none.
    pub critical: String,
    /// Acceptance limit of major defects in percent.
    pub major: String,
    /// Acceptance limit of minor defects in percent.
    pub minor: String,
}

impl From<&entrepot_domain::catalog::Aql> for AqlView {
    fn from(aql: &entrepot_domain::catalog::Aql) -> Self {
        Self {
            level: aql.level.as_str().to_owned(),
            critical: aql.critical.to_string(),
            major: aql.major.to_string(),
            minor: aql.minor.to_string(),
        }
    }
}

/// One line of goods.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TermsLine)]
#[serde(deny_unknown_fields)]
struct LineView {
    /// Listed product, if the line came from one.
    #[schema(required = true)]
    product: Option<String>,
    /// The seller's number.
    sku: String,
    title: String,
    /// 6 to 10 digits; may be empty.
    hs_code: String,
    /// Unit of sale.
    unit: String,
    /// Over all shipments, a decimal number.
    quantity: String,
    /// Decimal number in the contract's currency.
    unit_price: String,
    /// Whether the line comes out of the product's ready stock, which the first payment reserves. Where it is left out, the listing
    /// decides when the terms are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_stock: Option<bool>,
}

/// A postal address.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Address)]
#[serde(deny_unknown_fields)]
pub struct AddressView {
    /// Name at the door.
    name: String,
    /// Street and number.
    street: String,
    city: String,
    /// Province or state.
    region: String,
    postcode: String,
    /// Two capital letters.
    country: String,
}

/// A person to call.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Contact)]
#[serde(deny_unknown_fields)]
pub struct ContactView {
    name: String,
    email: String,
    phone: String,
}

/// One payment stage of the plan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TermsStage)]
#[serde(deny_unknown_fields)]
struct StageTermsView {
    #[schema(value_type = words::StageKind)]
    kind: String,
    #[schema(value_type = words::Trigger)]
    trigger: String,
    /// Share of the total in basis points.
    share_bps: i64,
    /// Shipment it belongs to, from 1; `null` for the whole order. A balance with `null` becomes one per shipment.
    #[schema(required = true)]
    shipment: Option<i32>,
}

/// One shipment of the plan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TermsShipment)]
#[serde(deny_unknown_fields)]
struct ShipmentTermsView {
    /// Last day of dispatch.
    #[schema(format = Date)]
    ship_by: String,
    /// Quantity of each line, in line order.
    quantities: Vec<String>,
}

/// An offer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Offer)]
#[serde(deny_unknown_fields)]
pub struct OfferView {
    /// Number, counted from 1.
    no: i32,
    /// The side that made it.
    #[schema(value_type = Side)]
    by: String,
    /// Last instant it can be accepted.
    #[schema(format = DateTime)]
    valid_until: String,
    /// SHA-256 of its canonical terms, 64 hexadecimal characters.
    contract_hash: String,
    /// Days it was asked to stand; the market's default if `null`.
    #[schema(required = true)]
    valid_days: Option<i64>,
}

/// Changes to the terms; what is absent stays as it is.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = Amendment)]
#[serde(default, deny_unknown_fields)]
pub struct AmendmentView {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shipments: Vec<ShipmentChangeView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<LineChangeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_address: Option<AddressView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consignee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_contact: Option<ContactView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seller_contact: Option<ContactView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    po_number: Option<String>,
}

/// Changes of one shipment.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ShipmentChange)]
#[serde(deny_unknown_fields)]
struct ShipmentChangeView {
    /// Shipment number, from 1.
    shipment: i32,
    /// New last day of dispatch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    ship_by: Option<String>,
    /// New quantities, one per line; only before any payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantities: Option<Vec<String>>,
}

/// Changes of one line.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LineChange)]
#[serde(deny_unknown_fields)]
struct LineChangeView {
    /// Line number, from 1.
    line: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Only before any payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantity: Option<String>,
    /// Only before any payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_price: Option<String>,
}

/// What is proposed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Proposed)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case", deny_unknown_fields)]
enum ProposedView {
    /// Other terms.
    Amendment(Box<AmendmentView>),
    /// To cancel what is not dispatched.
    Cancellation {
        /// Part of the held undispatched money for the buyer, minor units as a decimal string.
        refund_minor: String,
    },
    /// A later ship-by date.
    Extension {
        /// Shipment number.
        shipment: i32,
        /// Days to add.
        days: i64,
    },
}

/// A proposal that waits for an answer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Proposal)]
pub struct ProposalView {
    #[serde(flatten)]
    what: ProposedView,
    /// The side that asks.
    #[schema(value_type = Side)]
    by: String,
    /// Until when it can be answered.
    #[schema(format = DateTime)]
    answer_by: String,
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use entrepot_domain::kernel::{self, MarketTime};
    use entrepot_domain::trade::{Amendment, ContractHash, Offer, OrderTerms, Proposal, ProposalKind};
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};
    use std::sync::Arc;

    /// Terms with every field filled.
    pub fn terms() -> OrderTerms {
        let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
        let id = |n: u8| format!("{n:032x}");
        serde_json::from_value(json!({
            "buyer": id(1), "seller": id(2), "currency": "USD",
            "lines": [{ "product": id(3), "sku": "S", "title": "T", "hs_code": "731815", "unit": "pcs", "quantity": "10", "unit_price": "1.5" }],
            "freight_minor": "1", "discount_minor": "2", "tax_minor": "3", "incoterm": { "code": "FOB", "place": "Ningbo" },
            "delivery_address": { "name": "B", "street": "S", "city": "C", "region": "R", "postcode": "1", "country": "DE" },
            "consignee": "B", "buyer_contact": contact, "seller_contact": contact, "po_number": "PO-1",
            "stages": [{ "kind": "balance", "trigger": "agreed", "share_bps": 10_000, "shipment": 1 }],
            "shipments": [{ "ship_by": "2026-03-01", "quantities": ["10"] }],
            "acceptance_days": 15, "claim_window_days": 30, "deposit_days": 10, "notes": "N",
            "quality_points": [
                { "point": "Thread", "bound": "within", "value": "8", "tolerance": "0.05", "unit": "mm", "method": "gauge" }, "as sample",
            ],
            "aql": { "level": "II", "critical": "0", "major": "2.5", "minor": "4" },
        }))
        .unwrap()
    }

    /// An amendment with every field filled.
    pub fn amendment() -> Amendment {
        let contact = json!({ "name": "A", "email": "a@b.example", "phone": "1" });
        serde_json::from_value(json!({
            "shipments": [{ "shipment": 1, "ship_by": "2026-03-02", "quantities": ["9"] }],
            "lines": [{ "line": 1, "title": "U", "quantity": "9", "unit_price": "1.4" }], "notes": "M",
            "delivery_address": { "name": "B", "street": "S", "city": "C", "region": "R", "postcode": "1", "country": "DE" },
            "consignee": "C", "buyer_contact": contact, "seller_contact": contact, "po_number": "PO-2",
        }))
        .unwrap()
    }

    /// Reads the domain's JSON as the description and writes it again: the same, or the description is wrong.
    fn describes<View: Serialize + DeserializeOwned>(domain: impl Serialize) {
        let written = serde_json::to_value(domain).unwrap();
        let view: View = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(view).unwrap(), written);
    }

    #[test]
    fn the_described_terms_are_the_terms_of_the_domain() {
        describes::<TermsView>(terms());
        let mut bare = terms();
        (bare.po_number, bare.lines[0].product, bare.stages[0].shipment, bare.aql) = (None, None, None, None);
        describes::<TermsView>(bare);
        let mut stocked = terms();
        stocked.lines[0].from_stock = Some(true);
        describes::<TermsView>(stocked);
    }

    #[test]
    fn the_described_offer_is_the_offer_of_the_domain() {
        let offer = Offer {
            no: 1,
            by: kernel::Side::Buyer,
            valid_until: MarketTime(0),
            contract_hash: ContractHash::default(),
            valid_days: Some(14),
        };
        describes::<OfferView>(Offer { valid_days: None, ..offer });
        describes::<OfferView>(offer);
    }

    #[test]
    fn the_described_proposals_are_those_of_the_domain() {
        let kinds = [
            ProposalKind::Amendment(Arc::new(amendment())),
            ProposalKind::Amendment(Arc::default()),
            ProposalKind::Cancellation { refund_minor: 5 },
            ProposalKind::Extension { shipment: 1, days: 2 },
        ];
        for kind in kinds {
            describes::<ProposalView>(Proposal { kind, by: kernel::Side::Seller, answer_by: MarketTime(0) });
        }
    }

    #[test]
    fn a_field_that_the_domain_does_not_have_is_found() {
        let mut terms = serde_json::to_value(terms()).unwrap();
        terms["color"] = Value::from("red");
        assert!(serde_json::from_value::<TermsView>(terms).is_err());
    }
}
