//! Several values in one cell: `material=steel;finish=zinc`. A backslash takes a separator's meaning away.

use crate::catalog::draft::{DraftCertificate, DraftSample};
use crate::catalog::listing::Listing;
use crate::catalog::view::price_text;
use entrepot_domain::catalog::{Certificate, Sample};
use std::collections::BTreeMap;

/// What separates values; each is written with a backslash inside a value.
const SPECIAL: [char; 4] = ['\\', ';', '=', '|'];

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if SPECIAL.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { chars.next().unwrap_or('\\') } else { c });
    }
    out.trim().to_owned()
}

/// The parts between separators that have their meaning; backslashes stay for the parts' own parts.
fn parts(text: &str, separator: char) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == separator {
            all.push(String::new());
            continue;
        }
        if let Some(last) = all.last_mut() {
            last.push(c);
            if c == '\\' {
                last.extend(chars.next());
            }
        }
    }
    all
}

fn filled(text: &str) -> impl Iterator<Item = String> {
    parts(text, ';').into_iter().filter(|part| !part.trim().is_empty())
}

/// Reads `key=value;key=value`; the first part that is no pair is the error.
pub fn pairs(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    for part in filled(text) {
        match parts(&part, '=').as_slice() {
            [key, value] => {
                found.insert(unescaped(key), unescaped(value));
            }
            _ => return Err(part),
        }
    }
    Ok(found)
}

/// Writes what [`pairs`] reads.
pub fn written_pairs(of: &BTreeMap<String, String>) -> String {
    of.iter().map(|(key, value)| format!("{}={}", escaped(key), escaped(value))).collect::<Vec<_>>().join(";")
}

/// Reads `price:most:days`.
pub fn sample(text: &str) -> Option<DraftSample> {
    let mut parts = text.split(':').map(str::trim);
    let (price, most, days) = (parts.next()?, parts.next()?, parts.next()?);
    let (max_quantity, lead_days) = (most.parse().ok()?, days.parse().ok()?);
    parts.next().is_none().then(|| DraftSample { unit_price: price.to_owned(), max_quantity, lead_days })
}

/// Writes what [`sample`] reads.
pub fn written_sample(listing: &Listing, sample: &Sample) -> String {
    format!("{}:{}:{}", price_text(listing, sample.unit_price), sample.max_quantity, sample.lead_days)
}

/// Reads `kind|number|issuer|2027-06-30;…`, the day left out where there is none; the first part of another form is the error.
pub fn certificates(text: &str) -> Result<Vec<DraftCertificate>, String> {
    let mut found = Vec::new();
    for part in filled(text) {
        let fields: Vec<String> = parts(&part, '|').iter().map(|field| unescaped(field)).collect();
        let [kind, number, issuer, rest @ ..] = fields.as_slice() else { return Err(part) };
        if rest.len() > 1 {
            return Err(part);
        }
        let valid_until = rest.first().filter(|day| !day.is_empty()).cloned();
        let (kind, number, issuer) = (kind.clone(), number.clone(), issuer.clone());
        found.push(DraftCertificate { kind, number, issuer, valid_until });
    }
    Ok(found)
}

/// Writes what [`certificates`] reads.
pub fn written_certificates(of: &[Certificate]) -> String {
    let one = |named: &Certificate| {
        let until = named.valid_until.map(|day| day.to_string()).unwrap_or_default();
        format!("{}|{}|{}|{until}", escaped(&named.kind), escaped(&named.number), escaped(&named.issuer))
    };
    of.iter().map(one).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_what_is_none_is_named() {
        let map = |text: &str| pairs(text).map(|found| found.into_iter().collect::<Vec<_>>());
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(map(" a = 1 ;b=2;"), Ok(vec![pair("a", "1"), pair("b", "2")]));
        assert_eq!(map(r"a\=b=c\;d\\"), Ok(vec![pair("a=b", r"c;d\")]));
        assert_eq!(map(""), Ok(Vec::new()));
        assert_eq!(map("a=1;b"), Err("b".to_owned()));
        assert_eq!(map("a=1=2"), Err("a=1=2".to_owned()));
        assert!(sample("2.50:3:7").is_some_and(|s| s.unit_price == "2.50" && s.max_quantity == 3 && s.lead_days == 7));
        assert!(["", "1:2", "1:x:3", "1:2:3:4"].iter().all(|text| sample(text).is_none()));
        let named = certificates("CE|1|TÜV|2027-06-30;RoHS|2|SGS|;REACH|3|SGS").unwrap();
        assert_eq!(
            named.iter().map(|c| c.valid_until.as_deref()).collect::<Vec<_>>(),
            [Some("2027-06-30"), None, None]
        );
        assert!(certificates("CE|1").is_err() && certificates("a|b|c|d|e").is_err());
    }

    /// Every short text of letters, blanks inside, separators and backslashes.
    #[test]
    fn what_is_written_reads_back() {
        let letters = ['a', ';', '=', '|', '\\', '灯'];
        let word = |n: usize| -> String { [n % 6, n / 6 % 6, n / 36 % 6].iter().map(|at| letters[*at]).collect() };
        for n in 0..216 {
            let map = BTreeMap::from([(word(n), word(215 - n)), (format!("{}x", word(215 - n)), "b c".to_owned())]);
            assert_eq!(pairs(&written_pairs(&map)), Ok(map));
        }
    }
}
