//! The job that holds new and changed products against saved searches.
//!
//! The products of a batch become an index of their own, in memory, as they are now and as they were before; each saved search is
//! asked of these two. So a batch costs one tiny search for each saved search that wants alerts, whatever the market's catalogue
//! holds, and nothing at all while nobody wants any. A product tells when it matches and did not before.

use super::{ALERTS, New, SEARCH, cause, write};
use crate::catalog::{Listing, PRODUCT, Shown};
use crate::identity::Company;
use crate::platform::engine::MarketState;
use crate::platform::jobs::{Entry, Follower};
use crate::platform::problem::Fault;
use crate::platform::rows;
use crate::search::{Sample, Saved, mark_of, watching};
use entrepot_domain::kernel::{MarketTime, Zone};
use entrepot_domain::market::Capability;
use entrepot_domain::notice::Kind;
use sea_orm::{DatabaseTransaction, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Holds products against saved searches.
pub struct Alerts;

/// A product that was listed or changed in a batch.
struct Changed {
    seq: i64,
    user: Option<u128>,
    at: MarketTime,
    recorded_at: i64,
    version: i64,
    before: Option<Listing>,
    after: Listing,
}

#[async_trait::async_trait]
impl Follower for Alerts {
    fn name(&self) -> &'static str {
        ALERTS
    }

    async fn take(
        &self,
        tx: &DatabaseTransaction,
        market: u128,
        state: &MarketState,
        entries: &[Entry],
    ) -> Result<(), Fault> {
        let wanted: Vec<&Entry> = entries.iter().filter(|entry| entry.step.starts_with("product.")).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let searches = watching(tx, market).await?;
        if searches.is_empty() {
            return Ok(());
        }
        let zone = Zone::parse(&state.time_zone).map_err(|e| Fault::new(e.to_string()))?;
        let changed = changed(tx, market, &wanted).await?;
        let companies = companies(tx, market, &changed).await?;
        let marks = marks(tx, market, state, &searches, &changed).await?;
        let news = tokio::task::spawn_blocking(move || matched(&searches, &changed, &companies, &marks, &zone));
        write(tx, market, news.await.map_err(|e| Fault::new(e.to_string()))??).await
    }
}

fn listing(row: &rows::Row) -> Result<Listing, Fault> {
    let bytes: Vec<u8> = row.try_get("", "bytes")?;
    let mut event: serde_json::Value = serde_json::from_slice(&bytes)?;
    Ok(serde_json::from_value(event["what"]["listing"].take())?)
}

/// Each product of the entries once: as it was before the first of them and as the last left it.
async fn changed(tx: &DatabaseTransaction, market: u128, entries: &[&Entry]) -> Result<BTreeMap<u128, Changed>, Fault> {
    let known: HashMap<u128, &Entry> = entries.iter().map(|entry| (entry.event, *entry)).collect();
    let keys: Vec<Value> = entries.iter().flat_map(|entry| [rows::id(market), rows::id(entry.event)]).collect();
    let columns = "id, subject_id, subject_version, actor_user, recorded_at, bytes";
    let mut changed: BTreeMap<u128, Changed> = BTreeMap::new();
    for row in rows::select_in(tx, columns, "event", &["market_id", "id"], keys, "").await? {
        let Some(entry) = known.get(&rows::get_id(&row, "id")?) else { continue };
        let new = Changed {
            seq: entry.seq,
            user: rows::get_id_opt(&row, "actor_user")?,
            at: entry.effective_at,
            recorded_at: row.try_get("", "recorded_at")?,
            version: row.try_get("", "subject_version")?,
            before: None,
            after: listing(&row)?,
        };
        let product = rows::get_id(&row, "subject_id")?;
        let merged = match changed.remove(&product) {
            Some(other) if other.seq > new.seq => Changed { version: other.version.min(new.version), ..other },
            Some(other) => Changed { version: other.version.min(new.version), ..new },
            None => new,
        };
        changed.insert(product, merged);
    }
    // The version before the first of a batch stands in the log, under the number below.
    let earlier = changed.iter().filter(|(_, change)| change.version > 1);
    let keys = earlier
        .flat_map(|(product, change)| {
            [rows::id(market), PRODUCT.into(), rows::id(*product), (change.version - 1).into()]
        })
        .collect();
    let key = ["market_id", "subject_kind", "subject_id", "subject_version"];
    for row in rows::select_in(tx, "subject_id, bytes", "event", &key, keys, "").await? {
        if let Some(change) = changed.get_mut(&rows::get_id(&row, "subject_id")?) {
            change.before = Some(listing(&row)?);
        }
    }
    Ok(changed)
}

