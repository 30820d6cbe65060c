//! A thin reader over a result row, so that views need not name the database library.

use crate::platform::problem::Fault;
use crate::platform::rows;

/// A row of a result.
pub struct Row<'a>(pub &'a rows::Row);

impl Row<'_> {
    /// A text column.
    pub fn text(&self, column: &str) -> Result<String, Fault> {
        Ok(self.0.try_get("", column)?)
    }
    /// An integer column.
    pub fn number(&self, column: &str) -> Result<i64, Fault> {
        Ok(self.0.try_get("", column)?)
    }
    /// An integer column that may be empty.
    pub fn number_opt(&self, column: &str) -> Result<Option<i64>, Fault> {
        Ok(self.0.try_get("", column)?)
    }
    /// An identifier column.
    pub fn id(&self, column: &str) -> Result<u128, Fault> {
        rows::get_id(self.0, column)
    }
    /// An identifier column that may be empty.
    pub fn id_opt(&self, column: &str) -> Result<Option<u128>, Fault> {
        rows::get_id_opt(self.0, column)
    }
    /// A bytes column that may be empty.
    pub fn bytes_opt(&self, column: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.0.try_get("", column)?)
    }
}
