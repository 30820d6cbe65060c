//! What the index keeps of a product: one text that is searched, the columns that filter, count and sort.
//!
//! One text field carries everything, the title three times: a word of the title so counts three times as much, a text is as long as
//! what it says, and a word has one list of products instead of one per field.

use super::text;
use crate::catalog::Listing;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};

/// Changes whenever the index would say something else for the same products; an index of another form is built anew.
pub const FORM: &str = "products-2";

/// How often the title counts.
const TITLE_WEIGHT: usize = 3;
/// Upper ends of the steps of lead times, in days.
pub const LEAD_STEPS: [i64; 4] = [7, 15, 30, 60];
/// The step above the last.
pub const LEAD_REST: &str = "more";

/// The properties that are counted, by their name in the answer and the index.
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
    /// Supplier as text.
    pub supplier: Field,
    /// Upper and lower half of the identifier.
    pub halves: [Field; 2],
    /// What is searched.
    pub text: Field,
    /// Words of titles as written, for completions.
    pub words: Field,
    /// See [`FACETS`].
    pub facets: [Field; 6],
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

/// The form of the index.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let facet = TextOptions::default().set_fast("raw");
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        supplier: builder.add_text_field("supplier", STRING),
        halves: ["id_high", "id_low"].map(|name| builder.add_u64_field(name, FAST)),
        text: builder.add_text_field("text", tokens(IndexRecordOption::WithFreqs, true)),
        words: builder.add_text_field("words", tokens(IndexRecordOption::Basic, false)),
        facets: FACETS.map(|name| builder.add_text_field(name, facet.clone())),
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
    let mut tokens = Vec::new();
    for part in std::iter::repeat_n(title, TITLE_WEIGHT).flatten() {
        tokens.extend(text::tokens(part));
    }
    for part in [item.supplier, item.supplier_zh.unwrap_or(""), &listing.category, &listing.description] {
        tokens.extend(text::tokens(part));
    }
    for (name, value) in &listing.attributes {
        tokens.extend(text::tokens(name));
        tokens.extend(text::tokens(value));
    }
    tokens
}

impl Fields {
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
        document.add_i64(self.moq, product.moq.0);
        document.add_i64(self.lead, product.lead_days);
        for step in &product.ladder {
            document.add_i64(self.from, step.from_quantity.0);
            document.add_i64(self.price, step.unit_price.0);
        }
        document
    }
}
