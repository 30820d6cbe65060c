//! Requests, seats, quotes and rights to quote as rows; the job that matches suppliers beside them.

mod matching;
mod talk;

pub use matching::Matching;
pub use talk::TalkStore;

use super::commands::{QUOTA, QUOTE, RFQ, SEATS};
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::kernel::FileId;
use entrepot_domain::sourcing::{Quote, QuoteQuota, Rfq, Seats};
use sea_orm::{DatabaseTransaction, QueryResult, Value};
use serde::de::DeserializeOwned;
use std::sync::Arc;

type Loaded = Vec<(u128, i64, AnyState)>;

const KEY: &[&str] = &["market_id", "id"];

async fn find(
    tx: &DatabaseTransaction,
    columns: &str,
    table: &str,
    market: u128,
    ids: &[u128],
    lock: &str,
) -> Result<Vec<QueryResult>, Fault> {
    let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
    let suffix = if lock.is_empty() { String::new() } else { format!("ORDER BY id{lock}") };
    rows::select_in(tx, columns, table, KEY, keys, &suffix).await
}

/// Reads the JSON in `state`.
pub fn parse<T: DeserializeOwned>(row: &QueryResult) -> Result<T, Fault> {
    let state: String = row.try_get("", "state")?;
    Ok(serde_json::from_str(&state)?)
}

fn loaded<T: DeserializeOwned + Send + Sync + 'static>(found: &[QueryResult]) -> Result<Loaded, Fault> {
    let one = |row: &QueryResult| {
        Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(parse::<T>(row)?) as AnyState))
    };
    found.iter().map(one).collect()
}

fn state<T: 'static>(saved: &Saved) -> Result<&T, Fault> {
    saved.state.downcast_ref::<T>().ok_or_else(|| Fault::new("a state of another kind"))
}

/// Stores requests, and who is invited to them.
pub struct RfqStore;

const RFQS: Table = Table {
    name: "rfq",
    columns: &[
        "market_id",
        "id",
        "version",
        "number",
        "buyer_id",
        "status",
        "visibility",
        "title",
        "destination",
        "currency",
        "lines",
        "published_at",
        "deadline",
        "state",
    ],
    key: KEY,
};
const GUESTS: Table = Table {
    name: "rfq_guest",
    columns: &["market_id", "rfq_id", "supplier_id"],
    key: &["market_id", "rfq_id", "supplier_id"],
};

/// Which request or quote names which file; for the wall in front of the files.
const ATTACHMENTS: Table = Table {
    name: "sourcing_attachment",
    columns: &["market_id", "file_id", "kind", "subject_id"],
    key: &["market_id", "file_id", "kind", "subject_id"],
};

fn attachments<'a>(row: &'a Saved, kind: &'a str, files: &'a [FileId]) -> impl Iterator<Item = Value> + 'a {
    files.iter().flat_map(move |file| [rows::id(row.market), rows::id(file.0), kind.into(), rows::id(row.id)])
}

#[async_trait::async_trait]
impl Store for RfqStore {
    fn kind(&self) -> &'static str {
        RFQ
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        loaded::<Rfq>(&find(tx, "id, version, state", RFQS.name, market, ids, lock).await?)
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let (mut values, mut guests, mut files): (Vec<Value>, Vec<Value>, Vec<Value>) = Default::default();
        for row in saved {
            let rfq = state::<Rfq>(row)?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rfq.number.clone().into(),
                rows::id(rfq.buyer.0),
                rfq.state.as_str().into(),
                rfq.terms.visibility.as_str().into(),
                rfq.terms.title.clone().into(),
                rfq.terms.destination.clone().into(),
                rfq.terms.currency.code().into(),
                i64::try_from(rfq.terms.lines.len()).unwrap_or(0).into(),
                rfq.published_at.0.into(),
                rfq.deadline.0.into(),
                serde_json::to_string(rfq)?.into(),
            ]);
            files.extend(attachments(row, RFQ, &rfq.terms.files));
            let invited = rfq.terms.invited.iter();
            guests.extend(invited.flat_map(|guest| [rows::id(row.market), rows::id(row.id), rows::id(guest.0)]));
        }
        let written = rows::upsert(tx, &RFQS, values).await?;
        rows::insert_missing(tx, &GUESTS, guests).await?;
        rows::insert_missing(tx, &ATTACHMENTS, files).await?;
        Ok(written)
    }
}

