//! The tree of categories: names in both languages, and which properties a listing of each leaf should state.
//!
//! The tree is data (`data/categories.json`), read once. Goods are listed under leaves only. A property of a template is a text, a
//! number in the template's unit, or one of its choices; a listing may leave any of them out and may state others beside them.
//! Refuses unknown categories (naming near ones), groups, numbers that are none and values that are no choice.

use crate::kernel::FieldError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Longest slug of a category.
const SLUG_MAX: usize = 64;
/// Categories named beside an unknown one.
const NEAR_MAX: usize = 3;
/// Most decimals of a number in a property.
const DECIMALS_MAX: usize = 6;

/// How a property is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// Words.
    Text,
    /// A decimal number in the property's unit.
    Number,
    /// One of the property's choices.
    Choice,
}

impl AttributeKind {
    /// Lists the kinds.
    pub const ALL: [Self; 3] = [Self::Text, Self::Number, Self::Choice];
}

/// Is one value a property may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// As it is stored.
    pub value: String,
    /// Name in English.
    pub en: String,
    /// Name in Chinese.
    pub zh: String,
}

/// Is one property that listings of a category should state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// As it is stored: lower-case letters, digits and underscores.
    pub key: String,
    /// Name in English.
    pub en: String,
    /// Name in Chinese.
    pub zh: String,
    /// How it is written.
    pub kind: AttributeKind,
    /// Unit of a number; empty for the other kinds.
    #[serde(default)]
    pub unit: String,
    /// Values of a choice; empty for the other kinds.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Whether a full listing states it.
    #[serde(default)]
    pub required: bool,
}

impl Attribute {
    /// Says how much the property counts in the quality of a listing.
    #[must_use]
    pub const fn weight(&self) -> u8 {
        if self.required { 2 } else { 1 }
    }
}

/// Is a node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Identity: lower-case letters, digits, hyphens.
    pub slug: String,
    /// The group above; none at the top.
    #[serde(default)]
    pub parent: Option<String>,
    /// Name in English.
    pub en: String,
    /// Name in Chinese.
    pub zh: String,
    /// The template of a leaf; groups have none.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

impl Category {
    /// Says whether goods may be listed here. Every leaf has a template, no group has one.
    #[must_use]
    pub const fn is_leaf(&self) -> bool {
        !self.attributes.is_empty()
    }
}

/// The whole tree, groups before what is in them.
#[must_use]
pub fn categories() -> &'static [Category] {
    static TREE: LazyLock<Vec<Category>> =
        // That the file can be read is tested; an unreadable one would be a tree without categories.
        LazyLock::new(|| serde_json::from_str(include_str!("data/categories.json")).unwrap_or_default());
    &TREE
}

/// Finds a category by its slug.
#[must_use]
pub fn category(slug: &str) -> Option<&'static Category> {
    static PLACES: LazyLock<BTreeMap<&'static str, usize>> =
        LazyLock::new(|| categories().iter().enumerate().map(|(place, node)| (node.slug.as_str(), place)).collect());
    PLACES.get(slug).and_then(|place| categories().get(*place))
}

/// The template of a category; empty for groups and unknown ones.
#[must_use]
pub fn template(slug: &str) -> &'static [Attribute] {
    category(slug).map_or(&[], |category| category.attributes.as_slice())
}

/// Names up to three leaves that an unknown slug probably means: the leaves of the group it names, else those whose slug or
/// English name begins alike, else those a few letters away.
#[must_use]
pub fn near_categories(slug: &str) -> Vec<&'static str> {
    let wanted: String = slug.to_lowercase().chars().take(SLUG_MAX).collect();
    let mut ranked: Vec<(usize, &'static str)> = Vec::new();
    for node in categories().iter().filter(|node| node.is_leaf()) {
        let (name, own) = (node.en.to_lowercase(), node.slug.as_str());
        let inside = node.parent.as_deref() == Some(wanted.as_str());
        let alike = !wanted.is_empty()
            && [own, name.as_str()].iter().any(|known| known.contains(&wanted) || wanted.contains(known));
        let distance = distance(&wanted, own).min(distance(&wanted, &name));
        let far = own.len().max(wanted.len()) / 2;
        match (inside, alike) {
            (true, _) => ranked.push((0, own)),
            (false, true) => ranked.push((1, own)),
            (false, false) if distance <= far => ranked.push((2 + distance, own)),
            (false, false) => {}
        }
    }
    ranked.sort_unstable();
    ranked.into_iter().take(NEAR_MAX).map(|(_, slug)| slug).collect()
}

/// The number of letters to add, drop or change to make one text of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        let mut next = vec![left];
        for (above, other) in row.iter().skip(1).zip(&b) {
            let changed = diagonal.saturating_add(usize::from(letter != *other));
            left = changed.min(above.saturating_add(1)).min(left.saturating_add(1));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Complains about a category that is no leaf of the tree.
#[must_use]
pub fn check_category(slug: &str) -> Option<FieldError> {
    if category(slug).is_some_and(Category::is_leaf) {
        return None;
    }
    let near = near_categories(slug);
    let detail = if near.is_empty() {
        "there is no such category".to_owned()
    } else {
        format!("there is no such category to list goods in; near it: {}", near.join(", "))
    };
    Some(FieldError::new("/category", "catalog.category", detail))
}

/// Complains about properties of the category's template that are not written as it says.
#[must_use]
pub fn check_attributes(slug: &str, given: &BTreeMap<String, String>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for attribute in template(slug) {
        let Some(value) = given.get(&attribute.key) else { continue };
        let at = format!("/attributes/{}", attribute.key);
        match attribute.kind {
            AttributeKind::Text => {}
            AttributeKind::Number if is_number(value) => {}
            AttributeKind::Number => {
                let detail = format!("{} is a decimal number in {}", attribute.en, attribute.unit);
                errors.push(FieldError::new(at, "catalog.attribute_number", detail));
            }
            AttributeKind::Choice if attribute.choices.iter().any(|choice| choice.value == *value) => {}
            AttributeKind::Choice => {
                let known: Vec<&str> = attribute.choices.iter().map(|choice| choice.value.as_str()).collect();
                let detail = format!("{} is one of {}", attribute.en, known.join(", "));
                errors.push(FieldError::new(at, "catalog.attribute_choice", detail));
            }
        }
    }
    errors
}

/// Says whether a text is `-?digits[.digits]` with at most six decimals.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part) && part.len() <= DECIMALS_MAX,
        None => digits(unsigned),
    }
}

#[cfg(test)]
#[path = "category_tests.rs"]
mod tests;
