//! Scores against the formula written down once more, and known items against their rank.
#![allow(clippy::float_arithmetic)]

use super::*;
use crate::search::collect::Wanted;
use crate::search::schema::{Item, searched};
use tantivy::fieldnorm::FieldNormReader;

const K1: f64 = 1.2;
const B: f64 = 0.75;

fn tokens(shown: &Shown) -> Vec<String> {
    searched(&Item {
        listing: &shown.listing,
        supplier: &shown.company.name,
        supplier_zh: shown.company.name_zh.as_deref(),
        country: &shown.company.country,
        verified: shown.company.verified_level,
    })
}

/// The lengths an index distinguishes: exact up to 39, then four bits behind the leading one.
fn quantised(length: usize) -> f64 {
    let length = u32::try_from(length).unwrap();
    f64::from((0..=255u8).map(FieldNormReader::id_to_fieldnorm).take_while(|known| *known <= length).last().unwrap())
}

/// BM25 (Robertson and Zaragoza 2009) with the logarithm that cannot be negative, summed over the words.
fn bm25(words: &[&str], document: &[String], all: &[Vec<String>]) -> f64 {
    let count = f64::from(u32::try_from(all.len()).unwrap());
    let length = f64::from(u32::try_from(all.iter().map(Vec::len).sum::<usize>()).unwrap()) / count;
    let part = |word: &&str| {
        let with = f64::from(u32::try_from(all.iter().filter(|d| d.iter().any(|t| t == word)).count()).unwrap());
        let often = f64::from(u32::try_from(document.iter().filter(|t| t == word).count()).unwrap());
        let rare = (1.0 + (count - with + 0.5) / (with + 0.5)).ln();
        rare * often * (K1 + 1.0) / (often + K1 * (1.0 - B + B * quantised(document.len()) / length))
    };
    words.iter().map(part).sum()
}

#[tokio::test]
async fn scores_are_plain_bm25() {
    let world = World::new().await;
    let goods = world.goods().await;
    let all: Vec<Vec<String>> = goods.iter().map(tokens).collect();
    let mut looked_at = 0;
    for query in ["cotton", "cotton fabric", "steel", "hex head m8", "towel 70 140", "不锈", "oak table"] {
        let typed: Vec<String> =
            crate::search::text::tokens(query).into_iter().filter(|t| query != "不锈" || t.len() > 3).collect();
        let words: Vec<&str> = typed.iter().map(String::as_str).collect();
        let answer = world.find(&format!("{query} "), &Wanted { rows: 400, ..Wanted::default() }).await;
        if answer.width != Width::Exact {
            continue;
        }
        for (key, id) in answer.found.hits {
            let score = f64::from(f32::from_bits(u32::MAX - u32::try_from(key).unwrap()));
            let place = goods.iter().position(|s| s.listing.product.id.0 == id).unwrap();
            let wanted = bm25(&words, &all[place], &all);
            assert!((score - wanted).abs() < 1e-4, "{query}: {score} is not {wanted}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 60, "only {looked_at} scores were compared");
}

/// 1 over the rank within the first ten, 0 beyond, averaged.
async fn reciprocal(world: &World, asked: &[(String, u128)]) -> f64 {
    let mut sum = 0.0;
    for (query, id) in asked {
        let mut answer = world.find(query, &Wanted { rows: 10, ..Wanted::default() }).await;
        if let Some(rank) = answer.page(10).0.iter().position(|hit| hit.1 == *id) {
            sum += 1.0 / f64::from(u32::try_from(rank).unwrap() + 1);
        }
    }
    sum / f64::from(u32::try_from(asked.len()).unwrap())
}

/// The first words of the title that are words, four at most: what somebody remembers of a product.
fn remembered(shown: &Shown) -> Vec<String> {
    let title = &shown.listing.product.title;
    title.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2).take(4).map(str::to_owned).collect()
}

fn mistyped(words: &[String], salt: usize) -> String {
    let place = (0..words.len()).max_by_key(|n| words[*n].chars().count()).unwrap();
    let mut letters: Vec<char> = words[place].chars().collect();
    let at = 1 + salt % (letters.len() - 2);
    match salt % 4 {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = if letters[at] == 'e' { 'a' } else { 'e' },
    }
    let mut words = words.to_vec();
    words[place] = letters.into_iter().collect();
    words.join(" ")
}

#[tokio::test]
async fn known_items_come_first_in_english_in_chinese_and_with_a_typo() {
    let world = World::new().await;
    let goods = world.goods().await;
    let id = |shown: &Shown| shown.listing.product.id.0;
    let english: Vec<_> = goods.iter().map(|s| (remembered(s).join(" "), id(s))).collect();
    let typo: Vec<_> = goods.iter().enumerate().map(|(n, s)| (mistyped(&remembered(s), n), id(s))).collect();
    let zh = |s: &Shown| s.listing.title_zh.clone().map(|title| title.split_whitespace().next().unwrap().to_owned());
    let chinese: Vec<_> = goods.iter().filter_map(|s| Some((zh(s)?, id(s)))).collect();
    let wrong = |(n, (title, id)): (usize, &(String, u128))| {
        let mut letters: Vec<char> = title.chars().collect();
        let at = n % letters.len();
        letters[at] = '龘';
        (letters.into_iter().collect(), *id)
    };
    let chinese_typo: Vec<_> = chinese.iter().enumerate().map(wrong).collect();

    let found = [
        reciprocal(&world, &english).await,
        reciprocal(&world, &chinese).await,
        reciprocal(&world, &typo).await,
        reciprocal(&world, &chinese_typo).await,
    ];

    println!(
        "MRR@10 English {:.3}, Chinese {:.3}, one typo {:.3}, one wrong character {:.3}",
        found[0], found[1], found[2], found[3]
    );
    for (n, least) in [0.85, 0.8, 0.75, 0.75].into_iter().enumerate() {
        assert!(found[n] >= least, "{found:?}");
    }
}