/// Stores the seats of requests.
pub struct SeatsStore;

const HOUSES: Table =
    Table { name: "rfq_seats", columns: &["market_id", "id", "version", "total", "taken", "state"], key: KEY };

#[async_trait::async_trait]
impl Store for SeatsStore {
    fn kind(&self) -> &'static str {
        SEATS
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        loaded::<Seats>(&find(tx, "id, version, state", HOUSES.name, market, ids, lock).await?)
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * HOUSES.columns.len());
        for row in saved {
            let seats = state::<Seats>(row)?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                seats.total.into(),
                i64::try_from(seats.taken.len()).unwrap_or(i64::MAX).into(),
                serde_json::to_string(seats)?.into(),
            ]);
        }
        rows::upsert(tx, &HOUSES, values).await
    }
}

/// Stores quotes.
pub struct QuoteStore;

const QUOTES: Table = Table {
    name: "quote",
    columns: &[
        "market_id",
        "id",
        "version",
        "number",
        "rfq_id",
        "buyer_id",
        "supplier_id",
        "status",
        "updated_at",
        "state",
    ],
    key: KEY,
};

#[async_trait::async_trait]
impl Store for QuoteStore {
    fn kind(&self) -> &'static str {
        QUOTE
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        loaded::<Quote>(&find(tx, "id, version, state", QUOTES.name, market, ids, lock).await?)
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let (mut values, mut files) = (Vec::with_capacity(saved.len() * QUOTES.columns.len()), Vec::new());
        for row in saved {
            let quote = state::<Quote>(row)?;
            // Earlier versions were written with them.
            files.extend(quote.newest().into_iter().flat_map(|newest| attachments(row, QUOTE, &newest.terms.files)));
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                quote.number.clone().into(),
                rows::id(quote.rfq.0),
                rows::id(quote.buyer.0),
                rows::id(quote.supplier.0),
                quote.state.as_str().into(),
                quote.newest().map_or(0, |newest| newest.at.0).into(),
                serde_json::to_string(quote)?.into(),
            ]);
        }
        let written = rows::upsert(tx, &QUOTES, values).await?;
        rows::insert_missing(tx, &ATTACHMENTS, files).await?;
        Ok(written)
    }
}

/// Stores suppliers' rights to quote.
pub struct QuotaStore;

const QUOTAS: Table =
    Table { name: "quote_quota", columns: &["market_id", "id", "version", "month", "used", "earned"], key: KEY };

/// Reads a row of rights.
pub fn quota(row: &QueryResult) -> Result<QuoteQuota, Fault> {
    let month: i64 = row.try_get("", "month")?;
    Ok(QuoteQuota {
        month: i32::try_from(month).map_err(|e| Fault::new(e.to_string()))?,
        used: row.try_get("", "used")?,
        earned: row.try_get("", "earned")?,
    })
}

#[async_trait::async_trait]
impl Store for QuotaStore {
    fn kind(&self) -> &'static str {
        QUOTA
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        let found = find(tx, "id, version, month, used, earned", QUOTAS.name, market, ids, lock).await?;
        let one = |row: &QueryResult| {
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(quota(row)?) as AnyState))
        };
        found.iter().map(one).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values: Vec<Value> = Vec::with_capacity(saved.len() * QUOTAS.columns.len());
        for row in saved {
            let quota = state::<QuoteQuota>(row)?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                i64::from(quota.month).into(),
                quota.used.into(),
                quota.earned.into(),
            ]);
        }
        rows::upsert(tx, &QUOTAS, values).await
    }
}
