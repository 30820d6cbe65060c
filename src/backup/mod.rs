//! Copies of an installation that were opened and held against the books before anybody relies on them.
//!
//! * [`backup`]: the database in one moment, the uploaded files and a signed manifest, made beside the target and moved
//!   there only when the copy passed the engine's own check, the books' checker and the chain. Otherwise nothing is left.
//! * [`restore`]: refuses a target that is not empty, a copy that does not fit its manifest, and a newer schema.
//! * [`heads`]: where the log of each market ends, signed and kept elsewhere; it finds a log whose tail was cut off (AUD-2).
//!
//! Copying the database's file while the server runs is no backup: the newest commits lie in the file beside it.

pub mod heads;
mod make;
mod manifest;
mod parts;
mod restore;
#[cfg(test)]
mod tests;

pub use make::{Made, backup};
pub use manifest::{Body, Manifest, Part};
pub use restore::{Restored, restore};

use crate::audit::{self, Head, Report};
use crate::platform::database::Database;
use crate::platform::problem::Fault;

/// Opens a copy's database and holds it against everything that can be recomputed; the chain heads it ends with.
///
/// Errors: the first things that do not hold, in words.
async fn examine(db: &Database) -> Result<Vec<Head>, Fault> {
    let complaints = db.integrity().await?;
    if !complaints.is_empty() {
        return Err(Fault::new(format!("the database is damaged: {}", complaints.join("; "))));
    }
    let report = audit::verify(db, None).await?;
    if !report.ok() {
        return Err(Fault::new(format!("the books do not hold: {}", findings(&report))));
    }
    Ok(report.heads)
}

/// The first findings in one line.
fn findings(report: &Report) -> String {
    let told: Vec<String> =
        report.findings.iter().take(5).map(|f| format!("{}: {}", f.check.as_str(), f.detail)).collect();
    let all = u64::try_from(report.findings.len()).unwrap_or(u64::MAX).saturating_add(report.unlisted);
    format!("{all} findings, such as {}", told.join("; "))
}
