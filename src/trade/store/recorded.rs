//! Orders as their tables tell them, for whoever examines the tables: nothing is taken from what this node remembers.
//!
//! Promises that each agreement is read and hashed once, however many orders name it, and that memory stays bounded.
//! What cannot be read is told of the order it belongs to and is no fault: the examination goes on.

use super::agreed::{Agreement, Hash};
use crate::platform::problem::Fault;
use crate::platform::rows;
use entrepot_domain::market::RuleParams;
use entrepot_domain::trade::{Order, OrderTerms};
use sea_orm::{ConnectionTrait, QueryResult};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

/// Agreements whose verdict is kept at most, some 70 bytes each, and their terms where goods come from stock; beyond that they
/// are read again.
const KEPT_MAX: usize = 500_000;

/// Why an order cannot be rebuilt from its tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// The row names no agreement, and its state holds no terms of its own.
    Unnamed,
    /// The agreement is not there.
    Missing(String),
    /// The agreement's text has another hash than the one it is stored under.
    Altered(String),
    /// The agreement or the state is no JSON of its kind.
    Unreadable(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed => f.write_str("names no agreement"),
            Self::Missing(hash) => write!(f, "names agreement {hash}, which is missing"),
            Self::Altered(hash) => write!(f, "names agreement {hash}, whose text has another hash"),
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
        }
    }
}

/// One order as it was found.
#[derive(Debug)]
pub struct Recorded {
    /// The order's identity.
    pub id: u128,
    /// Its number for people.
    pub number: String,
    /// The order with its pinned rules; terms that lie in an agreement are checked there, and left out unless they take goods
    /// from ready stock.
    pub order: Result<Order, Broken>,
}

/// What is kept of an agreement that holds.
#[derive(Debug, Clone, Default)]
struct Held {
    rules: Option<Arc<RuleParams>>,
    terms: Option<Arc<OrderTerms>>,
}

type Verdict = Result<Held, Broken>;

/// Reads the orders of a market in pages.
pub struct Records<'a, C> {
    db: &'a C,
    market: u128,
    verdicts: HashMap<Hash, Verdict>,
    /// Most orders of a market were agreed under the same rules.
    last_rules: Option<Arc<RuleParams>>,
}

impl<'a, C: ConnectionTrait> Records<'a, C> {
    /// Starts before the first order.
    pub fn new(db: &'a C, market: u128) -> Self {
        Self { db, market, verdicts: HashMap::new(), last_rules: None }
    }

    /// At most `limit` orders from `from` on, by identity.
    ///
    /// Errors: only when the database cannot be read.
    pub async fn page(&mut self, from: u128, limit: usize) -> Result<Vec<Recorded>, Fault> {
        let sql = format!(
            "SELECT id, number, state, agreement FROM trade_order WHERE market_id = $1 AND id >= $2 ORDER BY id LIMIT {limit}"
        );
        let found = rows::query(self.db, sql, vec![rows::id(self.market), rows::id(from)]).await?;
        let named = found.iter().map(|row| row.try_get::<Option<Vec<u8>>>("", "agreement"));
        let named = named.collect::<Result<Vec<_>, _>>()?;
        self.judge(&named).await?;
        found.iter().zip(named).map(|(row, name)| self.recorded(row, name)).collect()
    }

    fn recorded(&self, row: &QueryResult, name: Option<Vec<u8>>) -> Result<Recorded, Fault> {
        let state: String = row.try_get("", "state")?;
        let order = serde_json::from_str::<Order>(&state).map_err(|e| Broken::Unreadable(e.to_string()));
        let order = order.and_then(|order| self.with_rules(order, name));
        Ok(Recorded { id: rows::get_id(row, "id")?, number: row.try_get("", "number")?, order })
    }

    fn with_rules(&self, mut order: Order, name: Option<Vec<u8>>) -> Result<Order, Broken> {
        let Some(name) = name else {
            // Rows written before terms were kept apart carry them in their state.
            return if order.terms.is_some() { Ok(order) } else { Err(Broken::Unnamed) };
        };
        let missing = || Broken::Missing(hex(&name));
        let hash = Hash::try_from(name.as_slice()).map_err(|_| missing())?;
        let held = self.verdicts.get(&hash).cloned().unwrap_or_else(|| Err(missing()))?;
        (order.rules, order.terms) = (held.rules, held.terms);
        Ok(order)
    }

    /// Reads and judges the agreements that were not judged yet.
    async fn judge(&mut self, named: &[Option<Vec<u8>>]) -> Result<(), Fault> {
        if self.verdicts.len() >= KEPT_MAX {
            self.verdicts.clear();
        }
        let hashes = named.iter().flatten().filter_map(|name| Hash::try_from(name.as_slice()).ok());
        let unknown: BTreeSet<Hash> = hashes.filter(|hash| !self.verdicts.contains_key(hash)).collect();
        let keys = unknown.iter().flat_map(|hash| [rows::id(self.market), hash.to_vec().into()]).collect();
        for row in rows::select_in(self.db, "hash, body", "agreement", &["market_id", "hash"], keys, "").await? {
            let (name, body): (Vec<u8>, String) = (row.try_get("", "hash")?, row.try_get("", "body")?);
            if let Ok(hash) = Hash::try_from(name.as_slice()) {
                let verdict = self.verdict(hash, &body);
                self.verdicts.insert(hash, verdict);
            }
        }
        Ok(())
    }

    fn verdict(&mut self, hash: Hash, body: &str) -> Verdict {
        if Hash::from(Sha256::digest(body)) != hash {
            return Err(Broken::Altered(hex(&hash)));
        }
        let agreement: Agreement = serde_json::from_str(body).map_err(|e| Broken::Unreadable(e.to_string()))?;
        let terms = agreement.stocked();
        let Some(rules) = agreement.rules else { return Ok(Held { rules: None, terms }) };
        if self.last_rules.as_ref() != Some(&rules) {
            self.last_rules = Some(rules);
        }
        Ok(Held { rules: self.last_rules.clone(), terms })
    }
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|b| format!("{b:02x}")).collect()
}
