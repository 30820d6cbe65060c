//! Goods from CSV: a company's own, in the background (`job`), or a whole market's when it is filled (`market`).
//!
//! Text becomes records (`text`), cells (`cell`), drafts (`rows`), and each draft goes through the door as the same command
//! a user would send (`run`). A line whose product is as the file says writes nothing, so a file may be sent again. Bad
//! lines are named with line and column; good ones are kept.

mod cell;
mod job;
mod lists;
mod market;
mod rows;
mod run;
mod store;
mod text;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_tests;

pub use job::{JobView, resume_imports, show, start};
pub use lists::{
    written_certificates, written_pairs as written_attributes, written_pairs as written_family, written_sample,
};
pub use market::{CompanyRow, import_market, read_companies};
pub use rows::COLUMNS as EXPORT_COLUMNS;

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// Step that starts an import; its row in the access table.
pub const START: &str = "import.start";
/// Errors kept of one import.
const ERRORS_MAX: usize = 1_000;
/// Lines executed together.
const CHUNK: usize = 64;
/// Longest value repeated in a complaint, in characters.
const VALUE_MAX: usize = 80;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowError {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// Column at fault, if it is one.
    #[schema(required = true)]
    pub column: Option<String>,
    /// What stands in the cell, cut to 80 characters, where one cell is at fault.
    #[serde(default)]
    #[schema(required = true)]
    pub value: Option<String>,
    /// Stable code of the rule.
    pub code: String,
    /// English sentence.
    pub detail: String,
}

impl RowError {
    /// A complaint about a line.
    pub fn new(line: u64, column: Option<&str>, code: &str, detail: &str) -> Self {
        let (code, detail) = (code.to_owned(), detail.to_owned());
        Self { line, column: column.map(str::to_owned), value: None, code, detail }
    }

    /// Adds what stands in the cell.
    pub fn holding(mut self, value: &str) -> Self {
        let shown: String = value.chars().filter(|c| !c.is_control()).take(VALUE_MAX).collect();
        self.value = Some(shown);
        self
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// Companies opened.
    pub companies: u64,
    /// Lines looked at.
    pub done: u64,
    /// Products listed.
    pub created: u64,
    /// Products changed.
    pub updated: u64,
    /// Products that were as the file says.
    pub unchanged: u64,
    /// Lines refused.
    pub failed: u64,
    /// Why, up to 1,000 complaints.
    pub errors: Vec<RowError>,
}

impl ImportSummary {
    fn complain(&mut self, errors: Vec<RowError>) {
        self.failed += 1;
        let room = ERRORS_MAX.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(room));
    }

    fn count(&mut self, outcome: run::Outcome) {
        self.done += 1;
        match outcome {
            run::Outcome::Created => self.created += 1,
            run::Outcome::Updated => self.updated += 1,
            run::Outcome::Unchanged => self.unchanged += 1,
            run::Outcome::Failed(errors) => self.complain(errors),
        }
    }
}

impl fmt::Display for ImportSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} companies, {} products", self.companies, self.created + self.updated + self.unchanged)?;
        if let Some(first) = self.errors.first() {
            let column = first.column.as_deref().unwrap_or("-");
            write!(f, ", {} lines refused (line {} {column}: {})", self.failed, first.line, first.detail)?;
        }
        Ok(())
    }
}
