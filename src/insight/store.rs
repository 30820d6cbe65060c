//! Counts steps and adds up money by the market's own days.
//!
//! One row per day and step (how often), and one per day, posting rule and currency (how often, how much). The amount of
//! a journal is the sum of its debits, in minor units.

use crate::platform::engine::MarketState;
use crate::platform::jobs::{Entry, Follower};
use crate::platform::problem::Fault;
use crate::platform::rows::{self, Table};
use entrepot_domain::kernel::Zone;
use sea_orm::{DatabaseTransaction, Value};
use std::collections::{BTreeMap, HashMap};

/// Follows the log and keeps `market_day` up to date.
pub struct Activity;

/// Day since 1970-01-01, what, currency ("" for counts of steps).
type Key = (i32, String, String);

const KEY: &[&str] = &["market_id", "day", "what", "currency"];
const TABLE: Table =
    Table { name: "market_day", columns: &["market_id", "day", "what", "currency", "times", "amount"], key: KEY };

#[async_trait::async_trait]
impl Follower for Activity {
    fn name(&self) -> &'static str {
        "activity"
    }

    async fn take(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        state: &MarketState,
        entries: &[Entry],
    ) -> Result<(), Fault> {
        let zone = Zone::parse(&state.time_zone).map_err(|e| Fault::new(e.to_string()))?;
        let days: HashMap<u128, i32> = entries.iter().map(|e| (e.event, zone.day_of(e.effective_at).0)).collect();
        let mut tally: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
        for entry in entries {
            let day = days.get(&entry.event).copied().unwrap_or_default();
            tally.entry((day, entry.step.clone(), String::new())).or_default().0 += 1;
        }
        for (event, rule, currency, amount) in money(tx, market, entries).await? {
            let day = days.get(&event).copied().unwrap_or_default();
            let sum = tally.entry((day, rule, currency)).or_default();
            sum.0 += 1;
            sum.1 = sum.1.checked_add(amount).ok_or_else(|| Fault::new("a day's money overflows"))?;
        }
        write(tx, market, tally).await
    }
}

/// Event, rule, currency and the sum of debits of each journal.
async fn money(
    tx: &DatabaseTransaction,
    market: u128,
    entries: &[Entry],
) -> Result<Vec<(u128, String, String, i64)>, Fault> {
    let keys: Vec<Value> = entries.iter().flat_map(|e| [rows::id(market), rows::id(e.event)]).collect();
    let found =
        rows::select_in(tx, "event_id, no, rule", "journal", &["market_id", "event_id"], keys.clone(), "").await?;
    let mut rules: HashMap<(u128, i64), String> = HashMap::new();
    for row in &found {
        rules.insert((rows::get_id(row, "event_id")?, row.try_get("", "no")?), row.try_get("", "rule")?);
    }
    let columns = "event_id, journal_no, currency, amount";
    let mut sums: BTreeMap<(u128, i64, String), i64> = BTreeMap::new();
    for row in rows::select_in(tx, columns, "posting", &["market_id", "event_id"], keys, "").await? {
        let amount: i64 = row.try_get("", "amount")?;
        let key = (rows::get_id(&row, "event_id")?, row.try_get("", "journal_no")?, row.try_get("", "currency")?);
        let sum = sums.entry(key).or_default();
        *sum = sum.checked_add(amount.max(0)).ok_or_else(|| Fault::new("a journal's money overflows"))?;
    }
    let named = |((event, no, currency), amount)| {
        let rule = rules.get(&(event, no)).cloned().ok_or_else(|| Fault::new("a posting without journal"))?;
        Ok((event, rule, currency, amount))
    };
    sums.into_iter().map(named).collect()
}

async fn write(tx: &DatabaseTransaction, market: u128, tally: BTreeMap<Key, (i64, i64)>) -> Result<(), Fault> {
    let (mut missing, mut times, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for ((day, what, currency), (count, amount)) in tally {
        let key: [Value; 4] = [rows::id(market), i64::from(day).into(), what.into(), currency.into()];
        missing.extend(key.clone());
        missing.extend([0i64.into(), 0i64.into()]);
        times.extend(key.clone());
        times.push(count.into());
        if amount != 0 {
            amounts.extend(key);
            amounts.push(amount.into());
        }
    }
    rows::insert_missing(tx, &TABLE, missing).await?;
    rows::add(tx, TABLE.name, KEY, "times", times).await?;
    rows::add(tx, TABLE.name, KEY, "amount", amounts).await?;
    Ok(())
}
