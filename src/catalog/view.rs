//! What the routes answer: cards, product pages, companies.

use super::listing::{Listing, PICTURES, uploaded};
use super::read::{Found, Supplier};
use crate::identity::Company;
use crate::platform::schema::words;
use entrepot_domain::catalog::{
    Advice, AdviceKind as AdviceKinds, Certificate, Incoterm, IncotermCode as IncotermCodes, ListingQuality,
    ListingState as ListingStates, PriceBreak, Returned, Sample,
};
use entrepot_domain::kernel::{BarePrice, Currency, Day, MarketTime, Quantity};
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

impl IncotermView {
    /// The view of a delivery term.
    pub fn of(term: &Incoterm) -> Self {
        Self { code: term.code.as_str().to_owned(), place: term.place.clone() }
    }
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
    /// Whether the goods lie ready and ship within the lead time; absent for goods made to order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    ready_stock: bool,
    /// Whether nothing is free of goods that lie ready: told in lists, searches and on the page of the product; absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    sold_out: bool,
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
    pointer: String,
    /// Points it brings at most.
    gain: u8,
    /// Key of the property to fill in, where it is one of the category's template.
    #[schema(required = true)]
    attribute: Option<&'static str>,
}

/// How much a listing tells its reader.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListingQuality)]
pub struct QualityView {
    /// 0 to 100.
    score: u8,
    /// What to add, the most gainful first.
    advice: Vec<AdviceView>,
    /// Whether it states everything that its category's template asks of a full listing.
    full: bool,
}

impl From<ListingQuality> for QualityView {
    fn from(quality: ListingQuality) -> Self {
        let at = |advice: &Advice| match advice.attribute {
            Some(key) => format!("{}/{key}", advice.kind.pointer()),
            None => advice.kind.pointer().to_owned(),
        };
        let view = |advice: &Advice| AdviceView {
            kind: advice.kind.as_str(),
            pointer: at(advice),
            gain: advice.gain,
            attribute: advice.attribute,
        };
        Self { score: quality.score, advice: quality.advice.iter().map(view).collect(), full: quality.full }
    }
}

words! {
    /// Who sees a listing and whether business may be done on it.
    ListingState = ListingStates::ALL;
    /// Why a listing was returned.
    ListingReturnReason = entrepot_domain::catalog::ReturnReason::ALL.map(entrepot_domain::catalog::ReturnReason::as_str);
}

/// What a sample costs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sample)]
pub struct SampleView {
    /// Decimal number in the product's currency; 0 for a free one.
    unit_price: String,
    /// Most samples a buyer may ask for.
    max_quantity: i64,
    /// Days until it is ready.
    lead_days: i64,
}

/// A certificate of the goods, as the supplier states it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Certificate)]
pub struct CertificateView {
    kind: String,
    number: String,
    issuer: String,
    /// Last day it is valid; `null` where it does not end.
    #[schema(required = true, format = Date)]
    valid_until: Option<String>,
    /// Whether it holds on the market's day.
    valid: bool,
}

impl CertificateView {
    fn of(named: Certificate, today: Day) -> Self {
        Self {
            valid: named.holds_on(today),
            kind: named.kind,
            number: named.number,
            issuer: named.issuer,
            valid_until: named.valid_until.map(|day| day.to_string()),
        }
    }
}

/// What a listing is a variant of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Family)]
pub struct FamilyView {
    key: String,
    /// What this variant is, by option.
    options: BTreeMap<String, String>,
    /// The published variants, this one among them while it is published.
    variants: Vec<Variant>,
}

/// A variant of a family.
#[derive(Debug, Serialize, ToSchema)]
pub struct Variant {
    id: String,
    /// By option.
    options: BTreeMap<String, String>,
}

impl Variant {
    fn of(listing: &Listing) -> Self {
        let options = listing.family.as_ref().map(|family| family.options.clone()).unwrap_or_default();
        Self { id: listing.product.id.to_string(), options }
    }
}

/// One of the own listings at the company's desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnProduct {
    #[serde(flatten)]
    card: ProductCard,
    version: i64,
    #[schema(value_type = ListingState)]
    state: &'static str,
    /// Points of a hundred for how much it tells.
    quality: u8,
    /// Whether it states everything that its category's template asks of a full listing.
    full: bool,
    /// Why the market returned it last; `null` for one that was not.
    #[schema(required = true)]
    returned: Option<ListingReturn>,
}

/// Why the market returned a listing to its company.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingReturn {
    /// One at least.
    #[schema(value_type = Vec<ListingReturnReason>)]
    reasons: Vec<&'static str>,
    note: String,
    /// Market time.
    #[schema(value_type = String, format = DateTime)]
    at: MarketTime,
}

