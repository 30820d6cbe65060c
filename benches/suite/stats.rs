//! Figures of one run, and the median and spread of several.

use serde_json::{Value, json};
use std::time::Duration;

/// What one run of a load gave.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Wall time.
    pub elapsed: Duration,
    /// Latency of each answer in microseconds, sorted.
    pub micros: Vec<u32>,
    /// Answers outside of 2xx.
    pub errors: usize,
    /// CPU time the server's process took.
    pub server_cpu: Duration,
    /// Bodies of the answers, where they were kept.
    pub bodies: Vec<Vec<u8>>,
}

impl Run {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.micros.len() as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Latency in milliseconds below which this share of the answers came.
    pub fn at(&self, share: f64) -> f64 {
        let last = self.micros.len().saturating_sub(1);
        self.micros.get((last as f64 * share).round() as usize).map_or(0.0, |m| f64::from(*m) / 1_000.0)
    }

    /// Server CPU per answer in microseconds.
    pub fn cpu_per_answer(&self) -> f64 {
        self.server_cpu.as_secs_f64() * 1e6 / (self.micros.len().max(1)) as f64
    }
}

/// The middle of some figures and half of what lies between the lowest and the highest.
#[derive(Debug, Clone, Copy, Default)]
pub struct Middle {
    pub median: f64,
    pub lowest: f64,
    pub highest: f64,
}

impl Middle {
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        match (sorted.first(), sorted.last()) {
            (Some(lowest), Some(highest)) => {
                Self { median: sorted[sorted.len() / 2], lowest: *lowest, highest: *highest }
            }
            _ => Self::default(),
        }
    }

    fn json(self) -> Value {
        json!({ "median": round(self.median), "lowest": round(self.lowest), "highest": round(self.highest) })
    }
}

fn round(figure: f64) -> f64 {
    (figure * 1_000.0).round() / 1_000.0
}

/// All runs of one case.
#[derive(Debug, Clone)]
pub struct Case {
    pub name: String,
    pub runs: Vec<Run>,
    /// What was said about it, e.g. what an operation consists of.
    pub note: String,
}

impl Case {
    pub fn new(name: impl Into<String>, note: impl Into<String>) -> Self {
        Self { name: name.into(), runs: Vec::new(), note: note.into() }
    }

    pub fn rate(&self) -> Middle {
        Middle::of(self.runs.iter().map(Run::rate))
    }

    pub fn at(&self, share: f64) -> Middle {
        Middle::of(self.runs.iter().map(|r| r.at(share)))
    }

    pub fn cpu(&self) -> Middle {
        Middle::of(self.runs.iter().map(Run::cpu_per_answer))
    }

    pub fn errors(&self) -> usize {
        self.runs.iter().map(|r| r.errors).sum()
    }

    pub fn answers(&self) -> usize {
        self.runs.iter().map(|r| r.micros.len()).sum()
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let (rate, cpu) = (self.rate(), self.cpu());
        format!(
            "{:<44} {:>8.0}/s ({:.0}–{:.0})  p50 {:.2}  p95 {:.2}  p99 {:.2}  p99.9 {:.2}  max {:.2} ms  {:.0} us CPU  {} errors of {}",
            self.name,
            rate.median,
            rate.lowest,
            rate.highest,
            self.at(0.5).median,
            self.at(0.95).median,
            self.at(0.99).median,
            self.at(0.999).median,
            self.at(1.0).median,
            cpu.median,
            self.errors(),
            self.answers(),
        )
    }

    pub fn json(&self) -> Value {
        json!({
            "name": self.name, "note": self.note, "runs": self.runs.len(), "answers": self.answers(), "errors": self.errors(),
            "per_second": self.rate().json(), "cpu_us": self.cpu().json(),
            "p50_ms": self.at(0.5).json(), "p95_ms": self.at(0.95).json(), "p99_ms": self.at(0.99).json(),
            "p999_ms": self.at(0.999).json(), "max_ms": self.at(1.0).json(),
        })
    }
}
