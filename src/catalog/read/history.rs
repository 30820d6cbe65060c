//! What happened to a listing: the events of the log about it, newest first.

use super::super::listing::PRODUCT;
use crate::platform::access::Scope;
use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row};
use entrepot_domain::kernel::MarketTime;
use serde_json::Value;

/// Changes shown of one listing.
const SHOWN_MAX: usize = 100;

/// One accepted command on a listing.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Version of the listing after it.
    pub version: i64,
    /// The step.
    pub step: String,
    /// The user; none for the market itself.
    pub user: Option<u128>,
    /// The role acted in.
    pub role: String,
    /// Market time.
    pub at: MarketTime,
    /// The listing as it was written.
    pub listing: Value,
    /// What it stated to lie ready, with what lay there before; null where it stated nothing.
    pub on_hand: Value,
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    let bytes: Vec<u8> = row.try_get("", "bytes")?;
    let told: Value = serde_json::from_slice(&bytes)?;
    Ok(Entry {
        version: row.try_get("", "subject_version")?,
        step: row.try_get("", "step")?,
        user: rows::get_id_opt(row, "actor_user")?.filter(|user| *user != 0),
        role: row.try_get("", "actor_role")?,
        at: MarketTime(row.try_get("", "effective_at")?),
        listing: told.pointer("/what/listing").cloned().unwrap_or_default(),
        on_hand: told.pointer("/what/on_hand").cloned().unwrap_or_default(),
    })
}

/// The last changes of a listing, newest first, each with what stood there before; the first has nothing before it.
pub async fn of_listing(db: &Database, scope: &Scope, product: u128) -> Result<Vec<(Entry, Value)>, Fault> {
    let sql = format!(
        "SELECT e.subject_version, e.step, e.actor_user, e.actor_role, e.effective_at, e.bytes FROM event e \
         WHERE e.market_id = $1 AND e.subject_kind = $3 AND e.subject_id = $2 \
         ORDER BY e.subject_version DESC LIMIT {}",
        SHOWN_MAX + 1
    );
    let found = rows::query(db.read(), sql, vec![rows::id(scope.market()), rows::id(product), PRODUCT.into()]).await?;
    let entries = found.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let before = entries.iter().skip(1).map(|entry| entry.listing.clone()).chain([Value::Null]);
    Ok(entries.clone().into_iter().zip(before).take(SHOWN_MAX).collect())
}
