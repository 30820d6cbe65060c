//! What a supplier writes about a product, as typed or imported: text, so that every wrong field is named at once, each
//! with its pointer.

use super::listing::{Listing, PICTURES, is_picture};
use crate::platform::problem::Refusal;
use entrepot_domain::catalog::{Incoterm, IncotermCode, PriceBreak, Product};
use entrepot_domain::kernel::{BarePrice, CompanyId, Currency, FieldError, ProductId, Quantity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const DESCRIPTION_MAX: usize = 4_000;
const CATEGORY_MAX: usize = 64;
const PICTURES_MAX: usize = 8;
const ATTRIBUTES_MAX: usize = 40;
const ATTRIBUTE_CHARS_MAX: usize = 200;

/// One break of a drafted ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftBreak {
    /// Smallest quantity of this price, a decimal number.
    pub from_quantity: String,
    /// Price per unit, a decimal number.
    pub unit_price: String,
}

/// A drafted delivery term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftIncoterm {
    /// Three letters of Incoterms 2020.
    pub code: String,
    /// Named place.
    pub place: String,
}

/// What a supplier writes about a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProductDraft)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The supplier's number.
    pub sku: String,
    /// Title in English.
    pub title: String,
    /// Title in Chinese.
    #[serde(default)]
    pub title_zh: Option<String>,
    /// Slug of the category: lower-case letters, digits, hyphens.
    pub category: String,
    /// Text for buyers.
    #[serde(default)]
    pub description: String,
    /// 6 to 10 digits.
    pub hs_code: String,
    /// Unit of sale.
    pub unit: String,
    /// Country of origin, two capital letters.
    pub origin: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Minimum order quantity, a decimal number.
    pub moq: String,
    /// Quantities above the minimum go in steps of this; absent means any.
    #[serde(default)]
    pub moq_step: Option<String>,
    /// Quantity breaks, ascending.
    pub ladder: Vec<DraftBreak>,
    /// Days from deposit to readiness.
    pub lead_days: i64,
    /// Delivery term of the prices.
    pub incoterm: DraftIncoterm,
    /// Names or addresses of pictures of this server.
    #[serde(default)]
    pub pictures: Vec<String>,
    /// Further properties.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

impl Draft {
    /// Makes the listing of `supplier`, or names every wrong field.
    pub fn listing(self, id: u128, supplier: u128, supplier_name: &str) -> Result<Listing, Vec<FieldError>> {
        let mut errors = Vec::new();
        let product = self.product(id, supplier, &mut errors);
        // A field that could not be read is complained about once.
        let unread: Vec<String> = errors.iter().map(|e| root(&e.pointer).to_owned()).collect();
        errors.extend(product.validate().into_iter().filter(|e| !unread.iter().any(|r| r == root(&e.pointer))));
        self.check_words(&mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let picture = |name: &String| name.strip_prefix(PICTURES).unwrap_or(name).to_owned();
        Ok(Listing {
            product,
            title_zh: self.title_zh.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()),
            category: self.category,
            description: self.description.trim().to_owned(),
            pictures: self.pictures.iter().map(picture).collect(),
            attributes: self.attributes,
            supplier_name: supplier_name.to_owned(),
        })
    }

    fn product(&self, id: u128, supplier: u128, errors: &mut Vec<FieldError>) -> Product {
        let currency = Currency::parse(&self.currency);
        if currency.is_none() {
            errors.push(FieldError::new("/currency", "catalog.currency", "the currency is a known ISO 4217 code"));
        }
        let code = IncotermCode::parse(&self.incoterm.code);
        if code.is_none() {
            errors.push(FieldError::new(
                "/incoterm/code",
                "catalog.incoterm",
                "the delivery term is one of Incoterms 2020",
            ));
        }
        let step = self.moq_step.as_deref().unwrap_or("0");
        let mut ladder = Vec::with_capacity(self.ladder.len());
        for (index, row) in self.ladder.iter().enumerate() {
            let from_quantity = quantity(&row.from_quantity, &format!("/ladder/{index}/from_quantity"), errors);
            let unit_price = BarePrice::parse(row.unit_price.trim()).unwrap_or_else(|error| {
                errors.push(FieldError::new(
                    format!("/ladder/{index}/unit_price"),
                    "catalog.number",
                    error.to_string(),
                ));
                BarePrice(1)
            });
            ladder.push(PriceBreak { from_quantity, unit_price });
        }
        Product {
            id: ProductId(id),
            supplier: CompanyId(supplier),
            sku: self.sku.trim().to_owned(),
            title: self.title.trim().to_owned(),
            unit: self.unit.trim().to_owned(),
            hs_code: self.hs_code.trim().to_owned(),
            origin: self.origin.clone(),
            currency: currency.unwrap_or(Currency::USD),
            moq: quantity(&self.moq, "/moq", errors),
            lot_step: quantity(step, "/moq_step", errors),
            ladder,
            lead_days: self.lead_days,
            incoterm: Incoterm {
                code: code.unwrap_or(IncotermCode::Fob),
                place: self.incoterm.place.trim().to_owned(),
            },
        }
    }

    fn check_words(&self, errors: &mut Vec<FieldError>) {
        let mut blame = |wrong: bool, pointer: &str, code: &str, detail: &str| {
            if wrong {
                errors.push(FieldError::new(pointer, code, detail));
            }
        };
        let long = |text: &str, max: usize| text.chars().count() > max;
        let slug = |text: &str| !text.is_empty() && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let zh = self.title_zh.as_deref().unwrap_or("");
        blame(long(zh, 200), "/title_zh", "product.text", "the Chinese title has at most 200 characters");
        let category = slug(&self.category) && !long(&self.category, CATEGORY_MAX);
        blame(
            !category,
            "/category",
            "catalog.category",
            "a category is written in lower-case letters, digits and hyphens",
        );
        blame(
            long(&self.description, DESCRIPTION_MAX),
            "/description",
            "product.text",
            "the description has at most 4,000 characters",
        );
        blame(self.pictures.len() > PICTURES_MAX, "/pictures", "catalog.pictures", "a product has at most 8 pictures");
        for (index, name) in self.pictures.iter().enumerate() {
            let name = name.strip_prefix(PICTURES).unwrap_or(name);
            blame(
                !is_picture(name),
                &format!("/pictures/{index}"),
                "catalog.picture",
                "a picture is named like fabric-roll.svg",
            );
        }
        let bad = |text: &str| text.trim().is_empty() || long(text, ATTRIBUTE_CHARS_MAX);
        let attributes =
            self.attributes.len() > ATTRIBUTES_MAX || self.attributes.iter().any(|(k, v)| bad(k) || bad(v));
        blame(attributes, "/attributes", "catalog.attributes", "at most 40 attributes of 1 to 200 characters");
    }
}

fn root(pointer: &str) -> &str {
    pointer.split('/').nth(1).unwrap_or("")
}

fn quantity(text: &str, pointer: &str, errors: &mut Vec<FieldError>) -> Quantity {
    Quantity::parse(text.trim()).unwrap_or_else(|error| {
        errors.push(FieldError::new(pointer, "catalog.number", error.to_string()));
        // Large enough that no rule about other fields trips over it.
        Quantity(i64::MAX)
    })
}

/// The refusal that names all wrong fields.
pub fn refuse(errors: Vec<FieldError>) -> Refusal {
    let refusal = Refusal::new(422, "catalog.invalid", "The product has fields that cannot be accepted.");
    errors.into_iter().fold(refusal, |refusal, e| refusal.field(e.pointer, &e.code, e.detail))
}
