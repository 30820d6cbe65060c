//! How the suppliers of a market stand at the moment: how punctual they were over the last 180 market days, and which are closed.
//!
//! Both change without a change of any product: a ship-by date passes, a shipment leaves the 180 days, an account is closed. Putting a
//! supplier's goods into the index anew for that would be thousands of documents for one number. So a node keeps one small map by
//! supplier and joins it while it goes over the hits: a mark per supplier, looked up once for each segment and look.
//!
//! The map is looked at again in the background, while anybody searches: at most every [`PAUSE`], and so that looking takes a small
//! part of the time. Records of suppliers whose orders moved are read again; when the market's day changes, all of them, since
//! dates pass at the end of days. The record is the one of the supplier's page, read by the same function.

use super::{Search, fault};
use crate::identity;
use crate::platform::database::Database;
use crate::platform::engine::MarketState;
use crate::platform::jobs;
use crate::platform::problem::Fault;
use crate::platform::web::AppState;
use crate::trade;
use entrepot_domain::kernel::{Bps, Day, Zone};
use entrepot_domain::market::Capability;
use entrepot_domain::trade::RECORD_DAYS;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Shortest time between two looks at the suppliers of a market.
const PAUSE: Duration = Duration::from_secs(5);
/// A look that took long is followed by so many times its length of rest.
const REST: u32 = 20;
/// A market that nobody searched for so long is not looked at again.
const FORGOTTEN: Duration = Duration::from_secs(3_600);

/// The shares that can be asked for, in whole per cent, with the marks they begin at.
pub const PUNCTUAL: [(&str, i64); 2] = [("90", 9_000), ("95", 9_500)];
/// Marks: no record, below the lowest share, and one for each of [`PUNCTUAL`].
pub const MARKS: usize = PUNCTUAL.len() + 2;
/// Beside the mark: the company is closed.
pub const CLOSED: u8 = 0x80;

/// How suppliers stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Day of the market it was read on; `None` where the market keeps no data of orders.
    day: Option<Day>,
    /// By supplier with orders: judged shipments, and the share in time where one is told.
    records: HashMap<u128, (i64, Option<Bps>)>,
    /// Companies that nobody acts for any more.
    closed: HashSet<u128>,
}

/// The mark of a share.
pub fn mark_of(share: Option<Bps>) -> u8 {
    let Some(share) = share else { return 0 };
    let reached = PUNCTUAL.iter().filter(|(_, least)| share.0 >= *least).count();
    u8::try_from(reached).unwrap_or_default().saturating_add(1)
}

impl Standing {
    /// What is known of the suppliers, for tests and for what is not read from a database.
    #[cfg(test)]
    pub fn of(records: HashMap<u128, (i64, Option<Bps>)>, closed: HashSet<u128>) -> Self {
        Self { day: Some(Day(0)), records, closed }
    }

    /// A supplier's mark: which share it reaches, and whether it is closed.
    pub fn mark(&self, supplier: u128) -> u8 {
        let closed = if self.closed.contains(&supplier) { CLOSED } else { 0 };
        mark_of(self.record(supplier).1) | closed
    }

    /// A supplier's judged shipments, and the share in time where one is told.
    pub fn record(&self, supplier: u128) -> (i64, Option<Bps>) {
        self.records.get(&supplier).copied().unwrap_or_default()
    }

    /// Whether the market keeps data of orders.
    pub fn has_records(&self) -> bool {
        self.day.is_some()
    }
}

/// The market as it is asked about.
struct Today<'a> {
    market: &'a MarketState,
    /// Real time, microseconds.
    real: i64,
}

/// A look at the suppliers, and how far in the log their orders are in it.
type Look = (Standing, i64);

/// Looks at the suppliers again, from what the last look found.
async fn look(db: &Database, market: u128, today: &Today<'_>, (last, seen): (&Standing, i64)) -> Result<Look, Fault> {
    let closed = identity::closed_companies(db, market).await?;
    if !today.market.capabilities.has(Capability::OrderData) {
        return Ok((Standing { closed, ..Standing::default() }, 0));
    }
    let zone = Zone::parse(&today.market.time_zone).map_err(fault)?;
    let now = today.market.now(today.real);
    let day = zone.day_of(now);
    // The place in the log comes before the orders: what moves meanwhile is read once more.
    let (seq, _) = jobs::head(db, market).await?;
    let (mut records, sellers) = if last.day == Some(day) && seen <= seq {
        (last.records.clone(), trade::sellers_moved(db, market, seen, seq).await?)
    } else {
        (HashMap::new(), trade::sellers_since(db, market, now.plus_days(-RECORD_DAYS)).await?)
    };
    for seller in sellers {
        let record = trade::record_of(db.read(), market, seller, now).await?;
        records.insert(seller, (record.shipments, record.on_time_share));
    }
    Ok((Standing { day: Some(day), records, closed }, seq))
}

