//! The search against a plain reading of every product and every supplier: same hits, same counts, for thousands of random queries.

use super::oracle::{Draw, Oracle, Plain, Said, of_product, of_supplier, phrase};
use super::*;
use crate::catalog::{ChangeProduct, Range, Whose, ranges};
use crate::platform::access::Actor;
use crate::platform::engine::Request;
use crate::search::collect::{Judged, Sort, Wanted};
use crate::search::property::{asked, countable};
use crate::search::standing::Standing;
use entrepot_domain::kernel::Bps;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Ten thousand in two halves, which run side by side.
const HALF: u64 = 5_000;
const SUPPLIER_QUERIES: u64 = 2_000;

/// Suppliers as they might stand: every third has no record, one in nine is closed.
fn standing(draw: &mut Draw, suppliers: impl Iterator<Item = u128>) -> Standing {
    let (mut records, mut closed) = (HashMap::new(), HashSet::new());
    for supplier in suppliers.collect::<BTreeSet<_>>() {
        if !draw.one_in(3) {
            let share = 8_000 + i64::try_from(draw.below(2_001)).unwrap();
            records.insert(supplier, (9, Some(Bps(share))));
        }
        if draw.one_in(9) {
            closed.insert(supplier);
        }
    }
    Standing::of(records, closed)
}

fn texts(goods: &[Shown]) -> Vec<String> {
    let of = |shown: &Shown| {
        let listing = &shown.listing;
        let title = listing.product.title.clone();
        [listing.title_zh.clone().unwrap_or_default(), listing.description.clone(), listing.product.sku.clone(), title]
    };
    goods.iter().flat_map(of).collect()
}

/// What the chosen category's products could be narrowed by: values some product states, and bounds around them.
fn properties(draw: &mut Draw, goods: &[Plain], category: &str) -> Vec<String> {
    let mut chosen = Vec::new();
    for attribute in countable(category) {
        let own = goods.iter().filter(|good| good.facets[0] == [category]).flat_map(|good| &good.terms);
        let values: Vec<&str> = own.filter_map(|term| term.strip_prefix(&format!("{}=", attribute.key))).collect();
        if values.is_empty() || !draw.one_in(3) {
            continue;
        }
        let [one, two] = [0; 2].map(|_: usize| values[draw.below(values.len())]);
        if attribute.choices.is_empty() {
            let (from, to) = if draw.one_in(4) { (one, "") } else { ("", two) };
            chosen.push(format!("{}:{from}..{to}", attribute.key));
        } else {
            chosen.extend([one, two].map(|value| format!("{}:{value}", attribute.key)));
        }
    }
    chosen
}

fn wanted(draw: &mut Draw, goods: &[Plain]) -> Wanted {
    let mut wanted = Wanted { rows: 10_000, ..Wanted::default() };
    for n in 0..6 {
        while draw.one_in(4) {
            wanted.facets[n].push(goods[draw.below(goods.len())].facets[n][0].clone());
        }
    }
    if draw.one_in(4) {
        wanted.facets[0] = goods[draw.below(goods.len())].facets[0].clone();
    }
    if let [category] = wanted.facets[0].as_slice() {
        wanted.properties = asked(&wanted.facets[0], &properties(draw, goods, category)).unwrap();
    }
    let product = goods[draw.below(goods.len())].product.as_ref().unwrap();
    if draw.one_in(3) {
        wanted.quantity = Some(product.ladder.last().unwrap().from_quantity.0);
    }
    if draw.one_in(4) {
        let price = product.ladder[0].unit_price.0;
        wanted.price = (Some(price / 3), Some(price * 3));
    }
    if draw.one_in(5) {
        wanted.moq_max = Some(product.moq.0);
    }
    wanted.sort = [Sort::Relevance, Sort::PriceUp, Sort::PriceDown, Sort::Lead, Sort::Moq][draw.below(5)];
    wanted
}

#[tokio::test]
async fn five_thousand_random_queries_find_and_count_what_a_plain_reading_does() {
    half_of_the_queries(26).await;
}

