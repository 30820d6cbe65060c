//! Threads, messages, desks and blocks as rows.

use super::block::{BLOCK, Blocking};
use super::commands::{INQUIRY, MESSAGE, Message};
use super::desk::DESK;
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row, Table};
use entrepot_domain::inquiry::{Desk, Thread};
use entrepot_domain::kernel::{CompanyId, MarketTime};
use sea_orm::{DatabaseTransaction, Value};
use std::sync::Arc;

/// Stores threads.
pub struct ThreadStore;
/// Stores messages: rows that are added and never changed.
pub struct MessageStore;
/// Stores desks.
pub struct DeskStore;
/// Stores blocks.
pub struct BlockStore;

const KEY: &[&str] = &["market_id", "id"];

const THREADS: Table = Table {
    name: "inquiry",
    columns: &[
        "market_id",
        "id",
        "version",
        "buyer_id",
        "seller_id",
        "product_id",
        "status",
        "reported",
        "opened_at",
        "answered_at",
        "closed_at",
        "last_at",
        "messages",
        "last_of_buyer",
        "last_of_seller",
        "subject",
        "state",
    ],
    key: KEY,
};
const MESSAGES: Table = Table {
    name: "inquiry_message",
    columns: &["market_id", "id", "version", "inquiry_id", "no", "by_side", "company_id", "user_id", "text", "at"],
    key: KEY,
};
const ATTACHMENTS: Table =
    Table { name: "inquiry_attachment", columns: &["market_id", "inquiry_id", "no", "place", "file_id"], key: &[] };
const DESKS: Table = Table { name: "inquiry_desk", columns: &["market_id", "id", "version", "state"], key: KEY };
const BLOCKS: Table = Table {
    name: "company_block",
    columns: &["market_id", "id", "version", "blocker_id", "blocked_id", "active", "at"],
    key: KEY,
};

/// Reads the `state` column of a thread.
pub fn thread(row: &Row) -> Result<Thread, Fault> {
    Ok(serde_json::from_str(&row.try_get::<String>("", "state")?)?)
}

type Loaded = Vec<(u128, i64, AnyState)>;

async fn loaded(
    tx: &DatabaseTransaction,
    table: &Table,
    columns: &str,
    (market, ids, lock): (u128, &[u128], &str),
    parse: impl Fn(&Row) -> Result<AnyState, Fault>,
) -> Result<Loaded, Fault> {
    let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
    let suffix = if lock.is_empty() { String::new() } else { format!("ORDER BY id{lock}") };
    let found = rows::select_in(tx, columns, table.name, KEY, keys, &suffix).await?;
    found.iter().map(|row| Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, parse(row)?))).collect()
}

fn state<T: std::any::Any>(saved: &Saved) -> Result<&T, Fault> {
    saved.state.downcast_ref::<T>().ok_or_else(|| Fault::new("a state of another kind"))
}

/// 0 for a thread nobody reported, 1 for one with a report that waits, 2 once all reports are settled.
fn reported(thread: &Thread) -> i64 {
    match (thread.reports.is_empty(), thread.open_reports().is_empty()) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    }
}

fn time(at: Option<MarketTime>) -> Value {
    at.map(|at| at.0).into()
}

#[async_trait::async_trait]
impl Store for ThreadStore {
    fn kind(&self) -> &'static str {
        INQUIRY
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        loaded(tx, &THREADS, "id, version, state", (market, ids, lock), |row| Ok(Arc::new(thread(row)?))).await
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values = Vec::with_capacity(saved.len() * THREADS.columns.len());
        for row in saved {
            let thread = state::<Thread>(row)?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(thread.buyer.0),
                rows::id(thread.seller.0),
                rows::id_opt(thread.ask.product.map(|product| product.0)),
                thread.status.as_str().into(),
                reported(thread).into(),
                thread.opened_at.0.into(),
                time(thread.answered_at),
                time(thread.closed.map(|closing| closing.at)),
                thread.last_at.0.into(),
                thread.messages.into(),
                thread.last_of_buyer.into(),
                thread.last_of_seller.into(),
                thread.ask.subject.clone().into(),
                serde_json::to_string(thread)?.into(),
            ]);
        }
        rows::upsert(tx, &THREADS, values).await
    }
}

#[async_trait::async_trait]
impl Store for MessageStore {
    fn kind(&self) -> &'static str {
        MESSAGE
    }

    async fn load(&self, _: &DatabaseTransaction, _: u128, _: &[u128], _: &str) -> Result<Loaded, Fault> {
        Ok(Vec::new())
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values = Vec::with_capacity(saved.len() * MESSAGES.columns.len());
        let mut attached = Vec::new();
        for row in saved {
            let message = state::<Message>(row)?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(message.inquiry),
                message.no.into(),
                message.by.as_str().into(),
                rows::id(message.company),
                rows::id(message.user),
                message.words.text.clone().into(),
                message.at.into(),
            ]);
            for (place, file) in message.words.files.iter().enumerate() {
                attached.extend([
                    rows::id(row.market),
                    rows::id(message.inquiry),
                    message.no.into(),
                    i64::try_from(place).unwrap_or(i64::MAX).into(),
                    rows::id(file.0),
                ]);
            }
        }
        let written = rows::insert(tx, &MESSAGES, values).await?;
        rows::insert(tx, &ATTACHMENTS, attached).await?;
        Ok(written)
    }
}

#[async_trait::async_trait]
impl Store for DeskStore {
    fn kind(&self) -> &'static str {
        DESK
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        let parse = |row: &Row| -> Result<AnyState, Fault> {
            Ok(Arc::new(serde_json::from_str::<Desk>(&row.try_get::<String>("", "state")?)?))
        };
        loaded(tx, &DESKS, "id, version, state", (market, ids, lock), parse).await
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values = Vec::with_capacity(saved.len() * DESKS.columns.len());
        for row in saved {
            let desk = serde_json::to_string(state::<Desk>(row)?)?;
            values.extend([rows::id(row.market), rows::id(row.id), row.version.into(), desk.into()]);
        }
        rows::upsert(tx, &DESKS, values).await
    }
}

#[async_trait::async_trait]
impl Store for BlockStore {
    fn kind(&self) -> &'static str {
        BLOCK
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        let parse = |row: &Row| -> Result<AnyState, Fault> {
            Ok(Arc::new(Blocking {
                blocker: CompanyId(rows::get_id(row, "blocker_id")?),
                blocked: CompanyId(rows::get_id(row, "blocked_id")?),
                active: row.try_get::<i64>("", "active")? != 0,
                at: row.try_get("", "at")?,
            }))
        };
        let columns = "id, version, blocker_id, blocked_id, active, at";
        loaded(tx, &BLOCKS, columns, (market, ids, lock), parse).await
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let mut values = Vec::with_capacity(saved.len() * BLOCKS.columns.len());
        for row in saved {
            let blocking = state::<Blocking>(row)?;
            values.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                rows::id(blocking.blocker.0),
                rows::id(blocking.blocked.0),
                i64::from(blocking.active).into(),
                blocking.at.into(),
            ]);
        }
        rows::upsert(tx, &BLOCKS, values).await
    }
}
