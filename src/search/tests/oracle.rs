//! A plain reading of everything there is, to hold the search against: same hits, same counts.

use super::*;
use crate::catalog::Range;
use crate::search::collect::Wanted;
use crate::search::property::{self, Asked};
use crate::search::schema::{Item, searched, searched_of};
use crate::search::standing::Standing;
use crate::search::text::{self, Piece};
use crate::search::typed::{Clause, Typed};
use entrepot_domain::catalog::Product;
use std::collections::{BTreeMap, BTreeSet};

/// A product or a supplier as the oracle reads it.
pub struct Plain {
    pub id: u128,
    pub supplier: u128,
    pub tokens: BTreeSet<String>,
    pub facets: [Vec<String>; 6],
    /// What it states of its template.
    pub terms: Vec<String>,
    /// Prices and quantities of a product.
    pub product: Option<Product>,
}

/// A product, from its listing.
pub fn of_product(shown: &Shown) -> Plain {
    let company = &shown.company;
    let item = Item {
        listing: &shown.listing,
        supplier: &company.name,
        supplier_zh: company.name_zh.as_deref(),
        country: &company.country,
        verified: company.verified_level,
    };
    let product = &shown.listing.product;
    let lead = match product.lead_days {
        ..=7 => "7",
        8..=15 => "15",
        16..=30 => "30",
        31..=60 => "60",
        _ => "more",
    };
    let facets = [
        shown.listing.category.clone(),
        company.country.clone(),
        company.verified_level.to_string(),
        product.incoterm.code.as_str().to_owned(),
        product.currency.code().to_owned(),
        lead.to_owned(),
    ];
    Plain {
        id: product.id.0,
        supplier: product.supplier.0,
        tokens: searched(&item).into_iter().collect(),
        facets: facets.map(|value| vec![value]),
        terms: property::terms(&shown.listing.category, &shown.listing.attributes),
        product: Some(product.clone()),
    }
}

/// A supplier, from what it lists.
pub fn of_supplier(range: &Range) -> Plain {
    let company = &range.company;
    let categories = range.categories.iter().map(|(slug, _)| slug.clone()).collect();
    let (country, level) = (vec![company.country.clone()], vec![company.verified_level.to_string()]);
    Plain {
        id: company.id.0,
        supplier: company.id.0,
        tokens: searched_of(range).into_iter().collect(),
        facets: [categories, country, level, Vec::new(), Vec::new(), Vec::new()],
        terms: Vec::new(),
        product: None,
    }
}

impl Plain {
    fn price(&self, quantity: Option<i64>) -> Option<i64> {
        let product = self.product.as_ref()?;
        let quantity = quantity.unwrap_or(product.moq.0);
        let step = product.ladder.iter().rev().find(|step| step.from_quantity.0 <= quantity);
        step.filter(|_| quantity >= product.moq.0).map(|step| step.unit_price.0)
    }

    fn in_bounds(&self, wanted: &Wanted) -> bool {
        let bound = wanted.price != (None, None);
        let price = self.price(wanted.quantity);
        let (least, most) = wanted.price;
        let fits = price.is_some_and(|p| least.is_none_or(|l| p >= l) && most.is_none_or(|m| p <= m));
        let moq = |most: i64| self.product.as_ref().is_some_and(|product| product.moq.0 <= most);
        (!bound || fits) && wanted.moq_max.is_none_or(moq)
    }

    /// What it states of a property.
    fn stated(&self, asked: &Asked) -> Option<&str> {
        let values = self.terms.iter().filter_map(|term| term.split_once('='));
        values.filter(|(key, _)| *key == asked.key).map(|(_, value)| value).next()
    }
}

/// What a search should say.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub ids: BTreeSet<u128>,
    pub facets: [BTreeMap<String, u64>; 6],
    pub properties: Vec<BTreeMap<String, u64>>,
    pub marks: [u64; 4],
}

impl Said {
    /// What a search did say, with all its hits on one page.
    pub fn of(answer: &Answer) -> Self {
        let found = answer.found.clone();
        assert_eq!(found.total, u64::try_from(found.hits.len()).unwrap());
        let ids = found.hits.iter().map(|hit| hit.1).collect();
        Self { ids, facets: found.facets, properties: found.properties, marks: found.marks }
    }
}

/// At most one letter changed, left out, put in, or swapped with its neighbour.
fn one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[same..], &b[same..]);
    match (x.len(), y.len()) {
        (0, 0) => true,
        (n, m) if n == m => x[1..] == y[1..] || (n > 1 && x[0] == y[1] && x[1] == y[0] && x[2..] == y[2..]),
        (n, m) if n == m + 1 => x[1..] == *y,
        (n, m) if m == n + 1 => *x == y[1..],
        _ => false,
    }
}

pub struct Oracle<'a> {
    goods: &'a [Plain],
    frequency: BTreeMap<&'a str, u64>,
    looked_up: BTreeMap<(String, Option<String>), BTreeSet<&'a str>>,
}

impl<'a> Oracle<'a> {
    pub fn new(goods: &'a [Plain]) -> Self {
        let mut frequency = BTreeMap::new();
        for token in goods.iter().flat_map(|g| &g.tokens) {
            *frequency.entry(token.as_str()).or_insert(0) += 1;
        }
        Self { goods, frequency, looked_up: BTreeMap::new() }
    }