#[tokio::test]
async fn five_thousand_others_find_and_count_what_a_plain_reading_does() {
    half_of_the_queries(62).await;
}

async fn half_of_the_queries(seed: u64) {
    let world = World::new().await;
    let shown = world.goods().await;
    let (texts, goods) = (texts(&shown), shown.iter().map(of_product).collect::<Vec<Plain>>());
    let levels: BTreeSet<&String> = goods.iter().map(|good| &good.facets[2][0]).collect();
    assert_eq!(levels.len(), 4, "the suppliers of the demo market are verified at every level: {levels:?}");
    let mut oracle = Oracle::new(&goods);
    let mut draw = Draw(seed);
    let standing = Arc::new(standing(&mut draw, goods.iter().map(|good| good.supplier)));
    let (mut some, mut none, mut narrowed, mut punctual) = (0, 0, 0, 0);
    for n in 0..HALF {
        let (query, mut wanted) = (phrase(&mut draw, &texts), wanted(&mut draw, &goods));
        let judges = draw.one_in(2);
        if judges {
            wanted.judged = Some(Judged { standing: Arc::clone(&standing), counts: true, hides_closed: false });
            wanted.punctual = u8::try_from([0, 0, 2, 3][draw.below(4)]).unwrap();
        }
        let said = oracle.answer(&Typed::read(&query), &wanted, judges.then_some((&standing, false)));
        let found = Said::of(&world.find(&query, &wanted).await);
        assert_eq!(found, said, "query {n} {query:?} {wanted:?}");
        if said.ids.is_empty() {
            none += 1
        } else {
            some += 1
        }
        if wanted.properties.iter().any(|asked| asked.narrows()) && !said.ids.is_empty() {
            narrowed += 1;
        }
        if wanted.punctual > 0 && !said.ids.is_empty() {
            punctual += 1;
        }
    }
    assert!(some > 1_000 && none > 250, "the queries are one-sided: {some} found something, {none} nothing");
    assert!(
        narrowed > 50 && punctual > 200,
        "too few filters leave anything: {narrowed} by property, {punctual} in time"
    );
}

#[tokio::test]
async fn an_oracle_of_other_rules_disagrees() {
    let world = World::new().await;
    let mut goods: Vec<Plain> = world.goods().await.iter().map(of_product).collect();
    for good in &mut goods {
        good.tokens.remove("cotton");
    }
    let wanted = Wanted { rows: 1_000, ..Wanted::default() };
    let said = Oracle::new(&goods).answer(&Typed::read("cotton towel "), &wanted, None);
    assert_ne!(Said::of(&world.find("cotton towel ", &wanted).await), said);
}

/// All companies that sell, with what they list.
async fn suppliers(world: &World) -> Vec<Range> {
    let all = ranges(world.state.engine.db(), world.market, Whose::Behind(0, 10_000)).await.unwrap();
    all.into_iter().filter(|range| range.company.sells).collect()
}

fn supplier_texts(suppliers: &[Range]) -> Vec<String> {
    let of = |range: &Range| {
        let company = &range.company;
        let mut texts = vec![company.name.clone(), company.name_zh.clone().unwrap_or_default()];
        for (slug, _) in &range.categories {
            let node = entrepot_domain::catalog::category(slug).unwrap();
            texts.extend([node.en.clone(), node.zh.clone()]);
        }
        texts.extend(range.goods.iter().flat_map(|(en, zh)| [en.clone(), zh.clone().unwrap_or_default()]).take(6));
        texts
    };
    suppliers.iter().flat_map(of).collect()
}

/// Lets every third supplier list something in another one's category: the demo market's have one each.
async fn varied(world: &World) {
    let goods = world.goods().await;
    let mut seen = BTreeSet::new();
    for (n, shown) in goods.iter().filter(|shown| seen.insert(shown.company.id.0)).enumerate() {
        if n % 3 == 0 {
            let mut listing = shown.listing.clone();
            listing.category.clone_from(&goods[(n * 31 + 100) % goods.len()].listing.category);
            listing.attributes.clear();
            let request = Request::new(Actor::system(world.market), ChangeProduct { listing, on_hand: None });
            world.state.engine.execute(request).await.unwrap();
        }
    }
    world.catch_up().await;
}

