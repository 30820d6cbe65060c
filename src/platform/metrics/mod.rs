//! Numbers about the running process, in the text format of Prometheus.
//!
//! What is counted on the way of a request is an atomic that lives as long as the process ([`door`], [`web`], [`tally`]);
//! counting costs a few relaxed additions. What can be asked (queue lengths, lags, pools) is asked when somebody reads the
//! page ([`sample`], [`process`]). Labels are words of the code, never text or identifiers of users, and a family of rows
//! has an end ([`Family`]), so the page cannot grow with use.

pub mod door;
mod page;
mod process;
mod sample;
pub mod tally;
pub mod web;

pub use page::{Kind, Page};
pub use process::{begin, file_limit, files_open};
pub use sample::{Sample, of_engine};

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// Rows of one family at most; what comes later is counted in the row `other`.
const FAMILY_MAX: usize = 1_000;

/// A number that only grows.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Starts at nothing.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Counts `n` more.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Relaxed);
    }

    /// The count so far.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Upper bounds for durations, in microseconds.
pub const DURATIONS: &[u64] =
    &[250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];
/// Upper bounds for sizes.
pub const SIZES: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128];
/// One more than the longest list of bounds: the last bucket has no bound.
const BUCKETS: usize = 14;

/// How often a value fell between bounds, and the sum of all values.
pub struct Histogram {
    bounds: &'static [u64],
    buckets: [AtomicU64; BUCKETS],
    sum: AtomicU64,
}

impl Histogram {
    /// Counts between these bounds, at most thirteen.
    pub const fn new(bounds: &'static [u64]) -> Self {
        assert!(bounds.len() < BUCKETS);
        Self { bounds, buckets: [const { AtomicU64::new(0) }; BUCKETS], sum: AtomicU64::new(0) }
    }

    /// Counts a value.
    pub fn observe(&self, value: u64) {
        let place = self.bounds.iter().position(|bound| value <= *bound).unwrap_or(self.bounds.len());
        if let Some(bucket) = self.buckets.get(place) {
            bucket.fetch_add(1, Relaxed);
        }
        self.sum.fetch_add(value, Relaxed);
    }

    /// Counts a duration, in microseconds.
    pub fn time(&self, duration: Duration) {
        self.observe(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX));
    }

    /// Values counted so far.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.load(Relaxed)).sum()
    }
}

/// Rows that differ by one label. A row is made when it is first counted and stays; their number has an end.
pub struct Family<M: 'static> {
    rows: RwLock<BTreeMap<String, &'static M>>,
    make: fn() -> M,
}

impl<M> Family<M> {
    /// A family without rows.
    pub const fn new(make: fn() -> M) -> Self {
        Self { rows: RwLock::new(BTreeMap::new()), make }
    }

    /// The row of a label.
    pub fn row(&self, label: &str) -> &'static M {
        if let Some(row) = self.rows.read().unwrap_or_else(PoisonError::into_inner).get(label) {
            return row;
        }
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        let label = if rows.len() < FAMILY_MAX { label } else { "other" };
        // Kept for the life of the process, like the statics beside it.
        rows.entry(label.to_owned()).or_insert_with(|| Box::leak(Box::new((self.make)())))
    }

    /// All rows, by label.
    fn each(&self, mut show: impl FnMut(&str, &M)) {
        for (label, row) in self.rows.read().unwrap_or_else(PoisonError::into_inner).iter() {
            show(label, row);
        }
    }
}

/// The whole page: what was counted, and what was asked.
pub fn render(samples: &[Sample]) -> String {
    let mut page = Page::default();
    web::show(&mut page);
    door::show(&mut page);
    tally::show(&mut page);
    process::show(&mut page);
    sample::show(&mut page, samples);
    page.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_falls_into_the_first_bucket_that_holds_it() {
        let histogram = Histogram::new(SIZES);
        for value in [1, 2, 3, 128, 129] {
            histogram.observe(value);
        }
        let mut page = Page::default();
        page.head("size", Kind::Histogram, "Sizes.");
        page.histogram("size", &[("of", "groups")], &histogram, false);
        let text = page.into_text();

        assert_eq!(histogram.count(), 5);
        for line in [
            "size_bucket{of=\"groups\",le=\"1\"} 1",
            "size_bucket{of=\"groups\",le=\"2\"} 2",
            "size_bucket{of=\"groups\",le=\"4\"} 3",
            "size_bucket{of=\"groups\",le=\"128\"} 4",
            "size_bucket{of=\"groups\",le=\"+Inf\"} 5",
            "size_sum{of=\"groups\"} 263",
            "size_count{of=\"groups\"} 5",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn durations_are_shown_in_seconds() {
        let histogram = Histogram::new(DURATIONS);
        histogram.time(Duration::from_micros(1_250_000));
        let mut page = Page::default();
        page.histogram("took", &[], &histogram, true);
        let text = page.into_text();

        assert!(text.contains("took_bucket{le=\"0.000250\"} 0\n"), "{text}");
        assert!(text.contains("took_bucket{le=\"5.000000\"} 1\n"), "{text}");
        assert!(text.contains("took_sum 1.250000\n"), "{text}");
    }

    #[test]
    fn a_family_has_an_end() {
        static FAMILY: Family<Counter> = Family::new(Counter::new);
        for n in 0..FAMILY_MAX + 50 {
            FAMILY.row(&format!("row {n}")).add(1);
        }
        let mut rows = 0;
        FAMILY.each(|_, _| rows += 1);

        assert_eq!(rows, FAMILY_MAX + 1);
        assert_eq!(FAMILY.row("other").get(), 50);
    }

    #[test]
    fn a_label_cannot_break_out_of_its_quotes() {
        let mut page = Page::default();
        page.row("x", &[("route", "a\"b\\c\nd")], 1);

        assert_eq!(page.into_text(), "x{route=\"a\\\"b\\\\c\\nd\"} 1\n");
    }
}
