//! The text format of Prometheus, version 0.0.4.

use super::Histogram;
use std::fmt::{Display, Write};
use std::sync::atomic::Ordering::Relaxed;

/// What kind of number a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts between bounds.
    Histogram,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// The page being written.
#[derive(Default)]
pub struct Page(String);

/// A label's text cannot end its quotes or its line.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Microseconds in seconds.
pub(super) fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

impl Page {
    /// Begins a metric.
    pub fn head(&mut self, name: &str, kind: Kind, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {}\n", kind.word()));
    }

    /// One value.
    pub fn row(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let text: Vec<String> = labels.iter().map(|(label, is)| format!("{label}=\"{}\"", quoted(is))).collect();
        let braces = if text.is_empty() { String::new() } else { format!("{{{}}}", text.join(",")) };
        self.line(format_args!("{name}{braces} {value}\n"));
    }

    /// The rows of a histogram; `timed` shows microseconds as seconds.
    pub fn histogram(&mut self, name: &str, labels: &[(&str, &str)], of: &Histogram, timed: bool) {
        let shown = |value: u64| if timed { seconds(value) } else { value.to_string() };
        let bounds = of.bounds.iter().map(|bound| shown(*bound)).chain(["+Inf".to_owned()]);
        let mut count = 0;
        for (bound, bucket) in bounds.zip(&of.buckets) {
            count += bucket.load(Relaxed);
            let labels: Vec<(&str, &str)> = labels.iter().copied().chain([("le", bound.as_str())]).collect();
            self.row(&format!("{name}_bucket"), &labels, count);
        }
        self.row(&format!("{name}_sum"), labels, shown(of.sum.load(Relaxed)));
        self.row(&format!("{name}_count"), labels, count);
    }

    /// The finished text.
    pub fn into_text(self) -> String {
        self.0
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String does not fail.
        let _ = self.0.write_fmt(text);
    }
}
