use super::super::template;
use super::*;

fn given(n: usize) -> BTreeMap<String, String> {
    (0..n).map(|n| (format!("p{n}"), "x".to_owned())).collect()
}

fn whole(attributes: &BTreeMap<String, String>) -> ListingFacts<'_> {
    ListingFacts {
        title: "Hex head bolt M8 x 40, zinc plated, 8.8",
        title_zh: "六角螺栓",
        description: "",
        pictures: 3,
        attributes,
        template: &[],
        hs_digits: 10,
        breaks: 3,
    }
}

fn score(facts: &ListingFacts<'_>) -> u8 {
    listing_quality(facts).score
}

#[test]
fn a_whole_listing_has_a_hundred_points_and_no_advice() {
    let (long, five) = ("x".repeat(200), given(5));
    let quality = listing_quality(&ListingFacts { description: &long, ..whole(&five) });
    assert_eq!(quality, ListingQuality { score: 100, advice: Vec::new(), full: true });
}

#[test]
fn an_empty_listing_is_told_everything_the_most_gainful_first() {
    let none = given(0);
    let facts = ListingFacts { title: "", title_zh: " ", pictures: 0, hs_digits: 0, breaks: 0, ..whole(&none) };
    let quality = listing_quality(&facts);
    assert_eq!(quality.score, 0);
    let kinds: Vec<_> = quality.advice.iter().map(|a| a.kind).collect();
    assert_eq!(kinds.first(), Some(&AdviceKind::MorePictures));
    // All but the one about a template.
    assert_eq!(kinds.len() + 1, AdviceKind::ALL.len());
    assert_eq!(quality.advice.iter().map(|a| u32::from(a.gain)).sum::<u32>(), 100);
}

#[test]
fn each_step_earns_what_it_says() {
    let (five, two, many) = (given(5), given(2), given(500));
    let all = whole(&five);
    let base = score(&all);
    assert_eq!(base, 85);
    for (facts, wanted) in [
        (ListingFacts { title: "Hex head bolt M8", ..all }, base - 7),
        (ListingFacts { title: "Bolt 8", ..all }, base - 15),
        (ListingFacts { title: "Hexagon head bolt of plated steel", ..all }, base - 5),
        (ListingFacts { title_zh: "", ..all }, base - 10),
        (ListingFacts { pictures: 1, ..all }, base - 8),
        (whole(&two), base - 7),
        (ListingFacts { hs_digits: 6, ..all }, base - 4),
        (ListingFacts { breaks: 1, ..all }, base - 10),
        (ListingFacts { pictures: 500, breaks: 500, ..whole(&many) }, base),
    ] {
        assert_eq!(score(&facts), wanted, "{facts:?}");
    }
}

#[test]
fn a_template_is_advised_by_property_and_each_advice_brings_its_gain() {
    for slug in ["hardware", "textiles", "food-tea"] {
        let mut attributes = given(9);
        let mut before = 0;
        for attribute in template(slug) {
            let facts = ListingFacts { template: template(slug), ..whole(&attributes) };
            let quality = listing_quality(&facts);
            let advice = quality.advice.iter().find(|a| a.attribute == Some(attribute.key.as_str())).copied();
            let gain = advice.map_or(0, |a| a.gain);
            assert!(gain > 0, "{slug} {}", attribute.key);
            assert!(quality.full || template(slug).iter().any(|a| a.required && !attributes.contains_key(&a.key)));
            attributes.insert(attribute.key.clone(), "1".to_owned());
            before = quality.score;
            let after = listing_quality(&ListingFacts { template: template(slug), ..whole(&attributes) });
            assert_eq!(after.score, before + gain, "{slug} {}", attribute.key);
        }
        let quality = listing_quality(&ListingFacts { template: template(slug), ..whole(&attributes) });
        assert!(quality.full && quality.score == 85 && before < 85);
        assert!(quality.advice.iter().all(|a| a.attribute.is_none()));
    }
    let blank = BTreeMap::from([("material".to_owned(), "  ".to_owned())]);
    let quality = listing_quality(&ListingFacts { template: template("hardware"), ..whole(&blank) });
    assert!(!quality.full && quality.advice.iter().any(|a| a.attribute == Some("material")), "blank states nothing");
}

#[test]
fn names_and_pointers_are_unlike_or_named_alike_on_purpose() {
    let names: std::collections::BTreeSet<_> = AdviceKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(names.len(), AdviceKind::ALL.len());
    assert!(AdviceKind::ALL.iter().all(|kind| kind.pointer().starts_with('/')));
}
