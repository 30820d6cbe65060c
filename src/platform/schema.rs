//! What the API types of all slices share: money, pages, who acted, and lists of words.
//!
//! Words are taken from the domain's own lists, so that the document names exactly what the rules know. The uninhabited
//! types below are only ever named in `#[schema(value_type = …)]`: on the wire the domain's enums write themselves.

use entrepot_domain::kernel::{self, Currency};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Money)]
#[serde(deny_unknown_fields)]
pub struct MoneyView {
    /// Minor units, as a decimal string.
    pub minor: String,
    /// ISO 4217 code.
    pub currency: String,
}

impl MoneyView {
    /// The view of an amount in minor units.
    pub fn of(minor: i64, currency: Currency) -> Self {
        Self { minor: minor.to_string(), currency: currency.to_string() }
    }
}

impl From<kernel::Money> for MoneyView {
    fn from(money: kernel::Money) -> Self {
        Self::of(money.minor, money.currency)
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Send it back as `cursor` for the next page; `null` on the last.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is always shown whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// A stored file's card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileCard {
    /// Identifier.
    pub id: String,
    /// Name given by the uploader.
    pub name: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
    /// Media type found by looking at the bytes.
    pub content_type: String,
}

/// Who acted, as far as it is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorCard {
    /// Name of the person; `null` when the clock or a robot acted.
    #[schema(required = true)]
    pub name: Option<String>,
    /// Name of the company acted for.
    #[schema(required = true)]
    pub company: Option<String>,
    /// The role acted in.
    #[schema(value_type = Role)]
    pub role: String,
}

/// The schema of a closed list of words.
pub fn words_of<W: Serialize>(description: &str, words: impl IntoIterator<Item = W>) -> RefOr<Schema> {
    let values = words.into_iter().map(|word| serde_json::to_value(word).unwrap_or_default());
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description.trim()))
        .enum_values(Some(values))
        .into()
}

/// Declares types that stand for closed lists of words in the document.
macro_rules! words {
    ($(#[doc = $doc:literal] $name:ident = $all:expr;)*) => {$(
        #[doc = $doc]
        pub enum $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::platform::schema::words_of($doc, $all)
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}
pub(crate) use words;

words! {
    /// What a seat may do in its company or its market.
    Role = kernel::Role::ALL;
    /// A side of an order.
    Side = kernel::Side::ALL;
    /// Who acts on an order, seen from the order.
    Party = kernel::Actor::ALL;
    /// Who may take a step; `either` means buyer or seller.
    ActorKind = kernel::ActorKind::ALL;
    /// A line of the chart of accounts; the first letter is its class.
    AccountCode = kernel::AccountKind::ALL;
    /// The rule a journal is an instance of.
    PostingRule = kernel::Rule::ALL;
}
