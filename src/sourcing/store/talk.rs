//! The talk about requests as rows, and who asked.

use super::super::commands::TALK;
use super::{KEY, Loaded, find, loaded, state};
use crate::platform::engine::{Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::sourcing::Talk;
use sea_orm::{DatabaseTransaction, Value};

/// Stores what is asked and said about requests.
pub struct TalkStore;

const TALKS: Table = Table { name: "rfq_talk", columns: &["market_id", "id", "version", "state"], key: KEY };
const ASKERS: Table = Table {
    name: "rfq_asker",
    columns: &["market_id", "rfq_id", "supplier_id"],
    key: &["market_id", "rfq_id", "supplier_id"],
};

#[async_trait::async_trait]
impl Store for TalkStore {
    fn kind(&self) -> &'static str {
        TALK
    }

    async fn load(&self, tx: &DatabaseTransaction, market: u128, ids: &[u128], lock: &str) -> Result<Loaded, Fault> {
        loaded::<Talk>(&find(tx, "id, version, state", TALKS.name, market, ids, lock).await?)
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let (mut values, mut askers): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
        for row in saved {
            let talk = state::<Talk>(row)?;
            let text = serde_json::to_string(talk)?;
            values.extend([rows::id(row.market), rows::id(row.id), row.version.into(), text.into()]);
            for asked in talk.all.iter().filter_map(|one| one.asked.as_ref()) {
                askers.extend([rows::id(row.market), rows::id(row.id), rows::id(asked.by.0)]);
            }
        }
        let written = rows::upsert(tx, &TALKS, values).await?;
        rows::insert_missing(tx, &ASKERS, askers).await?;
        Ok(written)
    }
}
