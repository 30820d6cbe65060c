//! Clauses as queries of the engine, in three widths.
//!
//! * **Exact**: every clause is found as typed or by a synonym; a run of Chinese by all its pairs; one or two letters at the end also
//!   as a beginning, since they are still being typed.
//! * **Near**: a word also as any word one edit away (a neighbouring swap is one edit) or, while it is still being typed, as a
//!   beginning; a run of Chinese with one wrong character.
//! * **Some**: at least half of the clauses, rounded up, each near.
//!
//! A wider one is tried only when the narrower finds nothing. Fuzzy queries of the engine give every hit the same score, so the words
//! near a typed one are looked up here and ranked as words.

use super::fault;
use super::schema::Fields;
use super::text::{self, Piece};
use super::typed::{Clause, Typed};
use crate::platform::problem::Fault;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

/// Words that stand in for a typed one at most; the most frequent are taken.
const NEAR_MAX: usize = 50;
/// Shortest word that is looked for with an edit.
const EDITED_MIN: usize = 4;
/// How much a word near the typed one counts.
const NEAR_WEIGHT: f32 = 0.8;
/// A word at the end of up to so many letters is nobody's whole word yet.
const BEGUN_MAX: usize = 2;
/// How much a synonym counts.
const SYNONYM_WEIGHT: f32 = 0.8;

/// How wide a query reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// As typed.
    Exact,
    /// With one mistake a word.
    Near,
    /// Half of the words.
    Some,
}

/// All of them, from narrow to wide.
pub const WIDTHS: [Width; 3] = [Width::Exact, Width::Near, Width::Some];

/// Builds queries over one state of the index.
pub struct Builder<'a> {
    /// The state.
    pub searcher: &'a Searcher,
    /// Its fields.
    pub fields: &'a Fields,
}

/// A query of the engine.
pub type Boxed = Box<dyn Query>;

fn all(parts: Vec<Boxed>) -> Boxed {
    match <[Boxed; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => Box::new(BooleanQuery::intersection(parts)),
    }
}

fn any(parts: Vec<Boxed>) -> Boxed {
    match <[Boxed; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => Box::new(BooleanQuery::union(parts)),
    }
}

