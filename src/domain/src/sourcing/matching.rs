//! Which suppliers fit a request, and why: integer points, the same for the same input in any order.
//!
//! A supplier is scored by its best product for each line; a line's score is points earned of the points that could be
//! earned with what the buyer asked for, in per cent, and the supplier's the average over the lines. Refuses to name anybody
//! whose goods share neither category nor HS heading with a line.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rfq::{RfqLine, RfqTerms};
use crate::kernel::{CompanyId, Day, Quantity};

/// Suppliers a request is shown to at most as matched.
pub const MATCHED_MAX: usize = 50;
/// Reasons listed for one supplier at most.
const REASONS_MAX: usize = 12;

const CATEGORY: i64 = 35;
const SAME_HS6: i64 = 25;
const SAME_HS4: i64 = 15;
const ATTRIBUTES: i64 = 15;
const SMALL_ENOUGH: i64 = 10;
const SOON_ENOUGH: i64 = 10;
const FROM_THERE: i64 = 5;

/// Is one listed product of a supplier, as far as matching looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who sells it.
    pub supplier: CompanyId,
    /// Slug of its category.
    pub category: String,
    /// Its HS code.
    pub hs_code: String,
    /// Its country of origin.
    pub origin: String,
    /// The smallest quantity sold.
    pub moq: Quantity,
    /// Days of production.
    pub lead_days: i64,
    /// Its properties.
    pub attributes: BTreeMap<String, String>,
}

/// Names why a supplier fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// Sells goods of the category.
    Category,
    /// Sells goods of the same six digits of the Harmonised System.
    SameHs6,
    /// Sells goods of the same heading (four digits).
    SameHs4,
    /// Goods have properties that were asked for.
    Attributes,
    /// The quantity wanted is at least the smallest sold.
    SmallEnough,
    /// The goods are ready in time.
    SoonEnough,
    /// The goods come from the country wished for.
    FromThere,
}

impl ReasonKind {
    /// Lists them.
    pub const ALL: [Self; 7] = [
        Self::Category,
        Self::SameHs6,
        Self::SameHs4,
        Self::Attributes,
        Self::SmallEnough,
        Self::SoonEnough,
        Self::FromThere,
    ];

    /// Gives the snake_case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::SameHs6 => "same_hs6",
            Self::SameHs4 => "same_hs4",
            Self::Attributes => "attributes",
            Self::SmallEnough => "small_enough",
            Self::SoonEnough => "soon_enough",
            Self::FromThere => "from_there",
        }
    }
}

/// Is one reason, for one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// Line number, from 1.
    pub line: i32,
    /// Why.
    pub kind: ReasonKind,
    /// Points it brought.
    pub points: i64,
}

/// Is a supplier that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Who.
    pub supplier: CompanyId,
    /// 1 to 100.
    pub score: i64,
    /// Why, line by line.
    pub reasons: Vec<Reason>,
}

/// Is a request as matching sees it.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Who asks; never matched.
    pub buyer: CompanyId,
    /// What for.
    pub terms: &'a RfqTerms,
    /// The market's day on which it was published.
    pub today: Day,
}

/// Gives the `top` suppliers that fit best: by score, then by identifier.
#[must_use]
pub fn rank(wish: &Wish<'_>, candidates: &[Candidate], top: usize) -> Vec<Match> {
    let lines = wish.terms.lines.len();
    let soon = soon(wish);
    let mut found: BTreeMap<CompanyId, Vec<Option<(i64, &Candidate)>>> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.supplier != wish.buyer) {
        for (index, line) in wish.terms.lines.iter().enumerate() {
            let Some(score) = score(wish.terms, line, soon, candidate) else { continue };
            let best = found.entry(candidate.supplier).or_insert_with(|| vec![None; lines]);
            if let Some(slot) = best.get_mut(index)
                && slot.is_none_or(|(before, other)| beats((score, candidate), (before, other)))
            {
                *slot = Some((score, candidate));
            }
        }
    }
    let whole = i64::try_from(lines).unwrap_or(i64::MAX).max(1);
    let mut ranked: Vec<(i64, CompanyId)> = found
        .iter()
        .map(|(supplier, best)| {
            let sum: i64 = best.iter().flatten().map(|(score, _)| score).sum();
            ((sum / whole).max(1), *supplier)
        })
        .collect();
    ranked.sort_unstable_by_key(|(score, supplier)| (Reverse(*score), *supplier));
    ranked.truncate(top);
    let reasons = |supplier: &CompanyId| found.get(supplier).map(|best| reasons(wish.terms, best, soon));
    ranked
        .into_iter()
        .map(|(score, supplier)| Match { supplier, score, reasons: reasons(&supplier).unwrap_or_default() })
        .collect()
}

