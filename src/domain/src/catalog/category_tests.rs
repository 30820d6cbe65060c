use super::*;
use std::collections::BTreeSet;

#[test]
fn the_tree_is_whole_groups_stand_before_their_leaves_and_names_are_in_both_languages() {
    let mut seen = BTreeSet::new();
    assert!(categories().len() >= 25);
    for node in categories() {
        assert!(node.slug.len() <= SLUG_MAX);
        assert!(node.slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", node.slug);
        assert!(!node.en.trim().is_empty() && !node.zh.is_ascii(), "{}", node.slug);
        assert!(node.parent.as_ref().is_none_or(|parent| seen.contains(parent)), "{} hangs in the air", node.slug);
        assert!(seen.insert(node.slug.clone()), "{} stands twice", node.slug);
        let parent = node.parent.as_deref().and_then(category);
        assert!(parent.is_none_or(|parent| !parent.is_leaf()), "{} lies in a leaf", node.slug);
        let children = categories().iter().any(|other| other.parent.as_deref() == Some(&node.slug));
        assert_eq!(children, !node.is_leaf(), "{} is neither group nor leaf", node.slug);
    }
}

#[test]
fn templates_are_sound_and_every_property_brings_a_point() {
    for node in categories().iter().filter(|node| node.is_leaf()) {
        let keys: BTreeSet<&str> = node.attributes.iter().map(|a| a.key.as_str()).collect();
        assert_eq!(keys.len(), node.attributes.len(), "{}", node.slug);
        assert!(node.attributes.iter().any(|a| a.required), "{} demands nothing", node.slug);
        // The quality of a listing has fifteen points for them.
        assert!(node.attributes.iter().map(|a| u32::from(a.weight())).sum::<u32>() <= 15, "{}", node.slug);
        for attribute in &node.attributes {
            let named = attribute.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            assert!(named && !attribute.en.is_empty() && !attribute.zh.is_empty(), "{attribute:?}");
            assert_eq!(attribute.kind == AttributeKind::Number, !attribute.unit.is_empty(), "{attribute:?}");
            assert_eq!(attribute.kind == AttributeKind::Choice, attribute.choices.len() >= 2, "{attribute:?}");
        }
    }
}

#[test]
fn an_unknown_category_is_refused_with_near_ones() {
    let near = |slug: &str| check_category(slug).map(|error| error.detail).unwrap_or_default();
    assert_eq!(check_category("textiles"), None);
    for (slug, meant) in [
        ("textile", "textiles"),
        ("hardwear", "hardware"),
        ("lightning", "lighting"),
        ("hardware-tools", "fasteners"),
        ("Food", "food-tea"),
    ] {
        assert!(near(slug).contains(meant), "{slug}: {}", near(slug));
    }
    assert_eq!(near("zzzzzzzzzzzz"), "there is no such category");
    assert!(!near("").is_empty());
    assert!(near(&"灯".repeat(500)).starts_with("there is no such category"));
}

#[test]
fn the_distance_counts_letters() {
    for (a, b, wanted) in
        [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("灯芯绒", "灯心绒", 1)]
    {
        assert_eq!((distance(a, b), distance(b, a)), (wanted, wanted), "{a} {b}");
    }
}

#[test]
fn properties_of_the_template_are_held_to_their_kind_and_others_are_free() {
    let check = |key: &str, value: &str| {
        let given = BTreeMap::from([(key.to_owned(), value.to_owned())]);
        check_attributes("home-appliances", &given).into_iter().map(|e| (e.pointer, e.code)).collect::<Vec<_>>()
    };
    for (key, value) in [("power", "1200"), ("power", "0.5"), ("plug", "eu"), ("size", "any words"), ("Own thing", "x")]
    {
        assert_eq!(check(key, value), [], "{key}={value}");
    }
    for (key, value, code) in [
        ("power", "1200 W", "catalog.attribute_number"),
        ("power", "1.", "catalog.attribute_number"),
        ("power", "1.0000001", "catalog.attribute_number"),
        ("plug", "Europe", "catalog.attribute_choice"),
    ] {
        assert_eq!(check(key, value), [(format!("/attributes/{key}"), code.to_owned())], "{value}");
    }
}