impl Builder<'_> {
    /// The query of a width; without clauses, everything.
    pub fn query(&self, typed: &Typed, width: Width) -> Result<Boxed, Fault> {
        if typed.clauses.is_empty() {
            return Ok(Box::new(AllQuery));
        }
        let last = typed.clauses.len().saturating_sub(1);
        let clause = |(place, clause): (usize, &Clause)| {
            let unfinished = typed.unfinished.as_deref().filter(|_| place == last);
            self.clause(clause, width, unfinished)
        };
        let clauses: Vec<Boxed> = typed.clauses.iter().enumerate().map(clause).collect::<Result<_, Fault>>()?;
        Ok(match width {
            Width::Exact | Width::Near => all(clauses),
            Width::Some => {
                let half = clauses.len().div_ceil(2);
                let parts = clauses.into_iter().map(|clause| (Occur::Should, clause)).collect();
                Box::new(BooleanQuery::with_minimum_required_clauses(parts, half))
            }
        })
    }

    /// The query over one supplier's products alone; scores stay as they are.
    pub fn of_supplier(&self, query: Boxed, supplier: Option<u128>) -> Boxed {
        let Some(supplier) = supplier else { return query };
        let term = Term::from_field_text(self.fields.supplier, &format!("{supplier:032x}"));
        let own = TermQuery::new(term, IndexRecordOption::Basic);
        all(vec![query, Box::new(ConstScoreQuery::new(Box::new(own), 0.0))])
    }

    fn clause(&self, clause: &Clause, width: Width, unfinished: Option<&str>) -> Result<Boxed, Fault> {
        let last = clause.typed.len().saturating_sub(1);
        let piece = |(place, piece): (usize, &Piece)| match width {
            Width::Exact => match unfinished.filter(|begun| place == last && begun.len() <= BEGUN_MAX) {
                Some(begun) => self.near(piece, Some(begun)),
                None => Ok(self.exact(piece)),
            },
            Width::Near | Width::Some => self.near(piece, unfinished.filter(|_| place == last)),
        };
        let typed = all(clause.typed.iter().enumerate().map(piece).collect::<Result<_, Fault>>()?);
        if clause.synonyms.is_empty() {
            return Ok(typed);
        }
        let synonym = |pieces: &Vec<Piece>| -> Boxed {
            Box::new(BoostQuery::new(all(pieces.iter().map(|piece| self.exact(piece)).collect()), SYNONYM_WEIGHT))
        };
        Ok(any(std::iter::once(typed).chain(clause.synonyms.iter().map(synonym)).collect()))
    }

    fn token(&self, token: &str) -> Boxed {
        Box::new(TermQuery::new(Term::from_field_text(self.fields.text, token), IndexRecordOption::WithFreqs))
    }

    fn exact(&self, piece: &Piece) -> Boxed {
        match piece {
            Piece::Word(word) => self.token(word),
            Piece::Run(run) => all(text::pairs(run).map(|pair| self.token(&pair)).collect()),
        }
    }

    fn near(&self, piece: &Piece, unfinished: Option<&str>) -> Result<Boxed, Fault> {
        match piece {
            Piece::Word(word) => {
                let others = self.words_near(word, unfinished)?;
                let near = |other: &String| -> Boxed { Box::new(BoostQuery::new(self.token(other), NEAR_WEIGHT)) };
                Ok(any(std::iter::once(self.token(word)).chain(others.iter().map(near)).collect()))
            }
            Piece::Run(run) => {
                let characters: BTreeSet<char> = run.iter().copied().collect();
                let needed = characters.len().saturating_sub(1).max(1);
                let single = |c: &char| (Occur::Should, self.token(&c.to_string()));
                let most = BooleanQuery::with_minimum_required_clauses(characters.iter().map(single).collect(), needed);
                let mut parts: Vec<(Occur, Boxed)> = vec![(Occur::Must, Box::new(most))];
                parts.extend(text::pairs(run).map(|pair| (Occur::Should, self.token(&pair))));
                Ok(Box::new(BooleanQuery::new(parts)))
            }
        }
    }

    /// Says whether a word is in some product.
    pub fn is_known(&self, word: &str) -> Result<bool, Fault> {
        Ok(self.searcher.doc_freq(&Term::from_field_text(self.fields.text, word)).map_err(fault)? > 0)
    }

    /// Words of the index that may stand in for a typed one, the most frequent first; the word itself is not among them.
    pub fn words_near(&self, word: &str, unfinished: Option<&str>) -> Result<Vec<String>, Fault> {
        let mut found = BTreeMap::new();
        if word.len() >= EDITED_MIN && word.bytes().all(|b| b.is_ascii_lowercase()) {
            self.one_edit(word, &mut found)?;
        }
        if let Some(beginning) = unfinished {
            self.beginning(self.fields.text, beginning, &mut found)?;
        }
        found.remove(word);
        Ok(most_frequent(found, NEAR_MAX))
    }

    fn one_edit(&self, word: &str, found: &mut BTreeMap<String, u64>) -> Result<(), Fault> {
        let fuzzy = FuzzyTermQuery::new(Term::from_field_text(self.fields.text, word), 1, true);
        let automaton = fuzzy.automaton().map_err(fault)?;
        for segment in self.searcher.segment_readers() {
            let lists = segment.inverted_index(self.fields.text).map_err(fault)?;
            let mut stream = lists.terms().search(&automaton).into_stream().map_err(fault)?;
            while stream.advance() {
                note(stream.key(), stream.value().doc_freq, found);
            }
        }
        Ok(())
    }

    /// Words of a field that begin so, with the number of products each is in.
    pub fn beginning(&self, field: Field, beginning: &str, found: &mut BTreeMap<String, u64>) -> Result<(), Fault> {
        for segment in self.searcher.segment_readers() {
            let lists = segment.inverted_index(field).map_err(fault)?;
            let mut stream = lists.terms().range().ge(beginning).into_stream().map_err(fault)?;
            while stream.advance() && stream.key().starts_with(beginning.as_bytes()) {
                note(stream.key(), stream.value().doc_freq, found);
            }
        }
        Ok(())
    }
}

fn note(key: &[u8], products: u32, found: &mut BTreeMap<String, u64>) {
    if let Ok(word) = std::str::from_utf8(key) {
        *found.entry(word.to_owned()).or_default() += u64::from(products);
    }
}

/// The most frequent words first, those of one frequency in the order of letters.
pub fn most_frequent(found: BTreeMap<String, u64>, most: usize) -> Vec<String> {
    let mut words: Vec<(String, u64)> = found.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.into_iter().take(most).map(|(word, _)| word).collect()
}
