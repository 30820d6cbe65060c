//! The map's items, the list of all numbers, and what is missing between them.

use super::rules::manifest;
use serde_json::Value;

/// Characters of a reason at least.
const REASON_MIN: usize = 20;
/// Characters of a section of documentation at least.
const SECTION_MIN: usize = 120;

/// Sections of ASVS 5.0 with the number of their requirements of level 1 and 2, which are counted from 1 in each.
const SECTIONS: &[(&str, usize)] = &[
    ("1.1", 2),
    ("1.2", 9),
    ("1.3", 11),
    ("1.4", 3),
    ("1.5", 2),
    ("2.1", 3),
    ("2.2", 3),
    ("2.3", 4),
    ("2.4", 1),
    ("3.2", 2),
    ("3.3", 4),
    ("3.4", 6),
    ("3.5", 5),
    ("3.7", 2),
    ("4.1", 3),
    ("4.2", 1),
    ("4.3", 2),
    ("4.4", 4),
    ("5.1", 1),
    ("5.2", 3),
    ("5.3", 2),
    ("5.4", 3),
    ("6.1", 3),
    ("6.2", 12),
    ("6.3", 4),
    ("6.4", 4),
    ("6.5", 5),
    ("6.6", 3),
    ("6.8", 4),
    ("7.1", 3),
    ("7.2", 4),
    ("7.3", 2),
    ("7.4", 5),
    ("7.5", 2),
    ("7.6", 2),
    ("8.1", 2),
    ("8.2", 3),
    ("8.3", 1),
    ("8.4", 1),
    ("9.1", 3),
    ("9.2", 4),
    ("10.1", 2),
    ("10.2", 2),
    ("10.3", 4),
    ("10.4", 11),
    ("10.5", 5),
    ("10.6", 2),
    ("10.7", 3),
    ("11.1", 2),
    ("11.2", 3),
    ("11.3", 3),
    ("11.4", 4),
    ("11.5", 1),
    ("11.6", 1),
    ("12.1", 3),
    ("12.2", 2),
    ("12.3", 4),
    ("13.1", 1),
    ("13.2", 5),
    ("13.3", 2),
    ("13.4", 5),
    ("14.1", 2),
    ("14.2", 4),
    ("14.3", 3),
    ("15.1", 3),
    ("15.2", 3),
    ("15.3", 7),
    ("16.1", 1),
    ("16.2", 5),
    ("16.3", 4),
    ("16.4", 3),
    ("16.5", 3),
    ("17.1", 1),
    ("17.2", 4),
    ("17.3", 2),
];

/// One requirement.
#[derive(Debug, Clone)]
pub struct Item {
    pub applies: bool,
    pub level: i64,
    pub title: String,
    pub test: Vec<String>,
    pub doc: Option<String>,
    pub waiver: Option<String>,
}

/// All numbers of level 1 and 2.
pub fn numbers() -> Vec<String> {
    let of = |(section, count): &(&str, usize)| {
        let section = (*section).to_owned();
        (1..=*count).map(move |n| format!("{section}.{n}"))
    };
    SECTIONS.iter().flat_map(of).collect()
}

/// A line of the map as JSON: words before ` = ` become names.
fn json(line: &str) -> Value {
    let (mut out, mut word, mut quoted) = (String::from("{"), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                out.push(c);
            }
            _ if quoted => out.push(c),
            'a'..='z' => word.push(c),
            '=' => {
                if !word.is_empty() {
                    out.push_str(&format!("\"{word}\""));
                }
                word.clear();
                out.push(':');
            }
            ' ' => {}
            _ => {
                out.push_str(&word);
                word.clear();
                out.push(c);
            }
        }
    }
    out.push('}');
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{line}: {error}"))
}

/// The map, line by line.
pub fn items() -> Vec<(String, Item)> {
    let text = manifest("docs/asvs.toml");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &str| {
        let value = json(line);
        let (id, item) = value.as_object().unwrap().iter().next().unwrap();
        let text = |name: &str| item[name].as_str().map(str::to_owned);
        let test = item["test"].as_array().into_iter().flatten().map(|t| t.as_str().unwrap().to_owned()).collect();
        let applies = item["applies"].as_bool().unwrap_or(true);
        let level = item["level"].as_i64().unwrap_or(0);
        let title = text("title").unwrap_or_default();
        (id.clone(), Item { applies, level, title, test, doc: text("doc"), waiver: text("waiver") })
    };
    lines.map(read).collect()
}

fn test_is_there(named: &str) -> bool {
    let Some((path, name)) = named.split_once("::") else { return false };
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let Ok(text) = std::fs::read_to_string(&path) else { return false };
    match path.extension().is_some_and(|end| end == "rs") {
        true => text.contains(&format!("fn {name}(")),
        false => text.contains(&format!("'{name}'")),
    }
}

/// What is wrong with the page an item names.
pub fn section_gap(id: &str, item: &Item) -> Option<String> {
    let named = item.doc.as_deref()?;
    let (page, anchor) = named.split_once('#')?;
    let text = manifest(page);
    let heading = |line: &str| line.strip_prefix("## ").map(|title| title.to_lowercase().replace(' ', "-"));
    let mut lines = text.lines().skip_while(|line| heading(line).as_deref() != Some(anchor)).skip(1);
    let section: String = lines.by_ref().take_while(|line| !line.starts_with("## ")).collect();
    (section.len() < SECTION_MIN).then(|| format!("{id}: {named} says nothing"))
}

fn wrong(id: &str, item: &Item) -> Option<String> {
    if item.title.is_empty() || ![1, 2].contains(&item.level) {
        return Some(format!("{id} has no title or no level"));
    }
    if let Some(missing) = item.test.iter().find(|test| !test_is_there(test)) {
        return Some(format!("{id} names a test that is not there: {missing}"));
    }
    if item.waiver.as_ref().is_some_and(|reason| reason.chars().count() < REASON_MIN) {
        return Some(format!("{id} gives no reason"));
    }
    if !item.applies && item.waiver.is_none() {
        return Some(format!("{id} does not apply and does not say why"));
    }
    if item.applies && item.test.is_empty() && item.waiver.is_none() {
        return Some(format!("{id} has neither a test nor a reason"));
    }
    section_gap(id, item)
}

/// Numbers that are missing, unknown or twice, and what is wrong with the others.
pub fn gaps(items: &[(String, Item)]) -> Vec<String> {
    let numbers = numbers();
    let missing = numbers.iter().filter(|n| !items.iter().any(|(id, _)| id == *n)).map(|n| format!("{n} is missing"));
    let unknown = items.iter().filter(|(id, _)| !numbers.contains(id)).map(|(id, _)| format!("{id} is no number"));
    let twice = items.iter().enumerate().filter(|(n, (id, _))| items[..*n].iter().any(|(other, _)| other == id));
    let twice = twice.map(|(_, (id, _))| format!("{id} is there twice"));
    missing.chain(unknown).chain(twice).chain(items.iter().filter_map(|(id, item)| wrong(id, item))).collect()
}
