//! What a group of commands sees: rows loaded once, then changed in memory by the commands before.

use crate::platform::database::Database;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::sabotage::{self, Guard};
use entrepot_domain::kernel::Currency;
use entrepot_domain::ledger::{Account, AccountKind};
use sea_orm::{DatabaseTransaction, Value};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// State of an aggregate, typed by its slice.
pub type AnyState = Arc<dyn Any + Send + Sync>;

/// Names an aggregate within its market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The kind, e.g. `order`.
    pub kind: &'static str,
    /// The identifier.
    pub id: u128,
}

/// A state to write, with the version it gets.
pub struct Saved {
    /// The market.
    pub market: u128,
    /// The aggregate.
    pub id: u128,
    /// The new version; the row must be one older, or absent for version 1.
    pub version: i64,
    /// The new state.
    pub state: AnyState,
}

/// Loads and saves one kind of aggregate, many at a time.
#[async_trait::async_trait]
pub trait Store: Send + Sync {
    /// The kind it stores.
    fn kind(&self) -> &'static str;

    /// Loads the rows that exist, locked when `lock` carries a lock clause.
    async fn load(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        ids: &[u128],
        lock: &str,
    ) -> Result<Vec<(u128, i64, AnyState)>, Fault>;

    /// Writes all rows in one statement; returns how many were written.
    async fn save(&self, tx: &DatabaseTransaction, rows: &[Saved]) -> Result<u64, Fault>;
}

#[derive(Default)]
pub(super) struct Overlay {
    states: HashMap<(u128, Key), (i64, Option<AnyState>)>,
    balances: HashMap<(u128, Account), i64>,
}

/// A command's window on the overlay, limited to one market.
pub struct View<'a> {
    pub(super) overlay: &'a Overlay,
    pub(super) market: u128,
}

impl View<'_> {
    /// The aggregate's state, if it exists and is of type `T`.
    pub fn get<T: Any + Send + Sync>(&self, key: Key) -> Option<&T> {
        self.overlay.states.get(&(self.market, key)).and_then(|(_, s)| s.as_ref()).and_then(|s| s.downcast_ref::<T>())
    }

    /// The aggregate's version; 0 when it does not exist.
    pub fn version(&self, key: Key) -> i64 {
        self.overlay.states.get(&(self.market, key)).map_or(0, |(v, _)| *v)
    }

    /// Balance of an account named by `Command::accounts`, minor units in the account's natural direction.
    pub fn balance(&self, account: Account) -> i64 {
        self.overlay.balances.get(&(self.market, account)).copied().unwrap_or(0)
    }
}

impl Overlay {
    pub(super) fn set(&mut self, market: u128, key: Key, state: AnyState) -> i64 {
        let entry = self.states.entry((market, key)).or_insert((0, None));
        if sabotage::skips(Guard::Overlay) {
            return entry.0 + 1;
        }
        entry.0 += 1;
        entry.1 = Some(state);
        entry.0
    }

    pub(super) fn balance(&self, market: u128, account: Account) -> i64 {
        self.balances.get(&(market, account)).copied().unwrap_or(0)
    }

    pub(super) fn add(&mut self, market: u128, account: Account, delta: i64) {
        *self.balances.entry((market, account)).or_insert(0) += delta;
    }

    /// Loads the aggregates that are not here yet, in canonical order (CON-3).
    pub(super) async fn load_states(
        &mut self,
        db: &Database,
        tx: &DatabaseTransaction,
        stores: &HashMap<&'static str, Arc<dyn Store>>,
        mut wanted: Vec<(u128, Key)>,
    ) -> Result<(), Fault> {
        wanted.retain(|k| !self.states.contains_key(k));
        wanted.sort_unstable();
        wanted.dedup();
        for chunk in wanted.chunk_by(|a, b| a.0 == b.0 && a.1.kind == b.1.kind) {
            let Some((market, first)) = chunk.first() else { continue };
            let store = stores.get(first.kind).ok_or_else(|| Fault::new(format!("no store for {}", first.kind)))?;
            let ids: Vec<u128> = chunk.iter().map(|(_, k)| k.id).collect();
            // The market row is read by every command; locking it would make all commands of a market queue.
            let lock = if first.kind == super::MARKET { "" } else { db.lock_clause() };
            for key in chunk {
                self.states.insert(*key, (0, None));
            }
            for (id, version, state) in store.load(tx, *market, &ids, lock).await? {
                self.states.insert((*market, Key { kind: first.kind, id }), (version, Some(state)));
            }
        }
        Ok(())
    }

    /// Locks nothing but the rows of guarded accounts; creates none.
    pub(super) async fn load_balances(
        &mut self,
        db: &Database,
        tx: &DatabaseTransaction,
        mut wanted: Vec<(u128, Account)>,
    ) -> Result<(), Fault> {
        wanted.retain(|k| !self.balances.contains_key(k));
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut values: Vec<Value> = Vec::with_capacity(wanted.len() * 5);
        for (market, account) in &wanted {
            values.extend(account_key(*market, account));
            self.balances.insert((*market, *account), 0);
        }
        let suffix = if db.single_writer() {
            String::new()
        } else {
            format!("ORDER BY {}{}", ACCOUNT_KEY.join(","), db.lock_clause())
        };
        let columns = "market_id,owner_id,kind,part,currency,balance";
        for row in rows::select_in(tx, columns, "account", ACCOUNT_KEY, values, &suffix).await? {
            let kind: String = row.try_get("", "kind")?;
            let currency: String = row.try_get("", "currency")?;
            let part: i64 = row.try_get("", "part")?;
            let account = Account {
                kind: AccountKind::parse(&kind).ok_or_else(|| Fault::new(format!("unknown account {kind}")))?,
                owner: rows::get_id(&row, "owner_id")?,
                part: i32::try_from(part).map_err(|e| Fault::new(e.to_string()))?,
                currency: Currency::parse(&currency)
                    .ok_or_else(|| Fault::new(format!("unknown currency {currency}")))?,
            };
            self.balances.insert((rows::get_id(&row, "market_id")?, account), row.try_get("", "balance")?);
        }
        Ok(())
    }
}

pub(super) const ACCOUNT_KEY: &[&str] = &["market_id", "owner_id", "kind", "part", "currency"];

pub(super) fn account_key(market: u128, account: &Account) -> [Value; 5] {
    [
        rows::id(market),
        rows::id(account.owner),
        account.kind.code().into(),
        i64::from(account.part).into(),
        account.currency.code().into(),
    ]
}
