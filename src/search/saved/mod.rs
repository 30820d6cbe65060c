//! Searches that people keep: a name, what is looked for, and whether new products that match are told of.
//!
//! A saved search belongs to one person in one market and is seen by nobody else, so it does not go through the door.

pub mod http;
mod store;

pub use store::{titled, watching};

use super::terms::Terms;
use serde::Serialize;
use utoipa::ToSchema;

/// Searches one person keeps in a market at most.
const SAVED_MAX: i64 = 50;
/// Longest name, in characters.
const NAME_MAX: usize = 80;
/// Longest terms as they are stored, in bytes.
const TERMS_MAX: usize = 2_048;

/// A saved search that wants to be told of products.
#[derive(Debug, Clone)]
pub struct Saved {
    /// Identifier.
    pub id: u128,
    /// Whose it is.
    pub user: u128,
    /// What is looked for.
    pub terms: Terms,
}

/// A saved search by its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SearchTitle)]
pub struct Titled {
    /// What it is called.
    pub name: String,
    /// What is looked for.
    pub terms: Terms,
}