async fn companies(
    tx: &DatabaseTransaction,
    market: u128,
    changed: &BTreeMap<u128, Changed>,
) -> Result<HashMap<u128, Company>, Fault> {
    let ids: BTreeSet<u128> = changed.values().map(|change| change.after.product.supplier.0).collect();
    let keys = ids.iter().flat_map(|id| [rows::id(market), rows::id(*id)]).collect();
    let mut companies = HashMap::new();
    for row in rows::select_in(tx, "id, state", "company", &["market_id", "id"], keys, "").await? {
        let state: String = row.try_get("", "state")?;
        companies.insert(rows::get_id(&row, "id")?, serde_json::from_str(&state)?);
    }
    Ok(companies)
}

/// How punctual the suppliers of what changed are, where a search asks for it and the market keeps data of orders.
async fn marks(
    tx: &DatabaseTransaction,
    market: u128,
    state: &MarketState,
    searches: &[Saved],
    changed: &BTreeMap<u128, Changed>,
) -> Result<HashMap<u128, u8>, Fault> {
    let mut marks = HashMap::new();
    let is_asked = searches.iter().any(|search| search.terms.punctual() > 0);
    if !is_asked || !state.capabilities.has(Capability::OrderData) {
        return Ok(marks);
    }
    for change in changed.values() {
        let supplier = change.after.product.supplier.0;
        if let std::collections::hash_map::Entry::Vacant(free) = marks.entry(supplier) {
            let record = crate::trade::record_of(tx, market, supplier, change.at).await?;
            free.insert(mark_of(record.on_time_share));
        }
    }
    Ok(marks)
}

/// One notice for each saved search and market day, with the number of products that match newly.
fn matched(
    searches: &[Saved],
    changed: &BTreeMap<u128, Changed>,
    companies: &HashMap<u128, Company>,
    marks: &HashMap<u128, u8>,
    zone: &Zone,
) -> Result<Vec<New>, Fault> {
    // What is not published is found by nobody, so it becomes news when it is.
    let shown = |listing: &Listing| {
        let company = companies.get(&listing.product.supplier.0).filter(|_| listing.is_published())?.clone();
        Some(Shown { listing: listing.clone(), company })
    };
    let now: Vec<Shown> = changed.values().filter_map(|change| shown(&change.after)).collect();
    let then: Vec<Shown> = changed.values().filter_map(|change| shown(change.before.as_ref()?)).collect();
    let (now, then) = (Sample::of(&now)?, Sample::of(&then)?);
    let mut news = Vec::new();
    for search in searches {
        let hits = now.matching(&search.terms)?;
        if hits.is_empty() {
            continue;
        }
        let known = then.matching(&search.terms)?;
        for product in hits.difference(&known) {
            let Some(change) = changed.get(product).filter(|change| change.user != Some(search.user)) else { continue };
            let mark = marks.get(&change.after.product.supplier.0).copied().unwrap_or_default();
            if mark < search.terms.punctual() {
                continue;
            }
            let day = zone.day_of(change.at).0;
            news.push(New {
                user: search.user,
                company: None,
                cause: cause(&[b"search", &search.id.to_be_bytes(), &day.to_be_bytes()]),
                kind: Kind::SearchMatched,
                open: (SEARCH, search.id),
                other: None,
                person: None,
                part: 0,
                count: 1,
                seq: change.seq,
                at: (change.at, day),
                told_at: change.recorded_at,
                due: None,
            });
        }
    }
    Ok(news)
}
