//! A listing: the product of the domain with what only people read, and the text it is found by.

use crate::platform::engine::Key;
use entrepot_domain::catalog::{ListingFacts, ListingQuality, Product, listing_quality};
use serde::{Deserialize, Serialize};
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
    /// The supplier's name when the listing was last written, for the search.
    pub supplier_name: String,
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
            attributes: self.attributes.len(),
            hs_digits: self.product.hs_code.len(),
            breaks: self.product.ladder.len(),
        })
    }

    /// The text the search looks in.
    pub fn search(&self) -> String {
        let zh = self.title_zh.as_deref().unwrap_or("");
        fold(&format!("{} {zh} {} {}", self.product.title, self.product.sku, self.supplier_name))
    }
}

/// Says whether a name is a picture's: `[a-z0-9-]+.svg`, so it leads nowhere but into the folder of pictures.
pub fn is_picture(name: &str) -> bool {
    let plain = |stem: &str| {
        (1..=100).contains(&stem.len()) && stem.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    name.strip_suffix(".svg").is_some_and(plain)
}

/// Text as the search compares it: lower case, full-width forms narrowed, common accents dropped.
pub fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'š' | 'ş' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ź' | 'ż' | 'ž' => 'z',
        '×' => 'x',
        other => other,
    };
    text.chars()
        .map(|c| if matches!(c, '\u{ff01}'..='\u{ff5e}') { plain(c) } else { c })
        .flat_map(char::to_lowercase)
        .filter(|c| *c != '\u{307}')
        .map(plain)
        .collect()
}
