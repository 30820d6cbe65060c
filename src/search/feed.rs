//! Keeps every market's indices up with its log: each node for itself, each index by its own place.
//!
//! What an event says is not read; the product or supplier is looked up as it is now and put in anew. So an event may be taken twice,
//! and an index that is behind catches up without knowing how.

use super::schema::{Item, Stock};
use super::shelf::{Change, Reached, Shelf};
use super::{Search, card, fault};
use crate::catalog::{self, PRODUCT, Range, Shown, Which, Whose};
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
/// Suppliers read at once.
const SUPPLIERS: u32 = 200;
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
        let followed = search.catch_up(state.engine.db()).await;
        let looked = search.look_again(&state, false).await;
        match followed.and_then(|put| looked.map(|()| put)) {
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

    /// Brings one market's indices up to its log; answers how many products were put in.
    async fn catch_up_market(&self, db: &Database, market: u128) -> Result<u64, Fault> {
        let (mut put, mut followed) = (0, None);
        for stock in Stock::ALL {
            let shelf = self.shelf(market, stock).await?;
            // The one that followed first found the log's end there: nothing to ask for.
            if followed.is_some() && shelf.reached() == followed {
                continue;
            }
            put += follow(db, (market, stock), &shelf).await?;
            followed = shelf.reached();
        }
        Ok(put)
    }

    /// Gives the memory of idle writers back.
    async fn rest(&self) -> Result<(), Fault> {
        for shelf in self.shelves() {
            tokio::task::spawn_blocking(move || shelf.rest()).await.map_err(fault)??;
        }
        Ok(())
    }
}

/// Brings an index up to the log; answers how many products were put in.
async fn follow(db: &Database, (market, stock): (u128, Stock), shelf: &Arc<Shelf>) -> Result<u64, Fault> {
    let mut put = 0;
    loop {
        let Some(reached) = known(db, market, shelf).await? else {
            shelf.doubt();
            return match stock {
                Stock::Products => Ok(put + build(db, market, shelf).await?),
                Stock::Suppliers => build_suppliers(db, market, shelf).await.map(|()| put),
            };
        };
        let (next, more) = step(db, (market, stock), shelf, reached).await?;
        put += next;
        if !more {
            return Ok(put);
        }
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
async fn step(
    db: &Database,
    (market, stock): (u128, Stock),
    shelf: &Arc<Shelf>,
    reached: Reached,
) -> Result<(u64, bool), Fault> {
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
    let products: Vec<u128> = products.into_iter().collect();
    let put = match stock {
        Stock::Products => put_products(db, market, shelf, (&products, companies)).await?,
        Stock::Suppliers => put_suppliers(db, market, shelf, (&products, companies)).await?,
    };
    match put {
        Some(put) => write(shelf, Vec::new(), Some(Some(next))).await.map(|()| (put, more)),
        None => {
            shelf.pass(next);
            Ok((0, more))
        }
    }
}

/// Puts in the products that changed, and all of companies that did; nothing when there were none.
async fn put_products(
    db: &Database,
    market: u128,
    shelf: &Arc<Shelf>,
    (products, companies): (&[u128], BTreeSet<u128>),
) -> Result<Option<u64>, Fault> {
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
    if !products.is_empty() {
        let page = catalog::listings(db, market, Which::Of(products), PAGE).await?;
        put += page.len();
        write(shelf, changes(shelf, &page), None).await?;
    }
    Ok((put > 0).then(|| u64::try_from(put).unwrap_or(u64::MAX)))
}

/// Puts in the suppliers that changed, or that list what changed. They are no products, so none are counted.
async fn put_suppliers(
    db: &Database,
    market: u128,
    shelf: &Arc<Shelf>,
    (products, mut companies): (&[u128], BTreeSet<u128>),
) -> Result<Option<u64>, Fault> {
    companies.extend(catalog::sellers_of(db, market, products).await?);
    let companies: Vec<u128> = companies.into_iter().collect();
    for some in companies.chunks(usize::try_from(SUPPLIERS).unwrap_or(1)) {
        let found = catalog::ranges(db, market, Whose::Of(some)).await?;
        let change = |range: &Range| {
            let id = range.company.id.0;
            let put = |document| Change::Put(id, document);
            if range.company.sells { card::document(shelf, range).map(put) } else { Ok(Change::Remove(id)) }
        };
        write(shelf, found.iter().map(change).collect::<Result<_, Fault>>()?, None).await?;
    }
    Ok((!companies.is_empty()).then_some(0))
}

/// Builds the index of suppliers from the companies as they are. What changes meanwhile is taken after, as with products.
async fn build_suppliers(db: &Database, market: u128, shelf: &Arc<Shelf>) -> Result<(), Fault> {
    let (seq, event) = jobs::head(db, market).await?;
    write(shelf, vec![Change::Clear], Some(None)).await?;
    let mut after = 0;
    loop {
        let found = catalog::ranges(db, market, Whose::Behind(after, SUPPLIERS)).await?;
        let Some(end) = found.last() else { break };
        after = end.company.id.0;
        let sellers = found.iter().filter(|range| range.company.sells);
        let added = sellers.map(|range| card::document(shelf, range).map(Change::Add)).collect::<Result<_, Fault>>()?;
        write(shelf, added, None).await?;
    }
    write(shelf, Vec::new(), Some(Some(Reached { seq, event }))).await
}

/// Builds the index from the products as they are. What changes meanwhile is behind the place it began at and is taken after.
async fn build(db: &Database, market: u128, shelf: &Arc<Shelf>) -> Result<u64, Fault> {
    let (seq, event) = jobs::head(db, market).await?;
    write(shelf, vec![Change::Clear], Some(None)).await?;
    let (mut put, mut unseen) = (0u64, 0);
    let mut page = catalog::listings(db, market, Which::Behind(0), PAGE).await?;
    while let Some(end) = page.last() {
        let after = end.listing.product.id.0;
        put += u64::try_from(page.len()).unwrap_or(u64::MAX);
        unseen += page.len();
        let commit = (unseen >= BUILD_COMMIT).then_some(None);
        if commit.is_some() {
            unseen = 0;
        }
        // The next page is read while this one is put in.
        let next = catalog::listings(db, market, Which::Behind(after), PAGE);
        let (next, written) = futures_util::future::join(next, write_page(shelf, page, commit)).await;
        written?;
        page = next?;
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

/// Puts a page of new listings in; turning them into documents is work, and goes on beside the reading.
async fn write_page(shelf: &Arc<Shelf>, page: Vec<Shown>, commit: Option<Option<Reached>>) -> Result<(), Fault> {
    let shelf = Arc::clone(shelf);
    tokio::task::spawn_blocking(move || shelf.write(added(&shelf, &page), commit)).await.map_err(fault)?
}

async fn write(shelf: &Arc<Shelf>, changes: Vec<Change>, commit: Option<Option<Reached>>) -> Result<(), Fault> {
    if changes.is_empty() && commit.is_none() {
        return Ok(());
    }
    let shelf = Arc::clone(shelf);
    tokio::task::spawn_blocking(move || shelf.write(changes, commit)).await.map_err(fault)?
}
