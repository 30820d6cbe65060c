//! What somebody typed, as clauses that all must hold, each with the other ways to say it.

use super::text::{self, Piece};
use std::sync::LazyLock;

/// Longest query in characters.
pub const TYPED_MAX: usize = 200;
/// Clauses looked at; a query of more is refused.
pub const CLAUSES_MAX: usize = 24;

/// One thing that must be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// As typed; a phrase that has synonyms is one clause.
    pub typed: Vec<Piece>,
    /// Other ways to say it, each a row of pieces that must all be found.
    pub synonyms: Vec<Vec<Piece>>,
}

/// A query in clauses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// What must be found.
    pub clauses: Vec<Clause>,
    /// The word still being typed at the end, as far as it goes.
    pub unfinished: Option<String>,
}

/// Groups of phrases that mean the same.
static GROUPS: LazyLock<Vec<Vec<Vec<Piece>>>> = LazyLock::new(|| {
    let phrases = |line: &str| line.split(',').map(text::pieces).filter(|p| !p.is_empty()).collect();
    include_str!("data/synonyms.txt").lines().map(phrases).collect()
});

/// The longest phrase of the synonyms that the pieces begin with, and its equals.
fn synonyms(pieces: &[Piece]) -> Option<(usize, Vec<Vec<Piece>>)> {
    let known = GROUPS.iter().flat_map(|group| group.iter().map(move |phrase| (phrase, group)));
    let (phrase, group) =
        known.filter(|(phrase, _)| pieces.starts_with(phrase)).max_by_key(|(phrase, _)| phrase.len())?;
    Some((phrase.len(), group.iter().filter(|other| *other != phrase).cloned().collect()))
}

impl Typed {
    /// Reads a query.
    pub fn read(query: &str) -> Self {
        let all = text::pieces(query);
        let mut rest = all.as_slice();
        let mut clauses = Vec::new();
        while let Some(first) = rest.first() {
            let (length, synonyms) = synonyms(rest).unwrap_or((1, Vec::new()));
            let typed = rest.get(..length).map_or_else(|| vec![first.clone()], <[Piece]>::to_vec);
            let clause = Clause { typed, synonyms };
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
            rest = rest.get(length..).unwrap_or(&[]);
        }
        Self { clauses, unfinished: text::unfinished(query) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Piece {
        Piece::Word(text.to_owned())
    }

    #[test]
    fn a_phrase_with_synonyms_is_one_clause() {
        let typed = Typed::read("vacuum cleaners 220v");
        assert_eq!(typed.clauses.len(), 2);
        assert_eq!(typed.clauses[0].typed, [word("vacuum"), word("cleaner")]);
        assert!(typed.clauses[0].synonyms.contains(&vec![word("hoover")]));
        assert_eq!(typed.clauses[1], Clause { typed: vec![word("220v")], synonyms: Vec::new() });
    }

    #[test]
    fn the_longest_phrase_wins_and_repeats_count_once() {
        assert_eq!(Typed::read("power bank").clauses.len(), 1);
        assert_eq!(Typed::read("bolt BOLT bolts").clauses.len(), 1);
        assert_eq!(Typed::read(" ,").clauses, []);
    }

    #[test]
    fn synonyms_cross_languages() {
        let typed = Typed::read("沙发");
        assert!(typed.clauses[0].synonyms.contains(&vec![word("couch")]));
    }

    #[test]
    fn every_group_has_two_phrases_and_no_phrase_is_in_two() {
        let mut seen = Vec::new();
        for group in GROUPS.iter() {
            // Spellings that become the same word are one phrase.
            let mut phrases = group.clone();
            phrases.dedup();
            assert!(phrases.len() >= 2, "{group:?}");
            for phrase in phrases {
                assert!(!seen.contains(&phrase), "{phrase:?} stands twice");
                seen.push(phrase);
            }
        }
    }
}