impl From<&Returned> for ListingReturn {
    fn from(returned: &Returned) -> Self {
        let reasons = returned.reasons.iter().map(|reason| reason.as_str()).collect();
        Self { reasons, note: returned.note.clone(), at: returned.at }
    }
}

impl OwnProduct {
    /// The row of a listing of `seller`.
    pub fn of(listing: &Listing, version: i64, seller: &Supplier) -> Self {
        let quality = listing.quality();
        let (state, card) = (listing.state.as_str(), card(listing, Some(seller.clone())));
        Self {
            card,
            version,
            state,
            quality: quality.score,
            full: quality.full,
            returned: listing.returned.as_ref().map(ListingReturn::from),
        }
    }
}

/// A product of the shortlist.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortlistEntry {
    #[serde(flatten)]
    card: ProductCard,
    #[schema(value_type = ListingState)]
    state: &'static str,
    note: String,
    /// Name of who kept it.
    by: String,
    /// Real time.
    #[schema(format = DateTime)]
    at: String,
}

impl ShortlistEntry {
    /// The entry of a product that `by` kept.
    pub fn of(found: Found, note: String, by: String, at: String) -> Self {
        let state = found.listing.state.as_str();
        Self { card: card(&found.listing, Some(found.supplier)), state, note, by, at }
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
    #[schema(value_type = crate::stock::Supply)]
    supply: &'static str,
    /// How many can be made in a month, a decimal number, where the supplier says so.
    #[schema(required = true)]
    capacity: Option<String>,
    /// How many lie ready and are not reserved at this moment; `null` for goods made to order.
    #[schema(required = true)]
    available: Option<String>,
    #[schema(value_type = ListingState)]
    state: &'static str,
    /// `null` where there are no samples.
    #[schema(required = true)]
    sample: Option<SampleView>,
    certificates: Vec<CertificateView>,
    /// `null` where it is no variant.
    #[schema(required = true)]
    family: Option<FamilyView>,
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

/// The address of a picture as cards show it: of an uploaded one its thumbnail.
fn small(name: &str) -> String {
    let size = if uploaded(name).is_some() { "?size=thumb" } else { "" };
    format!("{PICTURES}{name}{size}")
}

/// A unit price of a listing in words of the contract: a decimal number.
pub fn price_text(listing: &Listing, micros: BarePrice) -> String {
    price(Some(micros), listing.product.currency)
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
        picture: listing.pictures.first().map(|name| small(name)),
        price_from: price(prices().min(), currency),
        price_to: price(prices().max(), currency),
        ladder: product.ladder.iter().map(row).collect(),
        sku: product.sku.clone(),
        title: product.title.clone(),
        currency: currency.code().to_owned(),
        moq: product.moq.to_string(),
        unit: product.unit.clone(),
        lead_days: product.lead_days,
        ready_stock: product.supply.is_ready(),
        // Changes without the listing, so it is not stored.
        sold_out: false,
        incoterm: IncotermView::of(&product.incoterm),
        origin: product.origin.clone(),
        supplier: seller.map(supplier),
    }
}

/// A product's card without its supplier, as it is stored beside the product.
pub fn stored_card(listing: &Listing) -> Result<String, serde_json::Error> {
    serde_json::to_string(&card(listing, None))
}

impl ProductView {
    /// The page of a product with the variants of its family on the market's day, and what is free of its ready stock.
    pub fn of(found: Found, variants: &[Listing], today: Day, available: Option<Quantity>) -> Self {
        let mut card = card(&found.listing, Some(found.supplier));
        card.sold_out = available.is_some_and(|free| free <= Quantity(0));
        let (found_sample, family_of) = (found.listing.sample.clone(), found.listing.family.clone());
        let sample_price = found.listing.sample.as_ref().map(|sample| price_text(&found.listing, sample.unit_price));
        let Listing { product, description, pictures, attributes, state, certificates, .. } = found.listing;
        let sample = |(sample, unit_price): (Sample, String)| SampleView {
            unit_price,
            max_quantity: sample.max_quantity,
            lead_days: sample.lead_days,
        };
        let family = |family: entrepot_domain::catalog::Family| FamilyView {
            key: family.key,
            options: family.options,
            variants: variants.iter().map(Variant::of).collect(),
        };
        Self {
            card,
            description,
            hs_code: product.hs_code,
            moq_step: product.lot_step.to_string(),
            pictures: pictures.iter().map(|name| format!("{PICTURES}{name}")).collect(),
            attributes,
            supply: product.supply.as_str(),
            capacity: product.capacity.map(|capacity| capacity.to_string()),
            available: available.map(|available| available.to_string()),
            state: state.as_str(),
            sample: found_sample.zip(sample_price).map(sample),
            certificates: certificates.into_iter().map(|named| CertificateView::of(named, today)).collect(),
            family: family_of.map(family),
            version: found.version,
        }
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