/// Of two products of one supplier the better one; of equals the one whose facts come first, so that order decides nothing.
fn beats(new: (i64, &Candidate), old: (i64, &Candidate)) -> bool {
    new.0 > old.0 || (new.0 == old.0 && facts(new.1) < facts(old.1))
}

fn facts(candidate: &Candidate) -> (&str, Quantity, i64, &str, &str) {
    let Candidate { hs_code, moq, lead_days, origin, category, .. } = candidate;
    (hs_code, *moq, *lead_days, origin, category)
}

/// Days of production that are soon enough, if the buyer said anything about time.
fn soon(wish: &Wish<'_>) -> Option<i64> {
    let until = wish.terms.needed_by.map(|day| i64::from(day.0.saturating_sub(wish.today.0)));
    match (wish.terms.lead_days, until) {
        (Some(days), Some(until)) => Some(days.min(until)),
        (days, until) => days.or(until),
    }
}

/// The points of each reason that applies.
fn points(terms: &RfqTerms, line: &RfqLine, soon: Option<i64>, candidate: &Candidate) -> [(ReasonKind, i64); 6] {
    let when = |holds: bool, points: i64| if holds { points } else { 0 };
    let same = |digits: usize| {
        let (wanted, sold) = (line.hs_code.get(..digits), candidate.hs_code.get(..digits));
        wanted.is_some() && wanted == sold
    };
    let hs = if same(6) { (ReasonKind::SameHs6, SAME_HS6) } else { (ReasonKind::SameHs4, when(same(4), SAME_HS4)) };
    let shared = line.attributes.iter().filter(|(name, value)| has(candidate, name, value)).count();
    let share = |count: usize| i64::try_from(count).unwrap_or(0);
    let attributes = (ATTRIBUTES * share(shared)).checked_div(share(line.attributes.len())).unwrap_or(0);
    [
        (ReasonKind::Category, when(candidate.category == line.category, CATEGORY)),
        hs,
        (ReasonKind::Attributes, attributes),
        (ReasonKind::SmallEnough, when(candidate.moq <= line.quantity, SMALL_ENOUGH)),
        (ReasonKind::SoonEnough, when(soon.is_some_and(|days| candidate.lead_days <= days), SOON_ENOUGH)),
        (ReasonKind::FromThere, when(terms.origin.as_ref() == Some(&candidate.origin), FROM_THERE)),
    ]
}

/// Whether a product has a property, whatever the case of its letters.
fn has(candidate: &Candidate, name: &str, value: &str) -> bool {
    let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
    candidate.attributes.iter().any(|(n, v)| same(n, name) && same(v, value))
}

/// Per cent of the points that could be earned; `None` when the goods are others altogether.
fn score(terms: &RfqTerms, line: &RfqLine, soon: Option<i64>, candidate: &Candidate) -> Option<i64> {
    let points = points(terms, line, soon, candidate);
    let akin = |kind| matches!(kind, ReasonKind::Category | ReasonKind::SameHs6 | ReasonKind::SameHs4);
    if !points.iter().any(|(kind, points)| akin(*kind) && *points > 0) {
        return None;
    }
    let asked = [
        (true, CATEGORY + SMALL_ENOUGH),
        (!line.hs_code.is_empty(), SAME_HS6),
        (!line.attributes.is_empty(), ATTRIBUTES),
        (soon.is_some(), SOON_ENOUGH),
        (terms.origin.is_some(), FROM_THERE),
    ];
    let possible: i64 = asked.iter().filter(|(asked, _)| *asked).map(|(_, points)| points).sum();
    let earned: i64 = points.iter().map(|(_, points)| points).sum();
    Some(earned * 100 / possible)
}

fn reasons(terms: &RfqTerms, best: &[Option<(i64, &Candidate)>], soon: Option<i64>) -> Vec<Reason> {
    let mut listed = Vec::new();
    for ((number, line), found) in (1_i32..).zip(&terms.lines).zip(best) {
        let Some((_, candidate)) = found else { continue };
        let earned = points(terms, line, soon, candidate).into_iter().filter(|(_, points)| *points > 0);
        listed.extend(earned.map(|(kind, points)| Reason { line: number, kind, points }));
    }
    listed.truncate(REASONS_MAX);
    listed
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
