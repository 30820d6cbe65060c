//! Properties of the chosen category's template: what a listing states of it as terms of the index, what is asked of it, and the counts.
//!
//! Counted are choices and numbers; words are only searched. A term is `key=value`, a number in its shortest form, so that `1.50` and
//! `1.5` are one. Properties narrow one category: asked beside none or several they are refused.

use super::terms::refuse;
use crate::platform::problem::Refusal;
use entrepot_domain::catalog::{Attribute, AttributeKind, template};
use std::collections::BTreeMap;

/// Countable properties of a template at most: each is a bit while products are gone over.
pub const ASKED_MAX: usize = 16;
/// Longest name repeated in a refusal, in characters.
const SAID_MAX: usize = 60;
/// Decimals of a number in a property.
const DECIMALS: u32 = 6;

/// A number of a property, scaled by 10^6; none where it is none, or too large to be compared.
pub fn scaled(text: &str) -> Option<i64> {
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let places = u32::try_from(part.len()).ok()?;
    if whole.is_empty() || places > DECIMALS || !digits(whole) || !digits(part) {
        return None;
    }
    let part = if part.is_empty() { 0 } else { part.parse::<i64>().ok()? };
    let part = part.checked_mul(10_i64.checked_pow(DECIMALS.checked_sub(places)?)?)?;
    whole.parse::<i64>().ok()?.checked_mul(10_i64.pow(DECIMALS))?.checked_add(part)?.checked_mul(sign)
}

/// A scaled number in its shortest form.
pub fn plain(scaled: i64) -> String {
    let unit = 10_u64.pow(DECIMALS);
    let (sign, size) = (if scaled < 0 { "-" } else { "" }, scaled.unsigned_abs());
    let part = format!("{:06}", size % unit);
    let part = part.trim_end_matches('0');
    let dot = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{part}", size / unit)
}

fn is_countable(attribute: &Attribute) -> bool {
    match attribute.kind {
        AttributeKind::Choice | AttributeKind::Number => true,
        AttributeKind::Text => false,
    }
}

/// The properties of a category that are counted, in the template's order.
pub fn countable(category: &str) -> impl Iterator<Item = &'static Attribute> {
    template(category).iter().filter(|attribute| is_countable(attribute)).take(ASKED_MAX)
}

/// What a listing states of its category's template, as terms of the index.
pub fn terms(category: &str, stated: &BTreeMap<String, String>) -> Vec<String> {
    let term = |attribute: &'static Attribute| {
        let value = stated.get(&attribute.key)?;
        let value = match attribute.kind {
            AttributeKind::Number => plain(scaled(value)?),
            AttributeKind::Choice if attribute.choices.iter().any(|choice| choice.value == *value) => value.clone(),
            AttributeKind::Choice | AttributeKind::Text => return None,
        };
        Some(format!("{}={value}", attribute.key))
    };
    countable(category).filter_map(term).collect()
}

/// One property of the chosen category, with what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its key in the template.
    pub key: &'static str,
    /// Whether it is a number.
    pub is_number: bool,
    /// Chosen values; none means any.
    pub values: Vec<String>,
    /// Bounds of a number, scaled, both included.
    pub bounds: (Option<i64>, Option<i64>),
}

impl Asked {
    /// Whether anything is asked of it.
    pub fn narrows(&self) -> bool {
        !self.values.is_empty() || self.bounds != (None, None)
    }

    /// Whether a value as the index has it is what is asked for.
    pub fn takes(&self, value: &str) -> bool {
        if !self.is_number {
            return self.values.is_empty() || self.values.iter().any(|chosen| chosen == value);
        }
        let (least, most) = self.bounds;
        scaled(value).is_some_and(|n| least.is_none_or(|least| n >= least) && most.is_none_or(|most| n <= most))
    }
}

/// The properties of the one chosen category, with what `chosen` asks of them: `key:value` for a choice, once for each value,
/// `key:from..to` for a number, where either end may be missing.
///
/// Errors: properties without exactly one category, unknown ones, values that are none.
pub fn asked(categories: &[String], chosen: &[String]) -> Result<Vec<Asked>, Refusal> {
    let [category] = categories else {
        return if chosen.is_empty() {
            Ok(Vec::new())
        } else {
            Err(refuse("/property", "properties narrow one category: choose exactly one"))
        };
    };
    let bare = |attribute: &'static Attribute| Asked {
        key: &attribute.key,
        is_number: attribute.kind == AttributeKind::Number,
        values: Vec::new(),
        bounds: (None, None),
    };
    let mut all: Vec<Asked> = countable(category).map(bare).collect();
    for one in chosen {
        let (key, value) = one.split_once(':').unwrap_or((one, ""));
        let asked = all.iter_mut().find(|asked| asked.key == key);
        let asked = asked.ok_or_else(|| refuse("/property", &format!("{} is no property of it", said(key))))?;
        if asked.is_number {
            asked.bounds = bounds(value)
                .ok_or_else(|| refuse("/property", &format!("{key} is two decimal numbers, as in {key}:10..20")))?;
        } else {
            let known = template(category).iter().find(|attribute| attribute.key == key);
            let known = known.is_some_and(|attribute| attribute.choices.iter().any(|choice| choice.value == value));
            if !known {
                return Err(refuse("/property", &format!("{} is no value of {key}", said(value))));
            }
            asked.values.push(value.to_owned());
        }
    }
    Ok(all)
}

