//! What is looked for, as it travels: words, filters, order. Searches are asked with it and saved as it.

use super::collect::{Sort, Wanted};
use super::property;
use super::schema::FACETS;
use super::standing::PUNCTUAL;
use super::text;
use super::typed::{CLAUSES_MAX, TYPED_MAX, Typed};
use crate::platform::problem::Refusal;
use crate::platform::web::id;
use entrepot_domain::kernel::{BarePrice, Currency, Quantity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Values over all filters at most.
const FILTERS_MAX: usize = 40;
/// The currency of prices when none is chosen.
const PRICED_IN: Currency = Currency::USD;

/// What is looked for. Numbers are decimal text; a filter that is absent or empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SearchTerms)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Words, up to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only this company's products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Slugs of categories, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Countries of suppliers, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Levels of verification, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
    /// Delivery terms, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incoterm: Option<String>,
    /// Currencies, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Steps of lead times, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Properties of the one chosen category, separated by commas: `key:value`, or `key:from..to` for numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Least share of shipments in time of the last 180 market days, in per cent: `90` or `95`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_time: Option<String>,
    /// The quantity prices are looked up at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Highest minimum quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moq_max: Option<String>,
    /// Lowest unit price at the quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_min: Option<String>,
    /// Highest unit price at the quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_max: Option<String>,
    /// `relevance`, `price`, `price_down`, `lead` or `moq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A filter that cannot be read.
pub fn refuse(pointer: &str, detail: &str) -> Refusal {
    Refusal::new(422, "search.filter", "A filter cannot be read.").field(pointer, "search.filter", detail)
}

fn too_long() -> Refusal {
    let detail = format!("A search has at most {TYPED_MAX} characters and {CLAUSES_MAX} words.");
    Refusal::new(422, "search.too_long", detail.clone()).field("/q", "search.too_long", detail)
}

/// The words, if a search takes so many.
pub fn typed(query: Option<String>) -> Result<String, Refusal> {
    let typed = query.unwrap_or_default();
    if typed.chars().count() > TYPED_MAX || text::pieces(&typed).len() > CLAUSES_MAX {
        Err(too_long())
    } else {
        Ok(typed)
    }
}

/// A filter that narrows anything.
pub fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn quantity(text: &Option<String>, pointer: &str) -> Result<Option<i64>, Refusal> {
    let read =
        |text| Quantity::parse(text).map(|quantity| quantity.0).map_err(|error| refuse(pointer, &error.to_string()));
    given(text).map(read).transpose()
}

fn price(text: &Option<String>, pointer: &str) -> Result<Option<i64>, Refusal> {
    let read = |text| BarePrice::parse(text).map(|price| price.0).map_err(|error| refuse(pointer, &error.to_string()));
    given(text).map(read).transpose()
}

/// The values of a list.
fn split(text: &Option<String>) -> Vec<String> {
    let values = given(text).into_iter().flat_map(|text| text.split(','));
    values.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

/// The least share in time that is asked for, as a mark.
fn punctual(text: &Option<String>) -> Result<u8, Refusal> {
    let Some(share) = given(text) else { return Ok(0) };
    let place = PUNCTUAL.iter().position(|(known, _)| *known == share);
    let mark = place.and_then(|place| u8::try_from(place.saturating_add(2)).ok());
    mark.ok_or_else(|| refuse("/on_time", "one of 90, 95"))
}

impl Terms {
    /// The least share in time that is asked for, as [`super::mark_of`] gives it; nought for any.
    pub fn punctual(&self) -> u8 {
        punctual(&self.on_time).unwrap_or(u8::MAX)
    }

    /// The words as clauses.
    ///
    /// Errors: more than a search takes.
    pub fn typed(&self) -> Result<Typed, Refusal> {
        typed(self.q.clone()).map(|typed| Typed::read(&typed))
    }

    fn sort(&self) -> Result<Sort, Refusal> {
        Ok(match given(&self.sort) {
            None | Some("relevance") => Sort::Relevance,
            Some("price") => Sort::PriceUp,
            Some("price_down") => Sort::PriceDown,
            Some("lead") => Sort::Lead,
            Some("moq") => Sort::Moq,
            Some(_) => return Err(refuse("/sort", "one of relevance, price, price_down, lead, moq")),
        })
    }

    /// The filters and the order, for the first page of `rows`.
    ///
    /// Errors: a filter that cannot be read, or more values than a search takes.
    pub fn wanted(&self, rows: usize) -> Result<Wanted, Refusal> {
        let all = [&self.category, &self.country, &self.verified, &self.incoterm, &self.currency, &self.lead];
        let (facets, chosen) = (all.map(split), split(&self.property));
        few(facets.iter().map(Vec::len).sum::<usize>().saturating_add(chosen.len()))?;
        let [category, ..] = &facets;
        let mut wanted = Wanted {
            properties: property::asked(category, &chosen)?,
            punctual: punctual(&self.on_time)?,
            judged: None,
            facets,
            // An identifier that is none names no company, which has no products.
            supplier: given(&self.supplier).map(|text| id(text).unwrap_or(0)),
            moq_max: quantity(&self.moq_max, "/moq_max")?,
            price: (price(&self.price_min, "/price_min")?, price(&self.price_max, "/price_max")?),
            quantity: quantity(&self.quantity, "/quantity")?,
            sort: self.sort()?,
            after: None,
            rows,
        };
        in_one_currency(&mut wanted)?;
        Ok(wanted)
    }
}

/// Refuses more values than a search takes.
fn few(values: usize) -> Result<(), Refusal> {
    if values <= FILTERS_MAX {
        return Ok(());
    }
    let detail = format!("A search has at most {FILTERS_MAX} chosen values.");
    Err(Refusal::new(422, "search.too_many_filters", detail).with("max", FILTERS_MAX))
}

/// What is looked for among suppliers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SupplierTerms {
    /// Words, up to 200 characters.
    pub q: Option<String>,
    /// Slugs of categories, separated by commas.
    pub category: Option<String>,
    /// Countries, separated by commas.
    pub country: Option<String>,
    /// Levels of verification, separated by commas.
    pub verified: Option<String>,
    /// Least share in time, `90` or `95`.
    pub on_time: Option<String>,
    /// `relevance` or `listings`; the latter where there are no words.
    pub sort: Option<String>,
}

impl SupplierTerms {
    /// The filters and the order, for the first page of `rows`.
    ///
    /// Errors: a filter that cannot be read, or more values than a search takes.
    pub fn wanted(&self, rows: usize) -> Result<Wanted, Refusal> {
        let [category, country, verified] = [&self.category, &self.country, &self.verified].map(split);
        let facets = [category, country, verified, Vec::new(), Vec::new(), Vec::new()];
        few(facets.iter().map(Vec::len).sum())?;
        let sort = match given(&self.sort) {
            None if given(&self.q).is_none() => Sort::Listings,
            None | Some("relevance") => Sort::Relevance,
            Some("listings") => Sort::Listings,
            Some(_) => return Err(refuse("/sort", "one of relevance, listings")),
        };
        Ok(Wanted { facets, punctual: punctual(&self.on_time)?, sort, rows, ..Wanted::default() })
    }
}

/// Prices of different currencies are not compared.
fn in_one_currency(wanted: &mut Wanted) -> Result<(), Refusal> {
    let priced = wanted.price != (None, None) || matches!(wanted.sort, Sort::PriceUp | Sort::PriceDown);
    let place = FACETS.iter().position(|name| *name == "currency");
    let Some(currencies) = place.and_then(|place| wanted.facets.get_mut(place)).filter(|_| priced) else {
        return Ok(());
    };
    match currencies.len() {
        0 => currencies.push(PRICED_IN.code().to_owned()),
        1 => {}
        _ => return Err(refuse("/currency", "prices are compared in one currency: choose one")),
    }
    Ok(())
}