    fn near(&self, word: &str, unfinished: Option<&str>) -> BTreeSet<&'a str> {
        let edited = word.len() >= 4 && word.bytes().all(|b| b.is_ascii_lowercase());
        let stands_in = |token: &str| {
            token != word && ((edited && one_edit(word, token)) || unfinished.is_some_and(|u| token.starts_with(u)))
        };
        let mut found: Vec<(&str, u64)> =
            self.frequency.iter().filter(|(token, _)| stands_in(token)).map(|(t, n)| (*t, *n)).collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        found.into_iter().take(50).map(|(token, _)| token).collect()
    }

    fn exact(good: &Plain, piece: &Piece) -> bool {
        match piece {
            Piece::Word(word) => good.tokens.contains(word),
            Piece::Run(run) => text::pairs(run).all(|pair| good.tokens.contains(&pair)),
        }
    }

    fn nearly(&mut self, good: &Plain, piece: &Piece, unfinished: Option<&str>) -> bool {
        match piece {
            Piece::Word(word) => {
                if good.tokens.contains(word) {
                    return true;
                }
                let asked = (word.clone(), unfinished.map(str::to_owned));
                let found = match self.looked_up.get(&asked) {
                    Some(found) => found,
                    None => {
                        let found = self.near(word, unfinished);
                        self.looked_up.entry(asked).or_insert(found)
                    }
                };
                found.iter().any(|other| good.tokens.contains(*other))
            }
            Piece::Run(run) => {
                let all: BTreeSet<char> = run.iter().copied().collect();
                let there = all.iter().filter(|c| good.tokens.contains(&c.to_string())).count();
                there >= (all.len() - 1).max(1)
            }
        }
    }

    fn holds(&mut self, good: &Plain, clause: &Clause, wide: bool, unfinished: Option<&str>) -> bool {
        let last = clause.typed.len() - 1;
        let typed = clause.typed.iter().enumerate().all(|(n, piece)| {
            let begun = unfinished.filter(|_| n == last);
            if wide || begun.is_some_and(|begun| begun.len() <= 2) {
                self.nearly(good, piece, begun)
            } else {
                Self::exact(good, piece)
            }
        });
        typed || clause.synonyms.iter().any(|other| other.iter().all(|piece| Self::exact(good, piece)))
    }

    fn matching(&mut self, typed: &Typed, judged: Option<(&Standing, bool)>) -> Vec<&'a Plain> {
        let is_hidden =
            |good: &Plain| judged.is_some_and(|(standing, hides)| hides && standing.mark(good.supplier) >= 0x80);
        let last = typed.clauses.len().saturating_sub(1);
        for (wide, half) in [(false, false), (true, false), (true, true)] {
            let needed = if half { typed.clauses.len().div_ceil(2) } else { typed.clauses.len() };
            let mut found: Vec<&Plain> = Vec::new();
            for good in self.goods.iter().filter(|good| !is_hidden(good)) {
                let unfinished = |n: usize| typed.unfinished.as_deref().filter(|_| n == last);
                let held = typed.clauses.iter().enumerate();
                if held.filter(|(n, clause)| self.holds(good, clause, wide, unfinished(*n))).count() >= needed {
                    found.push(good);
                }
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// What should be found and counted; `standing` where suppliers are judged, with whether closed ones are hidden.
    pub fn answer(&mut self, typed: &Typed, wanted: &Wanted, judged: Option<(&Standing, bool)>) -> Said {
        let mut said = Said { properties: vec![BTreeMap::new(); wanted.properties.len()], ..Said::default() };
        for good in self.matching(typed, judged) {
            if !good.in_bounds(wanted) {
                continue;
            }
            let chosen =
                |n: usize| wanted.facets[n].is_empty() || good.facets[n].iter().any(|v| wanted.facets[n].contains(v));
            let others = |own: usize| (0..6).filter(|n| *n != own).all(chosen);
            let mark = judged.map_or(0, |(standing, _)| standing.mark(good.supplier) & 0x7f);
            let punctual = mark >= wanted.punctual;
            let states = |asked: &Asked| !asked.narrows() || good.stated(asked).is_some_and(|value| asked.takes(value));
            let stated = wanted.properties.iter().all(states);
            if others(6) && punctual && stated {
                said.ids.insert(good.id);
            }
            for n in 0..6 {
                if others(n) && punctual && (n == 0 || stated) {
                    good.facets[n].iter().for_each(|v| *said.facets[n].entry(v.clone()).or_default() += 1);
                }
            }
            if judged.is_some() && others(6) && stated {
                said.marks[usize::from(mark)] += 1;
            }
            for (n, asked) in wanted.properties.iter().enumerate() {
                let rest = wanted.properties.iter().filter(|other| *other != asked).all(states);
                if let Some(value) = good.stated(asked).filter(|_| others(6) && punctual && rest) {
                    *said.properties[n].entry(value.to_owned()).or_default() += 1;
                }
            }
        }
        said
    }
}

/// A small generator of its own (SplitMix64), so that the queries are the same on every machine.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

fn mistyped(draw: &mut Draw, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = draw.below(letters.len());
    match draw.below(4) {
        0 => letters[at] = 'q',
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, 'z'),
        _ if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => {}
    }
    letters.into_iter().collect()
}

/// Up to three words out of these texts, cut short, one in four with a mistake.
pub fn phrase(draw: &mut Draw, texts: &[String]) -> String {
    let mut parts = Vec::new();
    for _ in 0..draw.below(4) {
        let words: Vec<&str> = texts[draw.below(texts.len())].split_whitespace().collect();
        let Some(word) = words.get(draw.below(words.len())) else { continue };
        let mut word: String = word.chars().skip(draw.below(2)).take(2 + draw.below(9)).collect();
        if !word.is_empty() && draw.one_in(4) {
            word = mistyped(draw, &word);
        }
        parts.push(word);
    }
    let end = if draw.one_in(2) { " " } else { "" };
    format!("{}{end}", parts.join(" "))
}
