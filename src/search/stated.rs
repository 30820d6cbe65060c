//! What the products of a segment state of the chosen category's template, held against what is asked and counted by term.

use super::columns::Properties;
use super::property::Asked;
use std::collections::BTreeMap;

/// One pass over the properties of a segment.
pub struct Stated {
    /// By term: the place of its property among those asked for.
    places: Vec<Option<u8>>,
    /// By term: whether it is what is asked for.
    takes: Vec<bool>,
    counts: Vec<u64>,
    /// Properties that something is asked of, as bits.
    narrowing: u16,
    asked: usize,
}

impl Stated {
    /// For these properties of a segment.
    pub fn new(known: &Properties, asked: &[Asked]) -> Self {
        let mut places = vec![None; known.terms.len()];
        let mut takes = vec![true; known.terms.len()];
        let mut narrowing = 0;
        for (place, one) in (0_u8..).zip(asked) {
            if one.narrows() {
                narrowing |= 1 << place;
            }
            // Terms are in the order of letters: those of one key stand together.
            let key = format!("{}=", one.key);
            let from = known.terms.partition_point(|term| *term < key);
            let own = known.terms.iter().skip(from).map_while(|term| term.strip_prefix(key.as_str()));
            for ((value, at), ok) in own.zip(places.iter_mut().skip(from)).zip(takes.iter_mut().skip(from)) {
                *at = Some(place);
                *ok = one.takes(value);
            }
        }
        Self { counts: vec![0; places.len()], places, takes, narrowing, asked: asked.len() }
    }

    fn place(&self, code: u32) -> Option<(usize, u8)> {
        let at = usize::try_from(code).ok()?;
        Some((at, self.places.get(at).copied().flatten()?))
    }

    /// The properties that a product with these terms misses, as bits.
    pub fn missed(&self, codes: &[u32]) -> u16 {
        let mut missed = self.narrowing;
        for (at, place) in codes.iter().filter_map(|code| self.place(*code)) {
            if self.takes.get(at).copied().unwrap_or(false) {
                missed &= !(1 << place);
            }
        }
        missed
    }

    /// Counts a product: in all properties when it misses none, else in the one that it misses.
    pub fn count(&mut self, codes: &[u32], missed: u16) {
        for code in codes {
            let Some((at, place)) = self.place(*code) else { continue };
            if (missed == 0 || missed == 1 << place)
                && let Some(count) = self.counts.get_mut(at)
            {
                *count += 1;
            }
        }
    }

    /// Counts by value, in the order of what was asked.
    pub fn harvest(self, terms: &[String]) -> Vec<BTreeMap<String, u64>> {
        let mut found = vec![BTreeMap::new(); self.asked];
        for ((term, place), count) in terms.iter().zip(self.places).zip(self.counts) {
            let counts = place.and_then(|place| found.get_mut(usize::from(place)));
            if let (Some(counts), Some((_, value))) = (counts.filter(|_| count > 0), term.split_once('=')) {
                counts.insert(value.to_owned(), count);
            }
        }
        found
    }
}