#[tokio::test]
async fn random_queries_find_and_count_suppliers_as_a_plain_reading_does() {
    let world = World::new().await;
    varied(&world).await;
    let all = suppliers(&world).await;
    assert!(all.len() > 20 && all.iter().any(|range| range.categories.len() > 1), "{}", all.len());
    let (texts, plain) = (supplier_texts(&all), all.iter().map(of_supplier).collect::<Vec<Plain>>());
    let mut oracle = Oracle::new(&plain);
    let mut draw = Draw(50);
    let standing = Arc::new(standing(&mut draw, plain.iter().map(|one| one.id)));
    let (mut some, mut none) = (0, 0);
    for n in 0..SUPPLIER_QUERIES {
        let query = phrase(&mut draw, &texts);
        let mut wanted = Wanted { rows: 1_000, ..Wanted::default() };
        for facet in 0..3 {
            while draw.one_in(4) {
                wanted.facets[facet].extend(plain[draw.below(plain.len())].facets[facet].first().cloned());
            }
        }
        wanted.sort = [Sort::Relevance, Sort::Listings][draw.below(2)];
        wanted.punctual = u8::try_from([0, 0, 2, 3][draw.below(4)]).unwrap();
        wanted.judged = Some(Judged { standing: Arc::clone(&standing), counts: true, hides_closed: true });
        let said = oracle.answer(&Typed::read(&query), &wanted, Some((&standing, true)));
        let answer = world.search.find_suppliers(world.market, &Typed::read(&query), &wanted).await.unwrap().0;
        assert_eq!(Said::of(&answer), said, "query {n} {query:?} {wanted:?}");
        if said.ids.is_empty() { none += 1 } else { some += 1 }
    }
    assert!(some > 500 && none > 150, "the queries are one-sided: {some} found something, {none} nothing");

    let wanted = Wanted { rows: 1_000, ..Wanted::default() };
    let mut wrong = plain;
    wrong.iter_mut().for_each(|one| {
        one.tokens.remove("textile");
    });
    let said = Oracle::new(&wrong).answer(&Typed::read("textile "), &wanted, None);
    let answer = world.search.find_suppliers(world.market, &Typed::read("textile "), &wanted).await.unwrap().0;
    assert_ne!(Said::of(&answer), said, "an oracle of other rules disagrees");
}

#[tokio::test]
async fn suppliers_come_by_name_with_a_mistake_in_either_language_and_the_largest_range_first() {
    let world = World::new().await;
    let all = suppliers(&world).await;
    let named = async |query: &str| {
        let wanted = Wanted { rows: 5, ..Wanted::default() };
        let cards = world.search.find_suppliers(world.market, &Typed::read(query), &wanted).await.unwrap().1;
        cards.into_iter().map(|card| card.name).collect::<Vec<_>>()
    };
    for (query, name) in [
        ("lanqiao", "Lanqiao"),
        ("lanqaio", "Lanqiao"),
        ("绍兴兰桥", "Lanqiao"),
        ("紹興蘭橋", "Lanqiao"),
        ("绍兴龘桥", "Lanqiao"),
        ("LANQIAO weaving", "Lanqiao"),
        ("corduroy", "Lanqiao"),
        ("纺织面料", "Lanqiao"),
    ] {
        let found = named(query).await;
        assert!(found.iter().any(|found| found.contains(name)), "{query}: {found:?}");
    }
    assert_eq!(named("qqqqzzzz").await, Vec::<String>::new());
    let wanted = Wanted { rows: 1_000, sort: Sort::Listings, ..Wanted::default() };
    let cards = world.search.find_suppliers(world.market, &Typed::read(""), &wanted).await.unwrap().1;
    let listed: Vec<i64> = cards.iter().map(|card| card.listings).collect();
    assert!(listed.is_sorted_by(|a, b| a >= b) && listed.len() == all.len(), "{listed:?}");
    assert_eq!(listed.iter().sum::<i64>(), 320);
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