/// What was sent, as far as a refusal repeats it.
fn said(text: &str) -> String {
    text.chars().take(SAID_MAX).collect()
}

/// Bounds as they are written; at least one end is there.
fn bounds(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    let (from, to) = text.split_once("..")?;
    let end = |text: &str| if text.is_empty() { Some(None) } else { scaled(text).map(Some) };
    let bounds = (end(from)?, end(to)?);
    (bounds != (None, None)).then_some(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use entrepot_domain::catalog::categories;

    #[test]
    fn numbers_have_one_form_and_keep_their_order() {
        for (text, n, form) in [
            ("220", 220_000_000, "220"),
            ("1.50", 1_500_000, "1.5"),
            ("-0.000001", -1, "-0.000001"),
            ("0", 0, "0"),
            ("007.1", 7_100_000, "7.1"),
        ] {
            assert_eq!(scaled(text), Some(n), "{text}");
            assert_eq!(plain(n), form);
        }
        for wrong in ["", "-", "1.1234567", "1e3", "١", "99999999999999999999", "1..2", "+1", " 1"] {
            assert_eq!(scaled(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_template_fits_and_has_keys_without_signs_of_the_address() {
        let leaves: Vec<_> = categories().iter().filter(|node| node.is_leaf()).collect();
        assert!(leaves.len() > 20);
        for leaf in leaves {
            assert!(leaf.attributes.iter().filter(|a| is_countable(a)).count() <= ASKED_MAX, "{}", leaf.slug);
            for attribute in &leaf.attributes {
                assert!(!attribute.key.contains([':', '=', ',', '.']), "{}", attribute.key);
                assert!(attribute.choices.iter().all(|choice| !choice.value.contains([':', '=', ','])));
            }
        }
    }

    #[test]
    fn a_listing_states_what_its_template_counts() {
        let stated = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            terms("textiles", &pairs.collect())
        };
        let full = [("weight_gsm", "300.0"), ("weave", "woven"), ("composition", "cotton"), ("grade", "A")];
        assert_eq!(stated(&full), ["weight_gsm=300", "weave=woven"]);
        assert_eq!(stated(&[("weave", "plaited"), ("weight_gsm", "heavy")]), Vec::<String>::new());
    }

    #[test]
    fn what_is_asked_is_held_against_the_template() {
        let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let ask = |categories: &[&str], chosen: &[&str]| asked(&texts(categories), &texts(chosen));
        let all =
            ask(&["textiles"], &["weave:woven", "weave:knitted", "width_cm:..160", "weight_gsm:100..200"]).unwrap();
        let of = |key: &str| all.iter().find(|one| one.key == key).unwrap();
        assert_eq!(of("weave").values, ["woven", "knitted"]);
        assert_eq!(of("width_cm").bounds, (None, Some(160_000_000)));
        assert!(of("weight_gsm").takes("200") && !of("weight_gsm").takes("200.1") && !of("finish").narrows());
        assert_eq!(ask(&["textiles", "shoes"], &[]).unwrap(), []);
        for (categories, chosen, said) in [
            (vec![], "weave:woven", "choose exactly one"),
            (vec!["textiles", "shoes"], "weave:woven", "choose exactly one"),
            (vec!["textiles"], "plug:eu", "plug is no property"),
            (vec!["textiles"], "composition:cotton", "composition is no property"),
            (vec!["textiles"], "weave:plaited", "plaited is no value"),
            (vec!["textiles"], "weave", " is no value of weave"),
            (vec!["textiles"], "width_cm:160", "two decimal numbers"),
            (vec!["textiles"], "width_cm:..", "two decimal numbers"),
            (vec!["textiles"], "width_cm:a..b", "two decimal numbers"),
        ] {
            let refusal = ask(&categories, &[chosen]).unwrap_err();
            assert!(format!("{refusal:?}").contains(said), "{chosen}: {refusal:?}");
        }
    }
}
