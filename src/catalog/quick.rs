//! Prices pasted lines against what was found by their SKUs, and groups the good ones into orders.
//!
//! An order has one supplier, one currency and one delivery term, because listed prices hold under theirs; so lines are grouped by
//! these. Refuses no paste for a bad line: each line says for itself what is wrong with it.

use super::read::Found;
use super::view::{IncotermView, price_text};
use crate::platform::schema::{MoneyView, words};
use entrepot_domain::kernel::{Money, Quantity, line_value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

/// Choices named for a line whose SKU several suppliers use.
const CHOICES_MAX: usize = 10;

/// A pasted line.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = QuickLine)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The supplier's number of the product.
    pub sku: String,
    /// Decimal number.
    pub quantity: String,
    /// Name or identifier of the supplier, where several use the SKU.
    #[serde(default)]
    pub supplier: Option<String>,
}

/// How a pasted line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Priced.
    Good,
    /// No published product has this SKU, or not with this supplier.
    Unknown,
    /// Several suppliers use this SKU.
    Ambiguous,
    /// The own company sells it.
    Own,
    /// The quantity cannot be read.
    Unreadable,
    /// Below the minimum quantity.
    BelowMoq,
    /// Off the steps above the minimum.
    OffStep,
}

impl Verdict {
    const ALL: [Self; 7] =
        [Self::Good, Self::Unknown, Self::Ambiguous, Self::Own, Self::Unreadable, Self::BelowMoq, Self::OffStep];
}

words! {
    /// How a pasted line stands.
    QuickVerdict = Verdict::ALL;
}

/// A company of a quick order.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = QuickSupplier)]
pub struct Seller {
    id: String,
    name: String,
}

/// A product of a quick order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuickProduct)]
pub struct Product {
    id: String,
    sku: String,
    title: String,
    #[schema(required = true)]
    title_zh: Option<String>,
    hs_code: String,
    unit: String,
    currency: String,
    incoterm: IncotermView,
    lead_days: i64,
    supplier: Seller,
}

impl Product {
    fn of(found: &Found) -> Self {
        let product = &found.listing.product;
        Self {
            id: product.id.to_string(),
            sku: product.sku.clone(),
            title: product.title.clone(),
            title_zh: found.listing.title_zh.clone(),
            hs_code: product.hs_code.clone(),
            unit: product.unit.clone(),
            currency: product.currency.code().to_owned(),
            incoterm: IncotermView::of(&product.incoterm),
            lead_days: product.lead_days,
            supplier: Seller { id: format!("{:032x}", found.supplier.id), name: found.supplier.name.clone() },
        }
    }
}

/// A pasted line with its price or its fault.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PricedLine)]
pub struct Line {
    /// Place in the paste, from 1.
    no: usize,
    /// As it was pasted.
    sku: String,
    /// As it was pasted; written anew where it can be read.
    quantity: String,
    #[schema(value_type = QuickVerdict)]
    verdict: Verdict,
    /// The product, where it is certain.
    #[schema(required = true)]
    product: Option<Product>,
    /// Decimal number, at this quantity.
    #[schema(required = true)]
    unit_price: Option<String>,
    #[schema(required = true)]
    total: Option<MoneyView>,
    /// The nearest quantity that may be ordered.
    #[schema(required = true)]
    nearest_quantity: Option<String>,
    /// Suppliers to choose from, up to ten.
    choices: Vec<Seller>,
}

/// The lines that become one order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuickGroup)]
pub struct Group {
    supplier: Seller,
    incoterm: IncotermView,
    /// Numbers of the lines.
    lines: Vec<usize>,
    total: MoneyView,
}

/// A paste, priced.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuickPrice)]
pub struct Answer {
    lines: Vec<Line>,
    /// One order each.
    groups: Vec<Group>,
}

