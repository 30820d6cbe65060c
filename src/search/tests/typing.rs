//! What people type, and what they should be shown.

use super::*;
use crate::search::collect::Wanted;

async fn width(world: &World, query: &str) -> (Width, u64) {
    let answer = world.find(query, &Wanted { rows: 5, ..Wanted::default() }).await;
    (answer.width, answer.found.total)
}

#[tokio::test]
async fn one_wrong_letter_and_one_wrong_character_still_find() {
    let world = World::new().await;
    for (query, title) in [
        ("corduory", "corduroy"),
        ("denm jeans", "jeans"),
        ("peshtemall", "Peshtemal"),
        ("龘芯绒", "corduroy"),
        ("牛龘布", "denim"),
    ] {
        let titles = world.titles(query).await;
        assert!(titles.first().is_some_and(|t| t.contains(title)), "{query}: {titles:?}");
        assert_eq!(width(&world, query).await.0, Width::Near, "{query}");
    }
    let meant = world.find("corduory fabric", &Wanted { rows: 1, ..Wanted::default() }).await.meant;
    assert_eq!(meant.as_deref(), Some("corduroy fabric"));
}

#[tokio::test]
async fn traditional_characters_synonyms_plurals_and_accents_find_exactly() {
    let world = World::new().await;
    for (query, title) in [
        ("燈芯絨", "corduroy"),
        ("rugs", "rug"),
        ("carpet wilton", "Wilton"),
        ("PIQUE POLO", "Piqué polo"),
        ("tshirt", "T-shirt"),
        ("160x230", "160 × 230"),
    ] {
        let titles = world.titles(query).await;
        assert!(titles.iter().any(|t| t.contains(title)), "{query}: {titles:?}");
        assert_eq!(width(&world, query).await.0, Width::Exact, "{query}");
    }
}

#[tokio::test]
async fn a_filter_that_leaves_nothing_does_not_bring_other_words_in() {
    let world = World::new().await;
    let mut wanted = Wanted { rows: 5, ..Wanted::default() };
    wanted.facets[1] = vec!["ZZ".to_owned()];
    let answer = world.find("corduroy", &wanted).await;
    assert_eq!((answer.width, answer.found.total), (Width::Exact, 0));
    assert!(answer.found.facets[1].contains_key("CN"), "the countries on offer are still told");
}

#[tokio::test]
async fn nonsense_finds_nothing_and_nothing_finds_everything() {
    let world = World::new().await;
    assert_eq!(width(&world, "qqqqzzzz xxwwvv").await.1, 0);
    assert_eq!(width(&world, "").await, (Width::Exact, 320));
    assert_eq!(width(&world, " ,; ").await.1, 320);
}

#[tokio::test]
async fn typing_offers_whole_words_that_lead_somewhere() {
    let world = World::new().await;
    let offered = world.search.suggest(world.market, "cotton t").await.unwrap();
    assert!(offered.queries.iter().any(|q| q == "cotton towel"), "{offered:?}");
    for query in &offered.queries {
        assert_eq!(width(&world, query).await.0, Width::Exact, "{query} leads nowhere");
    }
    assert_eq!(offered.products.len(), 5);
    let none = world.search.suggest(world.market, "").await.unwrap();
    assert_eq!((none.queries.len(), none.products.len()), (0, 0));
    assert!(!world.search.suggest(world.market, "灯芯").await.unwrap().products.is_empty());
    assert_eq!(world.search.suggest(world.market, "zzzzq").await.unwrap(), super::super::suggest::Offered::default());
}
