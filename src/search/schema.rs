//! What an index keeps of a product or of a supplier: one text that is searched, the columns that filter, count and sort.
//!
//! One text field carries everything, the title three times: a word of the title so counts three times as much, a text is as long as
//! what it says, and a word has one list of products instead of one per field. Products and suppliers lie in indices of their own, of
//! one form: what a supplier has none of stays empty.

use super::property;
use super::text;
use crate::catalog::{Listing, Range};
use entrepot_domain::catalog::category;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

/// What an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stock {
    /// Published listings.
    Products,
    /// Companies that sell.
    Suppliers,
}

impl Stock {
    /// Both, in the order in which they follow the log.
    pub const ALL: [Self; 2] = [Self::Products, Self::Suppliers];

    /// Changes whenever the index would say something else of the same market; an index of another form is built anew.
    pub const fn form(self) -> &'static str {
        match self {
            Self::Products => "products-3",
            Self::Suppliers => "suppliers-1",
        }
    }

    /// Memory for what is not written yet, in bytes: suppliers are few, and get the least that the engine takes.
    pub const fn buffer(self) -> usize {
        match self {
            Self::Products => 48_000_000,
            Self::Suppliers => 15_000_000,
        }
    }
}

/// How often the title counts.
const TITLE_WEIGHT: usize = 3;
/// Upper ends of the steps of lead times, in days.
pub const LEAD_STEPS: [i64; 4] = [7, 15, 30, 60];
/// The step above the last.
pub const LEAD_REST: &str = "more";

/// The facets, by their name in the answer and the index.
pub const FACETS: [&str; 6] = ["category", "country", "verified", "incoterm", "currency", "lead"];

/// A product as the index wants it.
pub struct Item<'a> {
    /// The product.
    pub listing: &'a Listing,
    /// The supplier's name.
    pub supplier: &'a str,
    /// The supplier's Chinese name.
    pub supplier_zh: Option<&'a str>,
    /// Where the supplier sits.
    pub country: &'a str,
    /// The supplier's level of verification, as its valid proofs reach it.
    pub verified: u8,
}

/// The fields of the index.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Identifier as text, to take a product out.
    pub id: Field,
    /// Supplier as text: looked for, and counted by.
    pub supplier: Field,
    /// Upper and lower half of the identifier.
    pub halves: [Field; 2],
    /// What is searched.
    pub text: Field,
    /// Words of titles as written, for completions.
    pub words: Field,
    /// See [`FACETS`].
    pub facets: [Field; 6],
    /// What the listing states of its category's template, see [`property`].
    pub properties: Field,
    /// Published listings of a supplier.
    pub listings: Field,
    /// A supplier's card as it is shown.
    pub card: Field,
    /// Least quantity, scaled.
    pub moq: Field,
    /// Lead time in days.
    pub lead: Field,
    /// Quantities of the ladder, scaled, in order.
    pub from: Field,
    /// Prices of the ladder, scaled, in the same order.
    pub price: Field,
}

fn tokens(record: IndexRecordOption, norms: bool) -> TextOptions {
    let how = TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(record).set_fieldnorms(norms);
    TextOptions::default().set_indexing_options(how)
}

/// The form of both indices.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let facet = TextOptions::default().set_fast("raw");
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        supplier: builder.add_text_field("supplier", STRING.set_fast("raw")),
        halves: ["id_high", "id_low"].map(|name| builder.add_u64_field(name, FAST)),
        text: builder.add_text_field("text", tokens(IndexRecordOption::WithFreqs, true)),
        words: builder.add_text_field("words", tokens(IndexRecordOption::Basic, false)),
        facets: FACETS.map(|name| builder.add_text_field(name, facet.clone())),
        properties: builder.add_text_field("properties", facet),
        listings: builder.add_i64_field("listings", FAST),
        card: builder.add_text_field("card", STORED),
        moq: builder.add_i64_field("moq", FAST),
        lead: builder.add_i64_field("lead_days", FAST),
        from: builder.add_i64_field("from", FAST),
        price: builder.add_i64_field("price", FAST),
    };
    (builder.build(), fields)
}

/// The step a lead time falls into.
pub fn lead_step(days: i64) -> String {
    LEAD_STEPS.iter().find(|step| days <= **step).map_or_else(|| LEAD_REST.to_owned(), i64::to_string)
}