/// The products a line may mean: of the named supplier, or all with its SKU.
fn meant<'a>(line: &Wanted, found: &'a HashMap<String, Vec<Found>>) -> Vec<&'a Found> {
    let named = line.supplier.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let fits = |found: &&Found| match named {
        None => true,
        Some(name) => {
            found.supplier.name.to_lowercase() == name.to_lowercase() || format!("{:032x}", found.supplier.id) == name
        }
    };
    found.get(line.sku.trim()).map(Vec::as_slice).unwrap_or_default().iter().filter(fits).collect()
}

/// Where a line stands, the product it means, its price and value.
fn judge(line: &mut Line, wanted: &Wanted, meant: &[&Found], company: Option<u128>) -> Option<Money> {
    let one = match meant {
        [] => return None,
        [one] => one,
        several => {
            line.verdict = Verdict::Ambiguous;
            let seller = |f: &&Found| Seller { id: format!("{:032x}", f.supplier.id), name: f.supplier.name.clone() };
            line.choices = several.iter().take(CHOICES_MAX).map(seller).collect();
            return None;
        }
    };
    line.product = Some(Product::of(one));
    if company == Some(one.supplier.id) {
        line.verdict = Verdict::Own;
        return None;
    }
    let product = &one.listing.product;
    let Ok(quantity) = Quantity::parse(wanted.quantity.trim()) else {
        line.verdict = Verdict::Unreadable;
        line.nearest_quantity = Some(product.moq.to_string());
        return None;
    };
    line.quantity = quantity.to_string();
    let price = match product.price_at(quantity) {
        Ok(price) => price,
        Err(nearest) => {
            line.verdict = if quantity < product.moq { Verdict::BelowMoq } else { Verdict::OffStep };
            line.nearest_quantity = Some(nearest.quantity.to_string());
            return None;
        }
    };
    let Ok(total) = line_value(quantity, price) else {
        line.verdict = Verdict::Unreadable;
        return None;
    };
    line.verdict = Verdict::Good;
    line.unit_price = Some(price_text(&one.listing, entrepot_domain::kernel::BarePrice(price.micros)));
    line.total = Some(total.into());
    Some(total)
}

/// Prices all lines; `company` asks.
pub fn price(wanted: &[Wanted], found: &HashMap<String, Vec<Found>>, company: Option<u128>) -> Answer {
    type GroupKey = (String, u128, String, &'static str, String);
    let mut groups: BTreeMap<GroupKey, (Group, Money)> = BTreeMap::new();
    let mut lines = Vec::with_capacity(wanted.len());
    for (place, asked) in wanted.iter().enumerate() {
        let mut line = Line {
            no: place.saturating_add(1),
            sku: asked.sku.trim().to_owned(),
            quantity: asked.quantity.trim().to_owned(),
            verdict: Verdict::Unknown,
            product: None,
            unit_price: None,
            total: None,
            nearest_quantity: None,
            choices: Vec::new(),
        };
        let meant = meant(asked, found);
        if let (Some(value), Some(one)) = (judge(&mut line, asked, &meant, company), meant.first()) {
            let (product, supplier) = (&one.listing.product, &one.supplier);
            let (currency, term) = (product.currency.code().to_owned(), &product.incoterm);
            let key = (supplier.name.clone(), supplier.id, currency, term.code.as_str(), term.place.clone());
            let fresh = || {
                let seller = Seller { id: format!("{:032x}", supplier.id), name: supplier.name.clone() };
                let zero = Money::zero(product.currency);
                (
                    Group { supplier: seller, incoterm: IncotermView::of(term), lines: Vec::new(), total: zero.into() },
                    zero,
                )
            };
            let (group, sum) = groups.entry(key).or_insert_with(fresh);
            match sum.checked_add(value) {
                Ok(next) => {
                    (*sum, group.total) = (next, next.into());
                    group.lines.push(line.no);
                }
                Err(_) => line.verdict = Verdict::Unreadable,
            }
        }
        lines.push(line);
    }
    Answer { lines, groups: groups.into_values().map(|(group, _)| group).collect() }
}

#[cfg(test)]
#[path = "quick_tests.rs"]
mod tests;
