//! Keeps every market's index up with its log: each node for itself, by its own place.
//!
//! What an event says is not read; the product is looked up as it is now and put in anew. So an event may be taken twice, and an index
//! that is behind catches up without knowing how.

use super::schema::Item;
use super::shelf::{Change, Reached, Shelf};
use super::{Search, fault};
use crate::catalog::{self, PRODUCT, Shown, Which};
use crate::identity::COMPANY;
use crate::platform::database::Database;
use crate::platform::jobs;
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::platform::web::AppState;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tantivy::TantivyDocument;

/// Pause between two rounds.
const PAUSE: Duration = Duration::from_millis(150);
/// Pause after a round that failed.
const TROUBLE_PAUSE: Duration = Duration::from_secs(5);
/// Rounds without work after which the writers' memory is given back.
const IDLE_ROUNDS: u32 = 40;
/// Events looked at in one step.
const EVENTS: i64 = 1_000;
/// Products read at once.
const PAGE: u32 = 1_000;
/// Products between two commits while an index is built.
const BUILD_COMMIT: usize = 50_000;
/// Events that concern no product after which the place is kept all the same.
const KEEP_PLACE: i64 = 20_000;

/// Follows the markets until the node stops.
pub async fn tend(state: AppState, search: Search) {
    let mut idle = 0u32;
    while state.life.pause(PAUSE).await {
        if state.engine.db().storage().trouble().is_some() {
            continue;
        }
        match search.catch_up(state.engine.db()).await {
            Ok(0) => idle = idle.saturating_add(1),
            Ok(_) => idle = 0,
            Err(failed) => {
                tracing::warn!(error = %failed, "the search index could not be kept up: {failed}");
                // A disk that is full stays so for a while, and says nothing new seven times a second.
                if !state.life.pause(TROUBLE_PAUSE).await {
                    return;
                }
            }
        }
        if idle == IDLE_ROUNDS
            && let Err(failed) = search.rest().await
        {
            tracing::warn!(error = %failed, "the search index could not be put to rest: {failed}");
        }
    }
}

impl Search {
    /// Brings the indices of all markets up to their logs; answers how many products were put in.
    pub async fn catch_up(&self, db: &Database) -> Result<u64, Fault> {
        let _alone = self.inner.feeding.lock().await;
        let mut put = 0;
        for row in rows::query(db.read(), "SELECT market_id FROM market", Vec::new()).await? {
            put += self.catch_up_market(db, rows::get_id(&row, "market_id")?).await?;
        }
        Ok(put)
    }

    /// Brings one market's index up to its log.
    async fn catch_up_market(&self, db: &Database, market: u128) -> Result<u64, Fault> {
        let shelf = self.shelf(market).await?;
        let mut put = 0;
        loop {
            let Some(reached) = known(db, market, &shelf).await? else {
                shelf.doubt();
                return Ok(put + build(db, market, &shelf).await?);
            };
            let (next, more) = step(db, market, &shelf, reached).await?;
            put += next;
            if !more {
                return Ok(put);
            }
        }
    }

    /// Gives the memory of idle writers back.
    async fn rest(&self) -> Result<(), Fault> {
        for shelf in self.shelves() {
            tokio::task::spawn_blocking(move || shelf.rest()).await.map_err(fault)??;
        }
        Ok(())
    }
}

/// How far the index is, if that place is in this database's log.
async fn known(db: &Database, market: u128, shelf: &Shelf) -> Result<Option<Reached>, Fault> {
    let Some(reached) = shelf.reached() else { return Ok(None) };
    if reached.seq == 0 {
        return Ok(Some(reached));
    }
    let there = jobs::touched(db, market, reached.seq.saturating_sub(1), 1).await?;
    Ok(there.first().is_some_and(|e| e.seq == reached.seq && e.event == reached.event).then_some(reached))
}