/// The halves of an identifier.
pub fn halves(id: u128) -> [u64; 2] {
    let half = |part: u128| u64::try_from(part & u128::from(u64::MAX)).unwrap_or_default();
    [half(id >> 64), half(id)]
}

/// An identifier from its halves.
pub fn whole(halves: [u64; 2]) -> u128 {
    (u128::from(halves[0]) << 64) | u128::from(halves[1])
}

/// The tokens a product is found by, in the order of the index.
pub fn searched(item: &Item<'_>) -> Vec<String> {
    let listing = item.listing;
    let title = [listing.product.title.as_str(), listing.title_zh.as_deref().unwrap_or(""), &listing.product.sku];
    let title: Vec<String> = title.into_iter().flat_map(text::tokens).collect();
    let mut tokens: Vec<String> = std::iter::repeat_n(title, TITLE_WEIGHT).flatten().collect();
    for part in [item.supplier, item.supplier_zh.unwrap_or(""), &listing.category, &listing.description] {
        tokens.extend(text::tokens(part));
    }
    for (name, value) in &listing.attributes {
        tokens.extend(text::tokens(name));
        tokens.extend(text::tokens(value));
    }
    tokens
}

/// The tokens a supplier is found by, in the order of the index: its names, the names of its categories and of the groups above them,
/// the titles of its main goods. What it says about itself is not among them: anybody can claim to make anything.
pub fn searched_of(range: &Range) -> Vec<String> {
    let company = &range.company;
    let name = [company.name.as_str(), company.name_zh.as_deref().unwrap_or("")];
    let mut tokens = Vec::new();
    for part in std::iter::repeat_n(name, TITLE_WEIGHT).flatten() {
        tokens.extend(text::tokens(part));
    }
    for (slug, _) in &range.categories {
        let mut node = category(slug);
        while let Some(known) = node {
            tokens.extend(text::tokens(&known.en));
            tokens.extend(text::tokens(&known.zh));
            node = known.parent.as_deref().and_then(category);
        }
    }
    for (title, title_zh) in &range.goods {
        tokens.extend(text::tokens(title));
        tokens.extend(text::tokens(title_zh.as_deref().unwrap_or("")));
    }
    tokens
}

impl Fields {
    /// A supplier as a document; `card` is what a list shows of it.
    pub fn document_of(&self, range: &Range, card: &str) -> TantivyDocument {
        let company = &range.company;
        let mut document = TantivyDocument::default();
        document.add_text(self.id, company.id.to_string());
        document.add_text(self.supplier, company.id.to_string());
        for (field, half) in self.halves.into_iter().zip(halves(company.id.0)) {
            document.add_u64(field, half);
        }
        document.add_text(self.text, searched_of(range).join(" "));
        document.add_text(self.words, text::words(&company.name).join(" "));
        let [category, country, verified, ..] = self.facets;
        for (slug, _) in &range.categories {
            document.add_text(category, slug);
        }
        document.add_text(country, &company.country);
        document.add_text(verified, company.verified_level.to_string());
        document.add_i64(self.listings, range.listings());
        document.add_text(self.card, card);
        document
    }

    /// A product as a document.
    pub fn document(&self, item: &Item<'_>) -> TantivyDocument {
        let product = &item.listing.product;
        let mut document = TantivyDocument::default();
        document.add_text(self.id, product.id.to_string());
        document.add_text(self.supplier, product.supplier.to_string());
        for (field, half) in self.halves.into_iter().zip(halves(product.id.0)) {
            document.add_u64(field, half);
        }
        document.add_text(self.text, searched(item).join(" "));
        document.add_text(self.words, text::words(&product.title).join(" "));
        let facets = [
            item.listing.category.clone(),
            item.country.to_owned(),
            item.verified.to_string(),
            product.incoterm.code.as_str().to_owned(),
            product.currency.code().to_owned(),
            lead_step(product.lead_days),
        ];
        for (field, value) in self.facets.into_iter().zip(facets) {
            document.add_text(field, value);
        }
        for term in property::terms(&item.listing.category, &item.listing.attributes) {
            document.add_text(self.properties, term);
        }
        document.add_i64(self.moq, product.moq.0);
        document.add_i64(self.lead, product.lead_days);
        for step in &product.ladder {
            document.add_i64(self.from, step.from_quantity.0);
            document.add_i64(self.price, step.unit_price.0);
        }
        document
    }
}