/// What is known of one market's suppliers.
struct Known {
    standing: Arc<Standing>,
    /// How far in the log orders were looked at.
    seq: i64,
    /// When the next look is due.
    next: Instant,
    /// When somebody last searched.
    asked: Instant,
}

/// The suppliers of all markets of this node.
#[derive(Default)]
pub struct Standings {
    known: Mutex<HashMap<u128, Known>>,
    /// Held while suppliers are looked at: a second look at once would do the same.
    looking: tokio::sync::Mutex<()>,
}

impl Standings {
    /// What is known of a market, how far in the log, and whether another look is due.
    fn known(&self, market: u128, now: Instant) -> Option<(Arc<Standing>, i64, bool)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let one = known.get(&market)?;
        Some((Arc::clone(&one.standing), one.seq, one.next <= now))
    }

    fn asked(&self, market: u128, now: Instant) -> Option<Arc<Standing>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let one = known.get_mut(&market)?;
        one.asked = now;
        Some(Arc::clone(&one.standing))
    }

    fn keep(&self, market: u128, (standing, seq): Look, began: Instant) -> Arc<Standing> {
        let took = began.elapsed();
        let next = began + took + PAUSE.max(took.saturating_mul(REST));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = known.get(&market).map_or(began, |one| one.asked);
        // What is the same stays the same thing, so that segments keep their marks.
        let same = known.get(&market).map(|one| Arc::clone(&one.standing)).filter(|known| **known == standing);
        let standing = same.unwrap_or_else(|| Arc::new(standing));
        known.insert(market, Known { standing: Arc::clone(&standing), seq, next, asked });
        standing
    }

    /// Markets that were searched lately.
    fn markets(&self, now: Instant) -> Vec<u128> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, one| now.saturating_duration_since(one.asked) < FORGOTTEN);
        known.keys().copied().collect()
    }
}

impl Search {
    /// How a market's suppliers stand. The first to ask waits for it; after that it is at most some seconds old while anybody searches.
    pub async fn standing(&self, state: &AppState, id: u128, market: &MarketState) -> Result<Arc<Standing>, Fault> {
        let keeps = market.capabilities.has(Capability::OrderData);
        let fits = |known: Arc<Standing>| Some(known).filter(|known| known.has_records() == keeps);
        if let Some(known) = self.inner.standings.asked(id, Instant::now()).and_then(fits) {
            return Ok(known);
        }
        let _alone = self.inner.standings.looking.lock().await;
        if let Some(known) = self.inner.standings.asked(id, Instant::now()).and_then(fits) {
            return Ok(known);
        }
        let (began, today) = (Instant::now(), Today { market, real: state.engine.clock().now() });
        let found = look(state.engine.db(), id, &today, (&Standing::default(), 0)).await?;
        Ok(self.inner.standings.keep(id, found, began))
    }

    /// Looks again at the suppliers of markets whose time has come, or of all that are known with `at_once`.
    pub async fn look_again(&self, state: &AppState, at_once: bool) -> Result<(), Fault> {
        let standings = &self.inner.standings;
        for id in standings.markets(Instant::now()) {
            let _alone = standings.looking.lock().await;
            let Some((last, seq, is_due)) = standings.known(id, Instant::now()) else { continue };
            if !is_due && !at_once {
                continue;
            }
            let Ok(market) = state.engine.market(id).await else { continue };
            let (began, today) = (Instant::now(), Today { market: &market, real: state.engine.clock().now() });
            let found = look(state.engine.db(), id, &today, (&last, seq)).await?;
            standings.keep(id, found, began);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_says_which_share_is_reached_and_nothing_where_none_is_told() {
        for (share, mark) in
            [(None, 0), (Some(0), 1), (Some(8_999), 1), (Some(9_000), 2), (Some(9_499), 2), (Some(9_500), 3)]
        {
            assert_eq!(mark_of(share.map(Bps)), mark, "{share:?}");
        }
        let standing = Standing::of(HashMap::from([(7, (12, Some(Bps(10_000))))]), HashSet::from([8]));
        assert_eq!([standing.mark(7), standing.mark(8), standing.mark(9)], [3, CLOSED, 0]);
    }
}
