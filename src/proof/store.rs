//! Dossiers as rows: the aggregate as one text, each claim beside it as a narrow row for the queue.

use super::commands::PROOF;
use crate::platform::engine::{AnyState, Saved, Store};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Row, Table};
use entrepot_domain::proof::{Dossier, plain};
use sea_orm::{DatabaseTransaction, Value};
use std::sync::Arc;

/// Stores dossiers.
pub struct DossierStore;

const KEY: &[&str] = &["market_id", "id"];

const DOSSIERS: Table = Table { name: "proof_dossier", columns: &["market_id", "id", "version", "state"], key: KEY };
const CLAIMS: Table = Table {
    name: "proof_claim",
    columns: &["market_id", "company_id", "no", "id", "kind", "state", "number_key", "submitted_at", "recheck_on"],
    key: &["market_id", "company_id", "no"],
};

/// Reads the `state` column of a dossier.
pub fn dossier(row: &Row) -> Result<Dossier, Fault> {
    Ok(serde_json::from_str(&row.try_get::<String>("", "state")?)?)
}

#[async_trait::async_trait]
impl Store for DossierStore {
    fn kind(&self) -> &'static str {
        PROOF
    }

    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault> {
        let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
        let suffix = if lock.is_empty() { String::new() } else { format!("ORDER BY id{lock}") };
        let found = rows::select_in(tx, "id, version, state", DOSSIERS.name, KEY, keys, &suffix).await?;
        let read = |row: &Row| {
            Ok((rows::get_id(row, "id")?, row.try_get("", "version")?, Arc::new(dossier(row)?) as AnyState))
        };
        found.iter().map(read).collect()
    }

    async fn save(&self, tx: &DatabaseTransaction, saved: &[Saved]) -> Result<u64, Fault> {
        let (mut dossiers, mut claims): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
        for row in saved {
            let dossier = row.state.downcast_ref::<Dossier>().ok_or_else(|| Fault::new("not a dossier"))?;
            dossiers.extend([
                rows::id(row.market),
                rows::id(row.id),
                row.version.into(),
                serde_json::to_string(dossier)?.into(),
            ]);
            for claim in &dossier.claims {
                claims.extend([
                    rows::id(row.market),
                    rows::id(row.id),
                    i64::from(claim.no).into(),
                    rows::id(claim.id.0),
                    claim.kind.as_str().into(),
                    claim.state.as_str().into(),
                    plain(&claim.paper.number).into(),
                    claim.submitted_at.0.into(),
                    claim.recheck_on.map(|day| i64::from(day.0)).into(),
                ]);
            }
        }
        let written = rows::upsert(tx, &DOSSIERS, dossiers).await?;
        rows::upsert(tx, &CLAIMS, claims).await?;
        Ok(written)
    }
}