/// Takes the next events; answers how many products were put in, and whether more events wait.
async fn step(db: &Database, market: u128, shelf: &Arc<Shelf>, reached: Reached) -> Result<(u64, bool), Fault> {
    let events = jobs::touched(db, market, reached.seq, EVENTS).await?;
    let Some(last) = events.last() else { return Ok((0, false)) };
    let next = Reached { seq: last.seq, event: last.event };
    let more = i64::try_from(events.len()).unwrap_or(i64::MAX) >= EVENTS;
    let subjects = |kind: &str| -> BTreeSet<u128> {
        events.iter().filter(|event| event.kind == kind).map(|event| event.subject).collect()
    };
    let (products, companies) = (subjects(PRODUCT), subjects(COMPANY));
    if products.is_empty() && companies.is_empty() {
        shelf.pass(next);
        if next.seq / KEEP_PLACE > reached.seq / KEEP_PLACE {
            write(shelf, Vec::new(), Some(Some(next))).await?;
        }
        return Ok((0, more));
    }
    let mut put = 0;
    for company in companies {
        let mut after = 0;
        loop {
            let page = catalog::listings(db, market, Which::From(company, after), PAGE).await?;
            let Some(end) = page.last() else { break };
            after = end.listing.product.id.0;
            put += page.len();
            write(shelf, changes(shelf, &page), None).await?;
        }
    }
    let products: Vec<u128> = products.into_iter().collect();
    let page = if products.is_empty() {
        Vec::new()
    } else {
        catalog::listings(db, market, Which::Of(&products), PAGE).await?
    };
    put += page.len();
    let commit = if put == 0 { None } else { Some(Some(next)) };
    if put == 0 {
        shelf.pass(next);
    }
    write(shelf, changes(shelf, &page), commit).await?;
    Ok((u64::try_from(put).unwrap_or(u64::MAX), more))
}

/// Builds the index from the products as they are. What changes meanwhile is behind the place it began at and is taken after.
async fn build(db: &Database, market: u128, shelf: &Arc<Shelf>) -> Result<u64, Fault> {
    let (seq, event) = jobs::head(db, market).await?;
    write(shelf, vec![Change::Clear], Some(None)).await?;
    let (mut after, mut put, mut unseen) = (0, 0u64, 0);
    loop {
        let page = catalog::listings(db, market, Which::Behind(after), PAGE).await?;
        let Some(end) = page.last() else { break };
        after = end.listing.product.id.0;
        put += u64::try_from(page.len()).unwrap_or(u64::MAX);
        unseen += page.len();
        let commit = (unseen >= BUILD_COMMIT).then_some(None);
        if commit.is_some() {
            unseen = 0;
        }
        write(shelf, added(shelf, &page), commit).await?;
    }
    write(shelf, Vec::new(), Some(Some(Reached { seq, event }))).await?;
    Ok(put)
}

fn document(shelf: &Shelf, shown: &Shown) -> TantivyDocument {
    shelf.fields.document(&Item {
        listing: &shown.listing,
        supplier: &shown.company.name,
        supplier_zh: shown.company.name_zh.as_deref(),
        country: &shown.company.country,
        verified: shown.company.verified_level,
    })
}

fn changes(shelf: &Shelf, page: &[Shown]) -> Vec<Change> {
    let change = |shown: &Shown| {
        let id = shown.listing.product.id.0;
        // Only published listings are found.
        if shown.listing.is_published() { Change::Put(id, document(shelf, shown)) } else { Change::Remove(id) }
    };
    page.iter().map(change).collect()
}

fn added(shelf: &Shelf, page: &[Shown]) -> Vec<Change> {
    page.iter().filter(|shown| shown.listing.is_published()).map(|shown| Change::Add(document(shelf, shown))).collect()
}

async fn write(shelf: &Arc<Shelf>, changes: Vec<Change>, commit: Option<Option<Reached>>) -> Result<(), Fault> {
    if changes.is_empty() && commit.is_none() {
        return Ok(());
    }
    let shelf = Arc::clone(shelf);
    tokio::task::spawn_blocking(move || shelf.write(changes, commit)).await.map_err(fault)?
}
