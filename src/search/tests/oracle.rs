//! The search against a plain reading of every product: same products, same counts, same pages, for ten thousand random queries.

use super::*;
use crate::search::collect::{Sort, Wanted};
use crate::search::schema::{Item, searched};
use crate::search::text::{self, Piece};
use crate::search::typed::{Clause, Typed};
use std::collections::{BTreeMap, BTreeSet};

const QUERIES: u64 = 10_000;

struct Plain {
    shown: Shown,
    tokens: BTreeSet<String>,
    facets: [String; 6],
}

fn plain(shown: Shown) -> Plain {
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
    Plain { tokens: searched(&item).into_iter().collect(), facets, shown }
}

impl Plain {
    fn id(&self) -> u128 {
        self.shown.listing.product.id.0
    }

    fn price(&self, quantity: Option<i64>) -> Option<i64> {
        let product = &self.shown.listing.product;
        let quantity = quantity.unwrap_or(product.moq.0);
        let step = product.ladder.iter().rev().find(|step| step.from_quantity.0 <= quantity);
        step.filter(|_| quantity >= product.moq.0).map(|step| step.unit_price.0)
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

struct Oracle<'a> {
    goods: &'a [Plain],
    frequency: BTreeMap<&'a str, u64>,
    looked_up: BTreeMap<(String, Option<String>), BTreeSet<&'a str>>,
}

impl<'a> Oracle<'a> {
    fn new(goods: &'a [Plain]) -> Self {
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

    fn matching(&mut self, typed: &Typed) -> Vec<&'a Plain> {
        let last = typed.clauses.len().saturating_sub(1);
        for (wide, half) in [(false, false), (true, false), (true, true)] {
            let needed = if half { typed.clauses.len().div_ceil(2) } else { typed.clauses.len() };
            let mut found: Vec<&Plain> = Vec::new();
            for good in self.goods {
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

    /// Identifiers that pass, and the counts of each facet.
    fn answer(&mut self, typed: &Typed, wanted: &Wanted) -> (BTreeSet<u128>, [BTreeMap<String, u64>; 6]) {
        let mut ids = BTreeSet::new();
        let mut counts: [BTreeMap<String, u64>; 6] = Default::default();
        for good in self.matching(typed) {
            let bound = wanted.price != (None, None);
            let price = good.price(wanted.quantity);
            let dear = !bound
                || price
                    .is_some_and(|p| wanted.price.0.is_none_or(|l| p >= l) && wanted.price.1.is_none_or(|m| p <= m));
            if !dear || wanted.moq_max.is_some_and(|most| good.shown.listing.product.moq.0 > most) {
                continue;
            }
            let chosen = |n: usize| wanted.facets[n].is_empty() || wanted.facets[n].contains(&good.facets[n]);
            if (0..6).all(chosen) {
                ids.insert(good.id());
            }
            for (n, (counts, value)) in counts.iter_mut().zip(&good.facets).enumerate() {
                if (0..6).filter(|other| *other != n).all(chosen) {
                    *counts.entry(value.clone()).or_default() += 1;
                }
            }
        }
        (ids, counts)
    }
}

/// A small generator of its own (SplitMix64), so that the queries are the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
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

fn query(draw: &mut Draw, goods: &[Plain]) -> String {
    let mut parts = Vec::new();
    for _ in 0..draw.below(4) {
        let listing = &goods[draw.below(goods.len())].shown.listing;
        let source = match draw.below(4) {
            0 => listing.title_zh.clone().unwrap_or_default(),
            1 => listing.description.clone(),
            2 => listing.product.sku.clone(),
            _ => listing.product.title.clone(),
        };
        let words: Vec<&str> = source.split_whitespace().collect();
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

fn wanted(draw: &mut Draw, goods: &[Plain]) -> Wanted {
    let mut wanted = Wanted { rows: 10_000, ..Wanted::default() };
    for n in 0..6 {
        while draw.one_in(4) {
            wanted.facets[n].push(goods[draw.below(goods.len())].facets[n].clone());
        }
    }
    let listing = &goods[draw.below(goods.len())].shown.listing;
    if draw.one_in(3) {
        wanted.quantity = Some(listing.product.ladder.last().unwrap().from_quantity.0);
    }
    if draw.one_in(4) {
        wanted.price =
            (Some(listing.product.ladder[0].unit_price.0 / 3), Some(listing.product.ladder[0].unit_price.0 * 3));
    }
    if draw.one_in(5) {
        wanted.moq_max = Some(listing.product.moq.0);
    }
    wanted.sort = [Sort::Relevance, Sort::PriceUp, Sort::PriceDown, Sort::Lead, Sort::Moq][draw.below(5)];
    wanted
}

#[tokio::test]
async fn ten_thousand_random_queries_find_and_count_what_a_plain_reading_does() {
    let world = World::new().await;
    let goods: Vec<Plain> = world.goods().await.into_iter().map(plain).collect();
    let levels: BTreeSet<&String> = goods.iter().map(|good| &good.facets[2]).collect();
    assert_eq!(levels.len(), 4, "the suppliers of the demo market are verified at every level: {levels:?}");
    let mut oracle = Oracle::new(&goods);
    let mut draw = Draw(26);
    let (mut some, mut none) = (0, 0);
    for n in 0..QUERIES {
        let (query, wanted) = (query(&mut draw, &goods), wanted(&mut draw, &goods));
        let (ids, counts) = oracle.answer(&Typed::read(&query), &wanted);
        let found = world.find(&query, &wanted).await.found;
        let told = format!("query {n} {query:?} {wanted:?}");
        assert_eq!(found.hits.iter().map(|hit| hit.1).collect::<BTreeSet<_>>(), ids, "{told}");
        assert_eq!(found.total, u64::try_from(ids.len()).unwrap(), "{told}");
        assert_eq!(found.facets, counts, "{told}");
        if ids.is_empty() { none += 1 } else { some += 1 }
    }
    assert!(some > 2_000 && none > 500, "the queries are one-sided: {some} found something, {none} nothing");
}

#[tokio::test]
async fn an_oracle_of_other_rules_disagrees() {
    let world = World::new().await;
    let mut goods: Vec<Plain> = world.goods().await.into_iter().map(plain).collect();
    for good in &mut goods {
        good.tokens.remove("cotton");
    }
    let ids = Oracle::new(&goods).answer(&Typed::read("cotton towel "), &Wanted::default()).0;
    let found = world.find("cotton towel ", &Wanted { rows: 1_000, ..Wanted::default() }).await.found;
    assert_ne!(found.hits.iter().map(|hit| hit.1).collect::<BTreeSet<_>>(), ids);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_a_repeat() {
    let world = World::new().await;
    for sort in [Sort::Relevance, Sort::PriceUp, Sort::PriceDown, Sort::Lead, Sort::Moq] {
        let all = world.find("cotton ", &Wanted { rows: 1_000, sort, ..Wanted::default() }).await.found.hits;
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let mut answer = world.find("cotton ", &Wanted { rows: 7, sort, after, ..Wanted::default() }).await;
            assert_eq!(
                answer.found.total,
                u64::try_from(all.len()).unwrap(),
                "the total does not shrink with the pages"
            );
            let (page, more) = answer.page(7);
            paged.extend(page.iter().copied());
            after = page.last().copied();
            if !more {
                break;
            }
        }
        assert!(all.len() > 14 && paged == all, "{sort:?}");
    }
}
