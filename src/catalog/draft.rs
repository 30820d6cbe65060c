//! What a supplier writes about a product, as typed or imported: text, so that every wrong field is named at once, each
//! with its pointer.

use super::listing::{Listing, PICTURES, is_picture};
use crate::platform::problem::Refusal;
use entrepot_domain::catalog::{
    CERTIFICATES_MAX, Certificate, Family, Incoterm, IncotermCode, ListingState, PriceBreak, Product, Sample, Supply,
};
use entrepot_domain::kernel::{BarePrice, CompanyId, Currency, Day, FieldError, ProductId, Quantity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const DESCRIPTION_MAX: usize = 4_000;
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

/// What a sample costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SampleDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftSample {
    /// Price of one, a decimal number in the product's currency; 0 for a free one.
    pub unit_price: String,
    /// Most samples a buyer may ask for, 1 to 1,000.
    pub max_quantity: i64,
    /// Days until it is ready, 0 to 365.
    pub lead_days: i64,
}

/// A certificate of the goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CertificateDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftCertificate {
    /// What it certifies.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Last day it is valid, `YYYY-MM-DD`; absent where it does not end.
    #[serde(default)]
    pub valid_until: Option<String>,
}

/// What a listing is a variant of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FamilyDraft)]
#[serde(deny_unknown_fields)]
pub struct DraftFamily {
    /// The same in every variant.
    pub key: String,
    /// What this variant is, by option: 1 to 3.
    pub options: BTreeMap<String, String>,
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
    /// Slug of a leaf of the tree of categories.
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
    /// Days from deposit to readiness; of goods that lie ready, days until they ship.
    pub lead_days: i64,
    /// `made_to_order` or `ready_stock`; absent means made to order for a new one, and no change for another.
    #[serde(default)]
    pub supply: Option<String>,
    /// How many can be made in a month, a decimal number; of goods made to order.
    #[serde(default)]
    pub capacity: Option<String>,
    /// How many lie ready, a decimal number: with `ready_stock`, at first, and later where it is stated anew. What is reserved
    /// for orders stays; the stock's own log keeps each change.
    #[serde(default)]
    pub on_hand: Option<String>,
    /// Delivery term of the prices.
    pub incoterm: DraftIncoterm,
    /// Names or addresses of pictures of this server.
    #[serde(default)]
    pub pictures: Vec<String>,
    /// Properties: those of the category's template by their keys, and others.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// What a sample costs; absent where there is none.
    #[serde(default)]
    pub sample: Option<DraftSample>,
    /// Certificates of the goods, ten at most.
    #[serde(default)]
    pub certificates: Vec<DraftCertificate>,
    /// What it is a variant of.
    #[serde(default)]
    pub family: Option<DraftFamily>,
    /// `draft`, `published` or `withdrawn`; absent means published for a new one, and no change for another.
    #[serde(default)]
    pub state: Option<String>,
}

/// A text as it is kept: one form of line breaks, no control characters, no spaces around.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// The same for what stands on one line.
fn line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

fn pairs(of: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    of.iter().map(|(name, value)| (line(name), line(value))).collect()
}

impl Draft {
    /// The SKU as a listing keeps it.
    pub fn sku(&self) -> String {
        line(&self.sku)
    }

    /// Makes the listing of `supplier`, or names every wrong field.
    pub fn listing(self, id: u128, supplier: u128) -> Result<Listing, Vec<FieldError>> {
        let mut errors = Vec::new();
        let picture = |name: &String| name.strip_prefix(PICTURES).unwrap_or(name).to_owned();
        let listing = Listing {
            product: self.product(id, supplier, &mut errors),
            title_zh: self.title_zh.as_deref().map(line).filter(|t| !t.is_empty()),
            category: self.category.trim().to_owned(),
            description: clean(&self.description),
            pictures: self.pictures.iter().map(picture).collect(),
            attributes: pairs(&self.attributes),
            state: self.state(&mut errors),
            sample: self.sample.as_ref().map(|sample| sample.read(&mut errors)),
            certificates: self.certificates(&mut errors),
            family: self.family.as_ref().map(|f| Family { key: line(&f.key), options: pairs(&f.options) }),
            approved: None,
            submitted_at: None,
            returned: None,
        };
        // A field that could not be read is complained about once.
        let unread: Vec<String> = errors.iter().map(|e| root(&e.pointer).to_owned()).collect();
        errors.extend(listing.faults().into_iter().filter(|e| !unread.iter().any(|r| r == root(&e.pointer))));
        self.check_words(&mut errors);
        if errors.is_empty() { Ok(listing) } else { Err(errors) }
    }

