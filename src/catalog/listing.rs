//! A listing: the product of the domain with what only people read.

use crate::platform::engine::Key;
use entrepot_domain::catalog::{
    Certificate, Family, ListingFacts, ListingQuality, ListingState, Product, Returned, Sample, check_attributes,
    check_category, listing_quality, template,
};
use entrepot_domain::kernel::{FieldError, MarketTime};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Kind of the aggregate.
pub const PRODUCT: &str = "product";
/// Where pictures are served.
pub const PICTURES: &str = "/api/v1/pictures/";

/// A product as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// What orders are made of: prices, quantities, delivery term.
    pub product: Product,
    /// Title in Chinese.
    pub title_zh: Option<String>,
    /// Slug of the category.
    pub category: String,
    /// Text for buyers.
    pub description: String,
    /// Names of pictures, such as `fabric-roll.svg`; the first is the card's.
    pub pictures: Vec<String>,
    /// Further properties by name.
    pub attributes: BTreeMap<String, String>,
    /// Who sees it. Listings from before there were states are published.
    #[serde(default)]
    pub state: ListingState,
    /// What a sample costs, where there are samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// Certificates of the goods, as the supplier states them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<Certificate>,
    /// What it is a variant of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// The print of what the market last agreed to; kept while the listing is not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<String>,
    /// Since when it waits for the market's look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<MarketTime>,
    /// Why the market returned it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
}

/// A change of one or several listings at once; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adjustment {
    /// Change of all prices in basis points.
    pub price_bps: Option<i64>,
    /// Days from deposit to readiness.
    pub lead_days: Option<i64>,
    /// State.
    pub state: Option<ListingState>,
    /// Slug of the category.
    pub category: Option<String>,
}

impl Listing {
    /// The aggregate key of a product.
    pub fn key(id: u128) -> Key {
        Key { kind: PRODUCT, id }
    }

    /// How much it tells, and what to add.
    pub fn quality(&self) -> ListingQuality {
        listing_quality(&ListingFacts {
            title: &self.product.title,
            title_zh: self.title_zh.as_deref().unwrap_or(""),
            description: &self.description,
            pictures: self.pictures.len(),
            attributes: &self.attributes,
            template: template(&self.category),
            hs_digits: self.product.hs_code.len(),
            breaks: self.product.ladder.len(),
        })
    }

    /// The print of what people read of it: what the market looks at. Prices, quantities, lead time, delivery term and samples
    /// are not in it.
    pub fn print(&self) -> String {
        let product = &self.product;
        let goods = (&product.title, &product.unit, &product.hs_code, &product.origin);
        let text = (&self.title_zh, &self.category, &self.description, &self.pictures, &self.attributes);
        // These are texts, lists and maps of texts, so they always become JSON.
        let read = serde_json::to_vec(&(goods, text, &self.certificates, &self.family)).unwrap_or_default();
        Sha256::digest(read).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The print of what the market agreed to: of a published listing it is what stands there.
    pub fn cleared(&self) -> Option<String> {
        if self.is_published() { Some(self.print()) } else { self.approved.clone() }
    }

    /// Whether it is found, ordered, asked about and quoted.
    pub fn is_published(&self) -> bool {
        self.state == ListingState::Published
    }

    /// What is wrong with it as a whole.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = self.product.validate();
        faults.extend(check_category(&self.category));
        faults.extend(check_attributes(&self.category, &self.attributes));
        faults.extend(self.sample.iter().flat_map(Sample::validate));
        faults.extend(self.certificates.iter().enumerate().flat_map(|(place, named)| named.validate(place)));
        faults.extend(self.family.iter().flat_map(Family::validate));
        faults
    }

    /// The listing after a change.
    ///
    /// Errors: what would be wrong with it then.
    pub fn adjusted(&self, change: &Adjustment) -> Result<Self, Vec<FieldError>> {
        let mut next = self.clone();
        if let Some(bps) = change.price_bps {
            next.product = next.product.repriced(bps).map_err(|fault| vec![fault])?;
        }
        next.product.lead_days = change.lead_days.unwrap_or(next.product.lead_days);
        next.state = change.state.unwrap_or(next.state);
        next.category = change.category.clone().unwrap_or(next.category);
        let faults = next.faults();
        if faults.is_empty() { Ok(next) } else { Err(faults) }
    }
}

/// Says whether a name is a picture's: one of the market's own, or one that a company uploaded.
pub fn is_picture(name: &str) -> bool {
    is_drawing(name) || uploaded(name).is_some()
}

/// The identifier of an uploaded picture by its name, `<32 digits of hex>.<ending>`.
pub fn uploaded(name: &str) -> Option<u128> {
    let (stem, ending) = name.split_once('.')?;
    let plain = stem.len() == 32 && stem.bytes().all(|b| matches!(b, b'a'..=b'f' | b'0'..=b'9'));
    let known = matches!(ending, "png" | "jpg" | "webp");
    if plain && known { u128::from_str_radix(stem, 16).ok() } else { None }
}

/// Says whether a name is one of the market's drawings: `[a-z0-9-]+.svg`, so it leads nowhere but into the folder of pictures.
pub fn is_drawing(name: &str) -> bool {
    let plain = |stem: &str| {
        (1..=100).contains(&stem.len()) && stem.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    name.strip_suffix(".svg").is_some_and(plain)
}
