//! Examines an installation: what would keep it from starting, what would lose data, what will hurt soon.
//!
//! It changes nothing but a probe file that it removes. Every finding that is not well names the next step. `FAIL` means:
//! do not serve like this; `WARN`: look at it.

mod data;
mod place;
mod read;

use crate::config::Config;
use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Look at it.
    Warn,
    /// Do not serve like this.
    Fail,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// What was found in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub name: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was seen.
    pub detail: String,
    /// What to do; empty where nothing is to be done.
    pub next: String,
}

impl Finding {
    /// All well.
    pub fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, level: Level::Ok, detail: detail.into(), next: String::new() }
    }

    /// Worth a look.
    pub fn warn(name: &'static str, detail: impl Into<String>, next: &str) -> Self {
        Self { name, level: Level::Warn, detail: detail.into(), next: next.to_owned() }
    }

    /// Broken.
    pub fn fail(name: &'static str, detail: impl Into<String>, next: &str) -> Self {
        Self { name, level: Level::Fail, detail: detail.into(), next: next.to_owned() }
    }
}

/// Looks at everything; never stops early.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![place::configuration(config)];
    findings.extend(place::ports(config));
    findings.push(place::open_files());
    findings.extend(place::disk(config));
    findings.push(place::secret_keys(config));
    findings.extend(place::files(config).await);
    findings.push(place::mail(config).await);
    findings.push(place::demo_data(config));
    findings.push(place::clock(config));
    findings.extend(data::database(config).await);
    findings
}

/// True when nothing is broken.
pub fn healthy(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.level != Level::Fail)
}

/// One line a finding, and its next step below.
pub fn as_text(findings: &[Finding]) -> String {
    let line = |f: &Finding| {
        let next = if f.next.is_empty() { String::new() } else { format!("\n      next: {}", f.next) };
        format!("{:<5} {:<18} {}{next}", f.level.word(), f.name, f.detail)
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same for machines.
pub fn as_json(findings: &[Finding]) -> String {
    let all = serde_json::json!({ "healthy": healthy(findings), "findings": findings });
    format!("{all:#}")
}