    /// The quantity on hand that is stated, if one is; one that cannot be read is told by [`Draft::listing`].
    pub fn stated_on_hand(&self) -> Option<Quantity> {
        Quantity::parse(self.on_hand.as_deref()?.trim()).ok()
    }

    fn supply(&self, errors: &mut Vec<FieldError>) -> Supply {
        let Some(word) = self.supply.as_deref() else { return Supply::default() };
        Supply::parse(word.trim()).unwrap_or_else(|| {
            let detail = "goods are made_to_order or ready_stock";
            errors.push(FieldError::new("/supply", "catalog.supply", detail));
            Supply::default()
        })
    }

    fn state(&self, errors: &mut Vec<FieldError>) -> ListingState {
        let Some(word) = self.state.as_deref() else { return ListingState::Published };
        ListingState::parse(word).unwrap_or_else(|| {
            let detail = "a listing is draft, published or withdrawn";
            errors.push(FieldError::new("/state", "catalog.listing_state", detail));
            ListingState::Draft
        })
    }

    fn certificates(&self, errors: &mut Vec<FieldError>) -> Vec<Certificate> {
        if self.certificates.len() > CERTIFICATES_MAX {
            let detail = "a product names at most 10 certificates";
            errors.push(FieldError::new("/certificates", "catalog.certificate", detail));
        }
        let mut read = |(place, named): (usize, &DraftCertificate)| {
            let until = named.valid_until.as_deref().map(str::trim).filter(|text| !text.is_empty());
            let day = until.map(str::parse::<Day>).transpose().unwrap_or_else(|_| {
                let at = format!("/certificates/{place}/valid_until");
                errors.push(FieldError::new(at, "catalog.certificate", "a day is written like 2027-06-30"));
                None
            });
            let (kind, number, issuer) = (line(&named.kind), line(&named.number), line(&named.issuer));
            Certificate { kind, number, issuer, valid_until: day }
        };
        self.certificates.iter().enumerate().map(&mut read).collect()
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
            sku: self.sku(),
            title: line(&self.title),
            unit: line(&self.unit),
            hs_code: self.hs_code.trim().to_owned(),
            origin: self.origin.clone(),
            currency: currency.unwrap_or(Currency::USD),
            moq: quantity(&self.moq, "/moq", errors),
            lot_step: quantity(step, "/moq_step", errors),
            ladder,
            lead_days: self.lead_days,
            incoterm: Incoterm { code: code.unwrap_or(IncotermCode::Fob), place: line(&self.incoterm.place) },
            supply: self.supply(errors),
            capacity: self.capacity.as_deref().map(|text| quantity(text, "/capacity", errors)),
        }
    }

    fn check_words(&self, errors: &mut Vec<FieldError>) {
        if let Some(text) = &self.on_hand
            && quantity(text, "/on_hand", errors).0 < 0
        {
            errors.push(FieldError::new("/on_hand", "catalog.on_hand", "what lies ready is not negative"));
        }
        let mut blame = |wrong: bool, pointer: &str, code: &str, detail: &str| {
            if wrong {
                errors.push(FieldError::new(pointer, code, detail));
            }
        };
        let long = |text: &str, max: usize| text.chars().count() > max;
        let zh = self.title_zh.as_deref().unwrap_or("");
        blame(long(zh, 200), "/title_zh", "product.text", "the Chinese title has at most 200 characters");
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
                "a picture is named like fabric-roll.svg, or as its upload was answered",
            );
        }
        let bad = |text: &str| text.trim().is_empty() || long(text, ATTRIBUTE_CHARS_MAX);
        let attributes =
            self.attributes.len() > ATTRIBUTES_MAX || self.attributes.iter().any(|(k, v)| bad(k) || bad(v));
        blame(attributes, "/attributes", "catalog.attributes", "at most 40 attributes of 1 to 200 characters");
    }
}

impl DraftSample {
    fn read(&self, errors: &mut Vec<FieldError>) -> Sample {
        let unit_price = BarePrice::parse(self.unit_price.trim()).unwrap_or_else(|error| {
            errors.push(FieldError::new("/sample/unit_price", "catalog.number", error.to_string()));
            BarePrice(0)
        });
        Sample { unit_price, max_quantity: self.max_quantity, lead_days: self.lead_days }
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
