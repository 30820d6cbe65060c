//! What was agreed, kept apart from the order's row: terms and pinned rules are by far the larger part of an order, and
//! change with few of its steps. They are stored once under the hash of their text and never change, so they may be
//! remembered on every node without asking whether they still hold.
//!
//! Refuses an order whose terms are nowhere to be found: that is a fault, never an order without terms.

use super::{Stored, TABLE_NAME};
use crate::platform::engine::Saved;
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::market::RuleParams;
use entrepot_domain::trade::{Order, OrderTerms};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Agreements remembered at most; some 5 KiB each.
const REMEMBERED_MAX: usize = 4_096;

pub(super) type Hash = [u8; 32];

/// Terms and pinned rules of an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Agreement {
    terms: Arc<OrderTerms>,
    pub(super) rules: Option<Arc<RuleParams>>,
}

impl Agreement {
    /// The terms, where they take goods from ready stock.
    pub(super) fn stocked(&self) -> Option<Arc<OrderTerms>> {
        let stocked = self.terms.lines.iter().any(|line| line.stocked().is_some());
        stocked.then(|| Arc::clone(&self.terms))
    }
}

/// An agreement with the hash it is stored under.
#[derive(Debug, Clone)]
pub struct Agreed {
    hash: Hash,
    agreement: Agreement,
}

impl Agreed {
    /// True when the order still stands under this very agreement.
    fn covers(&self, order: &Order) -> bool {
        let rules = match (&self.agreement.rules, &order.rules) {
            (Some(ours), Some(theirs)) => Arc::ptr_eq(ours, theirs),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        rules && order.terms.as_ref().is_some_and(|terms| Arc::ptr_eq(terms, &self.agreement.terms))
    }

    /// Gives the order its terms and rules back.
    fn restore(self, order: &mut Order) -> Self {
        order.terms = Some(Arc::clone(&self.agreement.terms));
        order.rules.clone_from(&self.agreement.rules);
        self
    }
}

static REMEMBERED: LazyLock<Mutex<HashMap<Hash, Agreement>>> = LazyLock::new(Mutex::default);

fn remember(hash: Hash, agreement: &Agreement) {
    let mut known = REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= REMEMBERED_MAX {
        known.clear();
    }
    known.insert(hash, agreement.clone());
}

fn remembered(hash: &Hash) -> Option<Agreement> {
    REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
}

const AGREEMENT: Table =
    Table { name: "agreement", columns: &["market_id", "hash", "body"], key: &["market_id", "hash"] };

/// The hash under which each saved order's agreement is stored; those not stored yet are written first.
pub(super) async fn save(tx: &DatabaseTransaction, saved: &[Saved]) -> Result<Vec<Hash>, Fault> {
    let mut hashes = Vec::with_capacity(saved.len());
    let mut fresh: BTreeMap<(u128, Hash), String> = BTreeMap::new();
    for row in saved {
        let stored = row.state.downcast_ref::<Stored>().ok_or_else(|| Fault::new("not an order"))?;
        if let Some(agreed) = stored.agreed.as_ref().filter(|agreed| agreed.covers(&stored.order)) {
            hashes.push(agreed.hash);
            continue;
        }
        let terms = stored.order.terms.as_ref().ok_or_else(|| Fault::new("an order without terms"))?;
        let agreement = Agreement { terms: Arc::clone(terms), rules: stored.order.rules.clone() };
        let body = serde_json::to_string(&agreement)?;
        let hash: Hash = Sha256::digest(&body).into();
        fresh.insert((row.market, hash), body);
        hashes.push(hash);
    }
    let values =
        fresh.into_iter().flat_map(|((market, hash), body)| [rows::id(market), hash.to_vec().into(), body.into()]);
    rows::insert_missing(tx, &AGREEMENT, values.collect()).await?;
    Ok(hashes)
}

fn hash_of(row: &QueryResult) -> Result<Option<Hash>, Fault> {
    let bytes: Option<Vec<u8>> = row.try_get("", "agreement")?;
    let whole = |bytes: Vec<u8>| bytes.try_into().map_err(|_| Fault::new(format!("{TABLE_NAME}.agreement is no hash")));
    bytes.map(whole).transpose()
}

/// Builds the orders of rows with `state`, `updated_at` and `agreement`.
pub(super) async fn complete(
    db: &impl ConnectionTrait,
    market: u128,
    found: &[QueryResult],
) -> Result<Vec<Stored>, Fault> {
    let hashes = found.iter().map(hash_of).collect::<Result<Vec<_>, _>>()?;
    let mut known: HashMap<Hash, Agreement> = HashMap::new();
    let mut unknown = Vec::new();
    for hash in hashes.iter().flatten() {
        match remembered(hash) {
            Some(agreement) => drop(known.insert(*hash, agreement)),
            None => unknown.extend([rows::id(market), hash.to_vec().into()]),
        }
    }
    for row in rows::select_in(db, "hash, body", "agreement", AGREEMENT.key, unknown, "").await? {
        let (hash, body): (Vec<u8>, String) = (row.try_get("", "hash")?, row.try_get("", "body")?);
        let hash: Hash = hash.try_into().map_err(|_| Fault::new("agreement.hash is no hash"))?;
        let agreement: Agreement = serde_json::from_str(&body)?;
        remember(hash, &agreement);
        known.insert(hash, agreement);
    }
    let build = |(row, hash): (&QueryResult, Option<Hash>)| {
        let state: String = row.try_get("", "state")?;
        let mut order: Order = serde_json::from_str(&state)?;
        // Rows written before terms were kept apart carry them in their state.
        let agreed = match hash {
            None => None,
            Some(hash) => {
                let agreement = known.get(&hash).cloned();
                let agreement =
                    agreement.ok_or_else(|| Fault::new(format!("order {} lost its terms", order.number)))?;
                Some(Agreed { hash, agreement }.restore(&mut order))
            }
        };
        Ok(Stored { order, updated_at: row.try_get("", "updated_at")?, agreed })
    };
    found.iter().zip(hashes).map(build).collect()
}
