//! What the routes answer: cards, product pages, companies.

use super::listing::{Listing, PICTURES};
use super::read::{Found, Supplier};
use crate::identity::Company;
use crate::platform::schema::words;
use entrepot_domain::catalog::{
    Advice, AdviceKind as AdviceKinds, IncotermCode as IncotermCodes, ListingQuality, PriceBreak,
};
use entrepot_domain::kernel::{BarePrice, Currency};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A company in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierView {
    id: String,
    name: String,
    country: String,
    /// Level of verification, 0 to 3.
    verified_level: i64,
}

words! {
    /// A delivery term of Incoterms 2020.
    IncotermCode = IncotermCodes::ALL;
}

/// A delivery term and its place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Incoterm)]
#[serde(deny_unknown_fields)]
pub struct IncotermView {
    #[schema(value_type = IncotermCode)]
    code: String,
    /// Named place.
    place: String,
}

/// One break of a ladder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceBreak)]
pub struct BreakView {
    /// Decimal number.
    from_quantity: String,
    /// Decimal number in the product's currency.
    unit_price: String,
}

/// A product in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductCard {
    /// Identifier.
    pub id: String,
    sku: String,
    title: String,
    #[schema(required = true)]
    title_zh: Option<String>,
    category: String,
    /// Address of the picture.
    #[schema(required = true)]
    picture: Option<String>,
    /// Lowest price of the ladder.
    price_from: String,
    /// Highest price of the ladder.
    price_to: String,
    currency: String,
    moq: String,
    unit: String,
    lead_days: i64,
    incoterm: IncotermView,
    origin: String,
    // Missing only in what is stored: a company's name may change without its products.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = SupplierView)]
    supplier: Option<SupplierView>,
    ladder: Vec<BreakView>,
}

words! {
    /// Something to add to a listing.
    AdviceKind = AdviceKinds::ALL.iter().map(|kind| kind.as_str());
}

/// Something to add to a listing.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdviceView {
    /// What.
    #[schema(value_type = AdviceKind)]
    kind: &'static str,
    /// The field it is about.
    pointer: &'static str,
    /// Points it brings at most.
    gain: u8,
}

/// How much a listing tells its reader.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListingQuality)]
pub struct QualityView {
    /// 0 to 100.
    score: u8,
    /// What to add, the most gainful first.
    advice: Vec<AdviceView>,
}

impl From<ListingQuality> for QualityView {
    fn from(quality: ListingQuality) -> Self {
        let view = |advice: &Advice| AdviceView {
            kind: advice.kind.as_str(),
            pointer: advice.kind.pointer(),
            gain: advice.gain,
        };
        Self { score: quality.score, advice: quality.advice.iter().map(view).collect() }
    }
}

/// A product's page.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductView {
    #[serde(flatten)]
    card: ProductCard,
    description: String,
    hs_code: String,
    /// Quantities above the minimum go in steps of this; 0 means any.
    moq_step: String,
    /// Addresses of pictures.
    pictures: Vec<String>,
    attributes: BTreeMap<String, String>,
    version: i64,
}

fn price(price: Option<BarePrice>, currency: Currency) -> String {
    price.unwrap_or_default().in_currency(currency).decimal()
}

fn supplier(supplier: Supplier) -> SupplierView {
    SupplierView {
        id: format!("{:032x}", supplier.id),
        name: supplier.name,
        country: supplier.country,
        verified_level: supplier.verified_level,
    }
}

fn card(listing: &Listing, seller: Option<Supplier>) -> ProductCard {
    let product = &listing.product;
    let currency = product.currency;
    let prices = || product.ladder.iter().map(|b| b.unit_price);
    let row = |b: &PriceBreak| BreakView {
        from_quantity: b.from_quantity.to_string(),
        unit_price: price(Some(b.unit_price), currency),
    };
    ProductCard {
        id: product.id.to_string(),
        title_zh: listing.title_zh.clone(),
        category: listing.category.clone(),
        picture: listing.pictures.first().map(|name| format!("{PICTURES}{name}")),
        price_from: price(prices().min(), currency),
        price_to: price(prices().max(), currency),
        ladder: product.ladder.iter().map(row).collect(),
        sku: product.sku.clone(),
        title: product.title.clone(),
        currency: currency.code().to_owned(),
        moq: product.moq.to_string(),
        unit: product.unit.clone(),
        lead_days: product.lead_days,
        incoterm: IncotermView {
            code: product.incoterm.code.as_str().to_owned(),
            place: product.incoterm.place.clone(),
        },
        origin: product.origin.clone(),
        supplier: seller.map(supplier),
    }
}

/// A product's card without its supplier, as it is stored beside the product.
pub fn stored_card(listing: &Listing) -> Result<String, serde_json::Error> {
    serde_json::to_string(&card(listing, None))
}

impl From<Found> for ProductView {
    fn from(found: Found) -> Self {
        let card = card(&found.listing, Some(found.supplier));
        let Listing { product, description, pictures, attributes, .. } = found.listing;
        let (moq_step, hs_code) = (product.lot_step.to_string(), product.hs_code);
        let pictures = pictures.iter().map(|name| format!("{PICTURES}{name}")).collect();
        Self { card, description, hs_code, moq_step, pictures, attributes, version: found.version }
    }
}

/// A company's page.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyView {
    id: String,
    name: String,
    #[schema(required = true)]
    name_zh: Option<String>,
    country: String,
    registration_number: String,
    buys: bool,
    sells: bool,
    about: String,
    city: String,
    /// Year.
    #[schema(required = true)]
    founded: Option<i32>,
    verified_level: u8,
    /// Market time.
    #[schema(format = DateTime)]
    joined_at: String,
    products_count: i64,
}

impl From<(Company, i64)> for CompanyView {
    fn from((company, products_count): (Company, i64)) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.name,
            name_zh: company.name_zh,
            country: company.country,
            registration_number: company.registration_number,
            buys: company.buys,
            sells: company.sells,
            about: company.about,
            city: company.city,
            founded: company.founded,
            verified_level: company.verified_level,
            joined_at: company.joined_at.to_string(),
            products_count,
        }
    }
}

/// What listing or changing a product answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductReceipt {
    /// The product.
    pub id: String,
    /// Its version.
    pub version: i64,
}
